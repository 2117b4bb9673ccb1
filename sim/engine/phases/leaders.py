"""Phase 3: leaders are engaged, drift, leave and are replaced; the multi-agency groups follow."""

from __future__ import annotations

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.due import happens
from sim.engine.phases.plan import core_capacity, succeed
from sim.engine.phases.purse import TIME
from sim.engine.phases.start import gather_group
from sim.engine.world import Actors, Now
from sim.organisation.codes import MANAGER, SENIOR
from sim.parameters import Parameters
from sim.rules import leader, site, team
from sim.rules.leader import Influences
from sim.rules.rule import share


@step
def survey_areas(w: Actors) -> None:
    """What leaders of each area see of results, and what its teams can take on."""
    for a in range(w.areas.shape[0]):
        full = 0
        started = 0
        for i in range(w.areas[a].first_site, w.areas[a].last_site):
            if w.sites[i].month_started >= 0:
                started += 1
                full += w.sites[i].stage == site.FULL
        w.areas[a].visible = leader.visible_results(full, started, w.levers[a].communication)
        teamed = False
        for c in range(w.core_count):
            teamed = teamed or w.teams[c].area == a
        w.areas[a].work = team.work(core_capacity(w, a), w.areas[a].external) if teamed else 0.0


@part
def gather(w: Actors, i: int, paid: float) -> Influences:
    """What a leader meets this month, on average over the areas served; a site's manager is engaged only where the
    site explores or takes part, and everybody as far as the time for it is `paid`.
    """
    level, first, last = w.leaders[i].level, w.leaders[i].first_area, w.leaders[i].last_area
    met = felt = visible = misaligned = factor = 0.0
    for k in range(first, last):
        a = w.leader_areas[k]
        lever = w.levers[a].engagement_senior if level == SENIOR else w.levers[a].engagement_manager
        group = w.levers[a].engagement_group if level == SENIOR else 0.0
        engagement = leader.engagement(lever, group, w.areas[a].work)
        met += engagement
        felt += leader.felt(engagement, w.levers[a].dissatisfaction, w.areas[a].visible)
        visible += w.areas[a].visible
        misaligned += leader.misalignment(w.load[a, w.leaders[i].agency], w.areas[a].alignment)
        factor += w.levers[a].turnover_factor
    served = last - first
    taking_part = level != MANAGER
    if level == MANAGER:
        own = w.leaders[i].site
        taking_part = w.sites[own].stage != site.NOT_ENGAGED and w.sites[own].given_up < 0
    return Influences(
        engagement=mean(met, served) * paid if taking_part else 0.0,
        felt=mean(felt, served) * paid if taking_part else 0.0,
        results=mean(visible, served),
        misaligned=mean(misaligned, served),
        turnover=mean(factor, served),
    )


@part
def mean(total: float, count: int) -> float:
    """Total / count. Most leaders serve one area, and dividing takes long."""
    return total if count == 1 else share(total, count)


@part
def least_paid(w: Actors, i: int) -> float:
    """Share of a leader's time that budgets pay for: the least of the areas served."""
    paid = 1.0
    for k in range(w.leaders[i].first_area, w.leaders[i].last_area):
        a, agency = w.leader_areas[k], w.leaders[i].agency
        paid = min(paid, w.paid[a, agency, TIME] * w.paid_hours[a, agency])
    return paid


@step
def commit(w: Actors, p: Parameters, now: Now) -> None:
    """Every leader's commitment a month on, or the successor's."""
    for i in range(w.leaders.shape[0]):
        met = gather(w, i, least_paid(w, i))
        w.leaders[i].engaged = met.engagement
        uniform = draws.leader_leaves(now.key, now.month, w.leaders[i].id)
        if w.leaders[i].in_post_since != now.month and happens(uniform, leader.leaves(p.leader, met)):
            succeed(w, p, now, i)
        else:
            before, baseline = w.leaders[i].commitment, w.leaders[i].baseline
            w.leaders[i].commitment = leader.next_commitment(p.leader, before, baseline, met)
    gather_group(w, p, now)
