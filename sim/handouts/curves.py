"""What a handout draws of an ensemble: shares over the months as quantiles, and the scale that they are fitted on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import Ensemble
from sim.results.fan import QUANTILES, over_months
from sim.results.intervals import quantiles
from sim.results.measures import read

Array = NDArray[np.float64]
SHARES = ("practitioners_at_fidelity_share", "practitioners_using_share", "need_served_at_fidelity_share")
"""What is drawn; the first opens the page."""
LEADING = (SHARES[0], SHARES[2])
"""What a lever is judged by when the ones that matter most are looked for."""
COST = "cost_total"
COST_ENDS = (0.1, 0.5, 0.9)
MIDDLE = QUANTILES.index(0.5)
SOFT = 0.005
"""Keeps the scale finite where a share is 0 or 1."""
LEAST_COST = 1.0


def stretched(share: Array) -> Array:
    """Shares on the scale of fitting: a logit that is finite at 0 and 1."""
    return np.asarray(np.log((share + SOFT) / (1.0 - share + SOFT)))


def shrunk(value: Array) -> Array:
    """Back from `stretched`."""
    return np.asarray((1.0 + 2.0 * SOFT) / (1.0 + np.exp(-value)) - SOFT)


def bands(values: Array) -> Array:
    """Quantiles [5, T+1] of runs [R, T+1]; a run without a value counts as 0, as nobody has been reached in it."""
    return np.asarray(quantiles(np.nan_to_num(values), *QUANTILES), np.float64)


def last_medians(ensemble: Ensemble) -> Array:
    """The leading shares in the last month [len(LEADING), R]."""
    return np.nan_to_num(np.stack([over_months(ensemble, name)[:, -1] for name in LEADING]))


def read_months(months: int) -> tuple[int, ...]:
    """Months at which shares are fitted: every full year, and the last."""
    return tuple(sorted({*range(12, months + 1, 12), months}))


@dataclass(frozen=True)
class Summary:
    """Runs of one plan as they are fitted: shares by month and cost, run by run.

    Attributes:
        shares: [len(SHARES), R, Y] at the months of `read_months`.
        cost: [R], GBP over the whole run.
    """

    shares: Array
    cost: Array

    @classmethod
    def of(cls, ensemble: Ensemble) -> Summary:
        """From an ensemble."""
        at = list(read_months(ensemble.months))
        shares = np.nan_to_num(np.stack([over_months(ensemble, name)[:, at] for name in SHARES]))
        return cls(shares, np.asarray(read(ensemble, COST)[2], np.float64))

    def some(self, first: int, count: int) -> Summary:
        """Replicates `first` to `first + count`."""
        return Summary(self.shares[:, first : first + count], self.cost[first : first + count])

    def quantiles(self) -> Array:
        """Shares [len(SHARES), 5, Y]."""
        return np.stack([quantiles(runs, *QUANTILES) for runs in self.shares])

    def vector(self) -> Array:
        """All that is fitted, one number after the other: stretched shares, then the logarithm of cost."""
        cost = quantiles(np.maximum(self.cost, LEAST_COST)[:, None], *COST_ENDS)[:, 0]
        return np.concatenate([stretched(self.quantiles()).ravel(), np.log(cost)])


def moved(curves: Array, shifts: Array, months: tuple[int, ...]) -> Array:
    """Quantiles once levers have moved.

    Args:
        curves: quantiles month by month as they were run [5, T+1].
        shifts: how far each is moved at `months`, on the scale of fitting [5, Y]; in between, evenly from month 0.
        months: as `read_months` gives them.

    Returns:
        Quantiles [5, T+1] between 0 and 1 that do not cross.
    """
    at = np.arange(curves.shape[1])
    steps = np.stack([np.interp(at, (0, *months), (0.0, *row)) for row in shifts.tolist()])
    found = np.clip(shrunk(stretched(curves) + steps), 0.0, 1.0)
    return np.asarray(np.maximum.accumulate(found, axis=0))
