"""The one chart of a result folder: a fan for each scenario, with the finding as its title."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.atomic import write_whole
from sim.counts import counted
from sim.errors import UnknownName
from sim.results import fan, unnamed
from sim.results.compare import Verdict, difference, summarise
from sim.results.fan import INK, QUIET, Band
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


def chart(ensembles: Sequence[Ensemble], headline: str = SHOWN_FIRST, *, show_names: bool = True) -> Figure:
    """Draw a share over the months.

    Args:
        ensembles: one for each scenario, same random numbers and horizon.
        headline: one of CAN_BE_DRAWN.
        show_names: name the area below the chart.

    Raises:
        UnknownName: the headline has no chart.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    if headline not in CAN_BE_DRAWN:
        raise UnknownName("chart", "headline with a chart", str(headline), CAN_BE_DRAWN)
    with mpl.rc_context({**fan.FONTS, "svg.fonttype": "none", "svg.hashsalt": "zones"}):
        figure = Figure(figsize=SIZE, dpi=150, facecolor="white")
        axes = figure.add_axes((0.075, 0.19, 0.71, 0.585))
        fan.draw(axes, [_band(e, headline) for e in ensembles])
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
    """A figure as the bytes of a file ('png' or 'svg') without the time and the program that made it."""
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
    return Band(_name(ensemble), *(np.array([quantile(v, q) for v in by_month]) for q in fan.QUANTILES))


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
        f"Line: median. Bands: 5 and 8 in 10 of the simulated runs; {counted(first.replicates, 'replicate')} of each, "
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
