"""Shares month by month as a fan: each scenario's median, and the bands that hold 5 and 8 in 10 of its runs.

Result folders, briefings and the pages draw it in the same colours, with the first scenario's line solid and the
second's dashed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.results.marked import MARKED, has_mark
from sim.results.measures import KNOWN, SHARE
from sim.results.words import span

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.engine.sums import Ensemble

INK, QUIET, GRID = "#1c2733", "#5b6770", "#e3e7ea"
# The first two are the pages' own. All six stay distinct with every common kind of colour blindness.
COLOURS = ("#00695c", "#a3420b", "#0072B2", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
FONTS: dict[Any, Any] = {"font.family": "DejaVu Sans", "font.size": 11}
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def over_months(ensemble: Ensemble, name: str) -> NDArray[np.float64]:
    """A measure of the whole area, run by run and month by month [R, T+1], NaN where there is nothing to divide by."""
    found: NDArray[np.float64] = KNOWN[name].values.over_months(ensemble)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Band:
    """One scenario month by month: shares [T+1] at each of QUANTILES, NaN where there is no value."""

    name: str
    low: NDArray[np.float64]
    lower: NDArray[np.float64]
    middle: NDArray[np.float64]
    upper: NDArray[np.float64]
    high: NDArray[np.float64]


def draw(axes: Axes, bands: Sequence[Band]) -> None:
    """Draw the bands on these axes, with a scale, and name each at the end of its line."""
    for number in reversed(range(len(bands))):
        _fill(axes, bands[number], number)
    _dress(axes, bands)
    _label(axes, bands)


def _fill(axes: Axes, band: Band, number: int) -> None:
    months = np.arange(len(band.middle))
    colour = COLOURS[number % len(COLOURS)]
    axes.fill_between(months, band.low, band.high, color=colour, alpha=0.18, linewidth=0)
    axes.fill_between(months, band.lower, band.upper, color=colour, alpha=0.24, linewidth=0)
    axes.plot(
        months, band.middle, color=colour, linewidth=2.4, linestyle=DASHES[number % len(DASHES)], solid_capstyle="round"
    )


def _dress(axes: Axes, bands: Sequence[Band]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    last = len(bands[0].middle) - 1
    top = max(0.05, float(np.nanmax([np.nanmax(b.high) if np.isfinite(b.high).any() else 0.0 for b in bands])))
    axes.set_xlim(0, last)
    axes.set_ylim(0, min(1.0, top * 1.15))
    step = next(s for s in (3, 6, 12, 24, 60, 120, 240) if last / s <= 10 or s == 240)
    axes.set_xticks(range(0, last + 1, step))
    if has_mark(last):
        axes.axvline(MARKED, color=QUIET, linewidth=1, linestyle=(0, (2, 3)), zorder=0.5)
        axes.annotate(
            "5 years", (MARKED, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -9), textcoords="offset points",
            color=QUIET, fontsize=8,
        )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:.3g} %"))
    axes.set_xlabel("Months since the start", color=QUIET)
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=QUIET)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)


def _label(axes: Axes, bands: Sequence[Band]) -> None:
    """Names beside the ends of the lines, pushed apart where they would meet."""
    low, high = axes.get_ylim()
    apart = 0.15 * (high - low)
    ends = sorted((float(np.nan_to_num(b.middle[-1])), n) for n, b in enumerate(bands))
    place = low - 0.55 * apart  # the lowest label stays clear of the months below the axis
    for end, number in ends:
        place = max(end, place + apart)
        band = bands[number]
        here = span(band.low[-1], band.high[-1], SHARE)
        text = "\n".join([*textwrap.wrap(band.name, 22), here])
        axes.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(10, 0),
            textcoords="offset points",
            color=COLOURS[number % len(COLOURS)],
            va="center",
            fontweight="bold",
            linespacing=1.35,
            annotation_clip=False,
        )
