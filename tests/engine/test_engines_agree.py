"""One set of rules, two engines: the Mesa model's results are the compiled engine's, to the bit."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_builders import (
    FIRST,
    FULL,
    KEEN,
    TIGHT,
    busy,
    differing,
    organisations,
    place,
    scenarios,
    spanning,
    surrounded,
    with_today,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.setup import prepare
from sim.engine.sums import AREA, COUNTS, FAMILY, MARKS
from sim.engine.world import BLOCK
from sim.errors import Interrupted, ScenarioError
from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.parameters import UNCERTAINTIES
from sim.rules import budget, family, leader, money, practitioner, rule, site, team, work, year
from sim.scenarios.events import Event, LeadersLeave, LeversChange
from sim.scenarios.files import load, names
from sim.scenarios.scenario import FurtherCoreTeam, Gate, Zone

RULE_MODULES = (rule, practitioner, team, leader, family, site, money, budget, work, year)


def both(scenario, organisation, **how):
    """Results of the two engines."""
    return batch.simulate(scenario, organisation, **how), mesa_engine.simulate(scenario, organisation, **how)


@pytest.mark.parametrize("name", names())
def test_they_agree_on_every_scenario_that_ships(name):
    one, other = both(load(name), place(sites=10), replicates=1, months=65, seed=5)
    assert differing(one, other) == []


def test_they_agree_on_more_families_than_a_block():
    """Families are gone through in blocks; nothing may hang on where one ends."""
    many = place(sites=20, areas=2, practitioners=600, families=2 * BLOCK + 5)
    assert differing(*both(surrounded(), many, replicates=1, months=24, seed=3)) == []


LEVERS = {
    "no teams": {"teams": 0.0},
    "a lead": {"teams": 1.0},
    "a committee": {"teams": 2.0},
    "core only": {"teams": 3.0},
    "three core teams by agency": {"core_teams": 3.0, "split_core_by": 0.0},
    "three core teams by locality": {"core_teams": 3.0},
    "isolated": {"collective": 0.0},
    "mandate": {"mandate": 1.0},
    "support ends by plan": {"external_end": 10.0, "external_start": 3.0},
    "no training": {"training": 0.0},
}


@pytest.mark.parametrize("change", LEVERS.values(), ids=LEVERS)
def test_they_agree_on_every_kind_of_team(change):
    scenario = busy(levers={**FULL, **change})
    assert differing(*both(scenario, place(sites=12), replicates=1, seed=2)) == []


def test_they_agree_where_much_happens():
    one, other = both(busy(), place(sites=12), replicates=3, seed=2)
    assert differing(one, other) == []
    total = {name: one.counts[..., i].sum() for i, name in enumerate(COUNTS)}
    unseen = [name for name, count in total.items() if count == 0]
    assert unseen == [], "the scenario should show every count"
    assert one.family[..., FAMILY.index("families_reached_at_fidelity")].sum() > 0
    assert one.area[..., AREA.index("barriers_removed")].max() > 0
    assert (one.kept >= 0).any()
    assert np.isfinite(one.marked).any(axis=(0, 1, 3)).tolist() == [True] * len(MARKS)


@pytest.mark.parametrize("seed", range(3))
def test_they_agree_with_all_that_surrounds_the_teams(seed):
    one, other = both(surrounded(), place(sites=12), replicates=1, seed=seed)
    assert differing(one, other) == []
    for column in ("families_gave_up_waiting", "families_identified_wrongly"):
        assert one.family[..., FAMILY.index(column)].sum() > 0


def test_they_agree_on_several_areas_with_a_spanning_health_leader():
    organisation = place(sites=18, areas=3)
    assert spanning(organisation) == 3
    assert differing(*both(busy(), organisation, replicates=2, months=50)) == []


def test_they_agree_from_todays_state():
    for seed in range(4):
        organisation = with_today(place(sites=12), seed)
        assert np.isfinite(organisation.sites.using).any()
        assert differing(*both(busy(), organisation, replicates=1, months=50, seed=seed)) == []


def test_they_agree_where_small_sites_share_a_team_and_on_secondary_schools():
    organisation = place(sites=12, practitioners=48)
    assert (organisation.sites.staff < 6).sum() >= 4
    assert (organisation.sites.type == SITE_TYPES.index("secondary")).any()
    setup = prepare(busy(zones=(replace(FIRST, count=10),), events=()), organisation)
    assert (np.diff(setup.teams.site_ptr) > 1).any(), "some sites should share a team"
    assert differing(*both(setup.scenario, organisation, replicates=2, months=40)) == []


def test_they_agree_where_leaders_and_groups_are_missing():
    organisation = place(sites=10)
    without = organisation.senior.copy()
    without[0, AGENCIES.index("social_work")] = -1
    for changed in (replace(organisation, senior=without), replace(organisation, group=np.array([False]))):
        for plan in (busy(), busy(zones=(), events=())):
            assert differing(*both(plan, changed, replicates=1, months=40)) == []


def test_they_agree_on_a_parameter_sample_and_use_the_same_rows():
    sample = [{"lapse": 0.02 * (r + 1), "span": 4.0 + r, "need_gap": 1.0} for r in range(3)]
    scenario = busy(parameters={**KEEN, "span": 9.0})
    one, other = both(scenario, place(sites=8), replicates=4, months=30, first=2, sample=sample)
    assert differing(one, other) == []
    assert len(set(one.rows.tolist())) > 1
    same_rows = batch.simulate(load("without-teams"), place(sites=8), replicates=4, months=2, first=2, sample=sample)
    assert one.rows.tolist() == same_rows.rows.tolist()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), organisations(), st.integers(0, 2**64 - 1))
def test_they_agree_on_whatever_is_drawn(scenario, organisation, seed):
    assert differing(*both(scenario, organisation, replicates=1, months=40, seed=seed)) == []


def rules_of():
    """Every rule of the model, with the module it lives in."""
    for module in RULE_MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and name != "rule":
                yield module.__name__.rsplit(".", 1)[1], name


def disturb(monkeypatch, module_name, name, change):
    """Change one rule for the agents alone, wherever they hold it; the kernels are compiled by now."""
    home = next(m for m in RULE_MODULES if m.__name__.endswith(f".{module_name}"))
    right = getattr(home, name)
    monkeypatch.setattr(home, name, lambda *args: change(right(*args)))
    wrong = getattr(home, name)
    holders = (*mesa_modules(), *RULE_MODULES)
    for holder in holders:
        if getattr(holder, name, None) is right:
            monkeypatch.setattr(holder, name, wrong)


def mesa_modules():
    """Modules of agents and of the Mesa model that are loaded."""
    wanted = ("sim.agents.", "sim.engine.model", "sim.engine.claims", "sim.engine.census", "sim.engine.ledger")
    return [module for key, module in sys.modules.items() if key.startswith(wanted)]


def another(value):
    """A value that differs from the given one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        made = [another(one) for one in value]
        return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
    return value + 1 if isinstance(value, int) else 1.5 * value + 0.05


