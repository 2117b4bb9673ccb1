"""Running a scenario on a GPU, as `sim.engine.batch` does on the processor, from whose threads it is asked.

Before the first run of a process a small one is made on both, and nothing is run where one bit differs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from threading import Lock
from typing import Any

from sim import posterior
from sim.engine import batch
from sim.engine.batch import WHOLE, Run, Wanted
from sim.engine.gpu.device import INSTEAD, gpu, watched
from sim.engine.gpu.layout import LANES
from sim.engine.gpu.wave import Plan, Wave
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble, differing
from sim.errors import GpuError
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario

REPLICATES, MONTHS, SITES = 40, 40, 8
"""Of the run that is compared: a tile and a part of one; long enough for sites to be certified."""

SHARE, CREW = 256, 8
"""Tiles that a thread has in hand, and threads: while one prepares or reads its replicates, the GPU runs others'."""

_one_at_a_time = Lock()


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    wanted: Wanted = WHOLE,
    **given: Any,
) -> Ensemble:
    """Run a scenario on an organisation; arguments, errors and bits as in `sim.engine.batch.simulate`.

    Where diaries are kept the processor runs it: fetching everybody's state each month would take longer than a run.

    Raises:
        GpuError: there is no GPU that gives the same bits, or it stopped.
    """
    if given.get("diaries"):
        return batch.simulate(scenario, organisation, progress=progress, cancelled=cancelled, **given)
    run = batch.begin(scenario, organisation, wanted=wanted, **{k: v for k, v in given.items() if k != "threads"})
    with _one_at_a_time:
        ensure()
    fill(run, progress, cancelled)
    return run.ensemble


@cache
def ensure() -> None:
    """Compare a small run, once.

    Raises:
        GpuError: one bit differs.
    """
    from sim.organisation.generate import synthetic
    from sim.scenarios.files import load

    scenario, place = load("with-teams"), synthetic.generate({"sites": SITES})
    given: Any = {"replicates": REPLICATES, "sample": posterior.load().rows, "setup": prepare(scenario, place, MONTHS)}
    there = batch.begin(scenario, place, **given)
    fill(there)
    if different := differing(batch.simulate(scenario, place, **given), there.ensemble):
        raise GpuError(
            f"{gpu().name} gives other results than the processor ({', '.join(different)}), so it is not used: results "
            f'must be the same to the bit. Install the tested packages: pip install "transformation-zones[gpu]" with '
            f".ci/constraints.txt. {INSTEAD}"
        )


def fill(
    run: Run,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Run all replicates. Whatever the GPU, the compiler and the linker do is done by other threads, so that Ctrl-C is
    heard at any moment; those that are stopped end their month and give memory back while nobody waits for them.
    """
    gpu()  # its libraries cannot be imported by several threads at once
    plan, tiles = Plan(run.setup, run.wanted), -(-run.ensemble.replicates // LANES)
    shares = -(-tiles // SHARE)

    def work(share: range, _stop: Any) -> Generator[int]:
        first, told, months = share.start, 0, run.setup.months + 1
        while first < share.stop:
            with watched(), gpu().memory(*plan.room, -(-(share.stop - first) // LANES)) as room:
                wave = Wave(run, plan, room, first)
                for month in range(months):
                    wave.month(month)
                    now = first - share.start + (wave.here.stop - first) * month // months
                    yield now - told
                    told = now
                wave.fetch_end()
                first = wave.here.stop
        yield len(share) - told

    batch.fill(run, [work] * min(CREW, shares), LANES * -(-tiles // shares), progress, cancelled)
