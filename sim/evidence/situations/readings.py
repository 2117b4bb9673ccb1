"""What each published figure measures, read from simulated situations: one function a situation.

Every function takes a laboratory and returns readings; a reading is a distribution over runs and the published band.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engine.sums import COUNTS, MARKS, SUMS, Ensemble
from sim.evidence.situations.laboratory import (
    COMMITMENT,
    FIRST_ZONE,
    Laboratory,
    Values,
    area_of_staff,
    coalition,
    open_zone,
    site_by_site,
)
from sim.organisation.codes import SITE_TYPES
from sim.results import readers
from sim.results.measures import read
from sim.results.readers import delivered
from sim.results.series import divide

STARTED, INITIAL, CERTIFIED = 0, 1, 3
M12, M36 = MARKS.index(12), MARKS.index(36)
USERS_AT_LEAST = 3
HORIZON_OF_STARTS = 144
BOOTSTRAPS = 200


@dataclass(frozen=True)
class Reading:
    """One simulated figure against one published band.

    Attributes:
        name: what is read, '' where a situation has one reading.
        values: a distribution over runs (NaN: nothing to read in that run).
        low: lower end of the published band.
        high: upper end.
        unit: 'share', 'years', 'ratio', 'correlation', 'difference' or 'months'.
    """

    name: str
    values: Values
    low: float
    high: float
    unit: str = "share"

    @property
    def known(self) -> Values:
        """The values of runs in which there was something to read."""
        found: Values = self.values[np.isfinite(self.values)]
        return found

    @property
    def median(self) -> float:
        """Median over runs, NaN where no run has a value."""
        return float(np.median(self.known)) if len(self.known) else math.nan

    @property
    def grouped(self) -> float:
        """Median of the mid-distribution: smooth where values come in steps (a share of six sites jumps by a sixth)."""
        if not len(self.known):
            return math.nan
        values, runs = np.unique(self.known, return_counts=True)
        return float(np.interp(0.5, (np.cumsum(runs) - runs / 2.0) / len(self.known), values))

    @property
    def mean(self) -> float:
        """Mean over runs."""
        return float(self.known.mean()) if len(self.known) else math.nan

    def quantile(self, q: float) -> float:
        """A quantile over runs."""
        return float(np.quantile(self.known, q)) if len(self.known) else math.nan

    @property
    def within(self) -> bool:
        """Is the simulated median inside the band?"""
        return self.low <= self.median <= self.high


Measure = Callable[[Laboratory], list[Reading]]


def count(e: Ensemble, name: str, month: int) -> Values:
    """A count of the whole area in one month, one value for each run."""
    return readers.count(name)(e, month)


def using(e: Ensemble, month: int) -> Values:
    """Share of practitioners who use the practice."""
    return read(e, f"practitioners_using_share@{month}")[2]


def bootstrap(runs: int, statistic: Callable[[np.ndarray], float]) -> Values:
    """A figure that only a whole ensemble has, over resampled ensembles."""
    dice = np.random.default_rng(20180501)
    return np.array([statistic(dice.integers(0, runs, runs)) for _ in range(BOOTSTRAPS)])


def certified_at_36(lab: Laboratory) -> list[Reading]:
    """C1 as cited: certified 36 months after their own start, of the first zone's started sites."""
    e = lab.shipped("with-teams", 72)
    known = e.certified_at_36[:, e.site_zone == FIRST_ZONE]
    return [Reading("", divide((known == 1).sum(axis=1), (known >= 0).sum(axis=1)), 0.78, 0.90)]


def certified_at_last(lab: Laboratory) -> list[Reading]:
    """C1 as published: ever certified in 120 months, and the mean time it took them."""
    e = lab.shipped("with-teams", 120)
    months = e.site_month[:, e.site_zone == FIRST_ZONE].astype(float)
    started, certified = months[..., STARTED], months[..., CERTIFIED]
    there = (started >= 0) & (certified >= 0)
    years = np.where(there, (certified - started) / 12.0, 0.0)
    return [
        Reading("ever certified", divide(there.sum(axis=1), (started >= 0).sum(axis=1)), 0.75, 0.90),
        Reading("mean time among them", divide(years.sum(axis=1), there.sum(axis=1)), 3.0, 4.0, "years"),
    ]


def using_after_17_years(lab: Laboratory) -> list[Reading]:
    """C2: practitioners using the practice with no organised support, month 204."""
    e = lab.shipped("without-teams", 204)
    return [Reading("", using(e, 204), 0.10, 0.18)]


