"""The end of a month in the Mesa model: everybody is counted (columns: `engine/sums.py`)."""

from __future__ import annotations

from math import isnan, nan
from typing import Any, Protocol

import numpy as np

from sim.agents.actor import total
from sim.agents.area import LocalArea
from sim.agents.family import Family
from sim.agents.leader import Leader
from sim.agents.site import Site
from sim.agents.team import CoreTeam
from sim.engine.ledger import Ledger
from sim.engine.sums import COUNTS, FAMILY, MARKS, SUMS, Ensemble
from sim.engine.world import Record
from sim.family_parameters import FamilyParameters
from sim.organisation.codes import FIFTHS, MANAGER, SENIOR, STAGES
from sim.parameters import Parameters
from sim.rules import family as family_rules
from sim.scenarios.scenario import Scenario


class Counted(Protocol):
    """Everybody who is counted, and the books."""

    question: Scenario
    sites: list[Site]
    areas: list[LocalArea]
    core_teams: list[CoreTeam]
    leaders: list[Leader]
    ledger: Ledger
    parameters: Parameters


def take_families(model: Counted, out: Record, row: int) -> None:
    """Write one row of what is counted of families; gains fade."""
    zones = len(model.question.zones) + 1
    families = [[dict.fromkeys(FAMILY, 0) for _ in range(FIFTHS)] for _ in range(zones)]
    for site in model.sites:
        for family in site.families:
            _count_family(family, families[site.zone][family.fifth])
    if row > 0:
        for zone, fifth in np.ndindex(zones, FIFTHS):
            before = dict(zip(FAMILY, out.family[row - 1, zone, fifth].tolist(), strict=True))
            _let_gains_fade(model.parameters.family, before, families[zone][fifth])
    out.family[row] = [[list(fifth.values()) for fifth in zone] for zone in families]


def take(model: Counted, out: Record, row: int) -> None:
    """Write one row of what is counted of all others."""
    zones = len(model.question.zones) + 1
    counts = [dict.fromkeys(COUNTS, 0) for _ in range(zones)]
    sums = [dict.fromkeys(SUMS, 0.0) for _ in range(zones)]
    for site in model.sites:
        _count_site(site, counts[site.zone], sums[site.zone])
        _count_staff(site, counts[site.zone], sums[site.zone])
    for zone, (cash, time) in enumerate(model.ledger.by_zone):
        sums[zone].update(cost_cash=cash, cost_released_time=time)
    out.counts[row] = [[of_zone[name] for name in COUNTS] for of_zone in counts]
    out.sums[row] = [[of_zone[name] for name in SUMS] for of_zone in sums]
    out.area[row] = _governance(model)


def _count_site(site: Site, counts: dict[str, int], sums: dict[str, float]) -> None:
    counts["sites"] += 1
    counts[f"sites_{STAGES[site.stage]}"] += 1
    counts["sites_started"] += site.started
    counts["sites_certified"] += site.certified
    counts["sites_ever_certified"] += site.ever_certified
    counts["cycles"] += site.cycles
    if not isnan(site.assessed_fidelity):
        counts["sites_assessed"] += 1
        sums["fidelity_assessed"] += site.assessed_fidelity
    sums["barrier_local"] += site.barrier
    if site.team and site.team.formed:
        counts["teams_local"] += 1
        sums["capacity_local"] += site.team.capacity


def _count_staff(site: Site, counts: dict[str, int], sums: dict[str, float]) -> None:
    counts["practitioners"] += len(site.staff)
    for person in site.staff:
        counts["practitioners_aware"] += person.aware
        counts["practitioners_trained"] += person.trained
        counts["practitioners_using"] += person.using
        counts["practitioners_stopped"] += person.ever_used and not person.using
        counts["practitioners_at_fidelity"] += person.using and person.at_fidelity
    sums["fidelity"] += total(person.fidelity for person in site.staff)


def _count_family(family: Family, counts: dict[str, int]) -> None:
    past = family.past()
    counts["families"] += 1
    counts["families_ever"] += past.families
    counts["families_ever_in_need"] += past.ever_in_need
    counts["families_reached"] += past.reached
    counts["families_reached_at_fidelity"] += past.reached_at_fidelity
    counts["families_gave_up_waiting"] += past.gave_up
    counts["families_identified_wrongly"] += past.mistaken
    counts["families_completed"] += past.completed
    counts["benefit"] += past.benefit
    counts["benefit_completed"] += past.benefit_completed
    counts["reached_here"] += family.reached
    counts["benefit_here"] += family.benefit
    if family.in_need:
        counts["families_in_need"] += 1
        counts["families_identified"] += family.path != family_rules.UNKNOWN
        counts["families_waiting"] += family.path == family_rules.WAITING
        counts["benefit_in_need"] += family.benefit
        counts["reached_in_need"] += family.reached


def _let_gains_fade(p: FamilyParameters, before: dict[str, int], now: dict[str, int]) -> None:
    """What is left of the part of gains that fades, from the counts a month ago and now."""
    given, there = now["benefit"] - before["benefit"], before["benefit_here"]
    left = there + given - now["benefit_here"]
    now["gain_fading"] = family_rules.fading(p, before["gain_fading"], given, there, left)


def _governance(model: Counted) -> list[float]:
    areas, cores = model.areas, model.core_teams
    with_core = [area for area in areas if area.core_teams]
    needed, available = total(team.needed for team in cores), total(team.available for team in cores)
    return [
        _mean([area.core_capacity() for area in with_core], nan),
        needed / available if available > 0.0 else nan,
        _mean([area.group.commitment for area in areas], nan),
        _mean([leader.commitment for leader in model.leaders if leader.level == SENIOR], nan),
        _mean([leader.commitment for leader in model.leaders if leader.level == MANAGER], 0.0),
        _mean([area.system_barrier for area in areas], nan),
        sum(area.raised for area in areas),
        sum(area.removed for area in areas),
        _mean([area.playbook for area in areas], nan),
        _mean([area.usability for area in areas], nan),
        float(any(area.purse.short for area in areas)),
    ]


def _mean(values: list[float], of_none: float) -> float:
    return total(values) / len(values) if values else of_none


def store_sites(e: Ensemble, index: int, model: Counted) -> None:
    """Copy what is known of sites and cost at the end of a replicate."""
    for i, site in enumerate(model.sites):
        e.site_month[index, i] = (site.month_started, site.month_initial, site.month_full, site.month_certified)
        e.certified_at_36[index, i] = site.certified_at_36
        e.kept[index, i] = site.kept
        e.not_sustained[index, i] = STAGES[site.stage] == "not_sustained"
        unknown: Any = (nan,) * 4
        e.marked[index, i] = [site.marked.get(mark, unknown) for mark in MARKS]
    e.cost[index] = np.array(model.ledger.by_agency)
