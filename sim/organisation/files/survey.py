"""A list as a page shows it before it is used: what each column was taken for, what must be settled, its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import OrganisationError, shortened
from sim.organisation.codes import AGENCIES, SITE_TYPES, STAGES
from sim.organisation.files.cells import Upload
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import COLUMNS, Table
from sim.organisation.files.endings import EXCEL_ENDS
from sim.organisation.files.parse import TableRead
from sim.organisation.files.reader import FileRead, Reading
from sim.organisation.files.reading import read_tables
from sim.organisation.files.tables import area_name, build
from sim.organisation.organisation import Organisation

ROWS = 200
"""Rows of a list that are shown."""
MOST_WORDS = 30
STATE = ("stage", "using", "fidelity", "capacity")
GRID = ("site_id", "name", "type", "agency", "roll", "staff", "locality", *STATE)
LABELS = {
    "site_id": "identifier", "roll": "children, places or caseload", "staff": "staff (full-time equivalents)",
    "deprivation": "families in most deprived fifth", "latitude": "latitude", "longitude": "longitude",
}  # fmt: skip
"""What an item is called on the page where its own heading is no plain word."""
CODES: Mapping[str, Sequence[str]] = {"type": SITE_TYPES, "agency": AGENCIES, "stage": STAGES}


@dataclass
class Survey:
    """What a page shows of a list.

    Attributes:
        view: JSON-safe: headings, columns, problems, words to settle, first rows.
        organisation: what the list describes, None while something must be settled.
    """

    view: dict[str, Any]
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Today:
    """Today's state as a person filled it in beside the list.

    Attributes:
        sites: stage, using, fidelity and capacity as text, by site.
    """

    sites: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def table(self) -> Table | None:
        """The same as a table that an organisation file may have; None where nothing was filled in."""
        rows = [["site", site, *(str(state.get(k, "")) for k in STATE)] for site, state in self.sites.items()]
        if not rows:
            return None
        where = "today's state as filled in"
        return Table("start", where, ["kind", "id", *STATE], rows, list(range(1, len(rows) + 1)))


def survey(upload: Upload, choices: Choices, today: Today, *, as_given: bool = False) -> Survey:
    """Read a list and, where nothing must be settled, build the organisation that it describes.

    Args:
        upload: the file in memory.
        choices: what a person has settled.
        today: today's state beside it.
        as_given: generate no teams that the list lacks.
    """
    view: dict[str, Any] = {"file": upload.name, "sheets": _sheets(upload), "items": _items(), "codes": dict(CODES)}
    try:
        tables, notes = read_tables(upload, choices)
        extra = today.table()
        file = FileRead.of(
            upload.name, area_name(Path(upload.name)), [*tables, *([extra] if extra else [])], notes, choices
        )
        reading = Reading(upload.name, [file])
    except OrganisationError as error:
        return Survey(view | {"problems": list(error.problems), "so_far": [], "look": []})
    lists = [one for one in file.tables if one.table.kind == "sites"]
    view |= _of_list(lists[0]) if lists else {}
    view |= {"problems": reading.problems, "so_far": list(reading.so_far()), "look": reading.look}
    if reading.problems:
        return Survey(view)
    try:
        found = build(reading, as_given=as_given)
    except OrganisationError as error:
        return Survey(view | {"problems": list(error.problems)})
    return Survey(view | {"assumptions": list(found.assumptions), "name": found.name}, found)


def _sheets(upload: Upload) -> list[str]:
    """Sheets of a workbook that may hold the list."""
    if Path(upload.name).suffix.lower() not in EXCEL_ENDS:
        return []
    from sim.organisation.files.excel_cells import read_workbook

    try:
        return [grid.sheet for grid in read_workbook(upload.name, upload) if not grid.concealed]
    except OrganisationError:
        return []


def _items() -> list[dict[str, Any]]:
    return [
        {
            "item": name,
            "heading": LABELS.get(name, column.headings[0].replace("_", " ")),
            "required": column.required,
        }
        for name, column in COLUMNS["sites"].items()
        if column.asked
    ]


def _of_list(read: TableRead) -> dict[str, Any]:
    table, taken = read.table, {c.item: c for c in read.columns}
    return {
        "headings": [h for h in table.header if h],
        "heading_row": table.heading_row,
        "count": len(table.rows),
        "taken": {item: {"heading": c.heading, "said": c.said, "filled": c.filled, "empty": c.empty}
                  for item, c in taken.items()},
        "unread": list(read.unread),
        "unknown_words": [word for item in ("type", "agency") for word in _unknown(read, item)],
        "grid": [item for item in GRID if item in taken or item in STATE],
        "rows": _rows(read),
    }  # fmt: skip


def _unknown(read: TableRead, item: str) -> list[dict[str, Any]]:
    """Words of a column that none of our codes stands for, with how often they occur."""
    taken = next((c for c in read.columns if c.item == item), None)
    if taken is None or taken.heading not in read.table.header:
        return []
    place, found = read.table.header.index(taken.heading), dict[str, int]()
    for row, value in zip(read.table.rows, read.parsed.column(item), strict=True):
        if value is None and row[place]:
            found[row[place]] = found.get(row[place], 0) + 1
    return [{"item": item, "word": word, "rows": n} for word, n in list(found.items())[:MOST_WORDS]]


def _rows(read: TableRead) -> list[list[Any]]:
    """Number of the row in the file and the value of every item of GRID, as text, '' where there is none."""
    columns = [read.parsed.column(item) for item in GRID if item in read.parsed.values or item in STATE]
    numbers = read.table.numbers[:ROWS]
    return [[number, *(_cell(column[i]) for column in columns)] for i, number in enumerate(numbers)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else shortened(str(value), 60)
