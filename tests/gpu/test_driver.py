"""The GPU engine on a CPU that takes a GPU's place: its own program, layout, memory plan and launches.

What is not run here: NVIDIA's linker, its driver and its hardware (`test_on_a_gpu.py`).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cpu_as_gpu import Driver, as_gpu, kept_ptx, why_not

from sim import posterior
from sim.engine import batch as cpu
from sim.engine.batch import WHOLE, Wanted
from sim.engine.by_site import CERTIFIED_BY_AGE, KEPT, MONTHS_TO_MOST
from sim.engine.diary import DIARIES
from sim.engine.gpu import driver, program, wave
from sim.engine.gpu.layout import LANES
from sim.engine.gpu.wave import MONTHS as RECORD
from sim.engine.gpu.wave import Plan
from sim.engine.pasts import Pasts
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble, differing
from sim.errors import GpuError, Interrupted
from sim.organisation.generate import synthetic
from sim.platforms.nvidia import Gpu, NvidiaError
from sim.results.measures import read
from sim.results.months_read import FROM_SITES, read_from
from sim.scenarios.files import load

ENSURE = driver.ensure.__wrapped__
pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
MONTHS = 24


@pytest.fixture(scope="module")
def pretended() -> Iterator[Driver]:
    with as_gpu() as found:
        yield found


@pytest.fixture
def device(pretended: Driver) -> Iterator[Driver]:
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


def test_the_same_bits_with_posterior_rows_drawn(device: Driver, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, **given())
    assert differing(expected, found) == []
    assert expected.counts.any() and len(set(expected.rows.tolist())) > 20
    assert device.in_use == 0


def test_other_random_numbers_are_told_apart(device: Driver, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, **given(seed=4))
    assert "counts" in differing(expected, replace(found, rows=expected.rows))


def test_as_many_tiles_at_a_time_as_fit_the_memory(device: Driver, place: Any) -> None:
    expected = cpu.simulate(load("with-teams"), place, **given(replicates=100))
    common, each = Plan(prepare(load("with-teams"), place, MONTHS), WHOLE).room
    for tiles, waves in ((1, 4), (3, 2), (4, 1)):
        device.set(memory=int((common + (tiles + 0.5) * each) / 0.92))
        found = driver.simulate(load("with-teams"), place, **given(replicates=100))
        assert device.launches == waves * (MONTHS + 1), tiles
        assert differing(expected, found) == []
        assert device.in_use == 0


def test_too_little_memory_for_a_tile_is_said(device: Driver, place: Any) -> None:
    device.set(memory=1000)
    with pytest.raises(GpuError, match=r"at least .* GiB of GPU memory are needed for this area.*Without --engine gpu"):
        driver.simulate(load("with-teams"), place, **given())


def test_only_the_months_asked_for_are_written_down(device: Driver, place: Any, expected: Ensemble) -> None:
    found = driver.simulate(load("with-teams"), place, wanted=Wanted(frozenset({12, MONTHS})), **given())
    for name in ("counts", "sums", "area", "family"):
        mine, theirs = getattr(found, name), getattr(expected, name)
        kept = np.isin(np.arange(MONTHS + 1), (12, MONTHS))
        assert np.array_equal(mine[:, kept], theirs[:, kept], equal_nan=True)
        assert not mine[:, ~kept].any()
    assert found.site_month.tobytes() == expected.site_month.tobytes()
    assert found.cost.tobytes() == expected.cost.tobytes()


def test_runs_with_diaries_are_left_to_the_processor(device: Driver, place: Any) -> None:
    asked = given(replicates=3, months=14, diaries=DIARIES)
    here, there = (run(load("with-teams"), place, **asked) for run in (cpu.simulate, driver.simulate))
    assert device.launches == 0
    assert differing(here, there) == []
    assert there.diary is not None and [s.tobytes() for s in here.diary.spells] == [
        s.tobytes() for s in there.diary.spells
    ]


def test_little_comes_back_where_only_headlines_are_wanted(device: Driver, place: Any) -> None:
    bytes_each = []
    asked = ((CERTIFIED_BY_AGE, MONTHS), (KEPT, MONTHS))
    for wanted in (WHOLE, Wanted(frozenset({MONTHS}), asked), Wanted(frozenset({MONTHS}), ())):
        device.set()
        driver.simulate(load("with-teams"), place, wanted=wanted, **given(replicates=32))
        bytes_each.append(device.came_back / 32)
    whole, headlines, of_months = bytes_each
    setup = prepare(load("with-teams"), place, MONTHS)
    assert of_months == Plan(setup, WHOLE).sizes[RECORD] / LANES
    assert headlines == of_months + 8 * len(asked)
    assert whole > 20 * headlines


def test_measures_of_sites_are_made_on_the_gpu(device: Driver, place: Any) -> None:
    """From the same functions; an ensemble of headlines holds no site."""
    asked = given(replicates=70, months=60)
    names = [name + at for name in FROM_SITES for at in ("", "@60", "@48", "@37", "@12", "@0")]
    here = cpu.simulate(load("with-teams"), place, **asked)
    there = driver.simulate(load("with-teams"), place, wanted=read_from(names, 60), **asked)
    assert (there.site_month == -1).all() and (here.site_month >= 0).any()
    found = {name: read(there, name)[2] for name in names}
    for name in names:
        assert found[name].tobytes() == read(here, name)[2].tobytes(), name
    assert len({values.tobytes() for values in found.values()}) > 5
    assert found["months_to_80"].tobytes() == there.by_site[MONTHS_TO_MOST, 60].tobytes()


def test_shares_of_a_run_are_prepared_while_others_run(
    device: Driver, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several threads, each with tiles of its own; the parts fit together."""
    monkeypatch.setattr(driver, "SHARE", 1)
    names = ["practitioners_using_share", "certified_by_age_share"]
    expected = cpu.simulate(load("with-teams"), place, **given(replicates=100))
    found = driver.simulate(load("with-teams"), place, wanted=read_from(names, MONTHS), **given(replicates=100))
    for name in names:
        assert read(found, name)[2].tobytes() == read(expected, name)[2].tobytes()
    assert device.launches == 4 * (MONTHS + 2)
    ended(device)


