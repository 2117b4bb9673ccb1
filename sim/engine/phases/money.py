"""Cost of the month: cash and released time, by zone and by agency and year.

Area-wide cost (core teams, external support, senior and operational leaders) is shared among an area's zones in
proportion to their sites that take part; before any does, it stands with the first zone, or outside where there is
none.
"""

from __future__ import annotations

from sim.engine.kernel import part, step
from sim.engine.phases.budget import data_bill, has_core, some_started, tests_design, work_at
from sim.engine.phases.outlook import everyone
from sim.engine.phases.purse import CASH, EXTERNAL, TIME, WHOLE
from sim.engine.phases.teams import cores_each_supports, is_served, sites_served
from sim.engine.world import Actors, Books, Now
from sim.levers import NO_LIMIT
from sim.organisation.codes import MANAGER, THIRD_SECTOR
from sim.parameters import Parameters
from sim.rules import leader, money, site, team, work


@part
def charge(w: Actors, books: Books, at: tuple[int, int, int, int], column: int, amount: float) -> None:
    """Book an amount, where there is any, to an area, a zone and an agency in a year (`at`)."""
    if amount == 0.0:
        return
    a, zone, agency, year = at
    books.cost_zone[zone, column] += amount
    books.cost_agency[agency, year, column] += amount
    w.left[a, agency, column] -= amount
    w.left[a, WHOLE, column] -= amount


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
def charge_area(w: Actors, books: Books, at: tuple[int, int, int], column: int, amount: float) -> None:
    """Book a common cost of an area (first in `at`) to an agency in a year."""
    a, agency, year = at
    if amount == 0.0:
        return
    books.cost_agency[agency, year, column] += amount
    w.left[a, agency, column] -= amount
    w.left[a, WHOLE, column] -= amount
    for z in range(books.weights.shape[1]):
        books.cost_zone[z, column] += amount * books.weights[a, z]


@part
def charge_sites(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Training, coaching, data, other help and the work of what was chosen, of every site."""
    for i in range(w.sites.shape[0]):
        a = w.sites[i].area
        at = (a, w.sites[i].zone, w.sites[i].agency, year)
        if w.sites[i].trained_now > 0:
            charge(w, books, at, CASH, money.training_cash(p.cost, w.sites[i].trained_now))
            charge(w, books, at, TIME, money.training_time(p.cost, w.sites[i].trained_now))
            w.sites[i].trained_now = 0
        if w.sites[i].dose > 0.0:
            charge(w, books, at, TIME, money.coaching_time(p.cost, w.sites[i].coached, w.sites[i].dose))
        if w.areas[a].help > 0.0:
            staff, everybody = (w.sites[i].last_person - w.sites[i].first_person, everyone(w, a))
            cash = money.help_cash(p.cost, w.areas[a].help, w.levers[a].budget_training)
            time = money.help_time(p.cost, w.areas[a].help, w.levers[a].budget_training)
            charge(w, books, at, CASH, money.part_of(cash, staff, everybody))
            charge(w, books, at, TIME, money.part_of(time, staff, everybody))
        if w.sites[i].month_started >= 0 and w.sites[i].able > 0.0:
            charge(w, books, at, CASH, data_bill(w, p, i) * w.areas[a].paid_cash)
        hours = work.site_hours(p.cost, w.levers[a], work_at(w, i))
        if hours > 0.0:
            charge(w, books, at, TIME, work.worth(p.cost, hours))


@part
def charge_teams(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Members' time and their work with other teams (a local team's by its sites that take part, a core team's by its
    agencies), and external support.
    """
    for t in range(w.teams.shape[0]):
        if w.teams[t].formed == 0:
            continue
        hands = team.hands(p.team, w.teams[t].members, w.teams[t].committee == 1, w.teams[t].resources)
        post = p.team.share_of_post if t < w.core_count else p.team.share_of_post_local
        a = w.teams[t].area
        new = w.levers[a].new_posts * w.teams[t].paid
        amount = money.team_time(p.cost, hands, post, leader.repurposed(w.teams[t].released, new))
        cash = money.paid(money.team_time(p.cost, hands, post, new), amount, w.levers[a].backfill)
        if t >= w.core_count:
            amount += work.worth(p.cost, work.local_hours(p.cost, w.levers[a], w.teams[t].lent))
            served = sites_served(w, t)
            for k in range(w.teams[t].first_site, w.teams[t].last_site):
                i = w.team_sites[k]
                if is_served(w, t, i):
                    charge(w, books, (a, w.sites[i].zone, w.sites[i].agency, year), TIME, amount / served)
                    charge(w, books, (a, w.sites[i].zone, w.sites[i].agency, year), CASH, cash / served)
            continue
        amount += work.worth(p.cost, work.core_hours(p.cost, w.levers[a], w.teams[t].members, tests_design(w, p, a)))
        for agency in range(w.teams[t].agencies):
            charge_area(w, books, (a, agency, year), TIME, amount / w.teams[t].agencies)
            charge_area(w, books, (a, agency, year), CASH, cash / w.teams[t].agencies)
        given = team.external_attention(p.team, w.teams[t].external, cores_each_supports(w))
        charge_area(w, books, (a, EXTERNAL, year), CASH, money.external_cash(p.cost, given))


@part
def charge_areas(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """The neutral partner, the data system, and places in support that community partners add."""
    for a in range(w.areas.shape[0]):
        lever = w.levers[a]
        if has_core(w, a):
            charge_area(w, books, (a, EXTERNAL, year), CASH, work.partner_cash(p.cost, lever))
        if has_core(w, a) and some_started(w, a):
            covered = w.planned[a].data_agencies
            for agency in range(EXTERNAL):
                if agency < covered:
                    hours = work.coverage_hours(p.cost, covered, agency) * w.areas[a].paid_time
                    charge_area(w, books, (a, agency, year), TIME, work.worth(p.cost, hours))
        if lever.support_places < NO_LIMIT:
            hours = work.place_hours(p.cost, w.areas[a].in_need_at_first, lever.community_places)
            charge_area(w, books, (a, THIRD_SECTOR, year), TIME, work.worth(p.cost, hours))


@part
def charge_leaders(w: Actors, books: Books, p: Parameters, year: int) -> None:
    """Time that engaged leaders give."""
    for i in range(w.leaders.shape[0]):
        amount = money.leader_time(p.cost, w.leaders[i].engaged)
        agency = w.leaders[i].agency
        if w.leaders[i].level == MANAGER:
            if amount > 0.0:
                own = w.leaders[i].site
                charge(w, books, (w.sites[own].area, w.sites[own].zone, agency, year), TIME, amount)
            continue
        first, last = (w.leaders[i].first_area, w.leaders[i].last_area)
        for k in range(first, last):
            charge_area(w, books, (w.leader_areas[k], agency, year), TIME, amount / (last - first))


@step
def spend(w: Actors, books: Books, p: Parameters, now: Now) -> None:
    """Book everything the month cost; month 1 to 12 are the first year."""
    year = max(0, (now.month - 1) // 12)
    weigh_zones(w, books)
    charge_sites(w, books, p, year)
    charge_teams(w, books, p, year)
    charge_areas(w, books, p, year)
    charge_leaders(w, books, p, year)