def omitted(lab: Laboratory) -> list[Reading]:
    """C3: share of the practice omitted at sites of train-and-hope with at least three users, month 36; sites of all
    runs together, as a run has but a handful of them.
    """
    e = lab.run(site_by_site("train-and-hope"), 36)
    users = e.counts[:, 36, :-1, COUNTS.index("practitioners_using")]
    fidelity = e.sums[:, 36, :-1, SUMS.index("fidelity")]
    enough = users >= USERS_AT_LEAST
    omission = np.where(enough, 1.0 - fidelity / np.maximum(users, 1), np.nan)
    omission = omission[enough.any(axis=1)]

    def over_sites(q: float) -> Values:
        if not len(omission):
            return np.array([math.nan])
        return bootstrap(len(omission), lambda runs: float(np.nanpercentile(omission[runs], q)))

    return [
        Reading("median over sites", over_sites(50), 0.40, 0.65),
        Reading("5th percentile of sites", over_sites(5), 0.20, 0.85),
        Reading("95th percentile of sites", over_sites(95), 0.20, 0.85),
    ]


def leadership_gain(lab: Laboratory) -> list[Reading]:
    """C4: gain of delivered practice from teams, top against bottom tertile of runs by leaders' commitment."""
    rows = lab.committed_rows()
    teams = lab.shipped("with-teams", 36, sample=rows)
    without = lab.shipped("without-teams", 36, sample=rows)
    gain = delivered(teams, 36) - delivered(without, 36)
    commitment = np.array([rows[k][COMMITMENT] for k in teams.rows])

    def ratio(runs: np.ndarray) -> float:
        order = runs[np.argsort(commitment[runs], kind="stable")]
        third = len(order) // 3
        return float(gain[order[-third:]].mean() / max(gain[order[:third]].mean(), 1e-9))

    return [Reading("", bootstrap(len(gain), ratio), 3.0, 10.0, "ratio")]


def as_intended_after_5_years(lab: Laboratory) -> list[Reading]:
    """V2: practitioners at fidelity five years after their site started without teams, of all at such sites."""
    e = lab.run(site_by_site("train-and-hope"), HORIZON_OF_STARTS)
    zones = len(e.zones)
    started = np.array([e.site_month[:, np.flatnonzero(e.site_zone == z)[0], STARTED] for z in range(zones)]).T
    there = (started >= 0) & (started + 60 <= e.months)
    month = np.where(there, started + 60, 0)

    def then(name: str) -> Values:
        values = e.counts[:, :, :zones, COUNTS.index(name)].astype(float)
        return np.asarray(np.where(there, np.take_along_axis(values, month[:, None, :], axis=1)[:, 0], 0.0).sum(axis=1))

    return [Reading("", divide(then("practitioners_at_fidelity"), then("practitioners")), 0.05, 0.15)]


def yearly_joining(lab: Laboratory) -> list[Reading]:
    """V3: do yearly increments of sites in initial implementation rise to year 3-5 and then fall? Share of runs."""
    e = lab.run(open_zone(), 96)
    first = e.site_month[..., INITIAL]
    yearly = np.array([[((one > 12 * y) & (one <= 12 * y + 12)).sum() for y in range(8)] for one in first])
    peak = yearly.argmax(axis=1)
    after = np.array([row[-1] for row in yearly])
    rises = (peak >= 2) & (peak <= 4) & (yearly[:, 0] < yearly.max(axis=1)) & (after < yearly.max(axis=1))
    return [Reading("share of runs", bootstrap(len(rises), lambda r: float(rises[r].mean())), 0.80, 1.0)]


def what_goes_with_fidelity(lab: Laboratory) -> list[Reading]:
    """V4: assessed fidelity at month 36 of a site against capacity, neighbours in use, early fidelity and data use."""
    e = lab.shipped("with-teams", 120)
    fidelity, capacity = e.marked[:, :, M36, 0], e.marked[:, :, M36, 1]
    early, data_use = e.marked[:, :, M12, 0], e.marked[:, :, M12, 2]
    neighbours = _neighbours_in_use(e)
    columns = np.stack([fidelity, capacity, neighbours, early, data_use])
    known: np.ndarray = np.asarray(np.isfinite(columns).all(axis=0))

    def of(runs: np.ndarray) -> np.ndarray:
        sites = known[runs]
        return np.stack([c[runs][sites] for c in columns])

    def pair(k: int) -> Callable[[np.ndarray], float]:
        return lambda runs: float(np.corrcoef(of(runs)[[0, k]])[0, 1])

    def advantage(runs: np.ndarray) -> float:
        z = of(runs)
        z = (z - z.mean(axis=1, keepdims=True)) / z.std(axis=1, keepdims=True)
        slopes = np.linalg.lstsq(z[2:].T, z[0], rcond=None)[0]
        return float(min(slopes[1], slopes[2]) - slopes[0])

    runs = len(fidelity)
    return [
        Reading("correlation with capacity", bootstrap(runs, pair(1)), 0.15, 0.5, "correlation"),
        Reading("correlation with neighbours in use", bootstrap(runs, pair(2)), 0.0, 0.5, "correlation"),
        Reading("early fidelity and data use beyond neighbours", bootstrap(runs, advantage), 0.0, 1.0, "slope"),
    ]


