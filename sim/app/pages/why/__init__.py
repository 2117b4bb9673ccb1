"""Why: the causal picture step by step with this plan's bottleneck lit, and one site's or practitioner's story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from sim.app.jobs import Jobs, runs_of
from sim.app.messages import Asked, anything, one_of, whole
from sim.app.page import Action, Page, Reply
from sim.app.pages.why import bottleneck, family_story, picture, story
from sim.app.pages.why.links import LINKS
from sim.counts import counted
from sim.engine.trace import family_months
from sim.errors import ScenarioError, quoted
from sim.strict import whole_in


@dataclass(frozen=True)
class WhyAsked:
    """Asks what holds one of the two plans back; asked again until it is ready."""

    ask: Asked
    plan: Annotated[int, whole(0, 1)]


@dataclass(frozen=True)
class StoryAsked:
    """Asks for the story of a site, a practitioner or a family in the run that is shown."""

    ask: Asked
    plan: Annotated[int, whole(0, 1)]
    kind: Annotated[str, one_of("site", "practitioner", "family")]
    index: Annotated[object, anything]


def _found(jobs: Jobs, message: Any) -> tuple[Any, Any, Any]:
    """The arm's ensemble, its setup, and the run that is shown."""
    question, plan = message.ask, message.plan
    pair = jobs.awaited(question)
    with jobs.in_front():
        followed = jobs.followed(question, pair, lambda: jobs.closing)
    return pair[plan], jobs.prepared(question.arms[plan], pair[plan].months), followed[plan]


def why(jobs: Jobs, message: WhyAsked) -> Reply:
    """The picture, once every link has been eased; until then how far it is."""
    ensemble, setup, found = _found(jobs, message)
    tried = bottleneck.try_on(jobs, runs_of(message.ask)[message.plan], ensemble)
    if not tried.done:
        return {"ready": False, "words": f"{len(tried.gains)} of {len(LINKS)} parts tried …"}
    words = bottleneck.sentences(tried, ensemble, found)
    runs = counted(bottleneck.runs_for(jobs), "run")
    return {
        "ready": True,
        **words,
        "nodes": picture.nodes(found, words["lit"]),
        "steps": picture.steps(words, found),
        "table": picture.table(tried),
        "moments": picture.moments(ensemble.months),
        "small": f"Each part is eased on its own in the same {runs}; the part that brings most is marked. Shares come "
        "from the one run that is shown.",
        "sites": story.sites_to_choose(setup),
    }


def tell(jobs: Jobs, message: StoryAsked) -> Reply:
    """A story in words.

    Raises:
        ScenarioError: no such site, practitioner or family.
    """
    ensemble, setup, found = _found(jobs, message)
    o = setup.organisation
    there = {"site": len(o.sites), "practitioner": len(o.practitioners), "family": len(setup.place.family_id)}
    most = there[message.kind] - 1
    index = whole_in(message.index, 0, most)
    if index is None:
        raise ScenarioError(f"{message.kind} must be a whole number in [0, {most:,}]; got {quoted(message.index)}.")
    if message.kind == "site":
        return story.of_site(setup, found, index)
    if message.kind == "practitioner":
        return story.of_practitioner(setup, found, index)
    lived = family_months(
        setup, np.array([index]), seed=ensemble.seed, replicate=int(found.ensemble.first),
        sample=jobs.rows(message.ask.calibration),
    )  # fmt: skip
    return family_story.told(setup, lived, index)


PAGE = Page("why", "Why", levers=True, actions=(Action("why", why, WhyAsked), Action("why-story", tell, StoryAsked)))
