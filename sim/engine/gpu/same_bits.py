"""Does this GPU, with these libraries, give the bits that the processor gives? Asked before the first run."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import posterior
from sim.engine import batch
from sim.engine.gpu.batch import fill, gpu
from sim.engine.gpu.device import INSTEAD
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble
from sim.errors import GpuError

REPLICATES, MONTHS, SITES = 40, 40, 8
"""A tile and a part of one; long enough for sites to be certified."""


@cache
def ensure() -> None:
    """Compare a small run.

    Raises:
        GpuError: one bit differs.
    """
    from sim.organisation.generate import synthetic
    from sim.scenarios.files import load

    scenario, place = load("with-teams"), synthetic.generate({"sites": SITES})
    setup = prepare(scenario, place, MONTHS)
    here = batch.simulate(
        scenario, place, replicates=REPLICATES, months=MONTHS, sample=posterior.load().rows, setup=setup
    )
    there = batch.empty_ensemble(setup, REPLICATES, here.seed, here.first, here.sample)
    fill(None, batch.Run(setup, there, None))
    different = differing(here, there)
    if different:
        raise GpuError(
            f"{gpu().name} gives other results than the processor ({', '.join(different)}), so it is not used: results "
            f'must be the same to the bit. Install the tested packages: pip install "transformation-zones[gpu]" with '
            f".ci/constraints.txt. {INSTEAD}"
        )


def differing(one: Ensemble, other: Ensemble) -> list[str]:
    """The names of arrays in which two ensembles do not hold the same bits."""
    found = []
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray) and not np.array_equal(_bits(mine), _bits(theirs)):
            found.append(field.name)
    return found


def _bits(values: NDArray[Any]) -> NDArray[Any]:
    """The bytes, with one NaN for all: processors differ in the bits that they give it."""
    return np.where(np.isnan(values), np.nan, values).view(np.uint64) if values.dtype == np.float64 else values
