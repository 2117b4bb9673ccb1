"""How a measure is read from an engine's raw sums: one value for each replicate, in one month or in every month.

`Ratio` and `Published` also read the columns of the month-by-month table, so that the same declaration serves the whole
area, a zone and a deprivation fifth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.by_site import CERTIFIED_AT_36, CERTIFIED_BY_AGE, KEPT, MONTHS_TO_MOST, by_site, cohort_counts
from sim.engine.sums import AREA, COUNTS, FAMILY, SUMS
from sim.results.series import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.sums import Ensemble

Values = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

WHOLE_AREA = -1
"""Index of the whole area on the zone axis of `series.columns`."""


@dataclass(frozen=True)
class Ratio:
    """One total over another, NaN where there is nothing to divide by.

    Attributes:
        part: column of the raw sums that is counted.
        whole: column that it is set against.
        fifth: deprivation fifth from 0, the most deprived; None: all families.
        scale: what one of `part` is worth.
    """

    part: str
    whole: str
    fifth: int | None = None
    scale: float = 1.0

    def __call__(self, ensemble: Ensemble, month: int) -> Values:
        """The value in one month, [R]."""
        return divide(self.scale * self._total(ensemble, self.part, month), self._total(ensemble, self.whole, month))

    def over_months(self, ensemble: Ensemble) -> Values:
        """The value in every month, [R, T+1]."""
        every = slice(None)
        return divide(self.scale * self._total(ensemble, self.part, every), self._total(ensemble, self.whole, every))

    def of(self, columns: Columns, zone: int = WHOLE_AREA, suffix: str = "") -> Values:
        """The value of one zone or fifth from the columns of the table, [R, T+1].

        Args:
            columns: as `series.columns` gives them.
            zone: index on their zone axis.
            suffix: '' or '_fifth1' to '_fifth5'.
        """
        part, whole = (columns[name + suffix][:, :, zone] for name in (self.part, self.whole))
        return divide(self.scale * part, whole)

    def _total(self, ensemble: Ensemble, name: str, month: int | slice) -> Values:
        if name in COUNTS:
            return np.asarray(ensemble.counts[:, month, :, COUNTS.index(name)].sum(axis=-1), np.float64)
        by_fifth = ensemble.family[:, month, :, :, FAMILY.index(name)].sum(axis=-2)
        return np.asarray(by_fifth.sum(axis=-1) if self.fifth is None else by_fifth[..., self.fifth], np.float64)


@dataclass(frozen=True)
class Published:
    """A column of the month-by-month table, unchanged."""

    column: str

    def __call__(self, ensemble: Ensemble, month: int) -> Values:
        """The value in one month, [R]."""
        return self.over_months(ensemble)[:, month]

    def over_months(self, ensemble: Ensemble) -> Values:
        """The value in every month, [R, T+1]."""
        if self.column in AREA:
            return ensemble.area[:, :, AREA.index(self.column)]
        from sim.results.series import columns

        return self.of(columns(ensemble))

    def of(self, columns: Columns, zone: int = WHOLE_AREA, suffix: str = "") -> Values:
        """The value of one zone or fifth from the columns of the table, [R, T+1]; arguments as in `Ratio.of`."""
        found: Values = columns[self.column + suffix][:, :, zone]
        return found


def count(name: str) -> Callable[[Ensemble, int], Values]:
    """A count of the whole area."""

    def values(ensemble: Ensemble, month: int) -> Values:
        return np.asarray(ensemble.counts[:, month, :, COUNTS.index(name)].sum(axis=1), np.float64)

    return values


def cost(*parts: str) -> Callable[[Ensemble, int], Values]:
    """Cost of the whole area since month 0, GBP, one or more kinds together."""

    def values(ensemble: Ensemble, month: int) -> Values:
        columns = [SUMS.index(part) for part in parts]
        return np.asarray(ensemble.sums[:, month, :, columns].sum(axis=(0, 2)))

    return values


def cost_per_family(ensemble: Ensemble, month: int) -> Values:
    """Cash and released time over families reached at fidelity, GBP."""
    reached = ensemble.family[:, month, :, :, FAMILY.index("families_reached_at_fidelity")].sum(axis=(1, 2))
    return divide(cost("cost_cash", "cost_released_time")(ensemble, month), np.asarray(reached, np.float64))


def below_fidelity(ensemble: Ensemble, month: int) -> Values:
    """Practitioners who use the practice with true fidelity below the criterion."""
    return count("practitioners_using")(ensemble, month) - count("practitioners_at_fidelity")(ensemble, month)


def delivered(ensemble: Ensemble, month: int) -> Values:
    """Mean delivered share of core components over all staff, users or not."""
    total = ensemble.sums[:, month, :, SUMS.index("fidelity")].sum(axis=1)
    return np.asarray(total / count("practitioners")(ensemble, month))


def certified_at_36(ensemble: Ensemble, month: int) -> Values:
    """Share of started sites certified 36 months after their own start, of those that can be seen that long."""
    return by_site(ensemble, CERTIFIED_AT_36, month)


@dataclass(frozen=True)
class ByAge:
    """Share of started sites certified within t months of their own start, among those seen that long."""

    def __call__(self, ensemble: Ensemble, month: int) -> Values:
        """The share within the longest time that a month allows, [R]."""
        return by_site(ensemble, CERTIFIED_BY_AGE, month)

    def over_months(self, ensemble: Ensemble) -> Values:
        """By months since the sites' own start, [R, T+1]."""
        return divide(*cohort_counts(ensemble, ensemble.months))


def months_to_most(ensemble: Ensemble, month: int) -> Values:
    """Smallest t such that at least 80 % of the started sites observed t months or longer were certified within t."""
    return by_site(ensemble, MONTHS_TO_MOST, month)


def budget_short(ensemble: Ensemble, month: int) -> Values:
    """Share of the months so far in which a budget could not pay for everything that was claimed."""
    months = ensemble.area[:, 1 : month + 1, AREA.index("budget_short")]
    return np.asarray(months.mean(axis=1)) if month > 0 else np.full(ensemble.replicates, np.nan)


def kept(ensemble: Ensemble, month: int) -> Values:
    """Known only at the end of the run. Earlier months have a value only if support ended five years before."""
    return by_site(ensemble, KEPT, month)
