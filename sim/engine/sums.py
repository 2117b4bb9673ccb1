"""What is counted every month: the columns of the raw results, numbered once for the kernels, the Mesa model and
reports.

Counts and sums are by zone (the last one is 'outside'); families also by deprivation fifth; governance is one value an
area,
averaged over areas. Raw sums become the published columns (means, shares) in `results/series.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

Sample = Sequence[dict[str, float]]

if TYPE_CHECKING:
    from sim.engine.diary import Diary
    from sim.organisation.organisation import Organisation
    from sim.parameters import Parameters
    from sim.scenarios.scenario import Scenario

COUNTS = (
    "sites",
    "sites_not_engaged",
    "sites_exploration",
    "sites_installation",
    "sites_initial",
    "sites_full",
    "sites_not_sustained",
    "sites_started",
    "sites_certified",
    "sites_ever_certified",
    "practitioners",
    "practitioners_aware",
    "practitioners_trained",
    "practitioners_using",
    "practitioners_at_fidelity",
    "cycles",
    "practitioners_stopped",
    "sites_assessed",
    "teams_local",
)
"""Whole numbers by zone. `cycles` is cumulative; `practitioners_stopped` used the practice in this post and no longer
do;
`sites_assessed` have a fidelity assessment with somebody using; `teams_local` counts sites with a formed local team."""

SUMS = ("fidelity", "fidelity_assessed", "barrier_local", "capacity_local", "cost_cash", "cost_released_time")
"""Sums by zone: fidelity over users, assessed fidelity over assessed sites, barriers over sites, capacity over sites
with a
local team; cost in GBP since month 0. Area-wide cost is shared among zones by their sites that take part."""

AREA = (
    "capacity_core",
    "attention_core",
    "commitment_group",
    "commitment_senior",
    "commitment_manager",
    "barrier_system",
    "barriers_raised",
    "barriers_removed",
    "playbook",
    "usability",
    "budget_short",
)
"""Governance, mean over areas (NaN: no such team or leader); raised and removed are summed over areas and months;
`budget_short` is 1 where the budget of some area did not reach this month."""

FAMILY = (
    "families",
    "families_in_need",
    "families_identified",
    "families_waiting",
    "families_ever_in_need",
    "families_reached",
    "families_reached_at_fidelity",
    "benefit",
    "benefit_in_need",
    "reached_in_need",
    "families_gave_up_waiting",
    "families_identified_wrongly",
    "families_completed",
    "benefit_completed",
    "families_ever",
    "reached_here",
    "benefit_here",
    "gain_fading",
)
"""Whole numbers by zone and fifth; benefits and gains are sums in millionths of an SD.

Families now there: `families`, in need, identified, waiting, `benefit_in_need` and `reached_in_need` (of those in need
now, what service brought them, and how many were ever reached), `reached_here` and `benefit_here` (the same of all now
there), `gain_fading` (what is still there of that part of gains that fades). All others are cumulative, each family
once, and count those who have left: `families_ever` all who are or were there, `families_completed` those who completed
an episode, and `benefit_completed` what service had brought these by the end of the first that they completed."""

MARKS = (12, 24, 36, 60)
"""Months after a site's own start at which its assessment is kept."""

MARKED = ("fidelity", "capacity", "data_use", "using")
"""What is kept at each mark, as assessed."""


COURSE = ("month_given_up", "month_returned", "generation")
"""What is kept of a site's course: months in which it first gave the practice up and first joined again, and how many
teams lie between it and the external supporters (its local team, where it has one, counts as part of the site; 0:
it never took part, or there is no team)."""


@dataclass(frozen=True)
class Ensemble:
    """Raw results of one scenario: R replicates, T months, Z zones and 'outside', S sites.

    Attributes:
        scenario: the resolved scenario that was run.
        organisation: the organisation within the scenario's scope.
        zones: zone names in order; index Z is 'outside'.
        site_zone: zone index by site (Z outside).
        months: T.
        seed: seed of the run.
        first: number of the first replicate (others follow).
        rows: int64 [R]: row of the parameter sample used, -1 none.
        sample: the parameter sample, a row a set of values by name; empty: none.
        counts: int64 [R, T+1, Z+1, len(COUNTS)].
        sums: float64 [R, T+1, Z+1, len(SUMS)].
        area: float64 [R, T+1, len(AREA)].
        family: int64 [R, T+1, Z+1, 5, len(FAMILY)].
        site_month: int32 [R, S, 4]: months of first start, initial, full implementation, certification; -1 never.
        certified_at_36: int8 [R, S]: certified 36 months after its start; -1 not started or beyond the horizon.
        kept: int8 [R, S]: -1 not certified when external support ended (or it never ended), else 1 certified 60 months
            later, 0 not, -2 beyond the horizon.
        not_sustained: int8 [R, S]: 1 where the site is not sustained at the end.
        marked: float64 [R, S, len(MARKS), len(MARKED)]: as assessed; NaN unknown.
        cost: float64 [R, agencies + 1, years, 2]: GBP by agency (last: external) and year; cash, released time.
        site_course: int32 [R, S, len(COURSE)], -1 never.
        diary: what was written down month by month, where asked for.
        by_site: float64 [R] by measure and month: those of `engine/by_site.py` that a GPU made instead of the arrays
            of sites above, which then hold nothing.
    """

    scenario: Scenario
    organisation: Organisation
    zones: tuple[str, ...]
    site_zone: NDArray[np.int32]
    months: int
    seed: int
    first: int
    rows: NDArray[np.int64]
    sample: Sample
    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    area: NDArray[np.float64]
    family: NDArray[np.int64]
    site_month: NDArray[np.int32]
    certified_at_36: NDArray[np.int8]
    kept: NDArray[np.int8]
    not_sustained: NDArray[np.int8]
    marked: NDArray[np.float64]
    cost: NDArray[np.float64]
    site_course: NDArray[np.int32]
    diary: Diary | None = None
    by_site: dict[tuple[int, int], NDArray[np.float64]] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """How many replicates."""
        return len(self.rows)

    def parameters(self, index: int) -> Parameters:
        """Parameters of the replicate at that position: the scenario's, over its row of the sample."""
        row = int(self.rows[index])
        return self.scenario.parameter_values(self.sample[row] if row >= 0 else None)


def differing(one: Ensemble, other: Ensemble) -> list[str]:
    """The names of arrays in which two ensembles do not hold the same bits; every NaN counts as the same, as
    processors differ in the bits that they give it.
    """
    pairs = {of.name: (getattr(one, of.name), getattr(other, of.name)) for of in fields(one)}
    arrays = {name: pair for name, pair in pairs.items() if isinstance(pair[0], np.ndarray)}
    bits = {name: [np.where(np.isnan(a), np.nan, a).tobytes() for a in pair] for name, pair in arrays.items()}
    return [name for name, (mine, theirs) in bits.items() if mine != theirs]
