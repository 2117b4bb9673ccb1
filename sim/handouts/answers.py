"""What the file that answers levers holds: both futures, the levers with their errors, the formula, all in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.handouts import fan_picture, page, words
from sim.handouts.case import Case
from sim.handouts.curves import MIDDLE, SHARES, SOFT, Array, bands, moved, read_months
from sim.handouts.fitting import Error, Fitted, Offered, shares_of
from sim.handouts.lever_words import LABELS, lever_words
from sim.handouts.story import Slide
from sim.results import compare as comparing
from sim.results.fan import over_months
from sim.results.measures import KNOWN
from sim.results.words import moment_words, percent, pounds, span, two_figures

SENT = 6
"""Decimals of the curves that are sent."""
LEAST_PERCENT = 0.01


@dataclass(frozen=True)
class Measured:
    """One share as the page shows it.

    Attributes:
        id: of the measure.
        title: short.
        axis: what the chart shows.
        curves: [plans, 5, T+1].
        texts: the range in words, plan by plan and month by month.
        scale: axes that hold whatever levers do.
    """

    id: str
    title: str
    axis: str
    curves: Array
    texts: tuple[tuple[str, ...], ...]
    scale: fan_picture.Scale


def measured(case: Case, ensembles: Sequence[Ensemble], fitted: Fitted) -> tuple[Measured, ...]:
    """All shares of the page."""
    found = []
    for position, name in enumerate(SHARES):
        curves = np.round([bands(over_months(e, name)) for e in ensembles], SENT)
        texts = tuple(tuple(_range(one, m) for m in range(case.months + 1)) for one in curves)
        scale = fan_picture.scale_for(case.months, _most(case, fitted, position, curves))
        about = KNOWN[name]
        found.append(Measured(name, about.title, about.axis, curves, texts, scale))
    return tuple(found)


def _range(curves: Array, month: int) -> str:
    low, high, middle = (float(curves[q, month]) for q in (0, 4, MIDDLE))
    bounds = span(low, high, "share")
    return bounds if low == high else f"{bounds} ({percent(middle)})"


def _most(case: Case, fitted: Fitted, position: int, curves: Array) -> float:
    """The largest share that any corner of the levers' ranges gives."""
    most = float(curves[:, 4].max())
    months = read_months(case.months)
    for k, model in enumerate(fitted.models):
        if model is None:
            continue
        for corner in np.ndindex(*(2,) * len(model.origin)):
            shifts = shares_of(model.shift(np.array(corner, np.float64)), len(months))[position]
            most = max(most, float(moved(curves[k], shifts, months)[4].max()))
    return most


def data(case: Case, fitted: Fitted, shares: Sequence[Measured]) -> dict[str, Any]:
    """What the page's script reads, JSON-safe."""
    return {
        "months": list(read_months(case.months)),
        "soft": SOFT,
        "when": [moment_words(m) for m in range(case.months + 1)],
        "measures": [
            {
                "id": s.id,
                "title": s.title,
                "axis": s.axis,
                "curves": s.curves.tolist(),
                "texts": s.texts,
                "scale": s.scale.as_dict(),
            }
            for s in shares
        ],
        "cost": [np.round(base.vector()[-3:], SENT).tolist() for base in fitted.bases],
        "levers": [_stops(one) for one in fitted.levers],
        "uses": [list(used) for used in fitted.uses],
        "models": [None if model is None else model.as_dict() for model in fitted.models],
        "percents": _percents(),
        "pounds": _pounds(),
        "plans": list(case.names),
    }


def _stops(one: Offered) -> dict[str, Any]:
    dial = one.dial
    stops = dial.stops()
    return {
        "label": LABELS[dial.name],
        "shares": [round(dial.share(v), 9) for v in stops],
        "words": [lever_words(dial.name, v) for v in stops],
        "own": stops.index(dial.at),
    }


def _percents() -> list[tuple[float, str]]:
    """Every percentage at two significant figures with its words; the script finds the nearest."""
    small = [k / 100 for k in range(10, 100)]
    found = [0.0, *small, *(k / 10 for k in range(10, 100)), *(float(k) for k in range(10, 101))]
    return [(v / 100, percent(v / 100)) for v in found]


def _pounds() -> list[tuple[float, str]]:
    """Every amount at two significant figures with its words, from £1 to £99bn."""
    found = [0.0, *(float(k * 10**n) for n in range(10) for k in ((*range(1, 10),) if n == 0 else range(10, 100)))]
    unique = sorted({*found, *(float(k * 10**n) for n in range(10) for k in range(10, 100))})
    return [(v, pounds(v)) for v in unique]


