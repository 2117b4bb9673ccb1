"""Phase 1: events fall due; sites move through selection and installation; zones open."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.start import gather_group
from sim.engine.world import Array, Families, People
from sim.parameters import LeaderParameters, PractitionerParameters, SiteParameters
from sim.rules import family, leader, site, year
from sim.rules.rule import probability, share

REACHED = 2
FULL_SHARE, CERTIFIED_SHARE, CAPACITY_CORE, CAPACITY_LOCAL = range(4)


@part
def zone_state(areas: Array, sites: Array, a: int, z: int) -> tuple[float, float, float, float]:
    """Of one zone in one area (z = -1: the whole area), as assessed: share of its sites in full implementation and
    certified, share of its started sites certified, mean local capacity of its started sites.
    """
    there = full = certified = started = measured = 0
    capacity = 0.0
    for i in range(areas[a].first_site, areas[a].last_site):
        if z >= 0 and sites[i].zone != z:
            continue
        there += 1
        full += sites[i].stage == site.FULL
        certified += sites[i].certified
        if sites[i].month_started >= 0:
            started += 1
            if not np.isnan(sites[i].assessed_capacity):
                capacity += sites[i].assessed_capacity
                measured += 1
    return share(full, there), share(certified, there), share(certified, started), share(capacity, measured)


@part
def core_capacity(teams: Array, core_count: int, a: int) -> float:
    """Mean capacity of an area's core teams."""
    total = 0.0
    count = 0
    for t in range(core_count):
        if teams[t].area == a:
            total += teams[t].capacity
            count += 1
    return share(total, count)


@part
def condition_met(areas: Array, sites: Array, teams: Array, core_count: int, events: Array, e: int, a: int) -> bool:
    """Is an undated event's condition true in this area?"""
    measure = events[e].measure
    if measure == CAPACITY_CORE:
        value = core_capacity(teams, core_count, a)
    else:
        full, certified, _, capacity = zone_state(areas, sites, a, events[e].zone)
        value = full if measure == FULL_SHARE else (certified if measure == CERTIFIED_SHARE else capacity)
    return bool(value >= events[e].threshold)


@part
def replace_leaders(
    leaders: Array,
    leader_areas: Array,
    pl: LeaderParameters,
    key: np.uint64,
    month: int,
    level: int,
    agency: int,
    a: int,
) -> None:
    """Leaders of a level (and agency) in an area leave and are replaced; nobody twice in a month."""
    word = draws.word_key(key, draws.LEADER, month)
    for i in range(leaders.shape[0]):
        if leaders[i].level != level or (agency >= 0 and leaders[i].agency != agency):
            continue
        serves = False
        for k in range(leaders[i].first_area, leaders[i].last_area):
            serves = serves or leader_areas[k] == a
        if serves and leaders[i].in_post_since != month:
            succeed(leaders, pl, i, draws.lower(draws.bits(word, leaders[i].id)), month)


@part
def succeed(leaders: Array, pl: LeaderParameters, i: int, uniform: float, month: int) -> None:
    """A successor takes leader i's post."""
    old = leaders[i].baseline
    leaders[i].baseline = leader.successor_baseline(pl, old, uniform)
    leaders[i].commitment = leader.successor_commitment(pl, leaders[i].commitment, old, leaders[i].baseline)
    leaders[i].in_post_since = month


