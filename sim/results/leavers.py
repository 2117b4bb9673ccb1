"""How many staff have left their posts since month 0, as the turnover of a run leads one to expect.

The engines replace leavers without counting them; what is expected follows from the same rates: by kind of post,
deprivation, the school year, coaching of those who use the practice, and turnover that a plan's dated events change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import COUNTS
from sim.organisation.codes import AGENCIES
from sim.rules.practitioner import Setting, leaves
from sim.rules.year import calendar, seasonal
from sim.scenarios.events import LeversChange

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.parameters import PractitionerParameters
    from sim.scenarios.scenario import Scenario

Values = NDArray[np.float64]


def leavers(ensemble: Ensemble, month: int) -> Values:
    """Expected leavers of the whole area up to a month, [R]."""
    return by_zone(ensemble)[:, month, -1]


def by_zone(ensemble: Ensemble) -> Values:
    """Expected leavers since month 0: [R, T+1, zones + outside + all]."""
    zones = len(ensemble.zones) + 1
    factor, school_year, start = _turnover(ensemble.scenario, ensemble.months)
    staff = ensemble.counts[..., COUNTS.index("practitioners")].astype(np.float64)
    using = ensemble.counts[..., COUNTS.index("practitioners_using")] / np.maximum(staff, 1.0)
    coached = min(1.0, ensemble.scenario.lever_values().coaching)
    found = np.zeros((ensemble.replicates, ensemble.months + 1, zones + 1))
    posts = _posts(ensemble, zones)
    for run in range(ensemble.replicates):
        p = ensemble.parameters(run).practitioner
        rate = _monthly(p, posts, (factor, school_year, start))
        stay = 1.0 - (1.0 - p.turnover_coached) * coached * using[run]
        found[run, :, :zones] = np.cumsum(rate * stay, axis=0)
    found[:, :, -1] = found[:, :, :zones].sum(axis=2)
    return found


def _turnover(scenario: Scenario, months: int) -> tuple[Values, float, int]:
    """Turnover against today's by month (0 in month 0, when nobody leaves), weight of the school year, month 0."""
    levers = scenario.lever_values()
    factor = np.full(months + 1, levers.turnover_factor)
    for event in sorted((e for e in scenario.events if e.month is not None), key=lambda e: e.month or 0):
        change = event.effect(LeversChange)
        value = dict(event.levers).get("turnover_factor") if change is not None else None
        if value is not None:
            factor[event.month :] = value
    factor[0] = 0.0
    return factor, levers.school_year, int(levers.start_month)


def _posts(ensemble: Ensemble, zones: int) -> dict[tuple[bool, bool], Values]:
    """Posts and posts times deprivation, by zone, for each kind (care, of education): [2, zones]."""
    sites, people = ensemble.organisation.sites, ensemble.organisation.practitioners
    zone, deprivation = ensemble.site_zone[people.site], sites.deprivation[people.site]
    schools = sites.agency[people.site] == AGENCIES.index("education")
    found = {}
    for care in (False, True):
        for school in (False, True):
            mine = (people.care == care) & (schools == school)
            weights = (np.ones(int(mine.sum())), deprivation[mine])
            found[care, school] = np.array([np.bincount(zone[mine], w, minlength=zones) for w in weights])
    return found


def _monthly(
    p: PractitionerParameters, posts: dict[tuple[bool, bool], Values], turnover: tuple[Values, float, int]
) -> Values:
    """Leavers a month of those who are not coached: [T+1, zones]."""
    factor, school_year, start = turnover
    total: Values = np.zeros((len(factor), next(iter(posts.values())).shape[1]))
    months = range(len(factor))
    year = np.array([seasonal(p, 1.0, school_year, calendar(start, m)) if school_year else 1.0 for m in months])
    for (care, school), counted in posts.items():
        at_all, per_deprivation = (leaves(p, care, False, _met(d)) for d in (0.0, 1.0))
        each = at_all * counted[0] + (per_deprivation - at_all) * counted[1]
        total += (factor * (year if school else 1.0))[:, None] * each
    return total


def _met(deprivation: float) -> Setting:
    """A site where turnover is today's."""
    return Setting(*(0.0 for _ in Setting._fields))._replace(turnover=1.0, deprivation=deprivation)
