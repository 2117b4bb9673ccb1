"""The evidence page is made from the code, and what it says is what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import posterior
from sim.errors import ScenarioError
from sim.evidence.page import fill, fitted_table
from sim.evidence.situations.table import SITUATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")


def block(name):
    return PAGE.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0].strip().splitlines()


@pytest.mark.parametrize("name", posterior.NAMES)
def test_the_page_shows_the_shipped_samples(name):
    assert block(f"parameters {name}") == fitted_table(name)


def test_the_page_says_of_every_figure_what_it_can_show():
    assert block("bears") == [f"- **{s.id}** ({s.grade}): {s.bears}" for s in SITUATIONS]


@pytest.mark.parametrize("name", posterior.NAMES)
def test_every_figure_is_on_the_page_with_its_band_and_verdict(name):
    rows = {row.split(" | ")[0].strip("| "): row for row in block(f"figures {name}")[2:]}
    assert set(rows) == {s.id for s in SITUATIONS}
    for s in SITUATIONS:
        assert s.source in rows[s.id]
        assert rows[s.id].rstrip(" |").endswith(s.kind_under(name))
        assert ("**missed**" in rows[s.id]) == ("(missed)" in rows[s.id])


def test_filling_replaces_what_stood_there_and_asks_for_its_markers():
    page = "a\n<!-- x -->\nold\n<!-- end -->\nb\n"
    once = fill(page, {"x": ["new", "lines"]})
    assert "old" not in once and "new\nlines" in once
    assert fill(once, {"x": ["new", "lines"]}) == once
    with pytest.raises(ScenarioError, match="needed once; found 0 times"):
        fill(page, {"y": []})
