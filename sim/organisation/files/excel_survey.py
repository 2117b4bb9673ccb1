"""What a workbook's own parts say before its values are read: sheets, hidden rows, formulas, how large it is.

Values come from a library (`excel_cells.py`). It shows neither what is hidden nor which formula has no kept value, and
it lays a sheet out whole: one cell in the last corner would fill the memory. So this looks first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from sim.errors import OrganisationError
from sim.organisation.files.cells import Upload
from sim.organisation.files.csv_cells import too_many_cells
from sim.organisation.files.disguise import AGAIN
from sim.organisation.files.excel_notes import count_comments
from sim.organisation.files.limits import EXCEL_ROWS, LARGEST_UNPACKED, MOST_CELLS, MOST_COLUMNS, MOST_SHEETS

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class SheetSurvey:
    """What one sheet holds beside its values.

    Attributes:
        name: as its tab shows it.
        concealed: whether the tab is hidden.
        hidden: numbers of hidden (filtered) rows.
        formulas: (row number, column from 0) of formulas without a kept value.
        lowest: number of the last row with a value.
        widest: number of columns up to the last with a value.
        comments: number of cells with a comment.
    """

    name: str
    concealed: bool = False
    hidden: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    lowest: int = 0
    widest: int = 0
    comments: int = 0


def survey(where: str, file: Upload) -> list[SheetSurvey]:
    """Look through a workbook.

    Args:
        where: the file, for messages.
        file: the workbook in memory.

    Raises:
        OrganisationError: no workbook, damaged parts, cell references that name no cell, or too much of it.
    """
    import io
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            _refuse_large(where, archive)
            found = [_survey_sheet(where, archive, *sheet) for sheet in _sheets(where, archive)]
    except OrganisationError:
        raise
    except DefusedXmlException:
        raise OrganisationError(where, [f"holds a document type or entities, as no workbook needs; {AGAIN}"]) from None
    except ParseError as error:
        raise OrganisationError(where, [f"not a sound Excel workbook (a part is damaged: {error}); {AGAIN}"]) from None
    except Exception as error:  # zipfile and zlib raise many kinds for a damaged archive
        raise OrganisationError(where, [f"not a sound Excel workbook ({error}); {AGAIN}"]) from None
    return found


def _survey_sheet(where: str, archive: zipfile.ZipFile, name: str, concealed: bool, part: str) -> SheetSurvey:
    if part not in archive.namelist():
        raise OrganisationError(where, [f"sheet '{name}' has lost its part of the file; {AGAIN}"])
    one = SheetSurvey(name, concealed)
    with archive.open(part) as content:
        _look_through(f"{where} [{name}]", content, one)
    one.comments = count_comments(f"{where} [{name}]", archive, part)
    return one


def _refuse_large(where: str, archive: zipfile.ZipFile) -> None:
    items = archive.infolist()
    unpacked = sum(item.file_size for item in items)
    if unpacked > LARGEST_UNPACKED:
        raise OrganisationError(
            where,
            [
                f"unpacks to {unpacked / 1024**2:,.0f} MB, more than the {LARGEST_UNPACKED // 1024**2} MB that may be "
                "read; is it the right file? Keep the sheet with the list"
            ],
        )
    if any(item.flag_bits & 1 for item in items):
        raise OrganisationError(where, ["a workbook with a password; save it without one"])


def _sheets(where: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, bool, str]]:
    """Name, whether hidden, and part of each sheet."""
    from defusedxml import ElementTree

    book = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    target = {link.get("Id", ""): link.get("Target", "") for link in links}
    sheets = [element for element in book.iter() if _local(element.tag) == "sheet"]
    if not sheets:
        raise OrganisationError(where, [f"a workbook without a sheet; {AGAIN}"])
    if len(sheets) > MOST_SHEETS:
        raise OrganisationError(where, [f"{len(sheets):,} sheets; keep the one with the list (at most {MOST_SHEETS})"])
    for sheet in sheets:
        part = target.get(sheet.get(f"{_OFFICE}id", ""), "")
        part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
        if "/chartsheets/" not in part and "/dialogsheets/" not in part:
            yield sheet.get("name", ""), sheet.get("state", "visible") != "visible", part


def _look_through(where: str, content: IO[bytes], into: SheetSurvey) -> None:
    from defusedxml import ElementTree

    cells, row, column = 0, 0, 0
    root: Any = None
    for event, element in ElementTree.iterparse(content, events=("start", "end"), forbid_dtd=True):
        tag = _local(element.tag)
        if event == "start":
            root = element if root is None else root
            if tag == "row":
                row = _row_number(where, element.get("r"), row)
                column = 0
                if element.get("hidden") in ("1", "true"):
                    into.hidden.add(row)
        elif tag == "c":
            row, column = _place(where, element.get("r"), row, column)
            _check_value(where, element, row)
            cells += _note_cell(element, row, column, into)
            column += 1
            _refuse_too_much(where, into, cells)
        elif tag == "row":
            element.clear()
            _refuse_too_wide(where, into)
        elif tag in ("sheetData", "mergeCells", "conditionalFormatting", "dataValidations"):
            root.clear()


def _refuse_too_much(where: str, into: SheetSurvey, cells: int) -> None:
    if cells > MOST_CELLS or into.lowest * into.widest > 4 * MOST_CELLS:
        raise OrganisationError(where, [too_many_cells(where)])


def _refuse_too_wide(where: str, into: SheetSurvey) -> None:
    if into.widest > MOST_COLUMNS:
        raise OrganisationError(where, [f"{where}: values in column {into.widest:,}; keep the columns that are read"])


def _note_cell(element: Any, row: int, column: int, into: SheetSurvey) -> bool:
    """Note a cell that holds something; a formula whose value was not kept holds nothing that can be read."""
    parts = {_local(part.tag): part for part in element}
    value = parts.get("v")
    kept = (value is not None and bool(value.text)) or "is" in parts
    if "f" in parts and not kept:
        into.formulas.add((row, column))
    if kept or "f" in parts:
        into.lowest, into.widest = max(into.lowest, row), max(into.widest, column + 1)
    return bool(parts)


def _row_number(where: str, given: str | None, before: int) -> int:
    if given is None:
        return before + 1
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:9]) <= EXCEL_ROWS:
        raise OrganisationError(where, [f"{where}: '{given}' is not a row number; {AGAIN}"])
    return int(given)


def _place(where: str, reference: str | None, row: int, column: int) -> tuple[int, int]:
    if reference is None:
        return row, column
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise OrganisationError(
            where, [f"{where} row {row}: '{reference}' names no cell (cells are named like B7); {AGAIN}"]
        )
    number = 0
    for letter in found.group(1).upper():
        number = number * 26 + ord(letter) - 64
    return _row_number(where, found.group(2), row), number - 1


def _check_value(where: str, element: Any, row: int) -> None:
    """A number cell must hold a number: 'inf', 'nan' and '--' were written by no spreadsheet."""
    if element.get("t", "n") != "n":
        return
    for part in element:
        if _local(part.tag) == "v" and part.text:
            text = part.text.strip()
            try:
                sound = text == "" or abs(float(text)) < float("inf")
            except ValueError:
                sound = False
            if not sound or "_" in text:
                raise OrganisationError(
                    where, [f"{where} row {row}, cell {element.get('r', '')}: '{text[:40]}' is not a number; {AGAIN}"]
                )


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
