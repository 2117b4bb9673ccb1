"""The ladder: each rung against the one below, each feature against full teams; nothing of the bundle is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.errors import WrongArgument
from sim.organisation.generate import synthetic
from sim.results import ladder
from sim.results.measures import read
from sim.results.replay import replay
from sim.results.simulate import Settings, simulate_all
from sim.scenarios.files import load

QUICK = {"replicates": 6, "months": 72}


@pytest.fixture(scope="module")
def runs():
    place = synthetic.generate({"sites": 12})
    return simulate_all(ladder.scenarios(), place, Settings(**QUICK))


def test_features_are_all_that_full_teams_have_and_train_and_hope_has_not():
    low, high = (load(name).lever_values()._asdict() for name in (ladder.LOWEST, ladder.HIGHEST))
    differ = {name for name in high if high[name] != low[name]}
    taken = [lever for _, levers in ladder.FEATURES.values() for lever in levers]
    assert len(taken) == len(set(taken))
    assert set(taken) == differ - {"teams", "mandate"}


def test_every_rung_has_the_same_years_and_zones_as_full_teams():
    full = load(ladder.HIGHEST)
    for scenario in ladder.scenarios():
        assert scenario.months == full.months == 120
        if scenario.name != "without-teams":
            assert scenario.zones == full.zones
    for name, (_, levers) in ladder.FEATURES.items():
        mine = next(s for s in ladder.scenarios() if s.name == name).lever_values()._asdict()
        changed = {lever for lever, value in full.lever_values()._asdict().items() if mine[lever] != value}
        assert changed == set(levers)


def test_each_rung_is_set_against_the_one_below_run_by_run(runs):
    found = ladder.read(runs)
    by_name = {e.scenario.name: e for e in runs}
    assert [step.name for step in found.rungs] == list(ladder.RUNGS)
    assert found.rungs[0].adds_need is None and found.rungs[0].against == ""
    for below, step in zip(found.rungs, found.rungs[1:], strict=False):
        assert step.against == below.name
        for name, part in ((ladder.NEED, step.adds_need), (ladder.COST, step.adds_cost)):
            mine, other = (read(by_name[n], name)[2] for n in (step.name, below.name))
            assert part.estimate.value == pytest.approx(
                np.mean(mine - other) if name == ladder.NEED else np.median(mine - other)
            )
    assert all(step.against == ladder.HIGHEST for step in found.features)
    assert ladder.read(list(reversed(runs))) == found


def test_what_rungs_add_sums_to_the_whole_and_full_teams_are_the_best(runs):
    found = ladder.read(runs)
    top = np.mean(read(runs[0], ladder.NEED)[2]) - np.mean(read(runs[5], ladder.NEED)[2])
    assert sum(step.adds_need.estimate.value for step in found.rungs[1:]) == pytest.approx(top)
    assert found.rungs[-1].adds_need.estimate.value > 0
    assert found.rungs[-1].adds_cost.estimate.value > 0
    assert next(s for s in found.features if s.name == "no-coaching").adds_need.estimate.value < 0


def test_five_years_are_marked_in_longer_runs_alone(runs):
    long = ladder.read(runs)
    assert all(step.marked.month == 60 for step in long.rungs)
    assert "after 5 years" in repr(long) and "after 6 years" in repr(long)
    short = ladder.read(simulate_all(ladder.scenarios(), synthetic.generate({"sites": 6}), Settings(2, 24)))
    assert all(step.marked is None for step in short.rungs)
    assert "5 years" not in repr(short) and "after 2 years" in repr(short)


def test_the_command_keeps_and_replays_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out"
    assert main(["ladder", "--replicates", "2", "--months", "12", "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [s["scenario"] for s in told["ladder"]["rungs"]] == list(ladder.RUNGS)
    assert {"chart.png", "series.parquet", "manifest.json"} <= {p.name for p in out.iterdir()}
    assert replay(out).identical


def test_python_tells_and_keeps_it(tmp_path: Path):
    found = sim.ladder(area=synthetic.generate({"sites": 6}), replicates=2, months=12)
    assert "half the team" in repr(found)
    assert found.comparison.scenarios[0] == ladder.HIGHEST
    assert replay(found.comparison.save(tmp_path / "kept", chart=False)).identical
    with pytest.raises(WrongArgument, match="ladder\\(\\) has no option 'rungs'"):
        sim.ladder(rungs=3)


@pytest.mark.slow
def test_the_page_is_as_the_ladder_is_today():
    from sim.evidence.ladder_page import tables

    page = (Path(__file__).parents[2] / "docs" / "ladder.md").read_text(encoding="utf-8")
    assert tables() in page
