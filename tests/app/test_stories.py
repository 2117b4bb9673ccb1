"""Stories for a room: sound files, only predicted figures in conclusions, everything worked out before the talk."""

import json
import re

import pytest

from sim.app import actions, stories
from sim.app.evidence_job import EvidenceJob
from sim.app.jobs import FULL, Jobs
from sim.errors import Interrupted, ScenarioError
from sim.evidence.situations.table import SITUATIONS
from sim.organisation.generate.synthetic import generate

# Words that state an outcome: in a story's file they would be wrong on another day, or after another model.
OUTCOMES = re.compile(
    r"\b(hardly|next to nothing|takes years|many of them stop|few so far|too high|surely|always|never|most rooms)\b",
    re.I,
)


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 10, "organisation_seed": 3}))


@pytest.fixture(scope="module")
def told(jobs):
    return stories.prepared(jobs, "1-what-are-teams-worth")


@pytest.mark.parametrize("name", stories.names())
def test_shipped_stories_are_sound_and_conclude_only_from_predicted_figures(name):
    story = stories.load(name)
    assert any(s["kind"] == "predict" for s in story.slides)
    for at, slide in enumerate(story.slides):
        if slide["kind"] == "predict":
            assert any(s.get("measure") == slide["measure"] for s in story.slides[at + 1 :])


def test_a_story_is_presented_with_its_figures(told):
    assert told["answer"]["replicates"] == FULL
    for slide in told["story"]["slides"]:
        assert not any("{" in slide[k] for k in stories.TEXTS), slide
    assert json.loads(json.dumps(told, allow_nan=False))
    assert told["answer"]["findings"]["practitioners_at_fidelity_share"] in [s["text"] for s in told["story"]["slides"]]


@pytest.mark.parametrize("name", stories.names())
def test_a_story_states_no_outcome_of_its_own(name):
    for slide in stories.load(name).slides:
        for key in stories.TEXTS:
            bare = stories.FILLED_IN.sub("", slide.get(key, ""))
            assert not OUTCOMES.search(bare), (slide["title"], bare)
            assert not re.search(r"\d+(\.\d+)? ?%", bare), (slide["title"], bare)


def test_local_stories_compare_on_their_own_area_with_the_conditions_of_that_area():
    for number in (1, 2, 3):
        story = stories.load(next(n for n in stories.names() if f"local-area-{number}" in n))
        assert story.area_of == f"local-area-{number}"
        assert {arm.preset for arm in story.question.arms} == {f"local-area-{number}"}
        changed = [arm for arm in story.question.arms if arm.changed]
        assert len(changed) == 1


def test_the_story_of_the_same_money_is_set_where_the_money_was_matched():
    story = stories.load("2-or-two-more-social-workers")
    assert story.area_of == "with-teams" and [a.preset for a in story.question.arms] == ["with-teams", "same-money"]


def test_a_story_is_worked_out_once_and_gives_way(jobs, told, monkeypatch):
    monkeypatch.setattr(stories, "_prepare", None)
    assert stories.prepared(jobs, "1-what-are-teams-worth") is told
    monkeypatch.undo()
    with pytest.raises(Interrupted):
        stories.prepared(Jobs(jobs.organisation), "1-what-are-teams-worth", lambda: True)


def test_what_is_stored_is_reported_to_the_page(jobs, told):
    assert actions.act(jobs, {"do": "stories"})["ready"] == [told["story"]["name"]]
    sent = actions.act(jobs, {"do": "story", "name": told["story"]["name"]})["story"]
    slides = [{k: v for k, v in slide.items() if k != "foot"} for slide in sent["slides"]]
    assert {**sent, "slides": slides} == told["story"]


def test_a_slide_that_rests_on_a_missed_figure_says_so(jobs, told):
    job = jobs.hold(EvidenceJob)
    job.found = {s.id: {"within": s.id != "V2"} for s in SITUATIONS}
    sent = actions.act(jobs, {"do": "story", "name": told["story"]["name"]})["story"]
    for slide in sent["slides"]:
        assert ("does not meet" in slide["foot"]) is ("practitioners_at_fidelity_share" in slide["measures"])
    assert any(slide["foot"] for slide in sent["slides"]) and not all(slide["foot"] for slide in sent["slides"])


def test_a_story_that_concludes_from_a_fitted_figure_is_refused(told):
    found = told["answer"]["headlines"]
    values = {h["id"]: {**h, "arms": [{**a, "kind": "fitted"} for a in h["arms"]]} for h in found}
    story = stories.load("1-what-are-teams-worth")
    slide = {"concludes": True, "text": "{a:sites_full_share}"}
    with pytest.raises(ScenarioError, match="not predicted"):
        stories._only_predicted(story, 1, slide, values)
    for other in (
        {"measure": "practitioners_using_share"},
        {"text": "{f:need_served_at_fidelity_share}"},
        {"notes": "{d:sites_full_share}"},
    ):
        with pytest.raises(ScenarioError, match="not predicted"):
            stories._only_predicted(story, 1, {"concludes": True, **other}, values)
    stories._only_predicted(story, 1, {**slide, "concludes": False}, values)


UNSOUND = [
    {"kind": "x", "notes": "n"},
    {"kind": "text"},
    {"kind": "chart", "notes": "n", "measure": "x"},
    {"kind": "text", "notes": "n", "script": "x"},
    {"kind": "text", "notes": "{a:no_such_headline}"},
    {"kind": "text", "notes": "n", "text": "{f:no_such_chart}"},
]


@pytest.mark.parametrize("slide", UNSOUND)
def test_unsound_slides_are_refused(slide):
    with pytest.raises(ScenarioError):
        stories.read(
            {"title": "t", "plan": {"preset": "with-teams"}, "against": {"preset": "without-teams"}, "slides": [slide]},
            "x",
        )


def test_no_story_of_another_name_is_read():
    with pytest.raises(ScenarioError):
        stories.load("../../pyproject")
