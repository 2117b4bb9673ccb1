"""Judging a trial by its limits: what each year spends, in which replicates a limit is broken, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from sim.planning.question import CASH, MONEY, Limits

Values = NDArray[np.float64]
SURE = 0.95
HAIR = 1e-6
"""GBP; sums of many small amounts are not exact."""
COLUMNS = {CASH: "cost_cash", MONEY[1]: "cost_released_time"}


def spending_outcomes(year_ends: Sequence[int]) -> tuple[str, ...]:
    """The outcomes that spending by year is read from."""
    return tuple(f"{COLUMNS[kind]}@{month}" for kind in MONEY for month in year_ends)


def spent(values: Mapping[str, Values], kind: str, year_ends: Sequence[int]) -> Values:
    """What each year spends, [replicates, years] GBP, from the sums since month 0."""
    since = np.column_stack([values[f"{COLUMNS[kind]}@{month}"] for month in year_ends])
    return np.diff(since, axis=1, prepend=0.0)


@dataclass(frozen=True)
class Binding:
    """One limit of one year, as a plan meets it.

    Attributes:
        kind: one of MONEY.
        year: from 1.
        limit: GBP.
        broken: share of replicates that spend more.
        needed: what must be allowed for the limit to hold with the promised chance, GBP.
    """

    kind: str
    year: int
    limit: float
    broken: float
    needed: float


@dataclass(frozen=True)
class Judged:
    """A trial against the limits.

    Attributes:
        broken: bool [replicates], True where any limit is broken in any year.
        chance: the chance with which limits must hold.
    """

    broken: NDArray[np.bool_]
    chance: float

    @property
    def breaches(self) -> int:
        """Replicates in which a limit is broken."""
        return int(self.broken.sum())

    @property
    def share(self) -> float:
        """Share of replicates in which a limit is broken."""
        return float(self.broken.mean()) if len(self.broken) else 0.0

    @property
    def at_least(self) -> float:
        """Lower 95 % bound of the chance of a breach (Clopper and Pearson, one-sided)."""
        k, n = self.breaches, len(self.broken)
        return 0.0 if k == 0 else float(beta.ppf(1.0 - SURE, k, n - k + 1))

    @property
    def at_most(self) -> float:
        """Upper 95 % bound of the chance of a breach (Clopper and Pearson, one-sided)."""
        k, n = self.breaches, len(self.broken)
        return 1.0 if k == n else float(beta.ppf(SURE, k + 1, n - k))

    @property
    def hopeless(self) -> bool:
        """Surely broken more often than is allowed."""
        return self.at_least > 1.0 - self.chance

    @property
    def likely(self) -> bool:
        """Broken in no more than half as many replicates as are allowed: what the search keeps to."""
        return self.share <= (1.0 - self.chance) / 2.0

    @property
    def kept(self) -> bool:
        """Surely broken no more often than is allowed."""
        return self.at_most <= 1.0 - self.chance


def judge(values: Mapping[str, Values], limits: Limits, year_ends: Sequence[int]) -> Judged:
    """Whether each replicate keeps every limit in every year."""
    over = []
    for kind in MONEY:
        allowed = limits.of(kind)
        each = spent(values, kind, year_ends)
        over.append(each > (np.array(allowed) + HAIR if allowed else np.inf))
    return Judged(np.asarray(np.concatenate(over, axis=1).any(axis=1), np.bool_), limits.chance)


def bindings(values: Mapping[str, Values], limits: Limits, year_ends: Sequence[int]) -> list[Binding]:
    """Every limit, the one that is broken most often (then the one that is nearest) first."""
    found = []
    for kind in MONEY:
        if not limits.of(kind):
            continue
        each = spent(values, kind, year_ends)
        for year, limit in enumerate(limits.of(kind)):
            needed = float(np.quantile(each[:, year], limits.chance, method="higher"))
            found.append(Binding(kind, year + 1, limit, float((each[:, year] > limit + HAIR).mean()), needed))
    return sorted(found, key=lambda b: (-b.broken, -_use(b), b.kind, b.year))


def _use(one: Binding) -> float:
    return one.needed / one.limit if one.limit > 0.0 else (np.inf if one.needed > 0.0 else 0.0)
