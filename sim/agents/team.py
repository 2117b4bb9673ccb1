"""Implementation teams: each divides its attention, grows or withers, loses and finds members."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.agents import bills
from sim.agents.actor import Actor, total
from sim.levers import Levers
from sim.rules import budget, money, work, year
from sim.rules import leader as leader_rules
from sim.rules import team as rules
from sim.rules.rule import probability, share

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.site import Site


class Team(Actor):
    """What core and local teams have in common.

    Attributes:
        area: its local area.
        agencies: agencies among its members.
        committee: meets, but holds no time for the work.
        resources: time against the usual.
        given_capacity: today's, NaN for a new team's.
        sites: those it supports (a core team: all it serves).
        capacity: 0-1.
        members, places: in post, and when all places are filled; `recruiting`: new places never filled yet.
        formed: at work yet?
        generation: how many teams lie between it and the external supporters.
        attention: share of what is needed that a core team gives, and a local team gets.
        released: share of the time it needs that leaders release, as far as budgets pay for it (`paid`).
    """

    def __init__(
        self,
        model: Any,
        index: int,
        *,
        area: LocalArea,
        agencies: int,
        committee: bool,
        resources: float,
        given_capacity: float,
    ) -> None:
        super().__init__(model, index)
        self.area = area
        self.agencies = agencies
        self.committee = committee
        self.resources = resources
        self.given_capacity = given_capacity
        self.sites: list[Site] = []
        self.capacity = self.attention = self.released = 0.0
        self.paid = 1.0
        self.members = self.places = self.recruiting = 0
        self.formed = False
        self.generation = 0

    def now(self) -> str:
        """Capacity and members."""
        return f"capacity {self.capacity:.2f}, {self.members} of {self.places} members" if self.formed else "not formed"

    def hands(self) -> float:
        """Members in post, by the time they have."""
        return rules.hands(self.model.parameters.team, self.members, self.committee, self.resources)

    def start_with(self, capacity: float) -> None:
        """The capacity given, else a new team's."""
        self.capacity = capacity if isnan(self.given_capacity) else self.given_capacity

    def places_planned(self) -> int:
        """Places, as the plan now says."""
        raise NotImplementedError

    def gather_members(self, *, at_work: bool) -> None:
        """Its members as it begins, or (`at_work`) those it had before the first month."""
        places = self.places_planned()
        self.members = places if at_work else rules.there_at_first(self.model.parameters.team, places)
        self.recruiting = places - self.members
        self.set_places(places)

    def set_places(self, places: int) -> None:
        """So many places."""
        self.places = places

    def take_shape(self) -> None:
        """Places are added, to be filled at once or by recruiting, or taken away: who must go takes part of the
        capacity.
        """
        p, places, before = self.model.parameters.team, self.places_planned(), self.places
        if not self.formed or places == before:
            return
        if places > before and p.recruit_months > 0.0:
            self.recruiting += places - before
        elif places > before:
            self.members += places - before
        while self.members > places:
            self.capacity = rules.capacity_after_leaving(p, self.capacity, self.members, self.agencies)
            self.members -= 1
        self.recruiting = min(self.recruiting, places - self.members)
        self.set_places(places)
        self.note(f"has {places} places instead of {before}")

    def grow(self) -> None:
        """Capacity a month on, by the support it has and the time that leaders release."""
        if not self.formed:
            return
        p = self.model.parameters.team
        given, peers = self.support_met()
        support = rules.supported(p, given, self.capacity, peers, self.area.levers.peer_network)
        self.capacity = rules.next_capacity(p, self.capacity, support, self.released)

    def support_met(self) -> tuple[float, float]:
        """Attention it gets from its supporter, and the mean capacity of its peers."""
        raise NotImplementedError

    def change_members(self) -> None:
        """One member at most leaves in a month; otherwise one vacant place may be filled."""
        if not self.formed:
            return
        p = self.model.parameters.team
        leaving = rules.member_leaves(p, self.members, self.area.levers.turnover_factor)
        if self.chance("member_leaves") < probability(leaving):
            self.capacity = rules.capacity_after_leaving(p, self.capacity, self.members, self.agencies)
            self.members -= 1
            self.note(f"a member left; {self.members} remain, capacity {self.capacity:.2f}")
        elif self.members < self.places and self.chance("place_is_filled") < probability(
            rules.place_filled(p, self.released, self.recruiting)
        ):
            self.members += 1
            self.recruiting = max(0, self.recruiting - 1)
            self.note(f"a place was filled; {self.members} members")

    def take_time(self, manager: float, senior: float) -> None:
        """Time released as far as both want it and budgets allow, and time of new posts."""
        levers = self.area.levers
        budget = year.budget_left(levers.released_time, levers.budget_squeeze, self.area.calendar)
        self.released = leader_rules.released_or_new(leader_rules.released(manager, senior, budget), levers.new_posts)

    def keep_to_budget(self) -> None:
        """The time it has falls to the share that the least able of its payers can pay."""
        planned, purse = self.area.planned, self.area.purse
        with_cash = planned.new_posts > 0.0 or planned.backfill > 0.0
        self.paid = min((purse.paid_to_teams(agency, with_cash=with_cash) for agency in self.payers()), default=1.0)
        self.released = budget.part(self.released, self.paid)

    def payers(self) -> list[int]:
        """The agencies that bear its members' time alike."""
        raise NotImplementedError

    def hours_beside(self, members: int, levers: Levers) -> float:
        """Hours beside its members' own time, of so many members under these levers."""
        raise NotImplementedError

    def month_of_work(self) -> tuple[float, float]:
        """What its members' work costs this month: released time, and cash for new posts and for cover."""
        levers, p = self.area.levers, self.model.parameters.cost
        time, cash = bills.time_bill(self, self.members, levers, self.paid)
        return time + work.worth(p, self.hours_beside(self.members, levers)), cash

    def share_of_post(self) -> float:
        """Share of a post that each member gives."""
        share_of_post: float = self.model.parameters.team.share_of_post
        return share_of_post


