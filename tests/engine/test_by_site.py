"""Measures of sites, replicate by replicate, against the same said plainly; and what begins many replicates at once."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import posterior
from sim.engine import draws
from sim.engine.batch import begin
from sim.engine.by_site import BEYOND, CERTIFIED_AT_36, CERTIFIED_BY_AGE, KEPT, MONTHS_TO_MOST, by_site, cohort_counts
from sim.engine.pasts import Pasts
from sim.engine.sums import Ensemble
from sim.engine.world import as_record, records_of
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

MONTHS = 60


@pytest.fixture(scope="module")
def empty() -> Ensemble:
    return begin(load("with-teams"), synthetic.generate({"sites": 6}), replicates=3, months=MONTHS).ensemble


def drawn(empty: Ensemble, seed: int) -> Ensemble:
    """Sites that started, or never did, and were certified later, or never; some known 36 and 60 months on."""
    random = np.random.default_rng(seed)
    shape = empty.kept.shape
    months = np.full((*shape, 4), -1, np.int32)
    months[..., 0] = random.integers(-1, MONTHS + 1, shape)
    certified = months[..., 0] + random.integers(0, 40, shape)
    there = (months[..., 0] >= 0) & (certified <= MONTHS) & (random.random(shape) < 0.9)
    months[..., 3] = np.where(there, certified, -1)
    known = (months[..., 0] >= 0) & (months[..., 0] + 36 <= MONTHS)
    at_36 = np.where(known, random.integers(0, 2, shape), -1).astype(np.int8)
    still = random.choice([-2, -1, 0, 1], shape, p=[0.03, 0.37, 0.3, 0.3]).astype(np.int8)
    return replace(empty, site_month=months, certified_at_36=at_36, kept=still)


def plainly(e: Ensemble, which: int, month: int, run: int) -> float:
    """The measure of one run, from lists."""
    known = zip(e.site_month[run].tolist(), e.certified_at_36[run].tolist(), e.kept[run].tolist(), strict=True)
    sites = [(months[0], months[3], at_36, still) for months, at_36, still in known]
    begun = [s for s in sites if 0 <= s[0] <= month]
    if which == KEPT:
        ended = [s[3] for s in sites if s[3] >= 0]
        if any(s[3] == -2 for s in sites) or (ended and month < e.months):
            return BEYOND
        return sum(ended) / len(ended) if ended else math.nan
    if which == CERTIFIED_AT_36:
        seen = [s[2] for s in begun if s[2] >= 0 and s[0] + 36 <= month]
        return sum(seen) / len(seen) if seen else BEYOND if begun else math.nan
    shares = []
    for age in range(month + 1):
        old = [s for s in begun if month - s[0] >= age]
        done = [s for s in old if 0 <= s[1] <= month and s[1] - s[0] <= age]
        shares.append(len(done) / len(old) if old else math.nan)
    if which == CERTIFIED_BY_AGE:
        return shares[-1]
    return next((float(age) for age, share in enumerate(shares) if share >= 0.8), BEYOND if begun else math.nan)


@given(st.integers(0, 2**32 - 1), st.integers(0, MONTHS))
@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("which", [CERTIFIED_AT_36, CERTIFIED_BY_AGE, MONTHS_TO_MOST, KEPT])
def test_measures_of_sites_are_what_is_said_of_them(empty: Ensemble, which: int, seed: int, month: int) -> None:
    e = drawn(empty, seed)
    expected = [plainly(e, which, month, run) for run in range(3)]
    assert np.array_equal(by_site(e, which, month), expected, equal_nan=True)


def test_measures_tell_sites_apart(empty: Ensemble) -> None:
    """Over drawn sites each takes many values, so that one that looked at nothing would show."""
    for which in (CERTIFIED_AT_36, MONTHS_TO_MOST, KEPT):
        found = np.concatenate([by_site(drawn(empty, seed), which, MONTHS) for seed in range(30)])
        assert len(np.unique(found)) > 5


def test_what_was_made_already_is_not_made_again(empty: Ensemble) -> None:
    made = np.array([3.0, 4.0, 5.0])
    e = replace(drawn(empty, 1), by_site={(MONTHS_TO_MOST, 60): made})
    assert by_site(e, MONTHS_TO_MOST, 60) is made
    assert by_site(e, MONTHS_TO_MOST, 59).tobytes() != made.tobytes()


def test_rows_that_may_not_be_written_to_are_read(empty: Ensemble) -> None:
    e = drawn(empty, 3)
    fixed = replace(e, site_month=e.site_month.copy(), kept=e.kept.copy())
    fixed.site_month.flags.writeable = fixed.kept.flags.writeable = False
    for which in (MONTHS_TO_MOST, KEPT):
        assert by_site(fixed, which, 60).tobytes() == by_site(e, which, 60).tobytes()
    assert all((a == b).all() for a, b in zip(cohort_counts(fixed, 40), cohort_counts(e, 40), strict=True))


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**40), st.integers(1, 1000))
@settings(deadline=None)
def test_many_replicates_begin_as_each_does(seed: int, first: int, rows: int) -> None:
    numbers = range(first, first + 5)
    keys = [int(draws.run_key(np.uint64(seed), np.uint64(number))) for number in numbers]
    assert draws.keys_of(seed, numbers).tolist() == keys
    assert draws.rows_of(seed, numbers, rows).tolist() == [draws.row_of(seed, number, rows) for number in numbers]
    pasts = Pasts(3, seed, tuple(numbers))
    assert pasts.keys(np.array([4, 0])).tolist() == [int(pasts.key(4)), int(pasts.key(0))]


@pytest.mark.parametrize("own", [{}, {"drift": 0.3}, {"need_gap": 0.1, "engage": 0.05}])
def test_parameters_of_many_are_those_of_each(own: dict[str, Any]) -> None:
    """What is set by hand stays; what some rows lack keeps its own value."""
    scenario = replace(load("with-teams"), parameters=own)
    rows = [*posterior.load().rows[:5], {}, {"turnover": 0.21}]
    found = records_of(scenario.parameter_values(), rows, scenario.parameters)
    for record, row in zip(found, rows, strict=True):
        assert record.tobytes() == as_record(scenario.parameter_values(row)).tobytes()
    assert len({record.tobytes() for record in found}) > 4
