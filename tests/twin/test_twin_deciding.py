"""Sites that decide, practice that fades and means that thin out, in the engine and in the second model."""

from __future__ import annotations

from dataclasses import replace

import plain_joining
import plain_month
import plain_rules
import plain_surroundings
import pytest
from twin_builders import (
    EAGER,
    ZONES,
    as_of_today,
    disagreements,
    left_alone,
    lively,
    place,
    surrounded,
    values_of,
    wavering,
)

from sim.engine.setup import prepare

VARIANTS = {
    "as it is": {},
    "nobody gives up": {"give_up": 0.0},
    "everybody gives up": {"give_up": 4.0, "engagement_manager": 0.0},
    "data burden and judge": {"data_burden": 0.5, "data_judgement": 1.0},
    "silent": {"communication": 0.0},
    "required": {"mandate": 0.9},
    "no mentoring": {"mentoring": 0.0},
    "core only": {"teams": 3.0},
    "a lead": {"teams": 1.0},
    "theory": {"training": 1.0},
    "bought": {"budget": 5000.0, "budget_training": 0.4, "budget_posts": 0.2},
}


@pytest.mark.parametrize("changed", VARIANTS.values(), ids=VARIANTS)
def test_they_agree_where_sites_decide(changed):
    assert disagreements(wavering(**changed), place(sites=12)) == []


def test_they_agree_where_training_is_all_there_is():
    for changed in ({}, {"training": 1.0}, {"training": 2.0}, {"training": 0.0}):
        assert disagreements(left_alone(**changed), place(sites=12)) == []


def test_they_agree_on_deciding_from_today_s_state():
    for seed in range(3):
        assert disagreements(wavering(), as_of_today(place(sites=14, seed=seed)), seed=seed) == []
    assert disagreements(wavering(), as_of_today(place(areas=3, sites=18)), replicate=4) == []


def test_sites_do_give_up_return_and_hand_on():
    """Else agreement would mean little."""
    scenario, organisation = wavering(), place(sites=12)
    w, rows = plain_month.simulate(prepare(scenario, organisation, None), values_of(scenario.parameter_values()), 3, 0)
    sites = w["sites"]
    assert sum(site["month_given_up"] >= 0 for site in sites) >= 3
    assert sum(site["month_returned"] >= 0 for site in sites) >= 2
    assert any(site["given_up"] >= 0 for site in sites)
    assert any(team["members"] and not team["formed"] for team in w["locals"])
    assert len(rows) == 61


def test_generations_follow_one_another():
    first, second, third = ZONES
    later = (first, replace(second, gate=None, opens=30, latest=None), replace(third, opens=50))
    quick = EAGER | {"capacity_criterion": 0.6, "capacity_growth": 1.0}
    scenario = replace(lively(mentoring=1.0), parameters=quick, months=70, events=(), zones=later)
    values = values_of(scenario.parameter_values())
    w, _ = plain_month.simulate(prepare(scenario, place(sites=12), None), values, 3, 0)
    assert {team["generation"] for team in w["locals"]} == {1, 2}
    assert disagreements(scenario, place(sites=12)) == []


def _joining_without_teams_parting(w, site, p, luck, month):
    """A site that gives up leaves its team at work."""
    formed = site["local"]["formed"] if site["local"] else False
    RECONSIDER(w, site, p, luck, month)
    if site["local"]:
        site["local"]["formed"] = formed or site["local"]["formed"]


def _as_it_was(w, team, area, likeness, p):
    """With the capacity it had when it went apart."""
    before = team["capacity"]
    FORM(w, team, area, likeness, p)
    team["capacity"] = max(before, team["capacity"])


