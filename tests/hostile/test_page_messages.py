"""Whatever a page sends gets a reply: under its number where it has one, in words where it cannot be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.app import actions
from sim.app.answer import as_text
from sim.app.evidence_job import EvidenceJob
from sim.app.jobs import Jobs
from sim.app.question import FIRST, read_question, read_sent
from sim.errors import ScenarioError, ZonesError
from sim.organisation.generate.synthetic import generate

ASKED = FIRST.as_dict()
ODD: tuple[Any, ...] = (
    None, True, -1, 1.5, 60.0, -0.0, 10**400, float("inf"), float("nan"), "x", "\ud800", "\u202e", "\x00", [], [[]],
    {}, {"a": {}}, "9" * 5000, ["\ud800"], [10**400],
)  # fmt: skip
CHEAP = ("settings", "open", "stories", "sweep", "log", "story")
"""Actions that simulate nothing before they have read what they were sent."""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    made = Jobs(generate({"sites": 6, "organisation_seed": 1}), log=tmp_path_factory.mktemp("log") / "log.sqlite")
    made.hold(EvidenceJob).kept = None
    return made


def names(value: Any) -> str:
    return f"{value!r:.14}".encode("ascii", "replace").decode()


@pytest.mark.parametrize("value", ODD, ids=names)
def test_every_action_answers_every_odd_value(jobs: Jobs, value: Any) -> None:
    messages: list[dict[str, Any]] = [{"do": value, "number": 3}]
    for name in actions.ACTIONS:
        for ask in (value, {**ASKED, "arms": value}, {**ASKED, "seed": value, "months": value}):
            messages.append({"do": name, "number": 3, "ask": ask})
    for name in CHEAP:
        for key in ("arm", "link", "name", "folder", "outcome", "x", "y", "entry"):
            messages.append({"do": name, "number": 3, "ask": ASKED, key: value})
    for message in messages:
        told = actions.act(jobs, message)
        assert told["number"] in (0, 3)
        assert json.loads(as_text(told)) == told, "it can be sent"
        assert "Traceback" not in str(told)


@pytest.mark.parametrize("number", [1.0, -1, 2**53, 10**400, "3", None, True, float("inf"), [], {"a": 1}], ids=names)
def test_a_number_that_is_not_whole_is_told_not_taken_for_nought(jobs: Jobs, number: Any) -> None:
    assert "number must be a whole number" in actions.act(jobs, {"do": "stories", "number": number})["error"]
    with pytest.raises(ZonesError):
        read_sent(json.dumps({"number": number, "ask": ASKED}))


def test_what_a_page_sends_is_answered_under_its_number(jobs: Jobs) -> None:
    assert actions.act(jobs, {"do": "stories", "number": 7}) == {"do": "stories", "number": 7, "ready": []}
    assert read_sent(json.dumps({"number": 7, "ask": ASKED})) == (7, ASKED)
    assert read_question(ASKED) == FIRST


@pytest.mark.parametrize("message", [None, 5, "stories", [], {}, {"do": None}, {"do": ["stories"]}, {"number": 3}])
def test_what_is_no_message_is_answered_too(jobs: Jobs, message: object) -> None:
    assert actions.act(jobs, message)["error"] == "What should be done?"


@pytest.mark.parametrize(
    "text",
    [
        None, 5, "", "[]", "{", "[" * 20_000, '{"number": 1e999}', '{"number": NaN, "ask": {}}', '"\\ud800"',
        '{"ask": ' + "9" * 5000 + "}", '{"number": 1' + "0" * 400 + "}", "x" * 20_001,
    ],
    ids=names,
)  # fmt: skip
def test_text_that_is_no_question_is_refused_in_words(text: object) -> None:
    with pytest.raises(ScenarioError, match="question"):
        read_question(read_sent(text)[1])


def test_a_careless_reader_of_numbers_is_caught() -> None:
    """The same messages against a reader that trusts them: the checks above can fail."""
    careless: Callable[[str], int] = lambda text: int(json.loads(text)["number"])  # noqa: E731
    assert careless('{"number": 1.0}') == 1
    with pytest.raises(OverflowError):
        careless('{"number": 1e999}')


def test_two_replies_alike_are_two_texts(jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A value that does not change is not sent: a second refusal in the same words would leave the page waiting."""
    page = pytest.importorskip("sim.app.web.page", exc_type=ImportError)
    visit = object.__new__(page.Visit)
    visit._replies = page.count(1)
    assert visit._said({"number": 0, "error": "x"}) != visit._said({"number": 0, "error": "x"})
