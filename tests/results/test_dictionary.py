"""docs/data-dictionary.md is what the code says."""

from __future__ import annotations

from pathlib import Path

from sim.results.columns import TABLES
from sim.results.dictionary import pages

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == pages(), (
        "run: python -m sim.results.dictionary > docs/data-dictionary.md"
    )


def test_every_column_is_described_once():
    for columns in TABLES.values():
        assert len({c.name for c in columns}) == len(columns)
        assert all(c.words and "|" not in c.words for c in columns)
