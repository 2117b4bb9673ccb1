"""A scenario meets a place: who forms which team, which zone opens when, which events happen, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.ground import compiled
from sim.engine.teams import Teams, lay_teams
from sim.errors import ScenarioError, UnknownName
from sim.levers import Levers, ZoneLevers
from sim.organisation.arrays.compile import Place
from sim.organisation.codes import AGENCIES, LEADER_LEVELS
from sim.organisation.organisation import Organisation
from sim.parameters import LEVERS
from sim.scenarios.budget import PAYERS, WORDS, Budget, Means
from sim.scenarios.events import MEASURES, Event, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.plan import Plan, resolve
from sim.scenarios.scenario import Scenario, Zone

Array = NDArray[Any]
NEVER = -1
STRUCTURAL = tuple(name for name, lever in LEVERS.items() if lever.about.structural)


class Course(NamedTuple):
    """The plan and the events: Z zones, A areas, E events."""

    site_zone: Array  # int32 [S], Z outside
    zone_levers: Array  # float64 [Z + 1, zone levers] values of a zone's own, NaN: the area's
    opens: Array  # int32 [Z], -1 a gate decides
    gate: Array  # float64 [Z, 2] certified share, capacity
    gate_outcome: Array  # float64 [Z] benefit shown, -1 not asked for
    gate_of: Array  # int32 [Z] the earlier zone, -1
    latest: Array  # int32 [Z], -1 none
    blocked: Array  # uint8 [A, Z]
    similarity: Array  # float64 [A, Z]
    external: Array  # float64 [T + 1] taper of external support by month, 0 before start and after end
    external_end: int  # month support ends by plan, -1 never
    event_month: Array  # int32 [E], -1 conditional
    event_measure: Array  # int32 [E]
    event_zone: Array  # int32 [E], -1 the whole area
    event_threshold: Array  # float64 [E]
    event_ptr: Array  # int64 [E + 1]
    event_lever: Array  # int32
    event_value: Array  # float64
    event_where: Array  # int32 zone, -1 everywhere
    event_place: Array  # int32 position among levers that may differ by zone, -1
    event_leaves: Array  # int32 [E] leader level, -1
    event_agency: Array  # int32 [E], -1 all
    event_withdraws: Array  # uint8 [E]
    initiative_agency: Array  # int32 [I], -1 every agency
    initiative_load: Array  # float64 [I]
    initiative_overlap: Array  # float64 [I]
    initiative_first: Array  # int32 [I]
    initiative_last: Array  # int32 [I], -1 never ends
    limits: Array  # float64 [payers, years, 2] of an area: GBP cash, hours of time; inf: no limit; last: the whole


@dataclass(frozen=True)
class Setup:
    """Everything an engine needs, apart from seed and parameters.

    Attributes:
        scenario: the scenario.
        organisation: within scope.
        plan: its zones on this organisation.
        place: the organisation as arrays.
        partners: int32 [N, partners]: whom each practitioner meets from other agencies, -1 nobody.
        teams: the implementation teams.
        course: plan and events as arrays.
        levers: float64 [levers]: stored values at month 0.
        months: horizon.
    """

    scenario: Scenario
    organisation: Organisation
    plan: Plan
    place: Place
    partners: Array
    teams: Teams
    course: Course
    levers: Array
    months: int


def prepare(scenario: Scenario, organisation: Organisation, months: int | None = None) -> Setup:
    """Bring a scenario and an organisation together.

    Raises:
        ScenarioError: the plan does not fit this organisation.
        OrganisationError: no site is within scope.
    """
    horizon = scenario.months if months is None else months
    within, place, partners = compiled(organisation, scenario.scope)
    plan = resolve(scenario, within)
    levers = scenario.lever_values()
    if within.start_date:
        levers = levers._replace(start_month=float(date.fromisoformat(within.start_date).month))
    return Setup(
        scenario=scenario,
        organisation=within,
        plan=plan,
        place=place,
        partners=partners,
        teams=lay_teams(scenario, within, place, plan.site_zone),
        course=_course(scenario, plan, levers, horizon),
        levers=np.array(levers, dtype=np.float64),
        months=horizon,
    )


def with_levers(setup: Setup, scenario: Scenario) -> Setup:
    """The setup of a scenario that differs from the one it was laid for in name and in levers that are not structural.

    Raises:
        ScenarioError: a structural lever differs, so the area must be prepared again.
    """
    asked, laid = np.array(scenario.lever_values(), dtype=np.float64), setup.scenario.lever_values()
    differ = [name for name in STRUCTURAL if asked[Levers._fields.index(name)] != getattr(laid, name)]
    if differ:
        raise ScenarioError(f"{scenario.name}: {', '.join(differ)} cannot change in a prepared plan; prepare it again.")
    fixed = [Levers._fields.index(name) for name in STRUCTURAL]
    asked[fixed] = setup.levers[fixed]
    return replace(setup, scenario=scenario, levers=asked)


def _course(scenario: Scenario, plan: Plan, levers: Levers, months: int) -> Course:
    zones, names = scenario.zones, [z.name for z in scenario.zones]
    outside = len(zones)
    others = scenario.initiatives
    return Course(
        site_zone=np.where(plan.site_zone < 0, outside, plan.site_zone).astype(np.int32),
        zone_levers=_zone_levers(zones),
        opens=np.array([NEVER if z.opens is None else z.opens for z in zones], np.int32),
        gate=np.array([(z.gate.certified, z.gate.capacity) if z.gate else (0.0, 0.0) for z in zones]).reshape(-1, 2),
        gate_outcome=np.array([_benefit_asked(z) for z in zones], np.float64),
        gate_of=np.array([_gate_of(z, i, names) for i, z in enumerate(zones)], np.int32),
        latest=np.array([NEVER if z.latest is None else z.latest for z in zones], np.int32),
        blocked=np.asarray(plan.blocked, np.uint8).reshape(len(plan.blocked), outside),
        similarity=np.asarray(plan.similarity, np.float64).reshape(len(plan.similarity), outside),
        external=_external(levers, months),
        external_end=int(levers.external_end) if levers.external_end < 1200.0 else NEVER,
        **_event_columns(scenario.events, names),
        initiative_agency=np.array([AGENCIES.index(i.agency) if i.agency else NEVER for i in others], np.int32),
        initiative_load=np.array([i.load for i in others], np.float64),
        initiative_overlap=np.array([i.overlap for i in others], np.float64),
        initiative_first=np.array([i.begins for i in others], np.int32),
        initiative_last=np.array([NEVER if i.ends is None else i.ends for i in others], np.int32),
        limits=_limits(scenario.budget, months),
    )


def _event_columns(events: tuple[Event, ...], zones: list[str]) -> dict[str, Array]:
    """When each event falls due and, for each kind of effect, what it does."""
    waited = [e.condition for e in events]
    changes = [list(e.levers.items()) for e in events]
    flat = [(name, value, _zone_changed(e, zones)) for e in events for name, value in e.levers.items()]
    leave = [e.effect(LeadersLeave) for e in events]
    measures = list(MEASURES)
    return {
        "event_month": np.array([NEVER if e.month is None else e.month for e in events], np.int32),
        "event_measure": np.array([measures.index(c.measure) if c else NEVER for c in waited], np.int32),
        "event_zone": np.array([_zone_of(e, zones) for e in events], np.int32),
        "event_threshold": np.array([c.at_least if c else 0.0 for c in waited], np.float64),
        "event_ptr": np.concatenate([[0], np.cumsum([len(pairs) for pairs in changes])]).astype(np.int64),
        "event_lever": np.array([Levers._fields.index(name) for name, _, _ in flat], np.int32),
        "event_value": np.array([value for _, value, _ in flat], np.float64),
        "event_where": np.array([zone for _, _, zone in flat], np.int32),
        "event_place": np.array([_place(name) for name, _, _ in flat], np.int32),
        "event_leaves": np.array([LEADER_LEVELS.index(e.level) if e else NEVER for e in leave], np.int32),
        "event_agency": np.array([AGENCIES.index(e.agency) if e and e.agency else NEVER for e in leave], np.int32),
        "event_withdraws": np.array([e.effect(SupportWithdrawn) is not None for e in events], np.uint8),
    }


def _limits(budget: Budget, months: int) -> Array:
    """Yearly limits of each payer, last of the area as a whole."""
    means = [*(budget.agency.get(name, Means()) for name in PAYERS), budget.area]
    years = range(max(1, -(-months // 12)))
    return np.array([[[m.in_year(what, year) for what in WORDS] for year in years] for m in means], np.float64)


def _benefit_asked(zone: Zone) -> float:
    """Benefit that a zone's gate asks for, -1 where it asks for none."""
    return -1.0 if zone.gate is None or zone.gate.outcome is None else zone.gate.outcome


