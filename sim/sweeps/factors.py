"""What a sweep can vary, and how one value of it is set in a scenario or an area.

A factor is a lever, an uncertainty, or one of:

- `scenario`: a whole plan (a shipped name or a file) instead of the design's first scenario;
- `area`: area files, or settings of a generated area;
- `area.KEY`: one setting of the generated area (`area.sites`; `area.organisation_seed`: another place and network);
- `zone.WHICH.FIELD`: `choose`, `count`, `share`, `opens`, `latest`, `resources`, `coaching`, `external_level`,
  `local_team_size`, or the gate's `certified` or `capacity`, of a zone, WHICH its number from 1 or its name;
- `zones.gap`: months between the openings of successive zones;
- `event.WHICH.month`: when a dated event happens;
- `months`: the horizon.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, UnknownName, hidden, quoted
from sim.organisation.generate.synthetic import SETTING_LIMITS, WHOLE_SETTINGS, Settings, read_settings
from sim.parameters import LEVERS, REGISTRY
from sim.problems import LAST_MONTH, LONGEST_PATH
from sim.scenarios.events import BY_ZONE, Event
from sim.scenarios.scenario import LEAST_SHARE, Gate, Scenario, Zone
from sim.strict import from_json, number_in

SCENARIO, AREA, MONTHS, GAP = "scenario", "area", "months", "zones.gap"
ZONE_FIELDS = ("choose", "count", "share", "opens", "latest", "resources", *BY_ZONE, "certified", "capacity")
_WHOLE_FIELDS = ("choose", "count", "opens", "latest", "local_team_size")
_MOST, _RESOURCES = 3000, 4.0
LEVER, PARAMETER, PLAN, PLACE = "lever", "parameter", "plan", "place"
Value = str | float | int


@dataclass(frozen=True)
class Factor:
    """One thing that a sweep varies.

    Attributes:
        name: as in the module's list.
        values: the values to choose from, in order; () for a range.
        low: lower end of the range.
        high: upper end.
        whole: only whole numbers.
        log: spread evenly over the logarithm.
        levels: how many values a grid takes from a range.
        only: scenarios it applies to, () all.
    """

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    log: bool = False
    levels: int = 5
    only: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """LEVER, PARAMETER, PLAN or PLACE: what kind of thing it is."""
        if self.name in REGISTRY:
            return LEVER if self.name in LEVERS else PARAMETER
        return PLACE if self.name.split(".")[0] == AREA else PLAN

    @property
    def column(self) -> str:
        """Its column in tables: `plan` for `scenario`, which there is the scenario of the design."""
        return "plan" if self.name == SCENARIO else self.name

    def label(self, value: Value) -> Value:
        """A value as tables and figures show it: an area by its file's name or its settings, never by a path."""
        if self.name != AREA:
            return value
        labels = [_area_words(str(v)) for v in self.values]
        mine = _area_words(str(value))
        return mine if labels.count(mine) <= 1 else f"{mine} ({self.values.index(value) + 1})"

    @property
    def is_number(self) -> bool:
        """Whether all its values are numbers."""
        return all(isinstance(v, int | float) for v in self.values)

    def at(self, position: float) -> Value:
        """The value at a position in [0, 1]: the share of the range, or the list's element there."""
        if self.values:
            return self.values[min(int(position * len(self.values)), len(self.values) - 1)]
        if self.log:
            number = math.exp(math.log(self.low) + position * (math.log(self.high) - math.log(self.low)))
        elif self.whole:
            count = int(self.high) - int(self.low) + 1
            return int(self.low) + min(int(position * count), count - 1)
        else:
            number = self.low + position * (self.high - self.low)
        return float(f"{min(max(number, self.low), self.high):.12g}")

    def on_grid(self) -> tuple[Value, ...]:
        """The values that a grid takes."""
        if self.values:
            return self.values
        if self.whole:
            steps = [self.low + k * (self.high - self.low) / max(1, self.levels - 1) for k in range(self.levels)]
            return tuple(dict.fromkeys(round(s) for s in steps))
        return tuple(self.at(k / max(1, self.levels - 1)) for k in range(self.levels))

    def words(self) -> str:
        """What it is, in a few plain words."""
        if self.name in REGISTRY:
            return REGISTRY[self.name].about.words
        parts = self.name.split(".")
        if self.name == GAP:
            return "months between the openings of successive zones"
        if parts[0] == "zone":
            told = {
                "choose": "sites",
                "count": "sites",
                "share": "share of sites",
                "opens": "opening month",
                "latest": "latest opening month",
            }
            if parts[-1] in BY_ZONE:
                return f"{LEVERS[parts[-1]].about.words} in zone {'.'.join(parts[1:-1])}"
            return f"{told.get(parts[-1], parts[-1])} of zone {'.'.join(parts[1:-1])}"
        if parts[0] == "event":
            return f"month of event {'.'.join(parts[1:-1])}"
        return {"scenario": "plan", "area": "area", "months": "months run"}.get(self.name, " ".join(parts))

    def unit(self) -> str:
        """Unit of its values, '' for none."""
        return REGISTRY[self.name].about.unit if self.name in REGISTRY else ""


