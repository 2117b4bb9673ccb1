"""A family: need arises and resolves; it is noticed, waits, is served, and feels it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.actor import Actor
from sim.rules import family as rules

if TYPE_CHECKING:
    from sim.agents.practitioner import Practitioner


class Family(Actor):
    """One child's household with its named practitioner.

    Attributes:
        practitioner: its named practitioner.
        fifth: deprivation fifth, 0 most deprived ... 4 least.
        in_need: has an unmet need now.
        path: its way through service (`sim.rules.family`).
        ever_in_need: had a need in any month so far.
        reached: was served at least a month.
        reached_at_fidelity: was served at least a month by a practitioner at fidelity.
        gave_up: has at some time stopped waiting because there was no place.
        mistaken: was identified without need, at any time.
        benefit: wellbeing gained, in millionths of a standard deviation.
    """

    __slots__ = (
        "benefit",
        "ever_in_need",
        "fifth",
        "gave_up",
        "in_need",
        "mistaken",
        "path",
        "practitioner",
        "reached",
        "reached_at_fidelity",
    )

    def __init__(self, model: Any, index: int, *, practitioner: Practitioner, fifth: int) -> None:
        super().__init__(model, index)
        self.practitioner = practitioner
        self.fifth = fifth
        self.in_need = self.ever_in_need = self.reached = self.reached_at_fidelity = False
        self.gave_up = self.mistaken = False
        self.path = rules.UNKNOWN
        self.benefit = 0

    def now(self) -> str:
        """In need or not, and where in service."""
        if not self.in_need:
            return "not in need"
        if rules.in_service(self.path):
            return "in need, in service"
        places = {
            rules.UNKNOWN: "not noticed",
            rules.WAITING: "waiting",
            rules.ENDED: "an episode is over or was declined",
        }
        return f"in need, {places[self.path]}"

    def begin(self) -> None:
        """In need or not at month 0, by deprivation fifth; nobody is known or served yet."""
        prevalence = rules.prevalence(self.model.parameters.family, self.fifth)
        self.in_need = self.ever_in_need = self.chance("in_need_on_first_day") < prevalence
        self.practitioner.site.area.in_need_at_first += self.in_need

    def gather(self) -> rules.Service:
        """What it meets this month."""
        helper = self.practitioner
        area = helper.site.area
        return rules.Service(
            using=helper.using,
            fidelity=helper.fidelity,
            at_fidelity=helper.at_fidelity,
            effect=area.levers.true_effect,
            mistakes=area.levers.misidentification,
            place_share=area.place_share,
            service=helper.site.service,
            lost=area.lost,
        )

    def live(self) -> None:
        """A month of family life: without need until one arises, with it until it resolves."""
        if self.in_need:
            self.cope(self.gather())
            return
        self.path = rules.UNKNOWN
        if self.chance("need_changes") < self.model.chances.arises[self.fifth]:
            self.in_need = self.ever_in_need = True
            self.note("a need arose")
        elif self.practitioner.site.area.levers.misidentification > 0.0:
            self.be_mistaken(self.gather())

    def be_mistaken(self, met: rules.Service) -> None:
        """It may be identified although it is not in need, and occupies a place for a month until that is noticed."""
        if self.chance("way_through_service") < rules.mistaken(self.model.parameters.family, met):
            self.path = rules.WAITING
            self.mistaken = True

    def takes_place(self) -> bool:
        """Does it occupy a place in support?"""
        return rules.takes_place(self.in_need, self.path)

    def could_be_offered(self) -> bool:
        """Does it wait for a practitioner who uses the practice?"""
        return self.in_need and self.path == rules.WAITING and self.practitioner.using

    def cope(self, met: rules.Service) -> None:
        """A month in need: served or not, the need resolves or the family moves on through service."""
        served = met.using and rules.in_service(self.path)
        if served:
            self.be_served(met)
        if self.chance("need_changes") < rules.resolves(self.model.parameters.family, served, met):
            self.in_need = False
            self.path = rules.UNKNOWN
            self.note("the need resolved")
        else:
            self.move_on(met)

    def be_served(self, met: rules.Service) -> None:
        """One month of service by its practitioner."""
        if not self.reached:
            self.note("was reached")
        self.reached = True
        if met.at_fidelity:
            self.reached_at_fidelity = True
        self.benefit += rules.benefit(self.model.parameters.family, met)

    def move_on(self, met: rules.Service) -> None:
        """Noticed, offered, enrolled, on to the next month of the episode, or out of it."""
        before, way = self.path, self.chance("way_through_service")
        if rules.gives_up(before, way, met.lost):
            self.gave_up = True
            self.note("gave up waiting for a place")
        self.path = rules.next_path(self.model.parameters.family, before, way, met, self.model.chances)
        if before == rules.UNKNOWN and self.path == rules.WAITING:
            self.note("its practitioner noticed the need")
