"""How well the room and the model guessed so far, as a page shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.counts import counted
from sim.observed.observables import BY_NAME
from sim.observed.predictions import BEFORE, MODEL, ROOM, Scored, mean_words, scored, summary_words, waiting
from sim.observed.words import amount, band_words, place_words
from sim.results.scales import scale_to

MOST_SHOWN = 12
HOW = (
    "The score is the mean distance between a forecast and what came (the continuous ranked probability score): 0 is "
    "best, and a narrow band is rewarded only if it holds. Beside it, two simple guesses: that it stays as it is, and "
    "that it goes on in a line."
)
NOBODY = "–"
HEADS = ("Measure", "Forecasts", "Model", "Its band held", "Model, before the update", "The room", "Its band held",
         "Stays as it is", "Goes on in a line")  # fmt: skip


def view(log: Path | None) -> dict[str, Any]:
    """Scores of all that can be scored, and what still waits, JSON-safe.

    Args:
        log: the learning log; None or no file: nothing was kept.

    Raises:
        ResultError: the file is not a learning log.
    """
    if log is None or not log.is_file():
        return {"summary": "No forecast has been kept yet.", "waiting": "", "how": HOW, "heads": list(HEADS),
                "rows": [], "shown": []}  # fmt: skip
    found, left = scored(log), waiting(log)
    return {
        "summary": summary_words(found),
        "waiting": _waiting(left),
        "how": HOW,
        "heads": list(HEADS),
        "rows": [_row(name, found) for name in dict.fromkeys(s.forecast.measure for s in found)],
        "shown": _shown(found),
    }


def _waiting(left: Sequence[tuple[str, int]]) -> str:
    if not left:
        return ""
    month = min(month for _, month in left)
    return f"{counted(len(left), 'forecast')} still to be seen, the next in month {month}."


def _row(name: str, found: Sequence[Scored]) -> list[str]:
    mine = [s for s in found if s.forecast.measure == name]
    by = {source: [s for s in mine if s.forecast.source == source] for source in (MODEL, BEFORE, ROOM)}
    first = by[MODEL] or mine
    return [
        BY_NAME[name].entry.title,
        str(len(first)),
        mean_words([s.score for s in by[MODEL]], name),
        _held(by[MODEL]),
        mean_words([s.score for s in by[BEFORE]], name),
        mean_words([s.score for s in by[ROOM]], name),
        _held(by[ROOM]),
        mean_words([s.stays for s in first], name),
        mean_words([s.line for s in first], name),
    ]


def _held(found: Sequence[Scored]) -> str:
    return f"{sum(s.held for s in found)} of {len(found)}" if found else NOBODY


def _shown(found: Sequence[Scored]) -> list[dict[str, Any]]:
    """The latest forecasts with what came, the room's beside the model's."""
    told = []
    room = {_of(s): s for s in found if s.forecast.source == ROOM}
    for s in sorted(
        (s for s in found if s.forecast.source == MODEL), key=lambda s: (_of(s) not in room, -s.forecast.month)
    ):
        f, guess = s.forecast, room.get(_of(s))
        bands = [("model", f.band, f.quantiles[49])]
        bands += [("room", guess.forecast.band, guess.forecast.quantiles[49])] if guess else []
        ends = [v for _, band, _ in bands for v in band if math.isfinite(v)]
        told.append({
            "title": f"{BY_NAME[f.measure].entry.title}, {place_words(f.zone)}",
            "told": f"Forecast in month {f.made_in} for month {f.month}: {_told(bands, f.measure)}. "
                    f"Seen: {amount(f.measure, s.seen)}.",
            "bands": [[who, *band, middle] for who, band, middle in bands],
            "seen": s.seen,
            "held": s.held,
            "verdict": "its band held" if s.held else "outside the band",
            "scale": scale_to([*ends, s.seen], BY_NAME[f.measure].entry.unit),
        })  # fmt: skip
    return told[:MOST_SHOWN]


def _of(s: Scored) -> tuple[str, str, str, int, int]:
    f = s.forecast
    return f.place, f.measure, f.zone, f.made_in, f.month


def _told(bands: Sequence[tuple[str, tuple[float, float], float]], measure: str) -> str:
    return "; ".join(f"the {who} {band_words(measure, (band[0], mid, band[1]))}" for who, band, mid in bands)
