"""Phase 1: events fall due; sites move through selection and installation; zones open."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.phases.start import gather_group
from sim.engine.setup import Course, Teams
from sim.engine.state import State
from sim.organisation.compile import Place
from sim.parameters import LeaderParameters, Levers, PractitionerParameters, SiteParameters
from sim.rules import leader, site
from sim.rules.rule import probability, share

TRAINING = Levers._fields.index("training")
RELEASED_TIME = Levers._fields.index("released_time")
FULL_SHARE, CERTIFIED_SHARE, CAPACITY_CORE, CAPACITY_LOCAL = range(4)


@kernel
def zone_state(place: Place, course: Course, s: State, a: int, z: int) -> tuple[float, float, float, float]:
    """Of one zone in one area (z = -1: the whole area), as assessed: share of its sites in full implementation and
    certified, share of its started sites certified, mean local capacity of its started sites."""
    sites = full = certified = started = measured = 0
    capacity = 0.0
    for i in range(place.site_id.shape[0]):
        if place.site_area[i] != a or (z >= 0 and course.site_zone[i] != z):
            continue
        sites += 1
        full += s.stage[i] == site.FULL
        certified += s.certified[i]
        if s.milestones[i, 0] >= 0:
            started += 1
            if not np.isnan(s.assessed_capacity[i]):
                capacity += s.assessed_capacity[i]
                measured += 1
    return share(full, sites), share(certified, sites), share(certified, started), share(capacity, measured)


@kernel
def core_capacity(teams: Teams, s: State, a: int) -> float:
    """Mean capacity of an area's core teams."""
    total = 0.0
    count = 0
    for t in range(teams.core_count):
        if teams.area[t] == a:
            total += s.capacity[t]
            count += 1
    return share(total, count)


@kernel
def condition_met(place: Place, teams: Teams, course: Course, s: State, e: int, a: int) -> bool:
    """Is an undated event's condition true in this area?"""
    measure = course.event_measure[e]
    if measure == CAPACITY_CORE:
        value = core_capacity(teams, s, a)
    else:
        full, certified, _, capacity = zone_state(place, course, s, a, course.event_zone[e])
        value = full if measure == FULL_SHARE else (certified if measure == CERTIFIED_SHARE else capacity)
    return value >= course.event_threshold[e]


@kernel
def replace_leaders(
    place: Place, pl: LeaderParameters, s: State, key: np.uint64, month: int, level: int, agency: int, a: int
) -> None:
    """Leaders of a level (and agency) in an area leave and are replaced; nobody twice in a month."""
    word = draws.word_key(key, draws.LEADER, month)
    for i in range(place.leader_id.shape[0]):
        if place.leader_level[i] != level or (agency >= 0 and place.leader_agency[i] != agency):
            continue
        serves = False
        for k in range(place.leader_area_ptr[i], place.leader_area_ptr[i + 1]):
            serves = serves or place.leader_area_index[k] == a
        if serves and s.in_post_since[i] != month:
            succeed(pl, s, i, draws.lower(draws.bits(word, place.leader_id[i])), month)


@kernel
def succeed(pl: LeaderParameters, s: State, i: int, uniform: float, month: int) -> None:
    """A successor takes leader i's post."""
    old = s.baseline[i]
    s.baseline[i] = leader.successor_baseline(pl, old, uniform)
    s.commitment[i] = leader.successor_commitment(pl, s.commitment[i], old, s.baseline[i])
    s.in_post_since[i] = month


@kernel
def events(
    place: Place, teams: Teams, course: Course, pl: LeaderParameters, s: State, key: np.uint64, month: int
) -> None:
    """Dated events of this month and undated ones whose condition has come true; each once in an area."""
    for e in range(course.event_month.shape[0]):
        for a in range(place.area_id.shape[0]):
            if s.fired[a, e] == 1:
                continue
            dated = course.event_month[e]
            due = dated == month if dated >= 0 else condition_met(place, teams, course, s, e, a)
            if not due:
                continue
            s.fired[a, e] = 1
            for k in range(course.event_ptr[e], course.event_ptr[e + 1]):
                s.levers[a, course.event_lever[k]] = course.event_value[k]
            if course.event_leaves[e] >= 0:
                replace_leaders(place, pl, s, key, month, course.event_leaves[e], course.event_agency[e], a)
            if course.event_withdraws[e] == 1 and s.support_ended[a] < 0:
                s.support_ended[a] = month
    if course.external_end == month:
        for a in range(place.area_id.shape[0]):
            if s.support_ended[a] < 0:
                s.support_ended[a] = month
    gather_group(place, pl, s, month)


