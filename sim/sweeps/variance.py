"""Where the spread of single runs comes from: the plan we choose, the parameters we do not know, and chance.

Runs are y[point, draw, replicate]. Chance is the spread between runs that share point and parameter draw. The rest of
the spread within a point is parameters (their draws). The spread between points belongs to the factors; what levers and
plans do by themselves is *plan*, what uncertainties do by themselves joins *parameters*, and what they do only together
is *together*. First-order parts come from Sobol's S1, from the crossed means of a full grid, or else from random
balance designs over a Latin hypercube (Tarantola et al. 2006). Each part is freed of the noise that those below leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.sweeps import factors as f
from sim.sweeps import points as p
from sim.sweeps.folder import Sweep

Values = NDArray[np.float64]
FEWEST_FOR_RBD = 65


@dataclass(frozen=True)
class Split:
    """Parts of the variance of single runs; they sum to 1 where all are known.

    Attributes:
        plan: levers, plans and places by themselves.
        parameters: uncertainties by themselves, and the draws of the parameter sample.
        together: what factors do only together (and what first-order parts cannot say).
        chance: random numbers.
        told_apart: whether draws and chance could be told apart (no sample, or luck_per_draw of 2 or more).
        known: whether the factors' part could be divided between plan and parameters.
        standard_deviation: of single runs over the whole sweep.
    """

    plan: float
    parameters: float
    together: float
    chance: float
    told_apart: bool
    known: bool
    standard_deviation: float

    def shares(self) -> Iterator[tuple[str, float]]:
        """Each part with its name."""
        if not self.known:
            yield "plan and parameters", self.together
            yield "chance", self.chance
            return
        yield "plan", self.plan
        yield "parameters", self.parameters
        yield "together", self.together
        yield "chance" if self.told_apart else "chance and draws", self.chance

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {"standard_deviation": self.standard_deviation, **{k.replace(" ", "_"): v for k, v in self.shares()}}

    def sentences(self) -> list[str]:
        """For people."""
        told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in self.shares())
        found = [f"Of the spread of single runs (standard deviation {self.standard_deviation:.3g}): {told}."]
        if not self.told_apart:
            found.append(
                "With one run for each draw, draws and chance cannot be separated; give luck_per_draw = 2 or more."
            )
        if not self.known:
            found.append(
                "This design cannot say which factors cause the spread; a grid, a Sobol design, or 65 lhs points can."
            )
        return found


def split(sweep: Sweep, table: Values, first: Mapping[str, float]) -> Split:
    """Divide the variance of single runs.

    Args:
        sweep: whose.
        table: [points, replicates], NaN where a run has no number.
        first: Sobol's S1 by factor, {} to work first-order parts out here.
    """
    chance, draws, told_apart = within(table, sweep.design.luck_per_draw if sweep.rows else 0)
    means = np.nanmean(table, axis=1)
    runs = np.maximum(np.isfinite(table).sum(axis=1), 1)
    # points share their random numbers: what these do alike at all points is no difference between points
    between = max(0.0, float(means.var()) - _noise_between(table, runs))
    total = between + draws + chance
    if total <= 0.0:
        return Split(0.0, 0.0, 0.0, 0.0, told_apart, True, 0.0)
    found = first_order(sweep, means, first)
    if found is None:
        return Split(0.0, 0.0, (between + draws) / total, chance / total, told_apart, False, math.sqrt(total))
    plan = sum(max(0.0, v) for name, v in found.items() if sweep.design.factor(name).role != f.PARAMETER)
    parameters = sum(max(0.0, v) for name, v in found.items() if sweep.design.factor(name).role == f.PARAMETER)
    scale = max(1.0, plan + parameters)
    plan, parameters = plan / scale * between, parameters / scale * between
    together = max(0.0, between - plan - parameters)
    return Split(
        plan / total, (parameters + draws) / total, together / total, chance / total, told_apart, True, math.sqrt(total)
    )


def within(table: Values, per_draw: int) -> tuple[float, float, bool]:
    """Variance within points: chance, draws, and whether they could be told apart.

    Args:
        table: [points, replicates].
        per_draw: replicates that share a draw; 0: there are no draws.
    """
    if table.shape[1] < 2:
        return 0.0, 0.0, False
    pooled = float(np.nanmean(_variance(table)))
    if per_draw == 0:
        return pooled, 0.0, True
    groups = table.shape[1] // per_draw
    if per_draw < 2 or groups < 2:
        return pooled, 0.0, False
    shaped = table[:, : groups * per_draw].reshape(len(table), groups, per_draw)
    chance = float(np.nanmean(_variance(shaped)))
    seen = np.isfinite(shaped).sum(axis=2)
    means = np.where(seen > 0, np.nansum(shaped, axis=2) / np.maximum(seen, 1), np.nan)
    draws = max(0.0, float(np.nanmean(_variance(means))) - chance / per_draw)
    return chance, draws, True


def _variance(values: Values) -> Values:
    """Sample variance along the last axis, NaN left out."""
    count = np.isfinite(values).sum(axis=-1)
    centre = np.nansum(values, axis=-1) / np.maximum(count, 1)
    squares = np.nansum((values - centre[..., None]) ** 2, axis=-1)
    return np.asarray(np.where(count > 1, squares / np.maximum(count - 1, 1), np.nan), np.float64)


def _noise_between(table: Values, runs: NDArray[np.int64]) -> float:
    """What chance leaves in the variance of point means, without what random numbers do alike at all points."""
    if table.shape[1] < 2:
        return 0.0
    alike = np.nansum(table, axis=0) / np.maximum(np.isfinite(table).sum(axis=0), 1)
    rest = table - alike[None, :]
    return float(np.nanmean(_variance(rest) / runs))


def first_order(sweep: Sweep, means: Values, first: Mapping[str, float]) -> dict[str, float] | None:
    """What each factor explains by itself of the variance between points; None where the design cannot say."""
    if first:
        return dict(first)
    design = sweep.design
    if len(design.factors) == 1:
        return {design.factors[0].name: 1.0}
    variance = float(means.var())
    if variance == 0.0:
        return {x.name: 0.0 for x in design.factors}
    if design.kind == "grid":
        return {
            x.name: _of_levels(np.array([str(q[x.name]) for q in sweep.points]), means, variance)
            for x in design.factors
        }
    if design.kind == "lhs" and len(means) >= FEWEST_FOR_RBD:
        return _random_balance(sweep, means)
    return None


def _of_levels(levels: NDArray[Any], means: Values, variance: float) -> float:
    """Variance between the means of a factor's levels, as a share."""
    names, member = np.unique(levels, return_inverse=True)
    counts = np.bincount(member, minlength=len(names))
    centre = np.bincount(member, means, minlength=len(names)) / counts
    return float((counts * (centre - means.mean()) ** 2).sum() / len(means) / variance)


def _random_balance(sweep: Sweep, means: Values) -> dict[str, float]:
    from SALib.analyze import rbd_fast

    unit = p.unit_sample(sweep.design, sweep.manifest["batches"])
    with np.errstate(invalid="ignore", divide="ignore"):  # a resample may hold one value only
        found = rbd_fast.analyze(
            p.problem_of(sweep.design), unit, means, num_resamples=2, seed=sweep.design.design_seed + 1
        )
    return {x.name: float(found["S1"][i]) for i, x in enumerate(sweep.design.factors)}
