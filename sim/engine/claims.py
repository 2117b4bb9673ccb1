"""What everybody in the Mesa model claims from their area's budget, in the compiled engine's order."""

from __future__ import annotations

from sim.agents import bills
from sim.agents.area import LocalArea
from sim.agents.external_support import ExternalSupport
from sim.agents.leader import Leader
from sim.agents.purse import EXTERNAL
from sim.agents.site import Site
from sim.agents.team import CoreTeam, LocalTeam, Team
from sim.parameters import Parameters
from sim.rules import money


class Claims:
    """The steps of a month in which budgets are shared out; the model brings everybody who claims."""

    areas: list[LocalArea]
    sites: list[Site]
    core_teams: list[CoreTeam]
    local_teams: list[LocalTeam]
    leaders: list[Leader]
    external_support: ExternalSupport
    parameters: Parameters
    month: int
    teams: list[Team]

    def open_budgets(self) -> None:
        """A year's budget begins; the month's claims start at nothing."""
        for area in self.areas:
            if area.purse.limited:
                area.purse.open(self.parameters.cost, self.month)

    def share_means(self) -> None:
        """The month's claims are paid as far as budgets reach."""
        for site in self.sites:
            site.coached = site.users
        if not self.areas[0].purse.limited:
            return
        claim_means(self)
        for area in self.areas:
            area.share_means()
        for team in self.teams:
            team.keep_to_budget()

    def share_hours(self) -> None:
        """Coaching and leaders' time are paid from what the month has left."""
        if self.areas[0].purse.limited:
            claim_hours(self)
            for area in self.areas:
                area.purse.share_hours()
            for site in self.sites:
                site.dose *= site.area.purse.paid_hours[site.agency]


def claim_means(model: Claims) -> None:
    """Claims for all that goes on from month to month, but for coaching and leaders' time."""
    for area in model.areas:
        area.purse.forget_claims()
    for site in model.sites:
        bills.claim_for_site(site)
    for team in (*model.core_teams, *model.local_teams):
        bills.claim_for_team(team)
    for core in (core for core in model.core_teams if core.formed):
        given = model.external_support.attention_to(core)
        core.area.purse.claim(EXTERNAL, money.external_cash(model.parameters.cost, given), 0.0)
    for area in model.areas:
        bills.claim_for_area(area)


def claim_hours(model: Claims) -> None:
    """Claims for coaching and for leaders' time."""
    for area in model.areas:
        area.purse.forget_claims()
        area.purse.forget_hours()
    for site in model.sites:
        bills.claim_for_coaching(site)
    for leader in model.leaders:
        bills.claim_for_leader(leader)
