"""Families: need, waiting, reach and wellbeing by deprivation fifth."""

from __future__ import annotations

from sim.app.page import Page

PAGE = Page("families", "Families", levers=True)