@kernel
def fall_due(
    areas: Array,
    area_senior: Array,
    lever_table: Array,
    sites: Array,
    teams: Array,
    core_count: int,
    leaders: Array,
    leader_areas: Array,
    events: Array,
    fired: Array,
    change_lever: Array,
    change_value: Array,
    external_end: int,
    pl: LeaderParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Dated events of this month and undated ones whose condition has come true; each once in an area."""
    for e in range(events.shape[0]):
        for a in range(areas.shape[0]):
            if fired[a, e] == 1:
                continue
            dated = events[e].month
            due = dated == month if dated >= 0 else condition_met(areas, sites, teams, core_count, events, e, a)
            if not due:
                continue
            fired[a, e] = 1
            for k in range(events[e].first_change, events[e].last_change):
                lever_table[a, change_lever[k]] = change_value[k]
            if events[e].leaves >= 0:
                replace_leaders(leaders, leader_areas, pl, key, month, events[e].leaves, events[e].agency, a)
            if events[e].withdraws == 1 and areas[a].support_ended < 0:
                areas[a].support_ended = month
    if external_end == month:
        for a in range(areas.shape[0]):
            if areas[a].support_ended < 0:
                areas[a].support_ended = month
    gather_group(areas, leaders, area_senior, pl, month)


@kernel
def remember_support_end(areas: Array, sites: Array, month: int) -> None:
    """Which sites were certified when external support ended, and which of them still are 60 months on."""
    for i in range(sites.shape[0]):
        ended = areas[sites[i].area].support_ended
        if ended == month:
            sites[i].certified_at_end = sites[i].certified
            sites[i].kept = -2 if sites[i].certified == 1 else -1
        elif ended >= 0 and month == ended + 60 and sites[i].certified_at_end == 1:
            sites[i].kept = sites[i].certified


@part
def benefit_shown(
    areas: Array, sites: Array, families: Families, ps: SiteParameters, key: np.uint64, a: int, z: int, needed: float
) -> bool:
    """Do a zone's own outcome data show the benefit that a gate asks for? Their error shrinks with numbers."""
    reached = 0
    total = 0
    for i in range(areas[a].first_site, areas[a].last_site):
        if sites[i].zone == z:
            for h in range(sites[i].first_family, sites[i].last_family):
                reached += (families.home[h].history & REACHED) != 0
                total += families.home[h].benefit
    if reached == 0:
        return False
    luck = draws.bits(draws.word_key(key, draws.OUTCOME, z), areas[a].id)
    benefit = family.mean_benefit(total, reached)
    seen = site.outcome_seen(ps, benefit, reached, draws.upper(luck), draws.lower(luck))
    return bool(site.outcome_met(seen, needed))


@kernel
def open_zones(
    areas: Array,
    sites: Array,
    families: Families,
    zones: Array,
    opened: Array,
    blocked: Array,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """A zone opens in its month or once its gate is met (at the latest by `latest`); its sites begin to explore."""
    for a in range(areas.shape[0]):
        for z in range(zones.shape[0]):
            if opened[a, z] >= 0 or blocked[a, z] == 1:
                continue
            if zones[z].opens >= 0:
                due = month >= zones[z].opens
            else:
                due = zones[z].latest >= 0 and month >= zones[z].latest
                earlier = zones[z].gate_of
                if not due and earlier >= 0 and opened[a, earlier] >= 0:
                    _, _, certified, capacity = zone_state(areas, sites, a, earlier)
                    due = site.gate_met(certified, capacity, zones[z].gate_certified, zones[z].gate_capacity)
                    if due and zones[z].gate_outcome >= 0.0:
                        due = benefit_shown(areas, sites, families, ps, key, a, earlier, zones[z].gate_outcome)
            if due:
                opened[a, z] = month
                for i in range(areas[a].first_site, areas[a].last_site):
                    if sites[i].zone == z and sites[i].stage == site.NOT_ENGAGED:
                        sites[i].stage = site.EXPLORATION


@kernel
def advance_sites(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    teams: Array,
    leaders: Array,
    zones: Array,
    similarity: Array,
    pp: PractitionerParameters,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Mutual selection, then installation; training is delivered when installation is done."""
    word = draws.word_key(key, draws.SITE, month)
    for i in range(sites.shape[0]):
        a = sites[i].area
        manager = leaders[sites[i].manager].commitment
        if sites[i].stage == site.EXPLORATION:
            core = sites[i].core
            prepared = teams[core].attention if core >= 0 else 0.0
            hazard = site.selected(ps, mean_readiness(sites, people, i), manager, prepared)
            if draws.upper(draws.bits(word, sites[i].id)) < probability(hazard):
                sites[i].stage = site.INSTALLATION
                z = sites[i].zone
                likeness = similarity[a, z] if z < zones.shape[0] else 0.0
                sites[i].barrier = site.barrier_on_entry(ps, sites[i].barrier, areas[a].playbook, likeness)
                sites[i].barrier = site.mapped(ps, sites[i].barrier, levers[a].data_mapping)
                if sites[i].team >= 0:
                    teams[sites[i].team].formed = 1
        elif sites[i].stage == site.INSTALLATION and sites[i].month_started < 0:
            senior = leaders[sites[i].senior].commitment if sites[i].senior >= 0 else manager
            budget = year.budget_left(levers[a].released_time, levers[a].budget_squeeze, areas[a].calendar)
            done = site.installed(ps, leader.released(manager, senior, budget))
            terms = levers[a].terms_of_reference if sites[i].core >= 0 else 0.0
            sites[i].install += site.clearer(ps, done, terms)
            if sites[i].install >= 1.0:
                sites[i].month_started = month
                deliver_training(sites, people, levers, pp, key, month, i)


@part
def mean_readiness(sites: Array, people: People, i: int) -> float:
    """Mean readiness of a site's staff today."""
    total = 0.0
    for j in range(sites[i].first_person, sites[i].last_person):
        total += people.readiness[j]
    return share(total, sites[i].last_person - sites[i].first_person)


@part
def deliver_training(
    sites: Array, people: People, levers: Array, pp: PractitionerParameters, key: np.uint64, month: int, i: int
) -> None:
    """Those who attend are trained; with no training in the plan the site starts all the same."""
    if levers[sites[i].area].training == 0.0:
        return
    word = draws.word_key(key, draws.TRAINING, month)
    for j in range(sites[i].first_person, sites[i].last_person):
        if draws.lower(draws.bits(word, people.id[j])) < pp.attendance and people.trained[j] == 0:
            sites[i].trained += 1
            sites[i].aware += people.aware[j] == 0
            people.trained[j] = 1
            people.aware[j] = 1
            sites[i].trained_now += 1
    sites[i].setting = -1
