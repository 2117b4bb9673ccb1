"""One scenario file's own words, read and checked: a TOML table in, a `Layer` of ready values out.

Nothing is inherited here (`files.py` does that); every problem of the file is collected before one error is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sim.declare import Parameter
from sim.errors import ScenarioError
from sim.organisation.codes import AGENCIES, LEADER_LEVELS, SITE_TYPES
from sim.organisation.generate.synthetic import read_settings
from sim.parameters import LEVERS, REGISTRY, UNCERTAINTIES
from sim.problems import LONGEST_PATH, Problems
from sim.scenarios.budget import read_budget
from sim.scenarios.events import (
    BY_ZONE,
    KINDS,
    MEASURES,
    Condition,
    Effect,
    Event,
    LeadersLeave,
    LeversChange,
    SupportWithdrawn,
)
from sim.scenarios.scenario import LEAST_SHARE, REST, FurtherCoreTeam, Gate, Initiative, Scenario, Zone

ZONE_KEYS = ("name", "sites", "count", "choose", "share", "types", "opens", "gate", "latest", "resources", *BY_ZONE,
             "note")  # fmt: skip
CORE_TEAM_KEYS = ("founded", "size", "agencies", "zones", "note")
GATE_KEYS = ("certified", "capacity", "of", "outcome")
EVENT_KEYS = ("name", "month", "when", *(key for kind in KINDS for key in kind.KEYS), "note")
INITIATIVE_KEYS = ("name", "load", "agency", "overlap", "begins", "ends", "note")
WHEN_KEYS = ("measure", "at_least", "zone")
NOTE_KEYS = ("months", "scope", "area", "zones", "events", "initiatives", *REGISTRY)
RESERVED = ("outside", "all")

Layer = dict[str, Any]
T = TypeVar("T")


def read_table(table: Mapping[str, Any], where: str) -> Layer:
    """Read and check one scenario table: only the keys that it gives, as the values of `Scenario`'s fields.

    Args:
        table: what the TOML file (or a manifest) holds.
        where: the file's name, which begins every message.

    Returns:
        Fields of `Scenario` that the table gives, plus 'standalone'.

    Raises:
        ScenarioError: everything that is wrong, with its address; UnknownName if one unknown name is all.
    """
    problems = Problems(where)
    problems.known("", "key", table, READERS)
    layer = {key: read(problems, key, table[key]) for key, read in READERS.items() if key in table}
    problems.stop()
    return layer


def check_plan(scenario: Scenario, where: str) -> None:
    """Check what only the whole plan shows: names, gates and conditions that refer to zones.

    Raises:
        ScenarioError: a zone name twice or reserved, a gate before any zone, a name that no zone has.
    """
    problems = Problems(where)
    problems.name("its name", scenario.name)
    problems.attempt(lambda: read_settings(scenario.area, problems.at("area")))
    seen: list[str] = []
    for i, zone in enumerate(scenario.zones, start=1):
        if zone.name in RESERVED or not zone.name.strip():
            problems.refuse(
                f"zones[{i}].name", f"a name of its own, not empty and not {' or '.join(RESERVED)}", zone.name
            )
        elif zone.name in seen:
            problems.refuse(f"zones[{i}].name", "a name that no other zone has", zone.name)
        if zone.gate is not None and not seen:
            problems.add(
                ScenarioError(
                    f"{problems.at(f'zones[{i}].gate')}: the first zone has no earlier zone to wait for; "
                    "give it 'opens' with a month."
                )
            )
        elif zone.gate is not None and zone.gate.of:
            problems.known(f"zones[{i}].gate.of", "earlier zone", [zone.gate.of], seen)
        seen.append(zone.name)
    for i, event in enumerate(scenario.events, start=1):
        if event.condition is not None and event.condition.zone:
            problems.known(f"events[{i}].when.zone", "zone", [event.condition.zone], seen)
        change = event.effect(LeversChange)
        if change is not None and change.zone:
            problems.known(f"events[{i}].zone", "zone", [change.zone], seen)
    for i, team in enumerate(scenario.core_teams, start=1):
        problems.known(f"core_teams[{i}].zones", "zone", team.zones, seen)
    problems.stop()


def read_value(where: str, parameter: Parameter, value: object) -> float:
    """A lever's or uncertainty's stored value; 'true' and 'false' are on and off."""
    if parameter.about.choices == ("off", "on") and isinstance(value, str):
        value = {"true": "on", "false": "off"}.get(value.lower(), value)
    return parameter.read(where, value)


def _values(problems: Problems, group: str, value: object, allowed: dict[str, Parameter]) -> dict[str, float]:
    result = {}
    for name, given in problems.table(group, value).items():
        if name in allowed:
            stored = problems.attempt(lambda n=name, g=given: read_value(problems.at(group), allowed[n], g))  # type: ignore[misc]
            result[name] = 0.0 if stored is None else stored
        elif name in REGISTRY:
            other = "levers" if REGISTRY[name].is_lever else "parameters"
            problems.add(ScenarioError(f"{problems.at(group)}: '{name}' belongs in [{other}]; move it there."))
        else:
            problems.known(group, group.removesuffix("s"), [name], allowed)
    return result


def _notes(problems: Problems, key: str, value: object) -> dict[str, str]:
    table = problems.table(key, value)
    problems.known(key, "key", table, NOTE_KEYS)
    return {name: problems.text(f"{key}.{name}", note) for name, note in table.items()}


def _rows(
    problems: Problems, key: str, value: object, read: Callable[[Problems, str, dict[str, Any]], T]
) -> tuple[T, ...]:
    if not isinstance(value, list):
        problems.refuse(key, f"a list of tables, each headed [[{key}]]", value)
        return ()
    rows = [(f"{key}[{i}]", problems.table(f"{key}[{i}]", row)) for i, row in enumerate(value, start=1)]
    return tuple(read(problems, address, row) for address, row in rows)


def _exactly_one(problems: Problems, address: str, row: dict[str, Any], keys: tuple[str, ...]) -> None:
    given = [k for k in keys if k in row]
    if len(given) != 1:
        got = " and ".join(f"'{k}'" for k in given) or "none of them"
        wanted = ", ".join(f"'{k}'" for k in keys)
        problems.add(ScenarioError(f"{problems.at(address)} needs exactly one of {wanted}; got {got}."))


def _how_many(problems: Problems, address: str, value: object) -> int:
    if value == "rest":
        return REST
    if isinstance(value, str):
        problems.refuse(address, 'a whole number of sites or "rest"', value)
        return 1
    return problems.whole(address, value, 1, 100_000)


def _gate(problems: Problems, address: str, value: object) -> Gate:
    if value is True:
        return Gate()
    if not isinstance(value, dict):
        problems.refuse(address, f"true (the default gate) or a table of {', '.join(GATE_KEYS)}", value)
        return Gate()
    problems.known(address, "key", value, GATE_KEYS)
    return Gate(
        certified=problems.number(f"{address}.certified", value.get("certified", Gate.certified), 0, 1),
        capacity=problems.number(f"{address}.capacity", value.get("capacity", Gate.capacity), 0, 1),
        of=problems.name(f"{address}.of", value.get("of", "")),
        outcome=problems.number(f"{address}.outcome", value["outcome"], 0, 1) if "outcome" in value else None,
    )


def _zone(problems: Problems, address: str, row: dict[str, Any]) -> Zone:
    problems.known(address, "key", row, ZONE_KEYS)
    if "name" not in row:
        problems.add(ScenarioError(f"{problems.at(address)} needs a 'name'."))
    _exactly_one(problems, address, row, ("sites", "count", "choose", "share"))
    _exactly_one(problems, address, row, ("opens", "gate"))
    if "latest" in row and "gate" not in row:
        problems.add(
            ScenarioError(f"{problems.at(address)}.latest goes with a 'gate'; 'opens' fixes the month already.")
        )
    if "types" in row and "sites" in row:
        problems.add(
            ScenarioError(f"{problems.at(address)}.types goes with 'count', 'choose' or 'share'; 'sites' names them.")
        )
    if "sites" in row and not row["sites"]:
        problems.refuse(f"{address}.sites", "one or more site ids", row["sites"])
    return Zone(
        name=problems.name(f"{address}.name", row.get("name", "?")),
        sites=problems.texts(f"{address}.sites", row["sites"]) if "sites" in row else (),
        count=_how_many(problems, f"{address}.count", row["count"]) if "count" in row else 0,
        choose=_how_many(problems, f"{address}.choose", row["choose"]) if "choose" in row else 0,
        share=problems.number(f"{address}.share", row["share"], LEAST_SHARE, 1) if "share" in row else 0.0,
        types=problems.texts(f"{address}.types", row.get("types", []), SITE_TYPES),
        opens=problems.whole(f"{address}.opens", row["opens"], 0) if "opens" in row else None,
        gate=_gate(problems, f"{address}.gate", row["gate"]) if "gate" in row else None,
        latest=problems.whole(f"{address}.latest", row["latest"], 0) if "latest" in row else None,
        resources=problems.number(f"{address}.resources", row.get("resources", 1.0), 0, 4),
        coaching=_own(problems, f"{address}.coaching", row),
        external_level=_own(problems, f"{address}.external_level", row),
        local_team_size=_whole_or_none(problems, address, "local_team_size", row, "local_team_size"),
        note=problems.text(f"{address}.note", row.get("note", "")),
    )


def _own(problems: Problems, address: str, row: dict[str, Any]) -> float | None:
    """A zone's own value of a lever, None where it gives none."""
    name = address.rpartition(".")[2]
    about = LEVERS[name].about
    return problems.number(address, row[name], about.low, about.high) if name in row else None


