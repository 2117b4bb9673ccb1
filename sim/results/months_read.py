"""What of a run measures are read from, so that nothing else need be fetched from a GPU."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engine.batch import Wanted
from sim.engine.by_site import CERTIFIED_AT_36, CERTIFIED_BY_AGE, KEPT, MONTHS_TO_MOST

BY_HISTORY = ("practitioners_left", "budget_short_share")
"""Measures whose value in a month is read from the months before, too."""

FROM_SITES = {
    "certified_36_share": CERTIFIED_AT_36,
    "certified_by_age_share": CERTIFIED_BY_AGE,
    "kept_5y_share": KEPT,
    "months_to_80": MONTHS_TO_MOST,
}
"""Measures that are read from what each site has come to, and their numbers in `engine/by_site.py`."""


def read_from(names: Iterable[str], months: int) -> Wanted:
    """What measures (`id` or `id@month`) of a run of so many months are read from."""
    asked = [(name, int(at) if at.isdecimal() else months) for name, _, at in (n.partition("@") for n in names)]
    every = any(name in BY_HISTORY for name, _ in asked)
    by_site = dict.fromkeys((FROM_SITES[name], month) for name, month in asked if name in FROM_SITES)
    return Wanted(None if every else frozenset(month for _, month in asked), tuple(by_site))
