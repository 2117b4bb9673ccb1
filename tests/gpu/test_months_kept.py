"""Which months a measure is read from, so that no other need be fetched from a GPU."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.batch import AT_THE_END, simulate
from sim.engine.by_site import by_site
from sim.engine.sums import Ensemble
from sim.organisation.generate import synthetic
from sim.results.measures import KNOWN, read
from sim.results.months_read import BY_HISTORY, FROM_SITES, read_from
from sim.scenarios.files import load

MONTHLY = ("counts", "sums", "area", "family")
MONTHS = 40


@pytest.fixture(scope="module")
def whole() -> Ensemble:
    """A run whose months were all drawn anew, so that whatever is read of one shows."""
    random = np.random.default_rng(5)
    run = simulate(load("with-teams"), synthetic.generate({"sites": 6}), replicates=5, months=MONTHS)
    return replace(
        run, **{n: random.integers(1, 90, getattr(run, n).shape).astype(getattr(run, n).dtype) for n in MONTHLY}
    )


def others_changed(whole: Ensemble, kept: set[int]) -> Ensemble:
    months = {name: getattr(whole, name).copy() for name in MONTHLY}
    for values in months.values():
        values[:, [month for month in range(MONTHS + 1) if month not in kept]] = 0
    return replace(whole, **months)


@pytest.mark.parametrize("at", ["", "@30"])
@pytest.mark.parametrize("name", KNOWN)
def test_a_measure_is_read_from_the_months_that_are_kept_for_it(whole: Ensemble, name: str, at: str) -> None:
    kept = read_from([name + at], MONTHS).months
    month = {int(at[1:]) if at else MONTHS}
    with np.errstate(all="ignore"):
        expected, alone = read(whole, name + at)[2], read(others_changed(whole, month), name + at)[2]
    same = np.array_equal(expected, alone, equal_nan=True)
    assert kept == (None if (name in BY_HISTORY) else month)
    assert same != (name in BY_HISTORY)


def test_months_of_several_measures_are_put_together() -> None:
    assert read_from(["cost_total", "fidelity@12", "cost_total@12"], 60).months == {12, 60}
    assert read_from(["cost_total", "practitioners_left@12"], 60).months is None
    asked = read_from(["kept_5y_share", "months_to_80@12", "kept_5y_share@60", "cost_total@12"], 60)
    assert asked.by_site == ((FROM_SITES["kept_5y_share"], 60), (FROM_SITES["months_to_80"], 12))


@pytest.mark.parametrize("at", ["", "@30"])
@pytest.mark.parametrize("name", KNOWN)
def test_no_site_is_read_where_measures_of_sites_were_made(whole: Ensemble, name: str, at: str) -> None:
    """What is known at the end is not there, but for the measures that were made from it."""
    drawn = end_drawn(whole)
    made = {asked: by_site(drawn, *asked) for asked in read_from([name + at], MONTHS).by_site or ()}
    alone = replace(drawn, by_site=made, **{n: untouched(getattr(whole, n)) for n in AT_THE_END})
    with np.errstate(all="ignore"):
        expected, found = read(drawn, name + at)[2], read(alone, name + at)[2]
    assert np.array_equal(expected, found, equal_nan=True)
    assert bool(made) == (name in FROM_SITES)


@pytest.mark.parametrize("name", FROM_SITES)
def test_without_them_what_sites_have_come_to_is_needed(whole: Ensemble, name: str) -> None:
    drawn = end_drawn(whole)
    without = replace(drawn, **{n: untouched(getattr(whole, n)) for n in AT_THE_END})
    assert not np.array_equal(read(drawn, name)[2], read(without, name)[2], equal_nan=True)


def end_drawn(whole: Ensemble) -> Ensemble:
    """Started and certified sites, some of them kept."""
    random = np.random.default_rng(8)
    shape = whole.kept.shape
    months = np.cumsum(random.integers(0, 3, (*shape, 4)), axis=2).astype(np.int32)
    flags = {name: random.integers(0, 2, shape).astype(np.int8) for name in ("certified_at_36", "kept")}
    return replace(whole, site_month=months, **flags)


def untouched(values: np.ndarray) -> np.ndarray:
    """As in an ensemble that was not run."""
    return np.full_like(values, -1)
