"""Everybody's first state in the Mesa model, in the compiled engine's order."""

from __future__ import annotations

from sim.agents.family import Family
from sim.agents.leader import Leader
from sim.agents.practitioner import Practitioner
from sim.agents.site import Site
from sim.agents.team import Team


class FirstDay:
    """The steps of month 0; the model brings everybody."""

    leaders: list[Leader]
    teams: list[Team]
    sites: list[Site]
    practitioners: list[Practitioner]
    families: list[Family]

    def begin_areas(self) -> None:
        """Areas begin as they are made."""

    def begin_leaders(self) -> None:
        """Commitment as given or drawn."""
        for leader in self.leaders:
            leader.begin()

    def begin_teams(self) -> None:
        """Core teams, and local teams that are at work today."""
        for team in self.teams:
            team.begin()

    def begin_sites(self) -> None:
        """Stages, barriers and readiness."""
        for site in self.sites:
            site.begin()
            site.brief_staff()

    def begin_practitioners(self) -> None:
        """Who uses the practice today, and how well."""
        for person in self.practitioners:
            person.begin()
        for person in self.practitioners:
            person.show_peers()
        for site in self.sites:
            site.count_users()

    def begin_families(self) -> None:
        """Which families are in need."""
        for family in self.families:
            family.begin()

    def begin_relationships(self) -> None:
        """Relationships begin as areas are made."""
