"""Is the update right? Simulation-based calibration (Talts et al. 2018), coverage, scores, and a planted change.

The small versions hold loosely and quickly; the full ones run under `make verify`.
"""

from __future__ import annotations

import numpy as np
import pytest
from calibration_builders import spread, uniform, update_places
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from sim.observed.scores import crps, goes_on, stays, within

FULL = 16_000, 400
"""As many runs as the tool makes at most."""
SCORED = 16_000, 1_600
"""Scores of 400 places lie some hundredths apart by chance alone: on 8,000 runs they came to .79 and to .83."""
SMALL = 1_500, 100


def told(found):
    mean = {n: float(np.mean(v)) for n, v in found.scores.items()}
    print(f"\ncoverage {np.mean(found.covered):.3f}; effective runs {np.median(found.effective):.0f} (median), "
          f"strength {np.mean(found.strength):.3f}; scores {mean}")  # fmt: skip
    print({n: (round(uniform(r), 4), round(spread(r), 3)) for n, r in found.ranks.items()})
    return mean


def test_small_ranks_are_uniform_and_too_small_errors_show():
    found = update_places(*SMALL)
    told(found)
    assert min(uniform(r, 5) for r in found.ranks.values()) > 0.001
    assert 0.70 <= np.mean(found.covered) <= 0.92
    assert np.mean(found.scores["updated"]) < np.mean(found.scores["before"])
    wrong = update_places(*SMALL, believed=0.25, least=5)
    told(wrong)
    assert min(uniform(r, 5) for r in wrong.ranks.values()) < 0.001


@pytest.mark.slow
def test_ranks_are_uniform():
    found = update_places(*FULL)
    told(found)
    # Seven questions, one chance in a hundred for all of them together.
    assert min(uniform(r) for r in found.ranks.values()) > 0.01 / len(found.ranks)


@pytest.mark.slow
def test_halved_errors_are_found_out():
    wrong = update_places(*FULL, believed=0.5, least=5)
    told(wrong)
    assert min(uniform(r) for r in wrong.ranks.values()) < 0.01 / len(wrong.ranks)
    assert np.mean(wrong.covered) < 0.77


@pytest.mark.slow
def test_bands_hold_eight_in_ten_and_scores_beat_no_update_and_naive_forecasts():
    found = update_places(*SCORED)
    mean = told(found)
    assert 0.77 <= np.mean(found.covered) <= 0.83
    assert mean["updated"] <= 0.8 * mean["before"]
    assert mean["updated"] < min(mean["stays"], mean["line"])


# Scores


def test_the_score_against_a_reckoning_by_hand():
    x, w = np.array([0.1, 0.5, 0.2]), np.array([1.0, 2.0, 1.0]) / 4
    by_hand = (w @ abs(x - 0.3)) - 0.5 * sum(a * b * abs(p - q) for a, p in zip(w, x, strict=True)
                                            for b, q in zip(w, x, strict=True))  # fmt: skip
    assert crps(x, w, 0.3) == pytest.approx(by_hand)
    assert crps(np.array([0.4]), np.ones(1), 0.1) == pytest.approx(0.3)
    assert np.isnan(crps(np.array([np.nan]), np.ones(1), 0.1))


@settings(deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(-5, 5), st.integers(0, 99))
def test_the_score_agrees_with_a_kept_library(values, seen, seed):
    scoringrules = pytest.importorskip("scoringrules")
    w = np.random.default_rng(seed).random(len(values)) + 0.01
    theirs = scoringrules.crps_ensemble(seen, np.array(values), ens_w=w / w.sum(), estimator="nrg", backend="numpy")
    assert crps(np.array(values), w, seen) == pytest.approx(float(theirs), abs=1e-9)


def test_the_naive_forecasts():
    seen = [(3, 0.1), (6, 0.2), (12, 0.4)]
    assert stays(seen) == 0.4
    assert goes_on(seen, 24, 1.0) == pytest.approx(0.8)
    assert goes_on(seen, 60, 1.0) == 1.0
    assert goes_on([(6, 0.3)], 12, 1.0) == pytest.approx(0.6)
    assert within((0.1, 0.3), 0.3)
    assert not within((0.1, 0.3), 0.31)


def test_what_400_places_can_tell_of_coverage():
    # The band asked of coverage is what a right method meets in nine tries of ten.
    assert binom(400, 0.8).cdf(332) - binom(400, 0.8).cdf(307) > 0.85
