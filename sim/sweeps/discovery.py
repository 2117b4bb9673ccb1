"""Scenario discovery: in which futures does something come about, in sentences (Bryant and Lempert 2010)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.atomic import write_whole
from sim.counts import counted
from sim.errors import ScenarioError, SweepError, quoted, shortened
from sim.parameters import REGISTRY
from sim.problems import LONGEST_PATH
from sim.results.measures import MONTHS, SHARE, measure_of
from sim.strict import number_of
from sim.sweeps.boxes import RESAMPLES, SHUFFLES, Box, Cases, Limit, find_boxes
from sim.sweeps.folder import Sweep
from sim.sweeps.sensitivity import asked
from sim.sweeps.tables import RUNS, read_runs

RESULT = "discovery.json"
COMPARISONS: dict[str, tuple[str, Callable[[Any, float], Any]]] = {
    "<=": ("at most", np.less_equal),
    ">=": ("at least", np.greater_equal),
    "<": ("below", np.less),
    ">": ("above", np.greater),
}
_FORM = re.compile(r"\s*([a-z0-9_]+(?:@\d+)?)\s*(<=|>=|<|>)\s*([-+0-9.eE]+)\s*")


@dataclass(frozen=True)
class Condition:
    """What is looked for: an outcome below or above a number."""

    outcome: str
    sign: str
    number: float

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """In which runs."""
        return np.asarray(COMPARISONS[self.sign][1](values, self.number), np.bool_)

    def words(self) -> str:
        """In plain words."""
        headline = measure_of(self.outcome)
        month = self.outcome.partition("@")[2]
        number = f"{100 * self.number:g} %" if headline.unit == SHARE else f"{self.number:g} {headline.unit}"
        when = f" in month {month}" if month else ""
        return f"'{headline.words}'{when} is {COMPARISONS[self.sign][0]} {number}"


@dataclass(frozen=True)
class Column:
    """One column that a box can limit: a factor, one value of a factor that has names, or a drawn parameter."""

    factor: str
    words: str
    unit: str
    value: str = ""
    whole: bool = False

    def limited(self, limit: Limit) -> str:
        """A limit in plain words."""
        if self.value:
            return f"{self.words} is {'' if math.isinf(limit.most) else 'not '}{self.value}"
        unit = f" {self.unit}" if self.unit and not self.unit.startswith("(") and self.unit != "share" else ""
        low = math.floor(limit.above) + 1 if self.whole and math.isfinite(limit.above) else limit.above
        high = math.floor(limit.most) if self.whole and math.isfinite(limit.most) else limit.most
        if math.isinf(limit.above):
            return f"{self.words} is at most {high:.3g}{unit}"
        if math.isinf(limit.most):
            return f"{self.words} is {'at least' if self.whole else 'above'} {low:.3g}{unit}"
        return f"{self.words} is between {low:.3g} and {high:.3g}{unit}"


@dataclass(frozen=True)
class Discovery:
    """The answer of `zones discover`.

    Attributes:
        sweep: whose.
        condition: what was looked for.
        scenario: of the design.
        columns: what boxes can limit.
        boxes: what was found.
        base: share of all runs in which the condition holds.
        runs: how many runs.
        left_out: runs without a value.
    """

    sweep: Sweep
    condition: Condition
    scenario: str
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    base: float
    runs: int
    left_out: int

    def sentences(self) -> list[str]:
        """For people."""
        what = self.condition.words()
        found = [f"Over all {self.runs:,} futures of {self.scenario}, {what} in {_percent(self.base)}."]
        for number, box in enumerate(self.boxes):
            found += ["", *self._told(box, "futures" if number == 0 else "other futures")]
        if not self.boxes:
            why = "it always holds" if self.base == 1.0 else "it never holds" if self.base == 0.0 else (
                f"no part of the ranges stands out more than in {SHUFFLES} searches of shuffled outcomes"
            )  # fmt: skip
            found += ["", f"No box is shown: {why}."]
        if self.left_out:
            found += [
                "",
                f"{counted(self.left_out, 'run has no value and is', 'runs have no value and are')} left out.",
            ]
        return found

    def _told(self, box: Box, of: str) -> list[str]:
        limits = " and ".join(self.columns[m.column].limited(m) for m in box.limits)
        often = [f"{self.columns[m.column].words} {_percent(box.recurrence.get(m.column, 0.0))}" for m in box.limits]
        return [
            f"In {_percent(box.density)} of the {of} where {limits}, {self.condition.words()} "
            f"(density {box.density:.2f}).",
            f"  That is {_percent(box.mass)} of all {of}, and {_percent(box.coverage)} of those in which it occurs "
            f"(coverage {box.coverage:.2f}).",
            f"  Searched again in {RESAMPLES} resamples and judged by the points left out: density "
            f"{box.density_again:.2f}, coverage {box.coverage_again:.2f}. How often each limit was found again: "
            f"{', '.join(often)}. None of {SHUFFLES} searches of shuffled outcomes did as well.",
        ]

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        c = self.condition
        boxes = [
            {
                "limits": [
                    {
                        "factor": self.columns[m.column].factor,
                        "value": self.columns[m.column].value or None,
                        "above": None if math.isinf(m.above) else m.above,
                        "at_most": None if math.isinf(m.most) else m.most,
                        "recurrence": b.recurrence.get(m.column, 0.0),
                    }
                    for m in b.limits
                ],
                "coverage": b.coverage,
                "density": b.density,
                "mass": b.mass,
                "phi": b.phi,
                "coverage_left_out": None if math.isnan(b.coverage_again) else b.coverage_again,
                "density_left_out": None if math.isnan(b.density_again) else b.density_again,
            }
            for b in self.boxes
        ]
        when = f"{c.outcome} {c.sign} {c.number:g}"
        facts = {"sweep": str(self.sweep.folder), "when": when, "scenario": self.scenario, "share": self.base}
        return {**facts, "runs": self.runs, "left_out": self.left_out, "boxes": boxes, "told": self.sentences()}


def discover(sweep: Sweep, when: str, *, scenario: str | None = None, seed: int = 1) -> Discovery:
    """Find where a condition comes about.

    Args:
        sweep: a finished sweep.
        when: 'OUTCOME < NUMBER', also <=, > and >=.
        scenario: of the design; None the first.
        seed: of shuffles and resamples.

    Raises:
        ScenarioError: a condition that cannot be read.
        SweepError: not finished, or an outcome that it did not keep.
    """
    condition = read(when)
    _, scenario = asked(sweep, condition.outcome, scenario)
    if not (sweep.folder / RUNS).exists():
        raise SweepError(f"{sweep.folder} is not finished; first run: zones resume {sweep.folder}")
    runs = read_runs(sweep)
    mine = runs["scenario"] == scenario
    values = np.asarray(runs[condition.outcome][mine], np.float64)
    unit = measure_of(condition.outcome).unit
    known = ~np.isnan(values) if unit == MONTHS else np.isfinite(values)
    if not known.any():
        raise SweepError(
            f'--when "{when}": {condition.outcome} has a value in none of the {len(values):,} runs of {scenario}; '
            f"choose another outcome or an earlier month."
        )
    columns, points = _point_columns(sweep)
    drawn, rows = _draw_columns(sweep)
    point = runs["point"][mine][known]
    draws, member = np.unique(runs["draw"][mine][known], return_inverse=True)
    if not drawn:
        member = np.zeros(len(point), np.int64)
    shape = (len(sweep.points), len(draws) if drawn else 1)
    counts, cases = np.zeros(shape), np.zeros(shape)
    held = condition.holds(values[known])
    np.add.at(counts, (point, member), 1.0)
    np.add.at(cases, (point, member), held.astype(np.float64))
    data = Cases(points, rows[draws] if drawn else np.zeros((1, 0)), cases, counts)
    boxes = tuple(find_boxes(data, seed=seed))
    base = float(held.mean()) if len(held) else math.nan
    return Discovery(sweep, condition, scenario, (*columns, *drawn), boxes, base, int(known.sum()), int((~known).sum()))


def read(when: str) -> Condition:
    """Read a condition.

    Raises:
        ScenarioError: not of the form OUTCOME < NUMBER, or no such outcome.
    """
    match = _FORM.fullmatch(when) if len(when) <= LONGEST_PATH else None
    if match is None:
        raise ScenarioError(
            f'--when "{shortened(when)}": write OUTCOME < NUMBER, for example "sites_full_share@60 < 0.5".'
        )
    number = number_of(match[3])
    if number is None:
        raise ScenarioError(f'--when "{when}": {quoted(match[3])} is not a number.')
    return Condition(match[1], match[2], float(number))


def _point_columns(sweep: Sweep) -> tuple[list[Column], NDArray[np.float64]]:
    """Columns of the factors that vary, and their values [points, columns]; a column for each name of a factor."""
    columns, values = [], []
    for x in sweep.design.factors:
        mine = [point[x.name] for point in sweep.points]
        if len(set(mine)) < 2:
            continue
        if x.is_number:
            columns.append(Column(x.name, x.words(), x.unit(), whole=x.whole))
            values.append([float(v) for v in mine])
        else:
            for name in dict.fromkeys(str(v) for v in mine):
                columns.append(Column(x.name, x.words(), "", name))
                values.append([float(str(v) == name) for v in mine])
    return columns, np.array(values, np.float64).reshape(len(columns), len(sweep.points)).T


def _draw_columns(sweep: Sweep) -> tuple[list[Column], NDArray[np.float64]]:
    """Columns of the parameter sample that are no factor: futures differ in them too."""
    if not sweep.rows:
        return [], np.zeros((0, 0))
    factors = {x.name for x in sweep.design.factors}
    names = [n for n in sweep.rows[0] if n not in factors and len({row[n] for row in sweep.rows}) > 1]
    columns = [Column(n, REGISTRY[n].about.words, REGISTRY[n].about.unit, whole=REGISTRY[n].about.whole) for n in names]
    return columns, np.array([[row[n] for n in names] for row in sweep.rows], np.float64).reshape(len(sweep.rows), -1)


def save(found: Discovery) -> Path:
    """Write discovery.json into the sweep's folder."""
    path = found.sweep.folder / RESULT
    text = json.dumps(found.as_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(path, text.encode())
    return path


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
