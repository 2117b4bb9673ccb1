"""The agents of the Mesa model: what all kinds share, what they report, how they can be replaced by one's own."""

from __future__ import annotations

import ast
import math
import random
from functools import cache
from pathlib import Path

import mesa
import numpy as np
import pytest

import sim.agents
from sim.agents.area import LocalArea
from sim.agents.external_support import ExternalSupport
from sim.agents.family import Family
from sim.agents.group import MultiAgencyGroup
from sim.agents.leader import Leader
from sim.agents.practitioner import Practitioner
from sim.agents.site import Site
from sim.agents.team import CoreTeam, LocalTeam
from sim.engine.draws import DECISIONS
from sim.engine.model import TransformationModel, simulate
from sim.engine.population import KINDS
from sim.engine.sums import COUNTS
from sim.errors import ScenarioError
from sim.organisation.codes import STAGES
from sim.organisation.generate.synthetic import generate
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load
from sim.scenarios.scenario import Zone

PLACE = {"sites": 12, "practitioners": 100, "families": 400}
ZONES = (Zone("first", count=5, opens=0), Zone("second", count=4, opens=12))
TAKEN_BY_MESA = {
    "agent_types", "agents", "agents_by_type", "batch", "data_registry", "deregister_agent", "notify", "observables",
    "observe", "random", "register_agent", "remove_all_agents", "rng", "run_for", "run_model", "run_until", "running",
    "scenario", "schedule_event", "schedule_recurring", "step", "steps", "subscribers", "suppress", "time", "unobserve",
}  # fmt: skip
"""Names of mesa.Model in 3.3 and 3.5; those of the version at hand are added below."""


def lively():
    """A scenario in which every kind of agent has something to do."""
    base = load("with-teams")
    parameters = {
        "select": 2.0,
        "install": 0.5,
        "capacity_start_core": 0.3,
        "turnover": 0.25,
        "fidelity_criterion": 0.7,
    }
    return type(base)(
        "lively", levers=base.levers, parameters=parameters, zones=ZONES, months=60,
        events=(Event("a cut", 30, (LeversChange({"released_time": 0.5}),)),),
    )  # fmt: skip


def model_of(**more) -> TransformationModel:
    return TransformationModel(**{"question": lively(), "organisation": generate(PLACE), "rng": 3, **more})


@cache
def run() -> TransformationModel:
    """A model that has run 60 months (looked at, never stepped again)."""
    model = model_of()
    model.run_model()
    return model


def everybody(model):
    yield from (*model.areas, *model.groups, *model.leaders, model.external_support, *model.core_teams)
    yield from (*model.local_teams, *model.sites, *model.practitioners, *model.families)


# What all kinds of agents share


def test_every_agent_is_in_the_models_set_and_of_its_kind():
    model = run()
    assert len(model.agents) == len(list(everybody(model)))
    assert set(model.agents) == set(everybody(model))
    assert set(model.agents_by_type) == set(KINDS)
    assert len(model.agents_by_type[Practitioner]) == 100


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_says_what_it_is_and_in_what_state(kind):
    model = run()
    agents = list(model.agents_by_type[kind])
    assert [agent.index for agent in agents] == sorted({agent.index for agent in agents})
    for agent in agents[:40]:
        assert repr(agent) == f"<{kind.__name__}: {agent.name}>"
        told = agent.explain()
        assert told[-1].startswith("Now, in month 60: ")
        months = [month for month, _ in agent.history or []]
        assert months == sorted(months)
        assert all(0 <= month <= 60 for month in months)
        assert len(told) == len(months) + 1


def test_no_real_name_is_shown():
    model = run()
    told = " ".join(line for agent in everybody(model) for line in (repr(agent), *agent.explain()))
    assert any(name in told for name in model.organisation.sites.pseudonyms)
    real = set(model.organisation.sites.names.tolist()) - set(model.organisation.sites.pseudonyms.tolist())
    assert not [name for name in real if name in told]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_state_stays_in_range(kind):
    shares = {
        "skill", "level", "readiness", "fidelity", "commitment", "baseline", "engaged", "capacity", "attention",
        "released", "barrier", "barrier_start", "system_barrier", "usability", "playbook", "able", "dose", "work",
        "visible", "external", "peers_share", "overload", "induction",
    }  # fmt: skip
    looked_at = set()
    for agent in run().agents_by_type[kind]:
        for name in shares & set(dir(agent)):
            if isinstance(getattr(agent, name), int):
                continue  # a leader's level and a site's engagement are no shares
            looked_at.add(name)
            assert 0.0 <= getattr(agent, name) <= 1.0, (agent, name)
            assert type(getattr(agent, name)) is float, (agent, name)
    assert looked_at or kind in (ExternalSupport, Family)


