"""Present: stories before a room, worked out ahead and kept by the page."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from sim.app import stories
from sim.app.checks import missed
from sim.app.evidence_job import EvidenceJob
from sim.app.jobs import Jobs
from sim.app.messages import Asked, anything, text
from sim.app.page import Action, Page, Reply
from sim.errors import Interrupted, ScenarioError
from sim.handouts.story import KINDS, as_table, read_table, read_text
from sim.handouts.story_file import draft, dump
from sim.results.measures import BY_ID, CHARTED, KNOWN

LONGEST = 200_000
"""Characters of a story that a visitor opens."""
KIND_WORDS = {
    "title": "Title", "text": "Text", "predict": "Guess first", "chart": "Chart", "headline": "One figure",
    "network": "Both futures playing", "families": "Families", "changes": "What differs",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Asks for a story."""

    name: Annotated[object, anything] = None


@dataclass(frozen=True)
class Opened:
    """Brings a story of the visitor's own: the text of its file."""

    text: Annotated[str, text(LONGEST)]


@dataclass(frozen=True)
class Drafted:
    """Asks for a story to begin with, over the question on the page."""

    ask: Asked


@dataclass(frozen=True)
class Edited:
    """Asks for an edited story as a file."""

    story: Annotated[object, anything]


def _story(jobs: Jobs, message: Named) -> Reply:
    """The story; a slide that rests on a published figure which the model misses says so at its foot."""
    return _with_feet(jobs, stories.prepared(jobs, message.name))


def _own(jobs: Jobs, message: Opened) -> Reply:
    """A visitor's own story as it is shown; the server keeps nothing of it."""
    with jobs.in_front():
        return _with_feet(jobs, stories.prepared_own(jobs, message.text))


def _read(_jobs: Jobs, message: Opened) -> Reply:
    """A visitor's own story as it is edited."""
    stories.own(message.text)
    return {"story": as_table(read_text(message.text, stories.OWN))}


def _draft(_jobs: Jobs, message: Drafted) -> Reply:
    plan, against = (arm.as_dict() for arm in message.ask.arms)
    return {"story": as_table(draft("Tomorrow", plan, against, message.ask.months))}


def _file(_jobs: Jobs, message: Edited) -> Reply:
    """The file of an edited story, once it is sound."""
    if not isinstance(message.story, dict):
        raise ScenarioError("story: a table of names and values is needed.")
    made = dump(read_table(message.story, stories.OWN))
    stories.own(made)
    return {"file": "story.toml", "text": made}


def _with_feet(jobs: Jobs, found: Reply) -> Reply:
    job = jobs.hold(EvidenceJob)
    slides = [{**slide, "foot": missed(job, slide["measures"])} for slide in found["story"]["slides"]]
    return {**found, "story": {**found["story"], "slides": slides}}


def _ready(jobs: Jobs, _message: object) -> Reply:
    return {"ready": [name for name in stories.names() if name in jobs.hold(stories.Stories)]}


def _about(_jobs: Jobs) -> Reply:
    found = [stories.load(name) for name in stories.names()]
    return {
        "slide_kinds": [[kind, KIND_WORDS[kind]] for kind in KINDS],
        "slide_charts": [[name, KNOWN[name].title] for name in CHARTED],
        "slide_headlines": [[name, measure.title] for name, measure in BY_ID.items()],
        "stories": [
            {"name": s.name, "title": s.title, "audience": s.audience, "minutes": s.minutes, "slides": len(s.slides)}
            for s in found
        ],
    }


def _ahead(jobs: Jobs) -> None:
    """Work out all stories while nobody else waits for an answer."""
    waiting = list(stories.names())
    while waiting and not jobs.closing:
        with suppress(Interrupted):
            stories.prepared(jobs, waiting[0], jobs.asked_meanwhile)
            waiting.pop(0)
        while jobs.asked_meanwhile() and not jobs.closing:
            time.sleep(0.05)


PAGE = Page(
    "present",
    "Present",
    actions=(
        Action("story", _story, Named),
        Action("stories", _ready),
        Action("own-story", _own, Opened),
        Action("story-read", _read, Opened),
        Action("story-draft", _draft, Drafted),
        Action("story-file", _file, Edited),
    ),
    about=_about,
    ahead=_ahead,
)
