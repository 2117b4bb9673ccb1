"""Phase 4: the three improvement cycles: rapid cycles at sites, usability testing of the design, the practice-policy
loop.
"""

from __future__ import annotations

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.world import Actors, Now, PlanState
from sim.organisation.codes import AGENCIES, EDUCATION
from sim.parameters import Parameters
from sim.rules import site, year

CROSS = len(AGENCIES)
NOBODY = 1_000_000


@part
def permitted_since(w: Actors, a: int) -> int:
    """Since when the group's chair, who permits what rules do not, has been in post; an area without leaders: never."""
    chair = w.areas[a].chair
    return w.leaders[chair].in_post_since if chair >= 0 else NOBODY


@part
def in_relaxed_zone(w: Actors, plan: PlanState, i: int) -> bool:
    """Does site i belong to a zone that has opened, and in which rules are still relaxed?"""
    z, a = (w.sites[i].zone, w.sites[i].area)
    if z >= plan.opened.shape[1]:
        return False
    return site.relaxed(int(w.levers[a].relaxed_rules), plan.opened[a, z], permitted_since(w, a))


@part
def practice_policy_loop(w: Actors, plan: PlanState, p: Parameters, now: Now) -> None:
    """Each leader (the group, where every agency is needed) decides on one raised barrier at most."""
    for a in range(w.areas.shape[0]):
        rests_on = int(w.levers[a].relaxed_rules)
        any_open = False
        for z in range(plan.opened.shape[1]):
            any_open = any_open or site.relaxed(rests_on, plan.opened[a, z], permitted_since(w, a))
        ease = site.latitude(p.site, any_open, site.backing(rests_on, w.areas[a].group))
        for q in range(CROSS + 1):
            if w.queue[a, q] == 0:
                continue
            senior = -1 if q == CROSS else w.area_senior[a, q]
            commitment = w.leaders[senior].commitment if senior >= 0 else w.areas[a].group
            uniform = draws.barrier_is_decided(now.key, now.month, w.queue_id[a, q])
            if uniform < site.decides(w.levers[a].communication, commitment):
                w.queue[a, q] -= 1
                w.areas[a].removed += 1
                w.areas[a].system_barrier = site.system_after_decision(p.site, w.areas[a].system_barrier, ease)


@part
def rapid_cycles(w: Actors, plan: PlanState, p: Parameters, now: Now) -> None:
    """Site teams remove local barriers and raise those beyond the site (met in proportion to what stood before)."""
    for i in range(w.sites.shape[0]):
        a = w.sites[i].area
        if w.sites[i].month_started >= 0 and w.sites[i].able > 0.0:
            lag = site.lag_met(p.site, w.levers[a].data_lag_months, w.sites[i].agency, w.levers[a].data_agencies)
            running = w.levers[a].improvement_cycles
            if w.sites[i].agency == EDUCATION:
                running = year.in_term(running, w.levers[a].school_year, w.areas[a].calendar)
            w.sites[i].cycle += site.cycle_progress(p.site, lag, running)
            if w.sites[i].cycle >= 1.0:
                w.sites[i].cycle -= 1.0
                w.sites[i].cycles += 1
                quality = quality_at(w, p, i)
                relaxed = in_relaxed_zone(w, plan, i)
                ease = site.latitude(p.site, relaxed, site.backing(int(w.levers[a].relaxed_rules), w.areas[a].group))
                w.sites[i].barrier = site.barrier_after_cycle(
                    p.site, w.sites[i].barrier, w.sites[i].able, quality, ease
                )
                w.areas[a].playbook = site.playbook_after_cycle(p.site, w.areas[a].playbook, w.sites[i].able, quality)
                over = w.sites[i].operational
                passed_up = w.leaders[over].commitment if over >= 0 else w.leaders[w.sites[i].manager].commitment
                cross = draws.barrier_needs_all(now.key, now.month, w.sites[i].id) < p.site.cross_agency
                raised = site.raises(p.site, w.areas[a].barrier_met, passed_up)
                if cross:
                    raised = site.raised_between(raised, w.areas[a].surfaces)
                if draws.meets_barrier_beyond(now.key, now.month, w.sites[i].id) < raised:
                    w.queue[a, CROSS if cross else w.sites[i].agency] += 1
                    w.areas[a].raised += 1
        w.sites[i].barrier = site.barrier_returning(p.site, w.sites[i].barrier, w.sites[i].barrier_start)


@part
def quality_at(w: Actors, p: Parameters, i: int) -> float:
    """What can be learned from a site's data."""
    lever = w.levers[w.sites[i].area]
    lag = site.lag_met(p.site, lever.data_lag_months, w.sites[i].agency, lever.data_agencies)
    quality = site.data_quality(p.site, lag, lever.collective != 0.0)
    return site.quality_left(p.site, quality, lever.data_burden, lever.data_judgement)


@part
def usability_testing(w: Actors, p: Parameters) -> None:
    """Rounds of testing with users at sites that begin to use the practice, until the planned rounds are done."""
    for a in range(w.areas.shape[0]):
        users = 0
        for i in range(w.areas[a].first_site, w.areas[a].last_site):
            users += w.sites[i].users if w.sites[i].stage == site.INITIAL else 0
        if not site.testable(p.site, users) or w.areas[a].work <= 0.0 or w.areas[a].rounds >= p.site.usability_rounds:
            continue
        w.areas[a].round_progress += site.round_progress(p.site, w.levers[a].usability_testing)
        if w.areas[a].round_progress >= 1.0:
            w.areas[a].round_progress -= 1.0
            w.areas[a].rounds += 1
            w.areas[a].usability = site.usability_after_round(p.site, w.areas[a].usability, w.areas[a].work)


@step
def improve(w: Actors, plan: PlanState, p: Parameters, now: Now) -> None:
    """The three cycles in turn; what a site meets is the system as it stood when the phase began."""
    for a in range(w.areas.shape[0]):
        w.areas[a].barrier_met = w.areas[a].system_barrier
    practice_policy_loop(w, plan, p, now)
    rapid_cycles(w, plan, p, now)
    usability_testing(w, p)
    for a in range(w.areas.shape[0]):
        w.areas[a].system_barrier = site.system_returning(p.site, w.areas[a].system_barrier)
