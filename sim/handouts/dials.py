"""Levers that a handout may offer: over which range, and which of them move the outcome of this very question most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import UnknownName
from sim.handouts.case import Cancelled, Case, with_values
from sim.handouts.curves import last_medians
from sim.parameters import LEVERS
from sim.scenarios.scenario import Scenario

MOST = 5
LEAST_EFFECT = 0.005
"""A lever that moves no leading share's median by half a point over its whole range is not worth a slider."""
STEPS = 40
RANGES = {
    "core_team_size": (2.0, 10.0), "local_team_size": (2.0, 8.0), "coaching": (0.0, 1.0), "released_time": (0.2, 1.0),
    "external_level": (0.0, 1.0), "improvement_cycles": (0.0, 1.0), "fidelity_feedback": (0.0, 1.0),
    "data_lag_months": (0.0, 12.0), "communication": (0.0, 1.0), "engagement_senior": (0.0, 1.0),
    "engagement_manager": (0.0, 1.0), "engagement_group": (0.0, 1.0), "alignment": (0.0, 1.0),
    "alignment_work": (0.0, 1.0), "mentoring": (0.0, 1.0), "peer_network": (0.0, 1.0), "mandate": (0.0, 1.0),
    "terms_of_reference": (0.0, 1.0), "turnover_factor": (0.5, 2.0), "initiative_load": (0.0, 1.0),
}  # fmt: skip
"""What may be offered, and between which values; a plan's own value beyond them widens the range."""
CONDITIONS = ("turnover_factor", "initiative_load")
"""Nobody chooses these: they are the same for every plan."""


@dataclass(frozen=True)
class Dial:
    """One lever to be moved.

    Attributes:
        name: of the lever.
        low: least value.
        high: largest value.
        at: the plan's own.
        whole: takes whole numbers only.
        both: moves every plan, as it is a condition.
    """

    name: str
    low: float
    high: float
    at: float
    whole: bool = False
    both: bool = False

    def share(self, value: float) -> float:
        """A value as share of the range."""
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """The value at a share of the range, whole where it must be."""
        found = self.low + share * (self.high - self.low)
        return float(round(found)) if self.whole else found

    def stops(self) -> list[float]:
        """Values that a slider stops at, the plan's own among them."""
        count = round(self.high - self.low) if self.whole else STEPS
        steps = {round(self.value(k / count), 10) for k in range(count + 1)}
        return sorted({*(s for s in steps if abs(s - self.at) > 1e-9), self.at})


def dial(name: str, plan: Scenario) -> Dial:
    """The dial of a lever on a plan.

    Raises:
        UnknownName: no lever of that name can be offered.
    """
    if name not in RANGES:
        raise UnknownName("--lever", "lever to offer", name, RANGES)
    low, high = RANGES[name]
    at = float(plan.lever_values()._asdict()[name])
    return Dial(name, min(low, at), max(high, at), at, LEVERS[name].about.whole, name in CONDITIONS)


def strongest(case: Case, runs: int, cancelled: Cancelled | None = None) -> list[Dial]:
    """The dials that move the leading shares most, at most MOST, the strongest first.

    Each lever alone is set to both ends of its range and paired, run by run, with the plan as it stands.

    Args:
        case: the question; levers move its first plan.
        runs: replicates at each end.
        cancelled: asked often.
    """
    plan = case.plans[0]
    base = last_medians(case.run(plan, runs, cancelled=cancelled))
    found = []
    for name in RANGES:
        one = dial(name, plan)
        moved = 0.0
        for end in {one.low, one.high} - {one.at}:
            there = last_medians(case.run(with_values(plan, [(name, end)]), runs, cancelled=cancelled))
            moved = max(moved, float(np.abs(np.median(there - base, axis=1)).max()))
        found.append((moved, name))
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    return [dial(name, plan) for moved, name in ranked[:MOST] if moved >= LEAST_EFFECT]
