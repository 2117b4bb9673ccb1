"""A fan of several plans as SVG for a page: drawn here as it stands, and moved by the page's script when levers move.

The script finds its parts by class and attribute `data-plan`; colours come from the page's style sheet.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from sim.handouts.curves import Array
from sim.results.marked import MARKED, has_mark
from sim.results.scales import share_scales

WIDTH, HEIGHT = 860.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 196.0, 14.0, 30.0
APART, LINE = 62.0, 15.0


@dataclass(frozen=True)
class Scale:
    """The axes: months across, a share up."""

    months: int
    top: float
    ticks: Sequence[Any]

    def x(self, month: float) -> float:
        """Where a month stands."""
        return LEFT + (WIDTH - LEFT - RIGHT) * month / self.months

    def y(self, share: float) -> float:
        """Where a share stands."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share / self.top)

    def as_dict(self) -> dict[str, Any]:
        """For the page's script."""
        place = {"left": LEFT, "top": TOP, "width": WIDTH - LEFT - RIGHT, "height": HEIGHT - TOP - BOTTOM}
        return {"months": self.months, "top_share": self.top, "ticks": list(self.ticks), **place, "apart": APART}


def scale_for(months: int, most: float) -> Scale:
    """The smallest scale that holds a share."""
    scales = share_scales()
    found = next((s for s in scales if s["top"] >= most * 1.02), scales[-1])
    return Scale(months, found["top"], found["ticks"])


def picture(scale: Scale, plans: Sequence[tuple[str, Array, str]], label: str, key: str) -> str:
    """The fan.

    Args:
        scale: the axes.
        plans: name, quantiles [5, T+1] and the last range in words of each.
        label: what a reader who does not see it is told.
        key: makes the ids within it unique on the page.
    """
    parts = [*_frame(scale), f'<clipPath id="clip-{key}"><rect class="clip" x="0" y="0" width="{WIDTH:g}" '
             f'height="{HEIGHT:g}"/></clipPath>', f'<g clip-path="url(#clip-{key})">']  # fmt: skip
    for k in reversed(range(len(plans))):
        curves = plans[k][1]
        parts += [
            f'<path class="band outer plan-{k}" data-plan="{k}" d="{area(scale, curves[0], curves[4])}"/>',
            f'<path class="band inner plan-{k}" data-plan="{k}" d="{area(scale, curves[1], curves[3])}"/>',
        ]
    for k in reversed(range(len(plans))):
        parts += [
            f'<path class="ghost plan-{k}" data-plan="{k}" d=""/>',
            f'<path class="line plan-{k}" data-plan="{k}" d="{line(scale, plans[k][1][2])}"/>',
        ]
    parts += ["</g>", *_labels(scale, plans)]
    size = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    return f'<svg class="fan" role="img" aria-label="{escape(label, quote=True)}" {size}>{"".join(parts)}</svg>'


def line(scale: Scale, values: Array) -> str:
    """A curve's path."""
    return "M" + "L".join(f"{scale.x(m):.1f} {scale.y(v):.1f}" for m, v in enumerate(values.tolist()))


def area(scale: Scale, low: Array, high: Array) -> str:
    """The path around what lies between two curves."""
    back = "L".join(f"{scale.x(m):.1f} {scale.y(v):.1f}" for m, v in reversed(list(enumerate(low.tolist()))))
    return f"{line(scale, high)}L{back}Z"


def _frame(scale: Scale) -> list[str]:
    right = WIDTH - RIGHT
    parts = []
    for value, words in scale.ticks:
        y = scale.y(value)
        parts += [
            f'<line class="grid" x1="{LEFT:g}" x2="{right:g}" y1="{y:.1f}" y2="{y:.1f}"/>',
            f'<text class="axis tick" x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{escape(words)}</text>',
        ]
    step = 12 if scale.months <= 144 else 24 if scale.months <= 288 else 60
    for month in range(0, scale.months + 1, step):
        words = "start" if month == 0 else f"year {month // 12}" if month == step else str(month // 12)
        parts.append(
            f'<text class="axis" x="{scale.x(month):.1f}" y="{HEIGHT - 8:g}" text-anchor="middle">{words}</text>'
        )
    if has_mark(scale.months):
        x = scale.x(MARKED)
        parts += [
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP:g}" y2="{HEIGHT - BOTTOM:g}"/>',
            f'<text class="axis" x="{x + 4:.1f}" y="{TOP + 10:g}">five years</text>',
        ]
    return parts


def _labels(scale: Scale, plans: Sequence[tuple[str, Array, str]]) -> list[str]:
    """Each plan's name and range beside the end of its line, pushed apart where they would meet."""
    ends = np.array([scale.y(float(curves[2][-1])) for _, curves, _ in plans])
    places = spread_out(ends)
    parts = []
    for k, (name, _, words) in enumerate(plans):
        x, y = WIDTH - RIGHT + 12, places[k]
        lines = textwrap.wrap(name, 26)[:2] or [""]
        spans = "".join(f'<tspan x="{x:g}" dy="{LINE:g}">{escape(text)}</tspan>' for text in lines)
        parts.append(
            f'<text class="label plan-{k}" data-plan="{k}" x="{x:g}" y="{y:.1f}" transform="translate(0 0)">'
            f'<tspan class="value" x="{x:g}">{escape(words)}</tspan>{spans}</text>'
        )
    return parts


def spread_out(ends: Array) -> list[float]:
    """Heights of the labels: near their lines, at least APART from one another and clear of the axis."""
    lowest = HEIGHT - BOTTOM - 1.6 * LINE
    places = [0.0] * len(ends)
    for place, k in enumerate(np.argsort(-ends, kind="stable").tolist()):
        places[k] = min(float(ends[k]), lowest - APART * place)
    return places
