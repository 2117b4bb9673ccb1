"""Has something changed that the model does not know? Each half year is forecast from those before it, and judged.

How badly the worst forecast measure was forecast is one figure, which is compared with the same figure of runs of the
model itself: of so many forecasts some always miss, and a change is told only where they miss by more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.observed.likelihood import chance_below, log_likelihood, observe
from sim.observed.reports import Datum
from sim.observed.weighed import Weighed
from sim.observed.weighing import WINDOW, weigh
from sim.platforms.cores import cores

Floats = NDArray[np.float64]
COMPARED = 100
"""Runs of the model that what was seen is compared with."""
ENOUGH = 4_000
"""Runs that forecasts of half years are made from at most; more would cost time and tell no more."""
RARE = 0.02
"""Share of the model's own runs that may look as surprising before a change is reported: one in fifty."""
LARGEST = 6.0


@dataclass(frozen=True)
class Change:
    """What forecasts of each half year from those before it came to.

    Attributes:
        chance: share of the model's own runs that look at least as surprising; NaN with less than two half years.
        surprises: data with how many deviations they lay from their forecast, the most surprising first.
    """

    chance: float
    surprises: tuple[tuple[Datum, float], ...]

    @property
    def noticed(self) -> bool:
        """Whether a change is reported."""
        return self.chance < RARE


def look_for_change(found: Weighed, seed: int) -> Change:
    """Forecast each half year from those before it.

    Args:
        found: runs and data.
        seed: of the observations made of the model's own runs.
    """
    found = _fewer(found)
    groups = _half_years(found.used)
    if len(groups) < 2:
        return Change(np.nan, ())
    surprises = _surprises(found, groups, -1)
    seen = _farthest(surprises)
    dice = np.random.Generator(np.random.Philox(key=[seed, 0x0B5E]))
    first = weigh(sum((log_likelihood(d, *found.truths(d)) for d in groups[0]), np.zeros(found.bank.runs)))
    chosen = dice.choice(found.bank.runs, size=COMPARED, p=first.values)
    again = [
        (run, [[d for one in group if (d := _seen_of(found, one, run, dice)) is not None] for group in groups])
        for run in chosen.tolist()
    ]
    with ThreadPoolExecutor(cores()) as crew:
        farthest = crew.map(lambda one: _farthest(_surprises(found, one[1], one[0])), again)
        more = sum(far >= seen for far in farthest)
    chance = (1 + more) / (1 + COMPARED)
    return Change(chance, tuple(sorted(surprises, key=lambda pair: -abs(pair[1]))))


def _fewer(found: Weighed) -> Weighed:
    """The first of many runs."""
    bank, count = found.bank, min(ENOUGH, found.bank.runs)
    short = replace(bank, values=bank.values[:count], met=bank.met[:count], opened=bank.opened[:count])
    return replace(found, bank=short, errors={n: v[:count] for n, v in found.errors.items()})


def _half_years(data: Sequence[Datum]) -> list[list[Datum]]:
    """Data by half year, counted back from the last month."""
    last = max((d.month for d in data), default=0)
    found: dict[int, list[Datum]] = {}
    for datum in data:
        found.setdefault(-((last - datum.month) // WINDOW), []).append(datum)
    return [found[k] for k in sorted(found)]


def _surprises(found: Weighed, groups: Sequence[Sequence[Datum]], without: int) -> list[tuple[Datum, float]]:
    """Every datum after the first half year with its deviations from the forecast; one run may be left out."""
    total = np.zeros(found.bank.runs)
    if without >= 0:
        total[without] = -np.inf
    surprises = []
    for k, group in enumerate(groups):
        weights = weigh(total).values if k else found.alike
        each = [(d, *found.truths(d)) for d in group]
        if k:
            surprises += [(d, _deviations(chance_below(d, truth, error, weights))) for d, truth, error in each]
        for datum, truth, error in each:
            total = total + log_likelihood(datum, truth, error)
    return surprises


def _farthest(surprises: Sequence[tuple[Datum, float]]) -> float:
    """Of the measure and zone that lie farthest off, the sum of squared deviations: a change mostly shows in one."""
    sums: dict[tuple[str, str], float] = {}
    for datum, z in surprises:
        sums[datum.measure, datum.zone] = sums.get((datum.measure, datum.zone), 0.0) + z * z
    return max(sums.values(), default=0.0)


def _deviations(chances: tuple[float, float]) -> float:
    if np.isnan(chances[0]):
        return 0.0
    return float(np.clip(ndtri(np.clip(sum(chances) / 2, 1e-9, 1 - 1e-9)), -LARGEST, LARGEST))


def _seen_of(found: Weighed, datum: Datum, run: int, dice: np.random.Generator) -> Datum | None:
    """What would have been reported of a run, without slips of the pen; None where it has nothing to report."""
    truth, error = found.truths(datum)
    uniforms = (1.0, float(dice.random()))
    return None if np.isnan(truth[run]) else observe(datum, float(truth[run]), float(error[run]), uniforms)
