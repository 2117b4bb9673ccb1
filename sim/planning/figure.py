"""The figure of an answer: each plan as a timeline of zones, and what it serves against its cost beside all tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.atomic import write_whole
from sim.planning.purposes import COST
from sim.planning.report import Answer, FoundPlan
from sim.results.charts import drawn
from sim.results.fan import COLOURS, FONTS, GRID, INK, QUIET
from sim.results.measures import measure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURE = ("figure.png", "figure.svg")
SIZE = (11.0, 5.2)
BAR = 0.8


def save_figure(answer: Answer, folder: Path) -> tuple[str, ...]:
    """Write figure.png and figure.svg; nothing where there is no plan.

    Returns:
        Their names.
    """
    if not answer.plans:
        return ()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({**FONTS, "svg.fonttype": "none", "svg.hashsalt": "zones"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        plans = (*answer.plans, *([answer.own] if answer.own else []))
        _timelines(left, plans, answer.question.months)
        _cloud(right, plans, answer)
        for name in FIGURE:
            write_whole(folder / name, drawn(figure, name.rpartition(".")[2]))
    return FIGURE


def _timelines(axes: Axes, plans: tuple[FoundPlan, ...], months: int) -> None:
    """A bar from its opening to the horizon for each zone, with its number of sites."""
    ticks, labels, row = [], [], 0
    for number, plan in enumerate(plans):
        first = row
        for zone in plan.scenario.zones:
            begins = zone.opens if zone.opens is not None else (zone.latest or 0)
            colour = COLOURS[number % len(COLOURS)]
            axes.barh(row, months - begins, left=begins, height=BAR, color=colour, alpha=0.85)
            size = f"{zone.size} sites" if zone.size > 0 else "all that are left"
            axes.text(begins + 1, row, size, va="center", fontsize=8, color="white")
            row += 1
        ticks.append((first + row - 1) / 2)
        labels.append(plan.name)
        row += 1
    axes.set_yticks(ticks, labels)
    axes.invert_yaxis()
    axes.set_xlim(0, months)
    axes.set_xlabel("Month", color=INK)
    axes.set_title("When each zone opens", loc="left", fontsize=11, color=INK)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)


def _cloud(axes: Axes, plans: tuple[FoundPlan, ...], answer: Answer) -> None:
    """Cost and the first measure: plans as marks, all else that was tried and keeps the limits as a cloud."""
    measure = answer.purposes[0].measure
    tried = [row for row in answer.more.get("tried", []) if row[-1] > 0.0]
    axes.scatter([row[0] / 1e6 for row in tried], [100 * row[1] for row in tried], s=8, color=QUIET, alpha=0.35)
    for number, plan in enumerate(plans):
        of = {f.outcome: f.median for f in plan.figures}
        colour = COLOURS[number % len(COLOURS)]
        x, y = of[COST] / 1e6, 100 * of[measure]
        axes.scatter([x], [y], s=70, color=colour, zorder=3)
        axes.annotate(plan.name, (x, y), xytext=(6, 6), textcoords="offset points", fontsize=9, color=INK)
    axes.set_xlabel("Cost in all, £ million", color=INK)
    axes.set_title(f"{measure_of(measure).title}, %, and everything that was tried", loc="left", fontsize=11, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
