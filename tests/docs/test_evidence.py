"""Every evidence row that is cited is listed, with the grade it is cited with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.parameters import REGISTRY
from sim.scenarios.files import load, names

DOCS = Path(__file__).resolve().parents[2] / "docs"
CITATION = re.compile(r"lit ((?:\d+(?:\.\d+)?)(?:(?:, |-)\d+\.\d+)*)(?: ([A-D](?:/[A-D])*)\b)?")


def told() -> dict[str, str]:
    """Grade by row."""
    page = (DOCS / "evidence-sources.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+(?:\.\d+)?) \|(.*)\|$", page, flags=re.MULTILINE)
    assert len({row for row, _ in rows}) == len(rows), "a row is listed twice"
    return {row: cells.split(" | ")[-2] for row, cells in rows}


def cited() -> dict[str, str]:
    """Texts that cite, by file."""
    texts = {name: parameter.about.source for name, parameter in REGISTRY.items()}
    for name in names():
        scenario = load(name)
        texts |= {f"{name}: {key}": note for key, note in scenario.notes.items()}
        texts |= {f"{name}: {zone.name}": zone.note for zone in scenario.zones}
        texts |= {f"{name}: {event.name}": event.note for event in scenario.events}
    return texts | {"odd.md": (DOCS / "odd.md").read_text(encoding="utf-8").partition("<!-- parameters -->")[0]}


def problems(texts: dict[str, str], rows: dict[str, str]) -> list[str]:
    found = []
    for where, text in texts.items():
        for ids, grade in CITATION.findall(" ".join(text.split())):
            each = re.findall(r"\d+(?:\.\d+)?", ids)
            found += [f"{where}: row {row} is not listed" for row in each if row not in rows]
            known = "".join(rows.get(row, "") for row in each)
            found += [f"{where}: {ids} is not graded {letter}" for letter in grade.split("/") if letter not in known]
    return found


def test_every_cited_row_is_listed_with_its_grade():
    assert problems(cited(), told()) == []


@pytest.mark.parametrize("text", ["lit 1.99 A", "lit 2.4 C", "lit 2.1, 99.9 B"])
def test_a_wrong_citation_is_noticed(text):
    assert problems({"here": text}, told()) != []


def test_nothing_is_listed_that_nobody_cites():
    everything = " ".join(" ".join(cited().values()).split())
    used = {row for ids, _ in CITATION.findall(everything) for row in re.findall(r"\d+(?:\.\d+)?", ids)}
    assert sorted(set(told()) - used) == []
