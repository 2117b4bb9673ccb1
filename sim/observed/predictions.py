"""Forecasts kept in the learning log, and how good they were once the outcome is known.

A forecast is kept with its date, question and digest as its quantiles at every hundredth: enough for its score and for
its band, and nothing of single runs. What people guessed themselves is kept alike, so that room and model are scored
by the same rule; two naive forecasts, that it stays as it is and that it goes on in a line, are kept beside.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.counts import counted
from sim.errors import ResultError
from sim.observed.findings import Findings
from sim.observed.guarding import may_be_shown, too_few
from sim.observed.likelihood import highest
from sim.observed.log_file import opened
from sim.observed.observables import BY_NAME
from sim.observed.reports import Datum
from sim.observed.scores import crps, goes_on, stays, within
from sim.observed.weighing import quantile
from sim.sweeps.runs import digest_of

MODEL, BEFORE, ROOM = "model", "model before", "room"
SOURCES = (MODEL, BEFORE, ROOM)
"""Whose forecast: the model's after the update, the model's before it, and what people guessed."""
LEVELS = tuple(k / 100 for k in range(1, 100))
AHEAD = (3, 6, 9, 12, 18, 24)
"""Months ahead that are kept of every measure seen."""
MOST_TEXT = 400
_HEARD = "INSERT OR IGNORE INTO outcomes (written, forecast, seen) VALUES (?, ?, ?)"
ROOM_LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Forecast:
    """One forecast.

    Attributes:
        place: digest of the place.
        plan: name of the scenario.
        question: what was asked, in words.
        source: one of SOURCES.
        measure: name of an observable.
        zone: a zone's name, or 'all'.
        made_in: the last month that was seen when it was made.
        month: that it tells of.
        quantiles: at LEVELS.
        stays: the naive forecast that nothing changes, None: nothing had been seen.
        line: the naive forecast that it goes on in a line.
    """

    place: str
    plan: str
    question: str
    source: str
    measure: str
    zone: str
    made_in: int
    month: int
    quantiles: tuple[float, ...]
    stays: float | None = None
    line: float | None = None

    @property
    def digest(self) -> str:
        """What tells it from every other."""
        return digest_of({k: v for k, v in asdict(self).items() if k != "question"})

    @property
    def band(self) -> tuple[float, float]:
        """The band of eight in ten."""
        return self.quantiles[9], self.quantiles[89]


@dataclass(frozen=True)
class Scored:
    """A forecast and what came.

    Attributes:
        forecast: the forecast.
        seen: what came.
        score: its CRPS.
        stays: that of the naive forecast that nothing changes, NaN: there was none.
        line: that of the one that goes on in a line.
        held: whether its band of eight in ten held what came.
    """

    forecast: Forecast
    seen: float
    score: float
    stays: float
    line: float
    held: bool


def forecasts_of(update: Findings, question: str) -> list[Forecast]:
    """The forecasts that an update shows of what is observed, before and after it.

    Args:
        update: the update.
        question: what was asked, in words.
    """
    found, place = update.found, update.question.place
    series = dict.fromkeys((d.measure, d.zone) for d in found.data if may_be_shown(d.zone, place))
    told = []
    for name, zone in series:
        mine = [d for d in found.data if (d.measure, d.zone) == (name, zone)]
        seen = [(d.month, d.value) for d in mine]
        for month in (m for a in AHEAD if (m := found.last + a) <= found.bank.months):
            values = found.bank.at(name, zone, month)
            naive = (stays(seen), goes_on(seen, month, highest(mine[-1])))
            for source, weights in ((MODEL, found.weights.values), (BEFORE, found.alike)):
                levels = tuple(float(f"{q:.6g}") for q in quantile(values, weights, *LEVELS))
                if not np.isnan(levels[0]):
                    told.append(
                        Forecast(
                            update.question.place_digest, update.scenario.name, question[:MOST_TEXT], source,
                            name, zone,
                            found.last, month, levels, *naive,
                        )
                    )  # fmt: skip
    return told


def guessed(base: Forecast, low: float, middle: float, high: float) -> Forecast:
    """What people guessed, as a forecast: straight lines between its tenth, its half and its ninth tenth.

    Args:
        base: the model's forecast of the same, which gives place, plan, measure and month.
        low: one in ten lies below.
        middle: as likely above as below.
        high: one in ten lies above.

    Raises:
        ResultError: the three are not in order.
    """
    if not low <= middle <= high:
        raise ResultError(f"a guess must be low, middle and high, in order; got {low:g}, {middle:g}, {high:g}.")
    levels = np.interp(LEVELS, ROOM_LEVELS, (low, middle, high))
    return Forecast(**{**asdict(base), "source": ROOM, "quantiles": tuple(float(v) for v in levels)})


def keep(path: Path, forecasts: Iterable[Forecast]) -> int:
    """Add forecasts to a log; what is there already is not added twice.

    Returns:
        How many were added.

    Raises:
        ResultError: the file cannot be used as a log.
    """
    written = datetime.now(UTC).isoformat(timespec="seconds")
    with opened(path) as connection:
        before = connection.total_changes
        connection.executemany(
            "INSERT OR IGNORE INTO forecasts (written, place, plan, question, source, measure, zone, made_in, month, "
            "quantiles, stays, line, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (written, f.place, f.plan, f.question, f.source, f.measure, f.zone, f.made_in, f.month,
                 json.dumps(f.quantiles), f.stays, f.line, f.digest)
                for f in forecasts
            ],
        )  # fmt: skip
        return connection.total_changes - before


def hear(path: Path, place: str, data: Sequence[Datum]) -> int:
    """Add what has been seen of a place to the forecasts of it; a later correction is added beside, and counts.

    Returns:
        How many outcomes were added.

    Raises:
        ResultError: the file cannot be used as a log.
    """
    written = datetime.now(UTC).isoformat(timespec="seconds")
    added = 0
    with opened(path) as connection:
        for datum in data:
            if too_few(datum):
                continue
            of = connection.execute(
                "SELECT id FROM forecasts WHERE place = ? AND measure = ? AND zone = ? AND month = ?",
                (place, datum.measure, datum.zone, datum.month),
            ).fetchall()
            for (identity,) in of:
                row = (written, identity, float(datum.value))
                made = connection.execute(_HEARD, row)
                added += made.rowcount
    return added


def scored(path: Path, place: str = "") -> list[Scored]:
    """Every forecast that something has been seen of, the oldest first.

    Args:
        path: the log.
        place: digest of a place; '' for all.

    Raises:
        ResultError: there is no such log, or it cannot be used.
    """
    if not path.is_file():
        raise ResultError(f"{path}: there is no such log; `zones update ... --log {path}` begins one.")
    with opened(path) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(
            "SELECT f.*, o.seen FROM forecasts f JOIN outcomes o ON o.id = (SELECT MAX(id) FROM outcomes WHERE "
            "forecast = f.id) WHERE ? IN ('', f.place) ORDER BY f.id",
            (place,),
        ).fetchall()
    return [_scored(row) for row in rows]


def waiting(path: Path) -> list[tuple[str, int]]:
    """Measure and month of every forecast of the model after an update that nothing has been seen of yet.

    Args:
        path: the log.

    Raises:
        ResultError: it cannot be used.
    """
    with opened(path) as connection:
        rows = connection.execute(
            "SELECT DISTINCT place, measure, zone, month FROM forecasts f WHERE source = ? AND NOT EXISTS "
            "(SELECT 1 FROM outcomes o WHERE o.forecast = f.id) ORDER BY month",
            (MODEL,),
        ).fetchall()
    return [(str(measure), int(month)) for _, measure, _, month in rows]


def _scored(row: sqlite3.Row) -> Scored:
    names = [n for n in Forecast.__dataclass_fields__ if n != "quantiles"]
    forecast = Forecast(**{n: row[n] for n in names}, quantiles=tuple(json.loads(row["quantiles"])))
    seen = float(row["seen"])
    values = np.array(forecast.quantiles)
    naive = [float("nan") if v is None else abs(v - seen) for v in (forecast.stays, forecast.line)]
    score = crps(values, np.ones(len(values)), seen)
    return Scored(forecast, seen, score, naive[0], naive[1], within(forecast.band, seen))


def summary_words(found: Sequence[Scored]) -> str:
    """How good forecasts were so far, in a few sentences."""
    if not found:
        return "Nothing that was forecast has been seen yet: forecasts are scored when data of their month come in."
    told = [_nearer(found, source, whose) for source, whose in ((MODEL, "The model"), (ROOM, "The room"))]
    held = [s for s in found if s.forecast.source == MODEL]
    ten = f"Its bands held {sum(s.held for s in held)} of {counted(len(held), 'time')}; 8 in 10 would be right."
    few = "" if len(held) >= 10 else " Judge from ten forecasts, not from fewer."
    return " ".join(t for t in (*told, f"{ten}{few}" if held else "") if t)


def _nearer(found: Sequence[Scored], source: str, whose: str) -> str:
    """How often a forecast was nearer to what came than the better of two naive ones."""
    mine = [s for s in found if s.forecast.source == source and not np.isnan(s.stays + s.line)]
    if not mine:
        return ""
    nearer = sum(s.score < min(s.stays, s.line) for s in mine)
    count = counted(len(mine), "forecast")
    return (
        f"{whose} was nearer than both simple guesses (it stays as it is, it goes on in a line) in {nearer} of {count}."
    )


def score_lines(found: Sequence[Scored]) -> list[str]:
    """How good forecasts were, in sentences: measure by measure, whose was nearest, and whether bands held."""
    if not found:
        return ["No forecast can be scored yet: scores come once data for its month have been reported."]
    count = counted(len(found), "forecast")
    lines = [f"{count} can be scored. The score is the mean distance from what came; 0 is best."]
    for name in dict.fromkeys(s.forecast.measure for s in found):
        mine = [s for s in found if s.forecast.measure == name]
        parts = []
        for source in SOURCES:
            own = [s for s in mine if s.forecast.source == source]
            if own:
                held = sum(s.held for s in own)
                parts.append(f"{source} {mean_words([s.score for s in own], name)} (band held {held} of {len(own)})")
        first = [s for s in mine if s.forecast.source == MODEL] or mine
        parts += [f"stays as it is {mean_words([s.stays for s in first], name)}"]
        parts += [f"goes on in a line {mean_words([s.line for s in first], name)}"]
        lines.append(f"  {BY_NAME[name].entry.title}: {'; '.join(parts)}.")
    return [
        *lines,
        "A band of eight in ten should hold about eight times in ten: judge from ten forecasts, not one.",
    ]


def mean_words(values: Sequence[float], measure: str) -> str:
    """The mean of scores in the unit of a measure; a dash where there is none."""
    from sim.results.measures import SHARE

    known = [v for v in values if not np.isnan(v)]
    if not known:
        return "–"
    mean = float(np.mean(known))
    return f"{100 * mean:.1f} points" if BY_NAME[measure].entry.unit == SHARE else f"{mean:,.1f}"


def guesses_of(told: Sequence[str], forecasts: Sequence[Forecast]) -> list[Forecast]:
    """What the room guessed, from texts 'measure,zone,month,low,middle,high'.

    Args:
        told: the texts; shares as 0.3 or 30%.
        forecasts: the model's, beside which guesses stand.

    Raises:
        ResultError: one that cannot be read, or that stands beside no forecast.
    """
    there = {(f.measure, f.zone, f.month): f for f in forecasts if f.source == MODEL}
    found = []
    for text in told:
        parts = [part.strip() for part in text.split(",")]
        try:
            name, zone, month, *three = parts
            low, middle, high = (_figure(name, part) for part in three)
            base = there[name, zone, int(month)]
        except (ValueError, KeyError):
            known = "; ".join(f"{m},{z},{t}" for m, z, t in there)
            raise ResultError(
                f"--guess {text}: write MEASURE,ZONE,MONTH,LOW,MIDDLE,HIGH, as 'using,first zone,24,20%,30%,45%'; "
                f"measures, zones and months are: {known}."
            ) from None
        found.append(guessed(base, low, middle, high))
    return found


def _figure(measure: str, text: str) -> float:
    value = float(text.removesuffix("%"))
    return value / 100 if text.endswith("%") else value
