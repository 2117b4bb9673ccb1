"""Scenarios written down again: as a commented TOML file to edit, and as plain data for a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from sim.declare import Parameter
from sim.parameters import LEVERS, REGISTRY
from sim.problems import Problems
from sim.scenarios.events import Event
from sim.scenarios.files import names
from sim.scenarios.read import check_plan, read_table
from sim.scenarios.scenario import REST, FurtherCoreTeam, Gate, Initiative, Scenario, Zone

_EXTRA = ("name", "all_levers")


def to_dict(scenario: Scenario) -> dict[str, Any]:
    """The scenario as JSON-safe data that needs no file to be read back: values as a user writes them.

    'levers' holds what was set, 'all_levers' every lever's value, so that a default that moves later changes no replay.
    """
    everything = {n: LEVERS[n].show(v) for n, v in scenario.lever_values()._asdict().items()}
    return {"name": scenario.name, **_table(scenario), "all_levers": everything}


def from_dict(data: Mapping[str, Any], where: str = "manifest") -> Scenario:
    """The scenario that `to_dict` wrote; levers whose default has moved since keep the value they had.

    Raises:
        ScenarioError: what is wrong with the data.
    """
    problems = Problems(where)
    table = {k: v for k, v in data.items() if k not in _EXTRA}
    table["levers"] = dict(problems.table("levers", table.get("levers", {})))
    everything = problems.table("all_levers", data.get("all_levers", {}))
    own = problems.name("name", data.get("name", ""))
    problems.stop()
    for name, shown in everything.items():
        if name not in LEVERS or LEVERS[name].shown_default != shown:
            table["levers"].setdefault(name, shown)
    layer = read_table(table, where)
    layer.pop("standalone", None)
    scenario = Scenario(**{"name": own, **layer})
    check_plan(scenario, where)
    return scenario


def copy_for_editing(scenario: Scenario, name: str) -> str:
    """The text of a new file `<name>.toml`: all of `scenario` written out.

    Its base, which it is compared with, is `scenario` where that is a shipped one, else what `scenario` compares with.
    """
    base = scenario.name if scenario.name in names() else scenario.base
    return dump(replace(scenario, name=name, base=base, title=f"{name}, made from {scenario.name}"))


def dump(scenario: Scenario) -> str:
    """TOML that reads back to an equal scenario once saved as `<scenario.name>.toml`.

    Each lever set is written under its words, unit, range and note; each lever not set is a comment with its default.
    """
    table = _table(scenario)
    lines = ["# A scenario. See docs/scenarios.md for every key. Lines that begin with # are comments.", ""]
    lines += [*_heads(scenario, table), *_area_lines(scenario), *_lever_lines(scenario), *_parameter_lines(scenario)]
    for key in ("zones", "core_teams", "events", "initiatives"):
        note = scenario.notes.get(key, "") if key not in LEVERS else ""
        lines += ["", *_comment(note)] if note else []
        for row in table.get(key, []):
            lines += ["", f"[[{key}]]", *(f"{k} = {_toml(v)}" for k, v in row.items())]
    lines += _budget_lines(scenario)
    if scenario.notes:
        lines += ["", "[notes]", *(f"{k} = {_toml(v)}" for k, v in scenario.notes.items())]
    return "\n".join(lines) + "\n"


def _heads(scenario: Scenario, table: Mapping[str, Any]) -> Iterator[str]:
    for key in ("title", "description", "base", "standalone", "months", "scope"):
        if key not in table:
            continue
        if key == "standalone":
            yield "# Nothing is taken over from the base: it is what `zones describe` compares with."
        yield from _comment(scenario.notes.get(key, ""))
        yield f"{key} = {_toml(table[key])}"


def _area_lines(scenario: Scenario) -> list[str]:
    if not scenario.area:
        return []
    lines = ["", *_comment("The generated place, used when no --area is given."), "[area]"]
    return (
        lines
        + _comment(scenario.notes.get("area", ""))
        + [f"{_toml_key(k)} = {_toml(v)}" for k, v in scenario.area.items()]
    )


def _lever_lines(scenario: Scenario) -> list[str]:
    lines = ["", "[levers]"]
    for name, value in scenario.levers.items():
        lines += _set_line(scenario, LEVERS[name], value)
    unset = [p for n, p in LEVERS.items() if n not in scenario.levers]
    lines += ["", *_comment("Not set; remove the # to set one.")] if unset else []
    for lever in unset:
        lines += [*_about(lever), f"# {lever.name} = {_toml(lever.shown_default)}"]
    return lines


def _parameter_lines(scenario: Scenario) -> list[str]:
    lines = ["", "[parameters]"] if scenario.parameters else []
    for name, value in scenario.parameters.items():
        lines += _set_line(scenario, REGISTRY[name], value)
    return lines


def _budget_lines(scenario: Scenario) -> list[str]:
    table = scenario.budget.table()
    if not table:
        return []
    agencies = table.pop("agency", {})
    lines = [
        "",
        *_comment("Limits by year: GBP cash, hours of staff time; the last holds for all later years."),
        "[budget]",
    ]
    lines += [f"{k} = {_toml(v)}" for k, v in table.items()]
    for name, row in agencies.items():
        lines += ["", f"[budget.agency.{_toml_key(name)}]", *(f"{k} = {_toml(v)}" for k, v in row.items())]
    return lines


def _set_line(scenario: Scenario, parameter: Parameter, value: float) -> list[str]:
    """A lever or uncertainty that the scenario sets, under its words, unit, range and note."""
    note = _comment(scenario.notes.get(parameter.name, ""))
    return [*_about(parameter), *note, f"{parameter.name} = {_toml(parameter.show(value))}"]


def _table(scenario: Scenario) -> dict[str, Any]:
    """The scenario in the shape of its TOML file, values as a user writes them."""
    table: dict[str, Any] = {"title": scenario.title, "description": scenario.description}
    if scenario.base:
        table |= {"base": scenario.base, "standalone": True}
    table |= {"months": scenario.months, "scope": list(scenario.scope), "area": dict(scenario.area)}
    table["levers"] = {n: LEVERS[n].show(v) for n, v in scenario.levers.items()}
    table["parameters"] = {n: REGISTRY[n].show(v) for n, v in scenario.parameters.items()}
    table["zones"] = [_zone(zone) for zone in scenario.zones]
    if scenario.core_teams:
        table["core_teams"] = [_further(team) for team in scenario.core_teams]
    table["events"] = [_event(event) for event in scenario.events]
    if scenario.initiatives:
        table["initiatives"] = [_given(one) for one in scenario.initiatives]
    if scenario.budget.table():
        table["budget"] = scenario.budget.table()
    table["notes"] = dict(scenario.notes)
    return table


def zone_row(zone: Zone) -> dict[str, Any]:
    """A zone as a plan's file holds it, its gate with every value, its note left out."""
    row: dict[str, Any] = {"name": zone.name}
    if zone.sites:
        row["sites"] = list(zone.sites)
    elif zone.share:
        row["share"] = zone.share
    else:
        key, size = ("count", zone.count) if zone.count else ("choose", zone.choose)
        row[key] = "rest" if size == REST else size
    if zone.types:
        row["types"] = list(zone.types)
    if zone.opens is not None:
        row["opens"] = zone.opens
    if zone.gate is not None:
        row["gate"] = _given(zone.gate)
    if zone.latest is not None:
        row["latest"] = zone.latest
    if zone.resources != 1.0:
        row["resources"] = zone.resources
    row |= {name: getattr(zone, name) for name in zone.own_levers()}
    return row