def lever_rows(fitted: Fitted) -> list[dict[str, Any]]:
    """The sliders: words, stops, the plan's own value, and the error beside each."""
    rows = []
    for k, one in enumerate(fitted.levers):
        stops = one.dial.stops()
        rows.append({
            "id": f"lever-{k}",
            "label": LABELS[one.dial.name],
            "last": len(stops) - 1,
            "own": stops.index(one.dial.at),
            "value": lever_words(one.dial.name, one.dial.at),
            "ends": [lever_words(one.dial.name, stops[0]), lever_words(one.dial.name, stops[-1])],
            "error": error_words(one.error),
            "both": one.dial.both,
        })  # fmt: skip
    return rows


def error_words(error: Error) -> str:
    """'Typical error 0.3 points; 9 in 10 within 1.2.'."""
    return f"Typical error {_points(error.median)}; 9 in 10 within {two_figures(error.most)}."


def _points(value: float) -> str:
    return f"{two_figures(value)} {'point' if two_figures(value) == '1.0' else 'points'}"


def refused_words(fitted: Fitted) -> list[str]:
    """Why a lever is not offered."""
    return [
        f"{LABELS[one.dial.name]} is not offered: the formula would be {_points(one.error.median)} off in the median "
        f"of {counted(one.error.checks, 'check')}, and a lever is offered only below one point."
        for one in fitted.refused
    ]


def how_words(case: Case, fitted: Fitted) -> list[str]:
    """How the sliders answer, and how wrong they are."""
    if not fitted.levers:
        return ["No lever is offered here: none could be answered well enough without running the model."]
    together = fitted.together or fitted.levers[0].error
    return [
        f"The plans were run {case.runs:,} times each. The sliders do not run the model: a formula answers, fitted to "
        f"{fitted.runs:,} further runs of this very question (same plan, place, parameters and random numbers).",
        f"Its error was measured at settings that it had not seen, with {case.runs:,} runs each: the share's median "
        f"after five years and at the end, in percentage points, for the share that fares worst. All levers at once: "
        f"{error_words(together).lower().removesuffix('.')}, from {counted(together.checks, 'setting')}.",
        "With every slider at the plan's own value the page shows what was run. Where a slider has moved, figures are "
        "called 'about'.",
    ]


def cost_words(ensemble: Ensemble) -> str:
    """Cost over the whole run, 8 runs in 10."""
    s = comparing.summarise(ensemble, "cost_total")
    low, high = pounds(s.p10), pounds(s.p90)
    return low if low == high else f"{low} to {high}"


def slides_of(slides: Sequence[Slide], shares: Sequence[Measured], names: Sequence[str]) -> list[dict[str, Any]]:
    """The story, slide by slide, each with its picture."""
    by_id = {s.id: s for s in shares}
    found = []
    for number, slide in enumerate(slides, start=1):
        shown = by_id.get(slide.measure) if slide.kind in ("chart", "predict", "network") else None
        found.append({
            "title": slide.title,
            "text": slide.text,
            "asks": slide.kind == "predict",
            "picture": "" if shown is None else picture(shown, names, f"slide-{number}"),
            "caption": "" if shown is None else shown.axis,
            "answer": slide.answer,
        })  # fmt: skip
    return found


def picture(share: Measured, names: Sequence[str], key: str) -> str:
    """One share's fan, as it was run."""
    plans = [(n, c, t[-1]) for n, c, t in zip(names, share.curves, share.texts, strict=True)]
    told = "; ".join(f"{n}: {t}" for n, _, t in plans)
    return fan_picture.picture(share.scale, plans, f"{share.axis}. At the end, {told}.", key)


def content(case: Case, ensembles: Sequence[Ensemble], fitted: Fitted, slides: Sequence[Slide]) -> dict[str, Any]:
    """All that the template shows."""
    shares = measured(case, ensembles, fitted)
    return {
        "title": words.question(case.names),
        "place": page.place_words(case),
        "finding": page.findings(case, ensembles),
        "names": case.names,
        "months": case.months,
        "last": moment_words(case.months),
        "measures": shares,
        "picture": picture(shares[0], case.names, "main"),
        "now": [t[-1] for t in shares[0].texts],
        "costs": [cost_words(e) for e in ensembles],
        "years": words.years_words(case.months),
        "levers": lever_rows(fitted),
        "refused": refused_words(fitted),
        "how": how_words(case, fitted),
        "slides": slides_of(slides, shares, case.names),
        "doubts": page.doubts(case, ensembles),
        "tables": page.tables(case, ensembles),
        "notes": case.notes,
        "command": case.command,
        "foot": page.foot(case, ensembles),
        "data": data(case, fitted, shares),
    }
