"""Explore: two plans side by side, their headlines and time series, the organisation month by month."""

from __future__ import annotations

from sim.app.page import Page

PAGE = Page("explore", "Explore", levers=True)
