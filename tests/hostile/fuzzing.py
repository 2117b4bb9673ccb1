"""Broken inputs by the thousand, from a seed, and what must hold of whatever a reader makes of them."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass

from sim.errors import ZonesError, hidden
from sim.parameters import REGISTRY

SLOWEST = 5.0
ODD = (
    "nan", "inf", "-inf", "true", "-1", "1e999", "9" * 5000, "1" + "0" * 400, '""', '"\\u202e"', '"\\u0000"', "[]",
    "{}", "2026-01-01", "1.5", "-0.0", "[[[[]]]]", '"."', '"x' + "y" * 3000 + '"', "null", "00", "\x00", '"\\ud800"',
    "²",
)  # fmt: skip


def broken(text: str, dice: random.Random) -> str:
    """The text with one to three tokens swapped, cut, doubled or replaced by something odd."""
    for _ in range(dice.randint(1, 3)):
        cut = [i for i, c in enumerate(text) if c in ' ",=[]{}\n:;'] or [0]
        a, b = sorted((dice.choice(cut), dice.choice(cut)))
        match dice.randrange(4):
            case 0:
                text = text[:a] + text[b:]
            case 1:
                text = text[:b] + text[a:]
            case 2:
                text = text[: a + 1] + dice.choice(ODD) + text[a + 1 :]
            case _:
                stop = next((i for i in cut if i > a + 1), len(text))
                text = text[: a + 1] + dice.choice(ODD) + text[stop:]
    return text


def leaves(value: object) -> Iterator[object]:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def check_sound(found: object) -> None:
    """Whatever was accepted holds finite numbers, texts without anything unseen, and values in their range."""
    for leaf in leaves(found):
        if isinstance(leaf, float):
            assert math.isfinite(leaf)
        if isinstance(leaf, str):
            assert not hidden(leaf, keep="\n\t\u200c\u200d")
    for group in ("levers", "parameters"):
        for name, value in (getattr(found, group, None) or {}).items():
            about = REGISTRY[name].about
            assert about.choices or about.low <= value <= about.high
    months = getattr(found, "months", None)
    assert months is None or (type(months) is int and 0 <= months <= 1200)


def fuzz(seed_text: str, read: Callable[[str], object], count: int, seed: int) -> int:
    """How many of so many broken inputs were accepted; each is answered or refused, soundly and in time."""
    dice = random.Random(seed)
    accepted = 0
    for number in range(count):
        text = broken(seed_text, dice)
        begun = time.process_time()
        try:
            check_sound(read(text))
            accepted += 1
        except ZonesError as error:
            assert str(error).replace("\n", "").isprintable()
        except Exception as error:
            error.add_note(f"case {number} of seed {seed}: {text!r:.500}")
            raise
        assert time.process_time() - begun < SLOWEST
    return accepted
