"""A site: takes its place in a zone, installs the practice, removes barriers, is assessed, certified, or gives up."""

from __future__ import annotations

from bisect import insort
from math import isnan, nan
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sim.agents import assessment, bills, deciding
from sim.agents.actor import Actor, total
from sim.levers import ZoneLevers
from sim.organisation.codes import EDUCATION, STAGES
from sim.rules import leader as leader_rules
from sim.rules import money, year
from sim.rules import practitioner as practitioner_rules
from sim.rules import site as rules
from sim.rules import team as team_rules
from sim.rules.rule import around, probability, share

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.family import Family
    from sim.agents.leader import Leader
    from sim.agents.practitioner import Practitioner
    from sim.agents.team import CoreTeam, LocalTeam

NEVER = -1
YEARS_5 = 60


class Site(Actor):
    """A school, nursery, health-visiting team, social-work team or service.

    Attributes:
        area, zone, agency, secondary, deprivation: where it is and what it is (`zone` is a number; the last: outside).
        manager, operational, senior: its leaders; the last two may be missing.
        team, core: the local and the core team it can count on, None where there is none.
        staff, families: the people who work there and the families they serve.
        given_stage, given_fidelity, given_using: today's state, -1 / NaN where not given.
        stage: index into codes.STAGES.
        barrier, barrier_start: local barriers now and at first.
        able, dose: capacity that supports it and coaching its practitioners get this month.
        service: what time released leaves of its service.
        setting: what everybody here meets this month.
        norm: mean skill of those who used it a month before, -1 where nobody did.
        trust: in what it was promised before, 0-1.
        given_up: month it gave the practice up, -1 while it has not or has joined again.
        coached: users as the month began.
        streak: assessments in a row that found full implementation.
        marked: at each mark, as assessed: fidelity, capacity, data use, share using.
    """

    def __init__(self, model: Any, index: int, **traits: Any) -> None:
        super().__init__(model, index)
        self.area: LocalArea = traits["area"]
        self.label: str = traits["label"]
        self.zone: int = traits["zone"]
        self.agency: int = traits["agency"]
        self.secondary: bool = traits["secondary"]
        self.deprivation: float = traits["deprivation"]
        self.manager: Leader = traits["manager"]
        self.operational: Leader | None = traits["operational"]
        self.senior: Leader | None = traits["senior"]
        self.given_stage: int = traits["given_stage"]
        self.given_fidelity: float = traits["given_fidelity"]
        self.given_using: float = traits["given_using"]
        self.team: LocalTeam | None = None
        self.core: CoreTeam | None = None
        self.staff: list[Practitioner] = []
        self.families: list[Family] = []
        self.stage = rules.NOT_ENGAGED
        self.barrier = self.barrier_start = self.readiness = self.level = 0.0
        self.install = self.cycle = self.able = self.dose = 0.0
        self.using_at_start = 0.0
        self.norm, self.trust = -1.0, 1.0
        self.service = 1.0
        self.setting: practitioner_rules.Setting
        self.cycles = self.idle = self.streak = self.users = self.trained_now = 0
        self.coached = 0
        self.certified = self.ever_certified = self.certified_at_end = False
        self.assessed_fidelity = self.assessed_share = self.assessed_capacity = nan
        self.month_started = self.month_initial = self.month_full = self.month_certified = NEVER
        self.certified_at_36 = self.kept = NEVER
        self.given_up = self.month_given_up = self.month_returned = NEVER
        self.marked: dict[int, tuple[float, float, float, float]] = {}

    @property
    def name(self) -> str:
        """Its pseudonym."""
        return self.label

    def now(self) -> str:
        """Stage, use and assessed fidelity."""
        known = "not assessed" if isnan(self.assessed_fidelity) else f"assessed fidelity {self.assessed_fidelity:.2f}"
        return f"{STAGES[self.stage].replace('_', ' ')}, {self.users} of {len(self.staff)} use it, {known}"

    @property
    def started(self) -> bool:
        """Has training been delivered here?"""
        return self.month_started >= 0

    @property
    def engaged(self) -> bool:
        """Does it take part, and may it therefore count on its team?"""
        return self.stage >= rules.INSTALLATION and self.given_up < 0

    @property
    def with_core(self) -> bool:
        """Does it explore or take part, so that those who support its core team have to do with it?"""
        return self.stage >= rules.EXPLORATION and self.given_up < 0

    @property
    def zone_levers(self) -> ZoneLevers:
        """Levers of its zone, of those that may differ by zone."""
        return self.area.zone_levers[self.zone]

    def come_under(self, core: CoreTeam) -> None:
        """Another core team takes it over, with its local team."""
        if self.core:
            self.core.sites.remove(self)
        insort(core.sites, self, key=attrgetter("index"))
        self.core = core
        if self.team and self.team.parent is not core:
            self.team.parent.local_teams.remove(self.team)
            insort(core.local_teams, self.team, key=attrgetter("index"))
            self.team.parent = core

    @property
    def speaks_for_it(self) -> bool:
        """Is the practice in use here?"""
        return self.started and self.users > 0 and self.given_up < 0

    def enter(self, stage: int) -> None:
        """Move to a stage."""
        if stage != self.stage:
            self.stage = stage
            self.note(f"entered {STAGES[stage].replace('_', ' ')}")

    def begin(self) -> None:
        """Stage as given, else not engaged; barriers and readiness drawn."""
        p = self.model.parameters
        self.barrier_start = around(p.site.barrier_mean, p.site.barrier_spread, self.chance("barriers_at_first"))
        self.barrier = self.barrier_start
        self.readiness = around(
            p.practitioner.readiness_mean, p.practitioner.readiness_spread, self.chance("readiness_of_staff")
        )
        self.level = around(p.practitioner.level_mean, p.practitioner.level_spread, self.chance("level_of_staff"))
        self.stage = max(self.given_stage, rules.NOT_ENGAGED)
        if self.stage >= rules.INITIAL:
            self.month_started = self.month_initial = 0
        if self.stage == rules.FULL:
            self.month_full = 0
            self.streak = 1
        running = self.stage in (rules.INITIAL, rules.FULL)
        self.using_at_start = self.given_using
        if isnan(self.given_using):
            self.using_at_start = 1.0 if running else 0.0
        if self.engaged and self.team:
            self.team.formed = True
            self.team.generation = 1
            self.team.gather_members(at_work=True)

    # Phase 1: the plan

    def remember_support_end(self) -> None:
        """Was it certified when external support ended, and is it still so five years on?"""
        ended = self.area.support_ended
        if ended == self.model.month:
            self.certified_at_end = self.certified
            self.kept = -2 if self.certified else NEVER
        elif ended >= 0 and self.model.month == ended + YEARS_5 and self.certified_at_end:
            self.kept = int(self.certified)

    def reconsider(self) -> None:
        """Trust moves; a site that takes part may give the practice up, one that gave it up may join again."""
        deciding.reconsider(self)

    def give_up(self) -> None:
        """It gives the practice up; its team disbands, with all that it could do, unless other sites share it."""
        deciding.give_up(self)

    def take_part_again(self) -> None:
        """It joins again, installs what is still to install, and trains again who no longer uses the practice."""
        deciding.take_part_again(self)

    @property
    def likeness(self) -> float:
        """How well the earlier zones resemble its own."""
        return self.area.similarity[self.zone] if self.zone < len(self.area.similarity) else 0.0

    def prepare(self) -> None:
        """Mutual selection, then installation; training is delivered when installation is done."""
        if self.stage == rules.EXPLORATION:
            deciding.seek_place(self)
        elif self.stage == rules.INSTALLATION and not self.started:
            p, terms = self.model.parameters.site, self.area.levers.terms_of_reference if self.core else 0.0
            self.install += rules.clearer(p, rules.installed(p, self.released_time()), terms)
            if self.install >= 1.0 and self.can_pay_for_training(self.attending()):
                self.month_started = self.model.month
                self.deliver_training()

    def released_time(self) -> float:
        """Time for installation, released by its manager and the agency's senior leader."""
        manager = self.manager.would_release()
        senior = self.senior.would_release() if self.senior else manager
        levers = self.area.levers
        budget = year.budget_left(levers.released_time, levers.budget_squeeze, self.area.calendar)
        return team_rules.worth(self.model.parameters.team, leader_rules.released(manager, senior, budget))

    def attending(self, *, again: bool = False) -> int:
        """How many of its staff would be trained if it started now."""
        if self.area.levers.training == practitioner_rules.UNTRAINED:
            return 0
        return sum(person.would_attend and person.needs_training(again=again) for person in self.staff)

    def can_pay_for_training(self, people: int) -> bool:
        """Where the year's budget does not cover so many they wait."""
        p = self.model.parameters.cost
        return self.area.purse.buys(self.agency, money.training_cash(p, people), money.training_time(p, people))

    def deliver_training(self, *, again: bool = False) -> None:
        """Those who attend are trained when it starts or returns; without training in the plan it still starts."""
        if self.area.levers.training != practitioner_rules.UNTRAINED:
            self.trained_now += sum(person.attend_training(again=again) for person in self.staff)
        self.note(f"started; {self.trained_now} were trained")

    # Phase 2: support

    def need_of_core(self) -> float:
        """Places of its core team's attention that it needs itself."""
        p = self.model.parameters.team
        if self.stage == rules.EXPLORATION:
            return team_rules.places_to_explore(p, len(self.staff))
        return team_rules.by_people(p, len(self.staff)) if self.team is None and self.engaged else 0.0

    def count_on_team(self) -> None:
        """Capacity that supports the site, the coaching its practitioners get, and what is left of its service."""
        p, levers, others = self.model.parameters.team, self.area.levers, self.area.bought
        coaching = self.zone_levers.coaching
        if self.engaged and self.started:
            others = team_rules.with_others(team_rules.dose_of_head(p, self.manager.commitment), others)
        self.able, self.dose, self.service = 0.0, others, 1.0
        if not self.engaged:
            return
        if self.team:
            self.able = self.team.capacity
            hands, staff = self.team.hands(), self.team.served
            met = team_rules.Help(self.team.capacity, hands, self.team.released, staff)
            dose = team_rules.dose(p, coaching, met)
            self.dose = team_rules.with_others(dose, others)
            released = leader_rules.repurposed(self.team.released, money.new_posts(levers.new_posts, self.team.paid))
            gone = team_rules.missed(hands, p.share_of_post_local, released, staff)
            self.service = team_rules.service_left(p, gone, levers.displacement, levers.backfill, levers.data_linkage)
        elif self.core:
            self.able = team_rules.direct(self.core.capacity, self.core.attention)
            hands, staff = self.core.hands(), self.core.staff
            met = team_rules.Help(self.core.capacity, hands, self.core.released, staff)
            dose = team_rules.dose(p, coaching, met)
            self.dose = team_rules.with_others(dose, others)

    # Phase 4: improvement

    @property
    def in_relaxed_zone(self) -> bool:
        """Does it belong to a zone that has opened, and in which rules are still relaxed?"""
        return self.zone < len(self.area.opened) and self.area.relaxed_in(self.zone)

    @property
    def lag(self) -> float:
        """Delay of its data."""
        levers = self.area.levers
        return rules.lag_met(self.model.parameters.site, levers.data_lag_months, self.agency, levers.data_agencies)

    def improve(self) -> None:
        """A rapid improvement cycle advances and may end; part of the barriers removed earlier return."""
        p, levers = self.model.parameters.site, self.area.levers
        if self.started and self.able > 0.0:
            running = levers.improvement_cycles
            if self.agency == EDUCATION:
                running = year.in_term(running, levers.school_year, self.area.calendar)
            self.cycle += rules.cycle_progress(p, self.lag, running)
            if self.cycle >= 1.0:
                self.cycle -= 1.0
                self.cycles += 1
                self.end_cycle()
        self.barrier = rules.barrier_returning(p, self.barrier, self.barrier_start)

    def end_cycle(self) -> None:
        """Local barriers fall, the playbook grows, and a barrier beyond the site may be passed up."""
        p, area = self.model.parameters.site, self.area
        quality = self.data_quality()
        ease = rules.latitude(p, self.in_relaxed_zone, area.backing)
        self.barrier = rules.barrier_after_cycle(p, self.barrier, self.able, quality, ease)
        area.learn(self.able, quality)
        passed_up_by = self.operational or self.manager
        cross = self.chance("barrier_needs_all") < p.cross_agency
        raised = rules.raises(p, area.barrier_met, passed_up_by.commitment)
        if cross:
            raised = rules.raised_between(raised, area.surfaces)
        if self.chance("meets_barrier_beyond") < raised:
            area.group.hear_of_barrier(self.agency, cross)

    def data_quality(self) -> float:
        """What can be learned from its data."""
        levers = self.area.levers
        p = self.model.parameters.site
        quality = rules.data_quality(p, self.lag, levers.collective != 0.0)
        return rules.quality_left(p, quality, levers.data_burden, levers.data_judgement)

    # Phase 5: what practitioners meet

    def gather(self) -> practitioner_rules.Setting:
        """What everybody here meets this month."""
        p, levers, area = self.model.parameters.practitioner, self.area.levers, self.area
        load = practitioner_rules.burdened(area.load[self.agency], levers.data_burden, self.started)
        load = practitioner_rules.relieved(load, area.everyone, area.posts) if area.posts > 0.0 else load
        turnover = levers.turnover_factor
        if self.agency == EDUCATION:
            turnover = year.seasonal(p, turnover, levers.school_year, area.calendar)
        inducts = self.started and levers.training > 0.0
        return practitioner_rules.Setting(
            dose=self.dose,
            commitment=self.manager.commitment,
            through=area.between[self.agency],
            overloaded=practitioner_rules.overload(p, load, area.alignment, self.deprivation, self.secondary),
            mandate=levers.mandate,
            champions=levers.champions,
            training=levers.training,
            engaged=1.0 if self.stage != rules.NOT_ENGAGED else 0.0,
            turnover=turnover,
            deprivation=self.deprivation,
            induction=probability(practitioner_rules.inducted(p, self.able)) if inducts else 0.0,
            taught=area.taught,
            feedback=levers.fidelity_feedback,
            joint=levers.joint_share,
            usability=area.usability,
            given_up=1.0 if self.given_up >= 0 else 0.0,
        )

    def brief_staff(self) -> None:
        """Its practitioners learn what they meet this month."""
        self.setting = self.gather()

    def count_users(self) -> None:
        """How many of its practitioners use the practice now, and how well they can do it."""
        skills = [person.skill for person in self.staff if person.using]
        self.users = len(skills)
        self.norm = share(total(skills), len(skills)) if skills else -1.0

    # Phase 7: assessment and cost

    def close_month(self) -> None:
        """Stage and certification at the end of the month, after any assessment that was due."""
        assessment.close_month(self)

    def first_time(self, before: int) -> int:
        """The month something happened first: `before`, else now."""
        now: int = self.model.month
        return now if before < 0 else before

    def pay(self, ledger: Any) -> None:
        """Training, coaching, data and the work of what was chosen."""
        bills.pay_for_site(self, ledger)