def _zone(zone: Zone) -> dict[str, Any]:
    row = zone_row(zone)
    if zone.gate == Gate():
        row["gate"] = True
    return {**row, "note": zone.note} if zone.note else row


def _given(row: Gate | Initiative) -> dict[str, Any]:
    return {key: value for key, value in asdict(row).items() if value is not None and value != ""}


def _further(team: FurtherCoreTeam) -> dict[str, Any]:
    row = {key: value for key, value in asdict(team).items() if value is not None and value not in ("", ())}
    return row | ({"zones": list(team.zones)} if team.zones else {})


def _event(event: Event) -> dict[str, Any]:
    row: dict[str, Any] = {"name": event.name}
    row |= {"month": event.month} if event.condition is None else {"when": asdict(event.condition)}
    for effect in event.effects:
        row |= effect.row()
    return {**row, "note": event.note} if event.note else row


def _about(parameter: Parameter) -> list[str]:
    return _comment(f"{parameter.about.words}: {parameter.allowed()}".rstrip())


def _comment(text: str) -> list[str]:
    words = "".join(c if c.isprintable() else " " for c in text).split()
    lines, line = [], "#"
    for word in words:
        if len(line) + len(word) > 110 and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line] if words else []


def _toml(value: Any) -> str:
    """One value on one line."""
    import tomlkit

    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return str(tomlkit.item(value).as_string())


def _toml_key(key: str) -> str:
    import tomlkit

    return str(tomlkit.key(key).as_string())
