"""Cost of the month: cash and released time, by zone and by agency and year.

Area-wide cost (core teams, external support, senior and operational leaders) is shared among an area's zones in
proportion to their sites that take part; before any does, it stands with the first zone, or outside where there is
none.
"""

from __future__ import annotations

from sim.engine.kernel import part, step
from sim.engine.phases.outlook import everyone
from sim.engine.world import Actors, Books, Now
from sim.organisation.codes import AGENCIES, MANAGER
from sim.parameters import Parameters
from sim.rules import leader, money, site, team

CASH, TIME = 0, 1
EXTERNAL = len(AGENCIES)


@part
def charge(books: Books, at: tuple[int, int, int], column: int, amount: float) -> None:
    """Book an amount to a zone and an agency in a year (`at`)."""
    zone, agency, year = at
    books.cost_zone[zone, column] += amount
    books.cost_agency[agency, year, column] += amount


@part
def weigh_zones(w: Actors, books: Books) -> None:
    """Share of each zone in its area's common cost [A, Z + 1]."""
    books.weights[:] = 0.0
    for i in range(w.sites.shape[0]):
        if w.sites[i].stage != site.NOT_ENGAGED:
            books.weights[w.sites[i].area, w.sites[i].zone] += 1.0
    for a in range(books.weights.shape[0]):
        total = 0.0
        for z in range(books.weights.shape[1]):
            total += books.weights[a, z]
        if total > 0.0:
            for z in range(books.weights.shape[1]):
                books.weights[a, z] = books.weights[a, z] / total
        else:
            books.weights[a, 0] = 1.0


@part
def charge_area(books: Books, at: tuple[int, int, int], column: int, amount: float) -> None:
    """Book a common cost of an area (first in `at`) to an agency in a year."""
    a, agency, year = at
    if amount == 0.0:
        return
    books.cost_agency[agency, year, column] += amount
    for z in range(books.weights.shape[1]):
        books.cost_zone[z, column] += amount * books.weights[a, z]


@part
def charge_sites(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Training, coaching, data and other help of every site."""
    for i in range(w.sites.shape[0]):
        a = w.sites[i].area
        zone, agency = (w.sites[i].zone, w.sites[i].agency)
        if w.sites[i].trained_now > 0:
            charge(books, (zone, agency, year), CASH, money.training_cash(p.cost, w.sites[i].trained_now))
            charge(books, (zone, agency, year), TIME, money.training_time(p.cost, w.sites[i].trained_now))
            w.sites[i].trained_now = 0
        if w.sites[i].dose > 0.0:
            charge(books, (zone, agency, year), TIME, money.coaching_time(p.cost, w.sites[i].users, w.sites[i].dose))
        if w.areas[a].help > 0.0:
            staff, everybody = (w.sites[i].last_person - w.sites[i].first_person, everyone(w, a))
            cash = money.help_cash(p.cost, w.areas[a].help, w.levers[a].budget_training)
            time = money.help_time(p.cost, w.areas[a].help, w.levers[a].budget_training)
            charge(books, (zone, agency, year), CASH, money.part_of(cash, staff, everybody))
            charge(books, (zone, agency, year), TIME, money.part_of(time, staff, everybody))
        if w.sites[i].month_started >= 0 and w.sites[i].able > 0.0:
            lag = site.lag_met(p.site, w.levers[a].data_lag_months, agency, w.levers[a].data_agencies)
            charge(books, (zone, agency, year), CASH, money.data_cash(p.cost, lag))


@part
def charge_teams(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Members' time (a local team's by its sites, a core team's by its agencies) and external support."""
    for t in range(w.teams.shape[0]):
        if w.teams[t].formed == 0:
            continue
        hands = team.hands(p.team, w.teams[t].members, w.teams[t].committee == 1, w.teams[t].resources)
        post = p.team.share_of_post if t < w.core_count else p.team.share_of_post_local
        a = w.teams[t].area
        amount = money.team_time(p.cost, hands, post, leader.repurposed(w.teams[t].released, w.levers[a].new_posts))
        cash = money.paid(money.team_time(p.cost, hands, post, w.levers[a].new_posts), amount, w.levers[a].backfill)
        if t >= w.core_count:
            first, last = (w.teams[t].first_site, w.teams[t].last_site)
            for k in range(first, last):
                i = w.team_sites[k]
                charge(books, (w.sites[i].zone, w.sites[i].agency, year), TIME, amount / (last - first))
                charge(books, (w.sites[i].zone, w.sites[i].agency, year), CASH, cash / (last - first))
            continue
        for agency in range(w.teams[t].agencies):
            charge_area(books, (a, agency, year), TIME, amount / w.teams[t].agencies)
            charge_area(books, (a, agency, year), CASH, cash / w.teams[t].agencies)
        given = team.external_attention(p.team, w.areas[a].external, w.core_count)
        charge_area(books, (a, EXTERNAL, year), CASH, money.external_cash(p.cost, given))


@part
def charge_leaders(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Time that engaged leaders give."""
    for i in range(w.leaders.shape[0]):
        amount = money.leader_time(p.cost, w.leaders[i].engaged)
        agency = w.leaders[i].agency
        if w.leaders[i].level == MANAGER:
            if amount > 0.0:
                charge(books, (w.sites[w.leaders[i].site].zone, agency, year), TIME, amount)
            continue
        first, last = (w.leaders[i].first_area, w.leaders[i].last_area)
        for k in range(first, last):
            charge_area(books, (w.leader_areas[k], agency, year), TIME, amount / (last - first))


@step
def spend(w: Actors, books: Books, p: Parameters, now: Now) -> None:
    """Book everything the month cost; month 1 to 12 are the first year."""
    year = max(0, (now.month - 1) // 12)
    weigh_zones(w, books)
    charge_sites(w, books, p, year)
    charge_teams(w, books, p, year)
    charge_leaders(w, books, p, year)
