"""Teams grow: sizes, coaching and support by zone and by event, members recruited, core teams founded later.

Each makes a difference, vanishes to the bit where it says what holds anyway, and is followed by both engines.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_builders import FULL, KEEN, busy, differing, place, surrounded, with_today

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.model import TransformationModel
from sim.engine.setup import prepare
from sim.engine.sums import COUNTS
from sim.organisation.codes import SITE_TYPES
from sim.parameters import LEVERS
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.scenario import FurtherCoreTeam, Scenario, Zone

MONTHS = 50
USING, AT_FIDELITY = COUNTS.index("practitioners_using"), COUNTS.index("practitioners_at_fidelity")
QUICK = KEEN | {"recruit_months": 4.0}
ZONES = (
    Zone("first", count=4, opens=0),
    Zone("second", count=4, opens=8),
    Zone("third", count=3, opens=20),
)


def scenario(**more) -> Scenario:
    """Three zones that open by month, all teams, and nothing that happens on the way unless said."""
    return busy(**({"months": MONTHS, "zones": ZONES, "events": (), "parameters": KEEN | {"span": 4.0}} | more))


def organisation():
    return place(sites=14)


def run(question, engine=batch, **how):
    return engine.simulate(question, organisation(), **({"replicates": 2, "seed": 4} | how))


@cache
def untouched():
    return run(scenario())


def with_zone(number, **own):
    """The same plan with values of one zone's own."""
    return scenario(zones=tuple(replace(z, **own) if i == number else z for i, z in enumerate(ZONES)))


SAME_IN_ZONE = {"coaching": 1.0, "external_level": 1.0, "local_team_size": 4}
OTHER_IN_ZONE = {"coaching": 0.2, "external_level": 0.1, "local_team_size": 9}


@pytest.mark.parametrize("name", SAME_IN_ZONE)
def test_a_zone_of_its_own_moves_something_and_what_holds_anyway_vanishes_to_the_bit(name):
    assert differing(untouched(), run(with_zone(1, **{name: SAME_IN_ZONE[name]}))) == []
    assert differing(untouched(), run(with_zone(1, **{name: OTHER_IN_ZONE[name]}))) != []


def test_a_zone_s_coaching_is_its_sites_own():
    """Before anything else can have spread from there, the other zones are as they were."""
    scarce, usual = run(with_zone(2, coaching=0.0)), untouched()
    until = ZONES[2].opens + 1
    assert np.array_equal(scarce.counts[:, :until], usual.counts[:, :until])
    users = [e.counts[:, -1, 2, USING].mean() for e in (scarce, usual)]
    assert users[0] < users[1]


def in_zone(name, value, zone, month=10):
    return Event("changed there", month, (LeversChange({name: value}, zone),))


@pytest.mark.parametrize("name", OTHER_IN_ZONE)
def test_an_event_in_one_zone_moves_something_there_and_in_all_zones_what_an_event_everywhere_does(name):
    value = float(OTHER_IN_ZONE[name])
    one = run(scenario(events=(in_zone(name, value, "second"),)))
    assert differing(untouched(), one) != []
    each = tuple(in_zone(name, value, zone.name) for zone in ZONES)
    everywhere = run(scenario(events=(Event("changed", 10, (LeversChange({name: value}),)),)))
    assert differing(one, everywhere) != []
    if name != "external_level":  # the area's own level holds where no site explores or takes part
        assert differing(run(scenario(events=each)), everywhere) == []


@pytest.mark.parametrize("name", OTHER_IN_ZONE)
def test_an_event_everywhere_holds_in_zones_with_values_of_their_own_too(name):
    event = (Event("the same for all", 5, (LeversChange({name: float(OTHER_IN_ZONE[name])}),)),)
    own = replace(with_zone(2, **{name: SAME_IN_ZONE[name]}), events=event)
    assert differing(run(scenario(events=event)), run(own)) == []