class CoreTeam(Team):
    """A core implementation team (or a lead, or a committee): brings sites on and supports their local teams.

    Attributes:
        local_teams: those it supports.
        available, needed: places of its attention, and places asked for.
        staff: practitioners it coaches itself, at sites without a local team.
        external: strength of external support to it this month.
        own_size: members of its own, -1 as the plan says; `sharing`: agencies that share the plan's number.
        most_agencies: agencies among its members, as far as there are places for them.
        founded: month, -1 there from the start; `taken`: sites it then takes over.
    """

    def __init__(self, model: Any, index: int, **traits: Any) -> None:
        self.own_size: int = traits.pop("own_size")
        self.sharing: int = traits.pop("sharing")
        self.founded: int = traits.pop("founded")
        super().__init__(model, index, **traits)
        self.most_agencies = self.agencies
        self.taken: list[Site] = []
        self.external = 0.0
        self.local_teams: list[LocalTeam] = []
        self.available = self.needed = 0.0
        self.staff = 0

    @property
    def name(self) -> str:
        """Kind and area."""
        return f"core team {self.index + 1}, {self.area.name}"

    def begin(self) -> None:
        """There from the start, unless it is founded later."""
        self.start_with(self.model.parameters.team.capacity_start_core)
        self.formed = self.founded < 0
        self.gather_members(at_work=not isnan(self.given_capacity))

    def places_planned(self) -> int:
        """Its own number, or the plan's."""
        return rules.places_core(self.own_size, self.area.levers.core_team_size, self.sharing)

    def set_places(self, places: int) -> None:
        """Shared among as many agencies as there are places for."""
        super().set_places(places)
        self.agencies = min(self.most_agencies, places)

    def take_shape(self) -> None:
        """It is founded in its month; later its places may change."""
        if self.founded == self.model.month:
            self.found()
        else:
            super().take_shape()

    def found(self) -> None:
        """It comes together with what the area has learned, and takes over its sites with their local teams."""
        self.formed = True
        levers = self.area.levers
        self.capacity = rules.first_capacity_core(self.model.parameters.team, self.area.playbook, levers.mentoring)
        self.gather_members(at_work=False)
        for site in self.taken:
            site.come_under(self)
        self.note(f"founded; takes over {len(self.taken)} sites")

    def divide_attention(self) -> None:
        """Among sites that explore, sites it serves itself and local teams; able local teams lend it places."""
        p = self.model.parameters.team
        self.needed = total(site.need_of_core() for site in self.sites)
        external = self.model.external_support.attention_to(self)
        available = rules.places(p, self.capacity, external, self.hands())
        available = rules.places_kept(p, available, self.area.levers.terms_of_reference)
        self.available = available if self.formed else 0.0
        for team in self.local_teams:
            if team.formed:
                self.needed += rules.places_to_support(p, team.capacity, team.served)
                team.lent = rules.mentors(p, team.capacity, team.area.levers.mentoring)
                self.available += team.lent
        self.attention = rules.attention(self.available, self.needed)

    def ask_for_time(self) -> None:
        """Released by the multi-agency group and the senior leaders."""
        group = self.area.group
        seniors = group.members
        would = share(total(senior.would_release() for senior in seniors), len(seniors))
        self.take_time(group.commitment, would)

    def support_met(self) -> tuple[float, float]:
        """From the external supporters."""
        external = self.model.external_support.attention_to(self)
        return rules.own_learning(self.model.parameters.team, external, self.attention, self.needed), 0.0

    def payers(self) -> list[int]:
        """As many agencies, in their order, as it has among its members."""
        return list(range(self.agencies))

    def hours_beside(self, members: int, levers: Levers) -> float:
        """For its terms of reference, work on alignment and usability testing."""
        return work.core_hours(self.model.parameters.cost, levers, members, bills.tests_design(self.area))

    def count_staff(self) -> None:
        """Practitioners it supports directly because their site has no local team."""
        self.staff = sum(len(site.staff) for site in self.sites if site.team is None and site.engaged)

    def pay(self, ledger: Any) -> None:
        """Its members' time, by its agencies, and the external support to it."""
        if not self.formed:
            return
        ledger.share_among_agencies(self.area, self.agencies, *self.month_of_work())
        given = self.model.external_support.attention_to(self)
        ledger.charge_external(self.area, money.external_cash(self.model.parameters.cost, given))


