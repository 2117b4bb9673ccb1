"""History matching, then approximate Bayesian computation: which parameters give the published figures.

Waves (Vernon, Goldstein and Bower 2010; Andrianakis et al. 2015): draws from the prior are simulated, a quadratic
emulator of every target is fitted to them, and a draw further than IMPLAUSIBLE of its errors outside a band is given
up; the next wave draws from what is left. Then rejection (Pritchard et al. 1999): draws from the prior that the last
emulator puts within LIKELY errors of every band are simulated, and those that meet every target are kept. So the sample
is the prior, cut to where the model gives the published figures; all its rows are equally likely, none is there twice.

The distance of a draw is how far its worst target is from the middle of its band, in half-widths of the band: 1 is
the edge, and no target is traded for another. Every draw is judged with common random numbers, which
makes a run of the whole method repeatable to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.errors import ScenarioError, UnknownName
from sim.evidence.calibration.file import Plan, Target
from sim.evidence.situations.laboratory import Laboratory
from sim.evidence.situations.table import SITUATIONS
from sim.platforms.cores import cores

Floats = NDArray[np.float64]
IMPLAUSIBLE = 3.0
LIKELY = 0.5
LEAST_LEFT = 0.02
TINY = 1e-12
NEAR = 2.0
HOPELESS = 1e6
CROWD = 4096
BATCH = 24
QUICK = ("C1", "C3", "C2", "C1-as-published", "C4", *(f"V{k}" for k in range(1, 10)))

Judge = Callable[[dict[str, float], float], Floats]
"""Parameter values and the largest distance of use to the simulated figure of every target; NaN for targets not looked
at because an earlier one is already farther away."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Emulator:
    """A quadratic surface for every target: T targets, P parameters, C coefficients.

    Attributes:
        low: [P] least value of each parameter's prior.
        width: [P] width of each prior.
        coefficients: [C, T].
        error: [T] standard deviation of what the surface leaves over.
    """

    low: Floats
    width: Floats
    coefficients: Floats
    error: Floats

    def figures(self, draws: Floats) -> Floats:
        """Emulated figures [N, T] of draws [N, P]."""
        found: Floats = _terms((draws - self.low) / self.width) @ self.coefficients
        return found

    def implausibility(self, draws: Floats, targets: tuple[Target, ...]) -> Floats:
        """How far outside its band each draw's [N] worst target is, in errors of the surface; 0 inside all bands."""
        figures = self.figures(draws)
        below = np.array([t.low for t in targets]) - figures
        above = figures - np.array([t.high for t in targets])
        outside = np.maximum(np.maximum(below, above), 0.0)
        return np.asarray((outside / np.maximum(self.error, TINY)).max(axis=1))


@dataclass(frozen=True)
class Matched:
    """What a calibration found: N rows, P parameters, T targets.

    Attributes:
        rows: [N, P] draws that meet every target.
        figures: [N, T] their simulated figures.
        distances: [N] distances of their worst targets.
        tried: draws simulated in the last step.
        waves: draws and figures of every wave.
        left: share of the prior that was left after each wave.
    """

    rows: Floats
    figures: Floats
    distances: Floats
    tried: int
    waves: tuple[tuple[Floats, Floats], ...] = ()
    left: tuple[float, ...] = ()


def judge(plan: Plan, engine: str = "batch") -> Judge:
    """How a draw is judged: the situations of the targets, quickest first, with the plan's replicates and seed."""
    runs_of = {t.situation: t.replicates or plan.replicates for t in plan.targets}
    situations = sorted((s for s in SITUATIONS if s.id in runs_of), key=lambda s: QUICK.index(s.id))

    def figures(values: dict[str, float], farthest: float) -> Floats:
        labs = {runs: Laboratory([values], runs, plan.seed, 1, engine) for runs in set(runs_of.values())}
        found = np.full(len(plan.targets), np.nan)
        for situation in situations:
            readings = {r.name: r for r in situation.simulate(labs[runs_of[situation.id]])}
            _check_readings(plan, situation.id, readings)
            for k, target in enumerate(plan.targets):
                if target.situation == situation.id:
                    found[k] = getattr(readings[target.reading], target.statistic)
                    if not _gap(found[k], target) <= farthest:
                        return found
        return found

    return figures


def _check_readings(plan: Plan, situation: str, readings: Mapping[str, object]) -> None:
    for target in plan.targets:
        if target.situation == situation and target.reading not in readings:
            raise UnknownName(f"{plan.name}: targets '{situation}'", "reading", target.reading, readings)


def _gap(figure: float, target: Target) -> float:
    """Distance from the middle of the band in half-widths."""
    return abs(figure - (target.low + target.high) / 2.0) / ((target.high - target.low) / 2.0)


def distance(figures: Floats, targets: tuple[Target, ...]) -> float:
    """Of the worst target: its distance from the middle of its band in half-widths; a missing figure is hopeless."""
    if not np.isfinite(figures).all():
        return HOPELESS
    return max(_gap(float(f), t) for f, t in zip(figures, targets, strict=True))


def _terms(x: Floats) -> Floats:
    """1, every parameter, every product of two: [N, C]."""
    n, p = x.shape
    products = [x[:, i] * x[:, j] for i in range(p) for j in range(i, p)]
    return np.column_stack([np.ones(n), x, *products])


