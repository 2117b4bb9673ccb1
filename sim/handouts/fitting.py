"""From a question to a formula that answers its levers: which levers, which runs, and how wrong it is elsewhere.

All runs share their random numbers. A lever is offered only where its error on other runs is below LARGEST.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import Ensemble
from sim.errors import ScenarioError
from sim.handouts.case import Cancelled, Case, with_values
from sim.handouts.curves import MIDDLE, SHARES, Summary, read_months, shrunk
from sim.handouts.dials import MOST, RANGES, Dial, dial, strongest
from sim.handouts.emulator import Alone, Emulator, fit
from sim.results.fan import QUANTILES
from sim.results.marked import MARKED

Array = NDArray[np.float64]
RUNS = 15_000
LEAST_RUNS = 200
BLOCK = 40
LARGEST = 0.01
"""A lever is offered only where the median error of every share is below one percentage point."""
CHECKED = (MARKED,)
"""Months at which errors are measured beside the last."""
KNOTS = (0.0, 0.35, 0.7, 1.0)
"""Shares of a lever's range at which it is run alone."""
HALVED, STEEP = 15, 0.04
"""How often the steepest part between two is halved at most, while a share's median moves more than this over it."""
OWN = (0.22, 0.47, 0.79)
"""Shares at which it is checked alone, off the knots."""
SAME = 1e-6
NEAR = 3
"""Every third point lies half as far from the plan as it would, where the answer is asked most."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Effort:
    """How many runs go into what.

    Attributes:
        total: runs to find levers, to fit and to check, about.
        block: replicates at each point that is fitted.
    """

    total: int = RUNS
    block: int = BLOCK

    def screening(self) -> int:
        """Replicates at each end of each lever while the strongest are looked for."""
        return max(8, self.total // 1000)

    def alone(self) -> int:
        """Replicates at each knot of a lever, at most those that the plan itself has."""
        return max(8, self.total // 75)

    def points(self) -> int:
        """Points at which all levers move at once and that are fitted, each with `block` replicates."""
        return max(12, self.total // (5 * self.block))

    def together(self, whole: int) -> int:
        """Points at which all levers move at once and errors are measured, each with `whole` replicates."""
        return max(4, self.total // (10 * whole))


@dataclass(frozen=True)
class Error:
    """How wrong the formula is on runs it has not seen, in percentage points of a share's median.

    Attributes:
        median: half of all are smaller; of the share that is worst.
        most: nine in ten are smaller; of the share that is worst.
        checks: how many points were run for it.
    """

    median: float
    most: float
    checks: int

    @property
    def small(self) -> bool:
        """Whether it is small enough to be offered."""
        return self.median < 100.0 * LARGEST


@dataclass(frozen=True)
class Offered:
    """A lever with its own error."""

    dial: Dial
    error: Error


@dataclass(frozen=True)
class Fitted:
    """What a handout answers levers with.

    Attributes:
        levers: offered, the strongest first; () where none can be.
        refused: levers that are not offered, with the error that forbids it.
        models: an emulator for each plan, None where no offered lever moves it.
        uses: for each plan, positions of the levers that move it.
        together: error where all levers move at once; None without levers.
        bases: each plan's runs as they stand.
        runs: how many runs it took.
    """

    levers: tuple[Offered, ...]
    refused: tuple[Offered, ...]
    models: tuple[Emulator | None, ...]
    uses: tuple[tuple[int, ...], ...]
    together: Error | None
    bases: tuple[Summary, ...]
    runs: int


class Fitting:
    """The work of one handout."""

    def __init__(
        self, case: Case, effort: Effort, cancelled: Cancelled | None = None, progress: Progress | None = None
    ) -> None:
        """Begin.

        Args:
            case: plans and place; levers move the first plan, conditions all of them.
            effort: how many runs.
            cancelled: asked often; True ends with `Interrupted`.
            progress: called with what is done, how far, and of how much.
        """
        self.case = case
        self.effort = effort
        self.cancelled = cancelled
        self.progress = progress or (lambda _what, _done, _all: None)
        self.runs = 0
        self._known: dict[tuple[int, str], Alone] = {}

    def done(self, bases: Sequence[Ensemble], names: Sequence[str] = ()) -> Fitted:
        """Find the levers, fit, check, and refuse what is too far off.

        Args:
            bases: every plan as it stands, as `case.ensembles` runs them.
            names: levers to offer; () those that move the outcome most.

        Raises:
            UnknownName: no such lever can be offered.
            ScenarioError: a lever twice.
            Interrupted: `cancelled` said so.
        """
        found = tuple(Summary.of(e) for e in bases)
        dials = self._dials(names)
        levers: list[Offered] = []
        refused: list[Offered] = []
        model, together = None, None
        if dials:
            model = self._fit(0, dials, found)
            for k, one in enumerate(dials):
                offered = Offered(one, self._alone(model, dials, k, found))
                (levers if offered.error.small else refused).append(offered)
        while model is not None and levers:
            kept = [one.dial for one in levers]
            model = model if kept == dials else self._fit(0, kept, found)
            dials = kept
            together = self._together(model, kept, found)
            if together.small:
                break
            worst = max(levers, key=lambda one: one.error.median)
            levers.remove(worst)
            refused.append(replace(worst, error=together))
        models, uses = self._models(model, levers, found)
        return Fitted(
            tuple(levers), tuple(refused), models, uses, together if levers else None, found, self.runs
        )  # fmt: skip

    def _models(
        self, model: Emulator | None, levers: Sequence[Offered], bases: Sequence[Summary]
    ) -> tuple[tuple[Emulator | None, ...], tuple[tuple[int, ...], ...]]:
        """An emulator for each plan, and the levers that move it: all for the first, conditions for the others."""
        common = tuple(k for k, one in enumerate(levers) if one.dial.both)
        dials = [levers[k].dial for k in common]
        others = [self._fit(k, dials, bases) if common else None for k in range(1, len(self.case.plans))]
        return (model if levers else None, *others), (tuple(range(len(levers))), *(common for _ in others))

    def check(self, names: Sequence[str]) -> list[Dial]:
        """The dials of levers that are asked for by name.

        Raises:
            UnknownName: no such lever can be offered.
            ScenarioError: a lever twice, or more than fit.
        """
        if len(set(names)) != len(names):
            raise ScenarioError(f"--lever: each lever once; got {', '.join(names)}.")
        if len(names) > MOST:
            raise ScenarioError(f"--lever: at most {MOST} levers fit on one page; got {len(names)}.")
        return [dial(name, self.case.plans[0]) for name in names]

    def _dials(self, names: Sequence[str]) -> list[Dial]:
        if names:
            return self.check(names)
        self.progress("Finding the levers that move the outcome most", 0, 1)
        count = min(self.effort.screening(), self.case.runs)
        self.runs += count * (2 * len(RANGES) + 1)
        return strongest(self.case, count, self.cancelled)

    def _at(self, k: int, dials: Sequence[Dial], x: Array, part: tuple[int, int]) -> Summary:
        """Runs of plan k with levers at shares x of their ranges; `part` is the first replicate and how many."""
        values = [(d.name, d.value(share)) for d, share in zip(dials, x.tolist(), strict=True)]
        self.runs += part[1]
        plan = with_values(self.case.plans[k], values)
        return Summary.of(self.case.run(plan, part[1], part[0], self.cancelled))

    def _fit(self, k: int, dials: Sequence[Dial], bases: Sequence[Summary]) -> Emulator:
        """Fit plan k: blocks of replicates in turn, each paired with the same replicates of the plan as it stands."""
        origin = np.array([d.share(d.at) for d in dials])
        alone = [self._knots(k, one, bases[k]) for one in dials]
        points = design(self.effort.points(), dials, self.case.seed)
        block = min(self.effort.block, self.case.runs)
        blocks = self.case.runs // block
        shifts = []
        for number, x in enumerate(points):
            first = (number % blocks) * block
            shifts.append(self._at(k, dials, x, (first, block)).vector() - bases[k].some(first, block).vector())
            self.progress("Running levers together", number + 1, len(points))
        return fit(alone, points, np.array(shifts), origin)

    def _knots(self, k: int, one: Dial, base: Summary) -> Alone:
        """One lever of plan k alone, at knots that lie closest where it moves most; nothing moves at the plan's own."""
        if (k, one.name) in self._known:
            return self._known[k, one.name]
        count = min(self.effort.alone(), self.case.runs)
        before = base.some(0, count).vector()
        found = {round(one.share(one.at), 9): np.zeros_like(before)}

        def add(share: float) -> None:
            if share not in found:
                found[share] = self._at(k, [one], np.array([share]), (0, count)).vector() - before

        for share in KNOTS:
            add(_reached(one, share))
        for _ in range(HALVED):
            halves = [_reached(one, 0.5 * (a + b)) for a, b in pairwise(sorted(found))]
            steps = [self._step(before, found[a], found[b]) for a, b in pairwise(sorted(found))]
            new = [(step, half) for step, half in zip(steps, halves, strict=True) if half not in found]
            if not new or max(new)[0] <= STEEP:
                break
            add(max(new)[1])
        self.progress(f"Running {one.name} alone", 1, 1)
        knots = sorted(found)
        made = Alone.of(knots, np.array([found[s] for s in knots]), leading(len(read_months(self.case.months))))
        self._known[k, one.name] = made
        return made

    def _step(self, before: Array, here: Array, there: Array) -> float:
        """The largest step of a share's median between two knots."""
        years = len(read_months(self.case.months))
        a, b = (shrunk(shares_of(before + shift, years))[:, MIDDLE] for shift in (here, there))
        return float(np.abs(a - b).max())

    def _alone(self, model: Emulator, dials: Sequence[Dial], k: int, bases: Sequence[Summary]) -> Error:
        """Errors where only lever k differs from the plan."""
        checks = []
        one, run = dials[k], model.alone[k].knots
        shares = [one.share(one.value(s)) for s in OWN] + [one.share(v) for v in one.stops()]
        unseen = [s for s in dict.fromkeys(shares) if np.abs(run - s).min() > SAME]
        for share in sorted(unseen[: len(OWN)]):
            x = model.origin.copy()
            x[k] = share
            checks.append(x)
        self.progress(f"Checking {one.name} alone", k + 1, len(dials))
        return self._error(model, dials, checks, bases)

    def _together(self, model: Emulator, dials: Sequence[Dial], bases: Sequence[Summary]) -> Error:
        """Errors where all levers differ from the plan at once, at points that were not fitted."""
        points = design(self.effort.together(self.case.runs), dials, self.case.seed + 1)
        self.progress("Checking levers together", 1, 1)
        return self._error(model, dials, list(points), bases)

    def _error(
        self, model: Emulator, dials: Sequence[Dial], checks: Sequence[Array], bases: Sequence[Summary]
    ) -> Error:
        months = read_months(self.case.months)
        at = sorted({months.index(m) for m in (*CHECKED, months[-1]) if m in months})
        apart = []
        for x in checks:
            run = self._at(0, dials, x, (0, self.case.runs)).quantiles()[:, MIDDLE]
            told = shrunk(shares_of(bases[0].vector() + model.shift(x), len(months)))[:, MIDDLE]
            apart.append(100.0 * np.abs(told - run)[:, at])
        errors = np.concatenate(apart, axis=1)
        middle, most = np.median(errors, axis=1), np.quantile(errors, 0.9, axis=1)
        return Error(float(middle.max()), float(most.max()), len(checks))


def _reached(one: Dial, share: float) -> float:
    """The share of the range that a lever can be set to, next to this one."""
    return round(one.share(one.value(share)), 9)


def leading(years: int) -> int:
    """Position of the number that a lever's own scale follows: the last median of the first share."""
    return (MIDDLE + 1) * years - 1


def shares_of(vector: Array, years: int) -> Array:
    """The stretched shares [len(SHARES), 5, Y] of a fitted vector."""
    count = len(SHARES) * len(QUANTILES) * years
    return vector[:count].reshape(len(SHARES), len(QUANTILES), years)


def design(count: int, dials: Sequence[Dial], seed: int) -> Array:
    """Points to run, as shares of the ranges [count, D]: a Latin hypercube, a third of it drawn towards the plan."""
    generator = np.random.default_rng([seed, count, len(dials)])
    slots = np.array([generator.permutation(count) for _ in dials]).T
    found = (slots + generator.random(slots.shape)) / count
    origin = np.array([d.share(d.at) for d in dials])
    found[::NEAR] = origin + 0.5 * (found[::NEAR] - origin)
    return np.array([[d.share(d.value(x)) for d, x in zip(dials, row, strict=True)] for row in found.tolist()])
