"""Running a scenario on a GPU, as `sim.engine.batch` does on the processor.

Before the first run of a process a small one is made on both, and nothing is run where one bit differs. Whatever the
GPU, the compiler and the linker do is done by a thread of its own, so that Ctrl-C is heard at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from contextlib import closing
from dataclasses import fields, replace
from functools import cache
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

import numpy as np
from cachetools import cached

from sim import posterior
from sim.engine import batch
from sim.engine.batch import Run
from sim.engine.gpu.device import INSTEAD, gpu
from sim.engine.gpu.layout import LANES
from sim.engine.gpu.program import ENTRY, image_of, ptx_of, source_of
from sim.engine.gpu.wave import Plan, Wave
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble
from sim.engine.world import Record
from sim.errors import GpuError
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario

REPLICATES, MONTHS, SITES = 40, 40, 8
"""Of the run that is compared: a tile and a part of one; long enough for sites to be certified."""

_one_at_a_time = Lock()


class Wanted(NamedTuple):
    """What is written down of a run: these months, and these of `batch.AT_THE_END`; None: all."""

    months: Collection[int] | None = None
    end: Collection[str] | None = None


WHOLE = Wanted()


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    wanted: Wanted = WHOLE,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    **given: Any,
) -> Ensemble:
    """Run a scenario on an organisation; the same bits as `sim.engine.batch.simulate` gives.

    Where diaries are kept the processor runs it: fetching everybody's state each month would take longer than a run.

    Args:
        scenario: resolved scenario.
        organisation: the place.
        wanted: what is written down; all else stays as in an ensemble that was not run.
        progress: called with (done, total).
        cancelled: asked often; True stops the run.
        given: as `sim.engine.batch.simulate` takes it; `threads` matter for diaries alone.

    Raises:
        GpuError: there is no GPU that gives the same bits, or it stopped.
        ScenarioError, OrganisationError, Interrupted: as there.
    """
    if given.get("diaries"):
        return batch.simulate(scenario, organisation, progress=progress, cancelled=cancelled, **given)
    given.pop("threads", None)
    run = batch.begin(scenario, organisation, **given)
    if wanted.months is not None:
        run = run._replace(ensemble=_by_month(run.ensemble))
    with _one_at_a_time:
        ensure()
    fill(run, wanted, progress, cancelled)
    return run.ensemble


def _by_month(e: Ensemble) -> Ensemble:
    """The same, a month of all replicates beside another, so that months that are not kept take no memory."""
    found: dict[str, Any] = {}
    for name in Record._fields:
        rows = getattr(e, name)
        found[name] = np.zeros((rows.shape[1], rows.shape[0], *rows.shape[2:]), rows.dtype).swapaxes(0, 1)
    return replace(e, **found)


@cache
def ensure() -> None:
    """Compare a small run, once.

    Raises:
        GpuError: one bit differs.
    """
    from sim.organisation.generate import synthetic
    from sim.scenarios.files import load

    scenario, place = load("with-teams"), synthetic.generate({"sites": SITES})
    setup, sample = prepare(scenario, place, MONTHS), posterior.load().rows
    here = batch.simulate(scenario, place, replicates=REPLICATES, sample=sample, setup=setup)
    there = batch.begin(scenario, place, replicates=REPLICATES, sample=sample, setup=setup)
    fill(there)
    if different := differing(here, there.ensemble):
        raise GpuError(
            f"{gpu().name} gives other results than the processor ({', '.join(different)}), so it is not used: results "
            f'must be the same to the bit. Install the tested packages: pip install "transformation-zones[gpu]" with '
            f".ci/constraints.txt. {INSTEAD}"
        )


def differing(one: Ensemble, other: Ensemble) -> list[str]:
    """The names of arrays in which two ensembles do not hold the same bits; every NaN counts as the same, as
    processors differ in the bits that they give it.
    """
    pairs = {field.name: (getattr(one, field.name), getattr(other, field.name)) for field in fields(one)}
    arrays = {name: pair for name, pair in pairs.items() if isinstance(pair[0], np.ndarray)}
    bits = {name: [np.where(np.isnan(a), np.nan, a).tobytes() for a in pair] for name, pair in arrays.items()}
    return [name for name, (mine, theirs) in bits.items() if mine != theirs]


def fill(
    run: Run,
    wanted: Wanted = WHOLE,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Run all replicates; one that is stopped ends its month, and gives its memory back, while nobody waits for it."""
    done: SimpleQueue[BaseException | int] = SimpleQueue()
    stop = Event()

    def work() -> None:
        finished = 0
        try:
            with closing(_months(run, wanted)) as months:
                for now in months:
                    if stop.is_set():
                        return
                    done.put(now - finished)
                    finished = now
            done.put(run.ensemble.replicates - finished)
        except BaseException as error:
            done.put(error)

    Thread(target=work, name="zones-gpu", daemon=True).start()
    try:
        batch.watch(done, run.ensemble.replicates, progress, cancelled)
    finally:
        stop.set()


def _months(run: Run, wanted: Wanted) -> Generator[int]:
    """Run month by month as many tiles as fit the GPU, then as many more; gives the share of the whole that is done,
    in replicates.
    """
    plan, total, months = Plan(run.setup), run.ensemble.replicates, run.setup.months
    with closing(Wave(gpu(), loaded(plan.parts), plan, -(-total // LANES))) as wave:
        for first in range(0, total, LANES * wave.tiles):
            wave.begin(run, first)
            share = min(LANES * wave.tiles, total - first)
            for month in range(months + 1):
                wave.month(month)
                if wanted.months is None or month in wanted.months:
                    wave.fetch_month(month)
                yield first + share * month // (months + 1)
            batch.store_end(run.ensemble, wave.here, wave.worlds, wanted.end)


@cached({}, key=source_of)
def loaded(parts: tuple[Any, ...]) -> Any:
    """The program for replicates that lie like this; compiled, linked and loaded once."""
    capability = gpu().capability
    return gpu().load(image_of(ptx_of(parts, capability), capability), ENTRY)
