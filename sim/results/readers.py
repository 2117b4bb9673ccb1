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

from sim.engine.sums import AREA, COUNTS, FAMILY, SUMS
from sim.results.series import divide

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.sums import Ensemble

Values = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

BEYOND = np.inf
CERTIFICATION_MONTHS = 36
MOST = 0.8
KEPT_MONTHS = 60
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
    started = ensemble.site_month[:, :, 0]
    seen = (ensemble.certified_at_36 >= 0) & (started >= 0) & (started + CERTIFICATION_MONTHS <= month)
    share = divide((seen & (ensemble.certified_at_36 == 1)).sum(axis=1), seen.sum(axis=1))
    hidden = np.isnan(share) & ((started >= 0) & (started <= month)).any(axis=1)
    return np.where(hidden, BEYOND, share)


def cohort_counts(ensemble: Ensemble, month: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Started sites, by months since their own start, as known at a month.

    Returns:
        Those seen t months or longer that were certified within t, and all those seen that long, [R, month + 1] each.
    """
    started, certified = ensemble.site_month[:, :, 0], ensemble.site_month[:, :, 3]
    there = (started >= 0) & (started <= month)
    done = there & (certified >= 0) & (certified <= month)

    def ending(which: NDArray[np.bool_], at: NDArray[np.int32]) -> NDArray[np.int64]:
        run, site = np.nonzero(which)
        cell = run * (month + 1) + at[run, site]
        return np.bincount(cell, minlength=len(at) * (month + 1)).reshape(len(at), month + 1)

    seen = ending(there, month - started)
    whole = seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    gone = ending(done, month - started)
    part = ending(done, certified - started).cumsum(axis=1) - (gone.cumsum(axis=1) - gone)
    return part, whole


@dataclass(frozen=True)
class ByAge:
    """Share of started sites certified within t months of their own start, among those seen that long."""

    def __call__(self, ensemble: Ensemble, month: int) -> Values:
        """The share within the longest time that a month allows, [R]."""
        return divide(*cohort_counts(ensemble, month))[:, -1]

    def over_months(self, ensemble: Ensemble) -> Values:
        """By months since the sites' own start, [R, T+1]."""
        return divide(*cohort_counts(ensemble, ensemble.months))


def months_to_most(ensemble: Ensemble, month: int) -> Values:
    """Smallest t such that at least 80 % of the started sites observed t months or longer were certified within t."""
    part, whole = cohort_counts(ensemble, month)
    enough = divide(part, whole) >= MOST
    found = np.where(whole[:, 0] > 0, BEYOND, np.nan)
    return np.where(enough.any(axis=1), enough.argmax(axis=1).astype(np.float64), found)


def budget_short(ensemble: Ensemble, month: int) -> Values:
    """Share of the months so far in which a budget could not pay for everything that was claimed."""
    months = ensemble.area[:, 1 : month + 1, AREA.index("budget_short")]
    return np.asarray(months.mean(axis=1)) if month > 0 else np.full(ensemble.replicates, np.nan)


def kept(ensemble: Ensemble, month: int) -> Values:
    """Known only at the end of the run. Earlier months have a value only if support ended five years before."""
    known = ensemble.kept >= 0
    share = divide((ensemble.kept == 1).sum(axis=1), known.sum(axis=1))
    hidden = (ensemble.kept == -2).any(axis=1) | (known.any(axis=1) & (month < ensemble.months))
    return np.where(hidden, BEYOND, share)
