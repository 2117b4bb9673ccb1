"""Slices: levels, size, representativeness, the choice of sites, resemblance."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import SliceError
from sim.organisation.codes import AGENCIES, MANAGER
from sim.organisation.generate.synthetic import generate
from sim.organisation.slice import choose, examine, mask_of, missing_levels, similarity

AREA = generate({})
ALL = np.ones(40, dtype=np.bool_)


def some(*rows):
    mask = np.zeros(40, dtype=np.bool_)
    mask[list(rows)] = True
    return mask


def test_the_whole_differs_from_itself_by_nothing():
    whole = examine(AREA, ALL)
    assert {name: d for name, d in whole.differences.items() if name != "leadership"} == pytest.approx(
        dict.fromkeys(("size", "deprivation", "staffing", "type", "agency"), 0.0), abs=1e-12
    )
    assert whole.distance == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(whole.differences["leadership"])
    assert "Leadership is left out" in whole.notes[0]
    assert whole.vertical


def test_leadership_counts_where_it_is_known():
    commitment = AREA.leaders.commitment.copy()
    commitment[AREA.leaders.level == MANAGER] = np.linspace(0.2, 0.9, 40)
    known = replace(AREA, leaders=replace(AREA.leaders, commitment=commitment))
    assert examine(known, ALL).differences["leadership"] == pytest.approx(0.0, abs=1e-12)
    low, high = some(0, 1, 2, 3), some(36, 37, 38, 39)
    assert examine(known, low).differences["leadership"] < -1 < 1 < examine(known, high).differences["leadership"]


def test_an_odd_slice_is_far_and_says_where():
    primaries = AREA.sites.type == 0
    report = examine(AREA, primaries)
    assert report.distance > 0.5
    assert report.differences["type"] > 0.5
    assert "is not typical" in " ".join(report.sentences())


def test_size_is_held_against_what_core_teams_can_support():
    assert examine(AREA, some(*range(8)), capacity=8).fits
    assert not examine(AREA, some(*range(9)), capacity=8).fits
    assert examine(AREA, some(*range(9)), capacity=16).fits
    assert not examine(AREA, some(*range(9)), capacity=8.0).fits


def test_missing_levels_are_named():
    senior = AREA.senior.copy()
    senior[0, AGENCIES.index("education")] = -1
    headless = replace(AREA, senior=senior, group=np.array([False]))
    assert missing_levels(headless, ALL, 0) == ("senior leader of education", "multi-agency group")
    health = AREA.sites.agency == AGENCIES.index("health")
    assert missing_levels(headless, health, 0) == ("multi-agency group",)
    assert missing_levels(AREA, ~ALL, 0) == ("sites",)
    assert not examine(headless, ALL).vertical
    assert "cannot open" in " ".join(examine(headless, ALL).sentences())


def test_choice_is_better_than_chance_and_covers_the_agencies():
    rng = np.random.default_rng(2)
    for size in (5, 6, 8, 20):
        chosen = choose(AREA, ALL, size)
        assert chosen.sum() == size
        assert len(set(AREA.sites.agency[chosen].tolist())) == len(AGENCIES)
    for size in (8, 12, 20):
        chosen = choose(AREA, ALL, size)
        random = [examine(AREA, some(*rng.choice(40, size, replace=False))).distance for _ in range(60)]
        assert examine(AREA, chosen).distance < np.quantile(random, 0.1)


def test_the_first_sites_of_the_list_do_not_pass_the_same_test():
    rng = np.random.default_rng(2)
    for size in (8, 12, 20):
        random = [examine(AREA, some(*rng.choice(40, size, replace=False))).distance for _ in range(60)]
        assert examine(AREA, some(*range(size))).distance > np.quantile(random, 0.1)


def test_the_choice_is_close_to_the_best_there_is():
    small = generate({"sites": 12})
    every = np.ones(12, dtype=np.bool_)
    agencies = set(small.sites.agency.tolist())
    best = np.inf
    for rows in combinations(range(12), 6):
        mask = np.isin(np.arange(12), rows)
        if set(small.sites.agency[mask].tolist()) == agencies:
            best = min(best, examine(small, mask).distance)
    assert examine(small, choose(small, every, 6)).distance <= 1.25 * best


def test_the_choice_keeps_to_the_eligible_and_is_deterministic():
    eligible = some(*range(0, 40, 2))
    first, again = choose(AREA, eligible, 7), choose(AREA, eligible, 7)
    assert np.array_equal(first, again)
    assert not (first & ~eligible).any()
    assert np.array_equal(choose(AREA, eligible, 20), eligible)


def test_six_hundred_sites_are_chosen_from_well():
    big = generate({"sites": 600})
    chosen = choose(big, np.ones(600, dtype=np.bool_), 120)
    assert examine(big, chosen).distance < 0.02


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 39), min_size=1), st.sets(st.integers(0, 39), min_size=1))
def test_similarity_is_symmetric_bounded_and_one_for_the_same(one, other):
    a, b = some(*one), some(*other)
    assert similarity(AREA, a, a) == pytest.approx(1.0)
    assert similarity(AREA, a, b) == pytest.approx(similarity(AREA, b, a))
    assert 0.0 <= similarity(AREA, a, b) <= 1.0


def test_similarity_distinguishes_like_from_unlike():
    chosen = choose(AREA, ALL, 12)
    primaries, secondaries = AREA.sites.type == 0, AREA.sites.type == 1
    assert similarity(AREA, chosen, ~chosen) > 0.9
    assert similarity(AREA, primaries, secondaries) < 0.65


def test_sites_are_found_by_id_and_pseudonym_and_unknown_ones_named():
    name = str(AREA.sites.pseudonyms[3])
    assert np.flatnonzero(mask_of(AREA, ["S0001", name])).tolist() == [0, 3]
    with pytest.raises(SliceError, match=r"no site 'Secondry 01' .did you mean 'Secondary 01'"):
        mask_of(AREA, ["Secondry 01"])
    with pytest.raises(SliceError, match="no site given"):
        mask_of(AREA, [])


def test_refusals():
    nation = generate({"sites": 30, "areas": 3})
    every = np.ones(30, dtype=np.bool_)
    with pytest.raises(SliceError, match="one area"):
        examine(nation, every)
    with pytest.raises(SliceError, match="no site"):
        examine(AREA, ~ALL)
    with pytest.raises(SliceError, match="among the"):
        examine(AREA, some(0, 1), within=some(1, 2, 3))
    for size in (0, 41):
        with pytest.raises(SliceError, match="give 1 to 40"):
            choose(AREA, ALL, size)
    with pytest.raises(SliceError, match="resembles nothing"):
        similarity(AREA, ALL, ~ALL)
