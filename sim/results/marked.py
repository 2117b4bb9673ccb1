"""Five years, marked within a longer run: plans are slow for three years, then grow on what they have built."""

from __future__ import annotations

MARKED = 60
"""The month that is marked."""
MEASURES = (
    "practitioners_using_share",
    "practitioners_at_fidelity_share",
    "sites_full_share",
    "need_served_at_fidelity_share",
)
"""Measures that are also given for that month; the others are read over the whole run or from sites' own starts."""


def at_mark(measure: str) -> str:
    """The measure, read at the marked month: id@month."""
    return f"{measure}@{MARKED}"


def has_mark(months: int) -> bool:
    """Whether a run of so many months is longer than the mark."""
    return months > MARKED
