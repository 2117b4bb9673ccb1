"""On course or not, measure by measure: where what was seen lies in what was expected, before and after the update."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.observed.guarding import may_be_shown, shows_site
from sim.observed.likelihood import chance_below
from sim.observed.observables import LEAVERS, MONEY
from sim.observed.reports import Datum, Place
from sim.observed.weighed import LEVELS, Weighed
from sim.observed.weighing import quantile

FASTER, ON_COURSE, SLOWER = "faster", "on course", "slower"
MORE, LESS = "more than expected", "less than expected"
HARDLY = 0.002
"""Chance, on both sides together, below which a run of the model has hardly ever given what was seen."""
UNEXPLAINED = 0.01
"""Chance after the update below which what was seen is not explained by what the model may vary."""


@dataclass(frozen=True)
class Standing:
    """Where one measure stands.

    Attributes:
        datum: the latest that was seen of it.
        verdict: FASTER, ON_COURSE or SLOWER; of money and of staff who have left MORE, ON_COURSE or LESS.
        expected: 10 %, 50 % and 90 % of what runs gave before the update.
        chance: of what was seen or less, before the update.
        left: of what was seen or less, after it.
        runs: of which the chances are taken.
    """

    datum: Datum
    verdict: str
    expected: tuple[float, float, float]
    chance: float
    left: float
    runs: int

    @property
    def hardly(self) -> bool:
        """Whether the model has hardly ever given this, whatever it varies."""
        return 2 * min(self.chance, 1 - self.chance) < HARDLY

    @property
    def unexplained(self) -> bool:
        """Whether it stays a surprise after the update."""
        return 2 * min(self.left, 1 - self.left) < UNEXPLAINED


def standings(found: Weighed, place: Place) -> list[Standing]:
    """The latest of each measure and zone that may be shown, in order of the data."""
    latest = {(d.measure, d.zone): d for d in found.data}
    shown = [d for d in latest.values() if may_be_shown(d.zone, place) and not shows_site(d)]
    return [standing(found, d) for d in shown]


def standing(found: Weighed, datum: Datum) -> Standing:
    """Where one datum stands."""
    truth, error = found.truths(datum)
    low, middle, high = quantile(truth, found.alike, *LEVELS)
    chance = _middle(chance_below(datum, truth, error, found.alike))
    left = _middle(chance_below(datum, truth, error, found.weights.values))
    up, down = (MORE, LESS) if datum.observable.kind in (MONEY, LEAVERS) else (FASTER, SLOWER)
    # Without a run that has a value (nobody uses it, say), there is nothing to compare with.
    verdict = up if chance > 0.9 else down if chance < 0.1 else ON_COURSE
    return Standing(datum, verdict, (low, middle, high), chance, left, found.bank.runs)


def _middle(chances: tuple[float, float]) -> float:
    below, up_to = chances
    return 0.5 if np.isnan(below) else (below + up_to) / 2
