"""The one chart of a result folder: every scenario's median and 10-90 % band, and the finding as its title."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic import write_whole
from sim.counts import counted
from sim.errors import UnknownName
from sim.results import unnamed
from sim.results.compare import Verdict, difference, summarise
from sim.results.intervals import quantile
from sim.results.measures import MEASURES, SHARE, measure_of
from sim.results.record import versions
from sim.results.words import months_words, span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.engine.sums import Ensemble

CHART = ("chart.png", "chart.svg")
SHOWN_FIRST = "need_served_at_fidelity_share"
CAN_BE_DRAWN = tuple(m.id for m in MEASURES if m.axis)
SIZE = (10.0, 5.8)
INK, QUIET, GRID = "#1c2733", "#5b6770", "#e3e7ea"
# Okabe and Ito's palette: told apart with every common kind of colour blindness
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))


@dataclass(frozen=True)
class Band:
    """One scenario month by month: shares [T+1]."""

    name: str
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]


def chart(ensembles: Sequence[Ensemble], headline: str = SHOWN_FIRST, *, show_names: bool = True) -> Figure:
    """Draw a share over the months.

    Args:
        ensembles: one a scenario, same random numbers and horizon.
        headline: one of CAN_BE_DRAWN.
        show_names: name the area below the chart.

    Raises:
        UnknownName: the headline has no chart.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    if headline not in CAN_BE_DRAWN:
        raise UnknownName("chart", "headline with a chart", str(headline), CAN_BE_DRAWN)
    with mpl.rc_context(
        {"font.family": "DejaVu Sans", "font.size": 11, "svg.fonttype": "none", "svg.hashsalt": "zones"}
    ):
        figure = Figure(figsize=SIZE, dpi=150, facecolor="white")
        axes = figure.add_axes((0.075, 0.19, 0.71, 0.585))
        bands = [_band(e, headline) for e in ensembles]
        for number, band in enumerate(bands):
            _draw(axes, band, number)
        _dress(axes, bands)
        _label(axes, bands)
        _openings(axes, ensembles[0])
        _write(figure, ensembles, headline, show_names=show_names)
    return figure


def save_chart(
    ensembles: Sequence[Ensemble], folder: Path, headline: str = SHOWN_FIRST, *, show_names: bool = True
) -> None:
    """Write chart.png and chart.svg, the same bytes for the same results."""
    import matplotlib as mpl

    figure = chart(ensembles, headline, show_names=show_names)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zones"}):
        for name in CHART:
            write_whole(folder / name, drawn(figure, Path(name).suffix[1:]))


def drawn(figure: Figure, kind: str) -> bytes:
    """A figure as the bytes of a file ('png' or 'svg') that says neither when nor by what it was made."""
    out = io.BytesIO()
    about = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    figure.savefig(out, format=kind, metadata=about)
    return out.getvalue()


def finding(ensembles: Sequence[Ensemble], headline: str = SHOWN_FIRST) -> str:
    """One sentence: range before point, and never a difference that its noise could make."""
    first, years = ensembles[0], months_words(ensembles[0].months)
    said = measure_of(headline).sentence
    one = summarise(first, headline)
    here = f"{_name(first)}, {span(one.p10, one.p90, SHARE)} {said} after {years}"
    if len(ensembles) == 1:
        return here
    other = ensembles[1]
    two = summarise(other, headline)
    paired = difference(first, other, headline)
    if not paired.apart:
        same = "come to the same" if paired.verdict is Verdict.SAME else Verdict.NOT_APART.value
        both = f"{_name(first)} and {_plain(other)} {same}"
        return f"{both}: {span(one.p10, one.p90, SHARE)} and {span(two.p10, two.p90, SHARE)} {said} after {years}"
    return f"{here}; {_plain(other)}, {span(two.p10, two.p90, SHARE)}"


def _plain(ensemble: Ensemble) -> str:
    return ensemble.scenario.name.replace("-", " ")


def _name(ensemble: Ensemble) -> str:
    name = _plain(ensemble)
    return name[:1].upper() + name[1:]


def _band(ensemble: Ensemble, headline: str) -> Band:
    values = measure_of(headline).values
    by_month = [values(ensemble, month) for month in range(ensemble.months + 1)]
    lines = [np.array([quantile(v, q) for v in by_month]) for q in (0.1, 0.5, 0.9)]
    return Band(_name(ensemble), *lines)


def _draw(axes: Axes, band: Band, number: int) -> None:
    months = np.arange(len(band.middle))
    colour = COLOURS[number % len(COLOURS)]
    axes.fill_between(months, band.low, band.high, color=colour, alpha=0.18, linewidth=0)
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


def _openings(axes: Axes, ensemble: Ensemble) -> None:
    """Dated openings of the first scenario's zones, as ticks along the bottom."""
    for zone in ensemble.scenario.zones:
        if zone.opens is not None and zone.opens <= ensemble.months:
            axes.axvline(zone.opens, color=QUIET, linewidth=0.9, linestyle=(0, (2, 3)), zorder=0.5)
            axes.annotate(
                f"{zone.name} opens",
                (zone.opens, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(4, -2),
                textcoords="offset points",
                color=QUIET,
                fontsize=9,
                va="top",
            )


def _write(figure: Figure, ensembles: Sequence[Ensemble], headline: str, *, show_names: bool) -> None:
    first = ensembles[0]
    title = textwrap.fill(finding(ensembles, headline), 78)
    figure.text(0.03, 0.8, measure_of(headline).axis, fontsize=11, color=QUIET, va="bottom")
    figure.text(0.03, 0.955, title, fontsize=15, fontweight="bold", color=INK, va="top", linespacing=1.3)
    place = _place_words(first, show_names=show_names)
    note = (
        f"Line: median; band: range of simulated runs (10-90 %), {counted(first.replicates, 'replicate')} of each, "
        f"{'same random numbers, ' if len(ensembles) > 1 else ''}seed {first.seed}. "
        f"{place} {_zone_words(ensembles)}Model version {versions()['zones']}. Simulated, not observed."
    )
    figure.text(0.03, 0.025, textwrap.fill(note, 128), fontsize=8.5, color=QUIET, va="bottom", linespacing=1.4)


def _zone_words(ensembles: Sequence[Ensemble]) -> str:
    """Whose zones are drawn, where another scenario has a plan of its own."""
    first = ensembles[0].scenario
    others = any(e.scenario.zones not in ((), first.zones) for e in ensembles[1:])
    return f"Zones open as in {_plain(ensembles[0])}. " if others and first.zones else ""


def _place_words(ensemble: Ensemble, *, show_names: bool) -> str:
    place: Any = ensemble.organisation
    made_up = any("fictional" in sentence for sentence in place.assumptions)
    kind = "a fictional area" if made_up and len(place.areas) == 1 else "fictional areas" if made_up else ""
    name = unnamed.place_words(place, show_names=show_names or made_up)
    return f"{name}{', ' + kind if kind else ''}, {counted(len(place.sites), 'site')}."
