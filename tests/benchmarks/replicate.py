"""Where the time of one replicate goes, phase by phase: `python tests/benchmarks/replicate.py [SCENARIO]`.

A replicate of the default area is gone through in plain Python, which calls each compiled phase in its turn. From the
time of a call goes that of an empty kernel with the same arguments, so that handing them over does not count. Medians
over rounds; processor time.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from types import FunctionType

import numpy as np

from sim.engine import compiling, draws
from sim.engine.batch import empty_ensemble, simulate
from sim.engine.kernel import kernel
from sim.engine.schedule import run_replicate
from sim.engine.setup import prepare
from sim.engine.world import build, new_record
from sim.organisation import synthetic
from sim.scenarios.files import load

MONTHS, ROUNDS = 60, 9


@kernel
def nothing(*given):
    """What it costs to hand the arguments over."""


class Timed:
    """Stands in for a module of phases: a call is made and timed."""

    def __init__(self, module, spent):
        self._module, self._spent = module, spent

    def __getattr__(self, name):
        phase = getattr(self._module, name)

        def call(*given):
            nothing(*given)
            start = time.perf_counter_ns()
            nothing(*given)
            middle = time.perf_counter_ns()
            phase(*given)
            end = time.perf_counter_ns()
            self._spent[name] += (end - middle) - (middle - start)

        return call


def once(setup):
    """Nanoseconds of each phase in one replicate."""
    spent = defaultdict(int)
    whole = run_replicate.py_func
    timed = {n: Timed(v, spent) if compiling._is_phase(v) else v for n, v in whole.__globals__.items()}
    key = np.uint64(draws.run_key(np.uint64(1), np.uint64(0)))
    parameters = empty_ensemble(setup, 1, 1, 0, ()).parameters(0)
    stop = np.zeros(1, np.uint8)
    given = (build(setup), setup.teams.core_count, setup.course.external_end, parameters, new_record(setup), key, stop)
    with np.errstate(all="ignore"):
        FunctionType(whole.__code__, timed)(*given)
    return spent


def compiled(setup, replicates=20):
    """Nanoseconds of a whole replicate as it is run."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        simulate(setup.scenario, setup.organisation, replicates=replicates, threads=1, setup=setup)
        found.append((time.process_time_ns() - start) / replicates)
    return statistics.median(found)


if __name__ == "__main__":
    setup = prepare(load(sys.argv[1] if len(sys.argv) > 1 else "with-teams"), synthetic.generate({}), MONTHS)
    simulate(setup.scenario, setup.organisation, replicates=1, setup=setup)
    once(setup)
    rounds = [once(setup) for _ in range(ROUNDS)]
    phases = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    together = sum(phases.values())
    for name, spent in sorted(phases.items(), key=lambda pair: -pair[1]):
        print(f"{name:<22} {spent / 1e3:8.1f} us {spent / together:6.1%} {spent / MONTHS:9,.0f} ns a month")
    print(f"{'all phases':<22} {together / 1e3:8.1f} us")
    print(f"{'a replicate as it is run':<22} {compiled(setup) / 1e3:6.1f} us of processor time")
