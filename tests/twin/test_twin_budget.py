"""Budgets in the second model: both fall short alike, and a rule that is changed is noticed."""

from __future__ import annotations

from dataclasses import replace

import plain_budget
import pytest
from twin_builders import as_of_today, disagreements, lively, place, surrounded

from sim.engine.batch import simulate
from sim.scenarios.budget import Budget, Means

SHORT = Budget(
    Means(cash=(30000.0, 12000.0), time=(900.0, 1500.0)),
    {"education": Means(time=(400.0,)), "external": Means(cash=(float("inf"), 4000.0))},
)
BUDGETS = {
    "cash": Budget(Means(cash=(30000.0, 9000.0))),
    "time": Budget(Means(time=(800.0, 1600.0))),
    "by agency": SHORT,
    "nothing": Budget(Means(cash=(0.0,), time=(0.0,))),
    "an agency alone": Budget(agency={"health": Means(time=(60.0,))}),
}


def limited(scenario, budget):
    return replace(scenario, budget=budget)


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_they_agree_where_budgets_run_short(budget):
    scenario = limited(lively(), budget)
    assert simulate(scenario, place(sites=12), replicates=1, seed=3).area[0, :, -1].any()
    assert disagreements(scenario, place(sites=12)) == []


def test_they_agree_where_everything_around_the_teams_costs_something():
    assert disagreements(limited(surrounded(), SHORT), place(sites=12)) == []
    assert disagreements(limited(surrounded(), SHORT), as_of_today(place(areas=3, sites=18)), months=50) == []


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("funded", lambda allowed, claimed: 1.0),
        ("can_train", lambda area, agency, people, p: True),
        ("put_in_force", lambda area: None),
        ("site_hours", lambda site, lv, p: 0.0),
        ("team_hours", lambda team, members, lv, w, p: 0.0),
        ("least_paid", lambda leader, w: 1.0),
    ],
)
def test_a_changed_rule_is_noticed(monkeypatch, rule, other):
    monkeypatch.setattr(plain_budget, rule, other)
    assert disagreements(limited(lively(), SHORT), place(sites=12))
