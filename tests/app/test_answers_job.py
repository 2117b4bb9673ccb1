"""The file that answers levers is made in the background, one at a time; whoever asks meanwhile goes first."""

import base64
import threading
import time
from dataclasses import replace

import pytest

from sim.app import answers_job
from sim.app.answers_job import AnswersJob
from sim.app.handing_on import case_of
from sim.app.jobs import Jobs
from sim.app.question import FIRST, Question
from sim.errors import ScenarioError
from sim.handouts.fitting import Fitting
from sim.organisation.generate.synthetic import generate

SHORT = Question(FIRST.arms, 36)
OTHER = Question(FIRST.arms, 36, 2)


@pytest.fixture
def jobs(monkeypatch):
    monkeypatch.setattr("sim.app.jobs.FULL", 24)
    monkeypatch.setattr(answers_job, "RUNS", 200)
    monkeypatch.setattr(Fitting, "_dials", lambda self, _names: [])
    return Jobs(generate({"sites": 8}), again=("--area-of", "with-teams"))


def awaited(job, jobs, question):
    end = time.monotonic() + 300
    while time.monotonic() < end:
        found = job.look(jobs, question, "zones brief --interactive")
        if "text" in found:
            return found
        assert found["state"]
        time.sleep(0.05)
    raise TimeoutError


def test_it_is_made_once_and_then_at_hand(jobs):
    job = AnswersJob()
    found = awaited(job, jobs, SHORT)
    assert found["text"].startswith("<!doctype html>")
    assert "No lever is offered here" in found["text"]
    assert job.look(jobs, SHORT, "")["text"] is found["text"]


def test_one_at_a_time(jobs, monkeypatch):
    held, job = threading.Event(), AnswersJob()
    monkeypatch.setattr(AnswersJob, "_make", lambda self, *_: held.wait(30))
    job.look(jobs, SHORT, "")
    with pytest.raises(ScenarioError, match="Another file"):
        job.look(jobs, OTHER, "")
    held.set()


def test_what_goes_wrong_is_said_once_and_can_be_tried_again(jobs, monkeypatch):
    job = AnswersJob()

    def refuse(*_args, **_options):
        raise ScenarioError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(answers_job.one_file, "as_html", refuse)
        with pytest.raises(ScenarioError, match="no room"):
            awaited(job, jobs, SHORT)
    assert awaited(job, jobs, SHORT)["text"]


def test_a_story_of_ones_own_is_begun_read_written_and_shown(jobs):
    from sim.app import actions

    ask = SHORT.as_dict()
    begun = actions.act(jobs, {"do": "story-draft", "ask": ask})["story"]
    begun["title"] = "Our <b>plan</b>"
    begun["slides"] = [s for s in begun["slides"] if s["kind"] in ("title", "chart")]
    written = actions.act(jobs, {"do": "story-file", "story": begun})
    assert "error" not in written
    assert actions.act(jobs, {"do": "story-read", "text": written["text"]})["story"]["title"] == "Our <b>plan</b>"
    shown = actions.act(jobs, {"do": "own-story", "text": written["text"]})
    assert [s["kind"] for s in shown["story"]["slides"]] == ["title", "chart"]
    assert "{" not in shown["story"]["slides"][1]["text"]


@pytest.mark.parametrize(
    "message",
    [
        {"do": "story-read", "text": "x" * 300_000},
        {"do": "story-read", "text": "title = 3"},
        {"do": "story-read", "text": 7},
        {"do": "own-story", "text": 'title = "t"\n[plan]\npreset = "../../x"\n[against]\npreset = "nation"'},
        {"do": "story-file", "story": "text"},
        {"do": "story-file", "story": {"slides": [{"kind": "script"}]}},
        {"do": "story-draft", "ask": {}},
    ],
)
def test_hostile_stories_are_refused_in_words(jobs, message):
    from sim.app import actions

    assert actions.act(jobs, message)["error"]


OPTIONS = [
    {"name": "Full <b>teams</b>", "arm": {"preset": "with-teams"}},
    {"name": "Less coaching", "arm": {"preset": "with-teams", "set": {"coaching": 0.3}}},
    {"name": "Nothing", "arm": {"preset": "without-teams"}},
]


def test_pinned_options_become_a_paper_and_the_files_that_its_command_names(jobs, monkeypatch):
    from sim.app import actions, options

    monkeypatch.setattr(options, "case_of", lambda *a: replace(case_of(*a), runs=4))
    found = actions.act(jobs, {"do": "options", "ask": SHORT.as_dict(), "options": OPTIONS})
    assert base64.b64decode(found["base64"]).startswith(b"%PDF")
    assert [one["file"] for one in found["files"]] == ["option-2.toml"]
    assert "coaching = 0.3" in found["files"][0]["text"]


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS[:2],
        OPTIONS * 2,
        "text",
        [1, 2, 3],
        [{**one, "name": "same"} for one in OPTIONS],
        [*OPTIONS[:2], {"name": "x" * 99, "arm": {"preset": "nation"}}],
        [*OPTIONS[:2], {"name": "x", "arm": {"preset": "../x"}}],
    ],
)
def test_options_that_cannot_be_are_refused_in_words(jobs, options):
    from sim.app import actions

    assert actions.act(jobs, {"do": "options", "ask": SHORT.as_dict(), "options": options})["error"]
