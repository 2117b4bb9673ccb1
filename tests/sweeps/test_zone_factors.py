"""A factor that moves a zone or an event leaves plans without it alone, and is refused where no plan has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sweep_builders import ONE_ZONE, ROOT, done, made

from sim.errors import ScenarioError
from sim.sweeps import factors as f
from sim.sweeps import folder
from sim.sweeps.design import loads
from sim.sweeps.folder import Sweep
from sim.sweeps.tables import read_runs

TWO = """
scenarios = {scenarios}
months = 12
sample = "defaults"
replicates = 2
outcomes = ["sites_full_share@12"]
[area]
settings = {{sites = 6}}
[[factors]]
name = "{name}"
values = [2, 3]
"""


def swept(
    place: Path, name: str = "zone.1.choose", scenarios: str = '["one.toml", "without-teams"]', more: str = ""
) -> Sweep:
    (place / "one.toml").write_text(ONE_ZONE, encoding="utf-8")
    asked = loads(TWO.format(name=name, scenarios=scenarios) + more, "two", place)
    return folder.create(asked, place / "sweep", "zones sweep two.toml")


def test_the_example_of_the_guide_has_no_run_that_cannot_be_laid(tmp_path: Path) -> None:
    text = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    text = text.replace('files = ["our_sites.csv"]', "settings = {sites = 16}").replace("points = 256", "points = 12")
    sweep = folder.create(loads(text, "guide", tmp_path), tmp_path / "sweep", "zones sweep guide.toml")
    assert [unit.problem for unit in sweep.units] == [""] * len(sweep.units)
    sizes = {unit.scenario.zones[0].choose for unit in sweep.units if unit.scenario.name == "with-teams"}
    assert sizes == {2, 4, 6, 8, 12}


def test_a_plan_without_the_zone_is_run_once_and_as_it_is(tmp_path: Path) -> None:
    sweep = done(swept(tmp_path))
    runs = read_runs(sweep)
    assert not any(runs["error"].tolist())
    others = {sweep.arms[k][1] for k in range(len(sweep.points))}
    assert len(others) == 1
    assert len({sweep.arms[k][0] for k in range(len(sweep.points))}) == 2


@pytest.mark.parametrize(
    ("name", "scenarios", "more", "said"),
    [
        ("zone.7.choose", '["one.toml", "without-teams"]', "", "one.toml has no zone '7'; it has: 1 (only)"),
        ("zone.1.choose", '["without-teams"]', "", "without-teams has no zone '1'"),
        ("zone.onyl.choose", '["one.toml"]', "", "no zone 'onyl'"),
        ("zone.1.choose", '["one.toml", "without-teams"]', 'scenarios = ["without-teams"]', "no zone '1'"),
        ("event.1.month", '["one.toml"]', "", "no event '1'; it has: none"),
    ],
)  # fmt: skip
def test_a_factor_that_moves_nothing_is_refused_before_anything_is_run(
    tmp_path: Path, name: str, scenarios: str, more: str, said: str
) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        swept(tmp_path, name, scenarios, more)
    assert not (tmp_path / "sweep").exists()


@pytest.mark.parametrize("name", ["zone.1.choose", "zone.only.choose"])
def test_a_zone_goes_by_number_or_name(tmp_path: Path, name: str) -> None:
    sweep = swept(tmp_path, name)
    assert [sweep.units[a[0]].scenario.zones[0].choose for a in sweep.arms] == [2, 3]


@pytest.mark.parametrize("value", [0, -1, 1.5, 10**400, float("inf"), True, "2", None])
def test_sizes_that_no_zone_has_are_refused(value: object) -> None:
    with pytest.raises(ScenarioError, match=r"zone\.1\.choose must be a whole number in \[1, 3000\]"):
        f.check_value("zone.1.choose", value, "points 1")
    f.check_value("zone.1.choose", 2, "points 1")


def test_what_the_small_design_leaves_alone_it_named_itself(tmp_path: Path) -> None:
    """The control: factors held to one scenario touch that one alone, as before."""
    sweep = made(tmp_path)
    assert not any(unit.problem for unit in sweep.units)