def _whole_or_none(problems: Problems, address: str, key: str, row: dict[str, Any], lever: str) -> int | None:
    """A whole number within the range of a lever, None where it is not given."""
    about = LEVERS[lever].about
    return problems.whole(f"{address}.{key}", row[key], int(about.low), int(about.high)) if key in row else None


def _core_team(problems: Problems, address: str, row: dict[str, Any]) -> FurtherCoreTeam:
    problems.known(address, "key", row, CORE_TEAM_KEYS)
    if "founded" not in row:
        problems.add(
            ScenarioError(
                f"{problems.at(address)} needs 'founded', the month in which it is founded; the lever core_teams says "
                "how many there are from the start."
            )
        )
    if "zones" in row and row["zones"] == []:
        problems.refuse(f"{address}.zones", "one or more names of zones", row["zones"])
    return FurtherCoreTeam(
        founded=problems.whole(f"{address}.founded", row.get("founded", 1), 1),
        size=_whole_or_none(problems, address, "size", row, "core_team_size"),
        agencies=_whole_or_none(problems, address, "agencies", row, "core_team_agencies"),
        zones=problems.texts(f"{address}.zones", row["zones"]) if "zones" in row else (),
        note=problems.text(f"{address}.note", row.get("note", "")),
    )


def _when(problems: Problems, address: str, value: object) -> Condition:
    row = problems.table(address, value)
    problems.known(address, "key", row, WHEN_KEYS)
    problems_before = len(problems.found)
    for key in ("measure", "at_least"):
        if key not in row:
            problems.add(ScenarioError(f"{problems.at(address)} needs '{key}'."))
    if len(problems.found) > problems_before:
        return Condition("full_share", 1.0)
    return Condition(
        measure=problems.one_of(f"{address}.measure", row["measure"], tuple(MEASURES)),
        at_least=problems.number(f"{address}.at_least", row["at_least"], 0, 1),
        zone=problems.name(f"{address}.zone", row.get("zone", "")),
    )


