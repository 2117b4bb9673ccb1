"""An update as tables and as one JSON object: small numbers left out."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.csv_writer import Writer
from sim.observed.course import Standing
from sim.observed.guarding import too_few
from sim.observed.words import gate_words, lines, look_words, moved_words, standing_words
from sim.results import unnamed

if TYPE_CHECKING:
    from sim.observed.findings import Findings

FORECAST, COURSE, MOVED, GATES, RUNS, REPORT = (
    "forecast.csv", "course.csv", "moved.csv", "gates.csv", "runs.csv", "report.txt",
)  # fmt: skip


def tables(update: Findings) -> dict[str, str]:
    """Every table of an update as text by file name."""
    return {
        FORECAST: _csv(
            ("measure", "zone", "month", *(f"{w}_{q}" for w in ("before", "after") for q in Q)), _bands(update)),
        COURSE: _csv(
            ("measure", "zone", "month", "seen", "observed", "expected_p10", "expected_p50", "expected_p90", "verdict",
             "chance_before", "chance_after"), (_standing(s) for s in update.standings)),
        MOVED: _csv(
            ("parameter", *(f"{w}_{q}" for w in ("before", "after") for q in Q), "shift", "narrowed"),
            ((m.name, *m.before, *m.after, m.shift, m.narrowed) for m in update.moved)),
        GATES: _csv(
            ("zone", "of", "in_plan", "month", "chance_before", "chance_after"),
            ((g.zone, g.of, g.asked, *row) for g in update.gates
             for row in zip(g.months, g.before, g.after, strict=True))),
        RUNS: _csv(
            ("run", "weight", *update.rows[0]),
            ((r, w, *row.values())
             for r, (w, row) in enumerate(zip(update.found.weights.values.tolist(), update.rows, strict=True)))),
        REPORT: "\n".join([*lines(update, unnamed.PLACE), ""]),
    }  # fmt: skip


Q = ("p10", "p50", "p90")


def _bands(update: Findings) -> Iterable[Sequence[Any]]:
    return ((b.measure, b.zone, b.month, *b.before, *b.after) for b in update.bands)


def _standing(s: Standing) -> Sequence[Any]:
    d = s.datum
    seen, observed = (math.nan, "") if too_few(d) else (d.value, d.observed)
    return (d.measure, d.zone, d.month, seen, observed, *s.expected, s.verdict, s.chance, s.left)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = Writer(text)
    writer.writerow(header)
    writer.writerows([_cell(v) for v in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return value


def as_dict(update: Findings) -> dict[str, Any]:
    """The object that `--json` prints: JSON-safe, no NaN."""
    w = update.found.weights
    return {
        "scenario": update.scenario.name,
        "months_seen": sorted({d.month for d in update.found.data}),
        "months": update.found.bank.months,
        "runs": update.found.bank.runs,
        "effective_runs": round(w.effective, 3),
        "effective_runs_untempered": round(w.untempered, 3),
        "strength": round(w.strength, 6),
        "course": [_standing_dict(s) for s in update.standings],
        "change": {"noticed": update.change.noticed, "chance": _plain(update.change.chance)},
        "moved": [
            {"parameter": m.name, "before": _list(m.before), "after": _list(m.after), "shift": _plain(m.shift),
             "narrowed": _plain(m.narrowed), "told": moved_words(m) if m.far else None}
            for m in update.moved
        ],
        "forecast": [
            {"measure": b.measure, "zone": b.zone, "month": b.month, "before": _list(b.before), "after": _list(b.after)}
            for b in update.bands if b.month in update.forecast_months
        ],
        "gates": [
            {"zone": g.zone, "of": g.of, "in_plan": g.asked, "months": list(g.months), "before": _list(g.before),
             "after": _list(g.after), "median_month": g.median, "told": gate_words(g)}
            for g in update.gates
        ],
        "look_next": [
            {"measure": x.measure, "zone": x.zone, "month": x.month, "target": x.target, "at": x.at,
             "settles": _plain(x.settles), "told": look_words(x)}
            for x in update.looks
        ],
        "not_shown": update.small,
        "remarks": list(update.remarks),
        "told": lines(update),
    }  # fmt: skip


def _standing_dict(s: Standing) -> dict[str, Any]:
    d = s.datum
    few = too_few(d)
    return {
        "measure": d.measure,
        "zone": d.zone,
        "month": d.month,
        "seen": None if few else _plain(d.value),
        "observed": None if few else d.observed,
        "expected": _list(s.expected),
        "verdict": s.verdict,
        "chance_before": _plain(s.chance),
        "chance_after": _plain(s.left),
        "hardly_ever_given": s.hardly,
        "unexplained": s.unexplained,
        "told": standing_words(s),
    }


def _list(values: Sequence[float]) -> list[float | None]:
    return [_plain(v) for v in values]


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else float(f"{value:.9g}")
