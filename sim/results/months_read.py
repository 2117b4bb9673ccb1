"""Which months of a run measures are read from, so that no others need be fetched from a GPU."""

from __future__ import annotations

from collections.abc import Iterable

BY_HISTORY = ("practitioners_left", "budget_short_share")
"""Measures whose value in a month is read from the months before, too."""


def months_read(names: Iterable[str], months: int) -> set[int] | None:
    """Months of a run that measures (`id` or `id@month`) are read from; None: all."""
    asked = [name.partition("@") for name in names]
    if any(identity in BY_HISTORY for identity, _, _ in asked):
        return None
    return {int(month) if month.isdecimal() else months for _, _, month in asked}
