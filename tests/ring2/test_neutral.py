"""Each mechanism around the teams vanishes to the bit at its neutral value, in both engines."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from engine_builders import FULL, KEEN, busy, differing, place

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.sums import SUMS
from sim.levers import NO_LIMIT
from sim.parameters import LEVERS
from sim.scenarios.budget import Budget, Means
from sim.scenarios.scenario import Initiative

NEUTRAL = {
    "relationships": ({"relationship_start": 0.05, "neutral_partner": 1.0}, {"relationship_growth": 0.2}),
    "terms_of_reference": ({}, {"terms_attention": 0.5, "terms_speed": 1.0}),
    "joint_share": ({}, {}),
    "dissatisfaction": ({}, {}),
    "champions": ({}, {}),
    "alignment_work": ({}, {"align_gain": 0.2, "align_new": 1.0}),
    "funding": ({}, {"align_gain": 0.2}),
    "support_places": ({"community_places": 50.0}, {"lost_waiting": 0.5}),
    "misidentification": ({}, {}),
    "data_agencies": ({}, {"reporting_lag": 18.0}),
    "data_burden": ({}, {"burden_missing": 1.0}),
    "data_judgement": ({}, {"judgement_hides": 1.0, "judgement_bias": 1.0}),
    "data_mapping": ({}, {"mapping_gain": 0.5}),
    "new_posts": ({}, {}),
    "displacement": ({"data_linkage": 1.0}, {"linkage_mends": 1.0}),
    "backfill": ({}, {}),
    "relaxed_rules": ({}, {}),
    "school_year": ({"start_month": 1.0}, {"turnover_august": 12.0}),
    "budget_squeeze": ({"start_month": 1.0}, {}),
    "budget": ({"budget_training": 0.5, "budget_posts": 0.5}, {"coach_alone": 0.6}),
}
"""By lever: other levers and parameters of its mechanism, which must then make no difference."""

ALONE_NOTHING = {"relationship_start", "neutral_partner", "community_places", "data_linkage", "start_month",
                 "budget_training", "budget_posts"}  # fmt: skip
"""Levers that do nothing without another; they are in the table above beside that one."""

AWAY = {"support_places": 10.0, "data_agencies": 1.0, "relaxed_rules": 2.0, "budget": 2000.0,
        "displacement": 3.0}  # fmt: skip
"""A value away from neutral; 0.6 unless said."""


def scenario(levers=None, parameters=None, **more):
    return busy(months=40, levers=FULL | (levers or {}), parameters=KEEN | (parameters or {}), **more)


def run(engine, *arguments, **more):
    return engine.simulate(scenario(*arguments, **more), place(sites=12), replicates=1, seed=3)


@cache
def untouched():
    return run(batch)


def test_the_table_holds_every_lever_of_the_surroundings():
    names = list(LEVERS)
    around = set(names[names.index("relationships") :])
    assert around == set(NEUTRAL) | ALONE_NOTHING
    beside = {name for levers, _ in NEUTRAL.values() for name in levers}
    assert beside >= ALONE_NOTHING


def test_defaults_are_neutral():
    assert LEVERS["support_places"].default == NO_LIMIT
    assert LEVERS["data_agencies"].default == 5.0
    others = set(NEUTRAL) - {"support_places", "data_agencies"}
    assert {LEVERS[name].default for name in others} == {0.0}


@pytest.mark.parametrize("engine", [batch, mesa_engine], ids=["compiled", "agents"])
@pytest.mark.parametrize("name", NEUTRAL)
def test_at_its_neutral_value_a_mechanism_vanishes_to_the_bit(name, engine):
    levers, parameters = NEUTRAL[name]
    changed = run(engine, {name: LEVERS[name].default, **levers}, parameters)
    bought = any(LEVERS[other].prices for other in levers)
    assert differing(*(without_cost(e) if bought else e for e in (untouched(), changed))) == []


def without_cost(ensemble):
    """The same without its cost: what is bought is paid for, whether it serves anything or not."""
    there = [name for name in SUMS if not name.startswith("cost_")]
    return replace(ensemble, sums=ensemble.sums[..., : len(there)], cost=ensemble.cost * 0.0)


@pytest.mark.parametrize("name", NEUTRAL)
def test_away_from_it_it_does_not(name):
    """Negative control: the same comparison notices the mechanism."""
    levers = {"collective": 1.0, "training": 3.0, name: AWAY.get(name, 0.6)}
    if name == "relaxed_rules":
        levers["engagement_group"] = 0.0
    assert differing(untouched(), run(batch, levers)) != []


@pytest.mark.parametrize("engine", [batch, mesa_engine], ids=["compiled", "agents"])
def test_an_initiative_without_load_or_wholly_the_same_work_makes_no_difference(engine):
    idle = (Initiative("idle", 0.0, begins=5), Initiative("the same work", 0.7, overlap=1.0, begins=7))
    assert differing(untouched(), run(engine, initiatives=idle)) == []
    assert differing(untouched(), run(engine, initiatives=(Initiative("real", 0.1, begins=5),))) != []


@pytest.mark.parametrize("engine", [batch, mesa_engine], ids=["compiled", "agents"])
def test_a_budget_that_limits_nothing_makes_no_difference(engine):
    years = (float("inf"), 1e12)
    ample = Budget(Means(cash=years, time=years), {"education": Means(time=years)})
    prices = {"communication_hours": 8.0, "cycle_hours": 16.0}
    assert differing(untouched(), run(engine, budget=ample)) == []
    assert set(differing(untouched(), run(engine, {}, prices, budget=ample))) == {"sums", "cost"}
    assert "counts" in differing(untouched(), run(engine, budget=Budget(Means(time=(500.0,)))))


def test_a_gate_without_an_outcome_looks_at_nothing_else():
    """Negative control too: with an outcome nobody can show, the zone that waits for it stays shut."""
    first, second, third = scenario().zones
    gated = replace(second, latest=None)
    asking = replace(gated, gate=replace(gated.gate, outcome=1.0))
    plain, shut = (run(batch, zones=(first, zone, third)) for zone in (gated, asking))
    index = 1
    assert plain.counts[0, -1, index].tolist() != shut.counts[0, -1, index].tolist()
    engaged = shut.counts[0, -1, index, 0] - shut.counts[0, -1, index, 1]
    assert engaged == 0
