"""Many replicates on a GPU: as many tiles as fit its memory, a launch for each month, a thread for each replicate."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache, partial
from importlib.util import find_spec
from threading import Thread

from sim.counts import counted
from sim.engine.batch import Run
from sim.engine.gpu.device import INSTEAD, Gpu, Program
from sim.engine.gpu.layout import LANES
from sim.engine.gpu.program import ENTRY, Arguments, image_of, ptx_of
from sim.engine.gpu.wave import Plan, Wave
from sim.errors import GpuError, Interrupted

LOOK_EVERY, SLOW = 12, 0.005
"""Months between two looks at how far a GPU is, where a month takes it less than so many seconds."""

Progress = Callable[[int, int], None] | None
Cancelled = Callable[[], bool] | None


@cache
def gpu() -> Gpu:
    """The GPU of this machine.

    Raises:
        GpuError: there is none, or not what is needed to use it.
    """
    missing = [name for name in ("numba_cuda", "cuda.bindings") if not _is_there(name)]
    if missing:
        raise GpuError(
            f'the GPU engine needs packages that are not installed: pip install "transformation-zones[gpu]". {INSTEAD}'
        )
    return Gpu()


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def fill(keep: Collection[int] | None, run: Run, progress: Progress = None, cancelled: Cancelled = None) -> None:
    """Run all replicates, wave by wave."""
    plan, total = Plan(run.setup), run.ensemble.replicates
    wave = Wave(gpu(), loaded(plan.arguments), plan, -(-total // LANES))
    whole = False
    try:
        for first in range(0, total, LANES * wave.tiles):
            share = min(LANES * wave.tiles, total - first) / (run.setup.months + 1)
            told = None if progress is None else partial(_tell, progress, first, share, total)
            if not _run(wave, run, first, (keep, told, cancelled)):
                raise Interrupted(f"Stopped after {first} of {counted(total, 'replicate')}; nothing was written.")
        whole = True
    finally:
        if whole:
            wave.close()
        else:  # what is under way ends by itself; nobody waits for it
            Thread(target=_abandon, args=(wave,), daemon=True).start()


def _tell(progress: Callable[[int, int], None], first: int, share: float, total: int, months: int) -> None:
    progress(first + int(share * months + 1e-6), total)


def _run(
    wave: Wave,
    run: Run,
    first: int,
    how: tuple[Collection[int] | None, Callable[[int], None] | None, Cancelled],
) -> bool:
    """All months of one wave; False where it was cancelled."""
    keep, told, cancelled = how
    wave.begin(run, first)
    looked, since, slow = time.monotonic(), 0, False
    for month in range(run.setup.months + 1):
        wave.month(month)
        since += 1
        kept = keep is None or month in keep or run.ensemble.diary is not None
        if kept or slow or since == LOOK_EVERY or month == run.setup.months:
            if not wave.queue.wait(cancelled):
                return False
            now = time.monotonic()
            slow, looked, since = now - looked > SLOW * since, now, 0
            if told is not None:
                told(month + 1)
        if kept:
            wave.fetch_month(month)
    wave.fetch_sites()
    return True


def _abandon(wave: Wave) -> None:
    with suppress(GpuError):
        wave.close()


@cache
def loaded(arguments: Arguments) -> Program:
    """The program for replicates that lie like this; compiled, linked and loaded once."""
    capability = gpu().capability
    return gpu().load(image_of(ptx_of(arguments, capability), capability), ENTRY)
