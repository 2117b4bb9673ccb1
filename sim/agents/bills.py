"""What sites, teams and areas ask to be paid for: as planned where they claim it, as in force where it is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.purse import EXTERNAL, TIME
from sim.levers import NO_LIMIT, Levers
from sim.organisation.codes import AGENCIES, THIRD_SECTOR
from sim.rules import budget, money, work
from sim.rules import leader as leader_rules
from sim.rules import site as site_rules
from sim.rules import team as team_rules

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.leader import Leader
    from sim.agents.site import Site
    from sim.agents.team import CoreTeam, LocalTeam, Team


def site_work(site: Site) -> work.SiteWork:
    """What a site has to do with the plan this month."""
    takes_part = site.stage != site_rules.NOT_ENGAGED and site.given_up < 0
    started = takes_part and site.started
    supported = started and (site.team is not None or site.core is not None)
    return work.SiteWork(
        takes_part=float(takes_part),
        explores=float(site.stage == site_rules.EXPLORATION),
        started=float(started),
        supported=float(supported),
        coached=float(site.coached),
    )


def work_hours(site: Site, levers: Levers) -> float:
    """Hours of a site's managers and staff for what was chosen."""
    return work.site_hours(site.model.parameters.cost, levers, site_work(site))


def data_bill(site: Site) -> float:
    """Cash for a site's data as planned."""
    p, planned = site.model.parameters, site.area.planned
    lag = site_rules.lag_met(p.site, planned.data_lag_months, site.agency, planned.data_agencies)
    return money.data_cash(p.cost, lag)


def coaching_bill(site: Site) -> float:
    """Time of a site's coached users this month, in pounds."""
    return money.coaching_time(site.model.parameters.cost, site.coached, site.dose) if site.dose > 0.0 else 0.0


def claim_for_site(site: Site) -> None:
    """Data, the work of what was chosen, and other help."""
    p, area = site.model.parameters.cost, site.area
    supported = site_work(site).supported > 0.0
    hours = work_hours(site, area.planned)
    area.purse.claim(site.agency, data_bill(site) if supported else 0.0, work.worth(p, hours))
    if area.planned.budget > 0.0:
        amount = money.other_help(area.planned.budget, area.everyone)
        cash = money.help_cash(p, amount, area.planned.budget_training)
        time = money.help_time(p, amount, area.planned.budget_training)
        cash, time = (money.part_of(one, len(site.staff), area.everyone) for one in (cash, time))
        area.purse.claim(site.agency, cash, time)


def pay_for_site(site: Site, ledger: Any) -> None:
    """Training, coaching, data and the work of what was chosen."""
    p = site.model.parameters.cost
    if site.trained_now > 0:
        ledger.charge_cash(site, money.training_cash(p, site.trained_now))
        ledger.charge_time(site, money.training_time(p, site.trained_now))
        site.trained_now = 0
    if site.dose > 0.0:
        ledger.charge_time(site, coaching_bill(site))
    if site.area.help > 0.0:
        _pay_for_help(site, ledger)
    if site.started and site.able > 0.0:
        ledger.charge_cash(site, budget.part(data_bill(site), site.area.purse.least_cash))
    hours = work_hours(site, site.area.levers)
    if hours > 0.0:
        ledger.charge_time(site, work.worth(p, hours))


def _pay_for_help(site: Site, ledger: Any) -> None:
    """Its part of the other help that the area buys."""
    p, area, staff = site.model.parameters.cost, site.area, len(site.staff)
    cash = money.help_cash(p, area.help, area.levers.budget_training)
    time = money.help_time(p, area.help, area.levers.budget_training)
    ledger.charge_cash(site, money.part_of(cash, staff, area.everyone))
    ledger.charge_time(site, money.part_of(time, staff, area.everyone))


def time_bill(team: Team, members: int, levers: Levers, paid: float) -> tuple[float, float]:
    """Time of so many members, and cash for new posts and those who stand in; `paid` is the share of new posts paid."""
    p, new = team.model.parameters, money.new_posts(levers.new_posts, paid)
    hands = team_rules.hands(p.team, members, team.committee, team.resources)
    time = money.team_time(p.cost, hands, team.share_of_post(), leader_rules.repurposed(team.released, new))
    posts = money.team_time(p.cost, hands, team.share_of_post(), new)
    return time, money.paid(posts, time, levers.backfill)


def claim_for_team(team: CoreTeam | LocalTeam) -> None:
    """Members' time with a place that may be filled this month, and what teams do for one another."""
    if not team.formed:
        return
    p, planned = team.model.parameters.cost, team.area.planned
    members = team.members + (1 if team.members < team.places else 0)
    time, cash = time_bill(team, members, planned, 1.0)
    time += work.worth(p, team.hours_beside(members, planned))
    payers = team.payers()
    for agency in payers:
        team.area.purse.claim(agency, money.each(cash, len(payers)), money.each(time, len(payers)))


def tests_design(area: LocalArea) -> float:
    """1 while the design is tested: some site has started, and rounds are still to come."""
    rounds: float = area.model.parameters.site.usability_rounds
    return float(area.rounds < rounds and some_started(area))


def some_started(area: LocalArea) -> bool:
    """Has any of its sites started?"""
    return any(site.started for site in area.sites)


def coverage(area: LocalArea, agency: int, paid: float) -> float:
    """Time of an agency for the data system, in pounds, as far as it is `paid`."""
    p, covered = area.model.parameters.cost, area.planned.data_agencies
    if not area.core_teams or not some_started(area) or agency >= covered:
        return 0.0
    return work.worth(p, budget.part(work.coverage_hours(p, covered, agency), paid))


def places_added(area: LocalArea, levers: Levers) -> float:
    """Time of community partners for the places they add, in pounds."""
    p = area.model.parameters.cost
    if levers.support_places >= NO_LIMIT:
        return 0.0
    return work.worth(p, work.place_hours(p, area.in_need_at_first, levers.community_places))


def claim_for_area(area: LocalArea) -> None:
    """The neutral partner, the data system, places that partners add."""
    p, purse = area.model.parameters.cost, area.purse
    if area.core_teams:
        purse.claim(EXTERNAL, work.partner_cash(p, area.planned), 0.0)
    for agency in range(len(AGENCIES)):
        purse.claim(agency, 0.0, coverage(area, agency, 1.0))
    purse.claim(THIRD_SECTOR, 0.0, places_added(area, area.planned))


def claim_for_coaching(site: Site) -> None:
    """Time of a site's coached users, which has fallen with their coaches'."""
    purse, time = site.area.purse, coaching_bill(site)
    purse.claim_hours(site.agency, time, budget.at_full(time, purse.paid[site.agency][TIME]))


def claim_for_leader(leader: Leader) -> None:
    """Time of an engaged leader, borne by the areas served alike, as far as it falls with all that goes on."""
    amount = money.leader_time(leader.model.parameters.cost, leader.gather(1.0).engagement)
    each = money.each(amount, len(leader.areas))
    for area in leader.areas:
        area.purse.claim_hours(leader.agency, budget.part(each, area.purse.paid[leader.agency][TIME]), each)
