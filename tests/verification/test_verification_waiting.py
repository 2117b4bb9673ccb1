"""Waiting times, equilibria and spread against their closed forms; each oracle also turns a wrong model away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from verification_builders import THRESHOLD, everyone_tied, place, still, without_ties, z_of_share

from sim.engine.batch import simulate
from sim.engine.sums import COUNTS, SUMS
from sim.organisation.codes import STAGES
from sim.rules.rule import probability

HEARING = {"awareness_mass": 0.05, "start_manager": 0.0, "start_peers": 0.0, "start_mandate": 0.0}
AT_ONCE = {"awareness_mass": 32.0}
RUNS = 30


def share_of(name, parameters, organisation, months, seed=1, runs=RUNS):
    """Count over all runs and staff by month, and how many people that is."""
    e = simulate(still(parameters), organisation, replicates=runs, months=months, seed=seed)
    people = e.counts[:, 0, :, COUNTS.index("practitioners")].sum()
    return e.counts[:, :, :, COUNTS.index(name)].sum(axis=(0, 2)), int(people)


def aware_share(p, month):
    """Geometric: the share that has heard after so many months of the same monthly chance."""
    return 1.0 - (1.0 - p) ** month


@pytest.mark.parametrize("month", [1, 3, 10, 30])
def test_waiting_to_hear_is_geometric(month):
    aware, people = share_of("practitioners_aware", HEARING, without_ties(place()), 30)
    right = aware_share(probability(0.05), month)
    assert abs(z_of_share(aware[month], people, right)) < THRESHOLD


def test_a_hazard_taken_for_a_probability_is_noticed():
    aware, people = share_of("practitioners_aware", {**HEARING, "awareness_mass": 0.3}, without_ties(place()), 3)
    assert abs(z_of_share(aware[3], people, aware_share(probability(0.3), 3))) < THRESHOLD
    assert abs(z_of_share(aware[3], people, aware_share(0.3, 3))) > THRESHOLD


def equilibrium(start, stop):
    """Two states: the share in the first once memory is gone."""
    return start / (start + stop)


TWO_STATES = {**AT_ONCE, "start_manager": 0.2, "start_untrained": 1.0, "start_peers": 0.0, "start_mandate": 0.0,
              "lapse": 0.08, "lapse_manager": 0.0, "lapse_peers": 0.0, "lapse_coaching": 0.0,
              "readiness_mean": 0.5, "commitment_mean": 0.5, "drift": 0.0}  # fmt: skip


def test_use_settles_where_starting_and_stopping_balance():
    using, people = share_of("practitioners_using", TWO_STATES, without_ties(place()), 150)
    start, stop = probability(0.5 * 0.2 * 0.5), probability(0.08)
    assert abs(z_of_share(using[150], people, equilibrium(start, stop))) < THRESHOLD
    assert abs(z_of_share(using[150], people, equilibrium(1.2 * start, stop))) > THRESHOLD


def test_the_way_to_the_balance_is_exponential():
    using, people = share_of("practitioners_using", TWO_STATES, without_ties(place()), 20)
    start, stop = probability(0.5 * 0.2 * 0.5), probability(0.08)
    right = equilibrium(start, stop) * (1.0 - (1.0 - start - stop) ** np.arange(20))
    for month in (2, 6, 12, 19):  # everybody has heard after the first month
        assert abs(z_of_share(using[month + 1], people, right[month])) < THRESHOLD


SPREAD = {**AT_ONCE, "start_untrained": 1.0, "start_mandate": 0.0, "lapse": 0.0, "drift": 0.0,
          "readiness_mean": 0.5, "commitment_mean": 0.5}  # fmt: skip


def bass(p, q, month):
    """Bass (1969): the share that has adopted, with innovation p and imitation q a month."""
    decline = np.exp(-(p + q) * month)
    return (1.0 - decline) / (1.0 + q / p * decline)


@pytest.mark.parametrize(("p", "q"), [(0.004, 0.05), (0.003, 0.06)])
def test_on_a_complete_graph_use_spreads_as_bass_says(p, q):
    parameters = {**SPREAD, "start_manager": 4.0 * p, "start_peers": 2.0 * q}
    organisation = everyone_tied(place(40))
    e = simulate(still(parameters), organisation, replicates=20, months=121)
    share = e.counts[:, 1:, :, COUNTS.index("practitioners_using")].sum(axis=2) / len(organisation.practitioners)
    months = np.arange(121)
    gap = np.abs(share.mean(axis=0) - bass(p, q, months)).max()
    wrong = np.abs(share.mean(axis=0) - bass(p, 1.2 * q, months)).max()
    assert gap < 0.025, "months are steps and a thousand people are not infinitely many: 2.5 points at most"
    assert wrong > 2 * 0.025


def fading(start, own, norm, months, half_life):
    """Users alike, nobody coached: skill S goes to what they keep by themselves, L, by S' = S + s (L + w (S - L) - S),
    as all colleagues are at S: what is between them shrinks by 1 - s (1 - w) a month, s = 1 - 2^(-1 / half-life).
    """
    kept = 1.0 - (1.0 - 0.5 ** (1.0 / half_life)) * (1.0 - norm)
    return own + (start - own) * kept ** np.arange(months + 1)


@pytest.mark.parametrize("norm", [0.0, 0.3, 1.0])
def test_skill_that_nobody_coaches_fades_as_a_half_life_says(norm):
    """Fidelity is skill times what nothing hinders here: all of it. By themselves people keep 0.4 (1 - 0.5 x 0.6)."""
    parameters = {"level_mean": 0.4, "fall_back": 0.5, "skill_half_life": 5.0, "norm": norm, "lapse": 0.0,
                  "awareness_mass": 0.0, "awareness_engaged": 0.0, "barrier_mean": 0.0, "system_barrier": 0.0,
                  "head_leads": 0.0, "give_up_hazard": 0.0}  # fmt: skip
    o = place(10)
    everywhere = np.full(len(o.sites), STAGES.index("initial"), np.int32)
    sites = replace(o.sites, stage=everywhere, fidelity=np.full(len(o.sites), 0.9), using=np.ones(len(o.sites)))
    e = simulate(still(parameters), replace(o, sites=sites), replicates=1, months=30)
    found = e.sums[0, :, :, SUMS.index("fidelity")].sum(axis=1) / len(o.practitioners)
    assert np.allclose(found, fading(0.9, 0.28, norm, 30, 5.0), atol=2e-5)
    assert not np.allclose(found, fading(0.9, 0.28, 0.8 * norm + 0.1, 30, 5.0), atol=2e-3)
    assert norm == 1.0 or not np.allclose(found, fading(0.9, 0.4, norm, 30, 5.0), atol=2e-3)


def test_without_imitation_there_is_no_s_curve():
    parameters = {**SPREAD, "start_manager": 0.04, "start_peers": 0.0}
    using, _ = share_of("practitioners_using", parameters, everyone_tied(place()), 60)
    assert (np.diff(np.diff(using[1:])) <= 0).mean() > 0.5 and using[30] - using[1] > using[60] - using[31]
