"""Inspect: for modellers, the Mesa model's agents at the end of a month."""

from __future__ import annotations

from sim.app.jobs import Jobs
from sim.app.page import Action, Page, Reply
from sim.app.pages.inspect.agents import Looked, look

WORDS = {
    "lead": "For modellers: the agents themselves in one run of the plan, as the Mesa model has them at the end of a "
    "month, and one practitioner's story. It opens on somebody worth looking at. Nobody here is real.",
    "stepping": "Stepping the model to that month …",
}


def _about(_jobs: Jobs) -> Reply:
    return {"inspect": WORDS}


PAGE = Page("inspect", "Inspect", more=True, actions=(Action("inspect", look, Looked),), about=_about)
