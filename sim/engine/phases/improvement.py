"""Phase 4: the three improvement cycles: rapid cycles at sites, usability testing of the design, the practice-policy
loop.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.world import Array
from sim.organisation.codes import AGENCIES, EDUCATION
from sim.parameters import SiteParameters
from sim.rules import site, year

CROSS = len(AGENCIES)
NOBODY = 1_000_000


@part
def permitted_since(areas: Array, leaders: Array, a: int) -> int:
    """Since when the group's chair, who permits what rules do not, has been in post; an area without leaders: never."""
    chair = areas[a].chair
    return leaders[chair].in_post_since if chair >= 0 else NOBODY


@part
def in_relaxed_zone(areas: Array, levers: Array, sites: Array, opened: Array, leaders: Array, i: int) -> bool:
    """Does site i belong to a zone that has opened, and in which rules are still relaxed?"""
    z, a = sites[i].zone, sites[i].area
    if z >= opened.shape[1]:
        return False
    return site.relaxed(int(levers[a].relaxed_rules), opened[a, z], permitted_since(areas, leaders, a))


@part
def practice_policy_loop(
    areas: Array,
    area_senior: Array,
    queue: Array,
    queue_id: Array,
    opened: Array,
    levers: Array,
    leaders: Array,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Each leader (the group, where every agency is needed) decides on one raised barrier at most."""
    word = draws.word_key(key, draws.QUEUE, month)
    for a in range(areas.shape[0]):
        rests_on = int(levers[a].relaxed_rules)
        any_open = False
        for z in range(opened.shape[1]):
            any_open = any_open or site.relaxed(rests_on, opened[a, z], permitted_since(areas, leaders, a))
        ease = site.latitude(ps, any_open, site.backing(rests_on, areas[a].group))
        for q in range(CROSS + 1):
            if queue[a, q] == 0:
                continue
            senior = -1 if q == CROSS else area_senior[a, q]
            commitment = leaders[senior].commitment if senior >= 0 else areas[a].group
            uniform = draws.upper(draws.bits(word, queue_id[a, q]))
            if uniform < site.decides(levers[a].communication, commitment):
                queue[a, q] -= 1
                areas[a].removed += 1
                areas[a].system_barrier = site.system_after_decision(ps, areas[a].system_barrier, ease)


@part
def rapid_cycles(
    areas: Array,
    queue: Array,
    opened: Array,
    levers: Array,
    sites: Array,
    leaders: Array,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Site teams remove local barriers and raise those beyond the site (met in proportion to what stood before)."""
    word = draws.word_key(key, draws.SITE, month)
    kind = draws.word_key(key, draws.SITE_BARRIER, month)
    for i in range(sites.shape[0]):
        a = sites[i].area
        if sites[i].month_started >= 0 and sites[i].able > 0.0:
            lag = site.lag_met(ps, levers[a].data_lag_months, sites[i].agency, levers[a].data_agencies)
            running = levers[a].improvement_cycles
            if sites[i].agency == EDUCATION:
                running = year.in_term(running, levers[a].school_year, areas[a].calendar)
            sites[i].cycle += site.cycle_progress(ps, lag, running)
            if sites[i].cycle >= 1.0:
                sites[i].cycle -= 1.0
                sites[i].cycles += 1
                quality = site.data_quality(ps, lag, levers[a].collective != 0.0)
                quality = site.quality_left(ps, quality, levers[a].data_burden, levers[a].data_judgement)
                relaxed = in_relaxed_zone(areas, levers, sites, opened, leaders, i)
                ease = site.latitude(ps, relaxed, site.backing(int(levers[a].relaxed_rules), areas[a].group))
                sites[i].barrier = site.barrier_after_cycle(ps, sites[i].barrier, sites[i].able, quality, ease)
                areas[a].playbook = site.playbook_after_cycle(ps, areas[a].playbook, sites[i].able, quality)
                over = sites[i].operational
                passed_up = leaders[over].commitment if over >= 0 else leaders[sites[i].manager].commitment
                cross = draws.upper(draws.bits(kind, sites[i].id)) < ps.cross_agency
                raised = site.raises(ps, areas[a].barrier_met, passed_up)
                if cross:
                    raised = site.raised_between(raised, areas[a].surfaces)
                if draws.lower(draws.bits(word, sites[i].id)) < raised:
                    queue[a, CROSS if cross else sites[i].agency] += 1
                    areas[a].raised += 1
        sites[i].barrier = site.barrier_returning(ps, sites[i].barrier, sites[i].barrier_start)


@part
def usability_testing(areas: Array, levers: Array, sites: Array, ps: SiteParameters) -> None:
    """Rounds of testing while sites install the practice or begin to use it, until the planned rounds are done."""
    for a in range(areas.shape[0]):
        trying = False
        for i in range(areas[a].first_site, areas[a].last_site):
            trying = trying or sites[i].stage == site.INSTALLATION or sites[i].stage == site.INITIAL
        if not trying or areas[a].work <= 0.0 or areas[a].rounds >= ps.usability_rounds:
            continue
        areas[a].round_progress += site.round_progress(ps, levers[a].usability_testing)
        if areas[a].round_progress >= 1.0:
            areas[a].round_progress -= 1.0
            areas[a].rounds += 1
            areas[a].usability = site.usability_after_round(ps, areas[a].usability, areas[a].work)


@kernel
def improve(
    areas: Array,
    area_senior: Array,
    queue: Array,
    queue_id: Array,
    opened: Array,
    levers: Array,
    sites: Array,
    leaders: Array,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """The three cycles in turn; what a site meets is the system as it stood when the phase began."""
    for a in range(areas.shape[0]):
        areas[a].barrier_met = areas[a].system_barrier
    practice_policy_loop(areas, area_senior, queue, queue_id, opened, levers, leaders, ps, key, month)
    rapid_cycles(areas, queue, opened, levers, sites, leaders, ps, key, month)
    usability_testing(areas, levers, sites, ps)
    for a in range(areas.shape[0]):
        areas[a].system_barrier = site.system_returning(ps, areas[a].system_barrier)
