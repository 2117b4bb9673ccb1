"""Runs that are given the past of others: the same to the bit up to its last month, their own after it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import batch, model
from sim.engine.pasts import Pasts
from sim.organisation.generate.synthetic import generate
from sim.posterior import load as posterior
from sim.scenarios.files import load
from sim.scenarios.scenario import Zone

TODAY, MONTHS = 14, 30
TABLES = ("counts", "sums", "area", "family")


@pytest.fixture(scope="module")
def place():
    return generate({"sites": 12, "organisation_seed": 3})


def _plan(later: int = 20):
    first, second = Zone("first", choose=4, opens=1), Zone("second", choose=4, opens=later)
    return replace(load("with-teams"), zones=(first, second))


def _run(engine, plan, place, pasts=None, **given):
    rows = posterior().rows[:3]
    settings = {"replicates": 3, "months": MONTHS, "seed": 5, "sample": rows, "rows": [0, 1, 2], **given}
    return engine.simulate(plan, place, **settings, pasts=pasts)


def _alike(one, other, first, last):
    pairs = [(getattr(one, t)[:, first:last], getattr(other, t)[:, first:last]) for t in TABLES]
    return [np.array_equal(a, b, equal_nan=True) for a, b in pairs]


def test_a_past_is_that_of_the_run_to_the_bit_and_what_comes_after_it_is_not(place):
    seen = _run(batch, _plan(), place, first=40)
    again = _run(batch, _plan(), place, Pasts(TODAY, 5, (40, 41, 42)), seed=77)
    assert all(_alike(seen, again, 0, TODAY + 1))
    assert not all(_alike(seen, again, TODAY + 1, MONTHS + 1))
    # Control: other numbers are other pasts.
    assert not all(_alike(seen, _run(batch, _plan(), place, Pasts(TODAY, 5, (41, 40, 42)), seed=77), 0, TODAY + 1))


def test_plans_that_differ_later_share_the_past(place):
    pasts = Pasts(TODAY, 5, (7, 8, 9))
    one, other = (_run(batch, _plan(later), place, pasts) for later in (16, 24))
    assert all(_alike(one, other, 0, TODAY + 1))
    assert not all(_alike(one, other, TODAY + 1, MONTHS + 1))
    # Control: a plan that differs before today has another past.
    early = _run(batch, _plan(10), place, pasts)
    assert not all(_alike(one, early, 0, TODAY + 1))


@pytest.mark.parametrize("today", [0, TODAY, MONTHS, MONTHS + 5])
def test_the_engines_agree(place, today):
    pasts = Pasts(today, 5, (7, 8, 9))
    one, other = (_run(engine, _plan(), place, pasts, seed=6) for engine in (batch, model))
    assert all(_alike(one, other, 0, MONTHS + 1))
    assert np.array_equal(one.marked, other.marked, equal_nan=True)


def test_a_past_over_the_whole_horizon_is_the_run_itself(place):
    seen = _run(batch, _plan(), place)
    assert all(_alike(seen, _run(batch, _plan(), place, Pasts(MONTHS, 5, (0, 1, 2)), seed=6), 0, MONTHS + 1))
