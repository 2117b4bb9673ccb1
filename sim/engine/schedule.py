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
from sim.engine.setup import Course, Teams
from sim.engine.state import Array, Record, State
from sim.organisation.compile import Place
from sim.parameters import Parameters


@kernel
def first_day(
    place: Place, teams: Teams, course: Course, levers: Array, p: Parameters, s: State, key: np.uint64
) -> None:
    """Month 0."""
    start.begin_areas(place, levers, p.site, s)
    start.begin_leaders(place, p.leader, s, key)
    start.begin_teams(teams, p.team, s)
    start.begin_sites(place, teams, p.practitioner, p.site, s, key)
    start.begin_practitioners(place, p.practitioner, s, key)
    start.begin_families(place, p.family, s, key)
    plan.events(place, teams, course, p.leader, s, key, 0)
    plan.remember_support_end(place, s, 0)
    plan.open_zones(place, course, s, 0)


@kernel
def one_month(
    place: Place, teams: Teams, course: Course, p: Parameters, s: State, key: np.uint64, month: int
) -> None:
    """One month, all phases."""
    plan.events(place, teams, course, p.leader, s, key, month)
    plan.remember_support_end(place, s, month)
    plan.advance_sites(place, teams, course, p.practitioner, p.site, s, key, month)
    plan.open_zones(place, course, s, month)
    cascade.external_strength(place, course, s, month)
    cascade.divide_attention(place, teams, p.team, s)
    cascade.release_time(place, teams, s)
    cascade.grow_capacity(place, teams, p.team, s)
    cascade.change_members(teams, p.team, s, key, month)
    cascade.reach_sites(place, teams, p.team, s)
    leaders.survey_areas(place, teams, s)
    leaders.commit(place, p.leader, s, key, month)
    improvement.improve(place, teams, course, p.site, s, key, month)
    practitioners.practise(place, p.practitioner, s, key, month)
    families.serve(place, p.practitioner, p.family, s, key, month)
    assessment.restage(place, p.practitioner, p.team, p.site, s, key, month)
    money.spend(place, teams, course, p.team, p.cost, s, month)


@kernel
def run_replicate(
    place: Place,
    teams: Teams,
    course: Course,
    levers: Array,
    p: Parameters,
    s: State,
    out: Record,
    key: np.uint64,
    stop: Array,
) -> bool:
    """One replicate from month 0 to the last row of `out`; False when `stop[0]` was set on the way."""
    first_day(place, teams, course, levers, p, s, key)
    measure.count(place, teams, course, p.practitioner, s, out, 0)
    for month in range(1, out.area.shape[0]):
        if stop[0] != 0:
            return False
        one_month(place, teams, course, p, s, key, month)
        measure.count(place, teams, course, p.practitioner, s, out, month)
    return True
