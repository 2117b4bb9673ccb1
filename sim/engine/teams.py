"""A scenario's implementation teams in an organisation, as flat arrays: who forms which, which are founded later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.levers import Levers
from sim.organisation.arrays import identity
from sim.organisation.arrays.compile import Place
from sim.organisation.codes import AGENCIES
from sim.organisation.organisation import Organisation
from sim.scenarios.plan import core_teams
from sim.scenarios.scenario import Scenario

Array = NDArray[Any]
NONE, LEAD, COMMITTEE, CORE, CORE_LOCAL = range(5)
SMALL_SITE = 6
CLUSTER_STAFF = 24
NEVER = -1


class Teams(NamedTuple):
    """T teams, core teams first (`core_count` of them), then local teams."""

    core_count: int
    area: Array  # int32 [T]
    parent: Array  # int32 [T] core team that supports it, -1
    zone: Array  # int32 [T] zone of a local team, -1
    own_size: Array  # int32 [T] members of its own, -1: as the levers say
    sharing: Array  # int32 [T] agencies that share the lever's number, each with a team of its own
    agencies: Array  # int32 [T] agencies among its members, at most
    committee: Array  # uint8 [T] meets, but holds no time for the work
    resources: Array  # float64 [T] time against the usual
    id: Array  # uint64 [T]
    staff: Array  # int64 [T] practitioners of its sites
    capacity: Array  # float64 [T] today's, NaN: a new team's
    site_ptr: Array  # int64 [T + 1] sites of a local team
    site_index: Array  # int32
    of_site: Array  # int32 [S] local team, -1
    core_of_site: Array  # int32 [S] core team, -1
    founded: Array  # int32 [T] month, -1 there from the start
    taken_ptr: Array  # int64 [T + 1] sites that it takes over when it is founded
    taken_index: Array  # int32


def lay_teams(scenario: Scenario, o: Organisation, place: Place, site_zone: Array) -> Teams:
    """The implementation teams of a scenario in an organisation.

    Args:
        scenario: its levers, zones and core teams founded later.
        o: within scope.
        place: the same as arrays.
        site_zone: int32 [S], -1 outside.
    """
    levers, zones = scenario.lever_values(), scenario.zones
    core_of_site = np.full(len(o.sites), NEVER, np.int32)
    of_site = np.full(len(o.sites), NEVER, np.int32)
    rows: list[dict[str, Any]] = []
    if levers.teams != NONE:
        for area in range(len(o.areas)):
            for key, mine in _core_groups(o, levers, area):
                core_of_site[mine] = len(rows)
                rows.append(_core_team(o, levers, area, key) | {"sites": mine.tolist(), "staff": _staff(place, mine)})
    groups = _local_groups(o, site_zone, core_of_site) if levers.teams == CORE_LOCAL else []
    rows += founded_teams(scenario, o, site_zone, core_of_site, groups)
    core_count = len(rows)
    for members in groups:
        first = members[0]
        of_site[members] = len(rows)
        zone = int(site_zone[first])
        row = _local_team(o, members) | {"zone": zone, "resources": zones[zone].resources}
        rows.append(row | {"parent": int(core_of_site[first])})

    def column(name: str, kind: type) -> Array:
        return np.array([r[name] for r in rows], dtype=kind)

    sites, taken = [r["sites"] for r in rows], [r.get("taken", []) for r in rows]
    return Teams(
        core_count=core_count,
        area=column("area", np.int32),
        parent=column("parent", np.int32),
        zone=column("zone", np.int32),
        own_size=column("own_size", np.int32),
        sharing=column("sharing", np.int32),
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
        founded=np.array([r.get("founded", NEVER) for r in rows], dtype=np.int32),
        taken_ptr=np.concatenate([[0], np.cumsum([len(s) for s in taken])]).astype(np.int64),
        taken_index=np.array([i for s in taken for i in s], dtype=np.int32),
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
    mine = o.sites.area == area
    alone = levers.collective == 0.0 and not (o.sites.core_team[mine] != "").any()
    lead = levers.teams == LEAD
    return {
        "area": area,
        "parent": NEVER,
        "zone": NEVER,
        "own_size": 1 if lead else NEVER,
        "sharing": len(set(o.sites.agency[mine].tolist())) if alone else 1,
        "agencies": 1 if lead or alone else int(levers.core_team_agencies),
        "committee": levers.teams == COMMITTEE,
        "resources": 1.0,
        "id": identity.text_hash(f"core/{o.areas[area]}/{key}"),
        "capacity": o.core_capacity.get(key, o.core_capacity.get("", np.nan)),
    }


def founded_teams(
    scenario: Scenario, o: Organisation, site_zone: Array, core_of_site: Array, groups: list[list[int]]
) -> list[dict[str, Any]]:
    """Core teams that are founded on the way, one an area where there is something to take over, in order of months.

    Args:
        scenario: its levers and core teams.
        o: within scope.
        site_zone: int32 [S], -1 outside.
        core_of_site: int32 [S], the core team that each site has at first, -1.
        groups: sites of each local team, which stay together.
    """
    levers = scenario.lever_values()
    rows: list[dict[str, Any]] = []
    first, now = int(core_of_site.max(initial=NEVER)) + 1, core_of_site.copy()
    if levers.teams == NONE:
        return []
    together = groups or [[int(i)] for i in np.flatnonzero(site_zone >= 0)]
    names = [zone.name for zone in scenario.zones]
    order = sorted(enumerate(scenario.core_teams), key=lambda pair: pair[1].founded)
    for number, team in order:
        zones = [names.index(name) for name in team.zones]
        for area in range(len(o.areas)):
            mine = [g for g in together if o.sites.area[g[0]] == area]
            taken = [g for g in mine if site_zone[g[0]] in zones] if zones else _fair_part(o, site_zone, now, mine)
            sites = [i for group in taken for i in group]
            if not sites:
                continue
            now[sites] = first + len(rows)
            row = _core_team(o, levers, area, f"founded {number + 1}")
            size, agencies = _own(team.size, row["own_size"]), _own(team.agencies, row["agencies"])
            lead = {} if levers.teams == LEAD else {"own_size": size, "agencies": agencies}
            rows.append(
                row | lead | {"capacity": np.nan, "founded": team.founded, "taken": sites, "sites": [], "staff": 0}
            )
    return rows


def _own(given: int | None, usual: int) -> int:
    return usual if given is None else given


def _fair_part(o: Organisation, site_zone: Array, core: Array, groups: list[list[int]]) -> list[list[int]]:
    """Of each core team's local teams (or sites) as many as leave all core teams of an area with like shares of its
    people: those of the last zones first, in a zone the last in the file, passing over what would be too many people.
    """
    taken = []
    staff = [int(o.sites.staff[g].sum()) for g in groups]
    teams = sorted({int(core[g[0]]) for g in groups})
    for team in teams:
        mine = [k for k, g in enumerate(groups) if core[g[0]] == team]
        left = sum(staff[k] for k in mine) / (len(teams) + 1)
        for k in sorted(mine, key=lambda k: (-site_zone[groups[k][0]], -k)):
            if staff[k] <= left:
                left -= staff[k]
                taken.append(groups[k])
    return taken


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
    """Sites of each local team: named in the file, one for each site, or small neighbours (locality, zone, core team)
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


def _local_team(o: Organisation, members: list[int]) -> dict[str, Any]:
    staff = int(o.sites.staff[members].sum())
    known = o.sites.capacity[members]
    known = known[~np.isnan(known)]
    return {
        "area": int(o.sites.area[members[0]]),
        "own_size": NEVER,
        "sharing": 1,
        "agencies": len({int(a) for a in o.sites.agency[members]}),
        "committee": False,
        "id": identity.text_hash("local/" + min(str(o.sites.ids[i]) for i in members)),
        "staff": staff,
        "capacity": float(known.mean()) if len(known) else np.nan,
        "sites": members,
    }
