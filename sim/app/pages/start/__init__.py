"""Start: try the example, open one's own list, or go on where one was; a list is held in memory for one visit alone."""

from __future__ import annotations

from sim.app.page import Action, Page
from sim.app.pages.start import own_list as own
from sim.app.upload import Part

PAGE = Page(
    "start",
    "Start",
    actions=(
        Action("list-part", own.part, Part, of_visit=True),
        Action("list-read", own.read, own.Wanted, of_visit=True),
        Action("list-open", own.use, own.Opened, of_visit=True),
        Action("list-close", own.close, of_visit=True),
    ),
    about=own.about,
    leave=own.forget,
)
