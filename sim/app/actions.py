"""What a page may ask besides a question: facts, links, files, stories and the log; every input is checked."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sim.app import evidence_job, inspect, link, log, site_list, stories, surface
from sim.app.answer import answer
from sim.app.jobs import Jobs
from sim.app.question import read_number, read_question
from sim.errors import ScenarioError, ZonesError, shortened, visible
from sim.results.measures import CHARTED
from sim.strict import check, whole_in

Action = Callable[[Jobs, Mapping[str, Any]], dict[str, Any]]


def place(jobs: Jobs) -> dict[str, Any]:
    """What the page says of the place."""
    o = jobs.organisation
    reply = [stories.load(name) for name in stories.names()]
    return {
        "place": {
            "name": o.name,
            "sites": len(o.sites),
            "practitioners": len(o.practitioners),
            "families": len(o.families),
            "assumptions": list(o.assumptions),
            "remarks": list(jobs.remarks),
            "sites_listed": site_list.sites(o, show_names=jobs.show_names),
            "map_words": site_list.map_words(o),
        },
        "first": jobs.first.as_dict(),
        "stories": [
            {"name": s.name, "title": s.title, "audience": s.audience, "minutes": s.minutes, "slides": len(s.slides)}
            for s in reply
        ],
        "sweeps": jobs.results is not None,
    }


def act(jobs: Jobs, message: object) -> dict[str, Any]:
    """Do what the page asks; a refusal is returned as a message, never raised."""
    reply: dict[str, Any] = {"do": "", "number": 0}
    if not isinstance(message, dict):
        return reply | {"error": "What should be done?"}
    try:
        reply["number"] = read_number(message, "message")
        check(message, "message")
        name = message.get("do")
        if not isinstance(name, str):
            raise ScenarioError("What should be done?")
        reply["do"] = visible(name[:40])
        if name not in ACTIONS:
            raise ScenarioError(f"There is no action '{shortened(name, 40)}'.")
        return reply | ACTIONS[name](jobs, message)
    except ZonesError as error:
        return reply | {"error": str(error)}


def _settings(_jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    """One arm as a scenario file that `zones run` accepts."""
    from sim.scenarios.write import copy_for_editing

    question = read_question(message.get("ask"))
    which = whole_in(message.get("arm"), 0, 1)
    if which is None:
        raise ScenarioError("settings: arm must be 0 or 1.")
    arm = question.arms[which]
    name = f"{arm.preset}-as-shown"
    return {"file": f"{name}.toml", "text": copy_for_editing(arm.scenario(), name)}


def _link(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    question = read_question(message.get("ask"))
    page, measure = message.get("page"), message.get("measure")
    if page not in link.PAGES or measure not in CHARTED:
        raise ScenarioError("link: no such page or measure.")
    pair = jobs.awaited(question)
    text = link.write(question, pair, page=str(page), measure=str(measure), place=jobs.organisation.digest)
    return {"link": text}


def _open(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    shared = link.read(message.get("link"))
    pair = jobs.awaited(shared.question)
    then = link.compare(shared, pair, jobs.organisation.digest)
    return {"ask": shared.question.as_dict(), "page": shared.page, "measure": shared.measure, "then": then}


def _evidence(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    if message.get("measure") is True:
        jobs.evidence.start(jobs.heavy, jobs.asked_meanwhile)
    return evidence_job.ledger(jobs.evidence)


def _story(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    return stories.prepared(jobs, message.get("name"))


def _stories(jobs: Jobs, _message: Mapping[str, Any]) -> dict[str, Any]:
    return {"ready": [name for name in stories.names() if name in jobs.stories]}


def _log_add(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    entry = message.get("entry")
    if jobs.log is None or not isinstance(entry, dict):
        raise ScenarioError("learning log: there is none; start the page with --log FILE.")
    question = read_question(message.get("ask"))
    plans = " against ".join(arm.scenario().name for arm in question.arms)
    pair = jobs.awaited(question)
    text = link.write(question, pair, page="explore", measure=CHARTED[0], place=jobs.organisation.digest)
    return {"added": log.add(jobs.log, entry, plans=plans, link=text), "entries": log.entries(jobs.log)}


def _log(jobs: Jobs, _message: Mapping[str, Any]) -> dict[str, Any]:
    return {"entries": log.entries(jobs.log)}


def _brief(jobs: Jobs, message: Mapping[str, Any]) -> dict[str, Any]:
    from sim.app import brief

    question = read_question(message.get("ask"))
    pair = jobs.awaited(question)
    body = answer(jobs, question, pair, quick=False)
    made = brief.make(jobs, question, pair, body)
    kind = message.get("kind")
    if kind == "pdf":
        return {"file": "briefing.pdf", "base64": base64.b64encode(brief.as_pdf(made)).decode("ascii")}
    if kind == "html":
        return {"file": "briefing.html", "text": brief.as_html(made)}
    raise ScenarioError("briefing: kind must be html or pdf.")


ACTIONS: dict[str, Action] = {
    "settings": _settings,
    "link": _link,
    "open": _open,
    "evidence": _evidence,
    "story": _story,
    "stories": _stories,
    "log": _log,
    "log-add": _log_add,
    "brief": _brief,
    "sweep": surface.look,
    "inspect": inspect.look,
}