class LocalTeam(Team):
    """The local implementation team of a site, or of a cluster of small ones.

    Attributes:
        parent: core team that supports it.
        zone: of its first site.
        staff: practitioners of its sites.
        lent: places of attention that it lends to its core team.
    """

    def __init__(self, model: Any, index: int, *, parent: CoreTeam, zone: int, staff: int, **traits: Any) -> None:
        super().__init__(model, index, **traits)
        self.parent = parent
        self.zone = zone
        self.staff = staff
        self.lent = 0.0

    @property
    def name(self) -> str:
        """Its sites."""
        return f"local team of {self.sites[0].name}" + (f" and {len(self.sites) - 1} more" if self.sites[1:] else "")

    def begin(self) -> None:
        """At work only where today's capacity is given; else formed once a site of it installs the practice."""
        self.start_with(self.model.parameters.team.capacity_start_local)
        self.formed = not isnan(self.given_capacity)
        self.generation = int(self.formed)
        self.gather_members(at_work=self.formed)

    def places_planned(self) -> int:
        """As planned in its zone, by its people."""
        size = self.area.zone_levers[self.zone].local_team_size
        return rules.places_local(self.model.parameters.team, size, self.staff)

    def come_together(self, similarity: float) -> None:
        """At work from now on, unless it is already; a new team, and one that had disbanded, begins with what earlier
        zones hand on to sites like theirs.
        """
        if self.formed:
            return
        self.formed = True
        self.gather_members(at_work=False)
        p, mentoring = self.model.parameters.team, self.area.levers.mentoring
        able = [team.generation for team in self.area.local_teams if team is not self and team.can_mentor]
        self.generation = 1 + min(able, default=0) if mentoring > 0.0 else 1
        self.capacity = rules.first_capacity(p, self.area.playbook, similarity, mentoring)

    def disband(self) -> None:
        """It dissolves; what it could do is lost."""
        self.formed, self.capacity = False, 0.0

    @property
    def sites_served(self) -> list[Site]:
        """Its sites that take part; all, while none does."""
        return [site for site in self.sites if site.engaged] or self.sites

    @property
    def served(self) -> int:
        """Practitioners it has to do with."""
        return sum(len(site.staff) for site in self.sites_served)

    def payers(self) -> list[int]:
        """The agencies of its sites that take part, site by site."""
        return [site.agency for site in self.sites_served]

    def hours_beside(self, members: int, levers: Levers) -> float:
        """For other teams: in their network, and for the places of attention it lends."""
        del members
        p = self.model.parameters
        lent = self.lent if levers is self.area.levers else rules.mentors(p.team, self.capacity, levers.mentoring)
        return work.local_hours(p.cost, levers, lent)

    @property
    def can_mentor(self) -> bool:
        """Is it able enough to support others?"""
        return bool(self.formed and self.capacity >= self.model.parameters.team.capacity_criterion)

    def share_of_post(self) -> float:
        """Less than a core team's: its members go on with their own work at the site."""
        share_of_post: float = self.model.parameters.team.share_of_post_local
        return share_of_post

    def ask_for_time(self) -> None:
        """Released by the managers of sites that take part and the senior leader of its first site's agency."""
        sites = self.sites_served
        manager = share(total(site.manager.would_release() for site in sites), len(sites))
        senior = self.sites[0].senior
        self.take_time(manager, senior.would_release() if senior else manager)

    def support_met(self) -> tuple[float, float]:
        """From its core team, and from the other local teams of the area."""
        self.attention = self.parent.attention
        area = self.area
        given = rules.thinned(self.model.parameters.team, self.attention)
        return given, rules.mean_of_others(area.capacity_of_teams, self.capacity, area.teams_formed)

    def pay(self, ledger: Any) -> None:
        """Its members' time, shared equally among its sites that take part."""
        if self.formed:
            ledger.share_among_sites(self.sites_served, *self.month_of_work())
