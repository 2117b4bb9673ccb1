"""The cells of one sheet or CSV file as text, before anybody knows what they mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, overload

INVISIBLE = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))
BLANKS = {ord(c): " " for c in "\t\n\r\v\f\xa0\u2007\u202f\x85\u2028\u2029"}
SHOWN_ROWS = 3


class Upload(NamedTuple):
    """A file in memory: what a page sends, or a test makes."""

    name: str
    content: bytes


@dataclass
class Grid:
    """One sheet of cells.

    Attributes:
        where: file, with the sheet in brackets where there are several.
        rows: cells as cleaned text.
        numbers: number of each row, as the spreadsheet counts.
        sheet: name of the sheet, '' for CSV.
        concealed: whether the sheet itself is hidden.
        hidden: numbers of hidden (filtered) rows.
        formulas: (row number, column from 0) of formulas without a kept value.
        comments: number of cells with a comment.
        decimal_comma: whether the separator leaves the comma to numbers.
        notes: sentences on how the cells were read.
    """

    where: str
    rows: list[list[str]]
    numbers: Sequence[int]
    sheet: str = ""
    concealed: bool = False
    hidden: frozenset[int] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()
    comments: int = 0
    decimal_comma: bool = False
    notes: list[str] = field(default_factory=list)


class RowNames(Sequence[str]):
    """'list.csv row 7' for each row, made when it is asked for."""

    def __init__(self, where: str, numbers: Sequence[int]) -> None:
        self.where = where
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """The name of a row, or the names of some."""
        if isinstance(at, slice):
            return RowNames(self.where, self.numbers[at])
        return f"{self.where} row {self.numbers[at]}"


def clean(cell: str) -> str:
    """A cell as it is meant: letters composed, line ends and hard spaces as spaces, nothing around it."""
    if cell.isascii():
        return cell.strip() if cell.isprintable() else cell.translate(BLANKS).strip()
    if cell.isprintable():  # nothing invisible in it, and no blank but the plain one
        return unicodedata.normalize("NFC", cell).strip()
    return unicodedata.normalize("NFC", cell).translate(INVISIBLE).translate(BLANKS).strip()


def rows_told(numbers: Sequence[int]) -> str:
    """'row 5', 'rows 2, 5 and 9', 'rows 2-801' or 'rows 2, 5, 9 and 797 more'."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"rows {numbers[0]}-{numbers[-1]}"
    shown = [str(n) for n in numbers[:SHOWN_ROWS]]
    rest = len(numbers) - len(shown)
    if rest:
        return f"rows {', '.join(shown)} and {rest:,} more"
    return f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def name_of(file: Path | Upload) -> str:
    """Name of a file without its folder."""
    return file.name
