"""Explore: two plans side by side, their headlines and time series, the organisation month by month."""

from __future__ import annotations

from sim.app.page import Action, Page
from sim.app.pages.explore.moves import MovesAsked, told

PAGE = Page("explore", "Explore", levers=True, actions=(Action("moves", told, MovesAsked),))
