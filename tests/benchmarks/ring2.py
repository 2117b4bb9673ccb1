"""A month of the default area with everything around the teams in use: `python tests/benchmarks/ring2.py`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "engine"))

from engine_builders import AROUND

from sim.engine.batch import simulate
from sim.organisation import synthetic
from sim.scenarios.files import load
from sim.scenarios.scenario import Initiative

MONTHS, ROUNDS, REPLICATES = 60, 7, 10


def best(scenario, area):
    """Milliseconds a month of one replicate, in the best of some rounds."""
    simulate(scenario, area, replicates=1, months=2, threads=1)
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        simulate(scenario, area, replicates=REPLICATES, months=MONTHS, threads=1)
        found.append(time.perf_counter() - start)
    return 1000.0 * min(found) / MONTHS / REPLICATES


if __name__ == "__main__":
    plain, area = load("with-teams"), synthetic.generate({})
    everything = replace(plain, levers=plain.levers | AROUND, initiatives=(Initiative("other", 0.2, begins=6),))
    neutral, full = best(plain, area), best(everything, area)
    print(f"neutral {neutral:.3f} ms a month, everything {full:.3f} ms, {full / neutral:.2f} times")