@kernel
def remember_support_end(place: Place, s: State, month: int) -> None:
    """Which sites were certified when external support ended, and which of them still are 60 months on."""
    for i in range(place.site_id.shape[0]):
        ended = s.support_ended[place.site_area[i]]
        if ended == month:
            s.certified_at_end[i] = s.certified[i]
            s.kept[i] = -2 if s.certified[i] == 1 else -1
        elif ended >= 0 and month == ended + 60 and s.certified_at_end[i] == 1:
            s.kept[i] = s.certified[i]


@kernel
def open_zones(place: Place, course: Course, s: State, month: int) -> None:
    """A zone opens in its month or once its gate is met (at the latest by `latest`); its sites begin to explore."""
    for a in range(place.area_id.shape[0]):
        for z in range(course.opens.shape[0]):
            if s.opened[a, z] >= 0 or course.blocked[a, z] == 1:
                continue
            if course.opens[z] >= 0:
                due = month >= course.opens[z]
            else:
                due = course.latest[z] >= 0 and month >= course.latest[z]
                earlier = course.gate_of[z]
                if not due and earlier >= 0 and s.opened[a, earlier] >= 0:
                    _, _, certified, capacity = zone_state(place, course, s, a, earlier)
                    due = site.gate_met(certified, capacity, course.gate[z, 0], course.gate[z, 1])
            if due:
                s.opened[a, z] = month
                for i in range(place.site_id.shape[0]):
                    mine = place.site_area[i] == a and course.site_zone[i] == z
                    if mine and s.stage[i] == site.NOT_ENGAGED:
                        s.stage[i] = site.EXPLORATION


@kernel
def advance_sites(
    place: Place,
    teams: Teams,
    course: Course,
    pp: PractitionerParameters,
    ps: SiteParameters,
    s: State,
    key: np.uint64,
    month: int,
) -> None:
    """Mutual selection, then installation; training is delivered when installation is done."""
    word = draws.word_key(key, draws.SITE, month)
    for i in range(place.site_id.shape[0]):
        a = place.site_area[i]
        manager = s.commitment[place.site_manager[i]]
        if s.stage[i] == site.EXPLORATION:
            core = teams.core_of_site[i]
            prepared = s.attention[core] if core >= 0 else 0.0
            hazard = site.selected(ps, mean_readiness(place, s, i), manager, prepared)
            if draws.upper(draws.bits(word, place.site_id[i])) < probability(hazard):
                s.stage[i] = site.INSTALLATION
                z = course.site_zone[i]
                likeness = course.similarity[a, z] if z < course.opens.shape[0] else 0.0
                s.barrier[i] = site.barrier_on_entry(ps, s.barrier[i], s.playbook[a], likeness)
                if teams.of_site[i] >= 0:
                    s.formed[teams.of_site[i]] = 1
        elif s.stage[i] == site.INSTALLATION and s.milestones[i, 0] < 0:
            senior = s.commitment[place.site_senior[i]] if place.site_senior[i] >= 0 else manager
            s.install[i] += site.installed(ps, leader.released(manager, senior, s.levers[a, RELEASED_TIME]))
            if s.install[i] >= 1.0:
                s.milestones[i, 0] = month
                deliver_training(place, pp, s, key, month, i)


@kernel
def mean_readiness(place: Place, s: State, i: int) -> float:
    """Mean readiness of a site's staff today."""
    total = 0.0
    for j in range(place.staff_ptr[i], place.staff_ptr[i + 1]):
        total += s.readiness[j]
    return share(total, place.staff_ptr[i + 1] - place.staff_ptr[i])


@kernel
def deliver_training(
    place: Place, pp: PractitionerParameters, s: State, key: np.uint64, month: int, i: int
) -> None:
    """Those who attend are trained; with no training in the plan the site starts all the same."""
    if s.levers[place.site_area[i], TRAINING] == 0.0:
        return
    word = draws.word_key(key, draws.TRAINING, month)
    for j in range(place.staff_ptr[i], place.staff_ptr[i + 1]):
        if draws.lower(draws.bits(word, place.person_id[j])) < pp.attendance and s.trained[j] == 0:
            s.trained[j] = 1
            s.aware[j] = 1
            s.trained_now[i] += 1
