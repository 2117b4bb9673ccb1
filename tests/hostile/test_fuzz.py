"""Thousands of broken inputs, from a seed: each is answered or refused in plain words, and nothing odd passes.

Organisation files have their own readers; this is for scenarios, designs, points, `--set`, links, page messages and
the data that sweeps and results keep.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fuzzing import check_sound, fuzz

from sim.app import link
from sim.app.question import FIRST, read_arm, read_question, read_text
from sim.errors import ZonesError
from sim.scenarios import files
from sim.scenarios.write import dump, from_dict, to_dict
from sim.sweeps import design, kept_manifest, points_file

SMALL, LARGE = 300, 12_500
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
