"""What scenarios come to, and how sure we are of the difference: same area, same luck, run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ScenarioError
from sim.results import measures as h
from sim.results.intervals import Estimate, mean_difference, median_difference, quantile

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

STANDARD = tuple(x.id for x in h.HEADLINES)


@dataclass(frozen=True)
class Summary:
    """One headline of one scenario over its simulated runs.

    Attributes:
        headline: what it is.
        scenario: the scenario's name.
        month: read at this month.
        median: median of runs; NaN not defined in any run, infinite beyond the horizon.
        p10: a tenth of runs lie below.
        p90: nine tenths lie below.
        beyond_horizon: share of runs in which the horizon hides the answer.
        undefined: share of runs in which there is nothing to divide by.
        kind: 'fitted', 'predicted' or 'assumed'.
        asked: id or id@month as it was asked for.
    """

    headline: h.Headline
    scenario: str
    month: int
    median: float
    p10: float
    p90: float
    beyond_horizon: float
    undefined: float
    kind: str
    asked: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; null where the value is not defined or beyond the horizon."""
        return {
            "id": self.asked,
            "unit": self.headline.unit,
            "cohort": self.headline.cohort,
            "scenario": self.scenario,
            "month": self.month,
            "median": finite(self.median),
            "p10": finite(self.p10),
            "p90": finite(self.p90),
            "beyond_horizon": self.beyond_horizon,
            "undefined": self.undefined,
            "kind": self.kind,
        }


@dataclass(frozen=True)
class Difference:
    """One headline of `scenario` minus that of `against`, paired by replicate.

    Attributes:
        headline: what it is.
        scenario: the first scenario.
        against: what it is compared with.
        estimate: the paired difference and its 95 % interval.
        p10: a tenth of the paired differences lie below.
        p90: nine tenths lie below.
        higher: share of pairs in which `scenario` is the higher one.
        equal: share of pairs that are exactly equal.
        unpaired: share of runs left out because one side has no value.
        asked: id or id@month as it was asked for.
    """

    headline: h.Headline
    scenario: str
    against: str
    estimate: Estimate
    p10: float
    p90: float
    higher: float
    equal: float
    unpaired: float
    asked: str

    @property
    def apart(self) -> bool:
        """Whether the difference is larger than its noise."""
        return self.estimate.apart

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {
            "id": self.asked,
            "unit": self.headline.unit,
            "scenario": self.scenario,
            "against": self.against,
            "estimate": self.estimate.kind,
            "difference": finite(self.estimate.value),
            "low": finite(self.estimate.low),
            "high": finite(self.estimate.high),
            "p10": finite(self.p10),
            "p90": finite(self.p90),
            "apart": self.apart,
            "share_higher": finite(self.higher),
            "share_equal": finite(self.equal),
            "share_unpaired": self.unpaired,
        }


def finite(value: float) -> float | None:
    """The number, None where it is not one."""
    return value if math.isfinite(value) else None


def summarise(ensemble: Ensemble, name: str) -> Summary:
    """Median and 10-90 % range of simulated runs of one headline (`id` or `id@month`)."""
    headline, month, values = h.read(ensemble, name)
    beyond, undefined = np.isinf(values), np.isnan(values)
    shown = values if headline.unit == h.MONTHS else values[~beyond]
    median, p10, p90 = (quantile(shown, q) for q in (0.5, 0.1, 0.9))
    if math.isnan(median) and beyond.any():
        median = p10 = p90 = h.BEYOND
    return Summary(
        headline,
        ensemble.scenario.name,
        month,
        median,
        p10,
        p90,
        float(beyond.mean()),
        float(undefined.mean()),
        h.kind(headline.id, ensemble, month),
        name,
    )


def difference(first: Ensemble, other: Ensemble, name: str) -> Difference:
    """`first` minus `other` in one headline, run by run.

    Raises:
        ScenarioError: the two do not share their luck (seed, replicates) or their months.
    """
    check_pair(first, other)
    headline, _, a = h.read(first, name)
    _, _, b = h.read(other, name)
    unbounded = headline.unit in (h.MONTHS, h.POUNDS)
    if headline.unit != h.MONTHS:
        a, b = np.where(np.isinf(a), np.nan, a), np.where(np.isinf(b), np.nan, b)
    with np.errstate(invalid="ignore"):
        paired = a - b  # both beyond the horizon: NaN, nothing is known
    known = ~np.isnan(paired)
    estimate = median_difference(paired) if unbounded else mean_difference(paired)
    return Difference(
        headline,
        first.scenario.name,
        other.scenario.name,
        estimate,
        quantile(paired, 0.1),
        quantile(paired, 0.9),
        _share(paired[known] > 0),
        _share(paired[known] == 0),
        1.0 - float(known.mean()),
        name,
    )


def check_pair(first: Ensemble, other: Ensemble) -> None:
    """Refuse to pair runs that do not share their luck."""
    for what in ("seed", "first", "replicates", "months"):
        if getattr(first, what) != getattr(other, what):
            raise ScenarioError(
                f"compare: {first.scenario.name} and {other.scenario.name} differ in {what} "
                f"({getattr(first, what)} and {getattr(other, what)}); run both with the same."
            )


def summaries(ensembles: Sequence[Ensemble], names: Sequence[str] = STANDARD) -> list[Summary]:
    """Every headline of every scenario, headline by headline."""
    return [summarise(e, name) for name in names for e in ensembles]


def differences(ensembles: Sequence[Ensemble], names: Sequence[str] = STANDARD) -> list[Difference]:
    """The first scenario minus each of the others, headline by headline."""
    return [difference(ensembles[0], other, name) for name in names for other in ensembles[1:]]


def _share(flags: Any) -> float:
    return float(flags.mean()) if len(flags) else math.nan