RECONSIDER, FORM = plain_joining.reconsider, plain_joining.form
CHANGED = {
    "nobody is trained again": (plain_joining, "train_again", lambda *_: None),
    "a site that gave up still counts at its team": (plain_rules, "served", lambda team: team["sites"]),
    "managers are engaged where the site gave up": (plain_rules, "can_be_engaged", lambda site: site["stage"] > 0),
    "a team comes back as it was": (plain_joining, "form", _as_it_was),
    "no site gives up": (plain_rules, "gives_up", lambda *_: 0.0),
    "none is won again": (plain_rules, "won_again", lambda *_: 0.0),
    "a new head unsettles nothing": (plain_rules, "unsettled", lambda *_: 1.0),
    "data hold no site": (plain_rules, "data_holds", lambda *_: 0.0),
    "teams stay when sites go": (plain_joining, "reconsider", _joining_without_teams_parting),
    "who gave up does not speak against it": (plain_rules, "share_in_use", lambda sites: sum(
        s["started"] >= 0 and s["users"] > 0 for s in sites) / len(sites)),
    "nobody sees others": (plain_rules, "seen", lambda *_: 0.0),
    "no core team prepares": (plain_rules, "prepared", lambda *_: 0.0),
    "a course draws nobody": (plain_rules, "signs_up", lambda *_: 0.0),
    "trust does not wear off": (plain_rules, "trust_waiting", lambda trust, *_: trust),
    "trust does not return": (plain_rules, "trust_elsewhere", lambda trust, _: trust),
    "giving up costs no trust": (plain_rules, "trust_after_giving_up", lambda trust, _: trust),
    "nothing is handed on": (plain_rules, "handed_on", lambda *_: 0.0),
    "a new leader releases at once": (plain_rules, "settled", lambda *_: 1.0),
    "a little time is worth its share": (plain_rules, "time_worth", lambda released, _: released),
    "a place for every site": (plain_rules, "people_to_support", lambda *_: 1.0),
    "coaching stops growing at once": (plain_surroundings, "full", lambda x: min(1.0, x)),
    "no head leads": (plain_rules, "head_leads", lambda *_: 0.0),
    "everybody hears": (plain_rules, "heard", lambda felt, _: felt),
    "cycles wait for all data": (plain_rules, "cycle_length", lambda lag, p: p["cycle_months"] + lag),
    "designs are tested without users": (plain_rules, "testable", lambda *_: True),
    "a few find no way": (plain_rules, "overload", lambda site, area, p: OVERLOAD(site, area, p | {"spare": 0.0})),
    "a poor design is kept": (plain_rules, "strain", lambda area, overloaded, p: 1 + p["lapse_overload"] * overloaded),
    "overload tires nobody": (plain_rules, "strain", lambda area, _, p: STRAIN(area, 0.0, p)),
    "users stay where the site gave up": (plain_rules, "dropped", lambda *_: 0.0),
    "training lasts": (plain_rules, "fresh", lambda *_: 1.0),
    "any design is taken up": (plain_rules, "workable", lambda _: 1.0),
    "nobody adapts": (plain_rules, "attainable", lambda *_: 1.0),
    "colleagues set no norm": (plain_rules, "settles_at", lambda level, _, p: plain_rules.unaided(level, p)),
    "nobody falls back": (plain_rules, "unaided", lambda level, _: level),
    "users learn nothing from training": (plain_rules, "trained_skill", lambda person, *_: person["skill"]),
    "able people work around nothing": (plain_rules, "hindered", lambda *_: 1.0),
}  # fmt: skip
"""Each takes one mechanism out of the second model; none of them may pass unnoticed."""
OVERLOAD, STRAIN = plain_rules.overload, plain_rules.strain


def deciding():
    """Questions in which each mechanism has work, the likeliest first."""
    yield wavering(), place(sites=12)
    yield left_alone(), place(sites=12)
    yield lively(), place(sites=12)
    yield wavering(initiative_load=1.0, alignment=0.0), place(sites=12)
    yield wavering(data_lag_months=6.0), place(sites=14, seed=1)
    yield surrounded(), place(sites=12)


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_mechanism_taken_out_is_noticed(monkeypatch, change):
    module, name, wrong = change
    assert getattr(module, name) is not wrong
    monkeypatch.setattr(module, name, wrong)
    assert any(disagreements(scenario, organisation) for scenario, organisation in deciding())
