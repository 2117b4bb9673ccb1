"""Mechanisms carry the effect of teams: ablations move what they should; an inert team changes nothing to the bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from evidence_builders import laboratory

from sim.engine.sums import MARKED
from sim.evidence.ablations import (
    ABLATIONS,
    AT_FIDELITY,
    DELIVERED,
    MONTHS,
    effect,
    hope_without_sign_up,
    inert_steps,
    outcome,
)

SAME = ("counts", "site_month", "certified_at_36", "kept", "not_sustained")


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda a: a.name)
def test_taking_a_mechanism_away_moves_the_outcome_it_should(ablation):
    found = effect(laboratory(), ablation, ablation.moves)
    assert found.apart, "more than noise"
    assert (found.value < 0) == ablation.falls


def test_taking_nothing_away_moves_nothing():
    nothing = ABLATIONS[0].__class__("nothing", "", "at_fidelity", True, {}, {})
    assert effect(laboratory(), nothing, AT_FIDELITY).value == 0.0


def test_an_inert_team_changes_nothing_to_the_bit():
    inert = laboratory().run(inert_steps()[-1], MONTHS)
    hope = laboratory().run(hope_without_sign_up(), MONTHS)
    seen = [name in ("fidelity", "using") for name in MARKED]  # a team is assessed, able or not
    assert np.array_equal(inert.marked[..., seen], hope.marked[..., seen], equal_nan=True)
    for name in SAME:
        if name == "counts":  # the last column counts teams that have been formed, able or not
            assert np.array_equal(inert.counts[..., :-1], hope.counts[..., :-1])
        else:
            assert np.array_equal(getattr(inert, name), getattr(hope, name), equal_nan=True), name
    assert np.array_equal(inert.sums[..., :3], hope.sums[..., :3])


def test_a_team_with_any_capacity_is_not_inert():
    almost = laboratory().run(inert_steps()[-2], MONTHS)
    hope = laboratory().run(hope_without_sign_up(), MONTHS)
    assert not np.array_equal(almost.counts[..., :-1], hope.counts[..., :-1])


def test_the_gap_closes_as_the_teams_mechanisms_go():
    lab = laboratory()
    hope = outcome(lab.run(hope_without_sign_up(), MONTHS), DELIVERED).mean()
    gaps = [outcome(lab.run(step, MONTHS), DELIVERED).mean() - hope for step in inert_steps()]
    assert gaps[-1] == 0.0
    assert gaps[0] > 0.05
    assert all(later <= before + 0.1 * gaps[0] for before, later in pairwise(gaps))
