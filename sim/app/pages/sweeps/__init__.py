"""Sweeps: thousands of runs of many plans, seen as a surface over two levers or a curve over one."""

from __future__ import annotations

from sim.app.jobs import Jobs
from sim.app.page import Action, Page, Reply
from sim.app.pages.sweeps.surface import Picked, look


def _about(jobs: Jobs) -> Reply:
    return {"sweeps": jobs.results is not None}


PAGE = Page("sweeps", "Sweeps", more=True, actions=(Action("sweep", look, Picked),), about=_about)
