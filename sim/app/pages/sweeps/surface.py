"""A sweep's folder on the page: one outcome over one or two of its levers, and what `zones discover` has said of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import ENDS, drawn
from sim.app.jobs import Jobs
from sim.app.messages import anything
from sim.counts import counted
from sim.errors import ScenarioError
from sim.results.intervals import quantile
from sim.results.words import figure, span
from sim.strict import from_json

Array = NDArray[Any]
BINS = 6
FEW = 10
MOST_SENTENCES = 20
MOST_READ = 1_000_000
DISCOVERED = "discovery.json"
NONE, ALONE = "", "the plan itself, with nothing varied"


@dataclass(frozen=True)
class Picked:
    """What was picked of a sweep; None for the first that there is."""

    folder: Annotated[object, anything] = None
    scenario: Annotated[object, anything] = None
    outcome: Annotated[object, anything] = None
    x: Annotated[object, anything] = None
    y: Annotated[object, anything] = None


class Lever(NamedTuple):
    """One lever of a sweep, in the parts that the page shows: their labels, and the part of every run."""

    id: str
    words: str
    labels: list[str]
    part: NDArray[np.int64]


class Outcome(NamedTuple):
    """One outcome, as the page names it and writes its figures."""

    id: str
    words: str
    unit: str


def look(jobs: Jobs, message: Picked) -> dict[str, Any]:
    """What was picked of a sweep: a surface over two levers, or a curve over one; the first where nothing was picked.

    Raises:
        ScenarioError: no folder of sweeps was given, or what was picked is not in it.
        ZonesError: the sweep cannot be read.
    """
    from sim.sweeps.folder import open_folder
    from sim.sweeps.tables import read_runs

    folders = _folders(jobs)
    name = _one("sweep", message.folder, list(folders))
    sweep = open_folder(folders[name])
    try:
        runs = read_runs(sweep)
    except FileNotFoundError:
        raise ScenarioError(f"{name}: nothing has been run yet; continue with `zones resume`.") from None
    outcomes = [_outcome(o) for o in sweep.design.outcomes if o in runs]
    varied = [f for f in sweep.design.factors if f.column in runs]
    if not outcomes or not varied:
        raise ScenarioError(f"{name}: this sweep holds no outcome or no lever yet; run it with `zones resume`.")
    there = np.asarray(runs["scenario"])
    scenarios = [s for s in sweep.design.scenarios if s in set(there.tolist())]
    scenario = _one("scenario", message.scenario, scenarios or sorted(set(there.tolist())))
    picked = _one("outcome", message.outcome, [o.id for o in outcomes])
    outcome = next(o for o in outcomes if o.id == picked)
    factors = {f.name: f.words() for f in varied if not f.only or scenario in f.only} or {NONE: ALONE}
    x = _one("lever", message.x, list(factors))
    others = [f for f in factors if f != x]
    y = _one("second lever", message.y, [*others[:1], NONE, *others[1:]])
    mine = there == scenario
    values = np.asarray(runs[outcome.id], np.float64)[mine]
    across = _lever(varied, x, runs, mine)
    view: dict[str, Any] = {
        "folders": list(folders),
        "folder": name,
        "question": sweep.design.question,
        "scenarios": scenarios,
        "scenario": scenario,
        "outcomes": [o._asdict() for o in outcomes],
        "outcome": outcome._asdict(),
        "factors": [{"id": k, "words": v} for k, v in factors.items()],
        "x": x,
        "y": y,
        "across": across.labels,
        "runs": int(mine.sum()),
        "counted": f"{counted(int(mine.sum()), 'run')} of {Path(scenario).name.removesuffix('.toml')}",
        "discovered": _discovered(folders[name]),
    }
    if y == NONE:
        return view | _curve(outcome, across, values)
    return view | _surface(outcome, across, _lever(varied, y, runs, mine), values)


def _outcome(name: str) -> Outcome:
    from sim.results.measures import in_words, measure_of

    words = in_words(name) if "@" in name else f"{in_words(name)} at the end"
    return Outcome(name, words[0].upper() + words[1:], measure_of(name).unit)


def _lever(varied: list[Any], name: str, runs: Any, mine: NDArray[np.bool_]) -> Lever:
    if name == NONE:
        return Lever(NONE, ALONE, ["as it is"], np.zeros(int(mine.sum()), np.int64))
    factor = next(f for f in varied if f.name == name)
    unit = factor.unit()
    shown = "" if not unit or unit.startswith("(") or unit == "share" else f" ({unit})"
    labels, part = _parts(np.asarray(runs[factor.column])[mine])
    return Lever(name, factor.words() + shown, labels, part)


def _surface(outcome: Outcome, across: Lever, down: Lever, values: NDArray[np.float64]) -> dict[str, Any]:
    inside = [[values[(down.part == i) & (across.part == k)] for k in range(len(across.labels))]
              for i in range(len(down.labels))]  # fmt: skip
    cells = [[_mean(found) for found in row] for row in inside]
    return {
        "x_words": across.words,
        "y_words": down.words,
        "down": down.labels,
        "cells": cells,
        "text": [[_figure(v, outcome) for v in row] for row in cells],
        "counts": [[len(found) for found in row] for row in inside],
        "finding": _finding(outcome, across, down, cells),
    }


def _curve(outcome: Outcome, across: Lever, values: NDArray[np.float64]) -> dict[str, Any]:
    """Range and median of the runs at each value of one lever."""
    rows = []
    for k, label in enumerate(across.labels):
        found = values[across.part == k]
        known = found[np.isfinite(found)]
        ends = [quantile(known, q) for q in ENDS]
        text = [_figure(v if len(known) else None, outcome) for v in ends]
        rows.append(
            {
                "label": label,
                "ends": [drawn(v) for v in ends],
                "text": text,
                "range": span(ends[0], ends[-1], outcome.unit) if len(known) else "no value",
                "runs": len(found),
            }
        )
    return {"x_words": across.words, "curve": rows, "finding": _curve_finding(outcome, across, rows)}


def _figure(value: float | None, outcome: Outcome) -> str:
    return "–" if value is None else figure(value, outcome.unit)


def _folders(jobs: Jobs) -> dict[str, Path]:
    """Sweeps in the folder that was given, or that folder itself."""
    if jobs.results is None:
        raise ScenarioError("sweeps: start the page with zones app --results DIR.")
    here = jobs.results.resolve()
    found = [here] if (here / "sweep.json").is_file() else sorted(p.parent for p in here.glob("*/sweep.json"))
    if not found:
        raise ScenarioError("sweeps: the folder given with --results holds no sweep; make one with `zones sweep`.")
    return {p.name: p for p in found}


def _one(what: str, given: object, allowed: list[str]) -> str:
    if given is None:
        return allowed[0]
    if given not in allowed:
        raise ScenarioError(f"sweeps: no {what} '{str(given)[:60]}'; there are {', '.join(filter(None, allowed))}.")
    return str(given)


def _parts(values: Array) -> tuple[list[str], NDArray[np.int64]]:
    """Labels of the parts of a lever's range, and each run's part; a lever with few values keeps them."""
    if not np.issubdtype(values.dtype, np.number):
        kinds = list(dict.fromkeys(values.tolist()))
        return [str(k) for k in kinds], np.array([kinds.index(v) for v in values.tolist()])
    few = np.unique(values)
    if len(few) <= FEW:
        return [f"{v:g}" for v in few], np.searchsorted(few, values)
    edges = np.linspace(values.min(), values.max(), BINS + 1)
    part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, BINS - 1)
    return [f"{a:.3g} to {b:.3g}" for a, b in pairwise(edges)], part


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _finding(outcome: Outcome, across: Lever, down: Lever, cells: list[list[float | None]]) -> str:
    known = [(v, k, i) for i, row in enumerate(cells) for k, v in enumerate(row) if v is not None]
    if not known:
        return "No run of this sweep has a value for this outcome yet."
    (low, lx, ly), (high, hx, hy) = min(known), max(known)
    if low == high:
        return f"{outcome.words}: {_figure(high, outcome)} in every cell."

    def where(k: int, i: int) -> str:
        return f"{across.words} = {across.labels[k]}, {down.words} = {down.labels[i]}"

    return (
        f"{outcome.words}: highest, {_figure(high, outcome)}, at {where(hx, hy)}; "
        f"lowest, {_figure(low, outcome)}, at {where(lx, ly)}."
    )


def _curve_finding(outcome: Outcome, across: Lever, rows: list[dict[str, Any]]) -> str:
    known = [(row["ends"][1], row["label"], row["text"][1]) for row in rows if row["ends"][1] is not None]
    if not known:
        return "No run of this sweep has a value for this outcome yet."
    (low, lx, ltext), (high, hx, htext) = min(known), max(known)
    if low == high:
        return f"{outcome.words}: a median of {htext} at every value of {across.words}."
    return f"{outcome.words}: highest median, {htext}, at {across.words} = {hx}; lowest, {ltext}, at {lx}."


def _discovered(folder: Path) -> list[dict[str, Any]]:
    """What `zones discover` said: each sentence with the lines that qualify it."""
    path, lines = folder / DISCOVERED, []
    if path.is_file():
        try:
            lines = [str(line) for line in from_json(path.read_bytes(), path.name, MOST_READ).get("told", [])]
        except (OSError, ValueError, AttributeError, TypeError):
            lines = []
    found: list[dict[str, Any]] = []
    for line in lines:
        if line.startswith("  ") and found:
            found[-1]["more"].append(line.strip())
        elif line.strip():
            found.append({"said": line.strip(), "more": []})
    return found[:MOST_SENTENCES]
