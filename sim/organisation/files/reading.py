"""From files to tables of text: CSV, folders of CSV, Excel and GraphML, refused early when they cannot be sound."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.errors import OrganisationError
from sim.organisation.files.columns import COLUMNS, Table

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_UNPACKED = 2 * 1024 * 1024 * 1024
FORMATS = "a .csv, .xlsx or .graphml file, or a folder of CSV files"


def read_tables(path: Path) -> tuple[list[Table], list[str]]:
    """All tables of one organisation file (or folder), as text.

    Args:
        path: a .csv (with any `<stem>.<table>.csv` next to it), .xlsx or .graphml file, or a folder of `<table>.csv`.

    Returns:
        The tables, and sentences on how they were read.

    Raises:
        OrganisationError: missing, too large, wrong format, undecodable, or a formula in a cell.
    """
    if not path.exists():
        raise OrganisationError(str(path), [f"there is no such file; give {FORMATS}"])
    if path.is_dir():
        return _read_folder(path)
    _refuse_large(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        siblings = sorted(s for s in path.parent.glob(f"{_escape(path.stem)}.*.csv") if _table_of(s, path) in COLUMNS)
        for sibling in siblings:
            _refuse_large(sibling)
        return _read_all([("sites", path), *((_table_of(s, path), s) for s in siblings)])
    if suffix in (".xlsx", ".xlsm"):
        return _read_excel(path)
    if suffix == ".graphml":
        from sim.organisation.files.graph import tables_from_graphml

        return tables_from_graphml(path), []
    raise OrganisationError(
        str(path), [f"'{suffix or path.name}' is no format of an organisation file; give {FORMATS}"]
    )


def _escape(text: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", text)


def _table_of(sibling: Path, main: Path) -> str:
    return sibling.name[len(main.stem) + 1 : -len(".csv")]


def _refuse_large(path: Path) -> None:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        limit = LARGEST_FILE // (1024 * 1024)
        raise OrganisationError(
            str(path),
            [f"{size / 1024 / 1024:.0f} MB is more than the {limit} MB an organisation file may have; "
             "is it the right file? Split a nation into one file an area"],
        )  # fmt: skip
    if size == 0:
        raise OrganisationError(str(path), ["the file is empty; it needs a heading row and a row for each site"])


def _read_folder(path: Path) -> tuple[list[Table], list[str]]:
    files = sorted(path.glob("*.csv"))
    unknown = [f.name for f in files if f.stem not in COLUMNS]
    known = ", ".join(f"{name}.csv" for name in COLUMNS)
    problems = [f"{name} is no table of an organisation; known: {known}" for name in unknown]
    if not any(f.stem == "sites" for f in files):
        problems.append(f"no sites.csv in the folder; known tables: {known}")
    if problems:
        raise OrganisationError(str(path), problems)
    for file in files:
        _refuse_large(file)
    return _read_all([(f.stem, f) for f in files])


def _read_all(files: Sequence[tuple[str, Path]]) -> tuple[list[Table], list[str]]:
    tables: list[Table] = []
    notes: list[str] = []
    problems: list[str] = []
    for kind, path in files:
        try:
            tables.append(_parse_csv(kind, path.name, _decode(path)))
        except OrganisationError as error:
            problems.extend(error.problems)
    if problems:
        raise OrganisationError(str(files[0][1]), problems)
    return tables, notes


def _decode(path: Path) -> str:
    """Text of a UTF-8 file; Windows text would turn Gaelic and other names into different letters unseen."""
    content = path.read_bytes()
    if b"\x00" in content:
        raise OrganisationError(path.name, [f"{path.name} holds null bytes: it is no CSV text; save it as CSV UTF-8"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}"
        raise OrganisationError(
            path.name,
            [
                f"{path.name} line {line}: {byte} is not UTF-8 (it looks like Windows text, cp1252); "
                "text must be UTF-8; save the file as CSV UTF-8"
            ],
        ) from None


def _parse_csv(kind: str, where: str, text: str) -> Table:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            numbers.append(reader.line_num)
    except csv.Error as error:
        raise OrganisationError(
            where, [f"{where} line {reader.line_num}: not sound CSV ({error}); save it again"]
        ) from None
    return make_table(kind, where, rows, numbers)


def make_table(kind: str, where: str, rows: Iterable[Sequence[str]], numbers: Sequence[int]) -> Table:
    """A table from a heading row and the rows below it; blank rows are left out.

    Raises:
        OrganisationError: no heading, no rows, a formula in a cell, or a row longer than the heading.
    """
    kept = [(n, list(row)) for n, row in zip(numbers, rows, strict=True) if any(cell.strip() for cell in row)]
    if not kept or (kind == "sites" and len(kept) == 1):
        raise OrganisationError(where, [f"{where}: nothing in it; it needs a heading row and a row for each site"])
    header = [cell.strip() for cell in kept[0][1]]
    problems: list[str] = []
    for number, row in kept[1:]:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            problems.append(f"{where} row {number}: {len(row)} cells under {len(header)} headings; a stray separator?")
        row.extend([""] * (len(header) - len(row)))
        for heading, cell in zip(header, row, strict=False):
            if cell[:1] == "=":
                problems.append(f"{where} row {number}, column '{heading}': a formula; paste its value instead")
    if problems:
        raise OrganisationError(where, problems)
    return Table(kind, where, header, [row for _, row in kept[1:]], [n for n, _ in kept[1:]])


def _read_excel(path: Path) -> tuple[list[Table], list[str]]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise OrganisationError(str(path), [f"unpacks to {unpacked / 1e9:.1f} GB; that is no organisation file"])
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise OrganisationError(str(path), [f"not a sound Excel workbook ({error}); save it again as .xlsx"]) from None
    try:
        return _read_sheets(path, book)
    finally:
        book.close()


def _read_sheets(path: Path, book: Any) -> tuple[list[Table], list[str]]:
    names = {sheet.title: sheet.title.strip().lower() for sheet in book.worksheets}
    notes = []
    if len(names) == 1 and not set(names.values()) & set(COLUMNS):
        names = dict.fromkeys(names, "sites")
    if "sites" not in names.values():
        raise OrganisationError(str(path), [f"no sheet named 'sites'; sheets may be named {', '.join(COLUMNS)}"])
    tables: list[Table] = []
    problems: list[str] = []
    for title, kind in names.items():
        if kind not in COLUMNS:
            notes.append(f"{path.name}: sheet '{title}' is not read; known sheets: {', '.join(COLUMNS)}")
            continue
        where = f"{path.name} [{title}]"
        rows = [[_cell_text(cell) for cell in row] for row in book[title].iter_rows()]
        try:
            tables.append(make_table(kind, where, rows, range(1, len(rows) + 1)))
        except OrganisationError as error:
            problems.extend(error.problems)
    if problems:
        raise OrganisationError(str(path), problems)
    return tables, notes


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return "=" if not str(value).startswith("=") else str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
