"""A leader: is engaged, becomes committed, drifts back, leaves and is succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.actor import Actor, total
from sim.organisation.codes import AGENCIES, LEADER_LEVELS, MANAGER, SENIOR
from sim.rules import budget, money
from sim.rules import leader as rules
from sim.rules.rule import around, probability, share

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.site import Site

IN_POST_BEFORE = -24


class Leader(Actor):
    """A senior leader, an operational manager or a site's manager.

    Attributes:
        level: codes.SENIOR, OPERATIONAL or MANAGER.
        agency: index into codes.AGENCIES.
        areas: local areas served (a health board's leader serves several).
        site: a site manager's site, else None.
        given_commitment: baseline as the advisor says, NaN to be drawn.
        commitment: 0-1.
        baseline: commitment it drifts back to.
        engaged: engagement met this month.
        in_post_since: month.
    """

    def __init__(
        self, model: Any, index: int, *, level: int, agency: int, areas: list[LocalArea], given_commitment: float
    ) -> None:
        super().__init__(model, index)
        self.level = level
        self.agency = agency
        self.areas = areas
        self.site: Site | None = None
        self.given_commitment = given_commitment
        self.commitment = self.baseline = self.engaged = 0.0
        self.in_post_since = IN_POST_BEFORE

    @property
    def name(self) -> str:
        """Level and what is led."""
        where = self.site.name if self.site else " and ".join(area.name for area in self.areas)
        return f"{LEADER_LEVELS[self.level]}, {AGENCIES[self.agency].replace('_', ' ')}, {where}"

    def now(self) -> str:
        """Commitment."""
        return f"commitment {self.commitment:.2f}, engaged {self.engaged:.2f}"

    def begin(self) -> None:
        """Baseline commitment as given, or drawn; commitment starts there."""
        p = self.model.parameters.leader
        drawn = around(p.commitment_mean, p.commitment_spread, self.chance("baseline"))
        given = self.given_commitment
        self.baseline = self.commitment = drawn if given != given else given  # noqa: PLR0124  (NaN: not given)

    def lead(self) -> None:
        """A month in post: meet engagement, then leave to a successor or move in commitment."""
        paid = min(area.purse.paid_to_leaders(self.agency) for area in self.areas)
        p, met = self.model.parameters.leader, self.gather(paid)
        self.engaged = met.engagement
        leaving = probability(rules.leaves(p, met))
        if self.in_post_since != self.model.month and self.chance("leader_leaves") < leaving:
            self.be_succeeded()
            return
        self.commitment = rules.next_commitment(p, self.commitment, self.baseline, met)

    def gather(self, paid: float) -> rules.Influences:
        """What it meets this month, on average over the areas it serves; a site's manager is engaged only where the
        site explores or takes part, and everybody as far as the time for it is `paid`.
        """
        count = len(self.areas)
        there = [(self.engagement_in(area), area) for area in self.areas] if self.takes_part else []
        felt = total(rules.felt(one, area.levers.dissatisfaction, area.visible) for one, area in there)
        pull = total(rules.misalignment(area.load[self.agency], area.alignment) for area in self.areas)
        return rules.Influences(
            engagement=budget.part(share(total(engagement for engagement, _ in there), count), paid),
            felt=budget.part(share(felt, count), paid),
            results=share(total(area.visible for area in self.areas), count),
            misaligned=share(pull, count),
            turnover=share(total(area.levers.turnover_factor for area in self.areas), count),
        )

    @property
    def takes_part(self) -> bool:
        """Is it a senior or operational leader, or one whose site explores or takes part?"""
        return self.level != MANAGER or (self.site is not None and self.site.with_core)

    def engagement_in(self, area: LocalArea) -> float:
        """What is planned for its level there (and for the group's members), as far as the teams can do it."""
        if self.level == SENIOR:
            return rules.engagement(area.levers.engagement_senior, area.levers.engagement_group, area.work)
        return rules.engagement(area.levers.engagement_manager, 0.0, area.work)

    def would_release(self) -> float:
        """Commitment with which it releases time: a new leader must settle first."""
        months = self.model.month - self.in_post_since
        return rules.would_release(self.model.parameters.leader, self.commitment, months)

    def be_succeeded(self) -> None:
        """A successor takes the post, resembling the predecessor only in part."""
        p = self.model.parameters.leader
        old = self.baseline
        self.baseline = rules.successor_baseline(p, old, self.chance("successor"))
        self.commitment = rules.successor_commitment(p, self.commitment, old, self.baseline)
        self.in_post_since = self.model.month
        self.note(f"a successor took the post (commitment {self.commitment:.2f})")

    def pay(self, ledger: Any) -> None:
        """Time that engaged leaders give."""
        amount = money.leader_time(self.model.parameters.cost, self.engaged)
        if self.site is not None:
            if amount > 0.0:
                ledger.charge_time(self.site, amount)
        else:
            ledger.charge_areas(self.areas, self.agency, amount)
