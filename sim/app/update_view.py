"""What an area has seen, as a page draws it: where each measure stands, bands with what was seen on them, words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import DRAWN, NO_VALUE, range_words
from sim.counts import counted
from sim.observed import words
from sim.observed.course import FASTER, LESS, MORE, ON_COURSE, SLOWER, Standing
from sim.observed.findings import Findings
from sim.observed.forecast import FORECAST
from sim.observed.gates import GateChance
from sim.observed.guarding import may_be_shown, shows_site, too_few
from sim.observed.likelihood import deviation, highest
from sim.observed.observables import BY_NAME
from sim.observed.question import AHEAD
from sim.observed.reports import Datum
from sim.observed.weighed import LEVELS
from sim.observed.weighing import quantile, quantiles
from sim.results.columns import ALL
from sim.results.fan import QUANTILES
from sim.results.measures import PEOPLE
from sim.results.scales import scale_to
from sim.results.small_numbers import LEAST

Floats = NDArray[np.float64]
EIGHT_IN_TEN = 1.2816
"""Deviations within which eight in ten of a normal error lie."""
STEP = 6
"""Months between the rows of a chart's table."""
SIGNS = {FASTER: "▲", MORE: "▲", ON_COURSE: "●", SLOWER: "▼", LESS: "▼"}
NAMES = ("Expected now", "Expected before")


def view(update: Findings, *, coarse: bool = False) -> dict[str, Any]:
    """Everything that the page shows of an update, JSON-safe, every figure in words too.

    Args:
        update: the update.
        coarse: a first answer from few runs: where each measure stands, and the forecast.
    """
    told = words.blocks(update, on_page=True) if not coarse else {}
    runs = update.found.bank.runs
    last = update.found.last
    return {
        "coarse": coarse,
        "head": words.head(update),
        "finding": finding(update.standings),
        "standings": [_standing(s) for s in update.standings],
        "fits": not coarse and told[words.FITS][0].startswith("Yes"),
        "told": {title: [line.strip() for line in block] for title, block in told.items()},
        "charts": charts(update),
        "gates": [_gate(g) for g in update.gates],
        "names": list(NAMES),
        "last": last,
        "near": min(update.found.bank.months, last + AHEAD),
        "months": update.found.bank.months,
        "foot": f"{counted(runs, 'simulated run')}, weighed by what was seen. Line: median. Shading: half of the runs, "
        "and 8 in 10. Marks: what was seen; the stroke through a mark is how far such a figure may be off, 8 times in "
        "10. Nothing of a single site is shown, and no number below five.",
    }


def finding(standings: list[Standing]) -> str:
    """How many measures are on course, in one sentence."""
    if not standings:
        return "Nothing that was seen may be shown: a single site, or too few people, stand behind each figure."
    parts = [
        f"{count} {verdict}"
        for verdict in (FASTER, ON_COURSE, SLOWER, MORE, LESS)
        if (count := sum(s.verdict == verdict for s in standings))
    ]
    told = " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
    return f"Of {counted(len(standings), 'measure')}: {told}."


def _standing(s: Standing) -> dict[str, Any]:
    one, unit = BY_NAME[s.datum.measure], BY_NAME[s.datum.measure].entry.unit
    few = too_few(s.datum)
    known = [v for v in (*s.expected, *([] if few else [s.datum.value])) if not math.isnan(v)]
    return {
        "id": key(s.datum.measure, s.datum.zone),
        "title": f"{one.entry.title}, {words.place_words(s.datum.zone)}",
        "told": words.standing_words(s),
        "said": words.standing_said(s),
        "verdict": s.verdict,
        "sign": SIGNS[s.verdict],
        "off": s.verdict != ON_COURSE,
        "seen": None if few else _drawn(s.datum.value),
        "seen_text": words.seen_words(s),
        "expected": [_drawn(v) for v in s.expected],
        "expected_text": words.band_words(s.datum.measure, s.expected),
        "when": f"Month {s.datum.month}",
        "scale": scale_to(known, unit),
    }


def key(measure: str, zone: str) -> str:
    """What a page calls the chart of a measure and zone."""
    return f"{measure}|{zone}"


def charts(update: Findings) -> list[dict[str, Any]]:
    """A chart for each series that may be shown: those seen first, then the forecasts of the whole area."""
    place, followed = update.question.place, update.found.bank.followed.series
    seen = dict.fromkeys((d.measure, d.zone) for d in update.found.data)
    kept = [*seen, *((n, ALL) for n in FORECAST if (n, ALL) not in seen)]
    shown = [pair for pair in kept if pair in followed and may_be_shown(pair[1], place)]
    first = sorted(shown, key=lambda pair: pair[0] != "using")
    return [_chart(update, *pair) for pair in first]


