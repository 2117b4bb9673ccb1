"""What an update's folder keeps beside its manifest, read back value by value: what was seen, and the prior's draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sim.errors import ScenarioError, quoted
from sim.observed.observables import BY_NAME, MONEY, NUMBERS, STAGE
from sim.observed.reports import Report
from sim.organisation.codes import STAGES
from sim.parameters import UNCERTAINTIES
from sim.posterior import Row
from sim.problems import LAST_MONTH
from sim.strict import from_json, number_in, whole_in

MOST = 2**31


def reports_of(content: bytes, where: str) -> list[Report]:
    """The rows that were seen.

    Args:
        content: JSON as it was kept.
        where: the file, for messages.

    Raises:
        ScenarioError: not what an update wrote; with the row and what it must be.
    """
    return [_report(row, f"{where}, row {number}") for number, row in enumerate(_list(content, where), 1)]


def rows_of(content: bytes, where: str) -> tuple[Row, ...]:
    """Draws of uncertainties.

    Args:
        content: JSON as it was kept.
        where: the file, for messages.

    Raises:
        ScenarioError: a name nobody declared, or a value out of its range; with the row.
    """
    rows: list[Row] = []
    for number, row in enumerate(_list(content, where), 1):
        at = f"{where}, row {number}"
        if not isinstance(row, dict):
            raise ScenarioError(f"{at}: must be a table of uncertainties; got {quoted(row)}.")
        for name, value in row.items():
            about = UNCERTAINTIES.get(name)
            if about is None:
                raise ScenarioError(f"{at}: there is no uncertainty {quoted(name)}.")
            if number_in(value, about.about.low, about.about.high) is None:
                told = f"must be a number in [{about.about.low:g}, {about.about.high:g}]"
                raise ScenarioError(f"{at}: {name} {told}; got {quoted(value)}.")
        rows.append({name: float(value) for name, value in row.items()})
    return tuple(rows)


def _list(content: bytes, where: str) -> Sequence[Any]:
    found = from_json(content, where)
    if not isinstance(found, list):
        raise ScenarioError(f"{where}: must be a list of rows; got {quoted(found)}.")
    return found


def _report(row: Any, at: str) -> Report:
    names = [field.name for field in fields(Report)]
    if not isinstance(row, dict) or set(row) != set(names):
        raise ScenarioError(f"{at}: must be a table of {', '.join(names)}; got {quoted(row)}.")
    for name in ("row", "zone"):
        if not isinstance(row[name], str):
            raise ScenarioError(f"{at}: {name} must be a text; got {quoted(row[name])}.")
    for name, low, high in (("month", 0, LAST_MONTH), ("site", -1, MOST), ("observed", 0, MOST), ("of", 0, MOST)):
        if whole_in(row[name], low, high) is None:
            raise ScenarioError(f"{at}: {name} must be a whole number in [{low}, {high:,}]; got {quoted(row[name])}.")
    measure, stage = row["measure"], row["stage"]
    if not isinstance(measure, str) or (measure not in BY_NAME and measure != STAGE):
        raise ScenarioError(f"{at}: there is no measure {quoted(measure)}.")
    if stage not in (*STAGES, "") or (stage == "") == (measure == STAGE):
        raise ScenarioError(f"{at}: stage must be one of {', '.join(STAGES)} for the measure {STAGE}, else empty.")
    most = 1.0 if measure == STAGE or BY_NAME[measure].kind not in (*NUMBERS, MONEY) else float("inf")
    if number_in(row["value"], 0, most) is None:
        raise ScenarioError(f"{at}: value must be a number in [0, {most:g}]; got {quoted(row['value'])}.")
    return Report(**row)
