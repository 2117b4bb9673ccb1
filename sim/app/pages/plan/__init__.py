"""Plan: the limits, the plans found under them as timelines of zones, and what else was tried."""

from __future__ import annotations

from sim.app.page import Action, Page
from sim.app.pages.plan import searching

PAGE = Page(
    "plan",
    "Plan",
    actions=(
        Action("plan-begin", searching.begin, searching.Form, of_visit=True),
        Action("plan-look", searching.look, of_visit=True),
        Action("plan-stop", searching.stop, of_visit=True),
    ),
    about=searching.about,
    leave=searching.forget,
)
