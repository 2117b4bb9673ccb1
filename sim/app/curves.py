"""One measure over the months: courses of the whole area with their bands, and medians for small charts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import COUNTS, FAMILY, Ensemble
from sim.results.measures import cohort_counts
from sim.results.series import divide

Array = NDArray[Any]
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

COURSES: dict[str, tuple[str, str, str]] = {
    "using": ("Practitioners using the practice", "practitioners_using", "practitioners"),
    "well": ("Practitioners using it well", "practitioners_at_fidelity", "practitioners"),
    "full": ("Sites in full implementation", "sites_full", "sites"),
    "served": ("Need served at fidelity", "families_reached_at_fidelity", "families_ever_in_need"),
}
COHORT = ("certified", "Started sites certified, by months since their own start")
COHORT_WORDS = {
    "using": "of practitioners in scope",
    "well": "of practitioners in scope, with at least the criterion's fidelity",
    "full": "of sites in scope",
    "served": "of families ever in need",
    "certified": "of the sites that have started and have been seen that long",
}


def share(value: float) -> float | None:
    """Rounded for sending, None where it is not a number."""
    return round(float(value), 4) if math.isfinite(value) else None


def bands(values: Array) -> list[list[float | None]]:
    """Quantiles [5][T+1] of runs [R, T+1], of those with a value; None while that is fewer than half of them."""
    gaps = np.isnan(values)
    found = np.quantile(np.where(gaps, 0.0, values), QUANTILES, axis=0)
    for month in np.flatnonzero(gaps.any(axis=0)):
        known = values[~gaps[:, month], month]
        found[:, month] = np.quantile(known, QUANTILES) if 2 * len(known) >= len(values) else np.nan
    return [[None if math.isnan(v) else v for v in row] for row in np.round(found, 4).tolist()]


def course(ensemble: Ensemble, name: str) -> Array:
    """One measure of the whole area, [R, T+1]."""
    _, part, whole = COURSES[name]

    def total(column: str) -> Array:
        if column in COUNTS:
            return np.asarray(ensemble.counts[..., COUNTS.index(column)].sum(axis=2))
        return np.asarray(ensemble.family[..., FAMILY.index(column)].sum(axis=(2, 3)))

    return divide(total(part), total(whole))


def cohort_course(ensemble: Ensemble) -> Array:
    """Share of started sites certified within t months of their own start, among those seen that long, [R, T+1]."""
    return divide(*cohort_counts(ensemble, ensemble.months))


def curve(values: Array, *, mean: bool = False) -> list[float | None]:
    """Median (or mean) of the runs [R, T+1] by month, None while undefined in more than half of them."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    if mean:
        middle = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    else:
        ordered = np.sort(np.where(known, values, np.inf), axis=0)
        above, below = count // 2, np.maximum(count - 1, 0) // 2
        ends = [np.take_along_axis(ordered, np.minimum(k, len(values) - 1)[None], axis=0)[0] for k in (below, above)]
        middle = np.where(count > 0, (ends[0] + ends[1]) / 2.0, 0.0)
    enough = (count * 2 >= len(values)) & (count > 0)
    return [v if ok else None for v, ok in zip(np.round(middle, 4).tolist(), enough, strict=True)]


def spread(values: Array) -> list[float | None]:
    """10th percentile, median and 90th of runs [R]; None where fewer than half have a value."""
    known = values[np.isfinite(values)]
    if len(known) == 0 or 2 * len(known) < len(values):
        return [None] * 3
    return [share(float(v)) for v in np.quantile(known, (0.1, 0.5, 0.9))]


def months_words(months: int) -> str:
    """'5 years', '30 months'."""
    return f"{months} months" if months % 12 else f"{months // 12} years" if months != 12 else "a year"
