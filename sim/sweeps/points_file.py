"""A CSV file of points: a column for each factor, a row for each point, every row as long as the heading."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.errors import ScenarioError, hidden, quoted, shortened
from sim.strict import number_of, text_of
from sim.sweeps.factors import Value

LARGEST = 2**25
MOST_TOLD = 5


def rows_of(path: Path, where: str) -> list[dict[str, Value]]:
    """The points of a file.

    Args:
        path: the file.
        where: what messages begin with.

    Raises:
        ScenarioError: not readable, no heading, a column twice, or rows shorter or longer than the heading.
    """
    text = text_of(path, "a CSV file of points", LARGEST)
    heading = text.partition("\n")[0]
    mark = ";" if heading.count(";") > heading.count(",") else ","
    where = f"{where}, {shortened(path.name)}"
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise ScenarioError(f"{where}: is not a CSV file ({error}).") from None
    rows = [row for row in lines if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise ScenarioError(f"{where}: needs a heading with the factors' names and a row for each point.")
    names = [name.strip() for name in rows[0]]
    if len(set(names)) < len(names) or not all(names) or any(map(hidden, names)):
        raise ScenarioError(f"{where}: its heading must name each factor once; got {quoted(names)}.")
    ragged = [str(n) for n, row in enumerate(rows[1:], start=2) if len(row) != len(names)]
    if ragged:
        shown = ", ".join(ragged[:MOST_TOLD]) + (
            f" and {len(ragged) - MOST_TOLD:,} more" if len(ragged) > MOST_TOLD else ""
        )
        raise ScenarioError(f"{where}: has {len(names)} columns, but not in row {shown}; give every point every value.")
    return [{name: _cell(cell, mark) for name, cell in zip(names, row, strict=True)} for row in rows[1:]]


def _cell(cell: str, mark: str) -> Value:
    """A number where it is one; with semicolons between cells a comma is a decimal comma."""
    text = cell.strip()
    number = number_of(text.replace(",", ".") if mark == ";" and text.count(",") == 1 else text)
    return text if number is None else number
