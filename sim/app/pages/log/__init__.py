"""The learning log: beside a comparison people write what they think; how forecasts fared so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from sim import posterior
from sim.app import guesses, link, log
from sim.app.jobs import Jobs
from sim.app.messages import Asked, table
from sim.app.page import Action, Page, Reply
from sim.errors import ScenarioError
from sim.results.measures import CHARTED


@dataclass(frozen=True)
class Written:
    """An entry to keep, with the question that it belongs to."""

    entry: Annotated[Mapping[str, Any], table]
    ask: Asked


def _shown(jobs: Jobs) -> list[dict[str, Any]]:
    """Every entry, with its plans and its moment in words."""
    return [e | {"plans": log.plans_words(e["plans"]), "when": log.moment(e["written"])} for e in log.entries(jobs.log)]


def _add(jobs: Jobs, message: Written) -> Reply:
    if jobs.log is None:
        raise ScenarioError("learning log: none is open; start the pages with --log FILE.")
    plans = log.BETWEEN.join(arm.scenario().name for arm in message.ask.arms)
    if message.ask.calibration != posterior.DEFAULT:
        plans += f" ({message.ask.calibration})"
    pair = jobs.awaited(message.ask)
    text = link.write(message.ask, pair, page="explore", measure=CHARTED[0], place=jobs.organisation.digest)
    return {"added": log.add(jobs.log, message.entry, plans=plans, link=text), "entries": _shown(jobs)}


def _entries(jobs: Jobs, _message: object) -> Reply:
    return {"entries": _shown(jobs), "scores": guesses.view(jobs.log)}


PAGE = Page("log", "Learning log", more=True, actions=(Action("log", _entries), Action("log-add", _add, Written)))
