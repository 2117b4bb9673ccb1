"""Many simulated places: each is one run of the bank, what it would report, and the update by the other runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from observed_builders import WATCHED, seen_of, setup
from scipy.stats import chisquare

from sim import posterior
from sim.observed.bank import Followed, How, errors_of, joined, run_batch
from sim.observed.likelihood import log_likelihood
from sim.observed.prior import Widened
from sim.observed.scores import crps, goes_on, stays
from sim.observed.weighed import Weighed
from sim.observed.weighing import Weights, quantile, to_weigh, weigh

AREA = ("using", "at_fidelity", "families_served", "capacity_core")
SCORED = "using"
LAST, FORECAST_AT = 12, 24
LEARNED = ("commitment_mean", "readiness_mean", "capacity_growth")


@cache
def bank_of(runs: int) -> Weighed:
    """Runs that places and updates are taken from."""
    prepared = setup(FORECAST_AT)
    series = tuple(dict.fromkeys([(n, z) for n, z, _ in WATCHED] + [(n, "all") for n in AREA]))
    sample = Widened(posterior.load().rows, 7)
    bank = joined([run_batch(prepared, Followed(series), sample, (7, first, min(500, runs - first)), How())
                   for first in range(0, runs, 500)])  # fmt: skip
    errors = errors_of(bank, prepared, ["assess_error", "assessment_error"])
    return Weighed(bank, errors, (), Weights(np.full(runs, 1 / runs), runs, 1.0, runs))


@dataclass
class Outcome:
    """What updates of many places came to: lists of one entry a place.

    Attributes:
        ranks: place of the truth among the weighted runs, by parameter or measure.
        covered: whether the band of 8 in 10 held the truth.
        scores: CRPS by forecast: updated, before, and the two naive ones.
        effective: effective number of runs.
        strength: of the weights.
    """

    ranks: dict[str, list[float]]
    covered: list[bool]
    scores: dict[str, list[float]]
    effective: list[float]
    strength: list[float]


def update_places(runs: int, places: int, believed: float = 1.0, least: float | None = None) -> Outcome:
    """Update as many places by the runs that are not theirs.

    Args:
        runs: in the bank.
        places: how many; each is a run of the bank.
        believed: factor on the errors that the update believes in; data are made with the errors themselves.
        least: effective number of runs to keep, None: as the tool does.
    """
    whole = bank_of(runs)
    bank, dice = whole.bank, np.random.default_rng(11)
    believing = replace(whole, errors={n: believed * v for n, v in whole.errors.items()})
    rows = [bank.row(r) for r in range(runs)]
    values = {n: np.array([row[n] for row in rows]) for n in LEARNED}
    values |= {n: bank.at(n, "all", FORECAST_AT) for n in AREA}
    found = Outcome({n: [] for n in values}, [], {n: [] for n in ("updated", "before", "stays", "line")}, [], [])
    area = bank.series(SCORED, "all")
    for truth in range(places):
        data = to_weigh(seen_of(whole, truth, LAST, dice))
        total = np.zeros(runs)
        for datum in data:
            x, error = believing.truths(datum)
            total += log_likelihood(datum, x, error if datum.observable.error else believed * error)
        total[truth] = -np.inf
        weights = weigh(total) if least is None else weigh(total, least)
        w = weights.values
        found.effective.append(weights.untempered)
        found.strength.append(weights.strength)
        for name, x in values.items():
            same = np.isclose(x, x[truth], atol=1e-9)
            # A tie counts for a random part, so that ranks of discrete values are uniform too.
            found.ranks[name].append(float(w[(x < x[truth]) & ~same].sum() + dice.random() * w[same].sum()))
        x, came = values[SCORED], float(values[SCORED][truth])
        low, high = quantile(x, w, 0.1, 0.9)
        found.covered.append(low <= came <= high)
        others = np.full(runs, 1.0)
        others[truth] = 0.0
        seen = [(m, float(area[truth, m])) for m in range(3, LAST + 1, 3)]
        found.scores["updated"].append(crps(x, w, came))
        found.scores["before"].append(crps(x, others, came))
        found.scores["stays"].append(abs(stays(seen) - came))
        found.scores["line"].append(abs(goes_on(seen, FORECAST_AT, 1.0) - came))
    return found


def uniform(ranks: list[float], bins: int = 10) -> float:
    """Chance of ranks at least as uneven, if they were uniform."""
    counts = np.histogram(ranks, bins=bins, range=(0.0, 1.0))[0]
    return float(chisquare(counts).pvalue)


def spread(ranks: list[float]) -> float:
    """Variance of ranks against that of uniform ones: above 1 too sure, below 1 not sure enough."""
    return float(np.mean((np.array(ranks) - 0.5) ** 2) * 12.0)
