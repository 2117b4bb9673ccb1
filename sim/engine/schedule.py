"""The order of a month, once for the compiled engine (the Mesa model follows the same list in `model.py`).

Month 0 is the state before the first month: everybody's first state, then events dated 0 and zones that open at 0.
Then every month, in this order; within a phase every agent reads the state as it stood when the phase began:

1. plan           events fall due; initiatives, relationships and the calendar are read; sites move through selection
                  and installation; zones open
2. cascade        attention is divided; capacities move; members leave and are found; sites learn what support they get
3. leaders        engagement, drift, turnover; the groups follow
4. improvement    decisions on raised barriers; rapid cycles; usability testing; barriers return
5. practitioners  turnover, induction, awareness, start, skill, lapse; then peers see the change
6. families       need arises and resolves; identification, service, benefit
7. assessment     fidelity assessments, stages, certification; cost; everything is counted
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import kernel
from sim.engine.phases import (
    assessment,
    cascade,
    families,
    improvement,
    leaders,
    measure,
    money,
    plan,
    practitioners,
    start,
    surroundings,
)
from sim.engine.world import Array, Record, World
from sim.parameters import Parameters


# One line a call keeps the order of a month readable.
# fmt: off
@kernel
def run_replicate(
    w: World, core_count: int, external_end: int, p: Parameters, out: Record, key: np.uint64, stop: Array
) -> bool:
    """One replicate from month 0 to the last row of `out`; False when `stop[0]` was set on the way."""
    areas, levers, sites, people, teams = w.areas, w.levers, w.sites, w.people, w.teams
    seniors, chiefs, served, cores = w.area_senior, w.leaders, w.leader_areas, core_count
    zone_cost, agency_cost = w.cost_zone, w.cost_agency
    pp, pf, pt, pl, ps = p.practitioner, p.family, p.team, p.leader, p.site
    for month in range(out.area.shape[0]):
        if stop[0] != 0:
            return False
        if month == 0:
            start.begin_areas(areas, ps)
            start.begin_leaders(chiefs, pl, key)
            start.begin_teams(teams, cores, pt)
            start.begin_sites(sites, teams, pp, ps, key)
            start.begin_practitioners(sites, areas, people, pp, key)
            start.begin_families(areas, levers, sites, w.families, w.tally, pf, key)
            surroundings.begin_relationships(w.relationship, levers)
        plan.fall_due(areas, seniors, w.lever_table, sites, teams, cores, chiefs, served, w.events, w.fired,
                      w.change_lever, w.change_value, external_end, pl, key, month)
        surroundings.surround(areas, seniors, levers, w.relationship, w.between, w.load, w.initiatives, month)
        plan.remember_support_end(areas, sites, month)
        if month > 0:
            plan.advance_sites(areas, levers, sites, people, teams, chiefs, w.zones, w.similarity, pp, ps, key, month)
        plan.open_zones(areas, sites, w.families, w.zones, w.opened, w.blocked, ps, key, month)
        if month > 0:
            cascade.external_strength(areas, levers, w.taper, month)
            cascade.divide_attention(areas, levers, sites, teams, cores, pt)
            cascade.release_time(areas, seniors, levers, sites, teams, cores, w.team_sites, chiefs)
            cascade.grow_capacity(areas, levers, teams, cores, pt)
            cascade.change_members(levers, teams, pt, key, month)
            cascade.buy_help(areas, levers, sites, pt, p.cost)
            cascade.reach_sites(areas, levers, sites, teams, cores, pt)
            leaders.survey_areas(areas, levers, sites, teams, cores)
            leaders.commit(areas, seniors, levers, sites, chiefs, served, w.load, pl, key, month)
            surroundings.relate(areas, seniors, levers, w.relationship, teams, cores, chiefs, pl, month)
            improvement.improve(areas, seniors, w.queue, w.queue_id, w.opened, levers, sites, chiefs, ps, key, month)
            practitioners.practise(areas, levers, sites, people, chiefs, w.load, w.between, pp, key, month)
            families.serve(areas, levers, sites, people, w.families, w.tally, pp, pf, key, month)
            assessment.restage(levers, sites, people, w.marked, pp, pt, ps, key, month)
            money.spend(areas, levers, sites, teams, cores, w.team_sites, chiefs, served, w.weights, zone_cost,
                        agency_cost, pt, ps, p.cost, month)
        measure.count(areas, sites, w.tally, teams, cores, chiefs, zone_cost, out, month)
    return True
