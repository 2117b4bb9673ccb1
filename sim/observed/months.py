"""From what people write for a month (a number, a date, a quarter) to the month of the plan."""

from __future__ import annotations

import calendar
import re
from datetime import date

from sim.errors import ScenarioError, shortened
from sim.organisation.files.columns import RefusedError
from sim.problems import LAST_MONTH

_NUMBER = re.compile(r"(?:month|m|mth)?\s*\.?\s*([0-9]{1,4})(?:\.0+)?", re.IGNORECASE)
_ISO = re.compile(r"([12][0-9]{3})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?(?:[T ].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([12][0-9]{3})")
_WORDS = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[\s\-/]*)?([A-Za-z]{3,9})\.?[\s\-/,']*([0-9]{4}|[0-9]{2})")
_QUARTER = re.compile(r"(?:q([1-4])[\s\-/]*([12][0-9]{3})|([12][0-9]{3})[\s\-/]*q([1-4]))", re.IGNORECASE)
_NAMES = {name.lower(): k for names in (calendar.month_name, calendar.month_abbr) for k, name in enumerate(names) if k}
_NAMES["sept"] = 9
ALLOWED = "a month of the plan such as 12, or a date such as 2027-02 or 28/02/2027"


def read_start(text: str, where: str = "--start") -> str:
    """The date of month 0 as ISO text; '' stays ''.

    Raises:
        ScenarioError: not a date.
    """
    if not text:
        return ""
    found = read_date(text)
    if found is None:
        raise ScenarioError(f"{where}: month 0 must be a date such as 2026-08 or 2026-08-01; got '{shortened(text)}'.")
    return date(*found, 1).isoformat()


def read_date(cell: str) -> tuple[int, int] | None:
    """Year and month of a date as people write it, days before months; None for anything else."""
    if found := _ISO.fullmatch(cell):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    elif found := _DAY_FIRST.fullmatch(cell):
        day, month, year = int(found[1]), int(found[2]), _century(found[3])
    elif found := _MONTH_YEAR.fullmatch(cell):
        day, month, year = 1, int(found[1]), int(found[2])
    elif found := _QUARTER.fullmatch(cell):
        day, month, year = 1, 3 * int(found[1] or found[4]), int(found[2] or found[3])
    elif (found := _WORDS.fullmatch(cell)) and found[2].lower() in _NAMES:
        day, month, year = int(found[1] or 1), _NAMES[found[2].lower()], _century(found[3])
    else:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return year, month


def _century(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def is_month(cell: str) -> bool:
    """Whether a heading names a month: a number of the plan's, a date or a quarter."""
    return _NUMBER.fullmatch(cell) is not None or read_date(cell) is not None


def read_month(cell: str, start: str) -> int:
    """The month of the plan.

    Args:
        cell: as the file has it.
        start: date of month 0 as ISO text, '' not known.

    Raises:
        RefusedError: not a month, before month 0, or a date where month 0 has none.
    """
    if number := _NUMBER.fullmatch(cell):
        month = int(number[1])
    elif found := read_date(cell):
        if not start:
            raise RefusedError(
                f"'{shortened(cell)}' is a date, but nothing says which month is month 0; give it: --start 2026-08"
            )
        begin = date.fromisoformat(start)
        month = 12 * (found[0] - begin.year) + found[1] - begin.month
        if month < 0:
            raise RefusedError(f"'{shortened(cell)}' is before month 0, which is {start[:7]}; is --start right?")
    else:
        raise RefusedError(f"'{shortened(cell)}' is not a month; give {ALLOWED}")
    if month > LAST_MONTH:
        raise RefusedError(f"month {month} is beyond the last that can be run, {LAST_MONTH}; give {ALLOWED}")
    return month
