"""The page Plan: its form is the question of `zones plan`; a search is a process that ends with its visit."""

import json
import time
from pathlib import Path

import pytest
from test_own_list import Visit

from sim.app import actions
from sim.app.jobs import Jobs
from sim.app.pages.plan import searching
from sim.app.question import FIRST, read_question
from sim.counts import counted
from sim.organisation.generate.synthetic import generate
from sim.planning.asking import loads

ASK = {**FIRST.as_dict(), "months": 60}
FORM = {"ask": ASK, "cash": [40_000, 30_000], "released": [200_000]}


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 8, "organisation_seed": 1}))


@pytest.fixture
def visit(jobs):
    made = Visit(jobs)
    yield made
    searching.forget(made)


def ask(visit, do, **more):
    return actions.act(visit.jobs, {"do": do, "number": 1, **more}, visit)


def form(**more):
    return searching.Form(read_question(ASK), (40_000.0, 30_000.0), (200_000.0,), **more)


def test_the_form_is_the_question_that_the_command_line_reads():
    question = loads(
        searching.question_text(form(people=5, people_from=3, support_ends=48, must=("A",), own=True)), "question"
    )
    assert question.limits.cash[:3] == (40_000.0, 30_000.0, 30_000.0) and question.limits.chance == 0.9
    assert question.people[0].count == 5 and question.support.ends == 48
    assert question.sites.must == ("A",) and question.own and question.months == 60
    assert not loads(searching.question_text(form()), "question").own


def test_names_of_sites_cannot_leave_their_quotes(visit):
    question = loads(searching.question_text(form(must=('x"] #',))), "question")
    assert question.sites.must == ('x"] #',) and question.choices.most_zones == 4
    assert "invisible" in ask(visit, "plan-begin", **{**FORM, "must": ['x"]\n[choices]\nzones = 12 #']})["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cash": 5},
        {"cash": ["x"]},
        {"cash": [-1]},
        {"cash": [1, 2, 3, 4, 5]},
        {"released": None},
        {"chance": 100},
        {"zones": 0},
        {"must": [5]},
        {"runs": "ever"},
        {"people": True},
        {"cash": [], "released": []},
        {"fewest": 9, "most": 3},
        {"ask": 3},
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_begins(visit, wrong):
    assert "error" in ask(visit, "plan-begin", **{**FORM, **wrong})
    assert ask(visit, "plan-look")["state"] == ""


def until(visit, done, seconds=400):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        told = ask(visit, "plan-look")
        if done(told):
            return told
        time.sleep(0.3)
    raise AssertionError(told)


def is_gone(folder):
    """Whether it has been taken away, or is soon."""
    end = time.monotonic() + 30
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    return not folder.exists()


def test_a_search_is_watched_ends_with_plans_and_leaves_nothing(visit, monkeypatch):
    monkeypatch.setitem(searching.RUNS, "short", 1_000)
    assert ask(visit, "plan-begin", **FORM)["state"] == "searching"
    folder = Path(visit.hold(searching.Mine).search.folder)
    told = until(visit, lambda t: t["state"] != "searching")
    assert told["state"] == "done", told
    found = told["found"]
    assert found["plans"] and found["tried"]["points"] and found["tried"]["budgets"][-1]["text"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    budgets = [b["at"][1] for b in found["tried"]["budgets"]]
    assert budgets == sorted(budgets), "a looser budget gives no worse plan"
    inside = [p for p in found["tried"]["points"] if p[-1]]
    assert f"the {counted(len(inside), 'plan')} cost that this search tried, within" in found["tried"]["covers"]
    assert max(p[0] for p in inside) == pytest.approx(found["tried"]["budgets"][-1]["budget"])
    take = found["plans"][0]["take"]
    arm = {"preset": "with-teams", "set": take["set"], "zones": take["zones"]}
    assert read_question({**ASK, "arms": [arm, ASK["arms"][1]]}).arms[0].plan
    assert is_gone(folder)


def test_a_search_ends_with_its_visit_and_another_waits_its_turn(jobs, visit):
    other = Visit(jobs)
    ask(visit, "plan-begin", **FORM)
    assert "another visitor" in ask(other, "plan-begin", **FORM)["error"]
    running = visit.hold(searching.Mine).search
    searching.forget(visit)
    running.process.wait(20)
    assert is_gone(Path(running.folder))
    assert ask(other, "plan-begin", **FORM)["state"] == "searching"
    assert ask(other, "plan-stop")["state"] == "stopped"
    searching.forget(other)
