"""What an experienced adviser expects of practitioners and sites. Every expectation fails without its mechanism."""

import itertools

import numpy as np
import plausibility_builders as b
import pytest

from sim.scenarios.events import Event, LeadersLeave, LeversChange
from sim.scenarios.files import load

STOP = Event("everything stops", 60, (LeversChange(b.SUPPORT),))
LASTING = {"lapse": 0.003, "lapse_given_up": 0.0, "give_up_hazard": 0.0, "lapse_overload": 0.0, "start_peers": 0.4}
"""Practice that is easily taken up and hardly ever given up, as if neither people nor sites had a choice."""


def use_falls(without=None) -> bool:
    e = b.run(b.with_events(load("with-teams"), STOP), 180, without)
    course = [b.using(e, month) for month in (60, 72, 84, 120, 180)]
    return all(later < earlier for earlier, later in itertools.pairwise(course))


def test_p1_when_everything_stops_use_falls_within_a_year_and_goes_on_falling():
    assert use_falls()
    assert not use_falls(LASTING)


def test_p1_sites_end_up_apart():
    def shares(without=None):
        e = b.run(b.with_events(b.apart(load("with-teams")), STOP), 108, without)
        users = b.by_site(e, "practitioners_using")
        there = users[:, 60] >= 3
        left = (users[:, 108] / np.maximum(users[:, 60], 1))[there]
        return (left == 0).mean(), ((left > 0) & (left < 0.7)).mean(), (left >= 0.7).mean()

    assert min(shares()) > 0.03
    assert min(shares(LASTING)) < 0.03


def since_start(e, values, months) -> float:
    """Mean over sites so many months after their own start."""
    started, staff = b.starts_by_site(e), b.by_site(e, "practitioners")
    found = [
        (values[run, started[run, site] + months, site], staff[run, 0, site])
        for run, site in zip(*np.nonzero((started >= 0) & (started + 60 <= e.months)), strict=True)
    ]
    return float(sum(one for one, _ in found) / sum(of for _, of in found))


def one_off(without=None):
    e = b.run(b.apart(load("train-and-hope")), 144, without)
    users = b.by_site(e, "practitioners_using")
    return [since_start(e, users, months) for months in (0, 6, 12, 24, 60)]


def test_p2_one_off_training_peaks_within_a_year_then_falls():
    course = one_off()
    assert max(course) == max(course[1:3])
    assert course[4] < course[3] < course[2]
    kept = one_off({"training_half_life": 24.0, **LASTING})
    assert kept[4] > kept[2]


def test_p2_users_fidelity_falls_after_one_off_training():
    def course(without=None):
        e = b.run(b.apart(load("train-and-hope")), 144, without)
        users, fidelity = b.by_site(e, "practitioners_using"), np.nan_to_num(b.fidelity_by_site(e))
        return [since_start(e, users * fidelity, m) / since_start(e, users, m) for m in (1, 12, 60)]

    first, year, five_years = course()
    assert five_years < year < first
    assert five_years < 0.97 * first
    first, _, five_years = course({"fall_back": 0.0})
    assert five_years > 0.97 * first
    first, _, five_years = course({"skill_practice": 0.3, "norm": 0.0})
    assert five_years > first


@pytest.mark.parametrize("month", [30, 48])
def test_p3_all_leaders_leaving_costs_a_tenth_of_those_at_fidelity_two_years_on(month):
    leave = [
        Event(f"all {level}s leave", month, (LeadersLeave(level),)) for level in ("senior", "operational", "manager")
    ]

    def lost(without=None):
        usual = b.at_fidelity(b.run(load("with-teams"), month + 24, without), month + 24)
        after = b.at_fidelity(b.run(b.with_events(load("with-teams"), *leave), month + 24, without), month + 24)
        return 1.0 - after / usual

    assert lost() > 0.1
    assert lost({"new_head": 0.0, "post_settling": 1.0, "correlation": 0.7, "give_up_hazard": 0.0}) < 0.1


def test_p3_a_senior_leader_leaving_is_felt_in_that_agency():
    def gap(without=None):
        leave = Event("education's leader leaves", 24, (LeadersLeave("senior", "education"),))
        usual, after = (
            b.run(load("with-teams"), 36, without),
            b.run(b.with_events(load("with-teams"), leave), 36, without),
        )
        return b.delivered(usual, 36) / b.delivered(after, 36) - 1.0

    assert gap() > 0.01