STRAINED = {**KEEN, "span": 3.0, "capacity_start_core": 0.1, "select": 0.4}
SHOWN = Gate(certified=0.0, capacity=0.0, outcome=0.15)
ASKING = {
    "months": 40,
    "zones": (Zone("first", count=6, opens=0), Zone("second", count=3, gate=SHOWN)),
    "events": (),
    "parameters": KEEN | {"outcome_deviation": 0.5, "recover": 0.0},
}
MOUTH = {
    "months": 60,
    "levers": FULL
    | {"teams": 0.0, "training": 0.0, "relationships": 1.0, "relationship_start": 0.3, "turnover_factor": 3.0},
    "parameters": KEEN | {"start_peers": 0.4, "awareness_peers": 0.3, "relationship_growth": 0.2},
    "events": (),
}
UNDECIDED = {
    "months": 60,
    "levers": FULL | {"engagement_manager": 0.2, "give_up": 2.0, "released_time": 0.6},
    "parameters": KEEN
    | {
        "commitment_mean": 0.4, "commitment_spread": 0.3, "give_up_hazard": 0.3, "turnover": 0.25, "select": 0.5,
        "trust_wears": 0.2, "seen": 1.0, "peers_hold": 1.0,
    },
    "events": (Event("heads go", 24, (LeadersLeave("manager"),)),),
}  # fmt: skip
FOLLOWING = {
    "months": 60,
    "levers": FULL | {"teams": 1.0, "mandate": 0.0, "communication": 0.6},
    "parameters": KEEN | {"seen": 1.0, "explore_unaided": 0.0, "select": 0.4, "span": 3.0},
    "events": (),
}
BOUGHT = {
    "months": 40,
    "levers": FULL
    | {"alignment": 0.1, "initiative_load": 0.9, "budget": 12000.0, "budget_posts": 0.7, "budget_training": 0.2},
}
GROWING = {
    "months": 40,
    "parameters": KEEN | {"recruit_months": 5.0},
    "zones": (FIRST, Zone("second", count=4, opens=6, coaching=0.4, external_level=0.3, local_team_size=7)),
    "core_teams": (FurtherCoreTeam(9, 3, 2), FurtherCoreTeam(20, zones=("second",))),
    "events": (Event("cut", 30, (LeversChange({"core_team_size": 2.0, "local_team_size": 2.0}),)),),
}
VARIANTS = {
    "posts that share the load": lambda: (busy(**BOUGHT), place(sites=12)),
    "sites that give up and return": lambda: (busy(**UNDECIDED), place(sites=12)),
    "sites that follow one another": lambda: (busy(**FOLLOWING), place(sites=12)),
    "from today's state": lambda: (busy(months=26), with_today(place(sites=8), 3)),
    "strained": lambda: (busy(months=40, parameters=STRAINED), place(sites=12)),
    "with all that surrounds the teams": lambda: (surrounded(months=45), place(sites=12)),
    "a gate on outcomes": lambda: (busy(**ASKING), place(sites=9, families=1500)),
    "word of mouth between agencies": lambda: (busy(**MOUTH), place(sites=12)),
    "families leave": lambda: (busy(months=40, parameters=KEEN | {"families_leave": 0.35}), place(sites=12)),
    "teams that grow": lambda: (busy(**GROWING), place(sites=12)),
    "money that falls short": lambda: (surrounded(months=45, budget=TIGHT), place(sites=12)),
    "core team only": lambda: (busy(months=30, levers={**FULL, "teams": 3.0}), place(sites=8)),
}


