"""What scenarios achieve, and how sure we are of the difference: same area, same random numbers, run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.by_site import BEYOND
from sim.errors import ScenarioError
from sim.results import measures as m
from sim.results.intervals import Estimate, mean_difference, median_difference, quantile

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble


@dataclass(frozen=True)
class Summary:
    """One headline of one scenario over its simulated runs.

    Attributes:
        measure: what it is.
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

    measure: m.Measure
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
            "unit": self.measure.unit,
            "cohort": self.measure.cohort,
            "scenario": self.scenario,
            "month": self.month,
            "median": finite(self.median),
            "p10": finite(self.p10),
            "p90": finite(self.p90),
            "beyond_horizon": self.beyond_horizon,
            "undefined": self.undefined,
            "kind": self.kind,
        }


class Verdict(Enum):
    """What can be said of a difference."""

    NO_PAIRS = "nothing to compare"
    SAME = "the same in every run"
    TOO_FEW = "too few runs to tell"
    NOT_APART = "cannot be told apart"
    TRIFLE = "hardly differ"
    APART = "apart"


TRIFLES = {m.SHARE: 0.005, m.MONTHS: 1.0, m.SD: 0.05}
"""A paired difference whose 8 runs in 10 lie closer to nothing than this is not worth a figure, by unit."""
SMALL_PART = 0.01
"""The same for money and people, as a part of the larger of the two medians."""


@dataclass(frozen=True)
class Difference:
    """One headline of `scenario` minus that of `against`, paired by replicate.

    Attributes:
        measure: what it is.
        scenario: the first scenario.
        against: what it is compared with.
        estimate: the paired difference and its 95 % interval.
        p10: a tenth of the paired differences lie below.
        p90: nine tenths lie below.
        higher: share of pairs in which `scenario` is the higher one.
        level: the larger of the two medians, to tell what is small beside it.
        equal: share of pairs that are exactly equal.
        unpaired: share of runs left out because one side has no value.
        asked: id or id@month as it was asked for.
    """

    measure: m.Measure
    scenario: str
    against: str
    estimate: Estimate
    p10: float
    p90: float
    higher: float
    equal: float
    level: float
    unpaired: float
    asked: str

    @property
    def apart(self) -> bool:
        """Whether the difference is larger than its noise."""
        return self.estimate.apart

    @property
    def verdict(self) -> Verdict:
        """What can be said of it."""
        if self.estimate.pairs == 0:
            return Verdict.NO_PAIRS
        if self.equal == 1.0:
            return Verdict.SAME
        if self.apart:
            return Verdict.TRIFLE if self._trifling else Verdict.APART
        few = math.isinf(self.estimate.low) and math.isinf(self.estimate.high)
        return Verdict.TOO_FEW if few else Verdict.NOT_APART

    @property
    def _trifling(self) -> bool:
        least = TRIFLES.get(self.measure.unit, SMALL_PART * abs(self.level))
        return max(abs(self.p10), abs(self.p90)) < least

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {
            "id": self.asked,
            "unit": self.measure.unit,
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
    measure, month, values = m.read(ensemble, name)
    beyond, undefined = np.isinf(values), np.isnan(values)
    shown = values if measure.unit == m.MONTHS else values[~beyond]
    median, p10, p90 = (quantile(shown, q) for q in (0.5, 0.1, 0.9))
    if math.isnan(median) and beyond.any():
        median = p10 = p90 = BEYOND
    return Summary(
        measure,
        ensemble.scenario.name,
        month,
        median,
        p10,
        p90,
        float(beyond.mean()),
        float(undefined.mean()),
        m.standing(measure.id, ensemble, month),
        name,
    )


def difference(first: Ensemble, other: Ensemble, name: str) -> Difference:
    """`first` minus `other` in one headline, run by run.

    Raises:
        ScenarioError: the two do not share their random numbers (seed, replicates) or their months.
    """
    check_pair(first, other)
    measure, _, a = m.read(first, name)
    _, _, b = m.read(other, name)
    return paired(measure, (a, b), (first.scenario.name, other.scenario.name), name)


def paired(
    measure: m.Measure, values: tuple[Any, Any], scenarios: tuple[str, str] = ("", ""), asked: str = ""
) -> Difference:
    """One scenario's values of a measure minus another's, run by run.

    Args:
        measure: what it is.
        values: of both, one for each run [R], in the same order of runs.
        scenarios: their names.
        asked: id or id@month as it was asked for; '' the measure's own.
    """
    a, b = values
    unbounded = measure.unit in (m.MONTHS, m.POUNDS)
    if measure.unit != m.MONTHS:
        a, b = np.where(np.isinf(a), np.nan, a), np.where(np.isinf(b), np.nan, b)
    with np.errstate(invalid="ignore"):
        gap = a - b  # both beyond the horizon: NaN, nothing is known
    known = ~np.isnan(gap)
    return Difference(
        measure,
        *scenarios,
        median_difference(gap) if unbounded else mean_difference(gap),
        quantile(gap, 0.1),
        quantile(gap, 0.9),
        _share(gap[known] > 0),
        _share(gap[known] == 0),
        max((abs(quantile(v, 0.5)) for v in (a, b) if np.isfinite(v).any()), default=0.0),
        1.0 - float(known.mean()) if len(known) else 1.0,
        asked or measure.id,
    )


def check_pair(first: Ensemble, other: Ensemble) -> None:
    """Refuse to pair runs that do not share their random numbers."""
    for what in ("seed", "first", "replicates", "months"):
        if getattr(first, what) != getattr(other, what):
            raise ScenarioError(
                f"compare: {first.scenario.name} and {other.scenario.name} differ in {what} "
                f"({getattr(first, what)} and {getattr(other, what)}); run both with the same."
            )


def summaries(ensembles: Sequence[Ensemble], names: Sequence[str] = m.HEADLINE_IDS) -> list[Summary]:
    """Every headline of every scenario, headline by headline."""
    return [summarise(e, name) for name in names for e in ensembles]


def differences(ensembles: Sequence[Ensemble], names: Sequence[str] = m.HEADLINE_IDS) -> list[Difference]:
    """The first scenario minus each of the others, headline by headline."""
    return [difference(ensembles[0], other, name) for name in names for other in ensembles[1:]]


def _share(flags: Any) -> float:
    return float(flags.mean()) if len(flags) else math.nan