def _neighbours_in_use(e: Ensemble) -> Values:
    """Share of a site's ties to other sites that lead to sites in initial implementation 36 months after its start."""
    people, sites = area_of_staff().practitioners, len(e.site_zone)
    here = np.repeat(people.site, np.diff(people.tie_indptr))
    ties = np.zeros((sites, sites))
    np.add.at(ties, (here, people.site[people.tie_indices]), 1.0)
    np.fill_diagonal(ties, 0.0)
    weight = ties / np.maximum(ties.sum(axis=1, keepdims=True), 1.0)
    started, initial = e.site_month[..., STARTED], e.site_month[..., INITIAL]
    in_use = (initial[:, None, :] >= 0) & (initial[:, None, :] <= started[:, :, None] + 36)
    return np.asarray(np.einsum("ij,rij->ri", weight, in_use))


def fidelity_with_support(lab: Laboratory) -> list[Reading]:
    """V5: users' true fidelity at started, supported sites, months 12-48 after their start."""
    e = lab.run(site_by_site("with-teams", FIRST_ZONE), 84)
    zones = len(e.zones)
    by_zone = np.array([e.site_month[:, np.flatnonzero(e.site_zone == z)[0], STARTED] for z in range(zones)]).T
    users = e.counts[:, :, :zones, COUNTS.index("practitioners_using")].astype(float)
    mean = divide(e.sums[:, :, :zones, SUMS.index("fidelity")], users)
    month = np.arange(e.months + 1)[None, :, None]
    window = (by_zone[:, None, :] >= 0) & (month >= by_zone[:, None, :] + 12) & (month <= by_zone[:, None, :] + 48)
    seen = window & np.isfinite(mean)
    site = divide(np.where(seen, mean, 0.0).sum(axis=1), seen.sum(axis=1))
    there = np.isfinite(site)
    return [
        Reading("mean over sites", divide(np.where(there, site, 0.0).sum(axis=1), there.sum(axis=1)), 0.60, 0.85),
        Reading("sites above 0.95", divide((there & (site > 0.95)).sum(axis=1), there.sum(axis=1)), 0.0, 0.10),
    ]


def who_is_certified_first(lab: Laboratory) -> list[Reading]:
    """V6: months to certification (counted to the horizon where it was not reached) by type, and by deprivation within
    zones, as later zones are faster.
    """
    e = lab.shipped("with-teams", 120)
    started, certified = e.site_month[..., STARTED], e.site_month[..., CERTIFIED]
    took = np.where(certified >= 0, certified, e.months) - started
    took = np.where(started >= 0, took, np.nan).astype(float)
    sites = area_of_staff().sites
    kinds = {t: sites.type == SITE_TYPES.index(t) for t in ("primary", "nursery", "secondary")}

    def mean(mask: np.ndarray) -> Values:
        seen = np.isfinite(took[:, mask])
        return divide(np.where(seen, took[:, mask], 0.0).sum(axis=1), seen.sum(axis=1))

    alike = kinds["primary"] | kinds["nursery"]
    columns = [np.ones(len(sites)), sites.deprivation, np.log(sites.staff), kinds["nursery"]]
    design = np.column_stack(columns)[alike]
    spread = float(np.subtract(*np.quantile(sites.deprivation[alike], [5 / 6, 1 / 6])))

    def worse(run: Values) -> float:
        seen = np.isfinite(run)
        return spread * float(np.linalg.lstsq(design[seen], run[seen], rcond=None)[0][1])

    zone = e.site_zone[alike]
    terms = [zone == z for z in np.unique(zone)[1:]]
    design = np.column_stack([design, *terms]).astype(float)
    slopes = np.array([worse(run) for run in took[:, alike]])
    return [
        Reading("secondary minus primary", mean(kinds["secondary"]) - mean(kinds["primary"]), 0.0, 120.0, "months"),
        Reading("most minus least deprived third, sites of one size and type", slopes, 0.0, 120.0, "months"),
    ]


def coalition_alone(lab: Laboratory) -> list[Reading]:
    """V7: a coalition against services as usual, month 48: use up, fidelity of users much the same."""
    there, usual = lab.run(coalition(), 48), lab.shipped("without-teams", 48)

    def users_fidelity(e: Ensemble) -> Values:
        return divide(e.sums[:, 48, :, SUMS.index("fidelity")].sum(axis=1), count(e, "practitioners_using", 48))

    staff = count(there, "practitioners", 48)
    use = (count(there, "practitioners_using", 48) - count(usual, "practitioners_using", 48)) / staff
    gap = users_fidelity(there) - users_fidelity(usual)
    return [
        Reading("use, coalition minus usual", use, 0.0, 1.0, "difference"),
        Reading("fidelity, coalition minus usual", gap, -0.05, 0.05, "difference"),
    ]