def fit(plan: Plan, draws: Floats, figures: Floats) -> Emulator:
    """Fit the surfaces by weighted least squares: draws near a target's band count most, as only there they must be
    right; draws without a figure are left out.
    """
    low = np.array([p.low for p in plan.priors])
    width = np.array([p.high for p in plan.priors]) - low
    coefficients, errors = [], []
    for k, target in enumerate(plan.targets):
        known = np.isfinite(figures[:, k])
        terms, seen = _terms((draws[known] - low) / width), figures[known, k]
        gaps = np.array([_gap(float(f), target) for f in seen])
        root = 1.0 / np.sqrt(1.0 + (gaps / NEAR) ** 2)
        one = np.linalg.lstsq(terms * root[:, None], seen * root, rcond=None)[0]
        spare = max(1.0, float((root**2).sum()) * (1.0 - terms.shape[1] / max(len(seen), terms.shape[1] + 1)))
        coefficients.append(one)
        errors.append(np.sqrt((((seen - terms @ one) * root) ** 2).sum() / spare))
    return Emulator(low, width, np.array(coefficients).T, np.array(errors))


class _Prior:
    """Draws from the prior, cut to what the emulators have left."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._dice = np.random.default_rng(plan.seed)
        self._cuts: list[tuple[Emulator, float]] = []
        self.left = 1.0

    def cut(self, emulator: Emulator, errors: float) -> None:
        """Give up draws more than so many of the surface's errors outside a band, but never nearly all of them."""
        other = _Prior(self._plan)
        other._cuts = self._cuts.copy()
        far = emulator.implausibility(other.draw(CROWD), self._plan.targets)
        self._cuts.append((emulator, max(errors, float(np.quantile(far, LEAST_LEFT)))))

    def keeps(self, draws: Floats) -> NDArray[np.bool_]:
        """Which draws [N] have not been given up."""
        inside = np.ones(len(draws), bool)
        for emulator, errors in self._cuts:
            inside &= emulator.implausibility(draws, self._plan.targets) <= errors
        return inside

    def draw(self, count: int) -> Floats:
        """Draws from what is left of the prior, [count, P]."""
        found: list[Floats] = []
        seen = kept = 0
        while kept < count:
            crowd = np.column_stack(
                [self._dice.triangular(p.low, p.mode, p.high, size=CROWD) for p in self._plan.priors]
            )
            inside = self.keeps(crowd)
            seen, kept = seen + CROWD, kept + int(inside.sum())
            found.append(crowd[inside])
        self.left = kept / seen
        return np.concatenate(found)[:count]


def match(plan: Plan, figures_of: Judge, tell: Tell = lambda _: None, threads: int | None = None) -> Matched:
    """Run the waves, then the rejection.

    Args:
        plan: what to calibrate, and how.
        figures_of: simulates a draw.
        tell: hears how far it is.
        threads: draws simulated side by side, None: as many as there are cores; the result does not depend on it.

    Raises:
        ScenarioError: too few draws meet every target before patience runs out.
    """
    with ThreadPoolExecutor(threads or cores()) as pool:

        def all_of(draws: Floats, farthest: float) -> Floats:
            return np.array(list(pool.map(lambda one: figures_of(plan.named(one), farthest), draws)))

        return _match(plan, all_of, tell)


def _match(plan: Plan, all_of: Callable[[Floats, float], Floats], tell: Tell) -> Matched:
    prior = _Prior(plan)
    waves: list[tuple[Floats, Floats]] = []
    left: list[float] = []
    for number in range(plan.waves):
        draws = prior.draw(plan.draws)
        figures = all_of(draws, HOPELESS)
        waves.append((draws, figures))
        near = [(d[k], f[k]) for d, f, k in ((d, f, prior.keeps(d)) for d, f in waves)]
        emulator = fit(plan, np.concatenate([n[0] for n in near]), np.concatenate([n[1] for n in near]))
        prior.cut(emulator, IMPLAUSIBLE)
        prior.draw(1000)
        left.append(prior.left)
        share = np.mean([distance(f, plan.targets) <= plan.tolerance for f in figures])
        tell(f"wave {number + 1}: {share:.0%} of its draws meet every target; {prior.left:.1%} of the prior is left")
    if waves:
        prior.cut(emulator, LIKELY)
    met = _reject(plan, all_of, prior, tell)
    return replace(met, waves=tuple(waves), left=tuple(left))


def _reject(plan: Plan, all_of: Callable[[Floats, float], Floats], prior: _Prior, tell: Tell) -> Matched:
    """Draws from what the waves have left, until enough of them meet every target."""
    rows: list[Floats] = []
    figures: list[Floats] = []
    tried = 0
    while len(rows) < plan.rows:
        if tried >= plan.rows * plan.patience:
            raise ScenarioError(
                f"calibration {plan.name}: {len(rows)} of {counted(tried, 'draw')} meet every target within "
                f"tolerance = "
                f"{plan.tolerance:g}; {plan.rows} are needed. Give more patience, or a larger tolerance."
            )
        draws = np.concatenate([prior.draw(1) for _ in range(BATCH)])
        for one, found in zip(draws, all_of(draws, plan.tolerance), strict=True):
            tried += len(rows) < plan.rows
            if distance(found, plan.targets) <= plan.tolerance and len(rows) < plan.rows:
                rows.append(one)
                figures.append(found)
        tell(f"rejection: {len(rows)} of {counted(tried, 'draw')} meet every target, {plan.rows} are needed")
    kept = np.array(figures)
    distances = np.array([distance(one, plan.targets) for one in kept])
    return Matched(np.array(rows), kept, distances, tried)
