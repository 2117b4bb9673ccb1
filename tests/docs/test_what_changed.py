"""The page on what changed tells the second edition's figures as they are today."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.results.compare import summarise
from sim.results.words import summary_words

PAGE = Path(__file__).parents[2] / "docs" / "what-changed.md"
WITH, WITHOUT = 0, 1
TOLD = (
    ("practitioners_using_share@60", WITH),
    ("practitioners_using_share", WITH),
    ("practitioners_using_share", WITHOUT),
    ("sites_full_share@60", WITH),
    ("sites_full_share", WITH),
    ("need_served_at_fidelity_share@60", WITH),
    ("need_served_at_fidelity_share", WITH),
    ("cost_total", WITH),
    ("cost_per_family_at_fidelity", WITH),
)


@pytest.mark.slow
def test_the_second_edition_s_figures_are_today_s():
    page, pair = PAGE.read_text(encoding="utf-8"), sim.compare("with-teams", "without-teams").ensembles
    cells = {row.split(" | ")[2] for row in page.splitlines() if row.count(" | ") == 3}
    missing = {name: words for name, arm in TOLD if (words := summary_words(summarise(pair[arm], name))) not in cells}
    assert missing == {}
