"""A practitioner: hears of the practice, starts, learns, lapses, leaves the post to a newcomer."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.agents.actor import Actor
from sim.rules import practitioner as rules
from sim.rules import site as site_rules
from sim.rules.rule import around, probability, with_error
from sim.rules.site import INITIAL

if TYPE_CHECKING:
    from sim.agents.site import Site

INFLUENCES = {
    "peers": "peers who use it",
    "commitment": "a committed manager",
    "dose": "the team's support",
    "mandate": "a mandate",
}


class Practitioner(Actor):
    """A post at a site and who holds it.

    Attributes:
        site: where the post is.
        slot: number of the post within the site, from 0.
        care: a social-care or health role (its turnover differs from a teacher's).
        given_readiness: readiness as the advisor says, NaN to be drawn.
        ties: those who share advice with it.
        aware: has heard of the practice.
        trained: has been trained in it.
        using: uses it now.
        ever_used: used it at any time in this post.
        skill: 0-1.
        level: how able it is at the practice, 0-1.
        readiness: 0-1.
        fidelity: true delivered share of the practice's core components, 0 while not using it.
        peers: how many of its ties used it when the month's phase began.
        partners: those it meets from other agencies; `far`: how many of them used it then; `partner`: the best trained
            one's skill then.
        change: 1 if it took the practice up this month, -1 if it stopped, else 0.
        joined: month it came into post.
        taught: month it was trained.
    """

    __slots__ = (
        "aware",
        "care",
        "change",
        "ever_used",
        "far",
        "fidelity",
        "given_readiness",
        "joined",
        "level",
        "partner",
        "partners",
        "peers",
        "readiness",
        "site",
        "skill",
        "slot",
        "taught",
        "ties",
        "trained",
        "using",
    )

    def __init__(self, model: Any, index: int, *, site: Site, slot: int, care: bool, given_readiness: float) -> None:
        super().__init__(model, index)
        self.site = site
        self.slot = slot
        self.care = care
        self.given_readiness = given_readiness
        self.ties: list[Practitioner] = []
        self.partners: list[Practitioner] = []
        self.aware = self.trained = self.using = self.ever_used = False
        self.skill = self.level = self.readiness = self.fidelity = 0.0
        self.partner = 0.0
        self.peers = self.far = self.change = self.joined = self.taught = 0

    @property
    def name(self) -> str:
        """Site and number of the post."""
        return f"{self.site.name}, post {self.slot + 1}"

    @property
    def at_fidelity(self) -> bool:
        """Does it deliver at least what counts as fidelity?"""
        return rules.at_fidelity(self.model.parameters.practitioner, self.fidelity)

    @property
    def peers_share(self) -> float:
        """Share of its peers who used the practice when the phase began."""
        return rules.advice(self.peers, len(self.ties), self.far, len(self.partners), self.site.setting.through)

    def now(self) -> str:
        """Use, skill and fidelity."""
        if self.using:
            return f"uses it with skill {self.skill:.2f} and fidelity {self.fidelity:.2f}"
        before = "used it and stopped" if self.ever_used else "does not use it"
        return f"{before}; {'trained' if self.trained else 'aware of it' if self.aware else 'has not heard of it'}"

    def begin(self) -> None:
        """Own level and readiness; whether it uses the practice already, as far as the advisor says."""
        self.settle_in()
        if not isnan(self.given_readiness):
            self.readiness = self.given_readiness
        self.using = self.ever_used = self.chance("uses_on_first_day") < self.site.using_at_start
        self.trained = self.site.stage >= INITIAL
        self.aware = self.using or self.trained
        self.change = 1 if self.using else 0
        if self.using:
            known = self.site.given_fidelity
            p, obstacles = self.model.parameters.practitioner, self.obstacles()
            own = rules.unaided(p, self.level)
            self.skill = own if isnan(known) else rules.skill_for(p, known, self.level, obstacles)
            self.fidelity = rules.fidelity(p, self.skill, self.level, obstacles)

    def settle_in(self) -> None:
        """Whoever comes into the post brings a level and a readiness of their own."""
        p = self.model.parameters.practitioner
        self.level = around(self.site.level, p.level_spread, self.chance("own_level"))
        self.readiness = around(self.site.readiness, p.readiness_spread, self.chance("own_readiness"))

    def obstacles(self) -> rules.Obstacles:
        """What comes between skill and delivery."""
        area = self.site.area
        return rules.Obstacles(local=self.site.barrier, system=area.system_barrier, usability=area.usability)

    def deliver(self) -> float:
        """Delivered share of the core components this month."""
        if not self.using:
            return 0.0
        skill = rules.joint_skill(self.skill, self.partner, self.site.setting.joint)
        return rules.fidelity(self.model.parameters.practitioner, skill, self.level, self.obstacles())

    def look_to_partners(self) -> None:
        """Who of its partners uses the practice as the phase begins, and the best trained one's skill."""
        if self.site.setting.joint > 0.0 or self.site.setting.through > 0.0:
            self.far = sum(other.using for other in self.partners)
            self.partner = max((other.skill for other in self.partners if other.trained), default=0.0)

    @property
    def would_attend(self) -> bool:
        """Can a training take place this month?"""
        return bool(self.chance("attends_training") < self.model.parameters.practitioner.attendance)

    def needs_training(self, *, again: bool) -> bool:
        """Has it never been trained, or (where a site starts `again`) does it no longer use the practice?"""
        return not self.trained or (again and not self.using)

    def attend_training(self, *, again: bool) -> bool:
        """Come to the training at installation if it needs it, unless prevented; was anybody trained?"""
        if not self.needs_training(again=again) or not self.would_attend:
            return False
        self.aware = True
        self.be_trained()
        self.learn_from(self.site.area.levers.training)
        self.note("was trained when the site installed the practice")
        return True

    def be_trained(self) -> None:
        """Trained in the practice, now."""
        self.trained = True
        self.taught = self.model.month

    def learn_from(self, training: float) -> None:
        """Who is trained and uses the practice already is the better for it."""
        if self.using:
            self.skill = rules.trained_skill(self.model.parameters.practitioner, self.skill, training)

    def practise(self) -> None:
        """A month of work: stay or leave; then be inducted, learn, start or hear."""
        used = self.using
        if self.chance("leaves_post") < probability(self.pull_away()):
            self.give_way()
        else:
            trained = self.trained
            self.be_inducted()
            if used:
                self.keep_on()
            elif self.aware:
                self.consider(trained)
            else:
                self.listen()
            if self.trained:
                self.aware = True
                if not trained:
                    self.learn_from(self.site.setting.training)
            if used and self.using:
                self.improve()
        self.change = int(self.using) - int(used)
        self.fidelity = self.deliver()

    def show_peers(self) -> None:
        """Once everybody has decided: those tied to it see that it took the practice up or stopped."""
        if self.change != 0:
            for peer in self.ties:
                peer.peers += self.change

    def pull_away(self) -> float:
        """Hazard of leaving the post."""
        return rules.leaves(self.model.parameters.practitioner, self.care, self.using, self.site.setting)

    def give_way(self) -> None:
        """A newcomer takes the post: not aware, not trained."""
        self.note("left; a newcomer took the post")
        self.aware = self.trained = self.using = self.ever_used = False
        self.skill = 0.0
        self.joined = self.model.month
        self.settle_in()

    def be_inducted(self) -> None:
        """A supported site trains those it finds untrained."""
        if self.trained:
            return
        uniform, met = self.chance("is_inducted"), self.site.setting
        if uniform < met.induction:
            if not self.site.can_pay_for_training(1):
                return
            self.be_trained()
            self.site.trained_now += 1
            self.note("was trained as a newcomer")
        elif uniform < met.induction + met.taught:
            self.be_trained()
            self.note("was trained with help bought outside the plan")

    def listen(self) -> None:
        """Hear of the practice, or not."""
        hazard = rules.hears(self.model.parameters.practitioner, self.peers_share, self.site.setting)
        if self.chance("moves") < probability(hazard):
            self.aware = True
            self.note("heard of the practice")

    def consider(self, trained: bool) -> None:
        """Start using the practice, or wait."""
        peers, met = self.peers_share, self.site.setting
        if self.chance("moves") < probability(self.draw(trained, peers, met)):
            p = self.model.parameters.practitioner
            self.using = self.ever_used = True
            self.skill = max(self.skill, rules.first_skill(p, rules.trained_by(met, trained)))
            if self.model.keeps_history:
                self.note(f"started to use it, {self.why(trained)}")

    def draw(self, trained: bool, peers: float, met: rules.Setting) -> float:
        """Hazard of starting."""
        me = rules.Oneself(self.readiness, trained, self.model.month - self.taught)
        return rules.starts(self.model.parameters.practitioner, me, peers, met)

    def why(self, trained: bool) -> str:
        """The influences it met; first the one without which the hazard would have been least."""
        peers, met = self.peers_share, self.site.setting
        seen = {"peers": rules.with_champions(peers, met.champions)}
        seen |= {one: getattr(met, one) for one in INFLUENCES if one != "peers"}
        without = {
            one: self.draw(trained, 0.0, met)
            if one == "peers"
            else self.draw(trained, peers, met._replace(**{one: 0.0}))
            for one in seen
        }
        order = sorted((one for one in seen if seen[one] > 0.0), key=without.__getitem__)
        words = ", then ".join(f"{INFLUENCES[one]} ({seen[one]:.2f})" for one in order)
        return f"drawn by {words}" if words else "of their own accord"

    def keep_on(self) -> None:
        """Go on using the practice, or stop."""
        p, met = self.model.parameters.practitioner, self.site.setting
        if self.chance("moves") < probability(rules.lapses(p, self.peers_share, met)):
            self.using = False
            self.note(
                f"stopped using it (manager's commitment {met.commitment:.2f}, coaching {met.dose:.2f}, "
                f"overload {met.overloaded:.2f})"
            )

    def improve(self) -> None:
        """Get better at it, or fall back."""
        p, met = self.model.parameters.practitioner, self.site.setting
        me = rules.Ability(self.skill, self.level, self.site.norm)
        self.skill = rules.next_skill(p, me, met, self.model.settling)

    def be_observed(self) -> float:
        """Fidelity as an observer sees it, with error."""
        deviation = self.model.parameters.site.assess_error
        told = site_rules.reported(self.model.parameters.site, self.fidelity, self.site.area.levers.data_judgement)
        return with_error(told, deviation, self.chance("error_observed"), self.chance("error_observed_too"))
