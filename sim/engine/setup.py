"""A scenario meets a place: who forms which team, which zone opens when, what happens on the way, as flat arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.ground import compiled
from sim.errors import ScenarioError, UnknownName
from sim.levers import Levers
from sim.organisation.arrays import identity
from sim.organisation.arrays.compile import Place
from sim.organisation.codes import AGENCIES, LEADER_LEVELS
from sim.organisation.organisation import Organisation
from sim.parameters import LEVERS
from sim.scenarios.budget import PAYERS, WORDS, Budget, Means
from sim.scenarios.events import MEASURES, Event, LeadersLeave, SupportWithdrawn
from sim.scenarios.plan import Plan, core_teams, resolve
from sim.scenarios.scenario import Scenario, Zone

Array = NDArray[Any]
NONE, LEAD, COMMITTEE, CORE, CORE_LOCAL = range(5)
SMALL_SITE = 6
CLUSTER_STAFF = 24
NEVER = -1
STRUCTURAL = tuple(name for name, lever in LEVERS.items() if lever.about.structural)


class Teams(NamedTuple):
    """T teams, core teams first (`core_count` of them), then local teams."""

    core_count: int
    area: Array  # int32 [T]
    parent: Array  # int32 [T] core team that supports it, -1
    members: Array  # int32 [T]
    agencies: Array  # int32 [T] agencies among its members
    committee: Array  # uint8 [T] meets, but holds no time for the work
    resources: Array  # float64 [T] time against the usual
    id: Array  # uint64 [T]
    staff: Array  # int64 [T] practitioners of its sites
    capacity: Array  # float64 [T] today's, NaN: a new team's
    site_ptr: Array  # int64 [T + 1] sites of a local team
    site_index: Array  # int32
    of_site: Array  # int32 [S] local team, -1
    core_of_site: Array  # int32 [S] core team, -1


class Course(NamedTuple):
    """The plan and the events: Z zones, A areas, E events."""

    site_zone: Array  # int32 [S], Z outside
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
        ScenarioError: the plan cannot be laid on this organisation.
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
        teams=_teams(within, place, levers, plan.site_zone, scenario.zones),
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
        raise ScenarioError(f"{scenario.name}: {', '.join(differ)} cannot change on a plan that is laid; prepare it.")
    fixed = [Levers._fields.index(name) for name in STRUCTURAL]
    asked[fixed] = setup.levers[fixed]
    return replace(setup, scenario=scenario, levers=asked)


def _teams(o: Organisation, place: Place, levers: Levers, site_zone: Array, zones: tuple[Zone, ...]) -> Teams:
    core_of_site = np.full(len(o.sites), NEVER, np.int32)
    of_site = np.full(len(o.sites), NEVER, np.int32)
    rows: list[dict[str, Any]] = []
    if levers.teams != NONE:
        for area in range(len(o.areas)):
            for key, mine in _core_groups(o, levers, area):
                core_of_site[mine] = len(rows)
                rows.append(_core_team(o, levers, area, key) | {"sites": mine.tolist(), "staff": _staff(place, mine)})
    core_count = len(rows)
    if levers.teams == CORE_LOCAL:
        for members in _local_groups(o, site_zone, core_of_site):
            first = members[0]
            of_site[members] = len(rows)
            resources = zones[int(site_zone[first])].resources
            row = _local_team(o, members, int(levers.local_team_size))
            rows.append(row | {"parent": int(core_of_site[first]), "resources": resources})

    def column(name: str, kind: type) -> Array:
        return np.array([r[name] for r in rows], dtype=kind)

    sites = [r["sites"] for r in rows]
    return Teams(
        core_count=core_count,
        area=column("area", np.int32),
        parent=column("parent", np.int32),
        members=column("members", np.int32),
        agencies=column("agencies", np.int32),
        committee=column("committee", np.uint8),
        resources=column("resources", np.float64),
        id=column("id", np.uint64),
        staff=column("staff", np.int64),
        capacity=column("capacity", np.float64),
        site_ptr=np.concatenate([[0], np.cumsum([len(s) for s in sites])]).astype(np.int64),
        site_index=np.array([i for s in sites for i in s], dtype=np.int32),
        of_site=of_site,
        core_of_site=core_of_site,
    )


def _core_groups(o: Organisation, levers: Levers, area: int) -> Iterator[tuple[str, Array]]:
    """Key and sites of each core team of an area: by the file's own division, one an agency in isolation, else
    as many as `core_teams` asks for.
    """
    mine = np.flatnonzero(o.sites.area == area)
    named = o.sites.core_team[mine]
    if (named != "").any():
        keys = [str(k) for k in named]
    elif levers.collective == 0.0:
        keys = [AGENCIES[a] for a in o.sites.agency[mine]]
    elif levers.split_core_by == 0.0:
        keys = _dealt([AGENCIES[a] for a in o.sites.agency[mine]], core_teams(levers, len(mine)))
    else:
        labels = [str(k) for k in o.sites.locality[mine]]
        if levers.core_teams == 0.0:
            labels = _no_larger(labels, int(levers.core_team_sites))
        keys = _dealt(labels, core_teams(levers, len(mine)))
    for key in sorted(set(keys)):
        yield key, mine[np.array([k == key for k in keys])]


def _no_larger(labels: list[str], most: int) -> list[str]:
    """Labels of which none has more than so many sites: larger ones are cut in the file's order."""
    met: Counter[str] = Counter()
    cut = []
    for label in labels:
        cut.append(f"{label}/{met[label] // most}" if met[label] >= most else label)
        met[label] += 1
    return cut


