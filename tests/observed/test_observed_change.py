"""A planted change, staff turnover that doubles in month 8, is noticed; the same places without it are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from observed_builders import seen_of, setup

from sim import posterior
from sim.engine.setup import prepare
from sim.observed.bank import Followed, How, errors_of, run_batch
from sim.observed.changes import look_for_change
from sim.observed.prior import Widened
from sim.observed.weighed import Weighed, weighed
from sim.observed.weighing import Weights
from sim.scenarios.events import Event, LeversChange

WATCHED = (("left", "all", 883), ("trained", "first zone", 91), ("using", "first zone", 60))
LAST = 18
APART = 50_000
"""Number of the first run that is a place; the runs that update it come before."""


def places(plan, sample, count):
    """Runs that are places, ready to report."""
    series = Followed(tuple((n, z) for n, z, _ in WATCHED))
    bank = run_batch(plan, series, sample, (5, APART, count), How())
    errors = errors_of(bank, plan, ["assess_error"])
    return Weighed(bank, errors, (), Weights(np.full(count, 1 / count), count, 1.0, count))


def chances(monkeypatch, runs, count):
    """Chance told of each place, with the change and without it."""
    monkeypatch.setattr("observed_builders.WATCHED", WATCHED)
    same = setup(LAST)
    event = Event("turnover doubles", 8, (LeversChange({"turnover_factor": 2.0}),))
    changed = prepare(replace(same.scenario, events=(*same.scenario.events, event)), same.organisation, LAST)
    sample = Widened(posterior.load().rows, 5)
    bank = run_batch(same, Followed(tuple((n, z) for n, z, _ in WATCHED)), sample, (5, 0, runs), How())
    errors = errors_of(bank, same, ["assess_error"])
    found = []
    for plan in (changed, same):
        there, dice = places(plan, sample, count), np.random.default_rng(2)
        each = [weighed(bank, errors, seen_of(there, run, LAST, dice)) for run in range(count)]
        found.append([look_for_change(one, 1) for one in each])
    return found


def test_it_is_noticed_and_told_where(monkeypatch):
    changed, same = chances(monkeypatch, 1_000, 3)
    assert [c.noticed for c in changed] == [True] * 3
    assert [c.noticed for c in same] == [False] * 3
    assert {c.surprises[0][0].measure for c in changed} == {"left"}
    assert all(c.surprises[0][1] > 0 for c in changed)


@pytest.mark.slow
def test_it_is_noticed_in_most_places_and_seldom_without_cause(monkeypatch):
    changed, same = chances(monkeypatch, 4_000, 40)
    print([round(c.chance, 3) for c in changed], [round(c.chance, 3) for c in same])
    assert np.mean([c.noticed for c in changed]) >= 0.8
    assert np.mean([c.noticed for c in same]) <= 0.1
