"""Approximate Bayesian computation by sequential Monte Carlo: which parameters give the published figures.

The method of Toni et al. (2009) with the adaptive tolerance and kernel of Beaumont et al. (2009) and Filippi et al.
(2013): particles from the prior within a first tolerance; generation after generation the tolerance falls to a quantile
of the distances, and new particles are old ones moved by a normal kernel with twice the weighted covariance, weighted by
prior over kernel density.

The distance of a particle is how far its worst target lies from the middle of its band, in half-widths of the band: 1
is the edge. So a tolerance of 1 means that every target is met, and no target is traded for another. Every particle is
judged with the same luck (common random numbers), which makes a run of the whole method repeatable to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.outcomes.calibration_file import Plan, Prior, Target
from sim.outcomes.situations import SITUATIONS
from sim.outcomes.situations_laboratory import Laboratory

Floats = NDArray[np.float64]
WIDEN = 2.0
HOPELESS = 1e6
QUICK = ("C1", "C4", "C3", "C1-as-published", "C2", *(f"V{k}" for k in range(1, 10)))

Judge = Callable[[dict[str, float], float], Floats]
"""Parameter values and the largest distance of use to the simulated figure of every target; NaN for targets not looked
at because an earlier one lies farther away already."""


@dataclass(frozen=True)
class Generation:
    """One population of particles: N particles, P parameters, T targets.

    Attributes:
        tolerance: largest distance allowed.
        particles: [N, P] parameter values.
        weights: [N], summing to 1.
        distances: [N].
        figures: [N, T] simulated figures.
        tried: particles simulated to find these.
    """

    tolerance: float
    particles: Floats
    weights: Floats
    distances: Floats
    figures: Floats
    tried: int

    @property
    def effective(self) -> float:
        """Effective number of particles."""
        return float(1.0 / (self.weights**2).sum())


def judge(plan: Plan, threads: int | None = None) -> Judge:
    """How a particle is judged: the situations of the targets, quickest first, with the plan's replicates and luck."""
    wanted = {t.situation for t in plan.targets}
    situations = sorted((s for s in SITUATIONS if s.id in wanted), key=lambda s: QUICK.index(s.id))

    def figures(values: dict[str, float], farthest: float) -> Floats:
        lab = Laboratory([values], plan.replicates, plan.seed, threads)
        found = np.full(len(plan.targets), np.nan)
        for situation in situations:
            readings = {r.name: r for r in situation.simulate(lab)}
            for k, target in enumerate(plan.targets):
                if target.situation == situation.id:
                    found[k] = getattr(readings[target.reading], target.statistic)
                    if not _gap(found[k], target) <= farthest:
                        return found
        return found

    return figures


def _gap(figure: float, target: Target) -> float:
    """Distance from the middle of the band in half-widths."""
    return abs(figure - (target.low + target.high) / 2.0) / ((target.high - target.low) / 2.0)


def distance(figures: Floats, targets: tuple[Target, ...]) -> float:
    """Of the worst target: its distance from the middle of its band in half-widths; a missing figure is hopeless."""
    if not np.isfinite(figures).all():
        return HOPELESS
    return max(_gap(float(f), t) for f, t in zip(figures, targets, strict=True))


def density(priors: tuple[Prior, ...], values: Floats) -> float:
    """Prior density of one particle."""
    return math.prod(p.density(float(v)) for p, v in zip(priors, values, strict=True))


def sequential(plan: Plan, figures_of: Judge) -> Iterator[Generation]:
    """Generations until the plan's tolerance is reached, or its generations are used up.

    Args:
        plan: what to calibrate, and how.
        figures_of: simulates a particle.

    Yields:
        Every generation as it is done; the last is the posterior.
    """
    dice = np.random.default_rng(plan.seed)
    now = _from_prior(plan, figures_of, dice)
    if len(now.particles) < plan.particles:
        raise ScenarioError(
            f"calibration {plan.name}: {len(now.particles)} of {now.tried} draws from the prior lie within first = "
            f"{plan.first:g}; {plan.particles} are needed. Give a larger first or more patience."
        )
    yield now
    for _ in range(plan.generations):
        if now.tolerance <= plan.tolerance:
            return
        goal = max(plan.tolerance, float(np.quantile(now.distances, plan.quantile)))
        later = _moved(plan, figures_of, dice, now, goal)
        if later is None:
            return
        now = later
        yield now


def _from_prior(plan: Plan, figures_of: Judge, dice: np.random.Generator) -> Generation:
    def drawn() -> Floats:
        return np.array([p.draw(dice) for p in plan.priors])

    found = _accept(plan, figures_of, drawn, plan.first)
    even = np.full(len(found.particles), 1.0 / max(1, len(found.particles)))
    return Generation(plan.first, found.particles, even, found.distances, found.figures, found.tried)


def _moved(plan: Plan, figures_of: Judge, dice: np.random.Generator, old: Generation, goal: float) -> Generation | None:
    """The next generation, None where patience ran out."""
    spread = WIDEN * np.cov(old.particles.T, aweights=old.weights) + 1e-12 * np.eye(len(plan.priors))
    root, inverse = np.linalg.cholesky(spread), np.linalg.inv(spread)

    def moved() -> Floats:
        while True:
            centre = old.particles[dice.choice(len(old.particles), p=old.weights)]
            one: Floats = centre + root @ dice.normal(size=len(centre))
            if density(plan.priors, one) > 0.0:
                return one

    found = _accept(plan, figures_of, moved, goal)
    if len(found.particles) < plan.particles:
        return None
    gaps = found.particles[:, None, :] - old.particles[None, :, :]
    kernel = np.exp(-0.5 * np.einsum("ijk,kl,ijl->ij", gaps, inverse, gaps)) @ old.weights
    weights = np.array([density(plan.priors, one) for one in found.particles]) / kernel
    return Generation(goal, found.particles, weights / weights.sum(), found.distances, found.figures, found.tried)


def _accept(plan: Plan, figures_of: Judge, propose: Callable[[], Floats], goal: float) -> Generation:
    """Particles within the goal, until there are enough or patience runs out; not weighted yet."""
    particles: list[Floats] = []
    distances: list[float] = []
    figures: list[Floats] = []
    tried = 0
    while len(particles) < plan.particles and tried < plan.particles * plan.patience:
        one = propose()
        found = figures_of(plan.named(one), goal)
        tried += 1
        far = distance(found, plan.targets)
        if far <= goal:
            particles.append(one)
            distances.append(far)
            figures.append(found)
    return Generation(goal, np.array(particles), np.empty(0), np.array(distances), np.array(figures), tried)


def resample(generation: Generation, rows: int, dice: np.random.Generator) -> NDArray[np.int64]:
    """Rows of equal weight by systematic resampling: positions of particles [rows]."""
    points = (np.arange(rows) + dice.random()) / rows
    found: NDArray[np.int64] = np.searchsorted(np.cumsum(generation.weights), points).clip(
        0, len(generation.weights) - 1
    )
    return found