def test_p4_a_poor_design_halves_what_is_delivered_until_testing_has_mended_part_of_it():
    def left(without=None, month=24, **levers):
        poor = b.run(b.with_levers("with-teams", usability_start=0.5, **levers), month, without)
        return b.delivered(poor, month) / b.delivered(
            b.run(b.with_levers("with-teams", usability_start=1.0), month, without), month
        )

    assert left(usability_testing=0.0) < 0.5
    assert left(month=60) > left(usability_testing=0.0, month=60) + 0.2
    assert left({"usability_gain": 0.6, "usability_months": 1.0, "usability_users": 0.0}, month=36) > 0.75


def test_p5_overload_brings_use_near_zero_never_exactly_to_it():
    crowded = b.with_levers("with-teams", initiative_load=1.0, alignment=0.0)
    assert 0.0 < b.using(b.run(crowded, 60), 60) < 0.25 * b.using(b.run(load("with-teams"), 60), 60)
    assert b.using(b.run(crowded, 60, {"spare": 0.0, "awareness_mass": 0.001}), 60) < b.using(b.run(crowded, 60), 60)


def test_p6_money_without_teams_buys_something_with_diminishing_returns():
    budgets = (0.0, 500.0, 1000.0, 2000.0, 4000.0)
    for scenario in ("without-teams", "with-teams"):
        use = [b.using(b.run(b.with_levers(scenario, budget=money), 60), 60) for money in budgets]
        gains = np.diff(use) / np.diff(budgets)
        assert (gains > 0).all()
        assert (np.diff(gains) < 0).all()


@pytest.mark.parametrize("month", [36, 60, 120, 180, 240])
def test_p7_fidelity_at_supported_sites_stays_within_what_is_published(month):
    def seen(without=None):
        e = b.run(b.apart(load("with-teams")), 240, without)
        there = (b.by_site(e, "sites_started") > 0) & (b.by_site(e, "sites_not_sustained") == 0)
        fidelity = b.fidelity_by_site(e)[:, month][there[:, month]]
        return fidelity[np.isfinite(fidelity)]

    assert 0.60 <= seen().mean() <= 0.85
    assert (seen() > 0.95).mean() < 0.1
    if month >= 120:
        assert (seen({"ceiling": 1.0, "adaptation": 0.0, "level_mean": 0.95}) > 0.95).mean() > 0.1


def test_p9_losing_coaching_hurts_more_than_data_half_a_year_late():
    def after(without=None, **levers):
        return b.at_fidelity(b.run(b.with_levers("with-teams", **levers), 84, without), 84)

    assert after(coaching=0.0) < after(data_lag_months=7.0)
    assert after(coaching=0.5) < 1.1 * after(data_lag_months=7.0)
    heavy = {"cycle_waits": 1.0, "data_half_lag": 1.0, "workaround": 0.0, "head_leads": 0.6, "skill_coaching": 0.05}
    assert after(heavy, coaching=0.5) > 1.1 * after(heavy, data_lag_months=7.0)


def test_p10_not_all_or_nothing():
    hopeful = b.run(load("train-and-hope"), 120)
    assert b.count(hopeful, "sites_ever_certified", 120).sum() > 0
    teams = b.run(load("with-teams"), 120)
    never = b.count(teams, "sites_started", 120) - b.count(teams, "sites_ever_certified", 120)
    assert never.mean() > 1.0
    alike = {"head_leads": 0.0, "commitment_spread": 0.0, "level_spread": 0.0, "readiness_spread": 0.0}
    assert b.count(b.run(load("train-and-hope"), 120, alike), "sites_ever_certified", 120).sum() == 0


def test_p17_users_who_are_never_coached_again_lose_skill_within_months():
    def kept(without=None):
        stop = Event("coaching ends", 72, (LeversChange({"coaching": 0.0, "fidelity_feedback": 0.0}),))
        usual = b.run(load("with-teams"), 84, without)
        return b.users_fidelity(b.run(b.with_events(load("with-teams"), stop), 84, without), 84) / b.users_fidelity(
            usual, 84
        )

    assert kept() < 0.97
    assert kept({"skill_half_life": 12.0, "level_mean": 0.95, "level_spread": 0.0}) > 0.97
