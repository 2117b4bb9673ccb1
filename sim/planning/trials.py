"""Running candidates: what is asked for, what comes back, and sets of random numbers that never meet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.planning.candidate import Candidate

Values = NDArray[np.float64]

SEARCH, CHOICE, REPORT, REASONS, FUTURES = "search", "choice", "report", "reasons", "futures"
SETS = (SEARCH, CHOICE, REPORT, REASONS, FUTURES)
"""Sets of random numbers: to search, to choose among finalists, to report, to take features away, for futures."""


def seed_of(seed: int, name: str) -> int:
    """The seed of a set: below 2^32, so that it can be typed.

    Args:
        seed: the question's.
        name: of the set.
    """
    return int(hashlib.sha256(f"plan/{seed}/{name}".encode()).hexdigest()[:8], 16)


def seeds(seed: int, names: Sequence[str]) -> dict[str, int]:
    """A seed for each set, no two alike: one that is taken moves on by one."""
    found: dict[str, int] = {}
    for name in names:
        one = seed_of(seed, name)
        while one in found.values():
            one += 1
        found[name] = one
    return found


@dataclass(frozen=True)
class Ask:
    """Replicates 0 to `replicates` - 1 of a candidate, with the random numbers of a set, in one future.

    Attributes:
        plan: the candidate.
        replicates: how many in all; those that are there already are not run again.
        numbers: name of the set.
        future: name of the future, '' as the base has it.
    """

    plan: Candidate
    replicates: int
    numbers: str = SEARCH
    future: str = ""


@dataclass(frozen=True)
class Trial:
    """What came of an ask.

    Attributes:
        plan: the candidate.
        outcomes: names of the columns.
        table: [replicates, outcomes]; replicate r of every candidate shares random numbers within a set.
    """

    plan: Candidate
    outcomes: tuple[str, ...]
    table: Values

    @cached_property
    def values(self) -> dict[str, Values]:
        """A column by outcome, [replicates]."""
        return {name: self.table[:, i] for i, name in enumerate(self.outcomes)}

    def __len__(self) -> int:
        return len(self.table)


class Trials(Protocol):
    """Whatever runs candidates."""

    @property
    def runs(self) -> int:
        """Different runs asked for so far, whether they were done now or before."""

    def ask(self, asks: Sequence[Ask]) -> list[Trial]:
        """Run a batch.

        Returns:
            One trial an ask, in order.
        """
