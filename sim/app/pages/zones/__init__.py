"""Zone by zone: the plan as a timeline that one edits, each zone as a slice, attention and cost."""

from __future__ import annotations

from sim.app.page import Page

PAGE = Page("zones", "Zone by zone", levers=True)
