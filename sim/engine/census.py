"""The end of a month in the Mesa model: everybody is counted (columns: `engine/sums.py`)."""

from __future__ import annotations

from math import isnan, nan
from typing import Any, Protocol

import numpy as np

from sim.agents.actor import total
from sim.agents.area import LocalArea
from sim.agents.family import Family
from sim.agents.leader import Leader
from sim.agents.practitioner import Practitioner
from sim.agents.site import Site
from sim.agents.team import CoreTeam
from sim.engine.diary import DiaryWriter, Seen
from sim.engine.ledger import Ledger
from sim.engine.sums import COUNTS, FAMILY, MARKS, SUMS, Ensemble
from sim.engine.world import Record
from sim.family_parameters import FamilyParameters
from sim.organisation.codes import FIFTHS, MANAGER, SENIOR, STAGES
from sim.parameters import Parameters
from sim.rules import family as family_rules
from sim.rules import site as site_rules
from sim.scenarios.scenario import Scenario


class Counted(Protocol):
    """Everybody who is counted, and the books."""

    question: Scenario
    sites: list[Site]
    practitioners: list[Practitioner]
    areas: list[LocalArea]
    core_teams: list[CoreTeam]
    leaders: list[Leader]
    ledger: Ledger
    record: Record
    month: int
    horizon: int
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


def store(e: Ensemble, index: int, model: Counted) -> None:
    """Copy what was counted, and what is known of sites and cost, at the end of a replicate."""
    for name in ("counts", "sums", "area", "family"):
        np.copyto(getattr(e, name)[index], getattr(model.record, name))
    for i, site in enumerate(model.sites):
        e.site_month[index, i] = (site.month_started, site.month_initial, site.month_full, site.month_certified)
        e.certified_at_36[index, i] = site.certified_at_36
        e.kept[index, i] = site.kept
        e.not_sustained[index, i] = STAGES[site.stage] == "not_sustained"
        unknown: Any = (nan,) * 4
        e.marked[index, i] = [site.marked.get(mark, unknown) for mark in MARKS]
        e.site_course[index, i] = (site.month_given_up, site.month_returned, _generation(site))
    e.cost[index] = np.array(model.ledger.by_agency)


def watching(model: Counted, e: Ensemble, index: int) -> DiaryWriter | None:
    """The page of a replicate's diary, with month 0; None where none is kept."""
    page = (
        DiaryWriter(e.diary, index, np.array([person.site.index for person in model.practitioners]))
        if e.diary
        else None
    )
    watch(model, page)
    return page


def watch(model: Counted, page: DiaryWriter | None) -> None:
    """Write the end of the month into a diary, where one is kept."""
    if page:
        page.write(model.month, seen(model))
        if model.month == model.horizon:
            page.close(model.horizon)


def _attention(site: Site) -> float:
    """Share of the support it needs that its core team gives, 0 while it neither waits nor takes part."""
    counts_on_it = site.stage >= site_rules.EXPLORATION and site.given_up < 0
    return site.core.attention if site.core and counts_on_it else 0.0


def _coached(site: Site) -> bool:
    """Does coaching of a team, or coaching that was bought, reach its staff?"""
    return (site.able > 0.0 and site.zone_levers.coaching > 0.0) or site.area.bought > 0.0


def _generation(site: Site) -> int:
    """How many teams lie between it and the external supporters, 0 while it has not taken part."""
    if site.stage < site_rules.INSTALLATION:
        return 0
    return site.team.generation if site.team else int(site.core is not None)


def seen(model: Counted) -> Seen:
    """The end of a month, for a diary."""
    sites = model.sites
    by_site = {
        "coached": [_coached(site) for site in sites],
        "stage": [site.stage for site in sites],
        "users": [site.users for site in sites],
        "at_fidelity": [sum(person.using and person.at_fidelity for person in site.staff) for site in sites],
        "fidelity": [total(person.fidelity for person in site.staff) for site in sites],
        "capacity": [site.able for site in sites],
        "attention": [_attention(site) for site in sites],
        "commitment": [site.manager.commitment for site in sites],
        "given_up": [site.month_given_up >= 0 for site in sites],
        "returned": [site.month_returned >= 0 for site in sites],
    }
    using = np.array([person.using for person in model.practitioners], np.bool_)
    return Seen(using=using, **{name: np.array(values) for name, values in by_site.items()})
