"""Counts in words, one like many: '1 run', '1,200 families'."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A count with what is counted, which may bring its verb: '1 site has', '3 sites have'.

    Args:
        number: how many.
        one: the words for one.
        many: the words for any other number; '' adds an s to those for one.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
