"""What surrounds the teams, in the engine and in the second model: everything in use, and each by itself."""

from __future__ import annotations

from dataclasses import replace

import plain_arithmetic
import plain_surroundings
import pytest
from twin_builders import AROUND, as_of_today, asking_for, disagreements, lively, place, surrounded

from sim.scenarios.events import Event, LeversChange


def test_they_agree_with_the_whole_system_around_the_teams():
    for seed in range(3):
        assert disagreements(surrounded(), place(sites=12, seed=seed), seed=seed) == []
    assert disagreements(surrounded(), as_of_today(place(sites=14))) == []
    assert disagreements(surrounded(turnover_factor=4.0), place(areas=3, sites=18), replicate=4) == []


@pytest.mark.parametrize("name", AROUND)
def test_they_agree_with_one_lever_around_the_teams(name):
    """Each mechanism by itself, so that none can hide behind another."""
    needed = {"relationship_start": "relationships", "neutral_partner": "relationships", "data_linkage": "displacement",
              "community_places": "support_places", "start_month": "school_year", "budget_training": "budget",
              "budget_posts": "budget"}.get(name, name)  # fmt: skip
    alone = {n: v for n, v in AROUND.items() if n in (name, needed)}
    assert disagreements(lively(**alone), place(sites=12)) == []


OTHER_FORMS = {
    "policy": {"relaxed_rules": 2.0},
    "collective funding": {"funding": 0.8},
    "no team": {"teams": 0.0},
    "a lead": {"teams": 1.0},
    "isolated": {"collective": 0.0},
    "hardly a place": {"support_places": 2.0, "community_places": 0.0},
    "all of it in training": {"budget_training": 1.0},
    "all of it in posts": {"budget_training": 0.0, "budget_posts": 1.0},
    "wholly new posts": {"new_posts": 1.0},
    "no training": {"training": 0.0},
}


@pytest.mark.parametrize("changed", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_they_agree_on_other_forms_of_what_surrounds_the_teams(changed):
    assert disagreements(surrounded(**changed), place(sites=12)) == []


def test_they_agree_where_events_change_what_surrounds_the_teams():
    """A joint inspection, a budget that ends, places that are lost, wrong identification that stops."""
    events = (
        Event(
            "inspection", 6, (LeversChange({"initiative_load": 0.9, "dissatisfaction": 1.0, "data_judgement": 0.8}),)
        ),
        Event("after it", 12, (LeversChange({"initiative_load": 0.4, "misidentification": 0.0, "funding": 1.0}),)),
        Event("cut", 20, (LeversChange({"support_places": 4.0, "budget": 0.0, "backfill": 0.0, "new_posts": 0.0}),)),
    )
    assert disagreements(replace(surrounded(), events=events), place(sites=12)) == []


@pytest.mark.parametrize("benefit", [0.0, 0.1, 0.2, 0.4])
def test_they_agree_on_a_gate_on_outcomes(benefit):
    for seed in (3, 4):
        assert disagreements(asking_for(benefit), place(sites=12), seed=seed) == []


CHANGED_AROUND = {
    "deaf to partners": ("peers_with_partners", lambda person, used, _: plain_arithmetic.mean(
        used[k] for k in person["ties"])),
    "any barrier surfaces": ("read_month", None),
    "leaders take no relationship with them": ("relate", None),
    "nobody does without a partner": ("delivered", lambda skill, *_: skill),
    "champions say nothing": ("with_champions", lambda peers, _: peers),
    "always satisfied": ("felt", lambda engagement, _: engagement),
    "no terms for attention": ("attention_kept", lambda *_: 1.0),
    "no terms for installation": ("installs_faster", lambda *_: 1.0),
    "nothing mapped": ("mapped", lambda *_: 1.0),
    "no squeeze": ("budget", lambda area: area["levers"]["released_time"]),
    "no new posts": ("time_they_have", lambda released, _: released),
    "every agency covered": ("lag_of", lambda levers, *_: levers["data_lag_months"]),
    "data burden nobody": ("learned", lambda *_: 1.0),
    "told as it is": ("told", lambda value, *_: value),
    "rules rest on the group": ("latitude_of", lambda area, opened: (opened >= 0, area["group"])),
    "no holidays": ("closed", lambda _: 0.0),
    "an even year": ("turnover_now", lambda site, area, p: area["levers"]["turnover_factor"]),
    "no relief": ("relieved", lambda load, _: load),
    "help for nothing": ("cost_of_help", lambda *_: (0.0, 0.0)),
    "nobody is missed": ("service_left", lambda *_: 1.0),
    "nobody gives up": ("gives_up", lambda *_: False),
    "nobody is mistaken": ("mistaken", lambda *_: 0.0),
    "any benefit will do": ("benefit_shown", lambda *_: True),
    "an initiative has no overlap": ("extra", lambda i: i.load),
    "an initiative is everybody's": ("concerns", lambda *_: True),
    "an initiative never ends": ("runs", lambda i, month: i.begins <= month),
}  # fmt: skip
"""Each takes one mechanism around the teams out of the second model; none of them may pass unnoticed."""


def _quiet_relations(w, p, month):
    kept = [{**area["relationship"]} for area in w["areas"]]
    ORIGINAL["relate"](w, p, month)
    for area, before in zip(w["areas"], kept, strict=True):
        area["relationship"] = {k: max(v, before[k]) for k, v in area["relationship"].items()}


def _everything_surfaces(w, month):
    ORIGINAL["read_month"](w, month)
    for area in w["areas"]:
        area["surfaces"] = 1.0


ORIGINAL = {name: getattr(plain_surroundings, name) for name in ("relate", "read_month")}
INSTEAD = {"relate": _quiet_relations, "read_month": _everything_surfaces}


@pytest.mark.parametrize("change", CHANGED_AROUND.values(), ids=CHANGED_AROUND)
def test_a_mechanism_taken_out_is_noticed(monkeypatch, change):
    name, wrong = change
    monkeypatch.setattr(plain_surroundings, name, wrong or INSTEAD[name])
    much = {"budget": 20000.0, "budget_posts": 0.6}
    roomy = {"support_places": 200.0, "displacement": 3.0, "data_linkage": 0.0, "new_posts": 0.0}
    restless = {"turnover_factor": 6.0}
    tried = (surrounded(**{"turnover_factor": 2.0, **more}) for more in ({}, much, roomy, restless))
    assert any(disagreements(scenario, place(sites=12)) for scenario in tried)