def _core_team(o: Organisation, levers: Levers, area: int, key: str) -> dict[str, Any]:
    size, agencies = _core_size(o, levers, area)
    return {
        "area": area,
        "parent": NEVER,
        "members": size,
        "agencies": min(agencies, size),
        "committee": levers.teams == COMMITTEE,
        "resources": 1.0,
        "id": identity.text_hash(f"core/{o.areas[area]}/{key}"),
        "capacity": o.core_capacity.get(key, o.core_capacity.get("", np.nan)),
    }


def _core_size(o: Organisation, levers: Levers, area: int) -> tuple[int, int]:
    """Members of each of an area's core teams, and agencies that they may come from."""
    mine = o.sites.area == area
    size, agencies = int(levers.core_team_size), int(levers.core_team_agencies)
    if levers.teams == LEAD:
        return 1, 1
    if levers.collective == 0.0 and not (o.sites.core_team[mine] != "").any():
        return max(1, size // len(set(o.sites.agency[mine].tolist()))), 1
    return size, agencies


def _staff(place: Place, sites: Array) -> int:
    return int((place.staff_ptr[sites + 1] - place.staff_ptr[sites]).sum())


def _dealt(labels: list[str], teams: int) -> list[str]:
    """Deal labels (agencies or localities) out to `teams` teams, the largest first to the team with least."""
    sizes: dict[str, int] = {}
    for label in labels:
        sizes[label] = sizes.get(label, 0) + 1
    load = [0] * teams
    team_of: dict[str, str] = {}
    for label in sorted(sizes, key=lambda k: (-sizes[k], k)):
        least = min(range(teams), key=lambda i: (load[i], i))
        load[least] += sizes[label]
        team_of[label] = str(least) if teams > 1 else ""
    return [team_of[label] for label in labels]


def _local_groups(o: Organisation, site_zone: Array, core_of_site: Array) -> list[list[int]]:
    """Sites of each local team: named in the file, one a site, or small neighbours (locality, zone, core team)
    together.
    """
    groups: list[list[int]] = []
    open_cluster: dict[tuple[Any, ...], int] = {}
    staff: list[int] = []
    for site in range(len(o.sites)):
        if site_zone[site] == NEVER:
            continue
        key: tuple[Any, ...]
        named = str(o.sites.local_team[site])
        size = int(o.sites.staff[site])
        if named:
            key = ("named", int(o.sites.area[site]), named)
        elif size < SMALL_SITE:
            key = (int(core_of_site[site]), int(site_zone[site]), str(o.sites.locality[site]))
        else:
            key = ("own", site)
        group = open_cluster.get(key, NEVER)
        if group == NEVER or (not named and staff[group] + size > CLUSTER_STAFF):
            group = len(groups)
            open_cluster[key] = group
            groups.append([])
            staff.append(0)
        groups[group].append(site)
        staff[group] += size
    return groups


def _local_team(o: Organisation, members: list[int], size: int) -> dict[str, Any]:
    staff = int(o.sites.staff[members].sum())
    known = o.sites.capacity[members]
    known = known[~np.isnan(known)]
    return {
        "area": int(o.sites.area[members[0]]),
        "members": max(1, min(staff, size)),
        "agencies": len({int(a) for a in o.sites.agency[members]}),
        "committee": False,
        "id": identity.text_hash("local/" + min(str(o.sites.ids[i]) for i in members)),
        "staff": staff,
        "capacity": float(known.mean()) if len(known) else np.nan,
        "sites": members,
    }


def _course(scenario: Scenario, plan: Plan, levers: Levers, months: int) -> Course:
    zones, names = scenario.zones, [z.name for z in scenario.zones]
    outside = len(zones)
    others = scenario.initiatives
    return Course(
        site_zone=np.where(plan.site_zone < 0, outside, plan.site_zone).astype(np.int32),
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
    changes = [[(Levers._fields.index(name), value) for name, value in e.levers.items()] for e in events]
    flat = [pair for pairs in changes for pair in pairs]
    leave = [e.effect(LeadersLeave) for e in events]
    measures = list(MEASURES)
    return {
        "event_month": np.array([NEVER if e.month is None else e.month for e in events], np.int32),
        "event_measure": np.array([measures.index(c.measure) if c else NEVER for c in waited], np.int32),
        "event_zone": np.array([_zone_of(e, zones) for e in events], np.int32),
        "event_threshold": np.array([c.at_least if c else 0.0 for c in waited], np.float64),
        "event_ptr": np.concatenate([[0], np.cumsum([len(pairs) for pairs in changes])]).astype(np.int64),
        "event_lever": np.array([lever for lever, _ in flat], np.int32),
        "event_value": np.array([value for _, value in flat], np.float64),
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
