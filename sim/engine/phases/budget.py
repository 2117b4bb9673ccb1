"""Budgets: what the month claims, what share of it is paid, and what that share leaves of what was planned.

Twice a month: teams, external support, data, other help and the work of what was chosen are paid first, with room
left for last month's coaching and leaders' time; these are paid from what is left. Coaching has fallen with the time of
those who coach, so those they coach are paid for in full. Nothing is looked at where nothing is limited.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import part, step
from sim.engine.phases.leaders import gather
from sim.engine.phases.outlook import everyone
from sim.engine.phases.purse import CASH, EXTERNAL, TIME, WHOLE, claim, payers, run_short, take
from sim.engine.phases.teams import cores_each_supports, is_served, sites_served
from sim.engine.world import Actors, Books, Now, PlanState
from sim.levers import NO_LIMIT, Levers
from sim.organisation.codes import THIRD_SECTOR
from sim.parameters import LEVERS, Parameters
from sim.rules import budget, leader, money, site, team, work
from sim.rules.work import SiteWork

LAG, PARTNER = Levers._fields.index("data_lag_months"), Levers._fields.index("neutral_partner")
FALLING = np.array([Levers._fields.index(name) for name in budget.IN_FORCE])
FOUND = np.array([LEVERS[name].about.found for name in budget.IN_FORCE])


@part
def work_at(w: Actors, i: int) -> SiteWork:
    """What a site has to do with the plan this month."""
    takes_part = w.sites[i].stage != site.NOT_ENGAGED and w.sites[i].given_up < 0
    started = takes_part and w.sites[i].month_started >= 0
    supported = started and (w.sites[i].team >= 0 or w.sites[i].core >= 0)
    return SiteWork(
        takes_part=1.0 if takes_part else 0.0,
        explores=1.0 if w.sites[i].stage == site.EXPLORATION else 0.0,
        started=1.0 if started else 0.0,
        supported=1.0 if supported else 0.0,
        coached=float(w.sites[i].coached),
    )


@part
def some_started(w: Actors, a: int) -> bool:
    """Has any site of an area started?"""
    started = False
    for i in range(w.areas[a].first_site, w.areas[a].last_site):
        started = started or w.sites[i].month_started >= 0
    return started


@part
def tests_design(w: Actors, p: Parameters, a: int) -> float:
    """1 while the design is tested in an area: some site has started, and rounds are still to come."""
    return 1.0 if w.areas[a].rounds < p.site.usability_rounds and some_started(w, a) else 0.0


@part
def data_bill(w: Actors, p: Parameters, i: int) -> float:
    """Cash for a site's data as planned."""
    lever = w.planned[w.sites[i].area]
    lag = site.lag_met(p.site, lever.data_lag_months, w.sites[i].agency, lever.data_agencies)
    return float(money.data_cash(p.cost, lag))


@part
def claim_sites(w: Actors, books: Books, p: Parameters) -> None:
    """Data, other help and the work of what was chosen, at every site."""
    for i in range(w.sites.shape[0]):
        a, agency = w.sites[i].area, w.sites[i].agency
        w.sites[i].coached = w.sites[i].users
        met = work_at(w, i)
        hours = work.site_hours(p.cost, w.planned[a], met)
        cash = data_bill(w, p, i) if met.supported > 0.0 else 0.0
        claim(books, (a, agency), cash, work.worth(p.cost, hours))
        if w.planned[a].budget > 0.0:
            everybody = everyone(w, a)
            amount = money.other_help(w.planned[a].budget, everybody)
            staff = w.sites[i].last_person - w.sites[i].first_person
            cash = money.help_cash(p.cost, amount, w.planned[a].budget_training)
            time = money.help_time(p.cost, amount, w.planned[a].budget_training)
            claim(books, (a, agency), money.part_of(cash, staff, everybody), money.part_of(time, staff, everybody))


@part
def claim_teams(w: Actors, books: Books, p: Parameters) -> None:
    """Members' time with a place that may be filled this month, and what teams do for one another."""
    for t in range(w.teams.shape[0]):
        if w.teams[t].formed == 0:
            continue
        a, core = w.teams[t].area, t < w.core_count
        members = w.teams[t].members + (1 if w.teams[t].members < w.teams[t].places else 0)
        hands = team.hands(p.team, members, w.teams[t].committee == 1, w.teams[t].resources)
        post = p.team.share_of_post if core else p.team.share_of_post_local
        lever = w.planned[a]
        time = money.team_time(p.cost, hands, post, leader.repurposed(w.teams[t].released, lever.new_posts))
        cash = money.paid(money.team_time(p.cost, hands, post, lever.new_posts), time, lever.backfill)
        if core:
            hours = work.core_hours(p.cost, lever, members, tests_design(w, p, a))
            time += work.worth(p.cost, hours)
            for agency in range(w.teams[t].agencies):
                claim(books, (a, agency), cash / w.teams[t].agencies, time / w.teams[t].agencies)
            continue
        lent = team.mentors(p.team, w.teams[t].capacity, lever.mentoring)
        time += work.worth(p.cost, work.local_hours(p.cost, lever, lent))
        served = sites_served(w, t)
        for k in range(w.teams[t].first_site, w.teams[t].last_site):
            if is_served(w, t, w.team_sites[k]):
                claim(books, (a, w.sites[w.team_sites[k]].agency), cash / served, time / served)


