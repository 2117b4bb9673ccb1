"""Teams that grow, in the engine and in the second model: all of it, and each rule taken out."""

from __future__ import annotations

from dataclasses import replace

import plain_teams
import pytest
from twin_builders import EAGER, as_of_today, disagreements, growing, place, wavering

from sim.scenarios.scenario import FurtherCoreTeam

VARIANTS = {
    "as it is": {},
    "core only": {"teams": 3.0},
    "a lead": {"teams": 1.0},
    "a committee": {"teams": 2.0},
    "isolated": {"collective": 0.0},
    "two core teams from the start": {"core_teams": 2.0},
    "none": {"teams": 0.0},
}


@pytest.mark.parametrize("changed", VARIANTS.values(), ids=VARIANTS)
def test_they_agree_where_teams_grow(changed):
    assert disagreements(growing(**changed), place(sites=12)) == []


def test_they_agree_from_today_s_state_in_a_nation_and_without_recruiting():
    assert disagreements(growing(), as_of_today(place(sites=14))) == []
    assert disagreements(growing(), place(areas=3, sites=18), replicate=4) == []
    assert disagreements(replace(growing(), parameters=EAGER), place(sites=12)) == []
    unsure = replace(wavering(), core_teams=(FurtherCoreTeam(10),))
    assert disagreements(unsure, place(sites=14)) == []


def _in_place(team, area, p, *, at_work):
    GATHER(team, area, p | {"recruit_months": 0.0}, at_work=at_work)


GATHER = plain_teams.gather
CHANGED = {
    "everybody is there at once": ("gather", _in_place),
    "places are sought one by one": ("fills_a_place", lambda team, p: team["released"] / p["refill_months"]),
    "no core team is founded": ("found", lambda *_: None),
    "sizes stay": ("resize", lambda *_: None),
    "events hold everywhere": ("change_lever", lambda area, name, value, _: CHANGE(area, name, value, -1)),
    "zones have nothing of their own": ("levers_by_zone", lambda zones, levers: BY_ZONE([], levers) * (len(zones) + 1)),
    "support is the area's": ("level_for", lambda core, area: area["levers"]["external_level"]),
    "agencies are as planned": ("share_out", lambda team: None),
}
"""Each takes one mechanism out of the second model; none of them may pass unnoticed."""
CHANGE, BY_ZONE = plain_teams.change_lever, plain_teams.levers_by_zone


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_mechanism_taken_out_is_noticed(monkeypatch, change):
    name, wrong = change
    monkeypatch.setattr(plain_teams, name, wrong)
    assert any(disagreements(growing(**more), place(sites=12)) for more in ({}, {"teams": 3.0}, {"collective": 0.0}))


def test_a_parameter_of_recruiting_is_noticed():
    assert disagreements(growing(), place(sites=12), changed={"recruit_months": 6.0}) != []