def test_a_past_is_another_runs(device: Driver, place: Any) -> None:
    pasts = Pasts(9, 77, tuple(range(100, 140)))
    one, other = (run(load("with-teams"), place, **given(pasts=pasts)) for run in (cpu.simulate, driver.simulate))
    assert differing(one, other) == []
    assert "counts" in differing(one, driver.simulate(load("with-teams"), place, **given()))


def test_progress_grows_to_the_whole(device: Driver, place: Any) -> None:
    told: list[tuple[int, int]] = []
    driver.simulate(load("with-teams"), place, progress=lambda *at: told.append(at), **given())
    assert told == sorted(told) and told[-1] == (40, 40) and len(told) > 2


def test_a_run_can_be_cancelled_while_the_gpu_is_busy(device: Driver, place: Any) -> None:
    device.hold()
    with pytest.raises(Interrupted, match="Stopped after 0 of 40 replicates; nothing was written"):
        driver.simulate(load("with-teams"), place, cancelled=device.begun.is_set, **given())
    ended(device)


def ended(device: Driver) -> None:
    """Let the GPU go on, and wait for what is still under way."""
    device.held.set()
    for thread in threading.enumerate():
        if thread.name == "zones-run":
            thread.join()
    assert device.in_use == 0


@pytest.mark.parametrize("busy", ["the GPU", "the linker"])
def test_ctrl_c_is_heard_while_something_else_is_busy(
    device: Driver, place: Any, busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing ends while it waits, so that a driver that waited for it would never end."""
    if busy == "the GPU":
        device.hold()
    else:
        monkeypatch.setattr(wave, "loaded", lambda parts: device.begun.set() or device.held.wait())
        device.held.clear()

    def pressed() -> bool:
        if device.begun.is_set():
            signal.raise_signal(signal.SIGINT)
        return False

    with pytest.raises(KeyboardInterrupt):
        driver.simulate(load("with-teams"), place, cancelled=pressed, **given())
    ended(device)


def test_a_launch_that_fails_is_told_with_the_drivers_words(device: Driver, place: Any) -> None:
    device.set(fails_at=5)
    with pytest.raises(GpuError, match=r"stopped working .*unspecified launch failure"):
        driver.simulate(load("with-teams"), place, **given())


def test_without_a_gpu_or_with_an_old_one_a_sentence_says_so(device: Driver) -> None:
    device.set(found=False)
    with pytest.raises(NvidiaError, match=r"no NVIDIA GPU here.*nvidia-smi.*CUDA_ERROR_NO_DEVICE"):
        Gpu(device, device, device)
    device.set(major=6)
    with pytest.raises(NvidiaError, match="too old"):
        Gpu(device, device, device)


def test_a_gpu_that_cannot_be_written_to_gives_its_memory_back(
    device: Driver, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "cuMemcpyHtoDAsync", lambda *_: device.fail("cuMemcpyHtoDAsync", "out of memory"))
    with pytest.raises(GpuError, match="cuMemcpyHtoDAsync results in out of memory"):
        driver.simulate(load("with-teams"), place, **given())
    ended(device)


def test_the_first_run_compares_bits(device: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    ENSURE()
    whole = program.linked

    def wrong(ptx: str, capability: tuple[int, int]) -> bytes:
        """One sum among hundreds is made with another number."""
        return whole(ptx.replace("0d3FE0000000000000", "0d3FE0000000000001"), capability)

    monkeypatch.setattr(program, "linked", wrong)
    monkeypatch.setattr(program, "compiled", lambda *given: kept_ptx())
    monkeypatch.setattr(program, "cache_folder", lambda: None)
    monkeypatch.setattr(wave, "loaded", program.loaded.__wrapped__)
    with pytest.raises(GpuError, match=r"gives other results than the processor \(.*sums"):
        ENSURE()


def test_libraries_that_merge_a_product_with_a_sum_are_not_started_on(
    device: Driver, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging = "fma.rn.f64 %fd1, %fd2, %fd3, %fd4;"
    monkeypatch.setattr(program, "compiled", lambda *given: merging)
    monkeypatch.setattr(program, "cache_folder", lambda: None)
    monkeypatch.setattr(wave, "loaded", program.loaded.__wrapped__)
    with pytest.raises(GpuError, match=r"does not keep results the same to the bit .*fma\.rn\.f64.*pip install"):
        driver.simulate(load("with-teams"), place, **given())
    assert device.launches == 0 and device.in_use == 0


def test_replicates_fill_up_the_last_tile_but_are_not_written(device: Driver, place: Any) -> None:
    one, more = (driver.simulate(load("with-teams"), place, **given(replicates=n)) for n in (1, LANES + 1))
    assert one.replicates == 1
    assert one.counts[0].tobytes() == more.counts[0].tobytes()


def test_the_program_merges_no_product_with_a_sum_and_calls_nothing(device: Driver, place: Any) -> None:
    driver.simulate(load("with-teams"), place, **given(replicates=1, months=1))
    ptx = kept_ptx()
    assert program.checked(ptx) == ptx
    assert "fma" not in ptx and "call" not in ptx and ".func" not in ptx and ".extern" not in ptx
    assert ptx.count("mul.rn.f64") > 500 and ptx.count(".entry") == 1
