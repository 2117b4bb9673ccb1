"""CSV for readers' spreadsheets: a text that a spreadsheet would take for a formula stands behind an apostrophe."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, Any

from sim.strict import number_of

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(cell: Any) -> Any:
    """A cell that no spreadsheet runs: numbers, and texts that write one, are left as they are.

    Line ends within it are those of Unix: a bare carriage return would end the row for some readers.
    """
    if isinstance(cell, str) and "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, str) and cell.startswith(FORMULA) and number_of(cell) is None and cell not in ("-inf", "-"):
        return f"'{cell}"
    return cell


class Writer:
    """A CSV writer whose every cell is guarded; lines end as on Unix."""

    def __init__(self, stream: IO[str]) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")

    def writerow(self, row: Iterable[Any]) -> None:
        """Write one row."""
        self._writer.writerow([guarded(cell) for cell in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)
