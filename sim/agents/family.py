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
        gave_up: stopped waiting for want of a place, at any time.
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
        self.in_need = self.ever_in_need = self.chance("in need on the first day") < prevalence
        self.practitioner.site.area.in_need_at_first += self.in_need

    def live(self) -> None:
        """A month of family life: without need until one arises, with it until it resolves."""
        luck = self.chance("need arises or resolves")
        if self.in_need:
            self.cope(luck)
            return
        self.path = rules.UNKNOWN
        if luck < self.model.need_arises[self.fifth]:
            self.in_need = self.ever_in_need = True
            self.note("a need arose")
        else:
            self.be_mistaken()

    def be_mistaken(self) -> None:
        """Without need, it may be identified all the same, and takes up a place for a month until that is found out."""
        wrong = self.practitioner.site.area.levers.misidentification
        if wrong > 0.0 and self.chance("way through service") < rules.mistaken(
            self.model.parameters.family, self.practitioner.fidelity, wrong
        ):
            self.path = rules.WAITING
            self.mistaken = True

    def takes_place(self) -> bool:
        """Does it take up a place in support?"""
        return rules.takes_place(self.in_need, self.path)

    def could_be_offered(self) -> bool:
        """Does it wait for a practitioner who uses the practice?"""
        return self.in_need and self.path == rules.WAITING and self.practitioner.using

    def cope(self, luck: float) -> None:
        """A month in need: served or not, the need resolves or the family moves on through service."""
        parameters = self.model.parameters.family
        helper = self.practitioner
        effect = helper.site.area.levers.true_effect
        served = helper.using and rules.in_service(self.path)
        if served:
            self.be_served(effect)
        if luck < rules.resolves(parameters, served, helper.fidelity, effect):
            self.in_need = False
            self.path = rules.UNKNOWN
            self.note("the need resolved")
        else:
            self.move_on()

    def be_served(self, effect: float) -> None:
        """One month of service by its practitioner."""
        helper = self.practitioner
        if not self.reached:
            self.note("was reached")
        self.reached = True
        if helper.at_fidelity:
            self.reached_at_fidelity = True
        self.benefit += rules.benefit(self.model.parameters.family, helper.fidelity, effect)

    def move_on(self) -> None:
        """Noticed, offered, enrolled, on to the next month of the episode, or out of it."""
        model, helper = self.model, self.practitioner
        parameters = model.parameters.family
        area, before, way = helper.site.area, self.path, self.chance("way through service")
        if rules.gives_up(before, way, area.lost):
            self.gave_up = True
            self.note("gave up waiting for a place")
        self.path = rules.next_path(
            parameters,
            before,
            helper.using,
            way,
            rules.noticed(parameters, helper.fidelity),
            rules.offered(model.offer, area.place_share, helper.site.service),
            model.offer_again,
            model.drop_out,
            area.lost,
        )
        if before == rules.UNKNOWN and self.path == rules.WAITING:
            self.note("its practitioner noticed the need")
