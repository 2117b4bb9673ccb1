"""The GPU engine on a CPU that takes a GPU's place: its own program, layout, memory plan and launches.

What is not run here: NVIDIA's linker, its driver and its hardware (`test_on_a_gpu.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cpu_as_gpu import Pretended, as_gpu, why_not

from sim import posterior
from sim.engine import batch as cpu
from sim.engine.diary import DIARIES
from sim.engine.gpu import batch, driver, program, same_bits
from sim.engine.gpu.layout import LANES
from sim.engine.gpu.same_bits import differing
from sim.engine.gpu.wave import Plan
from sim.engine.pasts import Pasts
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble
from sim.errors import GpuError, Interrupted
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

ENSURE = same_bits.ensure.__wrapped__
pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
MONTHS = 24


@pytest.fixture(scope="module")
def pretended() -> Iterator[Pretended]:
    with as_gpu() as found:
        yield found


@pytest.fixture
def device(pretended: Pretended) -> Iterator[Pretended]:
    pretended.set()
    yield pretended
    pretended.set()


@pytest.fixture(scope="module")
def place() -> Any:
    return synthetic.generate({"sites": 6})


def given(**more: Any) -> dict[str, Any]:
    return {"replicates": 40, "months": MONTHS, "seed": 3, "first": 7, "sample": posterior.load().rows, **more}


@pytest.fixture(scope="module")
def expected(place: Any) -> Ensemble:
    return cpu.simulate(load("with-teams"), place, **given())


def test_the_same_bits_with_posterior_rows_drawn(device: Pretended, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, **given())
    assert differing(expected, found) == []
    assert expected.counts.any() and len(set(expected.rows.tolist())) > 20
    assert device.in_use == 0


def test_other_random_numbers_are_told_apart(device: Pretended, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, **given(seed=4))
    assert "counts" in differing(expected, replace(found, rows=expected.rows))


def test_as_many_tiles_at_a_time_as_fit_the_memory(device: Pretended, place: Any) -> None:
    expected = cpu.simulate(load("with-teams"), place, **given(replicates=100))
    plan = Plan(prepare(load("with-teams"), place, MONTHS))
    common = plan.world.starts[-1] + sum(leaf.nbytes for leaf in plan.arguments.leaves if isinstance(leaf, np.ndarray))
    for tiles, waves in ((1, 4), (3, 2), (4, 1)):
        device.set(memory=int((common + (tiles + 0.5) * plan.tile_bytes) / 0.92))
        found = driver.simulate(load("with-teams"), place, **given(replicates=100))
        assert device.launches == waves * (MONTHS + 1), tiles
        assert differing(expected, found) == []
        assert device.in_use == 0


def test_too_little_memory_for_a_tile_is_said(device: Pretended, place: Any) -> None:
    device.set(memory=1000)
    with pytest.raises(GpuError, match=r"32 runs of this area need .* GiB.*Without --engine gpu"):
        driver.simulate(load("with-teams"), place, **given())


def test_only_the_months_asked_for_are_written_down(device: Pretended, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, keep={12, MONTHS}, **given())
    for name in ("counts", "sums", "area", "family"):
        mine, theirs = getattr(found, name), getattr(expected, name)
        kept = np.isin(np.arange(MONTHS + 1), (12, MONTHS))
        assert np.array_equal(mine[:, kept], theirs[:, kept], equal_nan=True)
        assert not mine[:, ~kept].any()
    assert found.site_month.tobytes() == expected.site_month.tobytes()
    assert found.cost.tobytes() == expected.cost.tobytes()


def test_diaries_are_kept(device: Pretended, place: Any) -> None:
    asked = given(replicates=34, months=14, diaries=DIARIES)
    here, there = (run(load("with-teams"), place, **asked).diary for run in (cpu.simulate, driver.simulate))
    assert here is not None and there is not None and any(len(spells) for spells in here.spells)
    assert [s.tobytes() for s in here.spells] == [s.tobytes() for s in there.spells]
    assert {k: v.tobytes() for k, v in here.site_months.items()} == {
        k: v.tobytes() for k, v in there.site_months.items()
    }


def test_a_past_is_another_runs(device: Pretended, place: Any) -> None:
    pasts = Pasts(9, 77, tuple(range(100, 140)))
    one, other = (run(load("with-teams"), place, **given(pasts=pasts)) for run in (cpu.simulate, driver.simulate))
    assert differing(one, other) == []
    assert "counts" in differing(one, driver.simulate(load("with-teams"), place, **given()))


def test_progress_grows_to_the_whole(device: Pretended, place: Any) -> None:
    told: list[tuple[int, int]] = []
    driver.simulate(load("with-teams"), place, progress=lambda *at: told.append(at), **given())
    assert told == sorted(told) and told[-1] == (40, 40) and len(told) > 2


def test_a_run_can_be_cancelled_while_the_gpu_is_busy(device: Pretended, place: Any) -> None:
    device.set(busy=10**9)
    asked = iter([False, False, True])
    with pytest.raises(Interrupted, match="nothing was written"):
        driver.simulate(load("with-teams"), place, cancelled=lambda: next(asked), **given())


def test_a_launch_that_fails_is_told_with_the_drivers_words(device: Pretended, place: Any) -> None:
    device.set(fails_at=5)
    with pytest.raises(GpuError, match=r"stopped working .*unspecified launch failure"):
        driver.simulate(load("with-teams"), place, **given())


def test_without_a_gpu_or_with_an_old_one_a_sentence_says_so(device: Pretended) -> None:
    device.set(found=0)
    with pytest.raises(GpuError, match=r"finds no GPU.*nvidia-smi"):
        type(device.gpu)(device.driver)
    device.set(major=6)
    with pytest.raises(GpuError, match="too old"):
        type(device.gpu)(device.driver)


def test_the_first_run_compares_bits(device: Pretended, monkeypatch: pytest.MonkeyPatch) -> None:
    ENSURE()
    whole = batch.image_of

    def wrong(ptx: str, capability: tuple[int, int]) -> bytes:
        """One sum among hundreds is made with another number."""
        return whole(ptx.replace("0d3FE0000000000000", "0d3FE0000000000001"), capability)

    monkeypatch.setattr(batch, "image_of", wrong)
    monkeypatch.setattr(batch, "loaded", batch.loaded.__wrapped__)
    with pytest.raises(GpuError, match=r"gives other results than the processor \(.*sums"):
        ENSURE()


def test_replicates_fill_up_the_last_tile_but_are_not_written(device: Pretended, place: Any) -> None:
    one, more = (driver.simulate(load("with-teams"), place, **given(replicates=n)) for n in (1, LANES + 1))
    assert one.replicates == 1
    assert one.counts[0].tobytes() == more.counts[0].tobytes()


def test_the_program_merges_no_product_with_a_sum_and_calls_nothing(device: Pretended, place: Any) -> None:
    ptx = program.ptx_of(Plan(prepare(load("with-teams"), place, MONTHS)).arguments, (9, 0))
    assert "fma" not in ptx and "call" not in ptx and ".func" not in ptx and ".extern" not in ptx
    assert ptx.count("mul.rn.f64") > 500 and ptx.count(".entry") == 1
