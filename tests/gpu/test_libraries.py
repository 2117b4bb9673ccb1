"""The engine on numba-cuda and `cuda.core` as they are, above an imitation of NVIDIA's driver in C.

So every call that the engine makes is one that the libraries take. What is not run here: NVIDIA's linker's result, its
driver and its hardware (`test_on_a_gpu.py`).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cpu_as_gpu import library, why_not

HERE = Path(__file__).parent
PROGRAM = f"""
import ctypes, sys
sys.path.insert(0, {str(HERE)!r})
ctypes.CDLL(sys.argv[1], mode=ctypes.RTLD_GLOBAL)
import cpu_as_gpu
from sim import posterior
from sim.engine import batch
from sim.engine.gpu import device, driver, program
from sim.engine.sums import differing
from sim.organisation.generate import synthetic
from sim.results.measures import read
from sim.results.months_read import read_from
from sim.scenarios.files import load

program.linked, program.cache_folder = cpu_as_gpu.linked, cpu_as_gpu.kept_apart
driver.SHARE = 1  # several threads
scenario, place = load("with-teams"), synthetic.generate({{"sites": 6}})
asked = {{"replicates": 70, "months": 40, "sample": posterior.load().rows}}
here, there = (simulate(scenario, place, **asked) for simulate in (batch.simulate, driver.simulate))
name = "months_to_80"
few = driver.simulate(scenario, place, wanted=read_from([name], 40), **asked)
print(device.gpu().name, differing(here, there), read(here, name)[2].tobytes() == read(few, name)[2].tobytes())
"""


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
def test_the_libraries_take_every_call_of_the_engine() -> None:
    """In a process of its own, as the imitation takes the place of the driver for good."""
    imitation = library((HERE / "libcuda.c").read_text("utf-8"), "-Wl,-soname,libcuda.so.1", "-ldl")
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(imitation)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "Imitation [] True", done.stderr[-2000:]
