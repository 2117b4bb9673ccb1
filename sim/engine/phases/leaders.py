"""Phase 3: leaders are engaged, drift, leave and are replaced; the multi-agency groups follow."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.phases.plan import core_capacity, succeed
from sim.engine.phases.start import gather_group
from sim.engine.world import Array
from sim.organisation.codes import MANAGER, SENIOR
from sim.parameters import LeaderParameters
from sim.rules import leader, site, team
from sim.rules.rule import probability, share


@kernel
def survey_areas(areas: Array, levers: Array, sites: Array, teams: Array, core_count: int) -> None:
    """What leaders of each area see of results, and what its teams can take on."""
    for a in range(areas.shape[0]):
        full = 0
        started = 0
        for i in range(areas[a].first_site, areas[a].last_site):
            if sites[i].month_started >= 0:
                started += 1
                full += sites[i].stage == site.FULL
        areas[a].visible = leader.visible_results(full, started, levers[a].communication)
        teamed = False
        for c in range(core_count):
            teamed = teamed or teams[c].area == a
        areas[a].work = team.work(core_capacity(teams, core_count, a), areas[a].external) if teamed else 0.0


@kernel
def commit(
    areas: Array,
    area_senior: Array,
    levers: Array,
    sites: Array,
    leaders: Array,
    leader_areas: Array,
    load: Array,
    pl: LeaderParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Every leader's commitment a month on, or the successor's."""
    word = draws.word_key(key, draws.LEADER, month)
    for i in range(leaders.shape[0]):
        level = leaders[i].level
        met = felt = visible = misaligned = factor = 0.0
        first, last = leaders[i].first_area, leaders[i].last_area
        for k in range(first, last):
            a = leader_areas[k]
            lever = levers[a].engagement_senior if level == SENIOR else levers[a].engagement_manager
            group = levers[a].engagement_group if level == SENIOR else 0.0
            engagement = leader.engagement(lever, group, areas[a].work)
            met += engagement
            felt += leader.felt(engagement, levers[a].dissatisfaction, areas[a].visible)
            visible += areas[a].visible
            misaligned += leader.misalignment(load[a, leaders[i].agency], areas[a].alignment)
            factor += levers[a].turnover_factor
        served = last - first
        taking_part = level != MANAGER or sites[leaders[i].site].stage != site.NOT_ENGAGED
        leaders[i].engaged = share(met, served) if taking_part else 0.0
        luck = draws.bits(word, leaders[i].id)
        leaving = probability(leader.leaves(pl, share(factor, served)))
        if leaders[i].in_post_since != month and draws.upper(luck) < leaving:
            succeed(leaders, pl, i, draws.lower(luck), month)
        else:
            leaders[i].commitment = leader.next_commitment(
                pl,
                leaders[i].commitment,
                leaders[i].baseline,
                share(felt, served) if taking_part else 0.0,
                share(visible, served),
                share(misaligned, served),
            )
    gather_group(areas, leaders, area_senior, pl, month)
