"""Numbers, counts, lists and values as scenarios say them."""

from __future__ import annotations

from collections.abc import Iterable

from sim.parameters import REGISTRY


def number(value: float) -> str:
    """A number as short as it can be without changing it."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def shown(name: str, value: float) -> str:
    """The stored value of a lever or uncertainty as a reader expects it."""
    for meant, meaning in REGISTRY[name].about.named:
        if value == meant:
            return meaning
    value_shown = REGISTRY[name].show(value)
    return value_shown if isinstance(value_shown, str) else number(value_shown)


def measured(words: str, value: str, unit: str) -> str:
    """What it is and its value with the unit: 'delay: 9 months', 'coaching (0 none - 1 full): 0.8'."""
    if unit.startswith("("):
        return f"{words} {unit}: {value}"
    if unit in ("", "share", "month") or not value[-1:].isdigit():
        return f"{words}: {value}"
    one = f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")
    return f"{words}: {value} {one if value == '1' else unit}"


def listed(items: Iterable[str]) -> str:
    """Items as a list in words: 'a, b and c'; underscores read as spaces."""
    words = [item.replace("_", " ") for item in items]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
