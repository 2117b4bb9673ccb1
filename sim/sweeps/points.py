"""From a design to its points: the unit positions that scipy and SALib give, and the value of every factor at each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.errors import ScenarioError
from sim.sweeps.design import MOST_POINTS, Design
from sim.sweeps.factors import Value

Point = dict[str, Value]
Unit = NDArray[np.float64]
GROWING = ("lhs", "morris")


def points_of(design: Design, batches: Sequence[int] = ()) -> list[Point]:
    """Every point of a design, in design order; two may be alike where factors take few values.

    Args:
        design: the sweep.
        batches: sizes of the batches that lhs and Morris designs were drawn in; () one of `design.points`.
    """
    if design.kind == "list":
        return [dict(row) for row in design.given]
    if design.kind == "grid":
        axes = [x.on_grid() for x in design.factors]
        count = int(np.prod([len(a) for a in axes], dtype=np.float64))
        if count > MOST_POINTS:
            raise ScenarioError(
                f"{design.name}: the grid has {counted(count, 'point')}, more than {MOST_POINTS:,}; give fewer "
                f"values, or a lhs."
            )
        return [dict(zip((x.name for x in design.factors), row, strict=True)) for row in itertools.product(*axes)]
    return [valued(design, row) for row in unit_sample(design, batches)]


def valued(design: Design, row: Sequence[float] | Unit) -> Point:
    """The point at unit positions, one for each factor."""
    return {x.name: x.at(float(u)) for x, u in zip(design.factors, row, strict=True)}


def unit_sample(design: Design, batches: Sequence[int] = ()) -> Unit:
    """Positions in [0, 1] of a lhs, Sobol or Morris design.

    Args:
        design: the sweep.
        batches: as in `points_of`; a Sobol sequence goes on by itself.

    Returns:
        [points, factors].
    """
    if design.kind == "sobol":
        return _sobol(design)
    draw = _morris if design.kind == "morris" else _lhs
    sizes = list(batches) or [design.points]
    return np.concatenate([draw(design, size, number) for number, size in enumerate(sizes)])


def batches_for(design: Design, before: Sequence[int]) -> list[int]:
    """The batches after a design has grown to `design.points`.

    Raises:
        ScenarioError: it has shrunk.
    """
    missing = design.points - sum(before)
    if missing < 0:
        raise ScenarioError(
            f"{design.name}: has {counted(sum(before), 'point')} in this folder already and {design.points} are "
            f"asked for; "
            f"rows are never taken away: ask for {sum(before)} or more, or use another folder."
        )
    return [*before, missing] if missing else list(before)


def problem_of(design: Design) -> dict[str, Any]:
    """The design's factors as SALib knows them: unit positions."""
    names = [x.name for x in design.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _seed(design: Design, batch: int) -> int:
    """Never 0, which SALib takes for "no seed"."""
    return int(np.random.SeedSequence([design.design_seed, batch]).generate_state(1)[0]) or 1


def _lhs(design: Design, size: int, batch: int) -> Unit:
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(design.factors), rng=np.random.default_rng(_seed(design, batch)))
    return np.asarray(sampler.random(size), np.float64)


def _sobol(design: Design) -> Unit:
    from SALib.sample import sobol

    sample = sobol.sample(
        problem_of(design), design.points, calc_second_order=False, scramble=True, seed=_seed(design, 0)
    )
    return np.asarray(sample, np.float64)


def _morris(design: Design, size: int, batch: int) -> Unit:
    from SALib.sample import morris

    sample = morris.sample(problem_of(design), size, num_levels=design.levels, seed=_seed(design, batch))
    return np.asarray(sample, np.float64)


def grown(before: Sequence[Point], now: Sequence[Point], name: str) -> list[Point]:
    """The points of a folder after its design has changed: the old ones keep their numbers, new ones follow.

    Raises:
        ScenarioError: an old point is no longer in the design.
    """
    if list(now[: len(before)]) == list(before):
        return list(now)
    old = {tuple(p.items()) for p in before}
    new = {tuple(p.items()) for p in now}
    if not old <= new:
        raise ScenarioError(
            f"{name}: its design has lost or changed points that this folder holds; rows are never taken away. "
            f"Use another folder (--out)."
        )
    return [*before, *(p for p in now if tuple(p.items()) not in old)]
