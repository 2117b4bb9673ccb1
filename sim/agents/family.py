"""A family: need arises and resolves; it is noticed, waits, is served, and feels it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.agents.actor import Actor
from sim.rules import family as rules

if TYPE_CHECKING:
    from sim.agents.practitioner import Practitioner


class Past(NamedTuple):
    """What counts each family once, of one family or of several."""

    families: int = 0
    ever_in_need: int = 0
    reached: int = 0
    reached_at_fidelity: int = 0
    gave_up: int = 0
    mistaken: int = 0
    completed: int = 0
    benefit: int = 0
    benefit_completed: int = 0


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
        completed: completed an episode.
        benefit: wellbeing gained, in millionths of a standard deviation.
        benefit_completed: the same by the end of the first episode it completed.
        earlier: the families who lived in its place before it, and have left.
    """

    __slots__ = (
        "benefit",
        "benefit_completed",
        "completed",
        "earlier",
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
        self.earlier = Past()
        self.arrive(in_need=False)

    def arrive(self, *, in_need: bool) -> None:
        """A family without any history, in need or not."""
        self.in_need = self.ever_in_need = in_need
        self.reached = self.reached_at_fidelity = self.completed = False
        self.gave_up = self.mistaken = False
        self.path = rules.UNKNOWN
        self.benefit = self.benefit_completed = 0

    def past(self) -> Past:
        """What counts each family once: it, and those who lived in its place before."""
        mine = (
            1,
            self.ever_in_need,
            self.reached,
            self.reached_at_fidelity,
            self.gave_up,
            self.mistaken,
            self.completed,
            self.benefit,
            self.benefit_completed,
        )
        return Past(*(now + before for now, before in zip(mine, self.earlier, strict=True)))

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
        self.arrive(in_need=self.chance("in_need_on_first_day") < prevalence)
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
        """A month of family life: it leaves or, without need until one arises, with it until it resolves, lives on."""
        chance, leaves = self.chance("need_changes"), self.model.chances.leaves
        if chance < leaves:
            self.leave(chance, leaves)
            return
        luck = rules.of_those_who_stay(chance, leaves)
        if self.in_need:
            self.cope(self.gather(), luck)
            return
        self.path = rules.UNKNOWN
        if luck < self.model.chances.arises[self.fifth]:
            self.in_need = self.ever_in_need = True
            self.note("a need arose")
        elif self.practitioner.site.area.levers.misidentification > 0.0:
            self.be_mistaken(self.gather())

    def leave(self, chance: float, leaves: float) -> None:
        """Its children have grown up; another family lives in its place from now on."""
        self.earlier = self.past()
        prevalence = rules.prevalence(self.model.parameters.family, self.fifth)
        self.arrive(in_need=rules.in_need_on_arrival(prevalence, chance, leaves))
        self.note("its children grew up, and another family took its place")

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

    def cope(self, met: rules.Service, luck: float) -> None:
        """A month in need: served or not, the need resolves (by its `luck`) or it moves on through service."""
        served = met.using and rules.in_service(self.path)
        if served:
            self.be_served(met)
        if luck < rules.resolves(self.model.parameters.family, served, met):
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
        ends = rules.completes(self.path, True, self.chance("way_through_service"), self.model.chances)
        if ends and not self.completed:
            self.completed, self.benefit_completed = True, self.benefit
            self.note("completed an episode")

    def move_on(self, met: rules.Service) -> None:
        """Noticed, offered, enrolled, on to the next month of the episode, or out of it."""
        before, way = self.path, self.chance("way_through_service")
        if rules.gives_up(before, way, met.lost):
            self.gave_up = True
            self.note("gave up waiting for a place")
        self.path = rules.next_path(self.model.parameters.family, before, way, met, self.model.chances)
        if before == rules.UNKNOWN and self.path == rules.WAITING:
            self.note("its practitioner noticed the need")
