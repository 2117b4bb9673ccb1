"""One sheet of a workbook, element by element: where values stand, what is hidden, which formulas kept no value.

A sheet may have a million cells, so the parser calls functions here and no tree is built.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from sim.errors import OrganisationError
from sim.organisation.files.disguise import AGAIN
from sim.organisation.files.excel_parts import Totals, follow, too_many
from sim.organisation.files.limits import EXCEL_ROWS, MOST_CELLS_OF_WORKBOOK, MOST_COLUMNS, MOST_PLACES

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_PARTS = frozenset({"v", "is", "f"})


@dataclass
class SheetSurvey:
    """What one sheet holds beside its values.

    Attributes:
        name: as its tab shows it.
        concealed: whether the tab is hidden.
        hidden: numbers of hidden (filtered) rows.
        formulas: (row number, column from 0) of formulas without a kept value.
        errors: what stands in a cell that Excel could not work out, '#REF!', by (row number, column from 0).
        lowest: number of the last row with a value.
        widest: number of columns up to the last with a value.
        comments: number of cells with a comment.
    """

    name: str
    concealed: bool = False
    hidden: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    lowest: int = 0
    widest: int = 0
    comments: int = 0


def survey_sheet(where: str, archive: zipfile.ZipFile, part: str, into: SheetSurvey, totals: Totals) -> None:
    """Go through a sheet's part.

    Args:
        where: file and sheet, for messages.
        archive: the workbook.
        part: 'xl/worksheets/sheet1.xml'.
        into: what is found is written there.
        totals: of the parts before; this one's are added.

    Raises:
        OrganisationError: cell references that name no cell, numbers that are none, too much of it, a document type.
        ExpatError: a damaged part.
    """
    sheet = _Sheet(where, into, totals)
    handlers: dict[str, Callable[..., None]] = {
        "StartElementHandler": sheet.start,
        "EndElementHandler": sheet.end,
        "CharacterDataHandler": sheet.text,
    }
    follow(where, archive, part, handlers, totals)
    totals.places += into.lowest * into.widest


class _Sheet:
    """What is known between two calls of the parser."""

    def __init__(self, where: str, into: SheetSurvey, totals: Totals) -> None:
        self.where = where
        self.into = into
        self.totals = totals
        self.row = 0
        self.column = 0
        self.about: dict[str, str] | None = None  # of the cell that is open
        self.inside = ""
        self.value: list[str] = []
        self.formula = False
        self.worded = False

    def start(self, tag: str, about: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self.row, self.column = self._place(about.get("r"))
            self.about = about
            self.value, self.formula, self.worded = [], False, False
        elif name == "row":
            self.row = self._row_number(about.get("r"), self.row)
            self.column = 0
            if about.get("hidden") in ("1", "true"):
                self.into.hidden.add(self.row)
        elif self.about is not None and name in _PARTS:
            self.inside = name
            self.formula |= name == "f"
            self.worded |= name == "is"

    def text(self, piece: str) -> None:
        if self.inside == "v":
            self.value.append(piece)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._note_cell()
        elif name in _PARTS:
            self.inside = ""
        if name in ("row", "sheetData"):
            self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        where, into, totals = self.where, self.into, self.totals
        if into.widest > MOST_COLUMNS:
            raise OrganisationError(
                where, [f"{where}: values in column {into.widest:,}; keep the columns that are read"]
            )
        if totals.cells > MOST_CELLS_OF_WORKBOOK:
            raise OrganisationError(where, [too_many(where, MOST_CELLS_OF_WORKBOOK, "cells in its sheets")])
        if totals.places + into.lowest * into.widest > MOST_PLACES:
            of = "cells, with the empty ones between values"
            raise OrganisationError(where, [too_many(where, MOST_PLACES, of)])

    def _note_cell(self) -> None:
        """Note a cell that holds something; a formula whose value was not kept holds nothing that can be read."""
        about, value = self.about or {}, "".join(self.value)
        self.about = None
        if value and about.get("t", "n") == "n":
            self._check_number(value, about)
        if value and about.get("t") == "e":
            self.into.errors[self.row, self.column] = value
        if self.formula and not (value or self.worded):
            self.into.formulas.add((self.row, self.column))
        if value or self.worded or self.formula:
            self.totals.cells += 1
            self.into.lowest = max(self.into.lowest, self.row)
            self.into.widest = max(self.into.widest, self.column + 1)
        self.column += 1

    def _check_number(self, value: str, about: dict[str, str]) -> None:
        """A number cell must hold a number: 'inf', 'nan' and '--' were written by no spreadsheet."""
        text = value.strip()
        try:
            sound = text == "" or abs(float(text)) < float("inf")
        except ValueError:
            sound = False
        if not sound or "_" in text:
            cell = about.get("r", "")
            raise OrganisationError(
                self.where, [f"{self.where} row {self.row}, cell {cell}: '{text[:40]}' is not a number; {AGAIN}"]
            )

    def _row_number(self, given: str | None, before: int) -> int:
        if given is None:
            return before + 1
        if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:9]) <= EXCEL_ROWS:
            raise OrganisationError(self.where, [f"{self.where}: '{given[:40]}' is not a row number; {AGAIN}"])
        return int(given[:9])

    def _place(self, reference: str | None) -> tuple[int, int]:
        if reference is None:
            return self.row, self.column
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            told = f"{self.where} row {self.row}: '{reference[:40]}' names no cell (cells are named like B7); {AGAIN}"
            raise OrganisationError(self.where, [told])
        number = 0
        for letter in found.group(1).upper():
            number = number * 26 + ord(letter) - 64
        return self._row_number(found.group(2), self.row), number - 1
