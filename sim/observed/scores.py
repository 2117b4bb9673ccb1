"""How good forecasts were: the continuous ranked probability score, coverage of bands, and two naive forecasts.

The score (CRPS; Matheson and Winkler 1976, Gneiting and Raftery 2007) is the mean distance of the forecast's runs from
what came, less half the mean distance between its runs: in the unit of the measure, 0 is perfect, and for a forecast of
a single number it is the distance itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LINE_MONTHS = 6
"""A line goes through the last value and the last one at least so many months before it."""


def crps(values: Floats, weights: Floats, seen: float) -> float:
    """Score of a forecast of weighted runs.

    Args:
        values: of the runs [R]; runs without a value are left out.
        weights: of the runs [R], of any sum.
        seen: what came.

    Returns:
        The score, NaN where no run has a value.
    """
    known = ~np.isnan(values)
    if not known.any() or weights[known].sum() <= 0:
        return float("nan")
    order = np.argsort(values[known], kind="stable")
    x = values[known][order]
    w = weights[known][order] / weights[known].sum()
    # Half the mean distance between runs is the sum over gaps of what lies below times what lies above.
    below = np.cumsum(w)[:-1]
    return float(w @ np.abs(x - seen) - np.sum(np.diff(x) * below * (1.0 - below)))


def within(band: tuple[float, float], seen: float) -> bool:
    """Whether what came lies in a band, its ends among it."""
    return band[0] <= seen <= band[1]


def stays(seen: Sequence[tuple[int, float]]) -> float:
    """The naive forecast that nothing changes: the last value.

    Args:
        seen: months and values, in order.
    """
    return seen[-1][1]


def goes_on(seen: Sequence[tuple[int, float]], month: int, top: float) -> float:
    """The naive forecast that it goes on in a line, kept within what is possible.

    Args:
        seen: months and values, in order; with one value, the line begins at nothing in month 0.
        month: of the forecast.
        top: the greatest possible value.
    """
    last_month, last = seen[-1]
    before = [(m, v) for m, v in seen if m <= last_month - LINE_MONTHS] or [(0, 0.0)]
    first_month, first = before[-1]
    slope = (last - first) / max(1, last_month - first_month)
    return float(min(max(last + slope * (month - last_month), 0.0), top))
