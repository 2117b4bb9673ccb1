"""`zones plan --from`: a search that goes on from what was seen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from planning_builders import write_small

from sim.cli import main
from sim.engine.batch import simulate
from sim.engine.pasts import Pasts
from sim.errors import ResultError, ScenarioError
from sim.planning.asking import load
from sim.planning.begun import FROM_NOW, POOL, asked_from, drawn, start_from
from sim.planning.candidate import candidate, from_scenario, to_scenario
from sim.planning.folder import open_folder
from sim.planning.limits import spending_outcomes
from sim.planning.study import prepare
from sim.scenarios.scenario import Scenario
from sim.sweeps.runner import Threads

PLAN = """
title = "Two zones"
base = "with-teams"
months = 48
[area]
sites = 12
[[zones]]
name = "first zone"
choose = 4
opens = 1
[[zones]]
name = "second zone"
choose = 4
opens = 24
"""
SEEN = """month,zone,measure,value,observed
6,first zone,using,3,30
12,first zone,using,8,30
12,all,core team capacity,0.3,
"""
TODAY = 12
QUESTION = """
months = 48
second_reading = 24
[limits]
cash = [1, 90000, 90000, 90000]
released_time = [1, 900000, 900000, 900000]
[choices]
zones = 2
sizes = [2, 4]
opens = [1, 37]
levers = { core_team_size = [3, 4, 5], coaching = [0.5, 1.0] }
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    folder = tmp_path_factory.mktemp("going-on")
    (folder / "ours.toml").write_text(PLAN, encoding="utf-8")
    (folder / "seen.csv").write_text(SEEN, encoding="utf-8")
    (folder / "ask.toml").write_text(QUESTION, encoding="utf-8")
    update = ["update", str(folder / "ours.toml"), "--observed", str(folder / "seen.csv"), "--runs", "400"]
    assert main([*update, "--out", str(folder / "year-1")]) == 0
    return folder


@pytest.fixture(scope="module")
def start(at):
    return start_from(at / "year-1")


@pytest.fixture(scope="module")
def made(at):
    command = ["plan", str(at / "ask.toml"), "--from", str(at / "year-1"), "--runs", "1000", "--out", str(at / "next")]
    assert main(command) == 0
    return at / "next"


def test_what_has_opened_stays_and_what_has_not_is_chosen_anew(start):
    assert start.begun.month == TODAY
    assert [z.name for z in start.begun.zones] == ["first zone"]
    assert len(start.begun.sites) == 4
    assert len(start.rows) == len(start.begun.numbers) == POOL


def test_every_plan_has_the_past_of_the_update_s_runs_to_the_bit(start):
    base = start.scenario
    sites = [s for s in start.organisation.sites.pseudonyms.tolist() if s not in start.begun.sites]
    zones = from_scenario(base, start.organisation, ["coaching"], start.begun).zones
    one = candidate([replace(zones[0], opens=13, sites=tuple(sites[:3]))], {"coaching": 0.5})
    other = candidate([replace(zones[0], opens=25, sites=tuple(sites[3:7]))], {"coaching": 1.0})
    pasts = Pasts(TODAY, start.begun.seed, start.begun.numbers[:4])

    def area(scenario: Scenario) -> np.ndarray:
        given = {"replicates": 4, "months": 30, "seed": 9, "sample": start.rows[:4], "rows": range(4), "pasts": pasts}
        found = simulate(scenario, start.organisation, **given)
        return found.counts.sum(axis=2)

    plans = [to_scenario(p, base, "plan", start.begun) for p in (one, other)]
    assert plans[0].events[-1].name == FROM_NOW
    stands, *tried = [area(s) for s in (base, *plans)]
    for found in tried:
        assert np.array_equal(found[:, : TODAY + 1], stands[:, : TODAY + 1])
        assert not np.array_equal(found[:, TODAY + 1 :], stands[:, TODAY + 1 :])
    # Control: a lever that is set from the beginning makes another past.
    early = area(to_scenario(one, base, "plan"))
    assert not np.array_equal(early[:, : TODAY + 1], stands[:, : TODAY + 1])


