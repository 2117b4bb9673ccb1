"""The formula: nothing at the plan's own values, near what was run elsewhere, the same number in the browser."""

import numpy as np
import pytest
from handout_builders import in_javascript
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.handouts.curves import SOFT, moved, read_months, shrunk, stretched
from sim.handouts.emulator import Alone, fit

ORIGIN = np.array([1.0, 0.4])
KNOTS = ([0.0, 0.2, 0.5, 0.8, 1.0], [0.0, 0.2, 0.4, 0.7, 1.0])


def truth(x):
    """Two levers, with a bend and with what they do together."""
    return np.array([np.tanh(3 * x[0]) + x[1] ** 2 + 0.8 * x[0] * x[1], 2 * x[0] - x[1]])


def made(points=60, shuffled=False):
    generator = np.random.default_rng(4)
    x = generator.random((points, 2))
    own = truth(ORIGIN)
    shifts = np.array([truth(p) - own for p in x])
    if shuffled:
        shifts = generator.permutation(shifts)
    alone = []
    for k, knots in enumerate(KNOTS):
        at = [np.where(np.arange(2) == k, s, ORIGIN) for s in knots]
        alone.append(Alone.of(knots, np.array([truth(p) - own for p in at]), 0))
    return fit(alone, x, shifts, ORIGIN)


@pytest.fixture(scope="module")
def emulator():
    return made()


def errors(emulator):
    generator = np.random.default_rng(11)
    return [np.abs(emulator.shift(p) - (truth(p) - truth(ORIGIN))).max() for p in generator.random((40, 2))]


def test_nothing_is_moved_at_the_plans_own_values(emulator):
    assert np.all(emulator.shift(ORIGIN) == 0.0)


def test_what_was_not_fitted_is_met(emulator):
    assert np.median(errors(emulator)) < 0.05


def test_points_and_answers_that_do_not_belong_together_are_not_met():
    """Negative control."""
    assert np.median(errors(made(shuffled=True))) > 0.1


def test_a_lever_alone_is_what_was_run_at_its_knots(emulator):
    for share in KNOTS[0]:
        alone = emulator.alone[0].shift(share)
        np.testing.assert_allclose(alone, truth(np.array([share, 0.4])) - truth(ORIGIN), atol=1e-7)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=20, max_size=20))
def test_the_browser_gives_the_same_number(points):
    emulator = EMULATOR
    found = in_javascript("points.map((x) => shift(model, x, 0, 2))", model=emulator.as_dict(), points=points)
    for x, told in zip(points, found, strict=True):
        np.testing.assert_allclose(told, emulator.shift(np.array(x)), rtol=0, atol=1e-9)


EMULATOR = made(20)


def test_curves_moved_in_the_browser_are_those_of_python():
    generator = np.random.default_rng(2)
    curves = np.sort(generator.random((5, 31)), axis=0)
    curves[:, 0], curves[0] = 0.0, 0.0
    months = read_months(30)
    shifts = generator.normal(0, 2, (5, len(months)))
    told = in_javascript(
        "moved(curves, shifts, months, soft)",
        curves=curves.tolist(), shifts=shifts.ravel().tolist(), months=list(months), soft=SOFT,
    )  # fmt: skip
    expected = moved(curves, shifts, months)
    np.testing.assert_allclose(told, expected, rtol=0, atol=1e-9)
    assert np.all(np.diff(expected, axis=0) >= 0), "quantiles never cross"


@given(st.floats(0, 1))
def test_the_scale_of_fitting_can_be_undone(share):
    assert shrunk(stretched(np.array([share])))[0] == pytest.approx(share, abs=1e-12)
