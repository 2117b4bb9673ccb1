"""What calibration learned: draws of the fitted parameters, each as consistent with the published figures as the next.

Two named samples ship with the tool, `as-published` (the default) and `as-cited`; they differ in one target and are
never mixed. `zones calibrate experiments/calibration-as-published.toml` makes the first again. Beside each CSV is a
JSON file that says how it was made: priors, targets, tolerance, seed, digest of the model's sources.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from sim.errors import ScenarioError, UnknownName, shortened
from sim.parameters import UNCERTAINTIES

DEFAULT = "as-published"
NAMES = ("as-published", "as-cited")
MORE = "cells beyond the heading"
Row = dict[str, float]


@dataclass(frozen=True)
class Posterior:
    """A posterior sample.

    Attributes:
        name: one of NAMES.
        rows: one draw a row, values by parameter name.
        digest: SHA-256 of the CSV file as hex.
        about: how it was made.
    """

    name: str
    rows: tuple[Row, ...]
    digest: str
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the fitted parameters."""
        return tuple(self.rows[0])


@cache
def load(name: str = DEFAULT) -> Posterior:
    """A shipped posterior sample.

    Raises:
        UnknownName: no such calibration.
        ScenarioError: the shipped file is damaged.
    """
    if name not in NAMES:
        raise UnknownName("calibration", "calibration", name, NAMES)
    folder = files("sim.posterior")
    data = folder.joinpath(f"{name}.csv").read_bytes()
    about = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Posterior(name, read(data.decode("utf-8"), f"{name}.csv"), hashlib.sha256(data).hexdigest(), about)


def read(text: str, where: str) -> tuple[Row, ...]:
    """Draws from CSV text; every column an uncertainty, every value within its plausible range.

    Raises:
        ScenarioError: a column nobody declared, no rows, or a value out of range.
    """
    table = list(csv.DictReader(io.StringIO(text), restkey=MORE))
    longer = next((line for line, row in enumerate(table, start=2) if MORE in row), 0)
    if longer:
        raise ScenarioError(f"{where}, line {longer}: has more cells than the heading; give each uncertainty one.")
    strange = [k for k in (table[0] if table else ()) if k not in UNCERTAINTIES]
    if not table or strange:
        what = f"columns that are not uncertainties: {', '.join(map(shortened, strange))}" if strange else "no rows"
        raise ScenarioError(f"{where}: it has {what}; make it again with zones calibrate.")
    return tuple(
        {name: UNCERTAINTIES[name].read(f"{where}, line {line}", value) for name, value in row.items()}
        for line, row in enumerate(table, start=2)
    )


def rows(name: str = DEFAULT) -> list[Row]:
    """The draws of a shipped sample."""
    return [dict(row) for row in load(name).rows]
