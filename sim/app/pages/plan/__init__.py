"""Plan: the limits, the plans found under them as timelines of zones, and what else was tried."""

from __future__ import annotations

from sim.app import kept_update
from sim.app.page import Action, Page
from sim.app.pages.plan import searching
from sim.app.upload import Part

PAGE = Page(
    "plan",
    "Plan",
    actions=(
        Action("plan-part", kept_update.part, Part, of_visit=True),
        Action("plan-begin", searching.begin, searching.Form, of_visit=True),
        Action("plan-look", searching.look, of_visit=True),
        Action("plan-stop", searching.stop, of_visit=True),
    ),
    about=searching.about,
    leave=searching.forget,
)
