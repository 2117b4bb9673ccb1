"""docs/odd.md holds the seven elements, and its parameter table is what the code declares."""

from __future__ import annotations

import re
from pathlib import Path

from sim.engine.draws import DECISIONS, row_of
from sim.parameters import REGISTRY
from sim.scenarios.reference import refresh

PAGE = Path(__file__).resolve().parents[2] / "docs" / "odd.md"
COMMAND = "run: python -m sim.scenarios.reference docs/odd.md"
ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialisation",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def prose() -> str:
    return text().partition("<!-- parameters -->")[0]


def test_the_parameter_table_is_up_to_date():
    page = text()
    assert refresh(page) == page, COMMAND
    for name, parameter in REGISTRY.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*$", page, flags=re.MULTILINE)
        assert parameter.about.source.replace("|", "\\|") in row


def test_a_stale_table_is_noticed():
    stale = text().replace("| `span` |", "| `spam` |", 1)
    assert stale != text()
    assert refresh(stale) != stale
    assert refresh(stale) == text()


def test_all_seven_elements_are_in_order():
    found = re.findall(r"^## (\d .*)$", text(), flags=re.MULTILINE)
    assert tuple(found) == ELEMENTS
    concepts = re.findall(r"^- \*\*([^*]+)\.\*\*", text(), flags=re.MULTILINE)
    assert tuple(concepts) == CONCEPTS


def test_every_parameter_and_every_lever_has_its_place_in_a_submodel():
    # readers of a formula must meet each name; the table alone would not say what it does
    told = prose()
    words = set(re.findall(r"[a-z][a-z_0-9]+", told))
    by_range = {f"need_fifth{k}" for k in range(2, 5)}
    assert sorted(set(REGISTRY) - words - by_range) == []


def test_every_decision_is_named_with_its_word():
    told = prose()
    for name, decision in DECISIONS.items():
        (row,) = [line for line in told.splitlines() if re.match(rf"\| {decision.word} [A-Z_]+ \|", line)]
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1].startswith(decision.kind), name
        assert cells[3 if decision.second else 2].startswith(f"`{name}`"), name


def test_the_row_of_a_parameter_sample_is_as_described():
    mask = 2**64 - 1
    golden = 0x9E3779B97F4A7C15

    def mix(x):
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
        return x ^ (x >> 31)

    for seed, replicate in ((0, 0), (1, 7), (2**63 + 5, 123)):
        key = mix((mix((seed * golden + 1) & mask) + replicate * golden) & mask)
        assert row_of(seed, replicate, 1009) == mix(key ^ 0xA5A5A5A5A5A5A5A5) % 1009
