"""Differences are listed exactly when two scenarios run differently."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from scenario_builders import scenarios

from sim.organisation.generate.synthetic import Settings
from sim.parameters import UNCERTAINTIES
from sim.scenarios.differences import differences
from sim.scenarios.files import load
from sim.scenarios.scenario import REST, Gate, Zone


def what_runs(scenario):
    """Everything a run depends on, put together without the code under test."""
    zones = []
    for i, zone in enumerate(scenario.zones):
        gate = zone.gate
        if gate is not None:
            gate = (gate.certified, gate.capacity, gate.of or scenario.zones[i - 1].name)
        asked = "rest" if REST in (zone.count, zone.choose) else (zone.count, zone.choose, zone.share)
        members = (frozenset(zone.sites), asked, frozenset(zone.types))
        zones.append((zone.name, members, zone.opens, gate, zone.latest, zone.resources, zone.own_levers()))
    return (
        scenario.months,
        scenario.lever_values(),
        tuple(scenario.parameters.get(n) for n in UNCERTAINTIES),
        tuple(zones),
        tuple(replace(t, note="") for t in scenario.core_teams),
        tuple(replace(e, note="") for e in scenario.events),
        frozenset(scenario.scope),
        Settings(**scenario.area),
    )


def test_all_that_are_left_are_the_same_counted_or_chosen():
    one, two, fewer = (
        replace(load("with-teams"), zones=(Zone("z", opens=1, **how),))
        for how in ({"count": REST}, {"choose": REST}, {"count": 3})
    )
    assert differences(one, two) == []
    assert differences(one, fewer) != []


@settings(max_examples=60, deadline=None)
@given(one=scenarios(), two=scenarios())
def test_none_exactly_when_equal(one, two):
    assert differences(one, one) == []
    assert (differences(one, two) == []) == (what_runs(one) == what_runs(two))


@settings(max_examples=60, deadline=None)
@given(one=scenarios(), two=scenarios())
def test_one_field_at_a_time(one, two):
    fields = {"months": "months", "levers": "", "parameters": "", "zones": "zones", "events": "events", "area": "area"}
    for field, prefix in fields.items():
        mixed = replace(one, **{field: getattr(two, field)})
        if field == "zones":
            one_bare = replace(one, events=(), core_teams=())
            mixed = replace(mixed, events=(), core_teams=())
        else:
            one_bare = one
        told = differences(one_bare, mixed)
        assert bool(told) == (what_runs(one_bare) != what_runs(mixed))
        assert all(d.key.startswith(prefix) and d.old != d.new for d in told)
        assert [(d.key, d.new, d.old) for d in told] == [(d.key, d.old, d.new) for d in differences(mixed, one_bare)]


@settings(max_examples=30, deadline=None)
@given(scenario=scenarios())
def test_names_and_notes_make_no_difference(scenario):
    other = replace(
        scenario,
        name="other",
        title="other",
        description="other",
        base="",
        notes={},
        zones=tuple(replace(z, note="other") for z in scenario.zones),
        events=tuple(replace(e, note="other") for e in scenario.events),
    )
    assert differences(scenario, other) == []


def test_the_words():
    base = load("with-teams")
    (difference,) = differences(base, replace(base, levers={**base.levers, "coaching": 0.8}))
    assert difference.sentence() == "coaching of practitioners (0 none - 1 full): 0.8 instead of 1"
    (difference,) = differences(base, load("slow-data"))
    assert difference.sentence() == "delay until a site sees its own data: 9 months instead of 1"
    (difference,) = differences(base, load("committee"))
    assert difference.sentence() == "kind of implementation teams: committee instead of core+local"
    (difference,) = differences(base, replace(base, parameters={"span": 8.0}))
    assert difference.new == "8" and difference.old == "as calibrated"
    first, second, *others = base.zones
    gated = replace(second, opens=None, gate=Gate(), latest=36)
    (difference,) = differences(base, replace(base, zones=(first, gated, *others)))
    assert difference.sentence() == (
        "zone 'second zone' opens: once 50 % of the started sites of 'first zone' are certified and its local teams' "
        "mean assessed capacity is 0.5, at the latest in month 36, instead of in month 24"
    )