@cache
def right_answer(variant):
    """A scenario, its place and what the compiled engine makes of them; the Mesa engine agrees."""
    scenario, organisation = VARIANTS[variant]()
    one, other = both(scenario, organisation, replicates=1, seed=4)
    assert differing(one, other) == []
    return scenario, organisation, one


def noticed(variant):
    """Do the engines differ now?"""
    scenario, organisation, right = right_answer(variant)
    try:
        wrong = mesa_engine.simulate(scenario, organisation, replicates=1, seed=4)
    except (ZeroDivisionError, ValueError, KeyError, IndexError):
        return True
    return differing(right, wrong) != []


@pytest.mark.parametrize(("module", "name"), list(rules_of()), ids=lambda x: x)
def test_a_changed_rule_is_noticed(module, name, monkeypatch):
    """Negative control, and proof that the agents ask every rule there is."""
    for variant in VARIANTS:
        right_answer(variant)
    disturb(monkeypatch, module, name, another)
    assert any(noticed(variant) for variant in VARIANTS)


@pytest.mark.parametrize(("module", "name"), [("practitioner", "next_skill"), ("team", "next_capacity")])
def test_the_last_bit_is_noticed(module, name, monkeypatch):
    organisation, scenario = place(sites=8), busy(months=12)
    right = batch.simulate(scenario, organisation, replicates=1)
    disturb(monkeypatch, module, name, lambda value: float(np.nextafter(value, 2.0)))
    assert differing(right, mesa_engine.simulate(scenario, organisation, replicates=1)) != []


def test_simulate_refuses_and_stops_as_the_compiled_engine_does():
    scenario, organisation = busy(months=5), place(sites=8)
    for bad in ({"replicates": 0}, {"months": 0}, {"seed": -1}, {"seed": 2**64}):
        for engine in (batch, mesa_engine):
            with pytest.raises(ScenarioError, match=next(iter(bad))):
                engine.simulate(scenario, organisation, **bad)
    for engine in (batch, mesa_engine):
        with pytest.raises(Interrupted):
            engine.simulate(scenario, organisation, replicates=200, cancelled=lambda: True)
    assert inspect.signature(batch.simulate) == inspect.signature(mesa_engine.simulate)


def test_a_setup_made_before_gives_the_same():
    scenario, organisation = busy(months=20), place(sites=8)
    one, other = both(scenario, organisation, replicates=2, setup=prepare(scenario, organisation))
    assert differing(one, other) == []
    assert differing(one, batch.simulate(scenario, organisation, replicates=2)) == []


def test_progress_is_reported():
    seen = []
    mesa_engine.simulate(busy(months=2), place(sites=8), replicates=3, progress=lambda *done: seen.append(done))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_parameters_are_floats_whatever_was_given():
    """An int would let the kernels compile a second, different twin of a rule."""
    chosen = batch.parameters_of(busy(parameters={"span": 9}), [{"lapse": 0}], 0)
    assert {type(value) for group in chosen for value in group} == {float}
    assert len(UNCERTAINTIES) == sum(len(group) for group in chosen)


def test_replicates_with_rows_of_their_own_agree():
    sample = ({"install": 0.2}, {"install": 0.6, "turnover": 0.3})
    given = busy(months=20), place(sites=8)
    found = [e.simulate(*given, replicates=3, seed=2, sample=sample, rows=(1, -1, 0)) for e in (batch, mesa_engine)]
    assert differing(*found) == []
    assert found[0].rows.tolist() == found[1].rows.tolist() == [1, -1, 0]
    assert differing(found[0], batch.simulate(*given, replicates=3, seed=2, sample=sample, rows=(0, -1, 1))) != []
