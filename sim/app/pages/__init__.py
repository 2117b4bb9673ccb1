"""The pages in the order of the head: the one list that the server, the scripts and the tests read."""

from __future__ import annotations

from sim.app.page import Page
from sim.app.pages import (
    changed,
    evidence,
    explore,
    families,
    inspect,
    log,
    month,
    plan,
    present,
    start,
    sweeps,
    take,
    why,
    zones,
)

PAGES: tuple[Page, ...] = (
    start.PAGE,
    explore.PAGE,
    why.PAGE,
    zones.PAGE,
    plan.PAGE,
    month.PAGE,
    families.PAGE,
    evidence.PAGE,
    present.PAGE,
    take.PAGE,
    sweeps.PAGE,
    log.PAGE,
    inspect.PAGE,
    changed.PAGE,
)
