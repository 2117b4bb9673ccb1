"""The page for advisors: a paragraph a mechanism, its tables, its limits; findings use figures that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.evidence.mechanisms import ASKED, COLUMNS, EFFECTS, MECHANISMS
from sim.parameters import LEVERS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "in-the-model.md"
FIGURES = ROOT / "experiments" / "figures.md"
README = ROOT / "experiments" / "README.md"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def part(mark: str) -> list[str]:
    """Rows of a generated table."""
    page = PAGE.read_text(encoding="utf-8")
    return page.partition(f"<!-- {mark} -->\n")[2].partition(f"<!-- end {mark} -->")[0].splitlines()


def test_every_mechanism_has_its_row_and_the_page_its_gates() -> None:
    rows = part("mechanisms")[3:]
    assert [row.split("|")[1].strip() for row in rows] == [m.words for m in MECHANISMS]
    assert all(len(row.split("|")) == len(COLUMNS) + 3 for row in rows)
    assert len(part("gates")) == len(EFFECTS) + 2
    assert all(len(row.split("|")) == len(ASKED) + 4 for row in part("gates"))


def test_the_table_uses_every_lever_of_the_surroundings_that_does_something_alone() -> None:
    names = list(LEVERS)
    around = set(names[names.index("relationships") :])
    used = {lever for m in MECHANISMS for lever in m.levers}
    assert around - used == {"start_month"}


def test_every_mechanism_says_what_is_not_in_the_model() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = page.split("\n## ")[1:9]
    assert all("*Not in the model:*" in text for text in sections)


def findings() -> dict[str, str]:
    """Text of each finding in the README, by the sweep it is about."""
    found = re.findall(r"^### ([a-z-]+): .*?\n\n(.*?)(?=\n###|\Z)", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return dict(found)


def strangers(name: str, text: str) -> list[str]:
    """Numbers of a finding that are in neither its sweep's figures nor its design."""
    figures = FIGURES.read_text(encoding="utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    design = (ROOT / "experiments" / f"{name}.toml").read_text(encoding="utf-8")
    known = set(NUMBER.findall(figures)) | set(NUMBER.findall(design))
    return [number for number in NUMBER.findall(text) if number not in known]


def test_every_design_has_its_finding() -> None:
    designs = {p.stem for p in (ROOT / "experiments").glob("*.toml") if not p.stem.startswith("calibration")}
    assert set(findings()) == designs


@pytest.mark.parametrize("name", sorted(findings()))
def test_a_finding_uses_its_own_sweeps_figures_alone(name: str) -> None:
    assert strangers(name, findings()[name]) == []


def test_a_figure_from_nowhere_is_noticed() -> None:
    name, text = next(iter(findings().items()))
    assert strangers(name, text + " 98.7654 %") == ["98.7654"]