@part
def claim_areas(w: Actors, books: Books, p: Parameters) -> None:
    """External support to every core team, the neutral partner, the data system, places that partners add."""
    for c in range(w.core_count):
        if w.teams[c].formed == 1:
            given = team.external_attention(p.team, w.teams[c].external, cores_each_supports(w))
            claim(books, (w.teams[c].area, EXTERNAL), money.external_cash(p.cost, given), 0.0)
    for a in range(w.areas.shape[0]):
        lever = w.planned[a]
        if has_core(w, a):
            claim(books, (a, EXTERNAL), work.partner_cash(p.cost, lever), 0.0)
        if has_core(w, a) and some_started(w, a):
            for agency in range(EXTERNAL):
                if agency < lever.data_agencies:
                    hours = work.coverage_hours(p.cost, lever.data_agencies, agency)
                    claim(books, (a, agency), 0.0, work.worth(p.cost, hours))
        if lever.support_places < NO_LIMIT:
            hours = work.place_hours(p.cost, w.areas[a].in_need_at_first, lever.community_places)
            claim(books, (a, THIRD_SECTOR), 0.0, work.worth(p.cost, hours))


@part
def has_core(w: Actors, a: int) -> bool:
    """Does an area have a core team?"""
    there = False
    for c in range(w.core_count):
        there = there or w.teams[c].area == a
    return there


@part
def share_out(w: Actors, books: Books, a: int, month: int) -> None:
    """What share of its claims each agency of an area is paid: by what is left for a month, of its own and in all."""
    for payer in range(WHOLE + 1):
        for column in range(2):
            left = w.left[a, payer, column] - w.taken[a, payer, column]
            books.allowed[a, payer, column] = budget.allowance(left, budget.months_left(month))
    for agency in range(WHOLE):
        cash = time = 1.0
        for payer in payers(agency):
            cash = min(cash, budget.funded(books.allowed[a, payer, CASH], books.claims[a, payer, CASH]))
            hours = books.claims[a, payer, TIME] + books.later[a, payer]
            time = min(time, budget.funded(books.allowed[a, payer, TIME], hours))
        w.paid[a, agency, CASH], w.paid[a, agency, TIME] = cash, time
    find_least_paid(w, books, a)
    for agency in range(WHOLE):
        cash = books.claims[a, agency, CASH] * w.paid[a, agency, CASH]
        time = books.claims[a, agency, TIME] * w.paid[a, agency, TIME]
        take(w, (a, agency), cash, time)
        for payer in payers(agency):
            books.allowed[a, payer, TIME] -= time


@part
def find_least_paid(w: Actors, books: Books, a: int) -> None:
    """Share of cash and of time paid to the agency of an area that is paid least; of cash, external support apart."""
    w.areas[a].paid_cash = w.areas[a].paid_time = 1.0
    for agency in range(WHOLE):
        if books.claims[a, agency, TIME] > 0.0:
            w.areas[a].paid_time = min(w.areas[a].paid_time, w.paid[a, agency, TIME])
            if w.paid[a, agency, TIME] < 1.0:
                run_short(w, a)
        if books.claims[a, agency, CASH] > 0.0:
            if agency != EXTERNAL:
                w.areas[a].paid_cash = min(w.areas[a].paid_cash, w.paid[a, agency, CASH])
            if w.paid[a, agency, CASH] < 1.0:
                run_short(w, a)


@step
def share_means(w: Actors, books: Books, plan: PlanState, p: Parameters, now: Now) -> None:
    """What continues from month to month is paid in proportion; room is left for coaching and leaders' time as last
    month had them.
    """
    if w.limited == 0:
        for i in range(w.sites.shape[0]):
            w.sites[i].coached = w.sites[i].users
        return
    books.claims[:] = 0.0
    claim_sites(w, books, p)
    claim_teams(w, books, p)
    claim_areas(w, books, p)
    for a in range(w.areas.shape[0]):
        before = falls_short(w, a)
        share_out(w, books, a, now.month)
        w.areas[a].external *= w.paid[a, EXTERNAL, CASH]
        if before or falls_short(w, a):
            put_in_force(w, plan, a)
    for t in range(w.teams.shape[0]):
        if t < w.core_count:
            w.teams[t].external *= w.paid[w.teams[t].area, EXTERNAL, CASH]
        w.teams[t].paid = paid_of_team(w, t)
        w.teams[t].released *= w.teams[t].paid


