"""The intervals: known values, and coverage of the truth on models whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.intervals import mean_difference, median_difference, quantile, t_quantile


@pytest.mark.parametrize(
    ("freedom", "known"),
    [(1, 12.706), (5, 2.571), (8, 2.306), (9, 2.262), (12, 2.179), (30, 2.042), (120, 1.980), (10**6, 1.960)],
)
def test_t_quantile_against_published_tables(freedom, known):
    assert t_quantile(freedom) == pytest.approx(known, abs=0.001)


def test_sign_interval_of_ten_by_hand():
    # ten numbers: the second and ninth cover 1 - 2 x 11/1024 = 97.9 %, the third and eighth 89.1 %: 95 % lies between
    found = median_difference(np.arange(1.0, 11.0))
    assert found.value == 5.5
    part = (0.978515625 - 0.95) / (0.978515625 - 0.890625)
    way = 8 * part / (2 + 6 * part)
    assert (found.low, found.high) == (pytest.approx(2 + way), pytest.approx(9 - way))


def test_too_few_pairs_give_no_interval():
    for few in (np.array([]), np.array([1.0]), np.array([np.nan])):
        for estimate in (mean_difference(few), median_difference(few)):
            assert not estimate.apart
            assert (estimate.low, estimate.high) == (-math.inf, math.inf)
    assert not median_difference(np.array([1.0, 2.0, 3.0, 4.0, 5.0])).apart
    assert median_difference(np.arange(1.0, 7.0)).apart


def test_runs_beyond_the_horizon_count_by_their_order():
    later = np.array([3.0] * 12 + [np.inf] * 8)
    found = median_difference(later)
    assert found.apart
    assert found.value == 3.0
    hidden = median_difference(np.array([np.inf] * 20))
    assert hidden.apart
    assert hidden.value == math.inf


def test_the_mean_leaves_out_pairs_without_a_value():
    found = mean_difference(np.array([1.0, 2.0, 3.0, np.nan, np.inf]))
    assert (found.value, found.pairs) == (2.0, 3)


def test_thousands_of_pairs_are_no_trouble():
    found = median_difference(np.random.default_rng(1).normal(0.5, 1.0, 20_000))
    assert found.apart
    assert found.high - found.low < 0.05


def coverage(estimate, true, draw, runs, pairs=200):
    """Share of intervals that hold the true difference, and of those that find one where there is none."""
    rng = np.random.default_rng(20_240_607)
    found = [estimate(draw(rng, pairs)) for _ in range(runs)]
    return np.mean([f.low <= true <= f.high for f in found]), np.mean([f.apart for f in found])


def paired_shares(rng, pairs):
    """Two arms of 40 sites that share their random numbers; the first is 0.03 better on average (rarely by much)."""
    luck = rng.random((pairs, 40))
    better = rng.random((pairs, 40)) < 0.03 / 0.6
    other = luck < 0.4
    return (other | better).mean(axis=1) - other.mean(axis=1)


def skewed_costs(rng, pairs):
    return np.exp(rng.normal(0.0, 1.0, pairs)) - 1.0


MODELS = [(mean_difference, 0.03, paired_shares), (median_difference, 0.0, skewed_costs)]


@pytest.mark.parametrize(("estimate", "true", "draw"), MODELS)
def test_coverage_quickly(estimate, true, draw):
    # 600 intervals: 3.3 standard errors either side of 95 %, a false alarm in a thousand
    held, _ = coverage(estimate, true, draw, 600)
    assert 0.92 <= held <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize(("estimate", "true", "draw"), MODELS)
def test_coverage(estimate, true, draw):
    held, _ = coverage(estimate, true, draw, 6000)
    assert 0.94 <= held <= 0.96


def test_an_interval_too_narrow_is_caught():
    def half(differences):
        found = mean_difference(differences)
        middle = found.value
        return type(found)("mean", middle, (found.low + middle) / 2, (found.high + middle) / 2, found.pairs)

    held, _ = coverage(half, 0.03, paired_shares, 600)
    assert held < 0.92


def test_no_difference_is_rarely_found_and_a_real_one_often():
    def null(rng, pairs):
        return rng.normal(0.0, 1.0, pairs)

    def real(rng, pairs):
        return rng.normal(0.4, 1.0, pairs)

    for estimate in (mean_difference, median_difference):
        assert coverage(estimate, 0.0, null, 600)[1] < 0.08
        assert coverage(estimate, 0.4, real, 100)[1] > 0.95


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.sampled_from([0.1, 0.5, 0.9]))
def test_quantile_is_numpys_on_finite_numbers(values, q):
    assert quantile(np.array(values), q) == pytest.approx(np.quantile(values, q), rel=1e-9, abs=1e-6)


def test_quantile_with_the_horizon():
    values = np.array([1.0, 2.0, 3.0, np.inf, np.nan])
    assert quantile(values, 0.5) == 2.5
    assert quantile(values, 0.9) == math.inf
    assert math.isnan(quantile(np.array([np.nan]), 0.5))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=6, max_size=60))
def test_intervals_mirror_when_the_arms_are_swapped(values):
    there, back = np.array(values), -np.array(values)
    for estimate in (mean_difference, median_difference):
        a, b = estimate(there), estimate(back)
        assert (a.low, a.high) == (pytest.approx(-b.high, abs=1e-9), pytest.approx(-b.low, abs=1e-9))
        assert a.apart == b.apart
