"""Inspect: for modellers, the Mesa model's agents at the end of a month."""

from __future__ import annotations

from sim.app.page import Action, Page
from sim.app.pages.inspect.agents import Looked, look

PAGE = Page("inspect", "Inspect", more=True, actions=(Action("inspect", look, Looked),))
