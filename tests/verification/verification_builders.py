"""Bare organisations, settings that switch all but one mechanism off, and the one test statistic.

Statistical checks ask for |z| < THRESHOLD; under the right model one exceeds it with probability 5.8e-7. Fewer than 400
such comparisons are made in this folder, so the whole of it raises a false alarm in fewer than 1 of 4,000 seeds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from sim.organisation.generate import synthetic
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario

THRESHOLD = 5.0

STILL = {
    "turnover_education": 0.0, "turnover_care": 0.0, "turnover": 0.0, "member_turnover": 0.0,
    "readiness_spread": 0.0, "commitment_spread": 0.0, "barrier_spread": 0.0, "level_spread": 0.0,
    "load_deprivation": 0.0, "load_secondary": 0.0, "turnover_deprivation": 0.0, "chair_settling": 1.0,
}  # fmt: skip
"""Nobody leaves, everybody is alike."""

QUIET = {"initiative_load": 0.0, "turnover_factor": 0.0, "usability_start": 1.0}
"""No overload, and a design without faults."""


@cache
def place(sites=10, families=10) -> Organisation:
    """A generated area with few families."""
    return synthetic.generate({"sites": sites, "families": families * sites})


def without_ties(o: Organisation) -> Organisation:
    """Nobody advises anybody."""
    people = o.practitioners
    return replace(
        o,
        practitioners=replace(
            people, tie_indptr=np.zeros(len(people) + 1, np.int64), tie_indices=np.zeros(0, np.int32)
        ),
    )


def everyone_tied(o: Organisation) -> Organisation:
    """Everybody advises everybody else."""
    people, n = o.practitioners, len(o.practitioners)
    grid = np.tile(np.arange(n, dtype=np.int32), (n, 1))
    return replace(
        o,
        practitioners=replace(
            people,
            tie_indptr=np.arange(n + 1, dtype=np.int64) * (n - 1),
            tie_indices=grid[~np.eye(n, dtype=bool)],
        ),
    )


def still(parameters=None, levers=None, **more) -> Scenario:
    """A scenario without zones in which only what the test sets moves."""
    return Scenario(
        name="still", levers={**QUIET, **(levers or {})}, parameters={**STILL, **(parameters or {})}, **more
    )


def z_of_share(count: float, of: int, expected: float) -> float:
    """How many standard errors a count of independent yes-or-no lies from its expectation."""
    return (count - of * expected) / np.sqrt(of * expected * (1.0 - expected))
