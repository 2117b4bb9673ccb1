"""The order of a month, once for the compiled engine (the Mesa model follows the same list in `model.py`).

Month 0 is the state before the first month: everybody's first state, then events dated 0 and zones that open at 0.
Then every month, in this order; within a phase every agent reads the state as it stood when the phase began:

1. plan           events fall due; sites move through selection and installation; zones open
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
)
from sim.engine.world import Array, Record, World
from sim.parameters import Parameters


@kernel
def first_day(w: World, core_count: int, external_end: int, p: Parameters, key: np.uint64) -> None:
    """Month 0."""
    start.begin_areas(
        w.areas, w.start_levers, w.lever_table, w.queue, w.opened, w.fired, w.cost_zone, w.cost_agency, p.site
    )
    start.begin_leaders(w.leaders, p.leader, key)
    start.begin_teams(w.teams, core_count, p.team)
    start.begin_sites(w.sites, w.teams, w.marked, p.practitioner, p.site, key)
    start.begin_practitioners(w.sites, w.areas, w.people, p.practitioner, key)
    start.begin_families(w.families, p.family, key)
    plan_phase(w, core_count, external_end, p, key, 0)


@kernel
def plan_phase(w: World, core_count: int, external_end: int, p: Parameters, key: np.uint64, month: int) -> None:
    """Phase 1."""
    plan.fall_due(
        w.areas, w.area_senior, w.lever_table, w.sites, w.teams, core_count, w.leaders, w.leader_areas, w.events,
        w.fired, w.change_lever, w.change_value, external_end, p.leader, key, month,
    )  # fmt: skip
    plan.remember_support_end(w.areas, w.sites, month)
    if month > 0:
        plan.advance_sites(
            w.areas, w.levers, w.sites, w.people, w.teams, w.leaders, w.zones, w.similarity, p.practitioner, p.site,
            key, month,
        )  # fmt: skip
    plan.open_zones(w.areas, w.sites, w.zones, w.opened, w.blocked, month)


@kernel
def teams_and_leaders(w: World, core_count: int, p: Parameters, key: np.uint64, month: int) -> None:
    """Phases 2 and 3."""
    cascade.external_strength(w.areas, w.levers, w.taper, month)
    cascade.divide_attention(w.levers, w.sites, w.teams, core_count, p.team)
    cascade.release_time(w.areas, w.area_senior, w.levers, w.sites, w.teams, core_count, w.team_sites, w.leaders)
    cascade.grow_capacity(w.areas, w.levers, w.teams, core_count, p.team)
    cascade.change_members(w.levers, w.teams, p.team, key, month)
    cascade.reach_sites(w.levers, w.sites, w.teams, core_count, p.team)
    leaders.survey_areas(w.areas, w.levers, w.sites, w.teams, core_count)
    leaders.commit(w.areas, w.area_senior, w.levers, w.sites, w.leaders, w.leader_areas, p.leader, key, month)


@kernel
def one_month(w: World, core_count: int, external_end: int, p: Parameters, key: np.uint64, month: int) -> None:
    """One month, all phases."""
    plan_phase(w, core_count, external_end, p, key, month)
    teams_and_leaders(w, core_count, p, key, month)
    improvement.improve(
        w.areas, w.area_senior, w.queue, w.queue_id, w.opened, w.levers, w.sites, w.leaders, p.site, key, month
    )
    practitioners.practise(w.areas, w.levers, w.sites, w.people, w.leaders, p.practitioner, key, month)
    families.serve(w.levers, w.sites, w.people, w.families, p.practitioner, p.family, key, month)
    assessment.restage(w.levers, w.sites, w.people, w.marked, p.practitioner, p.team, p.site, key, month)
    money.spend(
        w.areas, w.levers, w.sites, w.teams, core_count, w.team_sites, w.leaders, w.leader_areas, w.zones,
        w.cost_zone, w.cost_agency, p.team, p.cost, month,
    )  # fmt: skip


@kernel
def run_replicate(
    w: World, core_count: int, external_end: int, p: Parameters, out: Record, key: np.uint64, stop: Array
) -> bool:
    """One replicate from month 0 to the last row of `out`; False when `stop[0]` was set on the way."""
    for month in range(out.area.shape[0]):
        if stop[0] != 0:
            return False
        if month == 0:
            first_day(w, core_count, external_end, p, key)
        else:
            one_month(w, core_count, external_end, p, key, month)
        measure.count(
            w.areas, w.sites, w.people, w.families, w.teams, core_count, w.leaders, w.cost_zone, p.practitioner, out,
            month,
        )  # fmt: skip
    return True
