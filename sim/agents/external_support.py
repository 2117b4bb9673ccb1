"""Outside experts, who build up core teams and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.actor import Actor, total
from sim.rules import team as rules

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.team import CoreTeam


class ExternalSupport(Actor):
    """Outside experts who build up core teams, with less time every year, until they leave.

    Attributes:
        taper: strength by month against its first year's, 0 before it begins and after it ends.
        core_teams: those it supports.
    """

    def __init__(self, model: Any, index: int, *, taper: list[float]) -> None:
        super().__init__(model, index)
        self.taper = taper
        self.core_teams: list[CoreTeam] = []

    @property
    def name(self) -> str:
        """There is one."""
        return "external support"

    def now(self) -> str:
        """Whom it supports how strongly, against its first year."""
        return (
            f"supports {len(self.core_teams)} core teams at {self.taper[self.model.month]:.2f} of its initial strength"
        )

    def visit(self, area: LocalArea) -> None:
        """Strength in an area this month, and to each of its core teams, unless support ended there."""
        planned, taper = area.levers.external_level, self.taper[self.model.month]
        there = area.support_ended < 0
        area.external = rules.external_strength(planned, taper) if there else 0.0
        for team in area.core_teams:
            met = [site for site in team.sites if site.with_core]
            own = ((site.zone_levers.external_level, len(site.staff)) for site in met)
            more = total(rules.more_support(level, planned, staff) for level, staff in own)
            level = rules.level_met(planned, more, sum(len(site.staff) for site in met))
            team.external = rules.external_strength(level, taper) if there else 0.0
        at_work = area.cores_at_work
        more = total(team.external - area.external for team in at_work)
        area.external = rules.level_met(area.external, more, len(at_work))

    def attention_to(self, team: CoreTeam) -> float:
        """Attention that one core team gets; outside experts cannot be everywhere."""
        at_work = sum(team.formed for team in self.core_teams)
        together = rules.core_teams_each(at_work, team.area.levers.external_teams)
        return rules.external_attention(self.model.parameters.team, team.external, together)
