"""The parameter rows that a sweep's runs are drawn from: none, a shipped posterior, or a file of one's own."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.atomic import write_whole
from sim.csv_writer import Writer
from sim.errors import ScenarioError
from sim.nearby import not_there
from sim.parameters import UNCERTAINTIES
from sim.strict import is_there, text_of

AUTO, DEFAULTS, POSTERIOR = "auto", "defaults", "posterior"
LARGEST = 2**25
Rows = list[dict[str, float]]


def load(name: str, folder: Path) -> Rows:
    """Parameter rows by name.

    Args:
        name: AUTO (the posterior where one is shipped, else no rows), DEFAULTS (no rows), POSTERIOR or the name of a
            shipped posterior, or a CSV file with one column for each uncertainty.
        folder: where a relative file is looked for.

    Raises:
        ScenarioError: no such sample, or a file that is not one.
    """
    from sim.posterior import DEFAULT, NAMES

    if name == DEFAULTS:
        return []
    if name in (AUTO, POSTERIOR, *NAMES):
        return _posterior(name if name in NAMES else DEFAULT, needed=name != AUTO)
    return read(folder / name)


def _posterior(name: str, *, needed: bool) -> Rows:
    from sim.posterior import rows

    try:
        return rows(name)
    except FileNotFoundError:
        if not needed:
            return []
        raise ScenarioError(
            f"sample: no posterior '{name}' is shipped with this version; use sample = '{DEFAULTS}', or a CSV file "
            f"of rows."
        ) from None


def read(path: Path) -> Rows:
    """Parameter rows of a CSV file.

    Raises:
        ScenarioError: not readable, a column that is not an uncertainty, or a cell that is not a number in range.
    """
    from sim.posterior import read as rows_of

    if not is_there(path):
        raise ScenarioError(
            f"sample: {not_there(path)}; give '{DEFAULTS}', '{POSTERIOR}' or a CSV file with one column for "
            f"each uncertainty."
        )
    text = text_of(path, "a CSV file with one column for each uncertainty", LARGEST)
    try:
        return list(rows_of(text, f"sample {path.name}"))
    except csv.Error as error:
        raise ScenarioError(f"sample: {path} is not a CSV file ({error}).") from None


def write(rows: Rows, path: Path) -> None:
    """Keep the rows beside the results, exactly: a reader gets back the same numbers."""
    names = list(rows[0])
    stream = io.StringIO(newline="")
    writer = Writer(stream)
    writer.writerow(names)
    writer.writerows([UNCERTAINTIES[name].show(row[name]) for name in names] for row in rows)
    write_whole(path, stream.getvalue())
