"""Every lever and every uncertainty there is: both engines follow it, and it moves something somewhere.

Nothing is listed by hand but those that may move nothing, with the reason: a lever that is added is tested here without
being announced to anybody.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_builders import AROUND, FULL, KEEN, differing, place, surrounded

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.levers import NO_LIMIT
from sim.parameters import LEVERS, UNCERTAINTIES
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.scenario import REST, Gate, Scenario, Zone

FREE = [name for name, lever in LEVERS.items() if not lever.about.structural]
MONTH, MONTHS, TOGETHER = 6, 26, 12

STILL_BY_EVENT: dict[str, str] = {}
"""Levers that move nothing when an event changes them, and why."""

STILL = {"need_gap": "only the evidence page reads it: what need takes off a family's wellbeing"}
"""Uncertainties that move nothing, and why."""


def ends(parameter):
    """The least and the greatest value that a lever or uncertainty may take, months within what is run."""
    about = parameter.about
    high = about.high if about.high <= NO_LIMIT or about.unit != "month" else MONTHS // 2
    return (len(about.choices) - 1.0, 0.0) if about.choices else (float(high), float(about.low))


def scenario(**more) -> Scenario:
    """Much happens, with the whole system around the teams in use, and nothing else changes a lever."""
    return surrounded(months=MONTHS, **({"events": ()} | more))


STRAINED = KEEN | {"span": 3.0, "capacity_start_core": 0.1, "select": 0.5}
SHOWN = Gate(certified=0.0, capacity=0.0, outcome=0.2)


def scenes() -> dict[str, Scenario]:
    """Questions in which one lever or another matters; a lever must matter in one of them."""
    free = {"budget": 0.0, "support_places": NO_LIMIT, "new_posts": 0.0}
    everywhere = (Zone("everywhere", count=REST, opens=0),)
    return {
        "all around": scenario(),
        "gains that fade": scenario(parameters=KEEN | {"gain_lasts": 0.5}),
        "by policy": scenario(levers=FULL | AROUND | free | {"relaxed_rules": 0.0, "funding": 0.5}),
        "core teams only": scenario(levers=FULL | AROUND | {"teams": 3.0, "core_teams": 2.0}),
        "as many core teams as the area needs": scenario(
            levers=FULL | AROUND | {"teams": 3.0, "core_teams": 0.0, "core_team_sites": 100.0}
        ),
        "a committee that demonstrates": scenario(levers=FULL | AROUND | {"teams": 2.0, "training": 2.0}),
        "a course is all there is": scenario(levers=FULL | AROUND | {"teams": 0.0}, parameters=KEEN | {"select": 0.2}),
        "isolated, theory alone": scenario(levers=FULL | AROUND | {"collective": 0.0, "training": 1.0}),
        "everywhere at once, for long": replace(
            scenario(levers=FULL | AROUND | free | {"displacement": 3.0}, parameters=STRAINED, zones=everywhere),
            months=60,
        ),
        "mature teams": replace(
            scenario(levers=FULL | {"turnover_factor": 0.5}, parameters=KEEN | {"span": 4.0}, zones=everywhere),
            months=60,
        ),
        "a gate on outcomes": replace(
            scenario(
                levers=FULL,
                parameters=KEEN | {"recover": 0.0},
                zones=(Zone("first", count=6, opens=0), Zone("second", count=3, gate=SHOWN)),
            ),
            months=40,
        ),
    }


@cache
def organisation():
    return place(sites=12, areas=1, practitioners=90, families=240)


@cache
def undisturbed(scene):
    return batch.simulate(scenes()[scene], organisation(), replicates=4, seed=8)


def engines_differ(question, **how) -> list[str]:
    """Names of the results in which the engines differ."""
    how = {"replicates": 1, "seed": 8, **how}
    given = (question, organisation())
    return differing(batch.simulate(*given, **how), mesa_engine.simulate(*given, **how))


def moves(changed) -> bool:
    """Does a change of the question move anything in any scene?"""
    return any(
        differing(undisturbed(scene), batch.simulate(changed(question), organisation(), replicates=4, seed=8))
        for scene, question in scenes().items()
    )


def by_event(name, value, month=MONTH):
    """An event that sets a lever."""
    return Event(f"{name} becomes {value:g}", month, (LeversChange({name: value}),))


@pytest.mark.parametrize("name", FREE)
def test_a_lever_that_an_event_changes_moves_something_and_both_engines_follow(name):
    values = ends(LEVERS[name])
    for value in values:
        differ = engines_differ(scenario(events=(by_event(name, value),)))
        assert differ == [], f"an event sets {name} to {value:g} in month {MONTH}, and the engines differ"
    moved = any(moves(lambda q, v=value: replace(q, events=(by_event(name, v),))) for value in values)
    assert moved != (name in STILL_BY_EVENT), f"{name}: {STILL_BY_EVENT.get(name, 'moves nothing')}"


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_set_from_the_start_moves_something_and_both_engines_follow(name):
    values = ends(LEVERS[name])
    for value in values:
        question = scenario(levers=FULL | AROUND | {name: value})
        assert engines_differ(question) == [], f"{name} is {value:g} from the start, and the engines differ"
    assert any(moves(lambda q, v=value: replace(q, levers=q.levers | {name: v})) for value in values), name


@pytest.mark.parametrize("seed", range(TOGETHER))
def test_both_engines_follow_all_levers_changed_at_random_months(seed):
    dice = np.random.default_rng(seed)
    events = [by_event(name, value_of(LEVERS[name], dice), int(dice.integers(0, MONTHS))) for name in 2 * FREE]
    differ = engines_differ(scenario(events=tuple(events)), seed=seed)
    assert differ == [], f"the engines differ; one lever at a time: {culprits(events, seed)}"


def value_of(parameter, dice) -> float:
    """Any value that a lever may take."""
    about = parameter.about
    if about.choices:
        return float(dice.integers(len(about.choices)))
    value = float(dice.choice([about.low, about.high, dice.uniform(about.low, about.high)]))
    return float(int(value)) if about.whole else value


def culprits(events, seed) -> list[str]:
    """Which of the events, alone, make the engines differ."""
    return [one.name for one in events if engines_differ(scenario(events=(one,)), seed=seed)]


@pytest.mark.parametrize("group", sorted({p.group for p in UNCERTAINTIES.values()}))
@pytest.mark.parametrize("end", [0, 1], ids=["high", "low"])
def test_both_engines_follow_every_uncertainty(group, end):
    """Six at a time, at an end of their ranges."""
    names = [name for name, one in UNCERTAINTIES.items() if one.group == group]
    for first in range(0, len(names), 6):
        set_to = {name: ends(UNCERTAINTIES[name])[end] for name in names[first : first + 6]}
        assert engines_differ(scenario(parameters=KEEN | set_to)) == [], f"the engines differ with {set_to}"


@pytest.mark.parametrize("name", UNCERTAINTIES)
def test_an_uncertainty_moves_something(name):
    values = ends(UNCERTAINTIES[name])
    moved = any(moves(lambda q, v=value: replace(q, parameters=q.parameters | {name: v})) for value in values)
    assert moved != (name in STILL), f"{name}: {STILL.get(name, 'moves nothing')}"


def test_a_lever_that_is_not_looked_at_again_is_noticed(monkeypatch):
    """Negative control: agents who do not hear of an event's new levers differ from the compiled engine, by name."""
    from sim.agents.area import LocalArea

    right = LocalArea.change_levers

    def deaf(self, levers, zone=""):
        if "coaching" not in levers:
            right(self, levers, zone)

    monkeypatch.setattr(LocalArea, "change_levers", deaf)
    events = [by_event("released_time", 0.0), by_event("coaching", 0.0)]
    assert culprits(events, 8) == ["coaching becomes 0"]