def _chart(update: Findings, name: str, zone: str) -> dict[str, Any]:
    one, found = BY_NAME[name], update.found
    values = found.bank.series(name, zone)
    now, before = _bands(values, (found.weights.values, found.alike))
    mine = [d for d in found.data if (d.measure, d.zone) == (name, zone)]
    marks = [_mark(update, d) for d in mine if not (shows_site(d) or too_few(d))]
    near = min(found.bank.months, found.last + AHEAD)
    ends = [v for bands in (now, before) for v in bands[-1][: near + 1] if v is not None]
    far = [v for bands in (now, before) for v in bands[-1] if v is not None]
    tops = [m["high"] for m in marks]
    unit = one.entry.unit
    texts = [[_range(name, bands, m) for m in range(found.bank.months + 1)] for bands in (now, before)]
    return {
        "id": key(name, zone),
        "title": f"{one.entry.title}, {words.place_words(zone)}",
        "arms": [{"bands": b, "text": t} for b, t in zip((now, before), texts, strict=True)],
        "marks": marks,
        "finding": _finding(update, name, zone, near),
        "scales": [scale_to([*ends, *tops], unit), scale_to([*far, *tops], unit)],
        "rows": [
            [f"month {m}", *(t[m] for t in texts), next((d["text"] for d in marks if d["month"] == m), "")]
            for m in sorted({*range(0, near + 1, STEP), *(d["month"] for d in marks)})
        ],
        "hidden": _hidden(mine),
    }


def _hidden(data: list[Datum]) -> str:
    few = [f"month {d.month}" for d in data if too_few(d)]
    return f"Fewer than {LEAST}, and not drawn: {', '.join(few)}." if few else ""


def _bands(values: Floats, weights: Sequence[Floats]) -> list[list[list[float | None]]]:
    """Quantiles [5][T+1] of runs [R, T+1], by each weight."""
    by_month = [quantiles(values[:, m], weights, *QUANTILES) for m in range(values.shape[1])]
    return [
        [[_drawn(v) for v in row] for row in zip(*(month[k] for month in by_month), strict=True)]
        for k in range(len(weights))
    ]


def _range(name: str, bands: list[list[float | None]], month: int) -> str:
    low, high = bands[0][month], bands[-1][month]
    if low is None or high is None:
        return NO_VALUE
    unit = BY_NAME[name].entry.unit
    return words.band_words(name, (low, low, high)) if unit == PEOPLE else range_words(low, high, unit)


def _mark(update: Findings, datum: Datum) -> dict[str, Any]:
    """What was seen, with the range that its own error leaves."""
    _, error = update.found.truths(datum)
    middle = np.array([float(np.median(error))])
    off = EIGHT_IN_TEN * float(deviation(datum, np.array([datum.value]), middle)[0])
    text = words.amount(datum.measure, datum.value)
    return {
        "month": datum.month,
        "value": _drawn(datum.value),
        "low": _drawn(max(0.0, datum.value - off)),
        "high": _drawn(min(highest(datum), datum.value + off)),
        "text": text,
    }


def _finding(update: Findings, name: str, zone: str, month: int) -> str:
    """What is now expected of a series, against before."""
    one = BY_NAME[name]
    x = update.found.bank.at(name, zone, month)
    now, before = (tuple(quantile(x, w, *LEVELS)) for w in (update.found.weights.values, update.found.alike))
    where = words.place_words(zone)
    if math.isnan(now[1]) or math.isnan(before[1]):
        return f"{one.entry.title}, {where}: no value is expected by month {month}."
    after, then = (words.band_words(name, band) for band in (now, before))
    return f"{one.entry.title}, {where}, by month {month}: {after} expected now, {then} before anything was seen."


def _gate(gate: GateChance) -> dict[str, Any]:
    """One gate as a small table."""
    return {
        "title": f"'{gate.zone}', once '{gate.of}' is ready",
        "heads": ["Met by", *(f"month {m}" for m in gate.months)],
        "rows": [
            ["now", *(words.chance_words(c) for c in gate.after)],
            ["before", *(words.chance_words(c) for c in gate.before)],
        ],
    }


def _drawn(value: float) -> float | None:
    return round(float(value), DRAWN) if math.isfinite(value) else None
