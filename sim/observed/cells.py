"""The cells of one row: a value with how many it rests on, as people write it: 12 of 40, 30 %, 0.3, <5."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.errors import shortened
from sim.observed.observables import BY_NAME, MONEY, NUMBERS, PEOPLE, SCORE, SITES
from sim.organisation.files.columns import NumberReader, RefusedError
from sim.organisation.files.numbers import Style, read_number
from sim.organisation.files.vocabulary import is_unknown

MOST = 1e10
_OF = re.compile(r"(.+?)\s*(?:/|\bof\b|\bout of\b)\s*(.+)", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bper\s?cent\b|percent", re.IGNORECASE)
_POUNDS = re.compile(r"^(?:£|GBP)\s*|\s*(?:GBP|pounds)$", re.IGNORECASE)
_NUMBER = NumberReader(-MOST, MOST, "a number")
_WHOLE = NumberReader(0, 1e7, "a whole number of people or sites")


@dataclass(frozen=True)
class Figure:
    """A value as it was understood.

    Attributes:
        value: a share 0-1, a score 0-1, a number of families, pounds.
        observed: how many it rests on, 0 not said.
        of: how many there are, 0 not said.
        number: of people or sites, where nothing says out of how many; None for any other figure.
    """

    value: float
    observed: int = 0
    of: int = 0
    number: float | None = None


@dataclass(frozen=True)
class Writing:
    """How one measure is written in a file.

    Attributes:
        decimal_comma: commas part the fraction.
        counts: shares are written as numbers of people, as some value of the measure shows.
        percent: the heading says that values are percentages.
        shares: some value of the measure can only be a share.
    """

    decimal_comma: bool = False
    counts: bool = False
    percent: bool = False
    shares: bool = False


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing: an empty cell, or a mark for what is not known or too small to tell."""
    return not cell or is_unknown(cell)


def says_percent(heading: str) -> bool:
    """Whether a heading speaks of percentages."""
    return _PERCENT.search(heading) is not None


def looks_like_count(measure: str, cell: str, observed: str, decimal_comma: bool) -> bool:
    """Whether a cell of a share can only be a number of people or sites."""
    if BY_NAME[measure].kind not in (PEOPLE, SITES) or is_blank(cell) or "%" in cell:
        return False
    if _OF.fullmatch(cell):
        return True
    try:
        value = read_number(cell, _NUMBER, Style(decimal_comma))
    except RefusedError:
        return False
    return value > 1.0 and not (is_blank(observed) and value != int(value))


def looks_like_share(measure: str, cell: str, decimal_comma: bool) -> bool:
    """Whether a cell can only be a share: a percentage, or between 0 and 1."""
    if BY_NAME[measure].kind not in (PEOPLE, SITES) or is_blank(cell):
        return False
    try:
        return cell.endswith("%") or 0 < read_number(cell, _NUMBER, Style(decimal_comma)) < 1
    except RefusedError:
        return False


def read_figure(measure: str, cell: str, counts: tuple[str, str], writing: Writing) -> Figure:
    """The value of a cell.

    Args:
        measure: name of an observable.
        cell: the value as the file has it.
        counts: cells with how many were observed, and how many there are; '' where there is none.
        writing: how the measure is written.

    Raises:
        RefusedError: it cannot be read, or is out of range.
    """
    kind = BY_NAME[measure].kind
    observed, of = (_count(text, writing) for text in counts)
    if kind in (PEOPLE, SITES) and (both := _OF.fullmatch(cell)):
        cell, observed = both[1], _count(both[2], writing)
        return Figure(_share(_plain(cell, writing), observed, cell), observed, max(of, observed))
    if kind in (PEOPLE, SITES):
        return _of_people(cell, observed, of, writing)
    if kind == SCORE:
        return Figure(_score(cell, writing), observed, of)
    value = _plain(_POUNDS.sub("", cell) if kind == MONEY else cell, writing)
    if value < 0:
        raise RefusedError(f"'{shortened(cell)}' is below 0; give {'pounds' if kind == MONEY else 'a number'} from 0")
    if kind in NUMBERS and value != int(value):
        raise RefusedError(f"'{shortened(cell)}' is not a number of families or people; give a whole number")
    return Figure(value, observed, of)


def _of_people(cell: str, observed: int, of: int, writing: Writing) -> Figure:
    if cell.endswith("%") or (writing.percent and not writing.counts):
        return Figure(_bounded(_plain(cell.rstrip("% "), writing) / 100, cell), observed, of)
    value = _plain(cell, writing)
    if value == 1 and not (writing.counts or writing.shares):
        if not (observed or of):
            raise RefusedError("'1' may be one person or all of them; write 1 of 40 (say out of how many), or 100 %")
    elif not writing.counts and value <= 1.0:
        return Figure(_bounded(value, cell), observed, of)
    if 0 < value < 1:
        return Figure(value, observed, of)
    if not observed and of:
        observed = of
    if not observed:
        return Figure(0.0, number=_whole(value, cell))
    return Figure(_share(value, observed, cell), observed, of)


def _share(value: float, observed: int, cell: str) -> float:
    if observed <= 0:
        raise RefusedError(f"'{shortened(cell)}' is given as out of {observed}; give out of how many")
    if 0 < value < 1:
        return value
    if _whole(value, cell) > observed:
        raise RefusedError(f"{value:g} is more than the {observed} that were observed; which is right?")
    return value / observed


def _whole(value: float, cell: str) -> float:
    if value < 0 or value != int(value):
        raise RefusedError(f"'{shortened(cell)}' is not a number of people or sites; give a whole number, or a share")
    return value


def _score(cell: str, writing: Writing) -> float:
    percent = cell.endswith("%") or writing.percent
    value = _plain(cell.rstrip("% "), writing) / (100 if percent else 1)
    if value > 1:
        raise RefusedError(
            f"'{shortened(cell)}' is outside [0, 1]; give the score as a share of the full score, as 0.45 or 45 %"
        )
    return _bounded(value, cell)


def _bounded(value: float, cell: str) -> float:
    if not 0 <= value <= 1:
        raise RefusedError(f"'{shortened(cell)}' is outside [0, 1]; give a share from 0 to 1, a percentage or a number")
    return value


def _plain(cell: str, writing: Writing) -> float:
    return read_number(cell.strip(), _NUMBER, Style(writing.decimal_comma))


def _count(cell: str, writing: Writing) -> int:
    if is_blank(cell):
        return 0
    value = read_number(cell.strip(), _WHOLE, Style(writing.decimal_comma))
    if value != int(value):
        raise RefusedError(f"'{shortened(cell)}' is not a whole number")
    return int(value)
