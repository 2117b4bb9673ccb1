"""Axes of the charts: where a scale ends, where its lines are, and the figures beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.results.words import figure, two_figures

SHARE_STEPS = {
    0.02: 0.005, 0.04: 0.01, 0.05: 0.01, 0.1: 0.02, 0.15: 0.05, 0.2: 0.05, 0.25: 0.05, 0.3: 0.1, 0.4: 0.1, 0.5: 0.1,
    0.6: 0.2, 0.8: 0.2, 1.0: 0.25,
}  # fmt: skip
"""Where a share's scale may end, and how far apart its lines then are."""
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
LINES = 5
ROOM = 1.12


def share_scales() -> list[dict[str, Any]]:
    """Every scale of a share, the smallest first: `top`, and `ticks` as pairs of place and text."""
    return [
        {"top": top, "ticks": [[k * step, f"{two_figures(100 * k * step)}%"] for k in range(round(top / step) + 1)]}
        for top, step in SHARE_STEPS.items()
    ]


def scale_to(values: Iterable[float], unit: str) -> dict[str, Any]:
    """A scale from 0 that holds every value, with a line at each nice number; `top` and `ticks` as above."""
    top = max(values, default=0.0) * ROOM or 1.0
    size = 10.0 ** math.floor(math.log10(top / LINES))
    step = next((n * size for n in NICE if top / (n * size) <= LINES + 0.5), top / 4.0)
    ticks = [[k * step, figure(k * step, unit) if k else "0"] for k in range(int(top / step * 1.0001) + 1)]
    return {"top": top, "ticks": ticks}
