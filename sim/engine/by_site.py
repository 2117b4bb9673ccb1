"""What the sites of a replicate have come to, as one number: the measures that look at each site's own months.

Compiled, so that a GPU makes them from its own sites, and nothing of a single site need be fetched.
`results/readers.py` reads them from an ensemble by `by_site`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import kernel, part
from sim.engine.world import MONTHS

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

CERTIFIED_AT_36, CERTIFIED_BY_AGE, MONTHS_TO_MOST, KEPT = range(4)
"""The measures, by number."""

BEYOND, UNKNOWN = np.inf, np.nan
"""The horizon hides the answer; there is nothing to divide by."""

CERTIFICATION_MONTHS = 36
MOST = 0.8
STARTED, CERTIFIED = MONTHS.index("month_started"), MONTHS.index("month_certified")


@part
def certified_at_36(started: Any, known: Any, month: int) -> float:
    """Share of started sites certified 36 months after their own start, of those that can be seen that long.

    Args:
        started: month of each site's start, -1 never [S].
        known: 1 certified 36 months on, 0 not, -1 not known [S].
        month: as known in this month.
    """
    seen, certified, begun = 0, 0, False
    for i in range(len(started)):
        begun = begun or 0 <= started[i] <= month
        if known[i] >= 0 and 0 <= started[i] <= month - CERTIFICATION_MONTHS:
            seen += 1
            certified += known[i] == 1
    if seen > 0:
        return float(certified) / float(seen)
    return BEYOND if begun else UNKNOWN


@part
def cohort(started: Any, certified: Any, month: int, age: int) -> tuple[int, int]:
    """Started sites that are seen `age` months or longer as known in a month, and those of them certified within it.

    Args:
        started: month of each site's start, -1 never [S].
        certified: month of its certification, -1 never [S].
        month: as known in this month.
        age: months since a site's own start.
    """
    seen, done = 0, 0
    for i in range(len(started)):
        if 0 <= started[i] <= month - age:
            seen += 1
            done += 0 <= certified[i] <= month and certified[i] - started[i] <= age
    return done, seen


@part
def certified_by_age(started: Any, certified: Any, month: int) -> float:
    """The share certified within the longest time that a month allows; arguments as in `cohort`."""
    done, seen = cohort(started, certified, month, month)
    return float(done) / float(seen) if seen > 0 else UNKNOWN


@part
def months_to_most(started: Any, certified: Any, month: int) -> float:
    """Smallest age within which at least 80 % of the sites seen that long were certified; arguments as in `cohort`."""
    begun = False
    for age in range(month + 1):
        done, seen = cohort(started, certified, month, age)
        begun = begun or seen > 0
        if seen > 0 and float(done) / float(seen) >= MOST:
            return float(age)
    return BEYOND if begun else UNKNOWN


@part
def kept(known: Any, month: int, months: int) -> float:
    """Share of the sites certified when external support ended that still were 60 months later.

    Known only at the end of the run. Earlier months have a value only if support ended five years before.

    Args:
        known: 1 certified 60 months later, 0 not, -1 not certified when it ended, -2 beyond the horizon [S].
        month: as known in this month.
        months: horizon.
    """
    seen, still, hidden = 0, 0, False
    for i in range(len(known)):
        hidden = hidden or known[i] == -2
        seen += known[i] >= 0
        still += known[i] == 1
    if hidden or (seen > 0 and month < months):
        return BEYOND
    return float(still) / float(seen) if seen > 0 else UNKNOWN


@part
def value(asked: Any, started: Any, certified: Any, at_36: Any, still: Any) -> float:
    """One measure of one replicate; `asked`: its number, the month, the horizon."""
    which, month, months = asked[0], asked[1], asked[2]
    if which == CERTIFIED_AT_36:
        return certified_at_36(started, at_36, month)
    if which == CERTIFIED_BY_AGE:
        return certified_by_age(started, certified, month)
    if which == MONTHS_TO_MOST:
        return months_to_most(started, certified, month)
    return kept(still, month, months)


@part
def write_values(sites: Any, asked: Any, values: Any) -> None:
    """Measures of one replicate from its own sites: a number in `values` [K] for each row of `asked` [K, 3]."""
    for k in range(len(asked)):
        started, certified = sites.month_started, sites.month_certified
        values[k] = value(asked[k], started, certified, sites.certified_at_36, sites.kept)


@kernel
def _of_all(asked: Any, site_month: Any, at_36: Any, still: Any, found: Any) -> None:
    for r in range(len(found)):
        found[r] = value(asked, site_month[r, :, STARTED], site_month[r, :, CERTIFIED], at_36[r], still[r])


@kernel
def _cohorts(site_month: Any, month: int, done: Any, seen: Any) -> None:
    for r in range(len(site_month)):
        for age in range(month + 1):
            started, certified = site_month[r, :, STARTED], site_month[r, :, CERTIFIED]
            done[r, age], seen[r, age] = cohort(started, certified, month, age)


def by_site(ensemble: Ensemble, which: int, month: int) -> NDArray[np.float64]:
    """A measure in every replicate [R], as known in a month: from its sites, or as the GPU made it from them."""
    made = ensemble.by_site.get((which, month))
    if made is not None:
        return made
    found, asked = np.empty(ensemble.replicates), np.array([which, month, ensemble.months], np.int64)
    _of_all(asked, _own(ensemble.site_month), _own(ensemble.certified_at_36), _own(ensemble.kept), found)
    return found


def cohort_counts(ensemble: Ensemble, month: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Started sites, by months since their own start, as known at a month.

    Returns:
        Those seen t months or longer that were certified within t, and all those seen that long, [R, month + 1] each.
    """
    done, seen = (np.zeros((ensemble.replicates, month + 1), np.int64) for _ in range(2))
    _cohorts(_own(ensemble.site_month), month, done, seen)
    return done, seen


def _own(rows: NDArray[Any]) -> NDArray[Any]:
    """The same, as kernels take it; a copy where it may not be written to."""
    return np.require(rows, requirements=["C", "W"])
