"""Where the time of one replicate goes, step by step.

The replicate is compiled once more with a reading of the processor's cycle counter after each step, and run on a world
that many have used before, as in an ensemble. Medians over replicates.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from sim.engine import draws, schedule
from sim.engine.batch import Workspace, empty_ensemble
from sim.engine.benchmark.row import Row
from sim.engine.building import new_record
from sim.engine.kernel import UNCOUNTED
from sim.engine.setup import Setup, prepare
from sim.engine.world import Span, as_record
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

MONTHS, ROUNDS = 60, 100
NAMES = [step.name for step in (*schedule.FIRST_DAY, *schedule.ORDER)]


@intrinsic
def cycles(_typing: Any) -> Any:
    """The processor's cycle counter."""

    def code(_context: Any, builder: Any, _signature: Any, _given: Any) -> Any:
        counter = ir.FunctionType(ir.IntType(64), ())
        return builder.call(builder.module.declare_intrinsic("llvm.readcyclecounter", (), counter), ())

    return types.uint64(), code


def timed(setup: Setup, replicates: int = ROUNDS) -> Any:
    """Nanoseconds of each step in each of some replicates: float64 [replicates, steps], in the order of NAMES."""
    source = schedule.made(schedule.written(timed=True), cycles=cycles)
    run = njit(nogil=True, error_model="numpy", **UNCOUNTED)(source)
    workspace, record = Workspace(setup), new_record(setup)
    parameters, found = as_record(empty_ensemble(setup, 1, 1, 0, ()).parameters(0)), []
    for replicate in range(replicates + 1):
        key = np.uint64(draws.run_key(np.uint64(1), np.uint64(replicate)))
        spent = np.zeros(len(NAMES), np.uint64)
        for rows in record:
            rows.fill(0)
        span = Span(key, 0, setup.months + 1, np.zeros(1, np.uint8))
        start = time.perf_counter_ns()
        run(workspace.fresh(), parameters, record, span, spent)
        found.append(spent / spent.sum() * (time.perf_counter_ns() - start))
    return np.array(found[1:])


def rows(quick: bool) -> Iterator[Row]:
    """A month of the default area with teams, step by step, the dearest first."""
    setup = prepare(load("with-teams"), synthetic.generate({}), MONTHS)
    medians = np.median(timed(setup, 20 if quick else ROUNDS), axis=0)
    for place in np.argsort(-medians):
        note = f"{medians[place] / medians.sum():.1%} of a replicate of {MONTHS} months"
        measure = f"a month's step: {NAMES[place]}"
        yield Row(measure, float("nan"), medians[place] / 1e3 / MONTHS, "us", note=note)
