"""When a point has enough replicates: it is checked at set counts, by its own runs and nothing else.

Looking after every run and stopping at the first narrow interval would stop too often by chance. So the first look
comes after `least` runs. Each later look comes when the spread so far says that the width will be met: at least a tenth
more runs, at most twice as many. It does not matter which other points ran, on how many machines and in what order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import Estimate, mean_difference, median_difference
from sim.results.measures import MONTHS, POUNDS, measure_of

STEP, LEAP = 1.1, 2.0


def estimate(outcome: str, first: NDArray[np.float64], other: NDArray[np.float64] | None) -> Estimate:
    """The paired difference of an outcome and its 95 % interval; of the outcome itself without `other`.

    Args:
        outcome: id or id@month.
        first: one for each replicate [R].
        other: the same replicates of what it is compared with [R].
    """
    unit = measure_of(outcome).unit
    if unit != MONTHS:
        first = np.where(np.isinf(first), np.nan, first)
        other = None if other is None else np.where(np.isinf(other), np.nan, other)
    with np.errstate(invalid="ignore"):
        values = first if other is None else first - other
    return (median_difference if unit in (MONTHS, POUNDS) else mean_difference)(values)


def next_look(estimated: Estimate, runs: int, width: float, most: int) -> int:
    """How many runs a point should have next.

    Args:
        estimated: from its first `runs` runs.
        runs: how many it has.
        width: widest allowed interval.
        most: never more than this.

    Returns:
        `runs` itself where it has enough, else a larger number.
    """
    now = estimated.high - estimated.low
    if runs >= most or now <= width:
        return runs
    needed = math.ceil(runs * (now / width) ** 2) if math.isfinite(now) else most
    least, leap = math.ceil(runs * STEP), math.ceil(runs * LEAP)
    return min(most, max(least, min(needed, leap)))
