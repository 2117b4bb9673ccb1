"""Each use of the GPU engine: the same tables as from the processor, and nothing lost where the GPU stops."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cpu_as_gpu import Driver, as_gpu, why_not

from sim import posterior
from sim.cli import main
from sim.engine.benchmark import gpu as benchmark
from sim.engine.drivers import GPU
from sim.errors import GpuError
from sim.evidence.situations.laboratory import Laboratory
from sim.organisation.generate import synthetic
from sim.results.simulate import Settings, simulate_all
from sim.scenarios.files import load
from sim.sweeps import folder, runner, tables
from sim.sweeps.design import loads
from sim.sweeps.folder import Sweep
from sim.sweeps.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "planning"))

from planning_builders import write_small

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
DESIGN = """
question = "A small sweep?"
scenarios = ["with-teams", "without-teams"]
months = 14
replicates = 70
outcomes = ["practitioners_using_share", "sites_full_share@12", "certified_36_share", "cost_total"]
[area]
settings = {sites = 6}
[design]
kind = "lhs"
points = 3
[[factors]]
name = "start_peers"
"""


@pytest.fixture
def device() -> Iterator[Driver]:
    with as_gpu() as found:
        yield found


def made(place: Path, name: str) -> Sweep:
    return folder.create(loads(DESIGN, "small", place), place / name, "zones sweep small.toml")


def run(sweep: Sweep, engine: str) -> runner.Standing:
    return runner.run(sweep, lambda: runner.Threads(2, engine), runner.Conduct(finish=tables.write_tables))


def values(sweep: Sweep) -> dict[str, tuple[float, ...]]:
    return {key: row.values for key, row in Store(sweep.folder, sweep.design.outcomes).rows.items()}


def same(mine: dict[str, tuple[float, ...]], theirs: dict[str, tuple[float, ...]]) -> bool:
    """The same keys with the same values, NaN for NaN."""
    return mine.keys() == theirs.keys() and all(np.array_equal(mine[k], theirs[k], equal_nan=True) for k in mine)


def test_a_sweep_keeps_the_same_rows(device: Driver, tmp_path: Path) -> None:
    here, there = made(tmp_path, "here"), made(tmp_path, "there")
    run(here, "batch")
    assert run(there, GPU).failed == 0
    assert device.launches > 0
    assert same(values(here), values(there)) and len(values(here)) == 420
    assert device.in_use == 0


def test_a_gpu_that_stops_loses_nothing_of_a_sweep(device: Driver, tmp_path: Path) -> None:
    here, there = made(tmp_path, "here"), made(tmp_path, "there")
    run(here, "batch")
    device.set(fails_at=130)
    with pytest.raises(GpuError, match=r"stopped working.*all of them are kept.*zones resume"):
        run(there, GPU)
    kept = values(there)
    assert 0 < len(kept) < 420
    device.set()
    run(there, GPU)
    assert same(values(there), values(here))
    assert same({key: values(there)[key] for key in kept}, kept)


def test_a_run_by_name_is_the_same(device: Driver) -> None:
    place, scenarios = synthetic.generate({"sites": 6}), [load("with-teams"), load("without-teams")]
    one, other = (simulate_all(scenarios, place, Settings(33, 14, engine=name)) for name in ("batch", GPU))
    for mine, theirs in zip(one, other, strict=True):
        assert mine.counts.tobytes() == theirs.counts.tobytes()
        assert mine.sums.tobytes() == theirs.sums.tobytes()


def test_a_calibrations_runs_are_the_same_where_nobody_has_families(device: Driver) -> None:
    rows = posterior.load().rows[:1]
    one, other = (Laboratory(rows, 5, 3, 1, name).run(load("with-teams"), 14) for name in ("batch", GPU))
    assert one.counts.tobytes() == other.counts.tobytes()
    assert not one.family.any()


def zones(*words: object) -> int:
    return main([str(word) for word in words])


def written(folder: Path, *patterns: str) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for pattern in patterns for p in folder.glob(pattern)}


def test_a_search_that_a_gpu_left_goes_on_to_the_same_answer(
    device: Driver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("plan", write_small(tmp_path, months=18), "--runs", 1000, "--out")
    assert zones(*asked, tmp_path / "here") == 0
    device.set(fails_at=300)
    assert zones(*asked, tmp_path / "there", "--engine", "gpu") == 1
    assert "unspecified launch failure" in (said := capsys.readouterr().err)
    assert "What was finished is kept; `zones resume` continues." in said
    kept = written(tmp_path / "there", "parts/*.parquet")
    assert kept
    device.set()
    assert zones("resume", tmp_path / "there", "--engine", "gpu") == 0
    assert device.launches > 0
    assert kept.items() <= written(tmp_path / "there", "parts/*.parquet").items()
    answers = ("plans.csv", "why.md", "answer.json", "plan-*.toml")
    assert written(tmp_path / "there", *answers) == written(tmp_path / "here", *answers)
    assert device.in_use == 0


def test_an_update_that_a_gpu_left_goes_on_to_the_same_report(
    device: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seen.csv").write_text(
        "month,zone,measure,value,observed\n6,first zone,using,4,60\n12,first zone,using,12,60\n"
    )
    asked = ("update", "with-teams", "--observed", "seen.csv", "--runs", 1500, "--out")
    assert zones(*asked, "here") == 0
    device.set(fails_at=200)  # after the first answer and the first batch
    assert zones(*asked, "there", "--engine", "gpu") == 1
    said = capsys.readouterr().err
    assert "unspecified launch failure" in said
    assert re.search(r"Stopped after \d+ runs; \d+ runs are kept in there\.", said)
    kept = written(Path("there"), "parts/*.npz")
    assert kept
    device.set()
    assert zones(*asked, "there", "--engine", "gpu") == 0
    assert device.launches > 0
    reports = ("report.txt", "*.csv", "*.toml")
    assert written(Path("there"), *reports) == written(Path("here"), *reports)
    assert "report.txt" in written(Path("there"), *reports)


def test_the_benchmarks_rows_are_measured(device: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """At sizes of a test; the figures are this processor's."""
    monkeypatch.setattr(benchmark, "SIZES", {40: 1.0, 70: 1.0})
    monkeypatch.setattr(benchmark, "PLANS", 32)
    rows = list(benchmark.rows(quick=False))
    assert [row.measure for row in rows if row.measure.startswith("CPU")] == [
        "CPU: compile, load and compare bits, once",
        "CPU, 40 in flight, headlines only, posterior rows drawn",
        "CPU, 70 in flight, headlines only, posterior rows drawn",
        "CPU, 32 runs of ten years",
    ]
    assert all(row.measured > 0 for row in rows)
    assert device.launches > 0 and device.in_use == 0
