"""Finding boxes: where in the space of factors something is common, judged against chance and against resampling.

Scikit-learn's classification tree (Breiman et al. 1984) cuts the space; every node of it, not only its leaves, is a
candidate box, as every step of PRIM's peeling is (Friedman and Fisher 1999; Bryant and Lempert 2010). The one whose
membership goes best with the condition (phi coefficient) is taken, limits that do not help it are dropped, and the rest
of the space is searched again. A box is shown only if the same search on shuffled outcomes never does as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

DEPTH = 6
SMALLEST_SHARE, SMALLEST = 0.03, 5
SHUFFLES = 99
RESAMPLES = 50
DROPPED = 0.02
LEAST_PHI = 0.15
MOST_BOXES = 3
KEPT = 0.5


@dataclass(frozen=True)
class Limit:
    """One side of a box: `column` is above `above` (if given) and at most `most`."""

    column: int
    above: float
    most: float


@dataclass(frozen=True)
class Box:
    """A box and what is known of it; shares are of what the boxes before it have left.

    Attributes:
        limits: one a column that matters.
        coverage: share of all cases that lie in it.
        density: share of what lies in it that are cases.
        mass: share of everything that lies in it.
        phi: correlation of lying in it and being a case.
        beaten: share of searches on shuffled outcomes that did as well.
        coverage_again: median coverage, in points left out, of boxes found again in resamples.
        density_again: the same for density.
        recurrence: by column, share of resamples whose box is limited there.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    phi: float
    beaten: float
    coverage_again: float
    density_again: float
    recurrence: dict[int, float]


@dataclass(frozen=True)
class Cases:
    """Outcomes to explain: cases[point, draw] of counts[point, draw], with columns of points and of draws.

    Attributes:
        points: [P, a] factors.
        draws: [D, b] drawn parameters; [1, 0] where there are none.
        cases: [P, D] runs in which the condition holds.
        counts: [P, D] runs with a value.
    """

    points: Values
    draws: Values
    cases: Values
    counts: Values

    def columns(self) -> Values:
        """[P x D, a + b], a row for each cell."""
        p, d = self.cases.shape
        return np.hstack([np.repeat(self.points, d, axis=0), np.tile(self.draws, (p, 1))])

    def chosen(self, points: NDArray[np.int64], draws: NDArray[np.int64] | None = None) -> Cases:
        """Some points with their outcomes; with repeats, as resampling wants."""
        draws = np.arange(len(self.draws)) if draws is None else draws
        cells = np.ix_(points, draws)
        return Cases(self.points[points], self.draws[draws], self.cases[cells], self.counts[cells])

    def shuffled(self, luck: np.random.Generator) -> Cases:
        """Outcomes dealt to other points and other draws; what points or draws share stays together."""
        p, d = self.cases.shape
        cells = np.ix_(luck.permutation(p), luck.permutation(d))
        return Cases(self.points, self.draws, self.cases[cells], self.counts[cells])


def find_boxes(data: Cases, *, seed: int = 1, most: int = MOST_BOXES) -> list[Box]:
    """Boxes in which cases are common, the best first; none where chance could have made it.

    A box must also keep half of its lift (density above the base) in points that its search has not seen.

    Args:
        data: outcomes to explain.
        seed: of shuffles and resamples.
        most: never more boxes.
    """
    found: list[Box] = []
    left = data.counts.ravel() > 0
    while len(found) < most:
        luck = np.random.default_rng([seed, len(found)])
        limits, phi = search(data, left)
        if not limits or phi < LEAST_PHI:
            break
        rivals = [search(data.shuffled(luck), left)[1] for _ in range(SHUFFLES)]
        beaten = (1 + sum(r >= phi for r in rivals)) / (1 + SHUFFLES)
        if beaten > 1 / (1 + SHUFFLES):
            break
        again = _again(data, left, luck)
        coverage, density, mass = figures(data, limits, left)
        base = _ratio(data.cases.ravel()[left].sum(), data.counts.ravel()[left].sum())
        if not again[1] - base >= KEPT * (density - base):  # NaN too: it was never found again
            break
        found.append(Box(limits, coverage, density, mass, phi, beaten, *again))
        left = left & ~inside(data.columns(), limits)
        if not data.cases.ravel()[left].sum():
            break
    return found


def search(data: Cases, left: Flags) -> tuple[tuple[Limit, ...], float]:
    """The best box among the rows that are left, and its phi; no limits where there is none."""
    x, cases, counts = data.columns()[left], data.cases.ravel()[left], data.counts.ravel()[left]
    if not 0 < cases.sum() < counts.sum():
        return (), 0.0
    candidates = _nodes(x, cases, counts)
    scored = [(phi_of(inside(x, limits), cases, counts), limits) for limits in candidates]
    score, limits = max(scored, key=lambda pair: (pair[0], -len(pair[1])), default=(0.0, ()))
    return _fewer(x, cases, counts, limits, score)


