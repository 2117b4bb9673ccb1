"""Figures in words: two significant figures, range before point, "beyond the horizon" never a number."""

from __future__ import annotations

import math

from sim.counts import counted
from sim.results.compare import Difference, Summary, Verdict
from sim.results.measures import MONTHS, PEOPLE, POUNDS, SHARE

BEYOND_WORDS = "beyond the horizon"
_TAIL = {SHARE: " %", POUNDS: "", PEOPLE: ""}
_DIFFERENCE_TAIL = {SHARE: " points", POUNDS: "", PEOPLE: ""}
_LARGE = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def two_figures(value: float) -> str:
    """A number at two significant figures, without exponent, thousands marked."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "-"
    places = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    if abs(rounded) >= 10.0 ** (2 - places):  # 9.96 became 10
        places -= 1
    return f"{rounded:,.{max(places, 0)}f}"


def percent(share: float) -> str:
    """A share as percent at two figures."""
    return two_figures(100.0 * share)


def pounds(value: float) -> str:
    """Money at two figures: £950, £12k, £1.2m."""
    for size, mark in _LARGE:
        if abs(value) >= 0.995 * size:
            return f"£{two_figures(value / size)}{mark}"
    return f"£{two_figures(value)}"


def _bare(value: float, unit: str) -> str:
    if unit == SHARE:
        return percent(value)
    if unit == POUNDS:
        return pounds(value)
    return two_figures(value).removesuffix(".0")


def figure(value: float, unit: str) -> str:
    """One value with its unit: '43 %', '27 months', '£12k'."""
    if math.isinf(value):
        return BEYOND_WORDS
    return "not defined" if math.isnan(value) else _bare(value, unit) + _TAIL.get(unit, f" {unit}")


def span(low: float, high: float, unit: str) -> str:
    """A range: '31 to 38 %', '27 months or more' where the horizon hides the end; one figure where both ends agree."""
    if math.isinf(low) or math.isnan(low):
        return figure(low, unit)
    first, tail = _bare(low, unit), _TAIL.get(unit, f" {unit}")
    if math.isinf(high):
        return f"{first}{tail} or more"
    last = _bare(high, unit)
    return f"{first}{tail}" if first == last else f"{first} to {last}{tail}"


def summary_words(summary: Summary) -> str:
    """Range before point: '31 to 38 % (35)', 'not defined' or 'beyond the horizon'."""
    unit = summary.measure.unit
    bounds = span(summary.p10, summary.p90, unit)
    if not math.isfinite(summary.median) or bounds == figure(summary.median, unit):
        return bounds
    return f"{bounds} ({_bare(summary.median, unit)})"


def summary_notes(summary: Summary) -> list[str]:
    """What the figures leave out: runs without a value, runs that the horizon cuts off."""
    notes = []
    if summary.undefined == 1.0:
        notes.append(summary.measure.undefined)
    elif summary.undefined > 0:
        notes.append(f"{summary.measure.undefined} in {percent(summary.undefined)} % of runs")
    if 0 < summary.beyond_horizon < 1.0:
        notes.append(f"{BEYOND_WORDS} in {percent(summary.beyond_horizon)} % of runs")
    return notes


def difference_words(difference: Difference) -> str:
    """The paired difference: '+30 to +33 points, higher in 200 of 200 runs', or why none is given.

    The range is that of 8 runs in 10, as for every other figure; the interval of their mean is `mean_words`.
    """
    if difference.verdict is not Verdict.APART:
        return str(difference.verdict.value)
    return f"{gap_words(difference)}, {often_words(difference)}"


def gap_words(difference: Difference) -> str:
    """The range of 8 paired runs in 10: '+30 to +33 points'."""
    unit = difference.measure.unit
    low, high = (signed(v, unit) if v else "0" for v in (difference.p10, difference.p90))
    if not all(math.isfinite(v) for v in (difference.p10, difference.p90)):
        return f"{low} to {high}" if low != high else low
    return f"{low if low == high else f'{low} to {high}'}{_DIFFERENCE_TAIL.get(unit, f' {unit}')}"


def often_words(difference: Difference) -> str:
    """In how many of the paired runs it is so: 'higher in 200 of 200 runs'."""
    pairs, unit = difference.estimate.pairs, difference.measure.unit
    higher = round(difference.higher * pairs)
    lower = pairs - higher - round(difference.equal * pairs)
    more, less = ("later", "sooner") if unit == MONTHS else ("higher", "lower")
    word, count = (more, higher) if higher >= lower else (less, lower)
    return f"{word} in {count:,} of {counted(pairs, 'run')}"


def mean_words(difference: Difference) -> str:
    """The mean (or median) paired difference with its 95 % interval: '+30 to +33 points (+32)'."""
    estimate, unit = difference.estimate, difference.measure.unit
    if not difference.apart:
        return str(difference.verdict.value)
    low, high, middle = (signed(v, unit) for v in (estimate.low, estimate.high, estimate.value))
    tail = _DIFFERENCE_TAIL.get(unit, f" {unit}")
    if not all(math.isfinite(v) for v in (estimate.low, estimate.high, estimate.value)):
        return f"{low} to {high}" if low != high else low
    if low == high == middle:
        return f"{middle}{tail}"
    return f"{low} to {high}{tail} ({middle})"


def signed(value: float, unit: str) -> str:
    """A difference with its sign."""
    if math.isinf(value):
        return "later than can be seen" if value > 0 else "sooner than can be seen"
    return ("-" if value < 0 else "+") + _bare(abs(value), unit)


def months_words(months: int) -> str:
    """A length of time: 'one year', '5 years', '30 months'."""
    if months % 12 == 0 and months:
        return "one year" if months == 12 else f"{months // 12} years"
    return "one month" if months == 1 else f"{months} months"


def moment_words(month: int) -> str:
    """How far a run has come: 'Start', '6 months', '2 years 1 month'."""
    years, rest = divmod(month, 12)
    parts = [counted(years, "year") if years else "", counted(rest, "month") if rest else ""]
    return " ".join(p for p in parts if p) or "Start"
