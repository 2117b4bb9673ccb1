"""Sweeps: thousands of runs of many plans, seen as a surface over two levers or a curve over one."""

from __future__ import annotations

from sim.app.jobs import Jobs
from sim.app.page import Action, Page, Reply
from sim.app.pages.sweeps.surface import Picked, look

LEAD = (
    "Thousands of runs of many plans. Pick an outcome and one or two levers, and see where it goes well and where it "
    "does not."
)
EMPTY = {
    "title": "No sweep is open yet",
    "what": "A sweep runs the model thousands of times and varies the plan from run to run: team sizes, coaching, when "
    "zones open. It shows which plans hold up whatever turns out to be true.",
    "steps": [
        ["Choose or write a design: the plans, the levers to vary, the outcomes. Ready ones lie in experiments/.", ""],
        ["Run it. It may be stopped at any time and goes on where it was.",
         "zones sweep experiments/first-zone-size.toml --out results/first-zone-size"],
        ["Open these pages with the folder of results.", "zones app --results results"],
    ],
    "appears": "What will appear here:",
    "list": [
        "a coloured table of one outcome over two levers, with the best and the worst cell marked,",
        "a curve over one lever, with the range of 8 runs in 10 at each value,",
        "what zones discover has found: in which futures an outcome comes about, in sentences.",
    ],
}  # fmt: skip


def _about(jobs: Jobs) -> Reply:
    return {"sweeps": {"open": jobs.results is not None, "lead": LEAD, "empty": EMPTY}}


PAGE = Page("sweeps", "Sweeps", more=True, actions=(Action("sweep", look, Picked),), about=_about)
