"""Budgets bind: both engines alike, no year overspent, and nothing changes where nothing is limited."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from engine_builders import FULL, KEEN, TIGHT, busy, differing, place, scenarios, surrounded, with_today
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.sums import AREA
from sim.results import spending
from sim.scenarios.budget import PAYERS, Budget, Means

SHORT = AREA.index("budget_short")
AMOUNTS = st.lists(st.sampled_from((0.0, 50.0, 800.0, 6000.0, 40000.0, inf)), max_size=3).map(tuple)
MEANS = st.builds(Means, AMOUNTS, AMOUNTS)
BUDGETS = st.builds(Budget, MEANS, st.dictionaries(st.sampled_from(PAYERS), MEANS, max_size=3))


def limits_of(budget: Budget, years: int) -> np.ndarray:
    """Limits of every payer, last of the area as a whole [payers, years, 2]."""
    rows = [*(budget.agency.get(name, Means()) for name in PAYERS), budget.area]
    return np.array([[[m.in_year(what, y) for what in ("cash", "time")] for y in range(years)] for m in rows])


def overspent(ensemble) -> bool:
    """Has any payer in any run spent more in a year than it could, in one area?"""
    years = ensemble.cost.shape[2]
    hour = np.array([ensemble.parameters(i).cost.staff_hour for i in range(ensemble.replicates)])
    used = np.concatenate([ensemble.cost, ensemble.cost.sum(axis=1, keepdims=True)], axis=1)
    used = used / np.stack([np.ones_like(hour), hour], axis=-1)[:, None, None, :]
    allowed = len(ensemble.organisation.areas) * limits_of(ensemble.scenario.budget, years)
    return bool((used > allowed[None]).any())


@pytest.mark.parametrize("scenario", [busy(budget=TIGHT), surrounded(budget=TIGHT)], ids=["busy", "surrounded"])
@pytest.mark.parametrize("areas", [1, 3])
def test_both_engines_fall_short_alike_and_no_year_is_overspent(scenario, areas):
    organisation = with_today(place(sites=12 * areas, areas=areas), 2)
    compiled = batch.simulate(scenario, organisation, replicates=3, seed=5)
    agents = mesa_engine.simulate(scenario, organisation, replicates=3, seed=5)
    assert differing(compiled, agents) == []
    assert compiled.area[:, :, SHORT].any()
    assert not overspent(compiled)


def test_without_the_budget_the_same_years_are_overspent():
    """Negative control: what is asked for is more than the budget."""
    free = batch.simulate(busy(), place(sites=12), replicates=3, seed=5)
    assert not free.area[:, :, SHORT].any()
    assert overspent(replace(free, scenario=busy(budget=TIGHT)))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenario=scenarios(), budget=BUDGETS)
def test_whatever_is_limited_the_engines_agree_and_nobody_overspends(scenario, budget):
    scenario = replace(scenario, months=26, budget=budget)
    organisation = place(sites=9)
    compiled = batch.simulate(scenario, organisation, replicates=2, seed=4)
    assert differing(compiled, mesa_engine.simulate(scenario, organisation, replicates=2, seed=4)) == []
    assert not overspent(compiled)


def test_a_budget_that_is_never_reached_changes_nothing():
    ample = Budget(Means(cash=(1e12,), time=(1e12,)), {"health": Means(time=(1e12,))})
    free = batch.simulate(surrounded(), place(sites=12), replicates=2, seed=3)
    assert differing(free, batch.simulate(surrounded(budget=ample), place(sites=12), replicates=2, seed=3)) == []


def test_training_waits_for_money():
    def first_starts(budget):
        e = batch.simulate(busy(events=(), budget=budget), place(sites=12), replicates=6, seed=2)
        months = e.site_month[..., 0]
        return months[months >= 0]

    assert first_starts(Budget()).min() < 12
    assert first_starts(Budget(Means(cash=(0.0, inf)))).min() == 13


def test_zones_wait_for_the_next_year():
    def engaged(budget, month, third=2):
        e = batch.simulate(busy(events=(), budget=budget), place(sites=12), replicates=3, seed=2)
        return int((e.counts[:, month, third, 0] - e.counts[:, month, third, 1]).sum())

    poor = Budget(Means(cash=(inf, 0.0, inf)))
    assert engaged(Budget(), 19) == 0
    assert engaged(Budget(), 20) > 0
    assert engaged(poor, 24) == 0
    assert engaged(poor, 25) > 0


def test_a_poor_year_is_poor_and_the_next_is_not():
    """The budget of a year goes by the run's years; the last value goes on."""
    one = batch.simulate(busy(budget=Budget(Means(time=(inf, 0.0, inf)))), place(sites=12), replicates=3, seed=2)
    by_year = spending.spent(one)[..., 1].mean(axis=0)
    assert by_year[1] == 0.0
    assert (by_year[[0, 2, 3]] > 0).all()
    assert spending.chance_of_shortfall(one).tolist() == [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_a_limit_is_of_each_area():
    three = batch.simulate(busy(budget=Budget(Means(time=(500.0,)))), place(sites=24, areas=3), replicates=2, seed=2)
    used = spending.spent(three)[..., 1]
    assert (used <= spending.limits(three)[:, 1]).all()
    assert used.max() > 1000.0


def test_external_support_can_be_limited_by_itself():
    some = Budget(agency={"external": Means(cash=(0.0,))})
    alone = busy(budget=some, events=(), parameters=KEEN)
    none = replace(busy(events=()), levers=FULL | {"external_level": 0.0})
    ours, theirs = (batch.simulate(s, place(sites=12), replicates=2, seed=2) for s in (alone, none))
    assert ours.cost[:, 5, :, 0].sum() == 0.0
    assert theirs.cost[:, 5, :, 0].sum() == 0.0
