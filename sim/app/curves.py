"""Runs made small enough to send: medians and ranges by month, None where undefined; spans of time in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
RANGE = (0.1, 0.5, 0.9)


def share(value: float) -> float | None:
    """Rounded for sending, None where it is not a number."""
    return round(float(value), 4) if math.isfinite(value) else None


def curve(values: Array, *, mean: bool = False) -> list[float | None]:
    """Median (or mean) of the runs [R, T+1] by month, None while undefined in half of them."""
    known = np.isfinite(values)
    out: list[float | None] = []
    for month in range(values.shape[1]):
        here = values[known[:, month], month]
        enough = len(here) * 2 >= values.shape[0] and len(here) > 0
        out.append(share(float(here.mean() if mean else np.median(here))) if enough else None)
    return out


def spread(values: Array) -> list[float | None]:
    """10th percentile, median and 90th of runs [R]; None where fewer than half have a value."""
    known = values[np.isfinite(values)]
    if len(known) == 0 or 2 * len(known) < len(values):
        return [None] * len(RANGE)
    return [share(float(v)) for v in np.quantile(known, RANGE)]


def months_words(months: int) -> str:
    """'5 years', '30 months'."""
    return f"{months} months" if months % 12 else f"{months // 12} years" if months != 12 else "a year"
