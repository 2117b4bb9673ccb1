"""Take away: a link, pictures, tables, settings and the briefing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated

from sim.app import link
from sim.app.answer import answer
from sim.app.answers_job import AnswersJob
from sim.app.jobs import Jobs
from sim.app.messages import Asked, anything, one_of, whole
from sim.app.page import Action, Page, Reply
from sim.results.measures import CHARTED


@dataclass(frozen=True)
class Settings:
    """Asks for one arm as a scenario file."""

    ask: Asked
    arm: Annotated[int, whole(0, 1)]


@dataclass(frozen=True)
class LinkWanted:
    """Asks for a link to the answer."""

    ask: Asked
    page: Annotated[str, one_of(*link.PAGES)]
    measure: Annotated[str, one_of(*CHARTED)]


@dataclass(frozen=True)
class LinkOpened:
    """Asks what a link says."""

    link: Annotated[object, anything] = None


@dataclass(frozen=True)
class BriefWanted:
    """Asks for the briefing."""

    ask: Asked
    kind: Annotated[str, one_of("html", "pdf")]


@dataclass(frozen=True)
class AnswersWanted:
    """Asks for the file that answers levers: begins it, and asks how far it is."""

    ask: Asked


@dataclass(frozen=True)
class OptionsWanted:
    """Asks for a paper of the options that were pinned."""

    ask: Asked
    options: Annotated[object, anything]


def _settings(_jobs: Jobs, message: Settings) -> Reply:
    """One arm as a scenario file that `zones run` accepts."""
    from sim.scenarios.write import copy_for_editing

    arm = message.ask.arms[message.arm]
    name = f"{arm.preset}-as-shown"
    return {"file": f"{name}.toml", "text": copy_for_editing(arm.scenario(), name)}


def _link(jobs: Jobs, message: LinkWanted) -> Reply:
    pair = jobs.awaited(message.ask)
    place = jobs.organisation.digest
    return {"link": link.write(message.ask, pair, page=message.page, measure=message.measure, place=place)}


def _open(jobs: Jobs, message: LinkOpened) -> Reply:
    shared = link.read(message.link)
    pair = jobs.awaited(shared.question)
    then = link.compare(shared, pair, jobs.organisation.digest)
    return {"ask": shared.question.as_dict(), "page": shared.page, "measure": shared.measure, "then": then}


def _brief(jobs: Jobs, message: BriefWanted) -> Reply:
    from sim.app import brief

    pair = jobs.awaited(message.ask)
    made = brief.make(jobs, message.ask, pair, answer(jobs, message.ask, pair, quick=False))
    if message.kind == "pdf":
        return {"file": "briefing.pdf", "base64": base64.b64encode(brief.as_pdf(made)).decode("ascii")}
    return {"file": "briefing.html", "text": brief.as_html(made)}


def _answers(jobs: Jobs, message: AnswersWanted) -> Reply:
    from sim.app import brief

    shared = brief.shared_link(jobs, message.ask, jobs.awaited(message.ask))
    return jobs.hold(AnswersJob).look(jobs, message.ask, brief.command(message.ask, shared, jobs.again, answers=True))


def _options(jobs: Jobs, message: OptionsWanted) -> Reply:
    from sim.app.options import paper

    return paper(jobs, message.ask, message.options)


PAGE = Page(
    "take",
    "Take away",
    actions=(
        Action("settings", _settings, Settings),
        Action("link", _link, LinkWanted),
        Action("open", _open, LinkOpened),
        Action("brief", _brief, BriefWanted),
        Action("answers", _answers, AnswersWanted),
        Action("options", _options, OptionsWanted),
    ),
)
