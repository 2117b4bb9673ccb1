"""Figures in words: two significant figures, range before point, "beyond the horizon" never a number."""

from __future__ import annotations

import math

from sim.results.compare import Difference, Summary
from sim.results.measures import PEOPLE, POUNDS, SHARE

BEYOND_WORDS = "beyond the horizon"
SAME_WORDS = "cannot be told apart"
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
    unit = summary.headline.unit
    bounds = span(summary.p10, summary.p90, unit)
    if not math.isfinite(summary.median) or bounds == figure(summary.median, unit):
        return bounds
    return f"{bounds} ({_bare(summary.median, unit)})"


def summary_notes(summary: Summary) -> list[str]:
    """What the figures leave out: runs without a value, runs that the horizon cuts."""
    notes = []
    if summary.undefined == 1.0:
        notes.append(summary.headline.undefined)
    elif summary.undefined > 0:
        notes.append(f"{summary.headline.undefined} in {percent(summary.undefined)} % of runs")
    if 0 < summary.beyond_horizon < 1.0:
        notes.append(f"{BEYOND_WORDS} in {percent(summary.beyond_horizon)} % of runs")
    return notes


def difference_words(difference: Difference) -> str:
    """The paired difference: '+30 to +33 points (+32)', 'cannot be told apart', or why nothing can be said."""
    estimate, unit = difference.estimate, difference.headline.unit
    if estimate.pairs == 0:
        return "nothing to compare"
    if difference.equal == 1.0:
        return "the same in every run"
    if not difference.apart:
        few = math.isinf(estimate.low) and math.isinf(estimate.high)
        return "too few runs to tell" if few else SAME_WORDS
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
