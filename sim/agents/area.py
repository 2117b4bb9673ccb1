"""A local area: the levers in force, barriers beyond its sites, what its zones have learned, which of them are open."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.agents.actor import Actor, total
from sim.levers import Levers
from sim.organisation.codes import AGENCIES, LEADER_LEVELS
from sim.rules import leader as leader_rules
from sim.rules import site as rules
from sim.rules import team as team_rules
from sim.rules.rule import share

if TYPE_CHECKING:
    from sim.agents.group import MultiAgencyGroup
    from sim.agents.leader import Leader
    from sim.agents.site import Site
    from sim.agents.team import CoreTeam, LocalTeam

NEVER = -1


class ZoneState(NamedTuple):
    """Of one zone's sites in an area, as assessed."""

    full: float
    certified: float
    certified_of_started: float
    capacity: float


class LocalArea(Actor):
    """A council area with everything that is common to its sites.

    Attributes:
        levers: the scenario's levers as they stand here now.
        group: its multi-agency group.
        sites, core_teams, local_teams, leaders: who belongs to it.
        blocked: by zone, True where a level is missing, so that it cannot open here.
        similarity: by zone, how well the earlier zones resemble it.
        opened: by zone, the month it opened, -1 not yet.
        fired: by event, True once it has happened here.
        system_barrier, playbook, usability: barriers beyond the site, what zones learned, how workable the design is.
        barrier_met: system barrier as it stood when the improvement phase began.
        raised, removed: barriers passed up, and decided on, so far.
        work: what its core teams can take on; `visible`: results that leaders see; `external`: support from outside.
        support_ended: month external support ended, -1 not yet.
    """

    def __init__(self, model: Any, index: int, *, label: str, blocked: list[bool], similarity: list[float]) -> None:
        super().__init__(model, index)
        self.label = label
        self.levers = Levers(*model.first_levers)
        self.group: MultiAgencyGroup
        self.sites: list[Site] = []
        self.core_teams: list[CoreTeam] = []
        self.local_teams: list[LocalTeam] = []
        self.leaders: list[Leader] = []
        self.blocked = blocked
        self.similarity = similarity
        self.opened = [NEVER] * len(blocked)
        self.fired = [False] * len(model.question.events)
        self.system_barrier = self.barrier_met = model.parameters.site.system_barrier
        self.usability = self.levers.usability_start
        self.playbook = self.round_progress = 0.0
        self.rounds = self.raised = self.removed = 0
        self.work = self.visible = self.external = 0.0
        self.support_ended = NEVER
        self.capacity_of_teams = 0.0
        self.teams_formed = 0

    @property
    def name(self) -> str:
        """The area's name."""
        return self.label

    @property
    def any_zone_open(self) -> bool:
        """Has any zone opened here?"""
        return any(month >= 0 for month in self.opened)

    def now(self) -> str:
        """Barriers beyond the site, and what was learned."""
        return (
            f"system barriers {self.system_barrier:.2f}, playbook {self.playbook:.2f}, usability {self.usability:.2f}"
        )

    # Phase 1: the plan

    def meet(self, number: int, event: Any) -> None:
        """An event of the scenario happens here, once, in its month or when its condition is true."""
        if self.fired[number]:
            return
        due = self.condition_met(event.when) if event.month is None else event.month == self.model.month
        if not due:
            return
        self.fired[number] = True
        self.levers = self.levers._replace(**event.set)
        for leader in self.leaders:
            if event.leaves and self.concerns(event, leader):
                leader.be_succeeded()
        if event.withdraw_support:
            self.lose_support()
        self.note(f"{event.name} ({event.effects()})")

    def concerns(self, event: Any, leader: Leader) -> bool:
        """Must this leader go? Nobody goes twice in a month."""
        now: int = self.model.month
        same_level = LEADER_LEVELS[leader.level] == str(event.leaves)
        same_agency = not event.agency or AGENCIES[leader.agency] == str(event.agency)
        return same_level and same_agency and leader.in_post_since != now

    def lose_support(self) -> None:
        """External support ends for good."""
        if self.support_ended < 0:
            self.support_ended = self.model.month

    def condition_met(self, condition: Any) -> bool:
        """Is an undated event's condition true here?"""
        if condition.measure == "capacity_core":
            value = self.core_capacity()
        else:
            state = self.state_of(self.model.zone_number(condition.zone) if condition.zone else None)
            value = {
                "full_share": state.full,
                "certified_share": state.certified,
                "capacity_local": state.capacity,
            }[condition.measure]
        return bool(value >= condition.at_least)

    def core_capacity(self) -> float:
        """Mean capacity of its core teams."""
        return share(total(team.capacity for team in self.core_teams), len(self.core_teams))

    def state_of(self, zone: int | None) -> ZoneState:
        """How far the sites of a zone (None: all sites) have come."""
        sites = [site for site in self.sites if zone is None or site.zone == zone]
        started = [site for site in sites if site.started]
        measured = [site.assessed_capacity for site in started if not isnan(site.assessed_capacity)]
        return ZoneState(
            full=share(sum(site.stage == rules.FULL for site in sites), len(sites)),
            certified=share(certified_now(sites), len(sites)),
            certified_of_started=share(certified_now(started), len(started)),
            capacity=share(total(measured), len(measured)),
        )

    def open_zones(self) -> None:
        """Zones open in their month, or once their gate is met; their sites begin to explore."""
        for number, zone in enumerate(self.model.question.zones):
            if self.opened[number] < 0 and not self.blocked[number] and self.zone_due(number, zone):
                self.opened[number] = self.model.month
                self.note(f"zone '{zone.name}' opened")
                for site in self.sites:
                    if site.zone == number and site.stage == rules.NOT_ENGAGED:
                        site.enter(rules.EXPLORATION)

    def zone_due(self, number: int, zone: Any) -> bool:
        """Is it time for a zone: its month, its gate, or the latest month?"""
        month: int = self.model.month
        if zone.opens is not None:
            return month >= int(zone.opens)
        if zone.latest is not None and month >= zone.latest:
            return True
        earlier = self.model.earlier_zone(number)
        if earlier is None or self.opened[earlier] < 0:
            return False
        state = self.state_of(earlier)
        return rules.gate_met(state.certified_of_started, state.capacity, zone.gate.certified, zone.gate.capacity)

    # Phase 2: teams as a network

    def survey_teams(self) -> None:
        """Capacity of the local teams as the phase begins, for the network between them."""
        formed = [team.capacity for team in self.local_teams if team.formed]
        self.capacity_of_teams = total(formed)
        self.teams_formed = len(formed)

    # Phase 3: what leaders see

    def survey(self) -> None:
        """Results that leaders see, and the work that the area's teams can take on."""
        started = [site for site in self.sites if site.started]
        full = sum(site.stage == rules.FULL for site in started)
        self.visible = leader_rules.visible_results(full, len(started), self.levers.communication)
        self.work = team_rules.work(self.core_capacity(), self.external) if self.core_teams else 0.0

    # Phase 4: improvement beyond the site

    def remove_barrier(self, ease: float) -> None:
        """A decision removes part of the barriers beyond the site."""
        self.removed += 1
        self.system_barrier = rules.system_after_decision(self.model.parameters.site, self.system_barrier, ease)

    def learn(self, capacity: float, quality: float) -> None:
        """One more improvement cycle goes into the playbook."""
        self.playbook = rules.playbook_after_cycle(self.model.parameters.site, self.playbook, capacity, quality)

    def test_usability(self) -> None:
        """Rounds of testing the design with users while sites install or begin, until the planned rounds are done."""
        p = self.model.parameters.site
        trying = any(site.stage in (rules.INSTALLATION, rules.INITIAL) for site in self.sites)
        if not trying or self.work <= 0.0 or self.rounds >= p.usability_rounds:
            return
        self.round_progress += rules.round_progress(p, self.levers.usability_testing)
        if self.round_progress >= 1.0:
            self.round_progress -= 1.0
            self.rounds += 1
            self.usability = rules.usability_after_round(p, self.usability, self.work)
            self.note(f"round {self.rounds} of usability testing done")

    def let_barriers_return(self) -> None:
        """Part of the barriers that were removed come back."""
        self.system_barrier = rules.system_returning(self.model.parameters.site, self.system_barrier)


def certified_now(sites: list[Site]) -> int:
    """How many of these sites are certified."""
    return sum(site.certified for site in sites)