def _event(problems: Problems, address: str, row: dict[str, Any]) -> Event:
    problems.known(address, "key", row, EVENT_KEYS)
    if "name" not in row:
        problems.add(ScenarioError(f"{problems.at(address)} needs a 'name': what happens, in words."))
    _exactly_one(problems, address, row, ("month", "when"))
    if not row.get("set") and not row.get("leaves") and row.get("withdraw_support") is not True:
        problems.add(
            ScenarioError(
                f"{problems.at(address)} does nothing; give it 'set' (levers), 'leaves' (a level of leaders) "
                "or 'withdraw_support = true'."
            )
        )
    if "zone" in row and "set" not in row:
        problems.add(ScenarioError(f"{problems.at(address)}.zone says where levers change; it goes with 'set'."))
    if "agency" in row and "leaves" not in row:
        problems.add(ScenarioError(f"{problems.at(address)}.agency says whose leaders leave; it goes with 'leaves'."))
    effects = (read(problems, address, row) for kind, read in EFFECTS.items() if kind.KEYS[0] in row)
    when: int | Condition = problems.whole(f"{address}.month", row["month"], 0) if "month" in row else 0
    return Event(
        name=problems.name(f"{address}.name", row.get("name", "?")),
        when=_when(problems, f"{address}.when", row["when"]) if "when" in row else when,
        effects=tuple(effect for effect in effects if effect is not None),
        note=problems.text(f"{address}.note", row.get("note", "")),
    )


