"""Month 12: what the area has seen is brought, the forecast is updated by it, and kept so that it can be scored."""

from __future__ import annotations

from sim.app.page import Action, Page
from sim.app.pages.month import guessing, seen, updating
from sim.app.upload import Part

PAGE = Page(
    "month",
    "Month 12",
    actions=(
        Action("seen-part", seen.part, Part, of_visit=True),
        Action("seen-read", updating.read, seen.Wanted, of_visit=True),
        Action("seen-table", seen.table_to_fill, seen.Wanted, of_visit=True),
        Action("seen-example", seen.example, seen.Wanted, of_visit=True),
        Action("seen-update", updating.begin, updating.Begun, of_visit=True),
        Action("seen-look", updating.look, of_visit=True),
        Action("seen-stop", updating.stop, of_visit=True),
        Action("seen-save", updating.save, of_visit=True),
        Action("seen-close", updating.close, of_visit=True),
        Action("seen-keep", guessing.keep, guessing.Kept, of_visit=True),
    ),
    about=seen.about,
    leave=updating.forget,
)
