"""The figure of a sweep: its outcome along its factor, with the range of runs and the interval of the mean."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic import write_whole
from sim.counts import counted
from sim.results.charts import drawn
from sim.results.fan import COLOURS, GRID, INK, QUIET
from sim.results.intervals import mean_difference, quantile
from sim.results.measures import SHARE, in_words, measure_of
from sim.sweeps.folder import Sweep
from sim.sweeps.tables import read_runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = ("figure.png", "figure.svg")
SIZE = (10.0, 5.8)
MOST_PANELS = 9
WIDE, NARROW = 60, 30
BINS = 8
MOST_BANDS = 2
MOST_TICKS = 10
MARKS = "osD^vP"


@dataclass(frozen=True)
class Line:
    """One line of the figure: values of x, and mean, its interval and the 10-90 % range of runs at each."""

    name: str
    x: NDArray[Any]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p10: NDArray[np.float64]
    p90: NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """What one pair of axes shows.

    Attributes:
        x: the factor along the axis.
        outcome: up the axis, id or id@month.
        lines: what is drawn.
        title: over the legend, '' for none.
        width: characters in a line of words.
    """

    x: str
    outcome: str
    lines: list[Line]
    title: str = ""
    width: int = WIDE


def save_figure(sweep: Sweep) -> list[Path]:
    """Write figure.png and figure.svg beside the tables.

    Returns:
        Their paths.
    """
    import matplotlib as mpl

    figure = draw(sweep)
    paths = [sweep.folder / name for name in FIGURE]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zones"}):
        for path in paths:
            write_whole(path, drawn(figure, path.suffix[1:]))
    return paths


def draw(sweep: Sweep) -> Figure:
    """The figure: along one factor (and by another) where the design is a grid or list, else a panel a factor."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    runs = read_runs(sweep)
    outcome = sweep.design.figure.get("outcome", sweep.design.outcomes[0])
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 10.5, "svg.fonttype": "none"}):
        figure = Figure(figsize=SIZE, dpi=150, facecolor="white", layout="constrained")
        if sweep.design.kind in ("grid", "list"):
            x = sweep.design.figure.get("x", sweep.design.factors[0].name)
            others = [n.name for n in sweep.design.factors if n.name != x]
            by = sweep.design.figure.get("by", others[0] if others else "")
            axes = figure.add_subplot()
            title = sweep.design.factor(by).words() if by else ""
            _panel(axes, sweep, Panel(x, outcome, lines(sweep, runs, outcome, x, by), title))
        else:
            shown = [x.name for x in sweep.design.factors if x.is_number][:MOST_PANELS]
            across = min(3, len(shown))
            grid = figure.subplots(-(-len(shown) // across), across, sharey=True, squeeze=False)
            figure.set_size_inches(SIZE[0], max(SIZE[1], 1.2 + 2.6 * len(grid)))
            for axes, name in zip(grid.flat, shown, strict=False):
                _panel(axes, sweep, Panel(name, outcome, _binned(sweep, runs, outcome, name), width=NARROW))
            for axes in list(grid.flat)[len(shown) :]:
                axes.set_visible(False)
        figure.suptitle(textwrap.fill(sweep.design.question, 95), x=0.01, ha="left", color=INK, fontsize=13)
        figure.supxlabel(_foot(sweep), x=0.01, ha="left", color=QUIET, fontsize=8.5)
    return figure


def lines(sweep: Sweep, runs: dict[str, Any], outcome: str, x: str, by: str) -> list[Line]:
    """A line for each scenario and each value of `by`."""
    found = []
    x = sweep.design.factor(x).column
    by = sweep.design.factor(by).column if by else ""
    groups = list(dict.fromkeys(runs[by])) if by else [None]
    several = len(sweep.design.scenarios) > 1
    for scenario in sweep.design.scenarios:
        for group in groups:
            mine = runs["scenario"] == scenario
            name = scenario if several else ""
            if group is not None:
                mine = mine & (runs[by] == group)
                shown = f"{group:g}" if isinstance(group, float) else str(group)
                name = ", ".join(part for part in (name, shown) if part)
            found.append(_line(name, runs[x][mine], runs[outcome][mine]))
    return found


def _binned(sweep: Sweep, runs: dict[str, Any], outcome: str, x: str) -> list[Line]:
    """The outcome over equal parts of a factor's range, all other factors as they come."""
    values = np.asarray(runs[x], np.float64)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BINS + 1)))
    part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2))
    middle = np.array(
        [values[part == k].mean() if (part == k).any() else np.nan for k in range(max(1, len(edges) - 1))]
    )
    several = len(sweep.design.scenarios) > 1
    return [
        _line(name if several else "", middle[part[mine]], runs[outcome][mine])
        for name in sweep.design.scenarios
        if (mine := runs["scenario"] == name).any()
    ]