@part
def falls_short(w: Actors, a: int) -> bool:
    """Is anything cut on which the levers in force depend?"""
    lowest = min(w.areas[a].paid_cash, w.areas[a].paid_time)
    return bool(min(lowest, w.paid[a, EXTERNAL, CASH]) < 1.0)


@part
def paid_of_team(w: Actors, t: int) -> float:
    """Share of a team's time that is paid: that of the agency, among those that pay, which can pay least."""
    paid, a = 1.0, w.teams[t].area
    if t < w.core_count:
        for agency in range(w.teams[t].agencies):
            paid = min(paid, paid_to(w, a, agency))
    else:
        for k in range(w.teams[t].first_site, w.teams[t].last_site):
            if is_served(w, t, w.team_sites[k]):
                paid = min(paid, paid_to(w, a, w.sites[w.team_sites[k]].agency))
    return paid


@part
def paid_to(w: Actors, a: int, agency: int) -> float:
    """Share of team members' time that an agency pays, with the cash that new posts and cover take."""
    time = w.paid[a, agency, TIME]
    if w.planned[a].new_posts > 0.0 or w.planned[a].backfill > 0.0:
        return float(min(time, w.paid[a, agency, CASH]))
    return float(time)


@part
def put_in_force(w: Actors, plan: PlanState, a: int) -> None:
    """Levers as far as their work is paid for."""
    for n in range(FALLING.shape[0]):
        k = FALLING[n]
        plan.lever_table[a, k] = budget.in_force(plan.planned[a, k], FOUND[n], w.areas[a].paid_time)
    plan.lever_table[a, PARTNER] = budget.in_force(plan.planned[a, PARTNER], 0.0, w.paid[a, EXTERNAL, CASH])
    plan.lever_table[a, LAG] = budget.late(plan.planned[a, LAG], w.areas[a].paid_cash)
    w.areas[a].look_again = 1


@part
def coaching_claim(w: Actors, p: Parameters, i: int) -> float:
    """Time of a site's coached users this month, in pounds."""
    return float(money.coaching_time(p.cost, w.sites[i].coached, w.sites[i].dose)) if w.sites[i].dose > 0.0 else 0.0


@part
def claim_hours(w: Actors, books: Books, p: Parameters) -> None:
    """Time of coached users, and of engaged leaders as far as it falls with all that goes on."""
    for i in range(w.sites.shape[0]):
        at = (w.sites[i].area, w.sites[i].agency)
        time = coaching_claim(w, p, i)
        claim(books, at, 0.0, time)
        reckon_with(books, at, budget.at_full(time, w.paid[at[0], at[1], TIME]))
    for i in range(w.leaders.shape[0]):
        first, last = (w.leaders[i].first_area, w.leaders[i].last_area)
        amount = money.leader_time(p.cost, gather(w, i, 1.0).engagement)
        for k in range(first, last):
            at = (w.leader_areas[k], w.leaders[i].agency)
            claim(books, at, 0.0, amount / (last - first) * w.paid[at[0], at[1], TIME])
            reckon_with(books, at, amount / (last - first))


@part
def reckon_with(books: Books, at: tuple[int, int], time: float) -> None:
    """Leave room for it next month, in an agency of an area (`at`)."""
    a, agency = at
    for payer in payers(agency):
        books.later[a, payer] += time


@step
def share_hours(w: Actors, books: Books, p: Parameters) -> None:
    """Coaching and leaders' time are paid from what the month has left."""
    if w.limited == 0:
        return
    books.claims[:] = 0.0
    books.later[:] = 0.0
    claim_hours(w, books, p)
    for a in range(w.areas.shape[0]):
        for agency in range(EXTERNAL):
            paid = 1.0
            for payer in payers(agency):
                paid = min(paid, budget.funded(books.allowed[a, payer, TIME], books.claims[a, payer, TIME]))
            w.paid_hours[a, agency] = paid
            if books.claims[a, agency, TIME] > 0.0:
                take(w, (a, agency), 0.0, books.claims[a, agency, TIME] * paid)
                if paid < 1.0:
                    run_short(w, a)
    for i in range(w.sites.shape[0]):
        w.sites[i].dose *= w.paid_hours[w.sites[i].area, w.sites[i].agency]
