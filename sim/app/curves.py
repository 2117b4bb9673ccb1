"""A measure over the months for a page: bands for drawing, and the words beside them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.results.fan import QUANTILES
from sim.results.intervals import quantile, quantiles
from sim.results.words import figure, span

Array = NDArray[Any]
ENDS = (0.1, 0.5, 0.9)
LOW, MIDDLE, HIGH = 0, 2, 4
"""Rows of QUANTILES that are put into words."""
DRAWN = 4
"""Decimals that are sent for drawing; words are made from the values as they are, and rounded once."""
NO_VALUE = "–"


def drawn(value: float) -> float | None:
    """A number for drawing, None where it is not one."""
    return round(float(value), DRAWN) if math.isfinite(value) else None


def bands(values: Array) -> Array:
    """Quantiles [5, T+1] of runs [R, T+1], of those with a value; NaN while that is fewer than half of them."""
    gaps = np.isnan(values)
    found = quantiles(np.where(gaps, 0.0, values), *QUANTILES)
    for month in np.flatnonzero(gaps.any(axis=0)):
        known = values[~gaps[:, month], month]
        enough = 2 * len(known) >= len(values) and len(known) > 0
        found[:, month] = quantiles(known[:, None], *QUANTILES)[:, 0] if enough else np.nan
    return found


def fan(values: Array, unit: str, step: int) -> dict[str, Any]:
    """A measure over the months: bands, the range in words month by month, and a table's rows.

    Args:
        values: runs [R, T+1].
        unit: the measure's.
        step: months between the table's rows.

    Returns:
        'bands' [5][T+1], 'text' [T+1] (the range of 8 runs in 10), 'rows' of range and median.
    """
    found = bands(values)
    text = [range_words(low, high, unit) for low, high in zip(found[LOW], found[HIGH], strict=True)]
    rows = [[text[m], _one(found[MIDDLE, m], unit)] for m in range(0, found.shape[1], step)]
    return {"bands": _sent(found), "text": text, "rows": rows}


def range_words(low: float, high: float, unit: str) -> str:
    """A range, or a dash where there is none."""
    return NO_VALUE if math.isnan(low) else span(float(low), float(high), unit)


def _one(value: float, unit: str) -> str:
    return NO_VALUE if math.isnan(value) else figure(float(value), unit)


def _sent(values: Array) -> list[list[float | None]]:
    return [[None if math.isnan(v) else v for v in row] for row in np.round(values, DRAWN).tolist()]


def curve(values: Array, *, mean: bool = False) -> list[float | None]:
    """Median (or mean) of the runs [R, T+1] by month for drawing, None while undefined in more than half of them."""
    known = np.isfinite(values)
    enough = (known.sum(axis=0) * 2 >= len(values)) & known.any(axis=0)
    found: list[float | None] = []
    for month, ok in enumerate(enough):
        these = values[known[:, month], month]
        found.append(drawn(float(these.mean() if mean else np.median(these))) if ok else None)
    return found


def ends(values: Array) -> tuple[float, float, float]:
    """10th percentile, median and 90th of runs [R]; NaN where fewer than half have a value."""
    known = values[np.isfinite(values)]
    if len(known) == 0 or 2 * len(known) < len(values):
        return (math.nan, math.nan, math.nan)
    low, middle, high = (quantile(known, q) for q in ENDS)
    return low, middle, high


def spread(values: Array, unit: str) -> dict[str, Any]:
    """What runs [R] come to: 'ends' for drawing, the range as 'text' and the 'median' in words."""
    low, middle, high = ends(values)
    return {
        "ends": [drawn(v) for v in (low, middle, high)],
        "text": range_words(low, high, unit),
        "median": _one(middle, unit),
    }