def _gate_of(zone: Zone, position: int, names: list[str]) -> int:
    if zone.gate is None:
        return NEVER
    return _named(f"zone '{zone.name}': gate", zone.gate.of, names) if zone.gate.of else position - 1


def _zone_of(event: Event, names: list[str]) -> int:
    if event.condition is None or not event.condition.zone:
        return NEVER
    return _named(f"event '{event.name}': when", event.condition.zone, names)


def _zone_changed(event: Event, zones: list[str]) -> int:
    """The zone in which an event changes levers, -1 everywhere."""
    change = event.effect(LeversChange)
    return NEVER if change is None or not change.zone else _named(f"event '{event.name}'", change.zone, zones)


def _place(lever: str) -> int:
    """Its position among the levers that may differ by zone, -1 where it may not."""
    return ZoneLevers._fields.index(lever) if lever in ZoneLevers._fields else NEVER


def _zone_levers(zones: tuple[Zone, ...]) -> Array:
    """Values of each zone's own, and of what is outside; NaN where they are the area's."""
    rows = [[zone.own_levers().get(name, np.nan) for name in ZoneLevers._fields] for zone in zones]
    return np.array([*rows, [np.nan] * len(ZoneLevers._fields)], np.float64)


def _named(where: str, zone: str, names: list[str]) -> int:
    if zone not in names:
        raise UnknownName(where, "zone", zone, names)
    return names.index(zone)


def _external(levers: Levers, months: int) -> Array:
    """Taper of external support by month: 1 in its first year's first month, less by a constant share each year."""
    month = np.arange(months + 1)
    years = np.maximum(month - levers.external_start, 0.0) / 12.0
    there = (month >= levers.external_start) & (month < levers.external_end)
    taper: Array = np.where(there, (1.0 - levers.external_taper) ** years, 0.0)
    return taper
