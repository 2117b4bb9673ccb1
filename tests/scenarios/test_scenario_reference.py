"""docs/scenarios.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from sim.parameters import LEVERS
from sim.scenarios.files import loads, names
from sim.scenarios.read import CORE_TEAM_KEYS, EVENT_KEYS, GATE_KEYS, INITIATIVE_KEYS, READERS, WHEN_KEYS, ZONE_KEYS
from sim.scenarios.reference import refresh

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"


def test_the_generated_tables_are_up_to_date():
    page = PAGE.read_text(encoding="utf-8")
    assert refresh(page) == page, "run python -m sim.scenarios.reference docs/scenarios.md"
    assert refresh(page.replace("core implementation teams in an area", "teams")) == page
    for name in (*names(), *LEVERS):
        assert f"| `{name}` |" in page


def test_every_key_is_explained():
    page = PAGE.read_text(encoding="utf-8")
    for key in (*READERS, *ZONE_KEYS, *GATE_KEYS, *EVENT_KEYS, *WHEN_KEYS, *INITIATIVE_KEYS, *CORE_TEAM_KEYS):
        assert re.search(rf"`\[*{key}\]*`", page), key


def test_the_example_can_be_run():
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    scenario = loads(example, "example")
    assert scenario.budget.limited
    assert [z.name for z in scenario.zones] == ["north", "city"]
    assert scenario.levers["coaching"] == 0.8
