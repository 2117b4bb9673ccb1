"""From the bytes of a CSV file to cells: text, separator, rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from sim.errors import OrganisationError
from sim.organisation.files.cells import Grid, clean
from sim.organisation.files.limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
LOOKED_AT = 20
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?[,;\t|]*\s*", re.IGNORECASE)
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def read_csv(where: str, content: bytes) -> Grid:
    """The cells of a CSV file.

    Args:
        where: the file, for messages.
        content: UTF-8 text, with or without a byte order mark.

    Raises:
        OrganisationError: not UTF-8, null bytes, quotes that do not close, or more cells than may be read.
    """
    _refuse_unreadable(where, content)
    start = content[:64_000].decode("utf-8-sig", errors="ignore")
    first, _, _ = start.partition("\n")
    told = _SEP_LINE.fullmatch(first.rstrip("\r\n"))
    separator = told.group(1) if told else _separator(start)
    notes = []
    if told:
        notes.append("its first line names the separator ('sep=') and is not a row")
    if separator not in ",;\t":
        notes.append(f"cells are separated by {SEPARATORS.get(separator, repr(separator))}")
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    if told:
        text.readline()
    rows = list(_rows(where, csv.reader(text, delimiter=separator, strict=True)))
    formulas = frozenset((n, i) for n, row in enumerate(rows, 1) for i, cell in enumerate(row) if cell[:1] == "=")
    rows = [[_unquoted(cell) for cell in row] for row in rows]
    return Grid(where, rows, range(1, len(rows) + 1), formulas=formulas, decimal_comma=separator == ";", notes=notes)


def _refuse_unreadable(where: str, content: bytes) -> None:
    """Windows text would turn Gaelic and other names into different letters unseen."""
    if b"\x00" in content:
        raise OrganisationError(where, [f"{where} holds null bytes: it is not CSV text; save it as CSV UTF-8"])
    for number, line in enumerate(io.BytesIO(content), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = f"byte 0x{line[error.start]:02x}"
            raise OrganisationError(
                where,
                [
                    f"{where} line {number}: {byte} is not UTF-8 (it looks like Windows text, cp1252); "
                    "text must be UTF-8; save the file as CSV UTF-8"
                ],
            ) from None


def _separator(start: str) -> str:
    """The separator that gives most lines the same number of cells; title lines above a heading may hold none."""
    lines = start.splitlines()[:LOOKED_AT]
    best, most = ",", 0
    for mark in SEPARATORS:
        try:
            widths = [len(row) - 1 for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            widths = [line.count(mark) for line in lines]
        common = max(set(widths), key=lambda width: (widths.count(width) * width, width), default=0)
        # The header line counts most: a semicolon list with decimal commas has commas in its rows alone.
        score = widths.count(common) * common + 2 * (widths[0] if widths else 0)
        if score > most:
            best, most = mark, score
    semicolons = [line.count(";") for line in lines if line.strip()]
    if best == "," and semicolons and min(semicolons) > 1 and len(set(semicolons)) == 1:
        return ";"
    return best


def _rows(where: str, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    cells = 0
    number = 0
    before = 0  # line that the row before ended in
    try:
        for given in reader:
            before = getattr(reader, "line_num", number)
            number += 1
            row = _narrow(where, number, given) if len(given) > MOST_COLUMNS else given
            cells += len(row) or 1  # a blank line takes its place too
            if cells > MOST_CELLS:
                raise OrganisationError(where, [too_many_cells(where)])
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise OrganisationError(
                    where,
                    [f"{where} row {number}: a cell of more than {LONGEST_CELL:,} letters; shorten it, or take it out"],
                )
            yield [_cell(cell) for cell in row]
    except csv.Error as error:
        line = getattr(reader, "line_num", number)
        told = "a cell is far too long; is a closing quote missing?" if "field larger" in str(error) else str(error)
        if "end of data" in told:
            told = f"a quote that opens in line {before + 1} or below it is never closed"
        raise OrganisationError(where, [f"{where} line {line}: not sound CSV ({told}); save it again"]) from None


def _narrow(where: str, number: int, row: list[str]) -> list[str]:
    """A row without its empty cells at the end, which spreadsheets write by the thousand."""
    while row and not row[-1].strip():
        row.pop()
    if len(row) > MOST_COLUMNS:
        raise OrganisationError(where, [too_many_columns(where, number, len(row))])
    return row


def too_many_cells(where: str) -> str:
    """What is said of a table with too many cells."""
    return (
        f"{where}: more than {MOST_CELLS:,} cells; is it the right file? Keep the columns that are read, or split "
        "it into one file for each area"
    )


def too_many_columns(where: str, number: int, wide: int) -> str:
    """What is said of a row with too many columns."""
    return (
        f"{where} row {number}: {wide:,} columns are more than the {MOST_COLUMNS:,} a list may have; "
        "keep the columns that are read"
    )


def _cell(cell: str) -> str:
    cell = clean(cell)
    if cell.startswith('="') and (text := _TEXT_FORMULA.fullmatch(cell)):
        return text.group(1)
    return cell


def _unquoted(cell: str) -> str:
    """A text that was quoted so that no spreadsheet takes it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell
