"""What a plan can be best at, and the order of trials for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.planning.limits import Judged, judge
from sim.planning.question import Question
from sim.planning.trials import Trial

Values = NDArray[np.float64]
FAMILIES, CERTIFIED, DEPRIVED = (
    "need_served_at_fidelity_share",
    "sites_full_share",
    "need_served_at_fidelity_share_fifth1",
)
COST = "cost_total"
LEAST_COST, LEAST_REGRET = "least_cost", "least_regret"
"""What a plan can be best at beside what counts."""
PENALTY = 2.0
KEEPS = 0.75
"""The cheapest plan keeps at least this share of the best plan's gain."""


@dataclass(frozen=True)
class Purpose:
    """Something a plan can be best at.

    Attributes:
        id: its name.
        measure: what is read of every run.
        words: 'Serves most families'.
        worth: smallest difference worth having.
    """

    id: str
    measure: str
    words: str
    worth: float


def purposes(question: Question) -> tuple[Purpose, ...]:
    """What counts, in the question's order; the first is what the search is foremost for."""
    words = {
        FAMILIES: "serves most families at fidelity",
        CERTIFIED: "brings most sites to full implementation",
        DEPRIVED: "serves most families of the most deprived fifth",
    }
    return tuple(
        Purpose(c.measure, c.measure, words.get(c.measure, f"is best in {c.measure}"), c.worth) for c in question.counts
    )


@dataclass(frozen=True)
class Standing:
    """A trial with its judgement."""

    trial: Trial
    judged: Judged

    @property
    def key(self) -> str:
        """The plan's key."""
        return self.trial.plan.key

    def column(self, outcome: str) -> Values:
        """An outcome in every replicate, what is undefined counted as nothing [replicates]."""
        return np.nan_to_num(self.trial.values[outcome], nan=0.0, posinf=0.0, neginf=0.0)

    def mean(self, outcome: str) -> float:
        """The mean of an outcome."""
        return float(self.column(outcome).mean())

    def merit(self, outcome: str, replicates: int | None = None) -> float:
        """The mean of an outcome's first replicates, less twice the share by which the plan is over a limit.

        So a search can come down from a strong plan that costs a little too much.
        """
        value = float(self.column(outcome)[:replicates].mean())
        return value - PENALTY * self.judged.excess * abs(value)


def standing(trial: Trial, question: Question) -> Standing:
    """A trial held against the question's limits."""
    return Standing(trial, judge(trial.values, question.limits, question.year_ends))


def rank(one: Standing, measure: str) -> tuple[bool, float, float, str]:
    """What to sort by, best first: within the limits as far as is seen, then the mean, then the key.

    Of plans that are not, the one with the least risk comes first.
    """
    outside = not one.judged.likely
    return (outside, one.judged.risk if outside else 0.0, -one.mean(measure), one.key)
