"""Designs: what a file may say, what is refused, and the points that come of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sweep_builders import design, made

from sim.errors import ScenarioError
from sim.parameters import REGISTRY
from sim.scenarios.files import load
from sim.sweeps import folder
from sim.sweeps.design import loads
from sim.sweeps.factors import Factor, lay
from sim.sweeps.points import points_of, unit_sample, valued


def test_a_range_left_out_is_the_parameters_own(tmp_path: Path) -> None:
    found = design(tmp_path).factor("start_peers")
    assert (found.low, found.high) == (REGISTRY["start_peers"].about.low, REGISTRY["start_peers"].about.high)


def test_everything_wrong_is_said_at_once() -> None:
    text = """
    scenarios = ["with-teams"]
    replicates = 0
    outcomes = ["sites_ful_share", "sites_full_share@x"]
    wings = 2
    [design]
    kind = "sobol"
    points = 100
    [[factors]]
    name = "coachin"
    [[factors]]
    name = "training"
    values = ["praktice"]
    [[factors]]
    name = "turnover"
    low = 0.2
    high = 0.1
    [[factors]]
    name = "zone.1.choose"
    """
    with pytest.raises(ScenarioError) as caught:
        loads(text, "bad", Path())
    message = str(caught.value)
    for part in (
        "unknown key 'wings'",
        "Did you mean 'coaching'?",
        "replicates must be a whole number in [1, 1000000]; got 0",
        "Did you mean 'sites_full_share'?",
        "id@month with a whole month",
        "power of two",
        "training must be one of none, theory, demonstration, practice; got 'praktice'",
        "a range with low < high",
        "values = [...], or low and high",
    ):
        assert part in message


@pytest.mark.parametrize(("kind", "points", "rows"), [("lhs", 8, 8), ("sobol", 8, 8 * 5), ("morris", 3, 3 * 4)])
def test_designs_have_their_size_and_stay_within_range(tmp_path: Path, kind: str, points: int, rows: int) -> None:
    asked = design(tmp_path, kind=kind, points=points)
    found = points_of(asked)
    assert len(found) == rows
    about = REGISTRY["start_peers"].about
    assert all(about.low <= p["start_peers"] <= about.high for p in found)
    assert {p["zone.1.choose"] for p in found} == {2, 3}
    assert found == points_of(asked)


def test_a_latin_hypercube_puts_one_point_into_every_row(tmp_path: Path) -> None:
    unit = unit_sample(design(tmp_path, points=16))
    for column in unit.T:
        assert sorted(np.floor(column * 16).astype(int)) == list(range(16))


def test_a_sobol_design_grows_at_its_end(tmp_path: Path) -> None:
    small, large = (unit_sample(design(tmp_path, kind="sobol", points=n)) for n in (4, 16))
    assert np.array_equal(small, large[: len(small)])


def test_a_grid_crosses_all_values_and_a_list_takes_them_as_given(tmp_path: Path) -> None:
    text = 'scenarios=["with-teams"]\n[[factors]]\nname="coaching"\nvalues=[0.0, 0.5]\n[[factors]]\nname="training"\n'
    grid = points_of(loads(text, "grid", tmp_path))
    assert len(grid) == 2 * 4
    assert grid[1] == {"coaching": 0.0, "training": "theory"}
    (tmp_path / "rows.csv").write_text("coaching,training\n0.25,none\n1,practice\n", encoding="utf-8")
    listed = loads('[design]\nkind = "list"\nfile = "rows.csv"\n', "list", tmp_path)
    assert points_of(listed) == [{"coaching": 0.25, "training": "none"}, {"coaching": 1, "training": "practice"}]


def test_positions_reach_both_ends_and_every_value() -> None:
    whole = Factor("months", low=3, high=5, whole=True)
    assert [whole.at(u) for u in (0.0, 0.34, 0.67, 1.0)] == [3, 4, 5, 5]
    assert Factor("start_peers", low=0.01, high=1.0, log=True).at(0.5) == pytest.approx(0.1)
    assert [Factor("x", ("a", "b")).at(u) for u in (0.0, 0.49, 0.5, 1.0)] == ["a", "a", "b", "b"]
    assert valued(design(Path("/tmp")), [0.0, 1.0, 0.0])["coaching"] == 1.0


@pytest.mark.parametrize(
    ("factor", "value", "read"),
    [
        ("coaching", 0.25, lambda s: s.levers["coaching"]),
        ("turnover", 0.2, lambda s: s.parameters["turnover"]),
        ("zone.1.choose", 4, lambda s: s.zones[0].choose),
        ("zone.second zone.opens", 30, lambda s: s.zones[1].opens),
        ("zone.2.certified", 0.75, lambda s: s.zones[1].gate.certified),
        ("zone.2.latest", 40, lambda s: s.zones[1].latest),
        ("zone.3.resources", 0.5, lambda s: s.zones[2].resources),
        ("zone.3.coaching", 0.3, lambda s: s.zones[2].coaching),
        ("zone.first zone.local_team_size", 7, lambda s: s.zones[0].local_team_size),
        ("months", 84, lambda s: s.months),
    ],
)
def test_a_factor_moves_what_it_names(factor: str, value: float, read: object) -> None:
    assert read(lay(load("with-teams"), factor, value, "here")) == value  # type: ignore[operator]


def test_a_gap_spaces_the_zones_and_an_event_moves() -> None:
    assert [z.opens for z in lay(load("with-teams"), "zones.gap", 12, "here").zones] == [1, 13, 25, 37]
    assert lay(load("senior-leader-leaves"), "event.1.month", 7, "here").events[0].month == 7


def test_a_zone_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ScenarioError, match=r"no zone '9'; it has: 1 \(first zone\), 2 \(second zone\)"):
        lay(load("with-teams"), "zone.9.choose", 3, "here")


def test_areas_networks_and_whole_plans_can_be_factors(tmp_path: Path) -> None:
    text = """
    scenarios = ["with-teams"]
    months = 6
    [[factors]]
    name = "scenario"
    values = ["with-teams", "three-zones"]
    [[factors]]
    name = "area.organisation_seed"
    values = [0, 1]
    """
    sweep = folder.create(loads(text, "plans", tmp_path), tmp_path / "s", "")
    assert len(sweep.units) == 4
    assert len({u.area for u in sweep.units}) == 2
    places = [sweep.place(u.area) for u in sweep.units]
    assert places[0].digest != places[1].digest


def test_area_files_can_be_a_factor(tmp_path: Path) -> None:
    for name, roll in (("a.csv", 300), ("b.csv", 450)):
        rows = "\n".join(f"s{i},School {i},education,primary,{roll}" for i in range(6))
        (tmp_path / name).write_text(f"id,name,agency,type,roll\n{rows}\n", encoding="utf-8")
    text = 'scenarios=["without-teams"]\n[[factors]]\nname="area"\nvalues=["a.csv","b.csv"]\n'
    sweep = folder.create(loads(text, "areas", tmp_path), tmp_path / "s", "")
    assert len({u.digest for u in sweep.units}) == 2
    kept = "".join(p.read_text(errors="ignore") for p in (tmp_path / "s").rglob("*.json"))
    assert "School 1" not in kept


def test_what_points_share_is_run_once(tmp_path: Path) -> None:
    text = """
    scenarios = ["with-teams", "without-teams"]
    [[factors]]
    name = "coaching"
    values = [0.0, 0.5, 1.0]
    scenarios = ["with-teams"]
    """
    sweep = folder.create(loads(text, "shared", tmp_path), tmp_path / "s", "")
    assert len(sweep.units) == 3 + 1
    assert sweep.arms == [(0, 1), (2, 1), (3, 1)]


def test_a_folder_that_is_no_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is no sweep's folder"):
        folder.open_folder(tmp_path)


def test_points_changed_by_hand_are_noticed(tmp_path: Path) -> None:
    sweep = made(tmp_path)
    file = next(sweep.folder.glob("points-*.json"))
    file.write_text(file.read_text().replace("2", "3", 1))
    with pytest.raises(Exception, match="changed by hand"):
        folder.open_folder(sweep.folder)


def test_an_unknown_factor_gets_the_nearest_without_two_hundred_names() -> None:
    text = 'scenarios = ["with-teams"]\n[[factors]]\nname = "coachin"'
    with pytest.raises(ScenarioError) as caught:
        loads(text, "bad", Path())
    message = str(caught.value)
    assert "Did you mean 'coaching'?" in message
    assert len(message) < 600


def test_one_bad_end_of_a_range_is_one_problem() -> None:
    text = 'scenarios = ["with-teams"]\n[[factors]]\nname = "turnover"\nlow = 0.1\nhigh = 9'
    with pytest.raises(ScenarioError, match=r"high must be a number in .*; got 9\.$"):
        loads(text, "bad", Path())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcomes": ("sites_full_share@99",)}, r"sites_full_share@99.*\[0, 24\].*Set months = 99"),
        ({"factors": (Factor("zone.9.choose", (2, 4)),)}, "factor 'zone.9.choose'.*has no zone '9'; it has: 1"),
    ],
)
def test_what_cannot_be_run_at_all_is_refused_before_a_folder_is_made(tmp_path: Path, changed, told) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    asked = replace(design(tmp_path), months=24, scenarios=("with-teams",), **changed)
    with pytest.raises(ScenarioError, match=told):
        folder.create(asked, tmp_path / "kept", "")
    assert not (tmp_path / "kept").exists()