@pytest.mark.parametrize("name", ["core_team_size", "local_team_size"])
def test_a_team_that_grows_by_event_has_members_at_once_and_one_that_shrinks_loses_capacity(name):
    teams = {}
    for size in (1.0, LEVERS[name].default, 10.0):
        question = scenario(events=(Event("sized", 12, (LeversChange({name: size}),)),))
        model = TransformationModel(question=question, organisation=organisation(), rng=3)
        while model.month < 12:
            model.step()
        teams[size] = model.core_teams if name == "core_team_size" else [t for t in model.local_teams if t.formed]
    few, usual, many = (list(zip(*[(t.places, t.members, t.capacity) for t in made], strict=True))
                        for made in teams.values())  # fmt: skip
    assert sum(few[0]) < sum(usual[0]) < sum(many[0])
    assert sum(few[1]) < sum(usual[1]) < sum(many[1])
    assert sum(few[2]) < sum(usual[2])
    assert sum(many[2]) == pytest.approx(sum(usual[2]), rel=0.2)


def test_members_are_recruited_over_months():
    """A new team begins with one; at the neutral value everybody is there; the others come one by one."""
    found = {}
    for months in (0.0, 2.0, 10.0):
        question = scenario(parameters=KEEN | {"recruit_months": months, "member_turnover": 0.05})
        model = TransformationModel(question=question, organisation=organisation(), rng=3)
        core = model.core_teams[0]
        members = [core.members]
        for _ in range(12):
            model.step()
            members.append(core.members)
        found[months] = members
    assert found[0.0][0] == 5
    assert found[2.0][0] == found[10.0][0] == 1
    assert sum(found[0.0]) > sum(found[2.0]) > sum(found[10.0])
    assert max(np.diff(found[10.0])) == 1


def test_a_team_that_is_at_work_today_has_its_members():
    from math import isnan

    question = scenario(parameters=QUICK)
    model = TransformationModel(question=question, organisation=with_today(organisation(), 2), rng=1)
    known = [team for team in model.teams if not isnan(team.given_capacity) or (team.formed and team.sites)]
    assert known
    assert all(team.members == team.places for team in model.teams if not isnan(team.given_capacity))
    formed = [team for team in model.local_teams if team.formed]
    assert formed
    assert all(team.members == team.places for team in formed)


def test_places_that_an_event_adds_are_recruited_too():
    event = (Event("more", 6, (LeversChange({"core_team_size": 12.0}),)),)
    members = {}
    for months in (0.0, 12.0):
        question = scenario(events=event, parameters=KEEN | {"recruit_months": months})
        model = TransformationModel(question=question, organisation=organisation(), rng=3)
        for _ in range(6):
            model.step()
        members[months] = model.core_teams[0].members
    assert members[0.0] >= 11
    assert members[12.0] < 8


SECOND_TEAM = FurtherCoreTeam(15, zones=("second", "third"))


def test_a_core_team_founded_on_the_way_takes_over_its_zones_with_their_local_teams():
    at_once = KEEN | {"recruit_months": 0.0}
    question = scenario(core_teams=(SECOND_TEAM,), parameters=at_once)
    model = TransformationModel(question=question, organisation=organisation(), rng=3)
    first, second = model.core_teams
    while model.month < 14:
        model.step()
    assert (second.formed, second.available, second.sites) == (False, 0.0, [])
    assert model.areas[0].core_capacity() == first.capacity
    model.step()
    assert second.formed
    assert {site.zone for site in second.sites} == {1, 2}
    assert {team.zone for team in second.local_teams} == {1, 2}
    assert not {site.zone for site in first.sites} & {1, 2}
    assert second.places == 5
    assert second.members >= 4
    assert 0.0 < second.capacity < 0.5


def test_what_the_first_hands_on_is_more_the_more_was_learned():
    capacities = []
    for handed_on in (0.0, 0.8):
        question = scenario(parameters=KEEN | {"handed_on": handed_on}, core_teams=(SECOND_TEAM,))
        model = TransformationModel(question=question, organisation=organisation(), rng=3)
        while not model.core_teams[1].formed:
            model.step()
        capacities.append(model.core_teams[1].capacity)
    assert 0.0 < capacities[0] < capacities[1]


def test_a_core_team_beyond_the_horizon_or_with_nothing_to_take_over_vanishes_to_the_bit():
    assert differing(untouched(), run(scenario(core_teams=(replace(SECOND_TEAM, founded=MONTHS + 1),)))) == []
    absent = next(name for i, name in enumerate(SITE_TYPES) if i not in organisation().sites.type)
    empty = scenario(scope=SITE_TYPES, zones=(*ZONES, Zone("nobody", count=1, types=(absent,), opens=1)))
    nothing = replace(empty, core_teams=(FurtherCoreTeam(10, zones=("nobody",)),))
    assert differing(run(empty), run(nothing)) == []
    assert differing(untouched(), run(scenario(core_teams=(SECOND_TEAM,)))) != []


