"""Pairing by random numbers: what is compared with what, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from outcome_builders import ensemble, organisation, scenario

from sim.errors import ScenarioError
from sim.results.compare import difference, differences, summaries, summarise
from sim.results.measures import HEADLINE_IDS, read


@pytest.fixture(scope="module")
def pair():
    place = organisation()
    return ensemble(place=place), ensemble("weak", strength=0.4, place=place, asked=scenario("weak"))


def test_a_difference_is_taken_run_by_run(pair):
    found = difference(*pair, "sites_full_share")
    paired = read(pair[0], "sites_full_share")[2] - read(pair[1], "sites_full_share")[2]
    assert found.estimate.value == pytest.approx(paired.mean())
    assert found.higher == pytest.approx((paired > 0).mean())
    assert (found.scenario, found.against) == ("with-teams", "weak")


def test_the_other_way_round_turns_the_sign(pair):
    for name in ("sites_full_share", "cost_per_family_at_fidelity"):
        there, back = difference(*pair, name).estimate, difference(*reversed(pair), name).estimate
        assert there.value == pytest.approx(-back.value)
        assert there.apart == back.apart


def test_shares_take_the_mean_months_and_money_the_median(pair):
    kinds = {name: difference(*pair, name).estimate.kind for name in HEADLINE_IDS}
    assert kinds["months_to_80"] == kinds["cost_per_family_at_fidelity"] == "median"
    assert {kinds[n] for n in HEADLINE_IDS if n.endswith("share")} == {"mean"}


@pytest.mark.parametrize("change", [{"seed": 2}, {"replicates": 19}, {"months": 47}, {"first": 1}])
def test_runs_with_different_random_numbers_are_not_paired(pair, change):
    other = ensemble("weak", asked=scenario("weak"), **change)
    with pytest.raises(ScenarioError, match=f"differ in {next(iter(change))}"):
        difference(pair[0], other, "sites_full_share")


def test_the_first_is_compared_with_each_of_the_others(pair):
    third = replace(pair[1], scenario=scenario("third"))
    found = differences([*pair, third], ("sites_full_share",))
    assert [(d.scenario, d.against) for d in found] == [("with-teams", "weak"), ("with-teams", "third")]


def test_everything_is_json_without_nan(pair):
    nobody = ensemble("nobody", strength=0, asked=scenario("nobody"))
    runs = [*pair, nobody]
    found = [s.as_dict() for s in summaries(runs)] + [d.as_dict() for d in differences(runs)]
    text = json.dumps(found, allow_nan=False)
    assert {"id", "unit", "cohort", "scenario", "median", "p10", "p90", "kind"} <= set(found[0])
    assert "Infinity" not in text


def test_beyond_the_horizon_counts_as_late_among_months_and_is_left_out_of_shares():
    run = ensemble(replicates=40, months=60)
    found, values = summarise(run, "months_to_80"), read(run, "months_to_80")[2]
    assert found.beyond_horizon == np.isinf(values).mean() > 0
    assert found.median == pytest.approx(np.quantile(np.where(np.isinf(values), 1e9, values), 0.5))
    early, shares = summarise(run, "certified_36_share@38"), read(run, "certified_36_share@38")[2]
    assert early.beyond_horizon == np.isinf(shares).mean() > 0
    assert early.median == np.median(shares[np.isfinite(shares)])


def test_one_month_of_a_headline_can_be_compared(pair):
    found = difference(*pair, "sites_full_share@0")
    assert found.equal == 1.0
    assert found.as_dict()["id"] == "sites_full_share@0"
