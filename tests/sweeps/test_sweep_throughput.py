"""Throughput: threads of one process against plain multiprocessing over the same kernel, and what the sweep adds."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest
from sweep_builders import ONE_ZONE

from sim.engine.batch import simulate
from sim.results.measures import read
from sim.scenarios.files import load
from sim.sweeps import folder, runner, tables
from sim.sweeps.design import loads
from sim.sweeps.runs import Job

WORKERS = 2
TEXT = """
scenarios = ["one-zone.toml"]
months = 60
replicates = 40
sample = "defaults"
outcomes = ["sites_full_share"]
area = {settings = {sites = 40}}
[design]
kind = "lhs"
points = 12
[[factors]]
name = "start_peers"
[[factors]]
name = "coaching"
"""
_STATE: dict[str, object] = {}


def _begin(place: str) -> None:
    sweep = folder.open_folder(Path(place))
    _STATE["sweep"] = sweep
    _one((0, 0, 1))


def _one(task: tuple[int, int, int]) -> float:
    """A block of replicates of one unit, the plain way: the kernel and one outcome, nothing kept."""
    number, first, count = task
    sweep: folder.Sweep = _STATE["sweep"]  # type: ignore[assignment]
    unit = sweep.units[number]
    found = simulate(unit.scenario, sweep.place(unit.area), replicates=count, months=60, first=first, threads=1)
    return float(read(found, "sites_full_share")[2].sum())


@pytest.mark.slow
def test_threads_keep_up_with_plain_multiprocessing(tmp_path: Path) -> None:
    (tmp_path / "one-zone.toml").write_text(ONE_ZONE, encoding="utf-8")
    sweep = folder.create(loads(TEXT, "throughput", tmp_path), tmp_path / "sweep", "")
    tasks = [(u.number, first, 20) for u in sweep.units for first in (0, 20)]
    total = len(sweep.units) * 40
    with multiprocessing.get_context("spawn").Pool(WORKERS, _begin, (str(sweep.folder),)) as pool:
        pool.map(_one, tasks[:WORKERS], chunksize=1)  # everything is imported and compiled
        began = time.perf_counter()
        plain = sum(pool.map(_one, tasks, chunksize=1))
        processes = total / (time.perf_counter() - began)
    _STATE["sweep"] = sweep
    _one((0, 0, 1))
    found = runner.run(sweep, lambda: runner.Threads(WORKERS), runner.Conduct(finish=tables.write_tables))
    threads = found.new / found.seconds
    print(f"{total} runs, {WORKERS} workers: multiprocessing {processes:.0f} a second, sweep {threads:.0f} a second")
    kept = tables.read_runs(sweep)["sites_full_share"]
    assert kept.sum() == pytest.approx(plain)
    assert len(kept) == total
    assert threads > 0.7 * processes  # parts on disk, keys, order and outcomes included


def test_runs_that_wait_for_nothing_use_every_thread(tmp_path: Path) -> None:
    """The runner keeps more jobs in flight than there are workers, so that none waits for the writer."""
    (tmp_path / "one-zone.toml").write_text(ONE_ZONE, encoding="utf-8")
    text = TEXT.replace("months = 60", "months = 6").replace("sites = 40", "sites = 6")
    sweep = folder.create(loads(text, "flight", tmp_path), tmp_path / "sweep", "")
    load("with-teams")
    flying: list[int] = []

    class Counting(runner.Threads):
        def submit(self, job: Job, scenario, organisation) -> None:  # type: ignore[no-untyped-def]
            super().submit(job, scenario, organisation)
            flying.append(len(self._waiting))

    runner.run(sweep, lambda: Counting(WORKERS))
    assert max(flying) == WORKERS * runner.AHEAD