def test_more_hands_help_a_plan_that_is_too_large_for_one_core_team():
    """Negative control of the direction: a second team of one member hardly helps where one of eight does."""
    crowded = {"months": 60, "parameters": KEEN | {"span": 3.0}}
    ends = []
    for size in (None, 1, 8):
        team = () if size is None else (FurtherCoreTeam(10, size=size),)
        e = run(scenario(core_teams=team, **crowded), replicates=12)
        ends.append(e.counts[:, -1, :, AT_FIDELITY].sum(axis=1).mean())
    assert ends[2] > ends[0]
    assert ends[2] > ends[1]


def test_without_zones_named_each_core_team_hands_over_its_last_zones_up_to_an_equal_share():
    question = scenario(core_teams=(FurtherCoreTeam(12), FurtherCoreTeam(24)))
    teams = prepare(question, organisation()).teams
    staff, zone = organisation().sites.staff, prepare(question, organisation()).plan.site_zone
    taken = [teams.taken_index[teams.taken_ptr[t] : teams.taken_ptr[t + 1]] for t in (1, 2)]
    planned = staff[zone >= 0].sum()
    assert 0.3 * planned < staff[taken[0]].sum() <= planned / 2
    assert zone[taken[0]].mean() > zone[(zone >= 0)].mean()
    assert 0.15 * planned < staff[taken[1]].sum() <= planned / 3
    groups = [
        set(teams.site_index[teams.site_ptr[t] : teams.site_ptr[t + 1]].tolist()) for t in range(3, len(teams.area))
    ]
    for mine in map(set, (one.tolist() for one in taken)):
        assert all(group <= mine or not group & mine for group in groups)


GROWING = {
    "by zone": with_zone(1, coaching=0.3, external_level=0.2, local_team_size=7),
    "founded": scenario(core_teams=(SECOND_TEAM, FurtherCoreTeam(22, size=3, agencies=2))),
    "recruited": scenario(parameters=QUICK | {"member_turnover": 0.3}, core_teams=(FurtherCoreTeam(9, size=9),)),
    "by event": scenario(
        parameters=QUICK,
        events=(
            in_zone("local_team_size", 1.0, "first", 14),
            in_zone("coaching", 0.0, "second", 20),
            in_zone("external_level", 0.5, "third", 25),
            Event("larger", 0, (LeversChange({"core_team_size": 9.0, "local_team_size": 8.0}),)),
            Event("smaller", 30, (LeversChange({"core_team_size": 2.0, "local_team_size": 3.0}),)),
        ),
        core_teams=(FurtherCoreTeam(7),),
    ),
    "isolated": surrounded(
        months=MONTHS, parameters=QUICK, levers=FULL | {"collective": 0.0}, core_teams=(FurtherCoreTeam(5, size=3),)
    ),
    "a lead": scenario(levers=FULL | {"teams": 1.0}, core_teams=(FurtherCoreTeam(5, size=6), SECOND_TEAM)),
    "core only": scenario(levers=FULL | {"teams": 3.0}, core_teams=(FurtherCoreTeam(5),)),
    "no team": scenario(levers=FULL | {"teams": 0.0}, core_teams=(FurtherCoreTeam(5),)),
}


@pytest.mark.parametrize("question", GROWING.values(), ids=GROWING)
def test_both_engines_follow(question):
    for where in (organisation(), with_today(organisation(), 3), place(sites=15, areas=3)):
        one = batch.simulate(question, where, replicates=1, seed=6)
        assert differing(one, mesa_engine.simulate(question, where, replicates=1, seed=6)) == []


def test_an_engine_that_forgets_to_hand_sites_over_is_noticed(monkeypatch):
    """Negative control of the agreement."""
    from sim.agents.site import Site

    monkeypatch.setattr(Site, "come_under", lambda self, core: None)
    question = GROWING["founded"]
    one = batch.simulate(question, organisation(), replicates=1, seed=6)
    assert differing(one, mesa_engine.simulate(question, organisation(), replicates=1, seed=6)) != []
