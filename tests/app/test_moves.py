"""What each lever moves, beside the lever: paired, honest where nothing is clear, and never before a visitor."""

import time

import pytest

from sim.app import actions
from sim.app.jobs import Jobs
from sim.app.pages.explore import moves
from sim.organisation.generate.synthetic import generate
from sim.results.measures import CHARTED

USING = CHARTED[0]


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 10, "organisation_seed": 3}))


def told(jobs, plan, months=60):
    asked = {"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": months}
    while True:
        reply = actions.act(jobs, {"do": "moves", "number": 1, "ask": asked, "plan": plan})
        assert "error" not in reply, reply
        if reply["ready"]:
            return reply
        time.sleep(0.05)


@pytest.fixture(scope="module")
def both(jobs):
    return [told(jobs, plan) for plan in (0, 1)]


def test_what_moves_most_is_named_and_its_bar_is_the_longest(both):
    with_teams, _ = both
    assert set(with_teams["levers"]) == set(moves.SHOWN)
    parts = {lever: by[USING]["part"] for lever, by in with_teams["levers"].items()}
    assert max(abs(part) for part in parts.values()) == 1.0
    assert parts["coaching"] > 0 > parts["turnover_factor"], "coaching helps, staff who leave do not"
    assert "moved most by '" in with_teams["most"][USING]
    assert " → " in with_teams["levers"]["coaching"][USING]["short"]
    assert "higher in" in with_teams["levers"]["coaching"][USING]["told"]


def test_where_there_is_no_team_its_size_moves_nothing(both):
    """The negative control: the same lever, in a plan where it cannot matter."""
    with_teams, without = (reply["levers"]["core_team_size"][USING] for reply in both)
    assert with_teams["part"] != 0.0
    assert without["part"] == 0.0 and without["short"] == "no clear effect"
    assert "the same in every run" in without["told"]


def test_nobody_waits_for_it(jobs):
    """While a visitor waits nothing is looked at; the visitor gone, it goes on."""
    with jobs.in_front():
        asked = {"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": 36}
        reply = actions.act(jobs, {"do": "moves", "number": 1, "ask": asked, "plan": 0})
        assert not reply["ready"] and reply["levers"] == {}
    assert told(jobs, 0, months=36)["ready"]
