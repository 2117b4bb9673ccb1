"""Tables as files: CSV, Excel and GraphML that `load` reads back equal.

Nothing is overwritten: a file is made under another name and moved when it is whole.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.csv_writer import FORMULA
from sim.errors import OrganisationError
from sim.organisation.files.columns import COLUMNS
from sim.organisation.files.export import export_tables
from sim.organisation.files.limits import EXCEL_ROWS
from sim.organisation.organisation import Organisation
from sim.platforms.files import replace_file, replace_folder


def write_organisation(organisation: Organisation, path: Path) -> Path:
    """Write to a new .csv (and its neighbours), .xlsx or .graphml file, or a new folder of CSV files.

    Raises:
        OrganisationError: there is already something there, the folder above is missing, or the format is not known.
    """
    writers: dict[str, Callable[[Organisation, Path], None]] = {
        ".xlsx": _write_excel,
        ".graphml": _write_graph,
        "": _write_folder,
    }
    suffix = path.suffix.lower()
    if suffix not in (*writers, ".csv"):
        raise OrganisationError(
            str(path), [f"'{suffix}' cannot be written; end in .csv, .xlsx or .graphml, or name a folder"]
        )
    if not path.parent.is_dir():
        raise OrganisationError(str(path), [f"there is no folder '{path.parent}'; make it first"])
    taken = [p for p in _targets(path, suffix) if p.exists()]
    if taken:
        raise OrganisationError(str(path), [f"{p.name} is already there; choose another name" for p in taken])
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        whole = Path(folder) / "whole"
        if suffix == ".csv":
            _write_folder(organisation, whole)
            for target, kind in zip(_targets(path, suffix), COLUMNS, strict=True):
                if (whole / f"{kind}.csv").exists():
                    replace_file(whole / f"{kind}.csv", target)
        else:
            writers[suffix](organisation, whole)
            (replace_folder if whole.is_dir() else replace_file)(whole, path)
    return path


def _targets(path: Path, suffix: str) -> list[Path]:
    if suffix != ".csv":
        return [path]
    return [path if kind == "sites" else path.with_name(f"{path.stem}.{kind}.csv") for kind in COLUMNS]


def _write_folder(organisation: Organisation, folder: Path) -> None:
    folder.mkdir()
    for kind, (header, rows) in export_tables(organisation).items():
        if rows or kind not in ("start", "teams"):
            with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows([[cell_text(value) for value in row] for row in rows])


def _write_excel(organisation: Organisation, path: Path) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for kind, (header, rows) in export_tables(organisation).items():
        if len(rows) >= EXCEL_ROWS:
            raise OrganisationError(
                str(path), [f"{len(rows):,} {kind} are more rows than Excel holds; write a folder of CSV"]
            )
        if rows or kind not in ("start", "teams"):
            sheet = book.create_sheet(kind)
            sheet.append(header)
            for row in rows:
                cells: list[Any] = []
                for value in row:
                    if isinstance(value, str) and value.startswith("="):
                        cell = WriteOnlyCell(sheet, value)
                        cell.data_type = "s"
                        cells.append(cell)
                    else:
                        cells.append(cell_text(value) if isinstance(value, bool) else value)
                sheet.append(cells)
    book.save(path)


def _write_graph(organisation: Organisation, path: Path) -> None:
    from sim.organisation.files.graph import to_graph, write_graphml

    write_graphml(to_graph(organisation, families=False), path)


def cell_text(value: object) -> str:
    """A value as a CSV cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else str(value)
