"""A sweep's folder on the page: one outcome over two of its levers, and what `zones discover` has said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.desk import Desk
from sim.errors import ScenarioError

BINS = 6
MOST_SENTENCES = 20
DISCOVERED = "discovery.json"


def look(desk: Desk, message: Mapping[str, Any]) -> dict[str, Any]:
    """The surface that was picked, the first one where nothing was.

    Raises:
        ScenarioError: no folder of sweeps was given, or what was picked is not in it.
        ZonesError: the sweep cannot be read.
    """
    from sim.sweeps.folder import open_folder
    from sim.sweeps.tables import read_runs

    folders = _folders(desk)
    name = _one("sweep", message.get("folder"), list(folders))
    sweep = open_folder(folders[name])
    try:
        runs = read_runs(sweep)
    except FileNotFoundError:
        raise ScenarioError(f"{name}: nothing was run yet; go on with `zones resume`.") from None
    outcomes = [o for o in sweep.design.outcomes if o in runs]
    factors = [f.name for f in sweep.design.factors if f.name in runs]
    if not outcomes or not factors:
        raise ScenarioError(f"{name}: this sweep holds no outcome or no lever yet; run it with `zones resume`.")
    outcome = _one("outcome", message.get("outcome"), outcomes)
    x = _one("lever", message.get("x"), factors)
    y = _one("lever", message.get("y"), factors[1:] + factors[:1])
    mine = np.asarray(runs["scenario"]) == sweep.design.scenarios[0]
    values = np.asarray(runs[outcome], np.float64)[mine]
    across, ax = _parts(np.asarray(runs[x])[mine])
    down, ay = _parts(np.asarray(runs[y])[mine])
    cells = [[_mean(values[(ay == i) & (ax == k)]) for k in range(len(across))] for i in range(len(down))]
    told = {"folders": list(folders), "folder": name, "outcomes": outcomes, "outcome": outcome, "factors": factors}
    return told | {
        "x": x,
        "y": y,
        "across": across,
        "down": down,
        "cells": cells,
        "finding": _finding(outcome, x, y, across, down, cells, sweep.design.scenarios[0]),
        "sentences": _sentences(folders[name]),
    }


def _folders(desk: Desk) -> dict[str, Path]:
    """Sweeps in the folder that was given, or that folder itself."""
    if desk.results is None:
        raise ScenarioError("sweeps: start the page with zones app --results DIR.")
    here = desk.results.resolve()
    found = [here] if (here / "sweep.json").is_file() else sorted(p.parent for p in here.glob("*/sweep.json"))
    if not found:
        raise ScenarioError("sweeps: the folder given with --results holds no sweep; make one with `zones sweep`.")
    return {p.name: p for p in found}


def _one(what: str, given: object, allowed: list[str]) -> str:
    if given is None:
        return allowed[0]
    if given not in allowed:
        raise ScenarioError(f"sweeps: no {what} '{str(given)[:60]}'; there are {', '.join(allowed)}.")
    return str(given)


def _parts(values: NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Labels of the parts of a lever's range, and each run's part; a lever with few values keeps them."""
    kinds = list(dict.fromkeys(values.tolist()))
    if not np.issubdtype(values.dtype, np.number):
        return [str(k) for k in kinds], np.array([kinds.index(v) for v in values.tolist()])
    few = np.unique(values)
    if len(few) <= BINS:
        return [f"{v:g}" for v in few], np.searchsorted(few, values)
    edges = np.linspace(values.min(), values.max(), BINS + 1)
    part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, BINS - 1)
    return [f"{a:.3g} to {b:.3g}" for a, b in pairwise(edges)], part


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _finding(
    outcome: str, x: str, y: str, across: list[str], down: list[str], cells: list[list[float | None]], scenario: str
) -> str:
    known = [(v, across[k], down[i]) for i, row in enumerate(cells) for k, v in enumerate(row) if v is not None]
    if not known:
        return "No run of this sweep has a value for this outcome yet."
    (low, lx, ly), (high, hx, hy) = min(known), max(known)
    return (
        f"{outcome} of {scenario} is highest ({high:.2g}) at {x} {hx} and {y} {hy}, "
        f"and lowest ({low:.2g}) at {x} {lx} and {y} {ly}."
    )


def _sentences(folder: Path) -> list[str]:
    path, found = folder / DISCOVERED, []
    if path.is_file():
        try:
            found = [str(line) for line in json.loads(path.read_text(encoding="utf-8")).get("told", [])]
        except (OSError, ValueError, AttributeError):
            found = []
    return found[:MOST_SENTENCES] or ["Nothing was discovered yet: zones discover FOLDER."]
