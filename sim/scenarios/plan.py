"""A scenario's plan in an organisation: who is in which zone, what keeps one shut, how zones resemble.

Every area of a nation applies the plan to its own sites. Zones take their sites in the plan's order, a site once: named
sites first of all, then those counted or chosen among what is left within scope.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.errors import ScenarioError
from sim.levers import Levers
from sim.organisation import slice as slices
from sim.organisation.codes import SITE_TYPES
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import REST, Scenario, Zone

Mask = NDArray[np.bool_]
OUTSIDE = -1


@dataclass(frozen=True)
class Plan:
    """The zones of a scenario on one organisation: Z zones, A areas, S sites.

    Attributes:
        zones: zone names in order.
        site_zone: int32 [S], zone index or -1 outside.
        blocked: bool [A, Z], True where a level is missing, so that the zone cannot open there.
        missing: [A][Z] the missing levels in words, () where none is.
        similarity: float64 [A, Z], how well the union of the earlier zones resembles this one (0-1); 0 for the first.
        warnings: sentences on what was taken although it is not what was asked.
    """

    zones: tuple[str, ...]
    site_zone: NDArray[np.int32]
    blocked: Mask
    missing: tuple[tuple[tuple[str, ...], ...], ...]
    similarity: NDArray[np.float64]
    warnings: tuple[str, ...] = ()


def resolve(scenario: Scenario, organisation: Organisation) -> Plan:
    """Apply the plan to the organisation.

    Args:
        scenario: its zones and scope.
        organisation: one area or many; sites out of scope are never counted or chosen.

    Returns:
        The plan; the same arguments give the same plan.

    Raises:
        ScenarioError: zones name sites that are not there or out of scope, or a site twice; all of it at once.
    """
    site_zone = _named(scenario, organisation)
    warnings: list[str] = []
    for area in range(len(organisation.areas)):
        warnings += _take(scenario, organisation, area, site_zone)
    shape = (len(organisation.areas), len(scenario.zones))
    missing = tuple(
        tuple(
            slices.missing_levels(organisation, _zone_mask(organisation, site_zone, area, zone), area)
            for zone in range(shape[1])
        )
        for area in range(shape[0])
    )
    similarity = np.zeros(shape)
    for area in range(shape[0]):
        for zone in range(1, shape[1]):
            similarity[area, zone] = _resemblance(organisation, site_zone, area, zone)
    return Plan(
        zones=tuple(z.name for z in scenario.zones),
        site_zone=site_zone,
        blocked=np.array([[bool(m) for m in row] for row in missing], dtype=np.bool_).reshape(shape),
        missing=missing,
        similarity=similarity,
        warnings=tuple(warnings),
    )


def core_teams(levers: Levers, sites: int) -> int:
    """How many core teams an area with so many sites in scope has; at least one."""
    if levers.core_teams > 0.0:
        return int(levers.core_teams)
    return max(1, math.ceil(sites / levers.core_team_sites))


def core_teams_in_all(levers: Levers, organisation: Organisation) -> int:
    """How many core teams a place in scope has from the start, as its lists divide them or the plan asks."""
    return sum(_cores_of(levers, organisation, area) for area in range(len(organisation.areas)))


def _cores_of(levers: Levers, organisation: Organisation, area: int) -> int:
    sites = organisation.sites
    mine = sites.area == area
    named = set(sites.core_team[mine].tolist())
    if named - {""}:
        return len(named)
    if levers.collective == 0.0:
        return len(set(sites.agency[mine].tolist()))
    return core_teams(levers, int(mine.sum())) if mine.any() else 0


def in_scope_mask(scenario: Scenario, organisation: Organisation) -> Mask:
    """Sites whose type the practice is for."""
    return _of_types(organisation, scenario.scope)


def _of_types(organisation: Organisation, types: Sequence[str]) -> Mask:
    mask: Mask = np.isin(organisation.sites.type, [SITE_TYPES.index(t) for t in types])
    return mask


def _named(scenario: Scenario, organisation: Organisation) -> NDArray[np.int32]:
    """Zones of the sites that the plan names, the others outside."""
    site_zone = np.full(len(organisation.sites), OUTSIDE, dtype=np.int32)
    if not any(zone.sites for zone in scenario.zones):
        return site_zone
    row_of = {str(name): i for i, name in enumerate(organisation.sites.pseudonyms)}
    row_of.update({str(name): i for i, name in enumerate(organisation.sites.ids)})
    scope = in_scope_mask(scenario, organisation)
    problems: list[str] = []
    for index, zone in enumerate(scenario.zones):
        for site in zone.sites:
            address = f"zones[{index + 1}].sites ({zone.name})"
            row = row_of.get(site)
            if row is None:
                near = get_close_matches(site, row_of, n=1, cutoff=0.6)
                hint = f" Did you mean '{near[0]}'?" if near else " 'zones check' lists the ids."
                problems.append(
                    f"{address}: no site '{site}' among the {counted(len(scope), 'site')} in scope of "
                    f"{organisation.name}.{hint}"
                )
            elif not scope[row]:
                kind = SITE_TYPES[int(organisation.sites.type[row])]
                problems.append(
                    f"{address}: '{site}' is of type {kind}, which the scope leaves out; add it to 'scope'."
                )
            elif site_zone[row] != OUTSIDE:
                other = scenario.zones[int(site_zone[row])].name
                problems.append(f"{address}: '{site}' is in zone '{other}' already; a site belongs to one zone.")
            else:
                site_zone[row] = index
    if len(problems) == 1:
        raise ScenarioError(f"{scenario.name}: {problems[0]}")
    if problems:
        raise ScenarioError(f"{scenario.name}: {len(problems)} problems\n" + "\n".join(f"  - {p}" for p in problems))
    return site_zone


def _take(scenario: Scenario, organisation: Organisation, area: int, site_zone: NDArray[np.int32]) -> list[str]:
    """Give the counted and chosen zones of one area their sites, in `site_zone`; says where there were too few."""
    here = in_scope_mask(scenario, organisation) & (organisation.sites.area == area)
    warnings = []
    for index, zone in enumerate(scenario.zones):
        if zone.sites:
            continue
        eligible = here & (site_zone == OUTSIDE)
        if zone.types:
            eligible &= _of_types(organisation, zone.types)
        of_its_kind = here & _of_types(organisation, zone.types) if zone.types else here
        there, asked = int(eligible.sum()), zone.of(int(of_its_kind.sum()))
        size = there if asked == REST else min(asked, there)
        if 0 <= there < asked or there == 0:
            warnings.append(_too_few(zone, organisation.areas[area], asked, there))
        if size == there:
            site_zone[eligible] = index
        elif zone.count:
            site_zone[np.flatnonzero(eligible)[:size]] = index
        else:
            site_zone[slices.choose(organisation, eligible, size)] = index
    return warnings


def _too_few(zone: Zone, area: str, asked: int, there: int) -> str:
    wanted = "the rest" if asked == REST else f"{counted(asked, 'site')}"
    kinds = f" of type {', '.join(zone.types)}" if zone.types else ""
    taken = "it stays empty" if there == 0 else "it takes all of them"
    return f"Zone '{zone.name}' asks for {wanted}{kinds}; {area} has {there} left: {taken}."


def _zone_mask(organisation: Organisation, site_zone: NDArray[np.int32], area: int, zone: int) -> Mask:
    mask: Mask = (site_zone == zone) & (organisation.sites.area == area)
    return mask


def _resemblance(organisation: Organisation, site_zone: NDArray[np.int32], area: int, zone: int) -> float:
    mine = _zone_mask(organisation, site_zone, area, zone)
    earlier: Mask = (site_zone >= 0) & (site_zone < zone) & (organisation.sites.area == area)
    if not mine.any() or not earlier.any():
        return 0.0
    return float(slices.similarity(organisation, earlier, mine))