def test_whole_numbers_stay_in_range():
    model = run()
    assert all(0 <= team.members <= team.places for team in (*model.core_teams, *model.local_teams))
    assert all(0 <= site.stage < len(STAGES) and 0 <= site.users <= len(site.staff) for site in model.sites)
    assert all(0 <= person.peers <= len(person.ties) for person in model.practitioners)
    assert all(person.peers == sum(tie.using for tie in person.ties) for person in model.practitioners)
    assert all(person.fidelity == 0.0 for person in model.practitioners if not person.using)
    assert all(min(group.queue) >= 0 for group in model.groups)
    assert all(family.benefit >= 0 and family.reached >= family.reached_at_fidelity for family in model.families)
    assert any(family.benefit for family in model.families)


@pytest.mark.parametrize(
    "order",
    [["practitioners"], ["families"], ["leaders", "groups"], ["core_teams", "local_teams"], ["areas"]],
    ids="+".join,
)
def test_the_order_of_agents_within_a_phase_makes_no_difference(order):
    months = 24
    straight, mixed = model_of(months=months), model_of(months=months)
    dice = random.Random(1)
    while mixed.running:
        for name in order:
            dice.shuffle(getattr(mixed, name))
        mixed.step()
        straight.step()
    for part in ("counts", "family"):
        assert np.array_equal(getattr(straight.record, part), getattr(mixed.record, part)), part
    for part in ("sums", "area"):  # costs and means are added up in another order
        np.testing.assert_allclose(getattr(straight.record, part), getattr(mixed.record, part), rtol=1e-12)
    for one, other in zip(straight.practitioners, sorted(mixed.practitioners, key=lambda p: p.index), strict=True):
        assert (one.skill, one.fidelity, one.using, one.level) == (
            other.skill,
            other.fidelity,
            other.using,
            other.level,
        )


def test_the_order_of_sites_within_a_phase_makes_no_difference_but_in_the_last_bits():
    straight, mixed = model_of(months=24), model_of(months=24)
    dice = random.Random(1)
    while mixed.running:
        dice.shuffle(mixed.sites)
        mixed.step()
        straight.step()
    assert np.array_equal(straight.record.counts, mixed.record.counts)
    np.testing.assert_allclose(straight.record.sums, mixed.record.sums, rtol=1e-9)
    np.testing.assert_allclose(straight.record.area, mixed.record.area, rtol=1e-9)


def test_chances_belong_to_the_agent_the_decision_and_the_month():
    model = model_of(months=2)
    person, other = model.practitioners[:2]
    first = person.chance("moves")
    assert 0.0 <= first < 1.0
    assert person.chance("moves") == first
    assert len({first, other.chance("moves"), person.chance("leaves_post"), person.chance("own_readiness")}) == 4
    model.step()
    assert person.chance("moves") != first
    with pytest.raises(KeyError):
        person.chance("something nobody decides")


def test_every_decision_of_the_list_is_somebodys():
    """No decision is listed in vain, and each is asked for by its words."""
    folder = Path(sim.agents.__file__).parent
    words = "\n".join(path.read_text() for path in folder.glob("*.py"))
    of_zones = {"error_in_outcome", "error_in_outcome_too"}  # asked for together: Uniforms.of_outcome
    assert [name for name in DECISIONS if f'"{name}"' not in words and name not in of_zones] == []


def test_agents_hold_no_formula():
    """They perceive and ask the rules: no product, quotient or power of two quantities (lists of one thing apart)."""
    found = []
    for path in sorted(Path(sim.agents.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Pow):
                if not isinstance(node.left, ast.List):
                    found.append(f"{path.name}:{node.lineno}")
            elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mult | ast.Div | ast.Pow):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_agents_know_no_engine():
    for path in Path(sim.agents.__file__).parent.glob("*.py"):
        assert "sim.engine" not in path.read_text()


# Mesa


def test_no_name_clashes_with_mesa():
    model = run()
    bare = mesa.Model()
    taken = TAKEN_BY_MESA | {name for name in dir(bare) if not name.startswith("__")}
    given_by_mesa = {"step", "observables"}  # 3.5 gives every subclass its own list of observables
    added = set(vars(model)) - set(vars(bare)) | (set(vars(TransformationModel)) - given_by_mesa)
    assert {name for name in added if not name.startswith("__")} & taken == set()
    agent_names = {name for name in dir(mesa.Agent(bare)) if not name.startswith("__")} | {"scenario", "random", "rng"}
    for kind in KINDS:
        own = {name for one in kind.__mro__ if one.__module__.startswith("sim.") for name in vars(one)}
        own |= set(vars(next(iter(model.agents_by_type[kind]))))
        own -= {"model", "pos", "unique_id", "_datasets"}  # mesa's own on every agent
        assert {name for name in own if not name.startswith("__")} & agent_names == set()


def test_month_zero_is_the_first_row_and_running_ends_at_the_horizon():
    model = model_of(months=5)
    table = model.datacollector.get_model_vars_dataframe()
    assert table["month"].tolist() == [0]
    assert model.running
    steps = 0
    while model.running:
        model.step()
        steps += 1
    table = model.datacollector.get_model_vars_dataframe()
    assert steps == model.month == 5
    assert table["month"].tolist() == list(range(6))
    model.step()
    assert (model.month, model.running, len(model.datacollector.get_model_vars_dataframe())) == (5, False, 6)


