"""Choosing on fresh set 1, reporting on fresh set 2: what was found by luck does not last on new random numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.planning.candidate import Candidate
from sim.planning.front import cheapest
from sim.planning.purposes import LEAST_COST, Purpose, Standing, standing
from sim.planning.question import Question
from sim.planning.trials import CHOICE, REPORT, Ask, Trials

Values = NDArray[np.float64]
CONFIDENCE = 0.95
DRAWS = 20_000


@dataclass(frozen=True)
class Chosen:
    """Plans chosen on fresh set 1.

    Attributes:
        plans: in order of purpose, no plan twice.
        purposes: ids of the purposes that each plan is the best for, by key.
        turned_down: plans that were not surely within the limits.
        kept: those that were, among which the plans were chosen.
        aims: what counts.
    """

    plans: tuple[Standing, ...]
    purposes: dict[str, tuple[str, ...]]
    turned_down: tuple[Standing, ...]
    kept: tuple[Standing, ...]
    aims: tuple[Purpose, ...]

    def without(self, keys: Collection[str]) -> Chosen:
        """What would have been chosen without some plans."""
        return _chosen([s for s in self.kept if s.key not in keys], self.turned_down, self.aims)


def choose(
    plans: Sequence[Candidate], trials: Trials, question: Question, purposes: Sequence[Purpose], replicates: int
) -> Chosen:
    """The best plan for each purpose on fresh set 1, among those surely within the limits."""
    found = [standing(t, question) for t in trials.ask([Ask(p, replicates, CHOICE) for p in plans])]
    kept = [s for s in found if s.judged.kept]
    return _chosen(kept, [s for s in found if not s.judged.kept], purposes)


def _chosen(kept: Sequence[Standing], others: Sequence[Standing], purposes: Sequence[Purpose]) -> Chosen:
    best: list[tuple[str, Standing]] = []
    if kept:
        best = [(p.id, min(kept, key=lambda s: (-s.mean(p.measure), s.key))) for p in purposes]
        best.append((LEAST_COST, cheapest(kept, purposes[0].measure)[0]))
    unique = {s.key: s for _, s in best}
    named = {key: tuple(p for p, s in best if s.key == key) for key in unique}
    return Chosen(tuple(unique.values()), named, tuple(others), tuple(kept), tuple(purposes))


def report_on(plans: Sequence[Candidate], trials: Trials, question: Question, replicates: int) -> list[Standing]:
    """Trials on fresh set 2."""
    return [standing(t, question) for t in trials.ask([Ask(p, replicates, REPORT) for p in plans])]


@dataclass(frozen=True)
class Gain:
    """A mean paired difference with its simultaneous 95 % interval.

    Attributes:
        value: the mean.
        low: lower end.
        high: upper end.
    """

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Surely more than nothing."""
        return self.low > 0.0


def gains(plans: Sequence[Standing], reference: Standing, measure: str) -> list[Gain]:
    """Gains of several plans over a reference, with intervals that hold together in 95 % of all cases."""
    return simultaneous(np.column_stack([p.column(measure) - reference.column(measure) for p in plans]))


def simultaneous(differences: Values) -> list[Gain]:
    """Intervals that cover all means at once in 95 % of all cases.

    The critical value is the quantile of the largest |t| under the correlation that the differences show, by 20,000
    draws of a fixed seed (Hothorn, Bretz and Westfall 2008); with one column it is Student's t itself.

    Args:
        differences: [replicates, plans].
    """
    from scipy.stats import t as student

    n, count = differences.shape
    mean = differences.mean(axis=0)
    if n < 2:
        return [Gain(float(m), -np.inf, np.inf) for m in mean]
    error = differences.std(axis=0, ddof=1) / np.sqrt(n)
    varying = error > 0.0
    critical = float(student.ppf((1.0 + CONFIDENCE) / 2.0, n - 1))
    if varying.sum() > 1:
        critical = _largest_t(differences[:, varying], n - 1)
    half = critical * error
    return [Gain(float(mean[i]), float(mean[i] - half[i]), float(mean[i] + half[i])) for i in range(count)]


def _largest_t(differences: Values, freedom: int) -> float:
    together = np.atleast_2d(np.corrcoef(differences, rowvar=False))
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    random = np.random.default_rng(20_240_601)
    normal = random.standard_normal((DRAWS, len(together))) @ root.T
    scale = np.sqrt(random.chisquare(freedom, DRAWS) / freedom)
    return float(np.quantile(np.abs(normal).max(axis=1) / scale, CONFIDENCE))
