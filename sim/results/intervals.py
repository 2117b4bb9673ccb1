"""How sure we are of a paired difference: two intervals that ask nothing of the shape of the numbers.

Replicates are paired by their number: differences are taken run by run; the noise is their spread.

- Shares are bounded, and what a reader expects to gain is their mean: mean difference with Student's t interval. At the
  default 200 runs the mean of bounded differences is as good as normal; no resampling, so no random numbers.
- Months and costs may be unbounded or beyond the horizon, where a mean means nothing: median difference with the sign
  test's order-statistic interval, interpolated (Hettmansperger and Sheather 1986), which needs only the order of
  numbers, so a run known to be "later than we can see" counts as what it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
_SMALL_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306)


@dataclass(frozen=True)
class Estimate:
    """An estimated difference.

    Attributes:
        kind: 'mean' or 'median'.
        value: the estimate, NaN without any pair; may be infinite (beyond the horizon).
        low: lower end of the 95 % interval, -inf where the pairs are too few to say.
        high: upper end.
        pairs: how many pairs it rests on.
    """

    kind: str
    value: float
    low: float
    high: float
    pairs: int

    @property
    def apart(self) -> bool:
        """Whether the interval leaves out 0: the difference is larger than its noise."""
        return self.pairs > 0 and (self.low > 0.0 or self.high < 0.0)


def mean_difference(differences: NDArray[np.float64]) -> Estimate:
    """Mean of paired differences with Student's t interval; NaN pairs are left out.

    Args:
        differences: one a pair [R].
    """
    kept = differences[np.isfinite(differences)]
    n = len(kept)
    if n == 0:
        return Estimate("mean", math.nan, -math.inf, math.inf, 0)
    mean = float(kept.mean())
    if n == 1:
        return Estimate("mean", mean, -math.inf, math.inf, 1)
    half = t_quantile(n - 1) * float(kept.std(ddof=1)) / math.sqrt(n)
    return Estimate("mean", mean, mean - half, mean + half, n)


def median_difference(differences: NDArray[np.float64]) -> Estimate:
    """Median of paired differences with the interpolated sign interval; infinite ones count by sign, NaN are left out.

    Args:
        differences: one a pair [R].
    """
    kept = np.sort(differences[~np.isnan(differences)])
    n = len(kept)
    if n == 0:
        return Estimate("median", math.nan, -math.inf, math.inf, 0)
    middle = _between(float(kept[(n - 1) // 2]), float(kept[n // 2]), 0.5)
    depth, mix = _depth(n)
    if depth < 1:
        return Estimate("median", middle, -math.inf, math.inf, n)
    low = _between(float(kept[depth - 1]), float(kept[depth]), mix)
    high = _between(float(kept[n - depth]), float(kept[n - depth - 1]), mix)
    return Estimate("median", middle, low, high, n)


def _depth(n: int) -> tuple[int, float]:
    """Order statistic d whose interval covers at least 95 %, and how far to go towards d + 1 to cover just that.

    Returns:
        d (0: too few numbers for any) and the part of the way (0: stay at d).
    """

    def chance(k: int) -> float:
        return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2.0))

    allowed = (1.0 - CONFIDENCE) / 2.0
    d = max(0, int(n / 2 - 5.0 * math.sqrt(n)))  # what lies below is under 1e-20
    tail, term = 0.0, chance(d)
    while tail + term <= allowed:
        tail += term
        d += 1
        term = chance(d)
    if d == 0:
        return 0, 0.0
    covered, less = 1.0 - 2.0 * tail, 1.0 - 2.0 * (tail + term)
    part = (covered - CONFIDENCE) / (covered - less)
    return d, (n - d) * part / (d + (n - 2 * d) * part)


def _between(a: float, b: float, part: float) -> float:
    """A + part x (b - a); a where either is infinite."""
    return a if math.isinf(a) or math.isinf(b) else a + part * (b - a)


def t_quantile(freedom: int) -> float:
    """Student's t at 97.5 %: a table below 9 degrees of freedom, then the Cornish-Fisher series (within 0.001)."""
    if freedom <= len(_SMALL_T):
        return _SMALL_T[freedom - 1]
    z = NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / 2.0)
    terms = (
        (z**3 + z) / 4.0,
        (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0,
        (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0,
        (79.0 * z**9 + 776.0 * z**7 + 1482.0 * z**5 - 1920.0 * z**3 - 945.0 * z) / 92160.0,
    )
    return z + sum(term / float(freedom) ** (i + 1) for i, term in enumerate(terms))


def quantile(values: NDArray[np.float64], q: float) -> float:
    """Linear quantile that allows infinite values (numpy's gives NaN between two of them); NaN of nothing."""
    ordered = np.sort(values[~np.isnan(values)])
    if len(ordered) == 0:
        return math.nan
    at = q * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    low, high = float(ordered[below]), float(ordered[above])
    return low if low == high or at == below else (high if math.isinf(high) else low + (at - below) * (high - low))


def quantiles(values: NDArray[np.float64], *levels: float) -> NDArray[np.float64]:
    """Linear quantiles of every column of finite values [R, N], the same to the bit as `quantile` gives for each.

    Returns:
        A row a level, [levels, N].
    """
    ordered = np.sort(values, axis=0)
    rows = []
    for q in levels:
        at = q * (len(ordered) - 1)
        below = math.floor(at)
        low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
        rows.append(np.where((low == high) | (at == below), low, low + (at - below) * (high - low)))
    return np.array(rows)
