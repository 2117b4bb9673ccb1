"""A multi-agency group: as committed as its members, the weakest weighing most; decides on barriers raised to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.actor import Actor, total
from sim.organisation.codes import AGENCIES
from sim.rules import leader as rules
from sim.rules import site as site_rules
from sim.rules.rule import share

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.leader import Leader

CROSS = len(AGENCIES)


class MultiAgencyGroup(Actor):
    """The senior leaders of a local area around one table, where the area has such a group.

    Attributes:
        area: its local area.
        meets: False where the area has no group (each leader then decides alone).
        seniors: senior leader by agency, None where the area lacks one.
        chair: its chair, None without members.
        commitment: 0-1.
        queue: barriers waiting for a decision, by agency; the last needs every agency.
        rows: whose random numbers decide when these are decided on.
    """

    def __init__(self, model: Any, index: int, *, area: LocalArea, meets: bool, rows: list[int]) -> None:
        super().__init__(model, index)
        self.area = area
        self.meets = meets
        self.rows = rows
        self.seniors: list[Leader | None] = []
        self.chair: Leader | None = None
        self.commitment = 0.0
        self.queue = [0] * (CROSS + 1)

    @property
    def name(self) -> str:
        """Of which area."""
        return f"group of {self.area.name}"

    def now(self) -> str:
        """Commitment and what waits for a decision."""
        return f"commitment {self.commitment:.2f}, {sum(self.queue)} barriers wait for a decision"

    @property
    def members(self) -> list[Leader]:
        """Its members, in the agencies' order."""
        return [leader for leader in self.seniors if leader is not None]

    def members_mean(self) -> float:
        """Mean commitment of the senior leaders."""
        members = self.members
        return share(total(leader.commitment for leader in members), len(members))

    def gather(self) -> None:
        """Commitment, from that of its members now."""
        members = self.members
        if not members or not self.meets or self.chair is None:
            self.commitment = 0.0
            return
        self.commitment = rules.group_commitment(
            self.model.parameters.leader,
            self.members_mean(),
            min(leader.commitment for leader in members),
            self.model.month - self.chair.in_post_since,
        )

    def hear_of_barrier(self, agency: int, every_agency: bool) -> None:
        """A barrier beyond the site is passed up and waits for its decision."""
        self.queue[CROSS if every_agency else agency] += 1
        self.area.raised += 1

    def decide(self) -> None:
        """The practice-policy loop: each leader (the group, where all are needed) decides on one barrier at most."""
        ease = site_rules.latitude(self.model.parameters.site, self.area.any_zone_relaxed, self.area.backing)
        for place, waiting in enumerate(self.queue):
            if waiting == 0:
                continue
            senior = None if place == CROSS else self.seniors[place]
            commitment = self.commitment if senior is None else senior.commitment
            uniform = self.model.uniforms["barrier_is_decided"][self.rows[place]]
            if uniform < site_rules.decides(self.area.levers.communication, commitment):
                self.queue[place] -= 1
                self.area.remove_barrier(ease)
