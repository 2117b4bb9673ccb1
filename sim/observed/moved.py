"""What was learned about this place: how far the parameters that may vary have moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.observed.weighed import LEVELS, Weighed
from sim.observed.weighing import mean_and_deviation, quantile
from sim.parameters import UNCERTAINTIES

Floats = NDArray[np.float64]
FAR = 0.5
"""Deviations of what was believed before, from which a parameter is said to have moved."""


@dataclass(frozen=True)
class Moved:
    """One parameter before and after.

    Attributes:
        name: of the uncertainty.
        before: 10 %, 50 % and 90 % of the runs.
        after: the same by weight.
        shift: how far its mean has moved, in deviations before.
        narrowed: its deviation after, as a part of that before.
    """

    name: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    shift: float
    narrowed: float

    @property
    def words(self) -> str:
        """What it is."""
        return UNCERTAINTIES[self.name].about.words

    @property
    def far(self) -> bool:
        """Whether it has moved enough to be reported."""
        return abs(self.shift) >= FAR


def moved(found: Weighed, rows: list[dict[str, float]]) -> list[Moved]:
    """Every parameter that differs between runs, the farthest first.

    Args:
        found: runs and data.
        rows: the row of each run.
    """
    names = [n for n in (rows[0] if rows else {}) if len({r[n] for r in rows[:100]}) > 1]
    told = []
    for name in names:
        values = np.array([r[name] for r in rows])
        mean, spread = mean_and_deviation(values, found.alike)
        now, left = mean_and_deviation(values, found.weights.values)
        before = quantile(values, found.alike, *LEVELS)
        after = quantile(values, found.weights.values, *LEVELS)
        told.append(Moved(name, tuple(before), tuple(after), (now - mean) / spread, left / spread))  # type: ignore[arg-type]
    return sorted(told, key=lambda m: -abs(m.shift))