def test_run_model_goes_to_the_horizon():
    model = run()
    assert (model.month, model.running) == (60, False)


def test_the_data_collector_sums_what_was_counted():
    model = run()
    table = model.datacollector.get_model_vars_dataframe()
    for column, name in enumerate(COUNTS):
        assert table[name].tolist() == model.record.counts[:, :, column].sum(axis=1).tolist()
    assert table["practitioners_using"].iloc[-1] == sum(person.using for person in model.practitioners) > 0
    assert table["sites_started"].iloc[-1] == sum(site.started for site in model.sites) > 0
    users = [person.fidelity for person in model.practitioners if person.using]
    assert table["fidelity_mean"].iloc[-1] == pytest.approx(sum(users) / len(users))
    assert table["families_in_need"].iloc[-1] == sum(family.in_need for family in model.families)
    assert math.isnan(table["fidelity_mean"].iloc[0])
    assert table["cost_cash"].is_monotonic_increasing
    assert table["cost_cash"].iloc[-1] > 0


def test_the_seed_may_be_any_whole_number():
    for seed in (0, np.int64(7), 2**64 - 1):
        model_of(rng=seed, months=1).step()
    with pytest.raises(ScenarioError, match="seed"):
        model_of(rng=-1)
    with pytest.raises(TypeError):
        TransformationModel(lively())


def test_names_of_scenarios_and_their_own_area_serve_too():
    model = TransformationModel(question="three-zones", months=1)
    assert model.question.name == "three-zones"
    assert len(model.sites) == 40
    assert type(model.sites[0].area) is LocalArea


def test_the_graph_is_of_this_organisation():
    graph = model_of(months=1).graph(families=False)
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert kinds.count("practitioner") == 100
    assert kinds.count("site") == 12
    assert "family" not in kinds


# Agents of one's own


class Eager(Practitioner):
    """Starts as soon as it has heard of the practice."""

    started_eagerly = 0

    def consider(self, trained):
        self.using = self.ever_used = True
        self.started_eagerly += 1


class Lasting(Family):
    """Never gets over a need."""

    def cope(self, met, luck):
        self.patience = met, luck


def test_a_users_own_agents_take_their_place():
    model = model_of(agent_classes={Practitioner: Eager, Family: Lasting}, months=24)
    model.run_model()
    assert set(model.agents_by_type) == set(KINDS) - {Practitioner, Family} | {Eager, Lasting}
    assert sum(person.started_eagerly for person in model.practitioners) > 0
    usual = model_of(months=24)
    usual.run_model()
    assert sum(p.using for p in model.practitioners) > sum(p.using for p in usual.practitioners)
    assert sum(f.in_need for f in model.families) > sum(f.in_need for f in usual.families)


def test_agent_classes_are_checked():
    for bad in ({mesa.Agent: Eager}, {Practitioner: Lasting}, {Family: "Lasting"}):
        with pytest.raises(ScenarioError, match="agent_classes"):
            model_of(agent_classes=bad)


# Histories


def test_a_history_says_why_somebody_started():
    model = run()
    told = [words for person in model.practitioners for _, words in person.history or []]
    started = [words for words in told if words.startswith("started to use it, drawn by ")]
    assert len(started) > 10
    assert any("the team's support" in words.split(",")[1] for words in started)
    for start in ("heard of the practice", "left; a newcomer", "was trained", "stopped using it"):
        assert any(words.startswith(start) for words in told), start
    area = " ".join(model.areas[0].explain())
    assert "zone 'second' opened" in area
    assert "a cut (" in area
    assert any("a successor took the post" in words for leader in model.leaders for _, words in leader.history or [])


def test_the_main_influence_comes_first():
    model = model_of(months=1)
    person = model.practitioners[0]
    person.peers, person.site.dose = 0, 0.9
    person.site.manager.commitment = 0.1
    person.site.brief_staff()
    assert person.why(True).startswith("drawn by the team's support (0.90)")
    person.site.dose = 0.0
    person.site.brief_staff()
    person.peers = len(person.ties)
    assert person.peers > 0
    assert person.why(True).startswith("drawn by peers who use it (1.00)")


def test_without_history_nothing_is_kept_and_the_results_are_the_same():
    quiet = model_of(history=False)
    quiet.run_model()
    assert not any(agent.history for agent in everybody(quiet))
    assert np.array_equal(quiet.record.counts, run().record.counts)
    assert np.array_equal(quiet.record.sums, run().record.sums)
    whole = simulate(lively(), generate(PLACE), replicates=1, seed=3)
    assert np.array_equal(whole.sums[0], quiet.record.sums)


def test_the_agents_of_every_kind_are_exported_where_a_newcomer_looks():
    homes = {MultiAgencyGroup: "group", Leader: "leader", CoreTeam: "team", LocalTeam: "team", Site: "site"}
    assert {kind: kind.__module__.rsplit(".", 1)[1] for kind in homes} == homes
