"""What replicates cost on a GPU, against the processor of the same machine, and whether the bits are the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sim import posterior
from sim.engine import batch
from sim.engine.batch import Wanted
from sim.engine.benchmark.row import Row, seconds
from sim.engine.by_site import CERTIFIED_AT_36, KEPT, MONTHS_TO_MOST
from sim.engine.setup import prepare
from sim.organisation.generate import synthetic
from sim.platforms.cores import cores
from sim.scenarios.files import load

SIZES = {1_000: float("nan"), 10_000: 25_000.0, 50_000: 40_000.0}
"""Replicates in flight, and replicates a second to reach."""

PLANS = 20_000
OF_SITES = (CERTIFIED_AT_36, MONTHS_TO_MOST, KEPT)
"""Headlines that look at each site; all others are read from the last month."""


def rows(quick: bool) -> Iterator[Row]:
    """The default area, headlines only, posterior rows drawn; then a plan search's runs.

    Raises:
        GpuError: there is no GPU; the row then says why.
    """
    from sim.engine.gpu import driver as on_gpu
    from sim.engine.gpu.device import gpu

    device = gpu()
    yield Row(f"{device.name}: compile, load and compare bits, once", 90.0, seconds(on_gpu.ensure), "s")
    place, scenario, sample = synthetic.generate({}), load("with-teams"), posterior.load().rows
    setup = prepare(scenario, place, 60)
    here = partial(batch.simulate, scenario, place, setup=setup, sample=sample)
    there = partial(on_gpu.simulate, scenario, place, setup=setup, sample=sample, wanted=headlines(60))
    for threads in sorted({1, 2, cores()}):
        replicates = 100 * threads
        taken = seconds(partial(here, replicates=replicates, threads=threads))
        name = f"processor, {threads} of {cores()} threads, 60 months, default area"
        yield Row(name, float("nan"), replicates / taken, "replicates a second")
    there(replicates=64)
    for replicates, asked in list(SIZES.items())[: 2 if quick else 3]:
        taken = seconds(partial(there, replicates=replicates))
        name = f"{device.name}, {replicates:,} in flight, headlines only, posterior rows drawn"
        yield Row(name, asked, replicates / taken, "replicates a second", most=False)
    decade = prepare(scenario, place, 120)
    wanted = headlines(120)
    search = partial(on_gpu.simulate, scenario, place, setup=decade, sample=sample, wanted=wanted, replicates=PLANS)
    yield Row(f"{device.name}, {PLANS:,} runs of ten years", 5.0, float("nan") if quick else seconds(search), "s")


def headlines(months: int) -> Wanted:
    """What headlines at the end of a run are read from."""
    return Wanted(frozenset({months}), tuple((which, months) for which in OF_SITES))
