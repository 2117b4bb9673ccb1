"""Lists of sites written for people: an example to fill, and a list as it was understood."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.counts import counted
from sim.errors import OrganisationError
from sim.organisation.files.columns import COLUMNS
from sim.organisation.files.reader import Reading
from sim.organisation.files.writing import cell_text
from sim.platforms.files import replace_file

EXAMPLE_HEADINGS = (
    "site_id",
    "name",
    "area",
    "agency",
    "type",
    "roll",
    "staff",
    "simd_q1_share",
    "locality",
    "lat",
    "lon",
)
EXAMPLE = (
    ("P1", "First Primary (an example)", "Glen", "education", "primary", 210, 14.2, 0.4, "North", 56.11, -3.12),
    ("P2", "Second Primary", "Glen", "education", "primary", 45, 3.4, 0.1, "South", 56.02, -3.21),
    ("H1", "High School", "Glen", "education", "secondary", 700, 60, 0.25, "North", 56.12, -3.11),
    ("X1", "Special School", "Glen", "education", "special", 38, 22, 0.35, "North", 56.1, -3.1),
    ("N1", "Little Steps", "Glen", "private", "nursery", 40, 6.6, 0.3, "North", 56.11, -3.13),
    ("N2", "Tiny Steps", "Glen", "third_sector", "nursery", 24, 2, 0.2, "South", 56.03, -3.2),
    ("V1", "Health visitors, north", "Glen", "health", "health_visiting", 1_500, 10, 0.3, "North", None, None),
    ("S1", "Children's team", "Glen", "social_work", "social_work", 90, 9, 0.5, "South", None, None),
    ("F1", "Family support", "Glen", "third_sector", "family_support", 60, 5, None, "South", None, None),
)  # fmt: skip


def write_example(path: Path) -> Path:
    """Write an example list to a new file.

    Args:
        path: ends in .csv or .xlsx.

    Raises:
        OrganisationError: there is already something there, no such folder, or another format.
    """
    return write_table(path, list(EXAMPLE_HEADINGS), [list(row) for row in EXAMPLE])


def write_list(reading: Reading, path: Path) -> Path:
    """Write the sites of a reading under our own headings: what was understood, and no more.

    Args:
        reading: of files without problems.
        path: a new file that ends in .csv or .xlsx.

    Raises:
        OrganisationError: there is already something there, no such folder, or another format.
    """
    parts = [(file.source.area, file.source.tables["sites"]) for file in reading.files]
    items = [item for item in COLUMNS["sites"] if any(item in part.values for _, part in parts)]
    items = items if "area" in items or len(parts) == 1 else [*items[:1], "area", *items[1:]]
    rows: list[list[Any]] = []
    for area, part in parts:
        columns = [part.values.get(item, [area if item == "area" else None] * len(part.rows)) for item in items]
        rows.extend([_number(value) for value in row] for row in zip(*columns, strict=True))
    return write_table(path, [COLUMNS["sites"][item].headings[0] for item in items], rows)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], sheet: str = "sites") -> Path:
    """Write a table to a new file, whole or not at all.

    Args:
        path: a new file that ends in .csv or .xlsx.
        header: names of the columns.
        rows: cells below them.
        sheet: name of the sheet of a workbook.

    Raises:
        OrganisationError: there is already something there, no such folder, or another format.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise OrganisationError(str(path), [f"'{path.suffix or path.name}' cannot be written; end in .csv or .xlsx"])
    if not path.parent.is_dir():
        raise OrganisationError(str(path), [f"there is no folder '{path.parent}'; make it first"])
    if path.exists():
        raise OrganisationError(str(path), ["is already there; choose another name"])
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.suffix.lower() == ".csv":
            _csv(part, header, rows)
        else:
            _excel(part, header, rows, sheet)
        replace_file(part, path)
    except OSError as error:
        raise OrganisationError(
            str(path), [f"{counted(len(rows), 'row')} could not be written: {error.strerror}"]
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return path


def _csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel takes it for UTF-8 by the mark alone
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([cell_text(value) for value in row] for row in rows)


def _excel(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.append(list(header))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, "yes" if value is True else "no" if value is False else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    with path.open("wb") as file:
        book.save(file)
