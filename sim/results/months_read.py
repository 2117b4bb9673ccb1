"""What of a run measures are read from, so that nothing else need be fetched from a GPU."""

from __future__ import annotations

from collections.abc import Iterable

BY_HISTORY = ("practitioners_left", "budget_short_share")
"""Measures whose value in a month is read from the months before, too."""

AT_THE_END = {
    "certified_36_share": ("site_month", "certified_at_36"),
    "certified_by_age_share": ("site_month",),
    "kept_5y_share": ("kept",),
    "months_to_80": ("site_month",),
}
"""Measures that are read from what each site has come to, and the arrays of a run that hold it."""


def months_read(names: Iterable[str], months: int) -> set[int] | None:
    """Months of a run that measures (`id` or `id@month`) are read from; None: all."""
    asked = [name.partition("@") for name in names]
    if any(identity in BY_HISTORY for identity, _, _ in asked):
        return None
    return {int(month) if month.isdecimal() else months for _, _, month in asked}


def read_at_the_end(names: Iterable[str]) -> set[str]:
    """Arrays of a run that measures are read from, of those that are known at its end (`engine.batch.AT_THE_END`)."""
    return {array for name in names for array in AT_THE_END.get(name.partition("@")[0], ())}
