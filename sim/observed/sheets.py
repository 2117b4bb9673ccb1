"""From a file to the table in it: which sheet, where its headings stand, which rows are notes, long or wide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import OrganisationError, shortened
from sim.nearby import not_there
from sim.observed.months import is_month
from sim.observed.observables import BY_NAME, STAGE, headings, measure_named, vocabulary
from sim.organisation.files.cells import Grid, Upload, rows_told
from sim.organisation.files.columns import nearest
from sim.organisation.files.csv_cells import read_csv
from sim.organisation.files.endings import EXCEL_ENDS, TEXT_ENDS
from sim.organisation.files.limits import LARGEST_FILE, LARGEST_WORKBOOK
from sim.organisation.files.reading import NEXT_OF_KIN
from sim.organisation.files.vocabulary import bare, key

FORMATS = "a .csv or .xlsx file; `zones observe new` writes one to fill"
LOOKED_AT = 40
SHOWN = 40
MOST_SHOWN, NEAR = 8, 80
KNOWN = (*BY_NAME, STAGE, *vocabulary()["headings"])
"""Words that a heading may have been meant for."""
FEWEST_MONTHS = 2
"""Columns named by months from which a table is taken for one with a column for each."""


@dataclass
class Sheet:
    """The table of a file.

    Attributes:
        where: file, with the sheet in brackets where there are several.
        columns: place by column, of a long table ('measure' and 'value' among them) or a wide one.
        wide: observable by place, for a table with a column for each measure.
        rows: cells below the headings.
        numbers: number of each row.
        heading: names of all columns.
        decimal_comma: whether the separator leaves the comma to numbers.
        said: sentences on how it was read.
    """

    where: str
    columns: dict[str, int]
    wide: dict[int, str]
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)
    decimal_comma: bool = False
    said: list[str] = field(default_factory=list)


def read_sheet(file: Path | Upload) -> Sheet:
    """The table of a file.

    Raises:
        OrganisationError: no such file, another format, nothing in it, or no headings that are known.
    """
    grids = _grids(_content(file))
    best: Sheet | None = None
    for grid in grids:
        found = _find(grid) or _months_across(grid)
        if found is not None and (best is None or _worth(found) > _worth(best)):
            best = found
    if best is None:
        raise OrganisationError(file.name, [_no_headings(grids)])
    others = [g.sheet for g in grids if g.sheet and not best.where.endswith(f"[{g.sheet}]")]
    if others:
        best.said.insert(0, f"sheets not read: {', '.join(repr(name) for name in others)}")
    return best


def _content(file: Path | Upload) -> Upload:
    if isinstance(file, Upload):
        return _sound(file)
    if not file.is_file():
        told = "is a folder" if file.is_dir() else not_there(file, (*TEXT_ENDS, *EXCEL_ENDS))
        raise OrganisationError(str(file), [f"{told}; give {FORMATS}"])
    if file.stat().st_size > LARGEST_FILE:
        raise OrganisationError(file.name, [f"more than {LARGEST_FILE >> 20} MB; is it the right file?"])
    return _sound(Upload(file.name, file.read_bytes()))


def _sound(file: Upload) -> Upload:
    suffix = Path(file.name).suffix.lower()
    if suffix not in (*TEXT_ENDS, *EXCEL_ENDS):
        hint = NEXT_OF_KIN.get(suffix, "")
        hint = f"{hint}; " if "xlsx" in hint else ""
        raise OrganisationError(file.name, [f"'{suffix or file.name}' cannot be read; {hint}give {FORMATS}"])
    if suffix in EXCEL_ENDS and len(file.content) > LARGEST_WORKBOOK:
        raise OrganisationError(file.name, [f"more than {LARGEST_WORKBOOK >> 20} MB; is it the right file?"])
    if not file.content.strip():
        raise OrganisationError(file.name, [f"the file is empty; give {FORMATS}"])
    return file


def _grids(file: Upload) -> list[Grid]:
    if Path(file.name).suffix.lower() in TEXT_ENDS:
        return [read_csv(file.name, file.content)]
    from sim.organisation.files.excel_cells import read_workbook

    return read_workbook(file.name, file)


def _no_headings(grids: Sequence[Grid]) -> str:
    first = next((row for grid in grids for row in grid.rows if any(row)), [])
    shown = ", ".join(f"'{cell[:SHOWN]}'" for cell in first if cell)[:200] or "nothing"
    return (
        "no row of headings with a month and a measure; the first row reads "
        f"{shown}. Name the columns month, zone, measure, value, observed, or give a column to each measure (month, "
        "zone, trained, using ...); `zones observe new` writes a table to fill"
    )


def _worth(sheet: Sheet) -> tuple[int, int]:
    return len(sheet.columns) + len(sheet.wide), len(sheet.rows)


def _find(grid: Grid) -> Sheet | None:
    """The table of a grid, None where no row names a month and a measure."""
    best: tuple[int, int, dict[str, int], dict[int, str]] | None = None
    for at, row in enumerate(grid.rows[: LOOKED_AT + 1]):
        columns, wide = _columns(row)
        long = "measure" in columns and "value" in columns
        if "month" not in columns or not (long or wide):
            continue
        wide = {} if long else wide
        count = len(columns) + len(wide)
        if best is None or count > best[0]:
            best = (count, at, columns, wide)
    if best is None:
        return None
    _, at, columns, wide = best
    sheet = Sheet(grid.where, columns, wide, heading=grid.rows[at], decimal_comma=grid.decimal_comma)
    _fill(sheet, grid, at, [columns["month"], *([columns["measure"]] if not wide else [])])
    _say_unread(sheet, {*columns.values(), *wide})
    return sheet


def _months_across(grid: Grid) -> Sheet | None:
    """The table of a grid with a row for each measure and a column for each month, as one with a row for each value."""
    for at, row in enumerate(grid.rows[: LOOKED_AT + 1]):
        columns, _ = _columns(row)
        months = {place: name for place, name in enumerate(row) if place not in columns.values() and is_month(name)}
        if "measure" not in columns or "month" in columns or len(months) < FEWEST_MONTHS:
            continue
        width = len(row)
        across = Sheet(grid.where, columns, dict.fromkeys(months, ""), heading=row, decimal_comma=grid.decimal_comma)
        _fill(across, grid, at, [columns["measure"]])
        across.said.append(f"read as a table with a column for each of {len(months)} months")
        _say_unread(across, {*columns.values(), *months})
        told = [
            ([*cells[:width], name, cells[place]], number)
            for cells, number in zip(across.rows, across.numbers, strict=True)
            for place, name in months.items()
            if cells[place]
        ]
        across.rows, across.numbers = [cells for cells, _ in told], [number for _, number in told]
        across.heading = [*row, "month", "value"]
        across.columns = {**columns, "month": width, "value": width + 1}
        across.wide = {}
        return across
    return None


def _columns(row: Sequence[str]) -> tuple[dict[str, int], dict[int, str]]:
    """Place by column, and measure by place: the first column of a kind counts."""
    columns: dict[str, int] = {}
    wide: dict[int, str] = {}
    for place, name in enumerate(row):
        forms = [k for k in (key(name), bare(name)) if k]
        column = next((headings()[k] for k in forms if k in headings()), "")
        measure = measure_named(name)
        if column and column not in columns:
            columns[column] = place
        elif measure and measure not in wide.values():
            wide[place] = measure
    return columns, wide


def _fill(sheet: Sheet, grid: Grid, at: int, needed: Sequence[int]) -> None:
    above = [grid.numbers[i] for i in range(at) if any(grid.rows[i])]
    if above:
        sheet.said.append(f"headings found in row {grid.numbers[at]}; {rows_told(above)} above not read")
    left: list[int] = []
    width = len(sheet.heading)
    for place in range(at + 1, len(grid.rows)):
        row = [*grid.rows[place], *[""] * (width - len(grid.rows[place]))]
        if not any(row):
            continue
        if row[:width] == sheet.heading or _is_note(row, needed):
            left.append(grid.numbers[place])
            continue
        sheet.rows.append(row)
        sheet.numbers.append(grid.numbers[place])
    if left:
        verb = "looks" if len(left) == 1 else "look"
        sheet.said.append(f"{rows_told(left)} {verb} like notes or headings: not read")
    hidden = [n for n in sheet.numbers if n in grid.hidden]
    if hidden:
        sheet.said.append(f"hidden {rows_told(hidden)} counted like any other")


def _say_unread(sheet: Sheet, read: Collection[int]) -> None:
    """Columns that hold something and are not read, each with the word that it may have been meant for."""
    unread = []
    for place, name in enumerate(sheet.heading):
        if place in read or not any(row[place] for row in sheet.rows):
            continue
        named = measure_named(name)
        near = "" if named else nearest(name.casefold(), [*KNOWN], NEAR)
        why = f", a second column for '{named}'" if named in sheet.wide.values() else ""
        why = f", did you mean '{near}'?" if near else why
        unread.append(f"'{shortened(name)}'{why}" if name else f"one without a heading (column {place + 1})")
    if unread:
        more = f"; {len(unread) - MOST_SHOWN} more" if len(unread) > MOST_SHOWN else ""
        word = "column" if len(unread) == 1 else "columns"
        sheet.said.append(f"{word} not read: {'; '.join(unread[:MOST_SHOWN])}{more}")


def _is_note(row: Sequence[str], needed: Sequence[int]) -> bool:
    """A row that holds a single cell, or begins as notes do, or lacks both month and measure."""
    filled = [cell for cell in row if cell]
    first = filled[0].casefold()
    begins = any(first.startswith(word) for word in vocabulary()["notes"]["begins"])
    lacks = all(not row[place] for place in needed)
    return len(filled) == 1 or lacks or (begins and len(filled) <= 3)
