"""Phase 3: leaders are engaged, drift, leave and are replaced; the multi-agency groups follow."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.phases.plan import core_capacity, succeed
from sim.engine.phases.start import gather_group
from sim.engine.setup import Teams
from sim.engine.state import State
from sim.organisation.codes import MANAGER, SENIOR
from sim.organisation.compile import Place
from sim.parameters import LeaderParameters, Levers
from sim.rules import leader, site, team
from sim.rules.rule import probability, share

COMMUNICATION = Levers._fields.index("communication")
ENGAGEMENT_GROUP = Levers._fields.index("engagement_group")
ENGAGEMENT_SENIOR = Levers._fields.index("engagement_senior")
ENGAGEMENT_MANAGER = Levers._fields.index("engagement_manager")
ALIGNMENT = Levers._fields.index("alignment")
INITIATIVE_LOAD = Levers._fields.index("initiative_load")
TURNOVER_FACTOR = Levers._fields.index("turnover_factor")


@kernel
def survey_areas(place: Place, teams: Teams, s: State) -> None:
    """What leaders of each area see of results, and what its teams can take on."""
    for a in range(place.area_id.shape[0]):
        full = 0
        started = 0
        for i in range(place.site_id.shape[0]):
            if place.site_area[i] == a and s.milestones[i, 0] >= 0:
                started += 1
                full += s.stage[i] == site.FULL
        s.visible[a] = leader.visible_results(full, started, s.levers[a, COMMUNICATION])
        teamed = False
        for c in range(teams.core_count):
            teamed = teamed or teams.area[c] == a
        s.work[a] = team.work(core_capacity(teams, s, a), s.external[a]) if teamed else 0.0


@kernel
def commit(place: Place, pl: LeaderParameters, s: State, key: np.uint64, month: int) -> None:
    """Every leader's commitment a month on, or the successor's."""
    word = draws.word_key(key, draws.LEADER, month)
    for i in range(place.leader_id.shape[0]):
        level = place.leader_level[i]
        met = visible = misaligned = factor = 0.0
        first, last = place.leader_area_ptr[i], place.leader_area_ptr[i + 1]
        for k in range(first, last):
            a = place.leader_area_index[k]
            lever = s.levers[a, ENGAGEMENT_SENIOR] if level == SENIOR else s.levers[a, ENGAGEMENT_MANAGER]
            group = s.levers[a, ENGAGEMENT_GROUP] if level == SENIOR else 0.0
            met += leader.engagement(lever, group, s.work[a])
            visible += s.visible[a]
            misaligned += leader.misalignment(s.levers[a, INITIATIVE_LOAD], s.levers[a, ALIGNMENT])
            factor += s.levers[a, TURNOVER_FACTOR]
        areas = last - first
        taking_part = level != MANAGER or s.stage[place.leader_site[i]] != site.NOT_ENGAGED
        s.engaged[i] = share(met, areas) if taking_part else 0.0
        luck = draws.bits(word, place.leader_id[i])
        if draws.upper(luck) < probability(leader.leaves(pl, share(factor, areas))):
            succeed(pl, s, i, draws.lower(luck), month)
        else:
            s.commitment[i] = leader.next_commitment(
                pl, s.commitment[i], s.baseline[i], s.engaged[i], share(visible, areas), share(misaligned, areas)
            )
    gather_group(place, pl, s, month)