def _nodes(x: Values, cases: Values, counts: Values) -> list[tuple[Limit, ...]]:
    """The box of every node of the tree but its root."""
    from sklearn.tree import DecisionTreeClassifier

    smallest = max(SMALLEST / max(1, len(x)), SMALLEST_SHARE)
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_weight_fraction_leaf=min(0.45, smallest), random_state=0)
    labels = np.repeat([1, 0], len(x))
    tree.fit(np.vstack([x, x]), labels, sample_weight=np.concatenate([cases, counts - cases]))
    cut, found = tree.tree_, []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, box = waiting.pop()
        if box:
            found.append(tuple(Limit(c, *sides) for c, sides in sorted(box.items())))
        column = int(cut.feature[node])
        if column < 0:
            continue
        threshold = float(cut.threshold[node])
        above, most = box.get(column, (-math.inf, math.inf))
        waiting.append((int(cut.children_left[node]), {**box, column: (above, min(most, threshold))}))
        waiting.append((int(cut.children_right[node]), {**box, column: (max(above, threshold), most)}))
    return found


def _fewer(
    x: Values, cases: Values, counts: Values, limits: tuple[Limit, ...], score: float
) -> tuple[tuple[Limit, ...], float]:
    """The box without the sides that it hardly needs."""
    best = score
    while limits:
        trials = []
        for limit in limits:
            others = tuple(m for m in limits if m is not limit)
            trials.append(others)
            if math.isfinite(limit.above) and math.isfinite(limit.most):
                trials += [(*others, Limit(limit.column, limit.above, math.inf))]
                trials += [(*others, Limit(limit.column, -math.inf, limit.most))]
        scored = [(phi_of(inside(x, t), cases, counts), t) for t in trials if t]
        if not scored:
            break
        value, trial = max(scored, key=lambda pair: pair[0])
        if value < best - DROPPED:
            break
        limits, score = tuple(sorted(trial, key=lambda m: m.column)), value
        best = max(best, value)
    return limits, score


def inside(x: Values, limits: Sequence[Limit]) -> Flags:
    """Which rows lie in a box."""
    found = np.ones(len(x), np.bool_)
    for limit in limits:
        found &= (x[:, limit.column] > limit.above) & (x[:, limit.column] <= limit.most)
    return found


def phi_of(member: Flags, cases: Values, counts: Values) -> float:
    """Correlation between lying in the box and being a case; -1 to 1."""
    total, hits = counts.sum(), cases.sum()
    mass, both = counts[member].sum(), cases[member].sum()
    spread = mass * (total - mass) * hits * (total - hits)
    return float((total * both - mass * hits) / math.sqrt(spread)) if spread > 0 else 0.0


def figures(data: Cases, limits: Sequence[Limit], rows: Flags) -> tuple[float, float, float]:
    """Coverage, density and mass of a box among some rows; NaN where there is nothing to divide by."""
    member = inside(data.columns(), limits) & rows
    cases, counts = data.cases.ravel(), data.counts.ravel()
    hits, mass = cases[member].sum(), counts[member].sum()
    return _ratio(hits, cases[rows].sum()), _ratio(hits, mass), _ratio(mass, counts[rows].sum())


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else math.nan


def _again(data: Cases, left: Flags, luck: np.random.Generator) -> tuple[float, float, dict[int, float]]:
    """Search resamples of the points, and judge each box by the points it has not seen."""
    kept = data.cases.shape
    alive = left.reshape(kept)
    coverages, densities, columns = [], [], []
    for _ in range(RESAMPLES):
        taken = np.asarray(luck.integers(0, kept[0], kept[0]), np.int64)
        limits, _ = search(data.chosen(taken), alive[taken].ravel())
        columns.append({m.column for m in limits})
        unseen = np.setdiff1d(np.arange(kept[0]), taken)
        coverage, density, _ = figures(data.chosen(unseen), limits, alive[unseen].ravel())
        coverages.append(coverage)
        densities.append(density)
    width = data.points.shape[1] + data.draws.shape[1]
    recurrence = {c: sum(c in found for found in columns) / RESAMPLES for c in range(width)}
    return _median(coverages), _median(densities), {c: share for c, share in recurrence.items() if share}


def _median(values: Sequence[float]) -> float:
    known = [v for v in values if not math.isnan(v)]
    return float(np.median(known)) if known else math.nan