def _area_words(value: str) -> str:
    try:
        read = json.loads(value)
    except ValueError:
        read = [value]
    if isinstance(read, dict):
        return ", ".join(f"{key} {read[key]}" for key in sorted(read)) or "usual"
    return ", ".join(Path(str(name)).name for name in read)


def lay(scenario: Scenario, factor: str, value: Value, where: str) -> Scenario:
    """The scenario with one factor's value; `scenario`, `area` and `area.KEY` are not set here.

    Raises:
        ScenarioError: a value that is not allowed, or a zone or event that the scenario does not have.
    """
    if factor in REGISTRY:
        parameter = REGISTRY[factor]
        stored = parameter.read(where, value)
        if parameter.is_lever:
            return replace(scenario, levers={**scenario.levers, factor: stored})
        return replace(scenario, parameters={**scenario.parameters, factor: stored})
    if factor == MONTHS:
        return replace(scenario, months=_whole(where, factor, value, 1, LAST_MONTH))
    if factor == GAP:
        gap = _whole(where, factor, value, 0)
        first = next((z.opens for z in scenario.zones if z.opens is not None), 1)
        return replace(
            scenario,
            zones=tuple(
                replace(z, opens=first + k * gap, gate=None, latest=None) for k, z in enumerate(scenario.zones)
            ),
        )
    kind, which, field = _parts(factor, where)
    if kind == "zone":
        index = _index(where, "zone", which, [z.name for z in scenario.zones])
        changed = _zone(scenario.zones[index], field, value, where)
        return replace(scenario, zones=_with(scenario.zones, index, changed))
    index = _index(where, "event", which, [e.name for e in scenario.events])
    event = replace(scenario.events[index], when=_whole(where, factor, value, 0))
    events: tuple[Event, ...] = _with(scenario.events, index, event)
    return replace(scenario, events=events)


EVERY = "and any lever or parameter (`zones list --levers`, docs/odd.md)"


def check_name(name: str, where: str) -> str:
    """Refuse an unknown factor.

    Returns:
        The name.

    Raises:
        UnknownName: with the nearest known name.
    """
    special = (SCENARIO, AREA, MONTHS, GAP)
    settings = tuple(f"area.{k}" for k in Settings.__dataclass_fields__)
    if name in REGISTRY or name in special or name in settings:
        return name
    head, _, rest = name.partition(".")
    if head == "zone" and rest.rpartition(".")[2] in ZONE_FIELDS and rest.rpartition(".")[0]:
        return name
    if head == "event" and rest.endswith(".month") and rest != ".month":
        return name
    shown = tuple(f"zone.1.{field}" for field in ZONE_FIELDS)
    raise UnknownName(where, "factor", name, (*special, *settings, *shown, "event.1.month", EVERY), REGISTRY)


def is_whole(name: str) -> bool:
    """Whether only whole numbers make sense for a factor."""
    if name in REGISTRY:
        return REGISTRY[name].about.whole
    last = name.rpartition(".")[2]
    if name.startswith(f"{AREA}."):
        return last in WHOLE_SETTINGS
    return name in (MONTHS, GAP) or last in ("month", *_WHOLE_FIELDS)


def check_value(name: str, value: object, where: str) -> None:
    """Refuse a value that a factor can take in no scenario and no area.

    Raises:
        ScenarioError: of the wrong kind, or out of range.
    """
    if name in REGISTRY:
        REGISTRY[name].read(where, value)
    elif name in (SCENARIO, AREA):
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_PATH or hidden(value):
            raise ScenarioError(f"{where}: {name} must be a name or a path in quotes; got {quoted(value)}.")
        if name == AREA and value[:1] in "[{":
            _check_area(from_json(value, f"{where}: area"), where)
    elif name.startswith(f"{AREA}."):
        _check_setting(name.partition(".")[2], value, where)
    elif name.rpartition(".")[2] in BY_ZONE:
        LEVERS[name.rpartition(".")[2]].read(where, value)
    elif is_whole(name):
        low, high = bounds(name)
        _whole(where, name, value, int(low), int(high))
    else:
        _number(where, name, value, *bounds(name))


