"""Where the time of one replicate goes, step by step: `python tests/benchmarks/replicate.py [SCENARIO [STAFF]]`."""

from __future__ import annotations

import sys
import time

import numpy as np

from sim.engine.batch import simulate
from sim.engine.benchmark import replicates
from sim.engine.benchmark.steps import MONTHS, NAMES, timed
from sim.engine.setup import prepare
from sim.organisation.generate import synthetic
from sim.scenarios.files import load


def compiled(setup, replicates=20):
    """Nanoseconds of processor time of a whole replicate as it is run."""
    found = []
    for _ in range(9):
        start = time.process_time_ns()
        simulate(setup.scenario, setup.organisation, replicates=replicates, threads=1, setup=setup)
        found.append((time.process_time_ns() - start) / replicates)
    return float(np.median(found))


if __name__ == "__main__":
    area = replicates.area(int(sys.argv[2])) if len(sys.argv) > 2 else synthetic.generate({})
    setup = prepare(load(sys.argv[1] if len(sys.argv) > 1 else "with-teams"), area, MONTHS)
    compiled(setup, 1)
    medians = np.median(timed(setup), axis=0)
    for spent, name in sorted(zip(medians, NAMES, strict=True), reverse=True):
        print(f"{name:<22} {spent / 1e3:8.1f} us {spent / medians.sum():6.1%} {spent / MONTHS:9,.0f} ns a month")
    print(f"{'all steps':<22} {medians.sum() / 1e3:8.1f} us")
    print(f"{'a replicate as it is run':<22} {compiled(setup) / 1e3:6.1f} us of processor time")
