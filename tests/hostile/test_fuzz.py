"""Thousands of broken inputs, from a seed: each is answered or refused in plain words, and nothing odd passes.

Organisation files have their own readers; this is for scenarios, designs, points, `--set`, links, page messages and
the data that sweeps and results keep.
"""

from __future__ import annotations

import base64
import json
import math
import random
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.app import link
from sim.app.question import FIRST, read_arm, read_question, read_text
from sim.errors import ZonesError, hidden
from sim.parameters import REGISTRY
from sim.scenarios import files
from sim.scenarios.write import dump, from_dict, to_dict
from sim.sweeps import design, kept_manifest, points_file

SMALL, LARGE, SLOWEST = 300, 15_000, 5.0
ODD = (
    "nan", "inf", "-inf", "true", "-1", "1e999", "9" * 5000, "1" + "0" * 400, '""', '"\\u202e"', '"\\u0000"', "[]",
    "{}", "2026-01-01", "1.5", "-0.0", "[[[[]]]]", '"."', '"x' + "y" * 3000 + '"', "null", "00", "\x00", '"\\ud800"',
    "²",
)  # fmt: skip
DESIGN = """
scenarios = ["with-teams", "without-teams"]
months = 24
outcomes = ["sites_full_share@12"]
stop = {width = 0.1}
[design]
kind = "lhs"
points = 8
[[factors]]
name = "zone.1.choose"
values = [2, 4]
[[factors]]
name = "coaching"
low = 0.2
"""


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


def _json(read: Callable[[Any], object]) -> Callable[[str], object]:
    def reader(text: str) -> object:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return read(data) if isinstance(data, dict) else None

    return reader


def _link(text: str) -> object:
    """As a link whose checksum is right, so that what is behind it is read."""
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 9)
    return link.read(base64.urlsafe_b64encode(link._check(packed) + packed).decode().rstrip("=")).question


def _points(folder: Path) -> Callable[[str], object]:
    def reader(text: str) -> object:
        (folder / "p.csv").write_text(text, encoding="utf-8", errors="surrogatepass")
        return design.loads('[design]\nkind = "list"\nfile = "p.csv"', "fuzz", folder)

    return reader


def parsers(folder: Path) -> dict[str, tuple[str, Callable[[str], object]]]:
    plan = files.load("three-zones", ["coaching=0.5"])
    asked = design.loads(DESIGN, "fuzz", folder)
    question = json.dumps(FIRST.as_dict())
    body = {"q": FIRST.as_dict(), "p": "explore", "c": "using", "v": "1", "d": "0", "a": "0", "f": [["a", "b"]]}
    return {
        "scenario": (dump(plan), lambda t: files.loads(t, "fuzz")),
        "design": (DESIGN, lambda t: design.loads(t, "fuzz", folder)),
        "points": ("coaching,mandate\n0.5,0.1\n0.7,0.2\n", _points(folder)),
        "set": ("coaching=0.5", lambda t: files.override(plan, [t])),
        "question": (question, read_text),
        "link": (json.dumps(body), _link),
        "kept scenario": (json.dumps(to_dict(plan)), _json(from_dict)),
        "kept design": (json.dumps(kept_manifest.design_to(asked)), _json(kept_manifest.design_from)),
    }


NAMES = ("scenario", "design", "points", "set", "question", "link", "kept scenario", "kept design")


def fuzz(seed_text: str, read: Callable[[str], object], count: int, seed: int) -> int:
    """How many of so many broken inputs were accepted; each is answered or refused, soundly and in time."""
    dice = random.Random(seed)
    accepted = 0
    for number in range(count):
        text = broken(seed_text, dice)
        begun = time.perf_counter()
        try:
            check_sound(read(text))
            accepted += 1
        except ZonesError as error:
            assert str(error).replace("\n", "").isprintable()
        except Exception as error:
            error.add_note(f"case {number} of seed {seed}: {text!r:.500}")
            raise
        assert time.perf_counter() - begun < SLOWEST
    return accepted


@pytest.mark.parametrize("name", NAMES)
def test_a_few_broken_inputs_of_each_kind(name: str, tmp_path: Path) -> None:
    assert fuzz(*parsers(tmp_path)[name], count=SMALL, seed=1) < SMALL


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_many_broken_inputs_of_each_kind(name: str, tmp_path: Path) -> None:
    assert fuzz(*parsers(tmp_path)[name], count=LARGE, seed=2) < LARGE


def test_a_careless_reader_is_caught() -> None:
    with pytest.raises((ValueError, AssertionError, OverflowError)):
        fuzz("coaching=0.5", lambda t: {"coaching": float(t.partition("=")[2])}, count=SMALL, seed=1)


def test_a_reader_that_lets_infinity_pass_is_caught() -> None:
    with pytest.raises(AssertionError):
        check_sound({"coaching": float("inf")})


def test_arms_and_questions_refuse_numbers_that_are_not_whole() -> None:
    for months in (-0.0, 60.0, True, 10**400, float("inf"), "60"):
        with pytest.raises(ZonesError):
            read_question({**FIRST.as_dict(), "months": months})
    with pytest.raises(ZonesError):
        read_arm({"preset": "\u202e"})
    with pytest.raises(ZonesError):
        points_file.rows_of(Path("nowhere.csv"), "points")
