"""A local area: the levers in force, barriers beyond its sites, what its zones have learned, which of them are open."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.agents import bills, opening
from sim.agents.actor import Actor, total
from sim.agents.purse import Purse
from sim.levers import NO_LIMIT, Levers, ZoneLevers
from sim.organisation.codes import AGENCIES, LEADER_LEVELS, THIRD_SECTOR
from sim.parameters import LEVERS
from sim.rules import budget, money, work, year
from sim.rules import family as family_rules
from sim.rules import leader as leader_rules
from sim.rules import practitioner as practitioner_rules
from sim.rules import site as rules
from sim.rules import team as team_rules
from sim.rules.rule import share

if TYPE_CHECKING:
    from sim.agents.group import MultiAgencyGroup
    from sim.agents.leader import Leader
    from sim.agents.site import Site
    from sim.agents.team import CoreTeam, LocalTeam

NEVER = -1
NOBODY = 1_000_000
FALLING = {name: LEVERS[name].about.found for name in budget.IN_FORCE}


class LocalArea(Actor):
    """A council area with everything that is common to its sites.

    Attributes:
        levers: the scenario's levers as they are in force in this area; `planned`: as they were chosen; `zone_levers`:
            by zone (last: outside), of those that may differ.
        purse: what is left of its year's budget.
        group: its multi-agency group.
        sites, core_teams, local_teams, leaders: those that belong to it.
        blocked: by zone, True where a level is missing, so that it cannot open here.
        similarity: by zone, how well the earlier zones resemble it.
        opened: by zone, the month it opened, -1 not yet.
        fired: by event, True once it has happened here.
        system_barrier, playbook, usability: barriers beyond the site, what zones learned, how workable the design is.
        barrier_met: the system barrier when the improvement phase began.
        raised, removed: barriers passed up, and decided on, so far.
        work: what its core teams can take on; `visible`: results that leaders see; `external`: support from outside.
        support_ended: month external support ended, -1 not yet.
        calendar: calendar month, 1 January ... 12 December.
        load: of all initiatives, by agency; `alignment`: of these with the practice, `shift` of it since the start;
            `fresh`: load of initiatives that begin this month.
        relationship: of each agency (row) with each other, 0-1.
        between: by agency, how far advice of partners in other agencies is heard; `surfaces`: share of barriers between
            agencies that surface.
        in_need_at_first: families in need at month 0; `place_share`: share of this month's offers for which there is a
            place in support; `lost`: chance that a waiting family gives up.
        help: money for other help this month, and the `posts`, dose (`bought`) and training (`taught`) it buys.
    """

    def __init__(self, model: Any, index: int, *, label: str, blocked: list[bool], similarity: list[float]) -> None:
        super().__init__(model, index)
        self.label = label
        self.levers = self.planned = Levers(*model.first_levers)
        self.purse = Purse(model.setup.course.limits.tolist())
        self.zone_levers = [self.levers_of_zone(own) for own in model.setup.course.zone_levers.tolist()]
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
        self.alignment = self.shift = self.fresh = 0.0
        self.surfaces = self.place_share = 1.0
        self.lost = self.help = self.posts = self.bought = self.taught = 0.0
        self.calendar = self.in_need_at_first = 0
        self.relationship = [[self.levers.relationship_start] * len(AGENCIES) for _ in AGENCIES]
        self.between = [0.0] * len(AGENCIES)
        self.load = [0.0] * len(AGENCIES)
        self.capacity_of_teams = self.in_use = 0.0
        self.teams_formed = 0

    @property
    def name(self) -> str:
        """The area's name."""
        return self.label

    @property
    def any_zone_relaxed(self) -> bool:
        """Has any zone opened here in which rules are still relaxed?"""
        return any(self.relaxed_in(zone) for zone in range(len(self.opened)))

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
        due = event.month == self.model.month if event.condition is None else self.condition_met(event.condition)
        if not due:
            return
        self.fired[number] = True
        for effect in event.effects:
            effect.happen_to(self)
        self.note(f"{event.name} ({event.words()})")

    def levers_of_zone(self, own: list[float]) -> ZoneLevers:
        """A zone's own values, else the area's."""
        names = zip(ZoneLevers._fields, own, strict=True)
        return ZoneLevers(*(getattr(self.levers, name) if isnan(value) else value for name, value in names))

    def change_levers(self, levers: dict[str, float], zone: str = "") -> None:
        """Levers take new values here: in one zone, or in the area and all its zones."""
        if not zone:
            self.levers = self.levers._replace(**levers)
            self.planned = self.planned._replace(**levers)
        by_zone = {name: value for name, value in levers.items() if name in ZoneLevers._fields}
        one = self.model.zone_number(zone) if zone else NEVER
        for number, now in enumerate(self.zone_levers):
            if one in (NEVER, number):
                self.zone_levers[number] = now._replace(**by_zone)

    def replace_leaders(self, level: str, agency: str) -> None:
        """Leaders of a level, of one agency or ('') of every, leave and are replaced; nobody twice in a month."""
        for leader in self.leaders:
            same_agency = agency in ("", AGENCIES[leader.agency])
            if LEADER_LEVELS[leader.level] == level and same_agency and leader.in_post_since != self.model.month:
                leader.be_succeeded()

    def lose_support(self) -> None:
        """External support ends for good."""
        if self.support_ended < 0:
            self.support_ended = self.model.month

    def condition_met(self, condition: Any) -> bool:
        """Is an undated event's condition true here?"""
        if condition.measure == "capacity_core":
            value = self.core_capacity()
        else:
            state = opening.state_of(self, self.model.zone_number(condition.zone) if condition.zone else None)
            value = {
                "full_share": state.full,
                "certified_share": state.certified,
                "capacity_local": state.capacity,
            }[condition.measure]
        return bool(value >= condition.at_least)

    @property
    def cores_at_work(self) -> list[CoreTeam]:
        """Its core teams, without those that are not founded yet."""
        return [team for team in self.core_teams if team.formed]

    def core_capacity(self) -> float:
        """Mean capacity of its core teams at work."""
        at_work = self.cores_at_work
        return share(total(team.capacity for team in at_work), len(at_work))

    def open_zones(self) -> None:
        """Zones open in their month, or once their gate is met, unless the year's budget has run short."""
        opening.open_zones(self)

    def see_others(self) -> None:
        """What its sites see of one another: how many use the practice, less those that gave it up."""
        using = sum(site.speaks_for_it for site in self.sites)
        self.in_use = rules.in_use(using, sum(site.given_up >= 0 for site in self.sites), len(self.sites))

    # Phase 1: what surrounds the teams

    def look_around(self) -> None:
        """The calendar, the load of all initiatives and their alignment, and what passes between agencies."""
        levers = self.levers
        self.calendar = year.calendar(int(levers.start_month), self.model.month)
        self.alignment = leader_rules.aligned(levers.alignment, self.shift)
        self.fresh = 0.0
        self.load = [levers.initiative_load] * len(AGENCIES)
        for initiative in self.model.question.initiatives:
            self.carry(initiative)
        means = [self.mean_relationship([agency]) for agency in range(len(AGENCIES))]
        self.between = [leader_rules.goes_between(levers.relationships, mean) for mean in means]
        everyone = self.mean_relationship(range(len(AGENCIES)))
        self.surfaces = leader_rules.surfaces(levers.relationships, everyone, levers.neutral_partner)

    def carry(self, initiative: Any) -> None:
        """One more initiative, while it runs."""
        month: int = self.model.month
        if initiative.begins == month:
            self.fresh = leader_rules.load_with(self.fresh, initiative.load, initiative.overlap)
        if month < initiative.begins or (initiative.ends is not None and month >= initiative.ends):
            return
        for agency, name in enumerate(AGENCIES):
            if initiative.agency in ("", name):
                self.load[agency] = leader_rules.load_with(self.load[agency], initiative.load, initiative.overlap)

    def others(self, agency: int) -> list[int]:
        """The other agencies with a leader here, if it has one itself."""
        there = [one for one, senior in enumerate(self.group.seniors) if senior is not None]
        return [one for one in there if one != agency] if agency in there else []

    def mean_relationship(self, agencies: Iterable[int]) -> float:
        """Mean relationship of these agencies with the others."""
        rows = [[self.relationship[one][other] for other in self.others(one)] for one in agencies]
        return share(total(total(row) for row in rows), sum(map(len, rows)))

    # Phase 2: means

    def share_means(self) -> None:
        """Claims are paid as far as the budget reaches; levers are in force as far as their work is paid for."""
        purse, planned = self.purse, self.planned
        before = purse.falls_short
        purse.share_out(self.model.month)
        self.external = budget.part(self.external, purse.external_paid)
        for team in self.core_teams:
            team.external = budget.part(team.external, purse.external_paid)
        if before or purse.falls_short:
            values = {n: budget.in_force(getattr(planned, n), found, purse.least_time) for n, found in FALLING.items()}
            values["neutral_partner"] = budget.in_force(planned.neutral_partner, 0.0, purse.external_paid)
            values["data_lag_months"] = budget.late(planned.data_lag_months, purse.least_cash)
            self.levers = self.levers._replace(**values)

    def pay(self, ledger: Any) -> None:
        """The neutral partner, the data system, places that partners add."""
        p = self.model.parameters.cost
        if self.core_teams:
            ledger.charge_external(self, work.partner_cash(p, self.levers))
        for agency in range(len(AGENCIES)):
            ledger.charge_area(self, agency, bills.coverage(self, agency, self.purse.least_time))
        ledger.charge_area(self, THIRD_SECTOR, bills.places_added(self, self.levers))

    # Phase 2: teams as a network

    def buy_help(self) -> None:
        """Other help bought outside the plan: training for anybody, extra posts, coaches without a team."""
        p, levers = self.model.parameters, self.levers
        self.help = self.posts = self.bought = self.taught = 0.0
        if levers.budget <= 0.0:
            return
        training, posts = levers.budget_training, levers.budget_posts
        trained = sum(person.trained for site in self.sites for person in site.staff)
        paid = min(self.purse.least_cash, self.purse.least_time)
        self.help = budget.part(money.other_help(levers.budget, self.everyone), paid)
        self.posts = money.posts_bought(p.cost, self.help, training, posts)
        affordable = money.training_bought(p.cost, self.help, training)
        self.taught = practitioner_rules.taught(affordable, self.everyone - trained)
        hands = team_rules.bought_hands(p.team, money.coaches_bought(p.cost, self.help, training, posts))
        self.bought = team_rules.dose(p.team, 1.0, team_rules.Help(p.team.coach_alone, hands, 1.0, self.everyone))

    @property
    def everyone(self) -> int:
        """How many practitioners it has."""
        return sum(len(site.staff) for site in self.sites)

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

    def relate(self) -> None:
        """Relationships and alignment after a month: built by contact, lost with leaders who left."""
        p, levers, seniors = self.model.parameters.leader, self.levers, self.group.seniors
        together = max((team.agencies for team in self.cores_at_work), default=1)
        for one in range(len(AGENCIES)):
            for other in self.others(one):
                both = together > 1 and max(one, other) < together
                contact = leader_rules.contact(self.work, both, levers.engagement_group, self.group.commitment)
                now = leader_rules.relationship_after(p, self.relationship[one][other], contact)
                for senior in (seniors[one], seniors[other]):
                    if senior is not None and senior.in_post_since == self.model.month:
                        now = leader_rules.relationship_without(p, now)
                self.relationship[one][other] = now
        met = leader_rules.Alignment(
            alignment=self.alignment,
            work=leader_rules.alignment_work(levers.alignment_work, self.work),
            funding=levers.funding,
            fresh=self.fresh,
        )
        self.shift = leader_rules.next_shift(p, self.shift, met)

    # Phase 4: improvement beyond the site

    def relaxed_in(self, zone: int) -> bool:
        """Are rules still relaxed in a zone? The chair of the group permits it."""
        chair = self.group.chair
        since = NOBODY if chair is None else chair.in_post_since
        return rules.relaxed(int(self.levers.relaxed_rules), self.opened[zone], since)

    @property
    def backing(self) -> float:
        """What backs relaxed rules here."""
        return rules.backing(int(self.levers.relaxed_rules), self.group.commitment)

    def remove_barrier(self, ease: float) -> None:
        """A decision removes part of the barriers beyond the site."""
        self.removed += 1
        self.system_barrier = rules.system_after_decision(self.model.parameters.site, self.system_barrier, ease)

    def learn(self, capacity: float, quality: float) -> None:
        """One more improvement cycle goes into the playbook."""
        self.playbook = rules.playbook_after_cycle(self.model.parameters.site, self.playbook, capacity, quality)

    def test_usability(self) -> None:
        """Rounds of testing with users at sites that begin to use the practice, until the planned rounds are done."""
        p = self.model.parameters.site
        users = sum(site.users for site in self.sites if site.stage == rules.INITIAL)
        if not rules.testable(p, users) or self.work <= 0.0 or self.rounds >= p.usability_rounds:
            return
        self.round_progress += rules.round_progress(p, self.levers.usability_testing)
        if self.round_progress >= 1.0:
            self.round_progress -= 1.0
            self.rounds += 1
            self.usability = rules.usability_after_round(p, self.usability, self.work)
            self.note(f"round {self.rounds} of usability testing finished")

    def let_barriers_return(self) -> None:
        """Part of the barriers that were removed come back."""
        self.system_barrier = rules.system_returning(self.model.parameters.site, self.system_barrier)

    # Phase 6: places in support

    def find_places(self) -> None:
        """For what share of this month's offers there is a place, and how many will give up waiting."""
        p, levers = self.model.parameters.family, self.levers
        self.place_share, self.lost = 1.0, 0.0
        if levers.support_places >= NO_LIMIT:
            return
        families = [family for site in self.sites for family in site.families]
        taken = sum(family.takes_place() for family in families)
        waiting = sum(family.could_be_offered() for family in families)
        there = family_rules.places(self.in_need_at_first, levers.support_places, levers.community_places)
        self.place_share = family_rules.place_share(there, taken, waiting, self.model.chances.offer, p.enrol)
        self.lost = family_rules.lost(p, self.place_share)
