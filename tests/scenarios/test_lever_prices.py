"""Every lever is a choice with a price and a ceiling, or a condition, and a price is really paid."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.costs import CostParameters
from sim.declare import CHOICE, CONDITION
from sim.engine.batch import simulate
from sim.parameters import LEVERS, UNCERTAINTIES
from sim.scenarios.describe import lever_lines
from sim.scenarios.files import load, names

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from engine_builders import AROUND, FULL, busy, place

CHOICES = {n: p for n, p in LEVERS.items() if not p.is_condition}
NOBODY_BUYS = {
    "turnover_factor", "true_effect", "initiative_load", "give_up", "misidentification", "support_places",
    "relationships", "school_year", "data_burden", "joint_share",
}  # fmt: skip
DECISIONS = {"core_team_agencies", "split_core_by", "collective", "mandate", "relaxed_rules"}
HOURS = [n for n in CostParameters._fields if n.endswith("_hours") and n not in ("post_hours", "training_hours")]


def test_what_nobody_can_buy_is_a_condition():
    assert {p.about.kind for p in LEVERS.values()} == {CHOICE, CONDITION}
    assert all(LEVERS[name].is_condition for name in NOBODY_BUYS)
    assert not any(p.prices for p in LEVERS.values() if p.is_condition)


def test_every_choice_has_a_price_or_is_a_mere_decision():
    assert {n for n, p in CHOICES.items() if not p.prices} == DECISIONS
    for name, lever in CHOICES.items():
        assert all(price in UNCERTAINTIES for price in lever.prices), name
        assert lever.about.low <= lever.ceiling <= lever.about.high, name


def test_every_price_of_hours_is_somebody_s():
    paid = {price for lever in CHOICES.values() for price in lever.prices}
    assert paid >= set(HOURS)


@pytest.mark.parametrize("name", names())
def test_no_shipped_scenario_goes_above_what_is_plausible(name):
    scenario = load(name)
    states = [scenario.levers, *(e.levers for e in scenario.events)]
    assert [n for s in states for n, v in s.items() if n in CHOICES and v > CHOICES[n].ceiling] == []


@pytest.mark.parametrize("price", HOURS)
def test_a_price_is_paid_and_moves_nothing_else(price):
    """Dearer hours cost more and change nothing that happens, as nothing is limited."""
    question = busy(months=60, levers=FULL | AROUND, events=())
    cheap, dear = (
        simulate(
            replace(question, parameters=question.parameters | {price: end}), place(sites=12), replicates=2, seed=2
        )
        for end in (UNCERTAINTIES[price].about.low, UNCERTAINTIES[price].about.high)
    )
    assert dear.cost.sum() > cheap.cost.sum()
    assert np.array_equal(dear.counts, cheap.counts)
    assert np.array_equal(dear.family, cheap.family)


def test_without_the_lever_its_hours_cost_nothing():
    """Negative control: a price is that of its own lever."""
    for name, price in (("peer_network", "network_hours"), ("champions", "champion_hours")):
        free = busy(months=40, levers=FULL | {name: 0.0}, events=())
        dear = replace(free, parameters=free.parameters | {price: UNCERTAINTIES[price].about.high})
        ours, theirs = (simulate(s, place(sites=12), replicates=1, seed=2) for s in (free, dear))
        assert np.array_equal(ours.cost, theirs.cost)


def test_nothing_planned_costs_nothing():
    assert simulate(load("without-teams"), place(sites=10), replicates=2, seed=1, months=30).cost.sum() == 0.0


def test_levers_are_told_with_their_price_and_conditions_apart():
    lines = lever_lines()
    at = lines.index("Conditions, which nobody chooses or can buy:")
    assert any(line.startswith("coaching: ") and "paid with hours a coached user" in line for line in lines[:at])
    assert any(line.startswith("mandate: ") and "a decision that takes no hours" in line for line in lines[:at])
    assert {line.split(":")[0] for line in lines[at + 1 :]} == {n for n, p in LEVERS.items() if p.is_condition}