def bounds(name: str) -> tuple[float, float]:
    """The least and largest number that a factor which is neither lever nor parameter can take."""
    if name.startswith(f"{AREA}."):
        return SETTING_LIMITS.get(name.partition(".")[2], (0.0, 0.0))
    last = name.rpartition(".")[2]
    if last in BY_ZONE:
        return float(LEVERS[last].about.low), float(LEVERS[last].about.high)
    if is_whole(name):
        least = name == MONTHS or name.rpartition(".")[2] in ("choose", "count")
        return float(least), float(LAST_MONTH if name == MONTHS else _MOST)
    return 0.0, _RESOURCES if name.endswith(".resources") else 1.0


def _check_area(given: object, where: str) -> None:
    if isinstance(given, dict):
        read_settings(given, f"{where}: area")
    elif not isinstance(given, list) or not given or not all(isinstance(n, str) and not hidden(n) for n in given):
        raise ScenarioError(f"{where}: area must be paths of area files or a table of settings; got {quoted(given)}.")


def _check_setting(key: str, value: object, where: str) -> None:
    if key == "name" or isinstance(value, str):
        read_settings({key: value}, where)
        return
    low, high = SETTING_LIMITS[key]
    number = number_in(value, low, high)
    if number is None or (key in WHOLE_SETTINGS and not number.is_integer()):
        kind = "a whole number" if key in WHOLE_SETTINGS else "a number"
        raise ScenarioError(f"{where}: area.{key} must be {kind} in [{low:g}, {high:g}]; got {quoted(value)}.")


def concerns(scenario: Scenario, factor: str) -> bool:
    """Whether a scenario has what the factor moves: a factor of a zone or event leaves a plan without it alone."""
    head, _, rest = factor.partition(".")
    which = rest.rpartition(".")[0]
    if factor in REGISTRY or head not in ("zone", "event"):
        return True
    names = [x.name for x in (scenario.zones if head == "zone" else scenario.events)]
    return which in names or which in map(str, range(1, len(names) + 1))


def _parts(factor: str, where: str) -> tuple[str, str, str]:
    check_name(factor, where)
    head, _, rest = factor.partition(".")
    which, _, field = rest.rpartition(".")
    return head, which, field


def _index(where: str, what: str, which: str, names: Sequence[str]) -> int:
    if which.isdecimal() and 1 <= int(which) <= len(names):
        return int(which) - 1
    if which in names:
        return names.index(which)
    known = [f"{i} ({n})" for i, n in enumerate(names, start=1)] or ["none"]
    raise ScenarioError(f"{where}: the scenario has no {what} '{which}'; it has: {', '.join(known)}.")


def _zone(zone: Zone, field: str, value: Value, where: str) -> Zone:
    if field in ("choose", "count"):
        size = _whole(where, field, value, 1)
        bare = replace(zone, sites=(), count=0, choose=0, share=0.0)
        return replace(bare, choose=size) if field == "choose" else replace(bare, count=size)
    if field == "share":
        return replace(zone, sites=(), count=0, choose=0, share=_number(where, field, value, LEAST_SHARE, 1.0))
    if field == "opens":
        return replace(zone, opens=_whole(where, field, value, 0), gate=None, latest=None)
    if field == "latest":
        return replace(zone, latest=_whole(where, field, value, 0), opens=None, gate=zone.gate or Gate())
    if field in (*BY_ZONE, "resources"):
        return _of_its_own(zone, field, value, where)
    number = _number(where, field, value, 0.0, 1.0)
    gate = zone.gate or Gate()
    gate = replace(gate, certified=number) if field == "certified" else replace(gate, capacity=number)
    return replace(zone, gate=gate, opens=None)


def _of_its_own(zone: Zone, field: str, value: Value, where: str) -> Zone:
    """The zone with another time of its local teams, or another value of a lever that may differ by zone."""
    if field == "resources":
        return replace(zone, resources=_number(where, field, value, 0.0, _RESOURCES))
    own = LEVERS[field].read(where, value)
    changed: dict[str, Any] = {field: int(own) if LEVERS[field].about.whole else own}
    return replace(zone, **changed)


def _with(items: tuple[Any, ...], index: int, item: Any) -> tuple[Any, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _number(where: str, name: str, value: object, low: float, high: float) -> float:
    found = number_in(value, low, high)
    if found is None:
        raise ScenarioError(f"{where}: {name} must be a number in [{low:g}, {high:g}]; got {quoted(value)}.")
    return found


def _whole(where: str, name: str, value: object, low: int, high: int = _MOST) -> int:
    found = number_in(value, low, high)
    if found is None or not found.is_integer():
        raise ScenarioError(f"{where}: {name} must be a whole number in [{low}, {high}]; got {quoted(value)}.")
    return int(found)
