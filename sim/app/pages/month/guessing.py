"""Keeps the forecast on the page, and the room's own, in the learning log; what was forecast before is scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from sim.app import guesses
from sim.app.messages import text
from sim.app.page import Reply
from sim.app.pages.month.updating import Mine
from sim.app.visit import Visit
from sim.counts import counted
from sim.errors import ScenarioError, quoted
from sim.observed.observables import BY_NAME
from sim.observed.predictions import MODEL, MOST_TEXT, Forecast, guessed, hear
from sim.observed.predictions import keep as add
from sim.observed.reports import Datum
from sim.results.measures import SHARE
from sim.strict import number_in

MOST_GUESSES = 20
THREE = ("low", "middle", "high")


def _guesses(value: object, name: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or len(value) > MOST_GUESSES or not all(isinstance(v, dict) for v in value):
        raise ScenarioError(f"{name} must be a list of at most {MOST_GUESSES} guesses.")
    return tuple(value)


@dataclass(frozen=True)
class Kept:
    """Asks to keep the forecast: with the question it answers, and the room's own guesses."""

    question: Annotated[str, text(MOST_TEXT)] = ""
    guesses: Annotated[tuple[Mapping[str, Any], ...], _guesses] = ()


def keep(visit: Visit, message: Kept) -> Reply:
    """Score what was forecast before, keep what is forecast now.

    Raises:
        ScenarioError: there is no log or no full answer, or a guess cannot be read.
        ResultError: the log cannot be written.
    """
    log, running = visit.jobs.log, visit.hold(Mine).update
    if log is None:
        raise ScenarioError("learning log: there is none; start the pages with --log FILE.")
    if running is None or running.found is None:
        raise ScenarioError("forecast: wait for the full answer, then keep it.")
    found = running.found
    forecasts = [_forecast(row, message.question) for row in found["forecasts"]]
    room = [_guess(one, forecasts) for one in message.guesses]
    heard = hear(log, found["place"], [Datum(**row) for row in found["data"]])
    added = add(log, [*forecasts, *room])
    return {"said": _said(added, heard), "scores": guesses.view(log)}


def _forecast(row: dict[str, Any], question: str) -> Forecast:
    return replace(Forecast(**{**row, "quantiles": tuple(row["quantiles"])}), question=question)


def _said(added: int, heard: int) -> str:
    told = f"{counted(added, 'forecast')} kept in the learning log" if added else "This forecast has already been kept"
    scored = f", {counted(heard, 'earlier one')} can now be scored" if heard else ""
    return f"{told}{scored}."


def _guess(given: Mapping[str, Any], forecasts: Sequence[Forecast]) -> Forecast:
    """One guess of the room, in the unit that the page shows: percent for shares.

    Raises:
        ScenarioError: not three numbers in order, or beside no forecast.
    """
    base = next(
        (f for f in forecasts if f.source == MODEL and (f"{f.measure}|{f.zone}", f.month) ==
         (given.get("series"), given.get("month"))), None)  # fmt: skip
    if base is None:
        raise ScenarioError("guess: choose a measure and a month for which there is a forecast here.")
    share = BY_NAME[base.measure].entry.unit == SHARE
    most = 100.0 if share else 1e9
    three = [number_in(given.get(name), 0.0, most) for name in THREE]
    told = [v for v in three if v is not None]
    if len(told) < len(THREE) or not told[0] <= told[1] <= told[2]:
        raise ScenarioError(
            f"guess: low, middle and high must be three numbers in order, from 0 to {most:,.0f}; got "
            f"{', '.join(quoted(given.get(name)) for name in THREE)}."
        )
    low, middle, high = (v / 100 if share else v for v in told)
    return guessed(base, low, middle, high)
