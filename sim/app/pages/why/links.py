"""What the practice needs, as the links of a causal picture: what each is, what depends on it, and how it is eased."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from sim.declare import CONDITION
from sim.levers import NO_LIMIT, Levers
from sim.parameters import LEVERS
from sim.scenarios.budget import Budget
from sim.scenarios.events import Effect, LeversChange, SupportWithdrawn
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

NO_TEAM, LEAD, COMMITTEE, CORE, WITH_LOCAL = range(5)
MOST_MEMBERS = 12.0
TEAMS_PLAN = "with-teams"
LEVERS_AT_FIRST = Levers()._asdict()

Eased = tuple[str, Scenario]
"""What is changed, in words that follow 'with', and the plan with that change."""


@dataclass(frozen=True)
class Link:
    """One thing that the practice needs.

    Attributes:
        id: what the picture calls it.
        title: its name on the picture.
        named: its name in a sentence.
        column, row: where it stands, from 0.
        feeds: the links that depend on it.
        share: of what is needed, which of `engine.conditions.SHARES`; '' none.
        lacking: a sentence for the months in which it is short.
        eased: the plan without the shortage (`asked`: the most that core teams were asked for, times what they have);
            None where nothing can be eased.
    """

    id: str
    title: str
    named: str
    column: int
    row: int
    feeds: tuple[str, ...]
    share: str = ""
    lacking: str = ""
    eased: Callable[[Scenario, float], Eased | None] = lambda _scenario, _asked: None


def with_levers(scenario: Scenario, levers: dict[str, float]) -> Scenario:
    """The plan with levers at other values for good: in every zone, and whatever events would make of them."""
    zones = tuple(replace(z, **{n: None for n in levers if n in z.own_levers()}) for z in scenario.zones)  # type: ignore[arg-type]
    events = []
    for event in scenario.events:
        kept = tuple(e for e in (_without(effect, levers) for effect in event.effects) if e is not None)
        if kept:
            events.append(replace(event, effects=kept))
    eased = {**scenario.levers, **levers}
    return replace(scenario, name=f"{scenario.name}-eased", levers=eased, zones=zones, events=tuple(events))


def _without(effect: Effect, levers: dict[str, float]) -> Effect | None:
    if isinstance(effect, LeversChange):
        left = {n: v for n, v in effect.levers.items() if n not in levers}
        return replace(effect, levers=left) if left else None
    return None if isinstance(effect, SupportWithdrawn) and "external_end" in levers else effect


def _to(words: str, **levers: float) -> Callable[[Scenario, float], Eased | None]:
    """Levers at these values, in a plan where they matter."""

    def eased(scenario: Scenario, _asked: float) -> Eased | None:
        return words, with_levers(scenario, levers)

    return eased


def _where_teams(inner: Callable[[Scenario, float], Eased | None]) -> Callable[[Scenario, float], Eased | None]:
    def eased(scenario: Scenario, asked: float) -> Eased | None:
        return inner(scenario, asked) if kind_of_team(scenario) != NO_TEAM else None

    return eased


def kind_of_team(scenario: Scenario) -> int:
    """Which kind of implementation team a plan has."""
    return int(scenario.lever_values().teams)


def _core(scenario: Scenario, asked: float) -> Eased | None:
    kind, levers = kind_of_team(scenario), scenario.lever_values()
    if kind == NO_TEAM:
        given = load(TEAMS_PLAN)
        chosen = {n: v for n, v in LEVERS_AT_FIRST.items() if LEVERS[n].about.kind != CONDITION}
        made = with_levers(scenario, {**chosen, **given.levers})
        return "teams, and all that supports them", replace(made, zones=made.zones or given.zones)
    size = min(MOST_MEMBERS, max(2.0 * levers.core_team_size, math.ceil(levers.core_team_size * asked)))
    words = f"{'core teams' if levers.core_teams != 1.0 else 'a core team'} of {size:.0f} members"
    return words, with_levers(scenario, {"core_team_size": size, "teams": float(max(kind, CORE))})


def _local(scenario: Scenario, _asked: float) -> Eased | None:
    kind = kind_of_team(scenario)
    if kind == NO_TEAM:
        return None
    if kind != WITH_LOCAL:
        return "a local team at each site", with_levers(scenario, {"teams": float(WITH_LOCAL)})
    size = min(MOST_MEMBERS, 2.0 * scenario.lever_values().local_team_size)
    return f"local teams of up to {size:.0f} members", with_levers(scenario, {"local_team_size": size})


def _sites(scenario: Scenario, _asked: float) -> Eased | None:
    if not scenario.zones or all(z.opens is not None and z.opens <= 1 for z in scenario.zones):
        return None
    zones = tuple(replace(z, opens=1, gate=None, latest=None) for z in scenario.zones)
    return "every zone open from month 1", replace(scenario, name=f"{scenario.name}-eased", zones=zones)


def _money(scenario: Scenario, _asked: float) -> Eased | None:
    if not scenario.budget.limited:
        return None
    return "no limit on money and time", replace(scenario, name=f"{scenario.name}-eased", budget=Budget())


def _half(lever: str, words: str) -> Callable[[Scenario, float], Eased | None]:
    def eased(scenario: Scenario, _asked: float) -> Eased | None:
        return words, with_levers(scenario, {lever: getattr(scenario.lever_values(), lever) / 2.0})

    return eased


def _places(scenario: Scenario, _asked: float) -> Eased | None:
    if scenario.lever_values().support_places >= NO_LIMIT:
        return None
    return "a place for every family that is offered one", with_levers(scenario, {"support_places": NO_LIMIT})


LINKS = (
    Link("support", "Outside support", "outside support", 0, 0, ("core",), "support",
         "core teams have less outside support than they could",
         _where_teams(_to("full outside support throughout", external_level=1.0, external_start=0.0,
                          external_taper=0.0, external_end=LEVERS["external_end"].about.high))),
    Link("time", "Time that leaders release", "the time that leaders release", 0, 1, ("core", "local"), "released",
         "leaders release less time than the teams need",
         _where_teams(_to("all the time that the teams need", new_posts=1.0, released_time=1.0, budget_squeeze=0.0))),
    Link("money", "Money", "money", 0, 2, ("training", "coaching"), "paid",
         "the budget covers less than what is asked of it", _money),
    Link("core", "Core team's hours", "the core team's hours", 1, 0, ("sites", "local"), "attention",
         "the core team gives less support than its sites need", _core),
    Link("sites", "Sites that take part", "how few sites take part", 1, 1, ("training",), "taking_part",
         "not every site takes part", _sites),
    Link("local", "Local teams' capacity", "the local teams", 2, 0, ("coaching", "barriers"), "capacity",
         "local teams have less than their full capacity", _local),
    Link("training", "Staff who are trained", "training", 2, 1, ("users",), "trained",
         "not everybody at a site that takes part is trained",
         _where_teams(_to("training with practice and feedback", training=LEVERS["training"].about.high))),
    Link("coaching", "Coaching", "coaching", 3, 0, ("users",), "coaching",
         "practitioners get less than full coaching", _where_teams(_to("full coaching", coaching=1.0))),
    Link("barriers", "Freedom from barriers", "barriers at the sites", 3, 1, ("users",), "barriers",
         "barriers at the sites stand in the way",
         _where_teams(_to("data within days, and improvement cycles at every site", improvement_cycles=1.0,
                          data_lag_months=0.0, data_burden=0.0, communication=1.0))),
    Link("design", "How workable the design is", "the design", 3, 2, ("users",), "design",
         "the design is less workable than it could be",
         _to("a fully workable design from the first day", usability_start=1.0)),
    Link("load", "Time that other work leaves", "other work", 2, 2, ("users",), "time_left",
         "other initiatives take part of the staff's time", _half("initiative_load", "half the load of other work")),
    Link("staff", "Staff who stay a year", "staff leaving", 1, 2, ("training",), "in_post",
         "staff leave and take what they learned with them", _half("turnover_factor", "half the turnover")),
    Link("users", "Practitioners using it well", "use", 4, 0, ("families",)),
    Link("places", "Places in support", "places in support", 4, 2, ("families",), "places",
         "families wait because there is no place in support", _places),
    Link("families", "Families served at fidelity", "families served", 4, 1, ()),
)  # fmt: skip
"""In the order in which the picture is read."""