def _line(name: str, x: NDArray[Any], values: NDArray[np.float64]) -> Line:
    places = list(dict.fromkeys(x))
    if all(isinstance(v, float | int) for v in places):
        places.sort()
    rows = []
    for place in places:
        mine = np.asarray(values[x == place], np.float64)
        known = mine[np.isfinite(mine)]
        mean = mean_difference(mine)
        rows.append((mean.value, mean.low, mean.high, quantile(known, 0.1), quantile(known, 0.9)))
    columns = np.array(rows, np.float64).reshape(len(places), 5).T
    return Line(name, np.array(places), *columns)


def _panel(axes: Axes, sweep: Sweep, panel: Panel) -> None:
    found, width = panel.lines, panel.width
    headline = measure_of(panel.outcome)
    scale = 100.0 if headline.unit == SHARE else 1.0
    texts = any(line.x.dtype.kind not in "fiu" for line in found)
    order = list(dict.fromkeys(v for line in found for v in line.x)) if texts else []
    for number, line in enumerate(found):
        colour = COLOURS[number % len(COLOURS)]
        beside = 0.08 * (number - (len(found) - 1) / 2)
        at = np.array([order.index(v) + beside for v in line.x]) if texts else line.x
        if len(found) <= MOST_BANDS and not texts:
            axes.fill_between(at, scale * line.p10, scale * line.p90, color=colour, alpha=0.12, linewidth=0)
        doubt = scale * np.abs(np.array([line.mean - line.low, line.high - line.mean]))
        doubt[~np.isfinite(doubt)] = 0.0
        axes.errorbar(
            at, scale * line.mean, yerr=doubt, color=colour, marker=MARKS[number % len(MARKS)], markersize=5,
            linewidth=1.6, linestyle="" if texts else "-", capsize=3, label=line.name or None,
        )  # fmt: skip
    if texts:
        wide = max(10, 84 // max(1, len(order)))
        axes.set_xticks(range(len(order)), [textwrap.fill(str(v).replace("-", " "), wide) for v in order])
        axes.set_xlim(-0.5, len(order) - 0.5)
    factor = sweep.design.factor(panel.x)
    if not texts and factor.values and len(factor.values) <= MOST_TICKS:
        axes.set_xticks(sorted({float(v) for v in factor.values}), [f"{v:g}" for v in sorted(factor.values)])
    unit = "" if factor.unit().startswith("(") or factor.unit() in factor.words() else factor.unit()
    axes.set_xlabel(textwrap.fill(factor.words() + (f" ({unit})" if unit else ""), width), color=INK)
    words = in_words(panel.outcome)
    if axes.get_subplotspec() is None or axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]
        axes.set_ylabel(textwrap.fill(f"{words} ({'%' if scale == 100 else headline.unit})", width - 10), color=INK)
    if scale == 100.0 and axes.get_ylim()[0] < 0:
        axes.set_ylim(bottom=0)
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if any(line.name for line in found):
        axes.legend(frameon=False, fontsize=9, title=textwrap.fill(panel.title, 40), title_fontsize=9, alignment="left")


def _foot(sweep: Sweep) -> str:
    design = sweep.design
    return (
        f"Points: mean of runs and its 95 % interval; band, where there is one: four runs in five. "
        f"{counted(len(sweep.points), 'point')}, up to "
        f"{counted(design.replicates, 'run')} each, seed {design.seed}. Simulated, not a forecast."
    )
