"""Pasts that runs are given: up to some month a run has another run's random numbers, and its own after that.

So a plan can go on from what was seen: of many runs those that give it are known by their numbers, and every plan that
agrees with theirs up to that month has their past to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.world import Span


@dataclass(frozen=True)
class Pasts:
    """Where each replicate of an ensemble comes from.

    Attributes:
        month: the last month of the past.
        seed: of the runs whose past it is.
        numbers: which of those runs, one for each replicate.
    """

    month: int
    seed: int
    numbers: tuple[int, ...]

    def key(self, index: int) -> np.uint64:
        """The key of the run whose past a replicate has, by the replicate's position in the ensemble."""
        return np.uint64(draws.run_key(np.uint64(self.seed), np.uint64(self.numbers[index])))

    def keys(self, places: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
        """The keys of the runs whose past replicates at these positions have."""
        return draws.keys_of(self.seed, np.array(self.numbers, np.uint64)[places])


def spans(key: np.uint64, months: int, stop: Any, past: tuple[Pasts, int] | None, *, monthly: bool) -> Iterator[Span]:
    """The months of one replicate, in order, each stretch with the key of its random numbers.

    Args:
        key: the replicate's own.
        months: horizon.
        stop: uint8 [1], 1 ends the run after the month it is in.
        past: pasts and the replicate's position among them, None: it has its own random numbers from month 0 on.
        monthly: a stretch a month, for those who look at each.
    """
    turn = 0 if past is None else min(past[0].month, months) + 1
    old = key if past is None else past[0].key(past[1])
    begins = range(months + 1) if monthly else sorted({0, turn} - {months + 1})
    for first, end in pairwise([*begins, months + 1]):
        yield Span(old if first < turn else key, first, end, stop)
