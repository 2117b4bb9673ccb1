"""Numbers as people write them: 1,050; 1 050; 40%; 0,40 with semicolons; percentages under a heading that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sim.organisation.files.columns import NumberReader, RefusedError
from sim.organisation.files.vocabulary import is_unknown

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPACED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_CONTINENTAL = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_ONLY_DECIMAL = re.compile(r"[+-]?(?:[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[1-9][0-9]{3,},[0-9]+)")
_PERCENT_HEADING = re.compile(r"%|\bper\s?cent\b|percent", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """How the numbers of one column are written.

    Attributes:
        decimal_comma: a comma parts the fraction.
        percent: numbers are percentages.
        said: a remark about it, '' for numbers as we write them.
    """

    decimal_comma: bool = False
    percent: bool = False
    said: str = ""


def has_decimal_comma(cells: Iterable[str]) -> bool:
    """Whether a column holds a number that only a decimal comma explains."""
    return any(_ONLY_DECIMAL.fullmatch(cell.rstrip("% ")) for cell in cells if "," in cell)


def style_of(item: str, heading: str, cells: Iterable[str], reader: NumberReader, *, decimal_comma: bool) -> Style:
    """How a column's numbers are written.

    Args:
        item: of the table; a deprivation that goes up to 60 is a percentage, a capacity that does is not a share.
        heading: as the file has it.
        cells: the distinct cells.
        reader: of the item.
        decimal_comma: whether the table's numbers have one.
    """
    if reader.high != 1.0:
        return Style(decimal_comma)
    numbers = [n for cell in cells if (n := _number(cell, decimal_comma, reader)) is not None]
    above = [n for n in numbers if n > 1]
    named = _PERCENT_HEADING.search(heading) is not None
    if above and max(numbers) <= 100 and (named or (item == "deprivation" and _like_percentages(numbers))):
        why = "as its heading says" if named else f"as it goes up to {max(numbers):g}"
        return Style(decimal_comma, percent=True, said=f"read as percentages, {why}")
    return Style(decimal_comma)


def _like_percentages(numbers: list[float]) -> bool:
    """Most are above 1, and they go beyond 10: shares with a slip, or tenths from 1 to 10, are not percentages."""
    return max(numbers) > 10 and sum(n > 1 for n in numbers) > len(numbers) / 2


def read_number(cell: str, reader: NumberReader, style: Style) -> float:
    """The number in a cell.

    Raises:
        RefusedError: no number, two readings that differ, or out of range.
    """
    if _PLAIN.fullmatch(cell) and not style.decimal_comma:
        return reader.bounded(float(cell) / (100 if style.percent else 1), cell)
    text, percent = cell, style.percent
    if cell.endswith("%"):
        text, percent = cell[:-1].rstrip(), True
        if reader.high != 1.0:
            raise RefusedError(f"'{cell}' is a percentage; give {reader.what}, or leave it empty")
    value = _number(text, style.decimal_comma, reader)
    if value is None:
        if style.decimal_comma and (_THOUSANDS.fullmatch(text) or _CONTINENTAL.fullmatch(text)):
            raise RefusedError(
                f"'{cell}' may be thousands or a decimal fraction, as other numbers here have decimal commas; "
                "write it without a mark for thousands"
            )
        return reader(cell)
    return reader.bounded(value / 100 if percent else value, cell)


def _number(text: str, decimal_comma: bool, reader: NumberReader) -> float | None:
    """The value, None where the text is not a number or could be two numbers."""
    if _PLAIN.fullmatch(text):
        if decimal_comma and _CONTINENTAL.fullmatch(text) and reader.high > 1000:
            return None
        return float(text)
    if _SPACED.fullmatch(text):
        return float(re.sub(r"[ '’]", "", text).replace(",", "."))
    if decimal_comma:
        return _continental(text, reader)
    return float(text.replace(",", "")) if _THOUSANDS.fullmatch(text) and reader.high > 1000 else None


def _continental(text: str, reader: NumberReader) -> float | None:
    """The value of '1.050,5' or '0,40'; None where it may be thousands too."""
    if _CONTINENTAL.fullmatch(text):
        two_ways = "," not in text and reader.high > 1000
        return None if two_ways else float(text.replace(".", "").replace(",", "."))
    two_ways = _THOUSANDS.fullmatch(text) is not None and reader.high > 1000
    return float(text.replace(",", ".")) if _COMMA.fullmatch(text) and not two_ways else None


def is_mark(cell: str, reader: NumberReader) -> bool:
    """Whether a cell marks an unknown number; a negative one does so only where none can be meant."""
    if not is_unknown(cell):
        return False
    return not (cell.startswith("-") and len(cell) > 1 and cell[1:].isdigit() and reader.low < 0)
