"""Cost of the month: cash and released time, by zone and by agency and year.

Area-wide cost (core teams, external support, senior and operational leaders) is shared among an area's zones in
proportion to their sites that take part; before any does, it stands with the first zone, or outside where there is none.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import kernel
from sim.engine.setup import Course, Teams
from sim.engine.state import State
from sim.organisation.codes import AGENCIES, MANAGER
from sim.organisation.compile import Place
from sim.parameters import CostParameters, Levers, TeamParameters
from sim.rules import money, site, team

DATA_LAG = Levers._fields.index("data_lag_months")
CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)


@kernel
def charge(s: State, zone: int, agency: int, year: int, column: int, amount: float) -> None:
    """Book an amount to a zone and an agency."""
    s.cost_zone[zone, column] += amount
    s.cost_agency[agency, year, column] += amount


@kernel
def weigh_zones(place: Place, course: Course, s: State, weights: np.ndarray) -> None:
    """Share of each zone [A, Z + 1] in its area's common cost."""
    zones = course.opens.shape[0]
    weights[:] = 0.0
    for i in range(place.site_id.shape[0]):
        if s.stage[i] != site.NOT_ENGAGED:
            weights[place.site_area[i], course.site_zone[i]] += 1.0
    for a in range(weights.shape[0]):
        total = weights[a].sum()
        if total > 0.0:
            weights[a] /= total
        else:
            weights[a, 0 if zones > 0 else zones] = 1.0


@kernel
def charge_area(s: State, weights: np.ndarray, a: int, agency: int, year: int, column: int, amount: float) -> None:
    """Book an area's common cost."""
    if amount == 0.0:
        return
    s.cost_agency[agency, year, column] += amount
    for z in range(weights.shape[1]):
        s.cost_zone[z, column] += amount * weights[a, z]


@kernel
def charge_sites(place: Place, course: Course, pc: CostParameters, s: State, year: int) -> None:
    """Training, coaching and data of every site that takes part."""
    for i in range(place.site_id.shape[0]):
        zone, agency = course.site_zone[i], place.site_agency[i]
        if s.trained_now[i] > 0:
            charge(s, zone, agency, year, CASH, money.training_cash(pc, s.trained_now[i]))
            charge(s, zone, agency, year, TIME, money.training_time(pc, s.trained_now[i]))
            s.trained_now[i] = 0
        if s.dose[i] > 0.0:
            charge(s, zone, agency, year, TIME, money.coaching_time(pc, s.users[i], s.dose[i]))
        if s.milestones[i, 0] >= 0 and s.able[i] > 0.0:
            charge(s, zone, agency, year, CASH, money.data_cash(pc, s.levers[place.site_area[i], DATA_LAG]))


@kernel
def charge_teams(
    place: Place,
    teams: Teams,
    course: Course,
    pt: TeamParameters,
    pc: CostParameters,
    s: State,
    weights: np.ndarray,
    year: int,
) -> None:
    """Members' time (a local team's by its sites, a core team's by its agencies) and external support."""
    for t in range(teams.area.shape[0]):
        if s.formed[t] == 0:
            continue
        hands = team.hands(pt, s.members[t], teams.committee[t] == 1, teams.resources[t])
        amount = money.team_time(pc, hands, pt.share_of_post, s.released[t])
        if t >= teams.core_count:
            first, last = teams.site_ptr[t], teams.site_ptr[t + 1]
            for k in range(first, last):
                i = teams.site_index[k]
                charge(s, course.site_zone[i], place.site_agency[i], year, TIME, amount / (last - first))
            continue
        a = teams.area[t]
        for agency in range(teams.agencies[t]):
            charge_area(s, weights, a, agency, year, TIME, amount / teams.agencies[t])
        given = team.external_attention(pt, s.external[a], teams.core_count)
        charge_area(s, weights, a, EXTERNAL, year, CASH, money.external_cash(pc, given))


@kernel
def charge_leaders(
    place: Place, course: Course, pc: CostParameters, s: State, weights: np.ndarray, year: int
) -> None:
    """Time that engaged leaders give."""
    for i in range(place.leader_id.shape[0]):
        amount = money.leader_time(pc, s.engaged[i])
        agency = place.leader_agency[i]
        if place.leader_level[i] == MANAGER:
            if amount > 0.0:
                charge(s, course.site_zone[place.leader_site[i]], agency, year, TIME, amount)
            continue
        first, last = place.leader_area_ptr[i], place.leader_area_ptr[i + 1]
        for k in range(first, last):
            charge_area(s, weights, place.leader_area_index[k], agency, year, TIME, amount / (last - first))


@kernel
def spend(
    place: Place, teams: Teams, course: Course, pt: TeamParameters, pc: CostParameters, s: State, month: int
) -> None:
    """Book everything the month cost; month 1 to 12 are the first year."""
    year = max(0, (month - 1) // 12)
    weights = np.zeros((place.area_id.shape[0], course.opens.shape[0] + 1))
    weigh_zones(place, course, s, weights)
    charge_sites(place, course, pc, s, year)
    charge_teams(place, teams, course, pt, pc, s, weights, year)
    charge_leaders(place, course, pc, s, weights, year)
