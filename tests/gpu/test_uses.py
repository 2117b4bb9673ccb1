"""Sweeps, updates, calibrations and single runs on the GPU engine: the same tables, and nothing lost where it stops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cpu_as_gpu import Driver, as_gpu, why_not

from sim import posterior
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
