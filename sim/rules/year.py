"""The school and council year: terms pause cycles, staff leave schools in August, budgets turn in April."""

from __future__ import annotations

from sim.parameters import PractitionerParameters
from sim.rules.rule import rule

JANUARY, MARCH, APRIL, JULY, AUGUST, OCTOBER, DECEMBER = 1, 3, 4, 7, 8, 10, 12


@rule
def calendar(start: int, month: int) -> int:
    """The calendar month (1 January ... 12 December) of a month of the run; month 0 is `start`."""
    return (start - 1 + month) % 12 + 1


@rule
def closed(calendar: int) -> float:
    """Share of a calendar month in which Scottish schools are closed."""
    if calendar == JULY:
        return 1.0
    if calendar in (APRIL, AUGUST):
        return 0.5
    return 0.25 if calendar in (JANUARY, OCTOBER, DECEMBER) else 0.0


@rule
def in_term(running: float, school_year: float, calendar: int) -> float:
    """How far a school's improvement cycles run in a month."""
    return running * (1.0 - school_year * closed(calendar))


@rule
def seasonal(p: PractitionerParameters, factor: float, school_year: float, calendar: int) -> float:
    """Turnover of school staff in a month: much in August, so much less in the others that the year's mean stays."""
    peak = p.turnover_august if calendar == AUGUST else (12.0 - p.turnover_august) / 11.0
    return factor * (1.0 + school_year * (peak - 1.0))


@rule
def budget_left(released_time: float, squeeze: float, calendar: int) -> float:
    """Released time that budgets allow in a month; it is short in the last quarter before they turn in April."""
    return released_time * (1.0 - squeeze) if calendar <= MARCH else released_time
