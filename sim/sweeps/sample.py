"""The parameter rows that a sweep's runs are drawn from: none, the shipped posterior, or a file of one's own."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

from sim.errors import ScenarioError
from sim.parameters import UNCERTAINTIES

DEFAULTS, POSTERIOR = "defaults", "posterior"
Rows = list[dict[str, float]]


def load(name: str, folder: Path) -> Rows:
    """Parameter rows by name.

    Args:
        name: DEFAULTS (no rows), POSTERIOR (the shipped sample), or a CSV file with a column an uncertainty.
        folder: where a relative file is looked for.

    Raises:
        ScenarioError: no such sample, or a file that is not one.
    """
    if name == DEFAULTS:
        return []
    if name == POSTERIOR:
        return _posterior()
    return read(folder / name)


def _posterior() -> Rows:
    try:
        module = importlib.import_module("sim.posterior")
        rows = module.rows()
    except (ImportError, AttributeError):
        raise ScenarioError(
            f"sample: no posterior sample is shipped with this version; use sample = '{DEFAULTS}', or a CSV "
            f"file of rows."
        ) from None
    return [{str(k): float(v) for k, v in row.items()} for row in rows]


def read(path: Path) -> Rows:
    """Parameter rows of a CSV file.

    Raises:
        ScenarioError: not readable, a column that is no uncertainty, or a cell that is no number in range.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            texts = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(
            f"sample: {path} cannot be read ({getattr(error, 'strerror', None) or error}); give '{DEFAULTS}', "
            f"'{POSTERIOR}' or a CSV file with a column an uncertainty."
        ) from None
    strange = [k for k in (texts[0] if texts else ()) if k not in UNCERTAINTIES]
    if strange or not texts:
        raise ScenarioError(
            f"sample: {path} "
            + (f"has columns that are no uncertainties: {', '.join(map(str, strange))}" if strange else "holds no row")
            + "; give a row a draw and a column an uncertainty."
        )
    return [
        {k: UNCERTAINTIES[k].read(f"sample: {path.name} row {i}", v) for k, v in row.items()}
        for i, row in enumerate(texts, start=1)
    ]


def write(rows: Rows, path: Path) -> None:
    """Keep the rows beside the results, exactly: a reader gets back the same numbers."""
    names = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([repr(row[name]) for name in names] for row in rows)
