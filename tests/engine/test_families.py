"""Families: the effect is convex in fidelity, families leave, gains fade in part; alike in both engines."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_builders import FULL, KEEN, busy, differing, place, surrounded
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.phases.families import leaves_or
from sim.engine.sums import FAMILY
from sim.parameters import FamilyParameters
from sim.results.series import columns
from sim.rules import family
from sim.rules.rule import probability
from sim.scenarios.scenario import Scenario

SECOND = {"effect_convex": 0.56, "families_leave": 0.125, "gain_lasts": 0.5, "gain_half_life": 12.0}
FIRST = {"effect_convex": 0.0, "families_leave": 0.0, "gain_lasts": 1.0}
"""Values at which the three vanish."""

SHARE = st.floats(0.0, 1.0)
ALL_HANDS = {"offer": 2.0, "identify_practice": 0.5, "complete": 0.8, "recover": 0.0, "resolve": 0.005}


def met(fidelity, effect=0.5):
    """What a family meets whose practitioner delivers so well."""
    return family.Service(True, fidelity, fidelity >= 0.8, effect, 0.0, 1.0, 1.0, 0.0)


# the effect of fidelity


@given(SHARE, SHARE, st.floats(0.0, 0.93))
def test_the_effect_is_a_share_and_rises_with_fidelity(one, other, convex):
    p = FamilyParameters(effect_convex=convex)
    low, high = sorted((one, other))
    assert 0.0 <= family.works(p, low) <= family.works(p, high) <= 1.0
    assert family.works(p, high) <= high
    assert family.works(p, 1.0) == 1.0
    assert family.works(FamilyParameters(**FIRST), one) == one
    assert family.works(p, (low + high) / 2) <= (family.works(p, low) + family.works(p, high)) / 2 + 1e-12


def rises_faster_than_in_proportion(p) -> bool:
    """Is the benefit of a month at fidelity .45 two fifths, not half, of that at .85?"""
    return abs(family.benefit(p, met(0.45)) / family.benefit(p, met(0.85)) - 0.4) < 0.01


def test_poor_delivery_has_two_fifths_of_the_effect():
    assert rises_faster_than_in_proportion(FamilyParameters(effect_convex=SECOND["effect_convex"]))
    assert not rises_faster_than_in_proportion(FamilyParameters(**FIRST)), "in proportion it is .53"


@pytest.mark.parametrize(("convex", "relative"), [(0.0, 0.53), (0.56, 0.4), (0.93, 0.3)])
def test_the_range_is_that_of_the_literature(convex, relative):
    p = FamilyParameters(effect_convex=convex)
    assert family.works(p, 0.45) / family.works(p, 0.85) == pytest.approx(relative, abs=0.005)


# families leave


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.35))
def test_a_uniform_is_used_up_once(bits, rate):
    """Its low end says who leaves and, spread again, whether the next is in need; the rest is spread for who stays."""
    uniform, p = bits / 2.0**32, FamilyParameters(families_leave=rate)
    leaves = family.chances(p).leaves
    assert family.chances(FamilyParameters(**FIRST)).leaves == 0.0
    assert family.of_those_who_stay(uniform, 0.0) == uniform
    if uniform >= leaves:
        luck, arises = family.of_those_who_stay(uniform, leaves), family.arises(p, 0)
        assert 0.0 <= luck < 1.0
        if abs(luck - arises) > 1e-9:
            assert (luck < arises) == (uniform < leaves_or(leaves, arises))
    elif abs(uniform / leaves - p.need_fifth1) > 1e-9:
        assert family.in_need_on_arrival(family.prevalence(p, 0), uniform, leaves) == (uniform < leaves * p.need_fifth1)


@cache
def nobody_served(**parameters):
    """120 months in which nobody uses the practice, so need comes and goes by itself."""
    question = Scenario("alone", months=120, levers={"communication": 0.0}, parameters={
        "awareness_mass": 0.001, "awareness_peers": 0.01, "awareness_engaged": 0.05, "start_peers": 0.02,
        "start_manager": 0.01} | FIRST | parameters, zones=())  # fmt: skip
    return batch.simulate(question, place(sites=20, families=6000), replicates=6, seed=4)


def measure(ensemble, name):
    """A family measure of the whole area, [R, T + 1]."""
    return ensemble.family[..., FAMILY.index(name)].sum(axis=(2, 3))


def test_leaving_moves_no_prevalence():
    """Closed form: who comes is in need as often as on the first day, so need stays where it was."""
    e = nobody_served(families_leave=0.35)
    share = measure(e, "families_in_need") / measure(e, "families")
    assert share[:, 60:].mean() == pytest.approx(share[:, 0].mean(), abs=0.006)
    few = nobody_served(families_leave=0.35, need_fifth1=0.2, need_fifth2=0.15, need_fifth3=0.13, need_fifth4=0.09)
    moved = measure(few, "families_in_need") / measure(few, "families")
    assert abs(moved[:, 60:].mean() - share[:, 0].mean()) > 0.012, "another need at start is seen"


def test_as_many_leave_as_the_rate_says():
    """Closed form: families ever = those there x (1 + months x monthly chance)."""
    for rate in (0.0, 0.125):
        e = nobody_served(families_leave=rate)
        expected = 1.0 + 120 * probability(rate / 12)
        found = (measure(e, "families_ever") / measure(e, "families"))[:, -1].mean()
        assert found == pytest.approx(expected, rel=0.01)
        assert (measure(e, "families") == 6000).all()


def in_use(**parameters) -> Scenario:
    """Everybody is supported early on, and many are served."""
    return busy(months=80, levers=FULL, parameters=KEEN | ALL_HANDS | FIRST | parameters)


@cache
def served(**parameters):
    return batch.simulate(in_use(**parameters), place(sites=12, families=3000), replicates=4, seed=5)


def test_what_counts_each_family_once_never_falls():
    e = served(**SECOND)
    for name in ("families_ever", "families_ever_in_need", "families_reached", "families_reached_at_fidelity",
                 "benefit", "families_gave_up_waiting", "families_identified_wrongly", "families_completed",
                 "benefit_completed"):  # fmt: skip
        assert (np.diff(e.family[..., FAMILY.index(name)], axis=1) >= 0).all(), name
    assert (np.diff(measure(e, "benefit_here"), axis=1) < 0).any(), "those who leave take theirs along"
    for part, whole in (("families_completed", "families_reached"), ("families_reached", "families_ever_in_need"),
                        ("families_ever_in_need", "families_ever"), ("reached_here", "families_reached")):  # fmt: skip
        assert (measure(e, part) <= measure(e, whole)).all(), (part, whole)


# gains fade


@given(st.integers(0, 10**11), st.integers(0, 10**9), SHARE, st.floats(3.0, 36.0), SHARE)
def test_what_fades_shrinks_and_is_never_less_than_nothing(before, brought, lasts, half_life, gone):
    p = FamilyParameters(gain_lasts=lasts, gain_half_life=half_life)
    there = 2 * before
    left = int(gone * there)
    after = family.fading(p, before, brought, there, left)
    assert 0 <= after <= before + (1 - lasts) * brought + 1
    assert family.fading(p, before, 0, there, there) == 0, "all have left"
    assert family.fading(FamilyParameters(gain_lasts=1.0), 0, brought, there, left) == 0


def test_half_is_left_after_a_half_life_and_a_steady_stream_levels_off():
    """Closed forms: half after the half-life; the limit of a stream is its part / (1 - kept)."""
    p = FamilyParameters(gain_lasts=0.4, gain_half_life=12.0)
    left = 10**9
    for _ in range(12):
        left = family.fading(p, left, 0, 10**9, 0)
    assert left == pytest.approx(5 * 10**8, rel=1e-4)
    pool = 0
    for _ in range(300):
        pool = family.fading(p, pool, 10**7, 10**9, 10**7)
    kept = (1 - probability(0.6931471805599453 / 12)) * 0.99
    assert pool == pytest.approx(0.6 * 10**7 / (1 - kept), rel=1e-4)


def twenty_years(**parameters):
    """Mean gain of all families there, SD, after 10 and 20 years of much service."""
    question = replace(in_use(**parameters), months=240, events=())
    e = batch.simulate(question, place(sites=12, families=1200), replicates=2, seed=6)
    lasts = parameters.get("gain_lasts", 1.0)
    gain = (lasts * measure(e, "benefit_here") + measure(e, "gain_fading")) / measure(e, "families") / 1e6
    return gain[:, 120].mean(), gain[:, 240].mean()


def levels_off(ten, twenty) -> bool:
    """Do another ten years of no less service add less than half of what the first ten did?"""
    return twenty - ten < 0.5 * ten


def test_the_population_s_gain_levels_off():
    assert levels_off(*twenty_years(**SECOND))
    assert not levels_off(*twenty_years()), "where families never leave and nothing fades it adds up for ever"


# completers, and all together


def test_completers_gain_an_episode_s_effect_by_their_fidelity():
    """At least an episode at the fidelity there is; and poor delivery brings them less where the effect is convex."""
    plain, convex = (
        columns(served(**p))["wellbeing_completed"][:, -1, -1].mean() for p in ({}, {"effect_convex": 0.56})
    )
    assert 0.0 < convex < 0.95 * plain
    e = served()
    nobody = measure(e, "families_completed")[:, 0]
    assert (nobody == 0).all()
    assert np.isnan(columns(e)["wellbeing_completed"][:, 0]).all(), "undefined without any"


def test_as_many_complete_as_are_said_to():
    """Of families once in service, `complete` stay to the end of an episode, more of them by a second one; fewer where
    fewer stay."""
    most, fewest = (
        measure(e, "families_completed")[:, -1].sum() / measure(e, "families_reached")[:, -1].sum()
        for e in (served(offer_again=0.0), served(offer_again=0.0, complete=0.4))
    )
    assert 0.6 < most <= 0.85
    assert 0.25 < fewest < 0.45


@pytest.mark.parametrize("changed", [SECOND, SECOND | {"families_leave": 0.35, "gain_lasts": 0.0}])
@pytest.mark.parametrize("question", [busy, surrounded], ids=["busy", "surrounded"])
def test_both_engines_agree_on_all_of_it(question, changed):
    asked = question(months=40, parameters=KEEN | changed)
    found = [engine.simulate(asked, place(sites=12), replicates=2, seed=2) for engine in (batch, mesa_engine)]
    assert differing(*found) == []
    assert found[0].family[..., FAMILY.index("gain_fading")].max() > 0


@pytest.mark.parametrize("name", ["effect_convex", "families_leave", "gain_lasts"])
def test_each_moves_the_results_and_a_half_life_alone_moves_nothing(name):
    assert differing(served(), served(**{name: SECOND[name]}))
    assert differing(served(), served(gain_half_life=3.0)) == []
