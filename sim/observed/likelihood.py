"""How likely a run is to have given what was seen, and what would be seen of a run: one model of observing for both.

A share of practitioners is that of a sample (without replacement) of those there are, judged with an error that is
common to the report: the model's own assessment. A score carries the error of an assessed score. One report in a
hundred is simply wrong and may say anything, so that a slip of the pen does not decide what is believed. What is
observed is a whole number of those observed, so its probability is that of the interval around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri

from sim.observed.observables import FAMILIES, MONEY, NUMBERS, PEOPLE, SCORE, SITES
from sim.observed.reports import Datum

Floats = NDArray[np.float64]
WRONG = 0.01
"""Share of reports that are simply wrong; assumed."""
SPREAD_OF_FIDELITY = 0.2
"""Standard deviation of fidelity between users of a zone; assumed."""
MONEY_ERROR = 0.25
"""Standard deviation of a sum of money, as a part of it: prices and what is counted differ; assumed."""
FINE = 0.0005
"""Half the step to which scores are written."""


def deviation(datum: Datum, truth: Floats, error: Floats) -> Floats:
    """Standard deviation of what is observed around the truth.

    Args:
        datum: what was observed, of how many.
        truth: the run's own values [R].
        error: standard deviation of the error of judgement in each run [R].
    """
    kind, n, of = datum.observable.kind, datum.observed, datum.of
    if kind == PEOPLE:
        left = (of - n) / max(1, of - 1)
        variance = truth * (1.0 - truth) / n * left + error**2
    elif kind == SITES:
        left = (of - n) / max(1, of - 1)
        variance = truth * (1.0 - truth) / n * left + error * (1.0 - error) / n
    elif kind in NUMBERS:
        variance = (error * truth) ** 2 + truth + 1.0
    elif kind == MONEY:
        variance = (MONEY_ERROR * truth) ** 2 + 1.0
    elif datum.measure == "fidelity":
        variance = error**2 + SPREAD_OF_FIDELITY**2 / n
    else:
        variance = error**2 / n
    return np.asarray(np.sqrt(variance + datum.between))


def step(datum: Datum) -> float:
    """Half the distance between two values that may be observed."""
    kind = datum.observable.kind
    if kind in (PEOPLE, SITES):
        return 0.5 / datum.observed
    return FINE if kind == SCORE else 0.5


def highest(datum: Datum) -> float:
    """The greatest value that may be observed."""
    kind = datum.observable.kind
    return 1.0 if kind in (PEOPLE, SITES, SCORE) else float(datum.of) if kind == FAMILIES else np.inf


def log_likelihood(datum: Datum, truth: Floats, error: Floats) -> Floats:
    """Logarithm of the probability that each run gives to what was observed [R]; a run without a value: a slip alone.

    Args:
        datum: what was observed.
        truth: the run's own values [R], NaN where it has none.
        error: standard deviation of the error of judgement in each run [R].
    """
    half, top = step(datum), highest(datum)
    spread = deviation(datum, np.nan_to_num(truth), error)
    low = np.where(datum.value - half <= 0.0, -np.inf, (datum.value - half - truth) / spread)
    high = np.where(datum.value + half >= top, np.inf, (datum.value + half - truth) / spread)
    inside = _log_between(low, high)
    slip = np.log(WRONG * min(1.0, 2 * half / top) if np.isfinite(top) else 1e-9)
    return np.asarray(np.where(np.isnan(truth), slip, np.logaddexp(np.log1p(-WRONG) + inside, slip)))


def _log_between(low: Floats, high: Floats) -> Floats:
    """Log of the normal probability between two bounds, exact in both tails."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    upper, lower = log_ndtr(b), log_ndtr(a)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = upper + np.log1p(-np.exp(np.minimum(lower - upper, 0.0)))
    return np.asarray(np.where(np.isnan(found), -np.inf, found))


def observe(datum: Datum, truth: float, error: float, uniforms: tuple[float, float]) -> Datum:
    """What would be reported of a truth: the same model of observing, run forwards.

    Args:
        datum: gives measure, zone, month, how many are observed of how many.
        truth: the run's own value.
        error: standard deviation of the error of judgement.
        uniforms: two numbers from 0 to 1: is the report simply wrong, and how far off is it?
    """
    top = highest(datum)
    if uniforms[0] < WRONG and np.isfinite(top):
        raw = uniforms[1] * top
    else:
        spread = float(deviation(datum, np.array([truth]), np.array([error]))[0])
        raw = truth + spread * float(ndtri(min(max(uniforms[1], 1e-12), 1 - 1e-12)))
    grid = 2 * step(datum)
    return replace(datum, value=float(min(max(round(raw / grid) * grid, 0.0), top)))


def chance_below(datum: Datum, truth: Floats, error: Floats, weights: Floats) -> tuple[float, float]:
    """Chance that what is observed lies below what was, and at or below it, over weighted runs (without slips).

    Args:
        datum: what was observed.
        truth: the runs' own values [R]; runs without a value are left out.
        error: standard deviation of the error of judgement [R].
        weights: of the runs, summing to 1 [R].
    """
    known = ~np.isnan(truth)
    total = float(weights[known].sum())
    if total <= 0.0:
        return np.nan, np.nan
    half, top = step(datum), highest(datum)
    x, spread = truth[known], deviation(datum, truth[known], error[known])
    low = np.exp(log_ndtr((datum.value - half - x) / spread)) if datum.value - half > 0.0 else np.zeros(len(x))
    high = np.exp(log_ndtr((datum.value + half - x) / spread)) if datum.value + half < top else np.ones(len(x))
    mine = weights[known] / total
    return float(mine @ low), float(mine @ high)


Truths = Callable[[Datum], tuple[Floats, Floats]]
"""A datum to each run's own value and standard deviation of the error [R], [R]."""


def total_log_likelihood(data: Sequence[Datum], truths: Truths, runs: int) -> Floats:
    """Sum over data [R]."""
    total = np.zeros(runs)
    for datum in data:
        total += log_likelihood(datum, *truths(datum))
    return total
