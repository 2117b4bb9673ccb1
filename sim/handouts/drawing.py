"""The chart of a handout on paper: plans as fans over the years, five years marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.sums import Ensemble
from sim.handouts.curves import bands
from sim.results import fan
from sim.results.charts import drawn

WIDTH, LEFT, SHARE = 7.1, 0.055, 0.675
"""Inches, and of these the axes' left end and width as shares."""
TALLEST, LEAST, OF_A_BAR, OF_A_PLAN = 4.15, 2.1, 0.19, 0.11
"""Inches; what each bar of the timelines below takes away from the chart, and each option beside the first."""
MARGIN = 0.4


def height(bars: int, plans: int) -> float:
    """How tall the chart may be above so many bars of so many plans, inches."""
    beside = OF_A_PLAN * (plans - 1) if plans > 2 else 0.0
    return max(LEAST, TALLEST - OF_A_BAR * max(0, bars - 4) - beside)


def chart(ensembles: Sequence[Ensemble], names: Sequence[str], identity: str, tall: float = TALLEST) -> str:
    """One share of every plan month by month, as SVG; text is drawn as paths, so that no font is needed.

    Args:
        ensembles: the plans' runs.
        names: what they are called.
        identity: the share's id.
        tall: height in inches.
    """
    found = [fan.Band(n, *bands(fan.over_months(e, identity))) for n, e in zip(names, ensembles, strict=True)]
    return of_bands(found, tall)


def of_bands(found: Sequence[fan.Band], tall: float) -> str:
    """Bands of shares as SVG, `tall` inches high."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    size = 9 if len(found) <= 2 else 7.5
    with rc_context({**fan.FONTS, "font.size": size, "svg.hashsalt": "zones", "svg.fonttype": "path"}):
        figure = Figure(figsize=(WIDTH, tall))
        axes = figure.add_axes((LEFT, MARGIN / tall, SHARE, 1.0 - (MARGIN + 0.05) / tall))
        fan.draw(axes, found)
        _years(axes, len(found[0].middle) - 1)
        text = drawn(figure, "svg").decode()
    return text[text.index("<svg") :]


def _years(axes: Any, months: int) -> None:
    step = 12 if months <= 144 else 24
    marks = np.arange(0, months + 1, step)
    axes.set_xticks(marks, [f"{m // 12}" for m in marks])
    axes.set_xlabel("Years since the start", color=fan.QUIET, fontsize=8)