def test_runs_are_drawn_as_often_as_they_weigh():
    weights = np.array([0.0, 3.0, 1.0, 0.0])
    numbers = drawn(weights, 1)
    assert len(numbers) == POOL
    assert abs(numbers.count(1) - 0.75 * POOL) <= 1
    assert set(numbers) == {1, 2}


def test_years_that_are_over_are_not_judged(made):
    # The first year's limits are a pound each: a search that judged them would find nothing.
    answer = json.loads((made / "answer.json").read_text(encoding="utf-8"))
    assert answer["plans"]
    found = open_folder(made)
    given, runs = prepare(found, lambda: Threads(1))
    runs.close()
    assert given.question.limits.cash[0] == np.inf
    assert given.question.limits.cash[1] == 90000
    assert spending_outcomes(given.question.year_ends)


def test_the_answer_goes_on_from_today(made, capsys):
    answer = json.loads((made / "answer.json").read_text(encoding="utf-8"))
    assert answer["begun"] == {"month": TODAY, "zones": 1}
    for plan in answer["plans"]:
        assert plan["zones"][0]["name"] == "first zone"
        assert all(z["opens"] > TODAY for z in plan["zones"][1:])
    assert answer["own"]["name"] == "the plan as it stands"
    told = (made / "why.md").read_text(encoding="utf-8")
    assert "What was observed up to month 12 stands" in told
    assert "no further zone" in told
    assert main(["replay", str(made)]) == 0
    assert "differs" not in capsys.readouterr().out


def test_a_plan_that_was_found_runs_as_it_is(made):
    assert main(["run", str(made / "plan-1.toml"), "--replicates", "2"]) == 0


def test_structural_levers_are_no_longer_chosen(at, start):
    text = (at / "ask.toml").read_text(encoding="utf-8")
    asked = asked_from(load(at / "ask.toml"), start)
    assert set(asked.choices.levers) == {"coaching", "core_team_size"}
    other = at / "other.toml"
    other.write_text(text.replace("core_team_size = [3, 4, 5]", "core_teams = [1, 2]"), encoding="utf-8")
    assert set(asked_from(load(other), start).choices.levers) == {"coaching"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('own = "with-teams"\nmonths = 48', "own: with --from, the plan and the area are those of the update"),
        ("months = 12", "the observations reach month 12"),
        ("[area]\nsettings = { sites = 12 }\n", "area: with --from"),
    ],
)
def test_what_contradicts_the_update_is_refused(at, tmp_path, start, line, words):
    text = QUESTION.replace("second_reading = 24\n", "")
    text = text + line if line.startswith("[") else text.replace("months = 48", line)
    text = text.replace("opens = [1, 37]", "opens = [1, 12]").replace("[1, 90000, 90000, 90000]", "90000")
    text = text.replace("[1, 900000, 900000, 900000]", "900000")
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        asked_from(load(tmp_path / "odd.toml"), start)


def test_a_site_of_a_zone_that_has_opened_cannot_be_left_out(at, tmp_path, start):
    one = sorted(start.begun.sites)[0]
    (tmp_path / "odd.toml").write_text(QUESTION + f'[sites]\nnever = ["{one}"]\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="in a zone that has opened"):
        asked_from(load(tmp_path / "odd.toml"), start)


def test_folders_that_are_none_of_an_update(tmp_path, capsys):
    with pytest.raises(ResultError, match="zones update"):
        start_from(tmp_path)
    path = write_small(tmp_path)
    assert main(["plan", str(path), "--from", str(tmp_path / "gone")]) == 1
    assert "neither the folder of an update" in capsys.readouterr().err
    assert main(["plan", str(path), "--from", str(tmp_path), "--area", "a.csv"]) == 1
    assert "the area is the update's" in capsys.readouterr().err
