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
from sim.app.messages import anything
from sim.app.page import Action, Page, Reply
from sim.errors import Interrupted


@dataclass(frozen=True)
class Named:
    """Asks for a story."""

    name: Annotated[object, anything] = None


def _story(jobs: Jobs, message: Named) -> Reply:
    """The story; a slide that rests on a published figure which the model misses says so at its foot."""
    found, job = stories.prepared(jobs, message.name), jobs.hold(EvidenceJob)
    slides = [{**slide, "foot": missed(job, slide["measures"])} for slide in found["story"]["slides"]]
    return {**found, "story": {**found["story"], "slides": slides}}


def _ready(jobs: Jobs, _message: object) -> Reply:
    return {"ready": [name for name in stories.names() if name in jobs.hold(stories.Stories)]}


def _about(_jobs: Jobs) -> Reply:
    found = [stories.load(name) for name in stories.names()]
    return {
        "stories": [
            {"name": s.name, "title": s.title, "audience": s.audience, "minutes": s.minutes, "slides": len(s.slides)}
            for s in found
        ]
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
    actions=(Action("story", _story, Named), Action("stories", _ready)),
    about=_about,
    ahead=_ahead,
)
