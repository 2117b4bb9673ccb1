"""The chart of a handout on paper: plans as fans over the years, five years marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.sums import Ensemble
from sim.handouts.curves import bands, over_months
from sim.results import fan
from sim.results.charts import drawn

SIZE, PLACE = (7.1, 2.75), (0.055, 0.13, 0.72, 0.84)
"""Inches; the axes within the figure as left, bottom, width and height."""
MARKED = 60


def chart(ensembles: Sequence[Ensemble], names: Sequence[str], identity: str) -> str:
    """One share of every plan month by month, as SVG; text is drawn as paths, so that no font is needed."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({**fan.FONTS, "font.size": 9, "svg.hashsalt": "zones", "svg.fonttype": "path"}):
        figure = Figure(figsize=SIZE)
        axes = figure.add_axes(PLACE)
        found = [fan.Band(n, *bands(over_months(e, identity))) for n, e in zip(names, ensembles, strict=True)]
        fan.draw(axes, found)
        _years(axes, ensembles[0].months)
        text = drawn(figure, "svg").decode()
    return text[text.index("<svg") :]


def _years(axes: object, months: int) -> None:
    step = 12 if months <= 144 else 24
    marks = np.arange(0, months + 1, step)
    axes.set_xticks(marks, [f"{m // 12}" for m in marks])  # type: ignore[attr-defined]
    axes.set_xlabel("Years since the start", color=fan.QUIET, fontsize=8)  # type: ignore[attr-defined]
    if months > MARKED:
        axes.axvline(MARKED, color=fan.QUIET, linewidth=0.8, linestyle=(0, (2, 2)))  # type: ignore[attr-defined]
