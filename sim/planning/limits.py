"""Judging a trial by its limits: what each year spends, in which replicates a limit is broken, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, norm

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
        used: the most that any limit of any year is used in each replicate, as a share of it [replicates].
        chance: the chance with which limits must hold.
    """

    used: Values
    chance: float

    @property
    def broken(self) -> NDArray[np.bool_]:
        """Replicates in which a limit is broken in any year."""
        over: NDArray[np.bool_] = self.used > 1.0
        return over

    @property
    def risk(self) -> float:
        """Chance of a breach as the spread of use tells it (a normal tail).

        With few replicates this is far surer than a count: none in sixteen may mean one in ten.
        """
        spread = float(self.used.std(ddof=1)) if len(self.used) > 1 else 0.0
        room = 1.0 - float(self.used.mean())
        if spread == 0.0:
            return 0.0 if room >= 0.0 else 1.0
        return float(norm.sf(room / spread))

    @property
    def excess(self) -> float:
        """By how much of the limit a plan is over it, with a margin for its spread; 0 for one within it."""
        spread = float(self.used.std(ddof=1)) if len(self.used) > 1 else 0.0
        margin = float(norm.isf((1.0 - self.chance) / 3.0)) * spread
        return max(0.0, float(self.used.mean()) + margin - 1.0)

    @property
    def most_used(self) -> float:
        """The most that any limit is used in any replicate, as a share of it."""
        return float(self.used.max()) if len(self.used) else 0.0

    @property
    def breaches(self) -> int:
        """Replicates in which a limit is broken."""
        return int(self.broken.sum())

    @property
    def share(self) -> float:
        """Share of replicates in which a limit is broken."""
        return float(self.broken.mean()) if len(self.used) else 0.0

    @property
    def at_least(self) -> float:
        """Lower 95 % bound of the chance of a breach (Clopper and Pearson, one-sided)."""
        k, n = self.breaches, len(self.used)
        return 0.0 if k == 0 else float(beta.ppf(1.0 - SURE, k, n - k + 1))

    @property
    def at_most(self) -> float:
        """Upper 95 % bound of the chance of a breach (Clopper and Pearson, one-sided)."""
        k, n = self.breaches, len(self.used)
        return 1.0 if k == n else float(beta.ppf(SURE, k + 1, n - k))

    @property
    def hopeless(self) -> bool:
        """Surely broken more often than is allowed."""
        return self.at_least > 1.0 - self.chance

    @property
    def likely(self) -> bool:
        """What the search keeps to: half of the breaches that are allowed, and a third of the risk."""
        return self.share <= (1.0 - self.chance) / 2.0 and self.risk <= (1.0 - self.chance) / 3.0

    @property
    def kept(self) -> bool:
        """Surely broken no more often than is allowed."""
        return self.at_most <= 1.0 - self.chance


def judge(values: Mapping[str, Values], limits: Limits, year_ends: Sequence[int]) -> Judged:
    """Whether each replicate keeps every limit in every year."""
    used = []
    for kind in MONEY:
        each = spent(values, kind, year_ends)
        allowed = np.array(limits.of(kind) or [np.inf] * each.shape[1])
        used.append(np.maximum(each - HAIR, 0.0) / np.maximum(allowed, HAIR))
    return Judged(np.concatenate(used, axis=1).max(axis=1), limits.chance)


def bindings(values: Mapping[str, Values], limits: Limits, year_ends: Sequence[int]) -> list[Binding]:
    """Every limit, the one that is broken most often (then the one that is nearest) first."""
    found = []
    for kind in MONEY:
        if not limits.of(kind):
            continue
        each = spent(values, kind, year_ends)
        for year, limit in enumerate(limits.of(kind)):
            if np.isinf(limit):
                continue
            needed = float(np.quantile(each[:, year], limits.chance, method="higher"))
            found.append(Binding(kind, year + 1, limit, float((each[:, year] > limit + HAIR).mean()), needed))
    return sorted(found, key=lambda b: (-b.broken, -_use(b), b.kind, b.year))


def _use(one: Binding) -> float:
    return one.needed / one.limit if one.limit > 0.0 else (np.inf if one.needed > 0.0 else 0.0)
