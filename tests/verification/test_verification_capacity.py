"""Capacity, the cascade from team to team, need of families, and paired differences against their closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from verification_builders import THRESHOLD, place, still

from sim.engine.batch import simulate
from sim.engine.sums import AREA, FAMILY
from sim.organisation.codes import STAGES
from sim.parameters import Parameters
from sim.results.intervals import mean_difference
from sim.rules import family
from sim.rules.rule import probability
from sim.rules.team import next_capacity
from sim.scenarios.scenario import Zone

CORE, CORE_LOCAL = 3.0, 4.0
THIN, WHOLE = 0.35, 22.0


def capacity_course(start, growth, atrophy, support, released, months):
    """Linear growth towards 1 and decay towards 0: an exponential approach to the fixed point.

    Released time r counts r^2 (1 + t) / (r + t), t = THIN: both rates stay constant, and so does the fixed point.
    """
    worth = released * released * (1.0 + THIN) / (released + THIN)
    up, down = growth * support * worth / 12.0, atrophy * (1.0 - support) / 12.0
    fixed = up / (up + down)
    return fixed + (start - fixed) * (1.0 - up - down) ** np.arange(months + 1)


def core_capacity(support, months=240, **more):
    """The engine's course of a core team's capacity under constant external support, nothing else going on."""
    parameters = {"own_renewal": 1e9, "drift": 0.0, "capacity_growth": 0.3, "atrophy": 0.4, "commitment_mean": 0.6,
                  "capacity_start_core": 0.1, "thin_time": THIN, **more}  # fmt: skip
    scenario = still(parameters, {"teams": CORE, "external_level": support})
    e = simulate(scenario, place(), replicates=1, months=months)
    return e.area[0, :, AREA.index("capacity_core")]


@pytest.mark.parametrize("support", [0.2, 0.7])
def test_capacity_goes_to_its_fixed_point(support):
    found = core_capacity(support)
    assert np.allclose(found, capacity_course(0.1, 0.3, 0.4, support, 0.6, 240), atol=1e-9)
    assert not np.allclose(found, capacity_course(0.1, 0.3, 0.4, support, 0.66, 240), atol=1e-3)


def test_the_fixed_point_does_not_move():
    p = Parameters().team._replace(capacity_growth=0.3, atrophy=0.4, thin_time=THIN)
    fixed = capacity_course(0.1, 0.3, 0.4, 0.7, 0.6, 100_000)[-1]
    assert next_capacity(p, fixed, 0.7, 0.6) == pytest.approx(fixed, abs=1e-12)
    assert abs(next_capacity(p, fixed + 0.1, 0.7, 0.6) - fixed - 0.1) > 1e-4


def cascade(mentor_places, mature, new, base=1.0):
    """Places asked for over places given where mature local teams alone support new ones; and people of each site."""
    o = place(40)
    large = np.flatnonzero(o.sites.staff >= 6)  # smaller sites share a team
    old, fresh = large[:mature], large[mature : mature + new]
    stage, capacity = np.full(len(o.sites), -1, np.int32), np.full(len(o.sites), np.nan)
    stage[old], capacity[old] = STAGES.index("initial"), 1.0
    o = replace(o, sites=replace(o.sites, stage=stage, capacity=capacity))
    zones = tuple(
        Zone(name, sites=tuple(map(str, o.sites.ids[rows])), opens=0)
        for name, rows in (("old", old), ("new", fresh))
        if len(rows)
    )
    parameters = {"mentor_places": mentor_places, "capacity_start_core": 0.0, "capacity_start_local": 0.0,
                  "place_base": base, "place_staff": WHOLE,
                  "explore_need": 0.0, "select": 1e9, "explore_unaided": 1.0, "readiness_mean": 1.0,
                  "commitment_mean": 1.0}  # fmt: skip
    e = simulate(still(parameters, {"teams": CORE_LOCAL}, zones=zones), o, replicates=1, months=1)
    return e.area[0, 1, AREA.index("attention_core")], o.sites.staff[old], o.sites.staff[fresh]


@pytest.mark.parametrize("mentor_places", [0.5, 1.0, 2.0])
def test_the_cascade_branches_by_what_each_mature_team_can_mentor(mentor_places):
    mature, new, maintain = 4, 5, Parameters().team.maintain
    asked, _, _ = cascade(mentor_places, mature, new)
    assert asked == pytest.approx((mature * maintain + new * 1.0) / (mature * mentor_places))
    assert asked != pytest.approx((mature + new) / (mature * mentor_places), rel=0.05)


@pytest.mark.parametrize("base", [0.0, 0.4, 0.9])
def test_a_site_needs_a_place_by_its_people(base):
    """A part of a place that every site needs, and the rest in proportion to its staff; mature ones need `maintain`."""
    asked, old, new = cascade(1.0, 4, 5, base)
    maintain = Parameters().team.maintain
    right = (maintain * (base + (1.0 - base) * old / WHOLE)).sum() + (base + (1.0 - base) * new / WHOLE).sum()
    assert asked == pytest.approx(right / 4)
    assert asked != pytest.approx((4 * maintain + 5) / 4, rel=1e-3), "else every site would count alike"


def test_a_cascade_below_one_place_for_a_place_dies_out():
    """Each mature team gives m places and needs `maintain`: the chain can grow only where m > maintain."""
    maintain = Parameters().team.maintain
    assert cascade(maintain * 1.5, 4, 0)[0] < 1.0 < cascade(maintain * 0.5, 4, 0)[0]


def ever_in_need(prevalence, resolve, months):
    """Birth and death of need in balance: who has ever been in need."""
    arises = probability(resolve) * prevalence / (1.0 - prevalence)
    return 1.0 - (1.0 - prevalence) * (1.0 - arises) ** np.arange(months + 1)


@pytest.fixture(scope="module")
def untouched():
    """Families whom nobody serves."""
    return simulate(still({"awareness_mass": 0.0, "families_leave": 0.0}), place(10, 300), replicates=20, months=60)


def test_need_stays_in_balance_and_turns_over(untouched):
    p = Parameters().family
    totals = untouched.family.sum(axis=(0, 2)).astype(float)
    for fifth in range(5):
        prevalence = family.prevalence(p, fifth)
        families = totals[0, fifth, FAMILY.index("families")]
        ever = totals[:, fifth, FAMILY.index("families_ever_in_need")]
        now = totals[:, fifth, FAMILY.index("families_in_need")]
        expected = ever_in_need(prevalence, p.resolve, 60)
        for month in (12, 60):
            error = np.sqrt(families * expected[month] * (1.0 - expected[month]))
            assert abs(ever[month] - families * expected[month]) < THRESHOLD * error
            error = np.sqrt(families * prevalence * (1.0 - prevalence))
            assert abs(now[month] - families * prevalence) < THRESHOLD * error


def test_a_need_that_turns_over_faster_is_noticed(untouched):
    p = Parameters().family
    totals = untouched.family.sum(axis=(0, 2, 3)).astype(float)
    ever, families = totals[60, FAMILY.index("families_ever_in_need")], totals[0, FAMILY.index("families")]
    wrong = np.mean([ever_in_need(family.prevalence(p, f), 1.3 * p.resolve, 60)[-1] for f in range(5)])
    assert abs(ever - families * wrong) > THRESHOLD * np.sqrt(families * wrong * (1.0 - wrong))


def test_a_paired_difference_is_as_sure_as_its_closed_form_says():
    """Var(A - B) = 2 s^2 (1 - r): noise shared with correlation r cancels; the interval covers 95 % of truths."""
    dice, runs, tries, r = np.random.default_rng(5), 60, 2000, 0.8
    shared, own = np.sqrt(r), np.sqrt(1.0 - r)
    luck = dice.normal(size=(tries, runs, 1)) * shared + dice.normal(size=(tries, runs, 2)) * own
    gaps = luck[..., 0] - luck[..., 1] + 0.3
    width = np.mean([e.high - e.low for e in map(mean_difference, gaps)])
    closed = 2 * 2.0010 * np.sqrt(2.0 * (1.0 - r) / runs)
    assert width == pytest.approx(closed, rel=0.02)
    assert width != pytest.approx(2 * 2.0010 * np.sqrt(2.0 / runs), rel=0.2), "not that of unpaired runs"
    covered = sum(e.low <= 0.3 <= e.high for e in map(mean_difference, gaps))
    assert abs(covered - 0.95 * tries) < THRESHOLD * np.sqrt(tries * 0.95 * 0.05)
    off = sum(e.low <= 0.5 <= e.high for e in map(mean_difference, gaps))
    assert abs(off - 0.95 * tries) > THRESHOLD * np.sqrt(tries * 0.95 * 0.05)
