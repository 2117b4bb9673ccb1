"""What everybody in the Mesa model claims from their area's budget, in the compiled engine's order."""

from __future__ import annotations

from typing import Protocol

from sim.agents import bills
from sim.agents.area import LocalArea
from sim.agents.leader import Leader
from sim.agents.purse import EXTERNAL
from sim.agents.site import Site
from sim.agents.team import CoreTeam, ExternalSupport, LocalTeam
from sim.parameters import Parameters
from sim.rules import money


class Claiming(Protocol):
    """Everybody who claims."""

    areas: list[LocalArea]
    sites: list[Site]
    core_teams: list[CoreTeam]
    local_teams: list[LocalTeam]
    leaders: list[Leader]
    external_support: ExternalSupport
    parameters: Parameters


def claim_means(model: Claiming) -> None:
    """Claims for all that goes on from month to month, but for coaching and leaders' time."""
    for area in model.areas:
        area.purse.forget_claims()
    for site in model.sites:
        bills.claim_for_site(site)
    for team in (*model.core_teams, *model.local_teams):
        bills.claim_for_team(team)
    for core in model.core_teams:
        given = model.external_support.attention_to(core)
        core.area.purse.claim(EXTERNAL, money.external_cash(model.parameters.cost, given), 0.0)
    for area in model.areas:
        bills.claim_for_area(area)


def claim_hours(model: Claiming) -> None:
    """Claims for coaching and for leaders' time."""
    for area in model.areas:
        area.purse.forget_claims()
    for site in model.sites:
        site.area.purse.claim(site.agency, 0.0, bills.coaching_bill(site))
    for leader in model.leaders:
        bills.claim_for_leader(leader)
