"""An update in sentences: where each measure stands, what was learned, what comes next, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.counts import counted
from sim.observed.changes import RARE
from sim.observed.course import ON_COURSE, Standing
from sim.observed.forecast import FORECAST, Look
from sim.observed.gates import GateChance
from sim.observed.guarding import too_few
from sim.observed.moved import Moved
from sim.observed.observables import BY_NAME, NUMBERS
from sim.results.columns import ALL
from sim.results.measures import PEOPLE as COUNT
from sim.results.small_numbers import LEAST
from sim.results.words import figure, percent, span

if TYPE_CHECKING:
    from sim.observed.findings import Findings

MOST_MOVED = 6


def lines(update: Findings, place: str = "") -> list[str]:
    """The whole answer, a line each; `place` is what to call the place instead of its name."""
    found = [head(update, place)]
    for title, block in blocks(update).items():
        found += ["", title, *(f"  {line}" for line in block)]
    return found


STANDS, FITS, LEARNED, FORECASTS, NEXT, LOOK, SURE = (
    "Where it stands", "Does the model explain what was seen?", "What was learned about this place",
    "The forecast, before and after", "The next zone", "What to look at next", "How sure this is",
)  # fmt: skip


def blocks(update: Findings, *, on_page: bool = False) -> dict[str, list[str]]:
    """The answer's lines by their headings, without headings that have none.

    Args:
        update: the update.
        on_page: leave out what is said of options of the command line.
    """
    found = {
        STANDS: _standing_lines(update),
        FITS: list(_fit_lines(update)),
        LEARNED: list(_moved_lines(update)),
        FORECASTS: list(_forecast_lines(update)),
        NEXT: list(_gate_lines(update)),
        LOOK: list(_look_lines(update)),
        SURE: list(_sure_lines(update, on_page=on_page)),
    }
    return {title: block for title, block in found.items() if block}


def head(update: Findings, place: str = "") -> str:
    """What was asked, where, and what was seen of it."""
    months = sorted({d.month for d in update.found.data})
    seen = f"month {months[0]}" if len(months) == 1 else f"months {months[0]} to {months[-1]}"
    measures = len({d.measure for d in update.found.data})
    where = place or update.organisation.name
    return (
        f"{update.scenario.title or update.scenario.name}, {where}: {counted(measures, 'measure')} reported for {seen}."
    )


def place_words(zone: str) -> str:
    """A zone in a sentence."""
    return "the area" if zone == ALL else "sites in no zone" if zone == "outside" else zone


def seen_words(standing: Standing) -> str:
    """What was observed; small numbers are not shown."""
    datum = standing.datum
    if too_few(datum):
        return f"fewer than {LEAST}"
    return amount(datum.measure, datum.value)


def amount(measure: str, value: float) -> str:
    """A value with its unit."""
    one = BY_NAME[measure]
    if math.isnan(value):
        return "no value"
    if one.kind in NUMBERS:
        return f"{value:,.0f}"
    return figure(value, one.entry.unit)


def band_words(measure: str, band: tuple[float, ...]) -> str:
    """A band: '20 to 31 %'."""
    one = BY_NAME[measure]
    low, _, high = band
    if math.isnan(low):
        return "no value"
    if one.entry.unit == COUNT:
        return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"
    return span(low, high, one.entry.unit)


def standing_words(standing: Standing) -> str:
    """One measure in a sentence."""
    datum = standing.datum
    where = place_words(datum.zone)
    return f"{BY_NAME[datum.measure].entry.title}, {where}, month {datum.month}: {standing_said(standing)}"


def standing_said(standing: Standing) -> str:
    """What is said of one measure, without its name."""
    datum, band = standing.datum, standing.expected
    if math.isnan(band[0]):
        return f"{seen_words(standing)}. The model has no value there to compare it with."
    told = f"{seen_words(standing)}. Expected {band_words(datum.measure, band)}: {standing.verdict}."
    if too_few(datum) or standing.verdict == ON_COURSE:
        return told
    return f"{told} {_share_beyond(standing)}"


def _share_beyond(standing: Standing) -> str:
    low = standing.chance < 0.5
    side = standing.chance if low else 1 - standing.chance
    what = "this little" if low else "this much"
    if side < 1 / standing.runs:
        return f"None of {standing.runs:,} simulated runs show {what}."
    return f"{_one_in(side)} simulated runs show {what}."


def _one_in(share: float) -> str:
    return f"One in {round(1 / share):,}" if share < 0.5 else f"{percent(share)} % of"


def _standing_lines(update: Findings) -> list[str]:
    return [standing_words(s) for s in update.standings]


def _fit_lines(update: Findings) -> Iterator[str]:
    weighed = [s for s in update.standings if BY_NAME[s.datum.measure].weighed]
    hardly = [s for s in weighed if s.hardly]
    left = [s for s in weighed if s.unexplained and not s.hardly]
    for s in hardly:
        what = "this little" if s.chance < 0.5 else "this much"
        yield (
            f"No. {BY_NAME[s.datum.measure].entry.title} ({place_words(s.datum.zone)}): the model has hardly ever "
            f"given {what} by month {s.datum.month}, whatever was varied. Do not rely on forecasts of it."
        )
    for s in left:
        yield (
            f"Not quite. {BY_NAME[s.datum.measure].entry.title} ({place_words(s.datum.zone)}) in month "
            f"{s.datum.month} is still surprising after the update: the other measures point elsewhere."
        )
    change = update.change
    if change.noticed:
        datum, size = change.surprises[0]
        way = "above" if size > 0 else "below"
        yield (
            "Something has changed that the model does not know of, or a report is wrong (look there first): what came "
            f"later does not follow from what came before ({percent(change.chance)} % of the model's own runs look as "
            f"surprising; {percent(RARE)} % or less is reported). Furthest off: {BY_NAME[datum.measure].entry.words}, "
            f"{place_words(datum.zone)}, "
            f"month {datum.month}, {way} what was expected from the months before it."
        )
    if not (hardly or left or change.noticed):
        yield "Yes. Allowing for differences between places, the model can give what was observed."


def _moved_lines(update: Findings) -> Iterator[str]:
    far = [m for m in update.moved if m.far][:MOST_MOVED]
    for m in far:
        yield moved_words(m)
    if not far:
        yield "Nothing stands out: what was observed is what was expected of such a place."


def moved_words(m: Moved) -> str:
    """One parameter that has moved."""
    way = "higher" if m.shift > 0 else "lower"
    return (
        f"{m.words[0].upper()}{m.words[1:]}: likely {way} here than assumed, "
        f"{_number(m.after[1])} ({_number(m.after[0])} to {_number(m.after[2])}) instead of "
        f"{_number(m.before[1])} ({_number(m.before[0])} to {_number(m.before[2])})."
    )


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"


def _forecast_lines(update: Findings) -> Iterator[str]:
    shown = [m for m in update.forecast_months if m > update.found.last]
    for name in FORECAST:
        mine = {b.month: b for b in update.bands if b.measure == name and b.zone == ALL and b.month in shown}
        if mine:
            yield f"{BY_NAME[name].entry.title}, the area:"
        for month, band in mine.items():
            before, after = (
                f"{band_words(name, x)} ({amount(name, x[1])})" if not math.isnan(x[1]) else "no value"
                for x in (band.before, band.after)
            )
            yield f"  month {month}: {after} now; {before} before."
    if shown:
        yield "Eight simulated runs in ten lie in the band; the median is in brackets."


def _gate_lines(update: Findings) -> Iterator[str]:
    for gate in update.gates:
        yield gate_words(gate)


def gate_words(gate: GateChance) -> str:
    """One gate in sentences."""
    parts = ", ".join(
        f"{chance_words(after)} by month {month} ({chance_words(before)} before)"
        for month, before, after in zip(gate.months, gate.before, gate.after, strict=True)
    )
    able = f"half of the sites of '{gate.of}' certified, and its teams able"
    what = f"'{gate.zone}' waits for its gate on '{gate.of}'"
    if not gate.asked:
        what = f"'{gate.zone}' opens in month {gate.opens}; if it waited for the usual gate ({able})"
    end = ""
    if gate.asked and gate.latest is not None:
        end = f" At the latest it opens in month {gate.latest}."
    return f"{what}: the gate is met with a chance of {parts}.{end}"


def chance_words(share: float) -> str:
    """A chance: '28 %', 'under 1 %'."""
    return "under 1 %" if share < 0.005 else "over 99 %" if share > 0.995 else f"{percent(share)} %"


def _look_lines(update: Findings) -> Iterator[str]:
    for look in update.looks:
        yield look_words(look)
    if not update.looks:
        yield "No single measure would change the forecast much in the next three months: continue as planned."


def look_words(look: Look) -> str:
    """One thing to look at."""
    name = BY_NAME[look.measure].entry
    target = BY_NAME[look.target].entry.words
    return (
        f"{name.title} ({place_words(look.zone)}) in month {look.month}: about {amount(look.measure, look.middle)} is "
        f"expected. If it is less, expect {amount(look.target, look.below)} for {target} in month {look.at}; if it is "
        f"more, {amount(look.target, look.above)}."
    )


def _sure_lines(update: Findings, *, on_page: bool) -> Iterator[str]:
    w = update.found.weights
    yield (
        f"{update.found.bank.runs:,} simulated runs, weighed by what was observed; they count as "
        f"{w.effective:,.0f} (effective number of runs)."
    )
    if w.strength < 1:
        more = "" if on_page else f" More runs help: --runs {4 * update.found.bank.runs}."
        yield (
            f"The observations are too precise for this many runs (they would count as {w.untempered:,.0f}). They were "
            f"therefore given {percent(w.strength)} % of their weight: bands are wider than they need be.{more}"
        )
    money = [d for d in update.found.data if not d.observable.weighed]
    if money:
        yield "Money and time are compared, not weighed: prices differ from place to place."
    if update.small:
        yield f"Not shown, because it rests on too few people or on a single site: {', '.join(update.small)}."
    yield "A forecast is what the model gives if the plan continues as it is; it is neither a promise nor a target."
