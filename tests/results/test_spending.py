"""What was spent by year against what could be, and how often a budget fell short: in Python, printed, in tables."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from sim import compare, run
from sim.results import measures as m
from sim.results import spending
from sim.scenarios.budget import Budget, Means
from sim.scenarios.files import load

SMALL = replace(load("with-teams"), area={"sites": 10, "practitioners": 70, "families": 200}, months=30)
TIGHT = replace(SMALL, name="tight", budget=Budget(Means(cash=(30000.0,), time=(300.0, 500.0))))


@pytest.fixture(scope="module")
def answer():
    return compare(TIGHT, SMALL, replicates=6, seed=3)


def test_spending_by_run_and_year(answer):
    tight, free = answer.ensembles
    used = spending.spent(tight)
    assert used.shape == (6, 3, 2)
    assert np.allclose(used[..., 0].sum(axis=1), m.read(tight, "cost_cash")[2])
    hour = tight.parameters(0).cost.staff_hour
    assert np.isclose(used[0, :, 1].sum() * hour, m.read(tight, "cost_released_time")[2][0])
    assert (used <= spending.limits(tight)).all()
    assert spending.limits(tight).tolist() == [[30000.0, 300.0], [30000.0, 500.0], [30000.0, 500.0]]
    assert np.isinf(spending.limits(free)).all()


def test_chance_of_a_shortfall_is_read_from_the_months(answer):
    tight, free = answer.ensembles
    months = tight.area[:, 1:, -1]
    by_hand = [months[:, 12 * y : 12 * y + 12].max(axis=1).mean() for y in range(3)]
    assert spending.chance_of_shortfall(tight).tolist() == by_hand
    assert spending.chance_of_shortfall(tight).max() == 1.0
    assert spending.chance_of_shortfall(free).max() == 0.0
    assert m.read(tight, "budget_short_share")[2].tolist() == months.mean(axis=1).tolist()
    assert np.isnan(m.read(tight, "budget_short_share@0")[2]).all()


def test_it_is_printed_for_the_scenario_that_has_a_budget(answer):
    text = repr(answer)
    assert "months in which the budget fell short" in text
    assert "Budget of tight" in text
    assert "Budget of with-teams" not in text
    assert "year 1: short in 100% of runs" in text
    assert "of £30,000" in text
    assert [row["year"] for row in answer.as_dict()["budget"]] == [1, 2, 3]


def test_without_a_budget_nothing_is_said_of_one():
    """Negative control."""
    text = repr(run(SMALL, replicates=2))
    assert "budget" not in text.lower()


def test_tables_hold_it(answer, tmp_path):
    folder = answer.save(tmp_path / "kept", chart=False)
    with (folder / "budgets.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["scenario"], row["year"]) for row in rows] == [("tight", "1"), ("tight", "2"), ("tight", "3")]
    assert rows[0]["cash_limit"] == "30000.0"
    assert "budgets.csv" in answer.manifest["tables"]
    frame = answer.frame()
    assert set(frame.loc[frame.scenario == "with-teams", "budget_short"]) == {0.0}
    assert set(frame.loc[frame.scenario == "tight", "budget_short"]) == {0.0, 1.0}
    summary = (folder / "summary.csv").read_text()
    assert "budget_short_share" in summary
    plain = run(SMALL, replicates=2).save(tmp_path / "plain", chart=False)
    assert not (plain / "budgets.csv").exists()
