"""The same money, year by year; and how often a gate on outcomes is wrong either way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.batch import simulate
from sim.engine.sums import COUNTS
from sim.evidence.same_money import matched, rewrite, with_budgets, yearly_cost
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

YEARS = 10


@pytest.fixture(scope="module")
def area():
    return synthetic.generate({})


def test_same_money_costs_in_each_year_what_with_teams_costs(area):
    teams, other = (yearly_cost(load(name), area) for name in ("with-teams", "same-money"))
    assert len(teams) == YEARS
    assert np.abs(other / teams - 1.0).max() < 0.01


def test_without_its_budgets_it_does_not(area):
    """Negative control."""
    bare = with_budgets(load("same-money"), np.zeros(YEARS))
    teams, other = (yearly_cost(s, area, replicates=20) for s in (load("with-teams"), bare))
    assert (other / teams).max() < 0.5


def test_budgets_are_found_for_another_area():
    small = synthetic.generate({"sites": 24, "organisation_seed": 5})
    plan, teams = load("same-money"), load("with-teams")
    found = matched(plan, teams, small, replicates=10)
    cost = yearly_cost(with_budgets(plan, found), small, replicates=10)
    assert cost == pytest.approx(yearly_cost(teams, small, replicates=10), rel=0.01)


def test_a_file_keeps_its_words_when_its_budgets_are_written_anew():
    text = 'budget = 1.0\nbudget_posts = 0.4\nset = { budget = 2 }\n[notes]\nbudget = "why"\n'
    assert rewrite(text, np.array([10.0, 20.55])) == (
        'budget = 10.0\nbudget_posts = 0.4\nset = { budget = 20.6 }\n[notes]\nbudget = "why"\n'
    )


def scaled_up(true_effect, area, replicates=100):
    """Share of runs in which the second zone opened."""
    scenario = load("not-scale-worthy")
    scenario = replace(scenario, levers={**scenario.levers, "true_effect": true_effect})
    counts = simulate(scenario, area, replicates=replicates, seed=1).counts[:, -1, 1]
    return float((counts[:, COUNTS.index("sites_not_engaged")] < counts[:, COUNTS.index("sites")]).mean())


def test_the_gate_stops_what_does_nothing_more_often_than_what_works(area):
    fails_to_stop, goes_on = scaled_up(0.0, area), scaled_up(0.4, area)
    assert fails_to_stop < 0.5 < goes_on
    assert fails_to_stop > 0.0, "a zone's own data are uncertain"
    assert scaled_up(1.0, area) >= goes_on
