"""The forecast before and after the update, month by month; and what to look at next because it would tell most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.observed.likelihood import deviation
from sim.observed.observables import BY_NAME
from sim.observed.reports import Datum
from sim.observed.weighed import LEVELS, Weighed
from sim.observed.weighing import quantile, quantiles
from sim.results.columns import ALL

Floats = NDArray[np.float64]
FORECAST = ("using", "at_fidelity", "sites_full", "sites_certified", "families_served", "capacity_core")
"""What is forecast for the area, whether or not it was observed."""
LOOK_AHEAD = 3
MOST_LOOKS = 2
TELLING = 0.1
"""Part of what is uncertain that a look must be expected to settle, to be told."""


@dataclass(frozen=True)
class Band:
    """The middle and the band of eight runs in ten of one measure in one month.

    Attributes:
        measure: name of an observable.
        zone: a zone's name, or ALL.
        month: of the plan.
        before: 10 %, 50 % and 90 % before the update.
        after: the same after it.
    """

    measure: str
    zone: str
    month: int
    before: tuple[float, ...]
    after: tuple[float, ...]


def bands(found: Weighed, series: list[tuple[str, str]], months: list[int]) -> list[Band]:
    """Bands of series (observable, zone) in some months."""
    told = []
    for name, zone in series:
        values = found.bank.series(name, zone)
        for month in months:
            before, after = quantiles(values[:, month], (found.alike, found.weights.values), *LEVELS)
            told.append(Band(name, zone, month, tuple(before), tuple(after)))
    return told


@dataclass(frozen=True)
class Look:
    """One thing to look at next.

    Attributes:
        measure: name of an observable.
        zone: a zone's name, or ALL.
        month: when.
        target: observable of the area that it tells of.
        at: month of the target.
        settles: part of the variance of the target that it is expected to settle.
        middle: the value that is expected.
        below: the target's median where less is found.
        above: the same where more is found.
    """

    measure: str
    zone: str
    month: int
    target: str
    at: int
    settles: float
    middle: float
    below: float
    above: float


def looks(found: Weighed, candidates: list[Datum], target: str, at: int) -> list[Look]:
    """What would tell most about a target if it were looked at in three months, best first.

    Args:
        found: runs and data.
        candidates: the latest of each measure and zone that is observed.
        target: observable of the area.
        at: month that the target is read at.
    """
    month = found.last + LOOK_AHEAD
    if month >= at:
        return []
    weights = found.weights.values
    goal = found.bank.at(target, ALL, at)
    told = []
    for datum in candidates:
        truth, error = found.truths(Datum(datum.measure, datum.zone, month, 0.0, datum.observed, datum.of))
        known = ~np.isnan(truth) & ~np.isnan(goal)
        if not BY_NAME[datum.measure].weighed or weights[known].sum() < 0.5:
            continue
        w = weights[known] / weights[known].sum()
        x, y = truth[known], goal[known]
        noise = float(w @ deviation(datum, x, error[known]) ** 2)
        settles = _settled(x, y, w, noise)
        middle = quantile(x, w, 0.5)[0]
        low, high = (quantile(y[side], w[side], 0.5)[0] if side.any() else np.nan for side in (x < middle, x >= middle))
        told.append(Look(datum.measure, datum.zone, month, target, at, settles, middle, low, high))
    told = [one for one in told if one.settles >= TELLING and not np.isnan(one.below + one.above)]
    return sorted(told, key=lambda one: -one.settles)[:MOST_LOOKS]


def _settled(x: Floats, y: Floats, w: Floats, noise: float) -> float:
    """Part of y's variance that a noisy look at x settles: the squared correlation."""
    dx, dy = x - w @ x, y - w @ y
    spread_x, spread_y = float(w @ dx**2) + noise, float(w @ dy**2)
    return float((w @ (dx * dy)) ** 2 / (spread_x * spread_y)) if spread_x > 0 and spread_y > 0 else 0.0
