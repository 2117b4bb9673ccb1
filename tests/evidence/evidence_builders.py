"""What the tests of mechanisms and behaviours share: runs on the default area without families, with the posterior."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from sim import posterior
from sim.engine.batch import simulate
from sim.engine.sums import AREA, COUNTS
from sim.evidence.situations.laboratory import Laboratory, area_of_staff
from sim.scenarios.files import load

RUNS = 24


@cache
def laboratory() -> Laboratory:
    """One laboratory for all tests, so that nothing is run twice."""
    return Laboratory(tuple(posterior.load().rows), RUNS)


def run(name="with-teams", months=60, levers=None, parameters=None, organisation=None, **more):
    """A shipped scenario, changed."""
    scenario = load(name)
    scenario = replace(
        scenario,
        levers={**scenario.levers, **(levers or {})},
        parameters={**scenario.parameters, **(parameters or {})},
        **more,
    )
    return simulate(
        scenario,
        organisation or area_of_staff(),
        replicates=RUNS,
        months=months,
        sample=tuple(posterior.load().rows),
    )


def counted(e, name, month):
    """A count over the area in one month, a value for each run."""
    return e.counts[:, month, :, COUNTS.index(name)].sum(axis=1).astype(float)


def governed(e, name, month):
    """A measure of governance in one month, a value for each run."""
    return e.area[:, month, AREA.index(name)]


def surely(differences, z=3.0):
    """Is the mean of paired differences above zero by so many standard errors?"""
    spread = differences.std(ddof=1) / np.sqrt(len(differences))
    return bool(differences.mean() > z * spread) and bool(differences.mean() > 0.0)
