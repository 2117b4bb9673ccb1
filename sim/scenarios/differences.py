"""How two scenarios differ in what is run, in words: levers, uncertainties, plan, events, horizon, scope and place.

Names, titles, descriptions and notes make no difference: two scenarios without a difference give the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, NamedTuple

from sim.counts import counted
from sim.levers import ZoneLevers
from sim.organisation.generate.synthetic import Settings
from sim.parameters import LEVERS, REGISTRY, UNCERTAINTIES
from sim.scenarios.events import Event
from sim.scenarios.scenario import REST, Scenario, Zone
from sim.scenarios.words import listed, measured, number, shown

_LONG = 40


class Difference(NamedTuple):
    """One difference.

    Attributes:
        key: lever, uncertainty, 'months', 'scope', 'area.<setting>', 'zones', 'zones.<name>.<what>', 'events',
            'initiatives', 'limits', 'core teams' (those founded on the way).
        words: what it is, in plain words.
        old: value in the first scenario, as a reader expects it.
        new: value in the second.
        unit: unit of both, '' where there is none.
    """

    key: str
    words: str
    old: str
    new: str
    unit: str = ""

    def sentence(self) -> str:
        """For example 'coaching of practitioners (0 none - 1 full): 0.8 instead of 0'."""
        pause = "," if len(self.new) > _LONG else ""
        return f"{measured(self.words, self.new, self.unit)}{pause} instead of {self.old}"


def differences(old: Scenario, new: Scenario) -> list[Difference]:
    """What is different in `new`, empty exactly when both run the same."""
    return [
        *_months(old, new),
        *_values(old, new),
        *_plan(old, new),
        *_core_teams(old, new),
        *_events(old, new),
        *_initiatives(old, new),
        *_budget(old, new),
        *_scope(old, new),
        *_area(old, new),
    ]


def _months(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if old.months != new.months:
        yield Difference("months", "how long it runs", str(old.months), str(new.months), "months")


def _values(old: Scenario, new: Scenario) -> Iterator[Difference]:
    levers = zip(LEVERS, old.lever_values(), new.lever_values(), strict=True)
    by_hand = ((n, old.parameters.get(n), new.parameters.get(n)) for n in UNCERTAINTIES)
    for name, before, after in (*levers, *by_hand):
        if before != after:
            about = REGISTRY[name].about
            was, now = ("as calibrated" if v is None else shown(name, v) for v in (before, after))
            yield Difference(name, about.words, was, now, about.unit)


def _plan(old: Scenario, new: Scenario) -> Iterator[Difference]:
    """Zone by zone where both plans name the same zones, else plan against plan."""
    if [z.name for z in old.zones] != [z.name for z in new.zones]:
        yield Difference("zones", "the plan", _plan_words(old.zones), _plan_words(new.zones))
        return
    before = ""
    for mine, other in zip(old.zones, new.zones, strict=True):
        name = mine.name
        if _taken(mine) != _taken(other):
            yield Difference(f"zones.{name}.sites", f"zone '{name}' takes", mine.membership(), other.membership())
        if _opened(mine, before) != _opened(other, before):
            was, now = (z.opening(before).removeprefix("opens ") for z in (mine, other))
            yield Difference(f"zones.{name}.opens", f"zone '{name}' opens", was, now)
        if mine.resources != other.resources:
            was, now = number(mine.resources), number(other.resources)
            yield Difference(f"zones.{name}.resources", f"time of local teams in zone '{name}'", was, now, "times")
        for lever in ZoneLevers._fields:
            if getattr(mine, lever) != getattr(other, lever):
                about = LEVERS[lever].about
                values = [z.own_levers().get(lever) for z in (mine, other)]
                was, now = ("as in the area" if v is None else shown(lever, v) for v in values)
                words = f"{about.words} in zone '{name}'"
                yield Difference(f"zones.{name}.{lever}", words, was, now, about.unit)
        before = name


def _taken(zone: Zone) -> tuple[Any, ...]:
    # Counted or chosen, all that are left are the same sites.
    how = (REST, 0) if zone.size == REST else (zone.count, zone.choose)
    return sorted(zone.sites), *how, zone.share, sorted(zone.types)


def _opened(zone: Zone, before: str) -> tuple[Any, ...]:
    return zone.opens, zone.gate and replace(zone.gate, of=zone.gate.of or before), zone.latest


def _plan_words(zones: tuple[Zone, ...]) -> str:
    return f"{counted(len(zones), 'zone')}: {', '.join(z.name for z in zones)}" if zones else "no zone"


def _core_teams(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if [replace(t, note="") for t in old.core_teams] != [replace(t, note="") for t in new.core_teams]:
        texts = ["; ".join(t.sentence().removesuffix(".") for t in s.core_teams) or "none" for s in (old, new)]
        yield Difference("core teams", "core teams founded later", *texts)


def _events(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if [_bare(e) for e in old.events] != [_bare(e) for e in new.events]:
        texts = ["; ".join(e.sentence().removesuffix(".") for e in s.events) or "nothing" for s in (old, new)]
        yield Difference("events", "events", *texts)


def _bare(event: Event) -> Event:
    return replace(event, note="")


def _initiatives(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if [replace(i, note="") for i in old.initiatives] != [replace(i, note="") for i in new.initiatives]:
        texts = ["; ".join(i.sentence().removesuffix(".") for i in s.initiatives) or "none" for s in (old, new)]
        yield Difference("initiatives", "other initiatives", *texts)


def _budget(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if old.budget.table() != new.budget.table():
        texts = ["; ".join(s.budget.sentences()).replace(".;", ";").removesuffix(".") or "no limit" for s in (old, new)]
        yield Difference("limits", "what may be spent", *texts)


def _scope(old: Scenario, new: Scenario) -> Iterator[Difference]:
    if set(old.scope) != set(new.scope):
        yield Difference("scope", "site types the practice is for", *(listed(s.scope) for s in (old, new)))


def _area(old: Scenario, new: Scenario) -> Iterator[Difference]:
    for setting in fields(Settings):
        before, after = (s.area.get(setting.name, setting.default) for s in (old, new))
        if before != after:
            name = setting.name.replace("_", " ")
            yield Difference(
                f"area.{setting.name}",
                f"generated area: {name}",
                str(before) or "none given",
                str(after) or "none given",
            )
