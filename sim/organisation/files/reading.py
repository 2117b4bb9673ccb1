"""From files to tables of text: CSV, folders of CSV, Excel and GraphML, refused early when they cannot be sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sim.counts import counted
from sim.errors import OrganisationError
from sim.nearby import not_there
from sim.organisation.files.cells import Grid, Upload
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import COLUMNS, Table
from sim.organisation.files.csv_cells import read_csv, too_many_cells
from sim.organisation.files.disguise import refuse_disguised
from sim.organisation.files.endings import ENDS, EXCEL_ENDS, TEXT_ENDS
from sim.organisation.files.heading import find_heading, make_table
from sim.organisation.files.limits import LARGEST_FILE, LARGEST_GRAPH, LARGEST_WORKBOOK, MOST_CELLS

FORMATS = "a .csv, .tsv, .xlsx or .graphml file, or a folder of CSV files"
NEXT_OF_KIN = {
    ".xls": "save it as .xlsx in your spreadsheet program",
    ".xlsb": "save it as .xlsx in your spreadsheet program",
    ".ods": "save it as .xlsx in your spreadsheet program",
    ".numbers": "export it as .xlsx",
    ".json": "give the list as a table",
    ".pdf": "copy its table into a spreadsheet and save that as .xlsx or CSV",
    ".docx": "copy its table into a spreadsheet and save that as .xlsx or CSV",
    ".toml": "that is a scenario or a sweep; the list of sites is another file",
}
A_LIST = 3
MOST_NAMED = 5


def read_tables(file: Path | Upload, choices: Choices | None = None) -> tuple[list[Table], list[str]]:
    """All tables of one organisation file (or folder), as text.

    Args:
        file: a .csv (with any `<stem>.<table>.csv` next to it), .xlsx or .graphml file, a folder of `<table>.csv`, or a
            file in memory.
        choices: what a person has settled about lists of sites.

    Returns:
        The tables, and sentences on how they were read.

    Raises:
        OrganisationError: missing, too large, wrong format, or undecodable.
    """
    chosen = choices or Choices()
    if isinstance(file, Upload):
        return _read_one(file, chosen)
    if not file.exists():
        raise OrganisationError(str(file), [f"{not_there(file, ENDS)}; give {FORMATS}"])
    if file.is_dir():
        return _read_folder(file, chosen)
    if not file.is_file():
        raise OrganisationError(str(file), [f"is not an ordinary file; give {FORMATS}"])
    suffix = file.suffix.lower()
    _refuse_size(file.name, file.stat().st_size, suffix)
    if suffix not in TEXT_ENDS:
        _refuse_format(file.name, suffix)
        return _read_one(Upload(file.name, file.read_bytes()), chosen)
    siblings = sorted(s for s in file.parent.glob(f"{_escape(file.stem)}.*.csv") if _table_of(s, file) in COLUMNS)
    tables, notes = _read_all([("sites", file), *((_table_of(s, file), s) for s in siblings)], chosen)
    return tables, [*notes, *_no_sheets(file, chosen)]


def _no_sheets(file: Path | Upload, choices: Choices) -> list[str]:
    """What to say where a sheet was named and the file has none."""
    named = ", ".join(f"'{sheet}'" for sheet in choices.sheets)
    return [f"{file.name}: text has no sheets, so --sheet {named} is for other files"] if named else []


def _read_one(file: Upload, choices: Choices) -> tuple[list[Table], list[str]]:
    suffix = Path(file.name).suffix.lower()
    _refuse_size(file.name, len(file.content), suffix)
    _refuse_format(file.name, suffix)
    if suffix != ".graphml":
        refuse_disguised(file.name, suffix, file.content)
    if suffix in TEXT_ENDS:
        return [make_table("sites", read_csv(file.name, file.content), choices.heading_row)], _no_sheets(file, choices)
    if suffix in EXCEL_ENDS:
        from sim.organisation.files.excel_cells import read_workbook

        return _tables_of_sheets(file.name, read_workbook(file.name, file), choices)
    from sim.organisation.files.graph import tables_from_graphml

    return tables_from_graphml(file)


def _escape(text: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", text)


def _table_of(sibling: Path, main: Path) -> str:
    return sibling.name[len(main.stem) + 1 : -len(".csv")]


def _refuse_format(name: str, suffix: str) -> None:
    if suffix in ENDS:
        return
    do = NEXT_OF_KIN.get(suffix)
    raise OrganisationError(
        name, [f"'{suffix or name}' is not a format of an organisation file; {do + '; ' if do else ''}give {FORMATS}"]
    )


def _refuse_size(name: str, size: int, suffix: str) -> None:
    most = {".graphml": LARGEST_GRAPH, ".xlsx": LARGEST_WORKBOOK, ".xlsm": LARGEST_WORKBOOK}.get(suffix, LARGEST_FILE)
    if size > most:
        raise OrganisationError(
            name,
            [f"{size / 1024 / 1024:.0f} MB is more than the {most // (1024 * 1024)} MB an organisation file may have; "
             "is it the right file? Split a nation into one file for each area"],
        )  # fmt: skip
    if size == 0:
        raise OrganisationError(name, ["the file is empty; it needs a heading row and a row for each site"])


def _read_folder(path: Path, choices: Choices) -> tuple[list[Table], list[str]]:
    """A folder of CSV files named like the tables, in any capitals."""
    files = sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    unknown = [f.name for f in files if f.stem.lower() not in COLUMNS]
    known = ", ".join(f"{name}.csv" for name in COLUMNS)
    problems = [f"{name} is not a table of an organisation; known: {known}" for name in unknown]
    kinds = [f.stem.lower() for f in files]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    problems += [f"two files for the table '{kind}'; keep one" for kind in twice]
    if "sites" not in kinds:
        problems = [_no_sites(path, known)]
    if problems:
        raise OrganisationError(str(path), problems)
    return _read_all([(f.stem.lower(), f) for f in files], choices)


def _no_sites(path: Path, known: str) -> str:
    """What to say of a folder without a list called so: the lists it holds, or what would be read."""
    lists = sorted(p.name for p in path.iterdir() if p.suffix.lower() in ENDS and p.is_file())
    if not lists:
        return f"no sites.csv in the folder; known tables: {known}"
    shown = ", ".join(lists[:MOST_NAMED]) + (
        f" and {len(lists) - MOST_NAMED:,} more" if len(lists) > MOST_NAMED else ""
    )
    itself = path / lists[0]
    return f"no sites.csv in the folder; it holds {shown}. Name the list itself, like {itself}, or call it sites.csv"


def _read_all(files: Sequence[tuple[str, Path]], choices: Choices) -> tuple[list[Table], list[str]]:
    tables: list[Table] = []
    problems: list[str] = []
    cells = 0
    for _, path in files:
        _refuse_size(path.name, path.stat().st_size, path.suffix.lower())
    for kind, path in files:
        try:
            content = path.read_bytes()
            refuse_disguised(path.name, path.suffix.lower(), content)
            grid = read_csv(path.name, content)
            cells += sum(map(len, grid.rows))
            tables.append(make_table(kind, grid, choices.heading_row if kind == "sites" else 0))
        except OrganisationError as error:
            problems.extend(error.problems)
        if cells > MOST_CELLS:
            raise OrganisationError(path.name, [too_many_cells(f"{path.name}, with the tables beside it")])
    if problems:
        raise OrganisationError(str(files[0][1]), problems)
    return tables, []


def _tables_of_sheets(name: str, grids: Sequence[Grid], choices: Choices) -> tuple[list[Table], list[str]]:
    kinds = _kinds_of_sheets(name, grids, choices)
    notes = []
    left = [grid for grid in grids if grid.sheet not in kinds]
    if left:
        shown = ", ".join(f"'{g.sheet}'{' (hidden)' if g.concealed else ''}" for g in left)
        notes.append(f"{name}: {'sheet' if len(left) == 1 else 'sheets'} {shown} not read")
    tables: list[Table] = []
    problems: list[str] = []
    for grid in (grid for grid in grids if grid.sheet in kinds):
        kind = kinds[grid.sheet]
        try:
            table = make_table(kind, grid, choices.heading_row if kind == "sites" else 0)
        except OrganisationError as error:
            problems.extend(error.problems)
            continue
        if grid.concealed:
            table.look.append(f"sheet '{grid.sheet}' is hidden, and read")
        tables.append(table)
    if problems:
        raise OrganisationError(name, problems)
    return tables, notes


def _kinds_of_sheets(name: str, grids: Sequence[Grid], choices: Choices) -> dict[str, str]:
    """Which sheets are read, as which table: those chosen, those named so, or the one that looks like a list."""
    if not grids:
        raise OrganisationError(name, ["nothing in it; it needs a heading row and a row for each site"])
    named = {g.sheet: g.sheet.strip().lower() for g in grids if g.sheet.strip().lower() in COLUMNS}
    if choices.sheets:
        return _chosen_sheets(name, grids, choices.sheets)
    if "sites" in named.values():
        return named
    if len(grids) == 1:
        return {grids[0].sheet: "sites"}
    lists = [g for g in grids if not g.concealed and _looks_like_a_list(g)]
    if len(lists) == 1:
        return {lists[0].sheet: "sites"}
    shown = ", ".join(f"'{g.sheet}' ({counted(len(g.rows), 'row')}{', hidden' if g.concealed else ''})" for g in grids)
    likely = lists or [g for g in grids if not g.concealed] or list(grids)
    each = " or ".join(f"--sheet '{g.sheet}'" for g in likely[:5])
    several = "; name several to read them as one list" if len(lists) > 1 else ""
    raise OrganisationError(
        name,
        [f"{counted(len(grids), 'sheet')}, none named 'sites': {shown}. Which holds the list? Say {each}{several}"],
    )


def _chosen_sheets(name: str, grids: Sequence[Grid], asked: Sequence[str]) -> dict[str, str]:
    there = {grid.sheet.strip().casefold(): grid.sheet for grid in grids}
    problems = [
        f"no sheet '{sheet}'; sheets are {', '.join(repr(g.sheet) for g in grids)}"
        for sheet in asked
        if sheet.strip().casefold() not in there
    ]
    if problems:
        raise OrganisationError(name, problems)
    return {there[sheet.strip().casefold()]: "sites" for sheet in asked}


def _looks_like_a_list(grid: Grid) -> bool:
    heading = find_heading("sites", grid)
    return heading is not None and heading.known >= A_LIST and sum(any(row) for row in grid.rows) > 1