def _levers_change(problems: Problems, address: str, row: dict[str, Any]) -> Effect | None:
    changed = _values(problems, f"{address}.set", row["set"], LEVERS)
    for name in [n for n in changed if LEVERS[n].about.structural]:
        free = ", ".join(n for n, p in LEVERS.items() if not p.about.structural)
        problems.add(
            ScenarioError(
                f"{problems.at(address)}.set: {name} shapes teams or the plan and cannot change in mid-run; "
                f"an event may set {free}."
            )
        )
    zone = problems.name(f"{address}.zone", row.get("zone", ""))
    for name in [n for n in changed if zone and n not in BY_ZONE]:
        problems.add(
            ScenarioError(
                f"{problems.at(address)}.set: {name} cannot differ by zone; in one zone an event may set "
                f"{', '.join(BY_ZONE)}. Remove 'zone', or write two events."
            )
        )
    return LeversChange(changed, zone) if changed else None


def _leaders_leave(problems: Problems, address: str, row: dict[str, Any]) -> Effect | None:
    level = problems.one_of(f"{address}.leaves", row["leaves"], LEADER_LEVELS)
    agency = problems.one_of(f"{address}.agency", row["agency"], AGENCIES) if "agency" in row else ""
    return LeadersLeave(level, agency)


def _support_withdrawn(problems: Problems, address: str, row: dict[str, Any]) -> Effect | None:
    withdrawn = problems.flag(f"{address}.withdraw_support", row["withdraw_support"])
    return SupportWithdrawn() if withdrawn else None


# How each kind of effect is read where its first key is given.
EFFECTS: Mapping[type[Effect], Callable[[Problems, str, dict[str, Any]], Effect | None]] = {
    LeversChange: _levers_change,
    LeadersLeave: _leaders_leave,
    SupportWithdrawn: _support_withdrawn,
}


def _initiative(problems: Problems, address: str, row: dict[str, Any]) -> Initiative:
    problems.known(address, "key", row, INITIATIVE_KEYS)
    for key in ("name", "load"):
        if key not in row:
            problems.add(ScenarioError(f"{problems.at(address)} needs a '{key}'."))
    begins = problems.whole(f"{address}.begins", row.get("begins", 0), 0)
    return Initiative(
        name=problems.name(f"{address}.name", row.get("name", "?")),
        load=problems.number(f"{address}.load", row.get("load", 0.0), 0, 1),
        agency=problems.one_of(f"{address}.agency", row["agency"], AGENCIES) if "agency" in row else "",
        overlap=problems.number(f"{address}.overlap", row.get("overlap", 0.0), 0, 1),
        begins=begins,
        ends=problems.whole(f"{address}.ends", row["ends"], begins + 1) if "ends" in row else None,
        note=problems.text(f"{address}.note", row.get("note", "")),
    )


def _area(problems: Problems, key: str, value: object) -> dict[str, Any]:
    table = problems.table(key, value)
    problems.attempt(lambda: read_settings(table, problems.at(key)))
    return dict(table)


def _scope(problems: Problems, key: str, value: object) -> tuple[str, ...]:
    if value == []:
        problems.refuse(key, "one or more site types", value)
    return problems.texts(key, value, SITE_TYPES)


# The keys of a scenario's file, in the order in which its problems are listed.
READERS: Mapping[str, Callable[[Problems, str, object], Any]] = {
    "title": Problems.text,
    "description": Problems.text,
    "base": lambda problems, key, value: problems.name(key, value, LONGEST_PATH),
    "standalone": Problems.flag,
    "months": lambda problems, key, value: problems.whole(key, value, 1),
    "scope": _scope,
    "area": _area,
    "levers": lambda problems, key, value: _values(problems, key, value, LEVERS),
    "parameters": lambda problems, key, value: _values(problems, key, value, UNCERTAINTIES),
    "zones": lambda problems, key, value: _rows(problems, key, value, _zone),
    "core_teams": lambda problems, key, value: _rows(problems, key, value, _core_team),
    "events": lambda problems, key, value: _rows(problems, key, value, _event),
    "initiatives": lambda problems, key, value: _rows(problems, key, value, _initiative),
    "budget": read_budget,
    "notes": _notes,
}
