"""Cost of the month: cash and released time, by zone and by agency and year.

Area-wide cost (core teams, external support, senior and operational leaders) is shared among an area's zones in
proportion to their sites that take part; before any does, it stands with the first zone, or outside where there is
none.
"""

from __future__ import annotations

from sim.engine.kernel import kernel, part
from sim.engine.phases.practitioners import everyone
from sim.engine.world import Array
from sim.organisation.codes import AGENCIES, MANAGER
from sim.parameters import CostParameters, SiteParameters, TeamParameters
from sim.rules import leader, money, site, team

CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)


@part
def charge(cost_zone: Array, cost_agency: Array, zone: int, agency: int, year: int, column: int, amount: float) -> None:
    """Book an amount to a zone and an agency."""
    cost_zone[zone, column] += amount
    cost_agency[agency, year, column] += amount


@part
def weigh_zones(sites: Array, weights: Array) -> None:
    """Share of each zone in its area's common cost [A, Z + 1]."""
    weights[:] = 0.0
    for i in range(sites.shape[0]):
        if sites[i].stage != site.NOT_ENGAGED:
            weights[sites[i].area, sites[i].zone] += 1.0
    for a in range(weights.shape[0]):
        total = 0.0
        for z in range(weights.shape[1]):
            total += weights[a, z]
        if total > 0.0:
            for z in range(weights.shape[1]):
                weights[a, z] = weights[a, z] / total
        else:
            weights[a, 0] = 1.0


@part
def charge_area(
    cost_zone: Array, cost_agency: Array, weights: Array, a: int, agency: int, year: int, column: int, amount: float
) -> None:
    """Book an area's common cost."""
    if amount == 0.0:
        return
    cost_agency[agency, year, column] += amount
    for z in range(weights.shape[1]):
        cost_zone[z, column] += amount * weights[a, z]


@part
def charge_sites(
    areas: Array,
    levers: Array,
    sites: Array,
    cost_zone: Array,
    cost_agency: Array,
    ps: SiteParameters,
    pc: CostParameters,
    year: int,
) -> None:
    """Training, coaching, data and other help of every site."""
    for i in range(sites.shape[0]):
        a = sites[i].area
        zone, agency = sites[i].zone, sites[i].agency
        if sites[i].trained_now > 0:
            charge(cost_zone, cost_agency, zone, agency, year, CASH, money.training_cash(pc, sites[i].trained_now))
            charge(cost_zone, cost_agency, zone, agency, year, TIME, money.training_time(pc, sites[i].trained_now))
            sites[i].trained_now = 0
        if sites[i].dose > 0.0:
            charge(
                cost_zone, cost_agency, zone, agency, year, TIME, money.coaching_time(pc, sites[i].users, sites[i].dose)
            )
        if areas[a].help > 0.0:
            staff, everybody = sites[i].last_person - sites[i].first_person, everyone(areas, sites, a)
            cash = money.help_cash(pc, areas[a].help, levers[a].budget_training)
            time = money.help_time(pc, areas[a].help, levers[a].budget_training)
            charge(cost_zone, cost_agency, zone, agency, year, CASH, money.part_of(cash, staff, everybody))
            charge(cost_zone, cost_agency, zone, agency, year, TIME, money.part_of(time, staff, everybody))
        if sites[i].month_started >= 0 and sites[i].able > 0.0:
            lag = site.lag_met(ps, levers[a].data_lag_months, agency, levers[a].data_agencies)
            charge(
                cost_zone,
                cost_agency,
                zone,
                agency,
                year,
                CASH,
                money.data_cash(pc, lag),
            )


@part
def charge_teams(
    areas: Array,
    levers: Array,
    sites: Array,
    teams: Array,
    core_count: int,
    team_sites: Array,
    cost_zone: Array,
    cost_agency: Array,
    weights: Array,
    pt: TeamParameters,
    pc: CostParameters,
    year: int,
) -> None:
    """Members' time (a local team's by its sites, a core team's by its agencies) and external support."""
    for t in range(teams.shape[0]):
        if teams[t].formed == 0:
            continue
        hands = team.hands(pt, teams[t].members, teams[t].committee == 1, teams[t].resources)
        post = pt.share_of_post if t < core_count else pt.share_of_post_local
        a = teams[t].area
        amount = money.team_time(pc, hands, post, leader.repurposed(teams[t].released, levers[a].new_posts))
        cash = money.paid(money.team_time(pc, hands, post, levers[a].new_posts), amount, levers[a].backfill)
        if t >= core_count:
            first, last = teams[t].first_site, teams[t].last_site
            for k in range(first, last):
                i = team_sites[k]
                charge(cost_zone, cost_agency, sites[i].zone, sites[i].agency, year, TIME, amount / (last - first))
                charge(cost_zone, cost_agency, sites[i].zone, sites[i].agency, year, CASH, cash / (last - first))
            continue
        for agency in range(teams[t].agencies):
            charge_area(cost_zone, cost_agency, weights, a, agency, year, TIME, amount / teams[t].agencies)
            charge_area(cost_zone, cost_agency, weights, a, agency, year, CASH, cash / teams[t].agencies)
        given = team.external_attention(pt, areas[a].external, core_count)
        charge_area(cost_zone, cost_agency, weights, a, EXTERNAL, year, CASH, money.external_cash(pc, given))


@part
def charge_leaders(
    sites: Array,
    leaders: Array,
    leader_areas: Array,
    cost_zone: Array,
    cost_agency: Array,
    weights: Array,
    pc: CostParameters,
    year: int,
) -> None:
    """Time that engaged leaders give."""
    for i in range(leaders.shape[0]):
        amount = money.leader_time(pc, leaders[i].engaged)
        agency = leaders[i].agency
        if leaders[i].level == MANAGER:
            if amount > 0.0:
                charge(cost_zone, cost_agency, sites[leaders[i].site].zone, agency, year, TIME, amount)
            continue
        first, last = leaders[i].first_area, leaders[i].last_area
        for k in range(first, last):
            charge_area(cost_zone, cost_agency, weights, leader_areas[k], agency, year, TIME, amount / (last - first))


@kernel
def spend(
    areas: Array,
    levers: Array,
    sites: Array,
    teams: Array,
    core_count: int,
    team_sites: Array,
    leaders: Array,
    leader_areas: Array,
    weights: Array,
    cost_zone: Array,
    cost_agency: Array,
    pt: TeamParameters,
    ps: SiteParameters,
    pc: CostParameters,
    month: int,
) -> None:
    """Book everything the month cost; month 1 to 12 are the first year."""
    year = max(0, (month - 1) // 12)
    weigh_zones(sites, weights)
    charge_sites(areas, levers, sites, cost_zone, cost_agency, ps, pc, year)
    charge_teams(areas, levers, sites, teams, core_count, team_sites, cost_zone, cost_agency, weights, pt, pc, year)
    charge_leaders(sites, leaders, leader_areas, cost_zone, cost_agency, weights, pc, year)
