"""One replicate month by month, for pictures: who uses the practice, how well, who stopped, where each site stands.

The order of a month is not written here a second time: the plain-Python twin of `schedule.run_replicate` is driven
through the same compiled phases, and looks at the world through the flag that it asks at the start of every month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.batch import empty_ensemble, store_sites
from sim.engine.building import build
from sim.engine.phases.families import REACHED
from sim.engine.schedule import run_replicate
from sim.engine.setup import Setup
from sim.engine.sums import Ensemble, Sample
from sim.engine.world import Record, World
from sim.errors import Interrupted

Array = NDArray[Any]

PERSON_STATES = ("not heard of it", "heard of it", "trained", "using it", "using it well", "stopped")
NOT_AWARE, AWARE, TRAINED, USING, WELL, STOPPED = range(6)


@dataclass(frozen=True)
class Trace:
    """One replicate, T months, N practitioners, S sites, K teams, L leaders, Z zones.

    Attributes:
        ensemble: the replicate's own results, an ensemble of one; the same bits as in a batch.
        people: uint8 [T+1, N], index into PERSON_STATES at the end of each month.
        stages: uint8 [T+1, S], index into `codes.STAGES`.
        reached: int32 [T+1, S], families reached so far.
        capacity: float64 [T+1, K], core teams first.
        attention: float64 [T+1, K], share of the support it needs that a team gives (core) or gets (local).
        commitment: float64 [T+1, L].
        opened: int32 [A, Z], month a zone opened, -1 not.
    """

    ensemble: Ensemble
    people: NDArray[np.uint8]
    stages: NDArray[np.uint8]
    reached: NDArray[np.int32]
    capacity: NDArray[np.float64]
    attention: NDArray[np.float64]
    commitment: NDArray[np.float64]
    opened: NDArray[np.int32]


class _Watcher:
    """Stands in for the stop flag: asked once at the start of every month, it looks at the month that has ended."""

    def __init__(self, look: Callable[[int], None], cancelled: Callable[[], bool] | None) -> None:
        self._look = look
        self._cancelled = cancelled
        self.asked = 0

    def __getitem__(self, _index: int) -> int:
        if self.asked > 0:
            self._look(self.asked - 1)
        self.asked += 1
        return int(self._cancelled is not None and self._cancelled())


def trace(
    setup: Setup,
    *,
    seed: int,
    replicate: int,
    sample: Sample = (),
    cancelled: Callable[[], bool] | None = None,
) -> Trace:
    """Run one replicate and keep what a picture needs of every month.

    Args:
        setup: scenario and organisation brought together.
        seed: seed of the run it belongs to.
        replicate: its number in that run.
        sample: rows of the parameter sample, as given to the batch.
        cancelled: asked every month; True ends the run.

    Raises:
        Interrupted: `cancelled` said so.
    """
    ensemble = empty_ensemble(setup, 1, seed, replicate, sample)
    world = build(setup)
    found = _room(setup, world)
    record = Record(ensemble.counts[0], ensemble.sums[0], ensemble.area[0], ensemble.family[0])
    values = ensemble.parameters(0)
    criterion = values.practitioner.fidelity_criterion
    key = draws.run_key(np.uint64(seed), np.uint64(replicate))
    watcher = _Watcher(lambda month: _look(world, found, month, criterion), cancelled)
    with np.errstate(all="ignore"):
        done = run_replicate.py_func(  # type: ignore[attr-defined]
            world, setup.teams.core_count, setup.course.external_end, values, record, np.uint64(key), watcher
        )
    if not done:
        raise Interrupted("Stopped while one run was followed month by month.")
    _look(world, found, setup.months, criterion)
    store_sites(ensemble, 0, world)
    return Trace(ensemble=ensemble, opened=np.array(world.opened), **found)


def _room(setup: Setup, world: World) -> dict[str, Array]:
    rows = setup.months + 1
    return {
        "people": np.zeros((rows, len(world.people.id)), np.uint8),
        "stages": np.zeros((rows, len(world.sites)), np.uint8),
        "reached": np.zeros((rows, len(world.sites)), np.int32),
        "capacity": np.zeros((rows, len(world.teams))),
        "attention": np.zeros((rows, len(world.teams))),
        "commitment": np.zeros((rows, len(world.leaders))),
    }


def _look(world: World, found: dict[str, Array], month: int, criterion: float) -> None:
    people, sites, families = world.people, world.sites, world.families
    state = np.where(people.aware > 0, AWARE, NOT_AWARE)
    state[people.trained > 0] = TRAINED
    state[people.ever_used > 0] = STOPPED
    using = people.using > 0
    state[using] = np.where(people.fidelity[using] >= criterion, WELL, USING)
    found["people"][month] = state
    found["stages"][month] = sites["stage"]
    counted = np.concatenate([[0], np.cumsum((families.home["history"] & REACHED) != 0)])
    found["reached"][month] = counted[sites["last_family"]] - counted[sites["first_family"]]
    found["capacity"][month] = world.teams["capacity"]
    found["attention"][month] = world.teams["attention"]
    found["commitment"][month] = world.leaders["commitment"]


def nearest_to_median(ensemble: Ensemble, series: Sequence[Array]) -> int:
    """The replicate whose courses lie nearest the medians of the ensemble.

    Args:
        ensemble: raw results.
        series: one or more arrays [R, T+1]; each is scaled by its own spread.

    Returns:
        Its position (add `ensemble.first` for its number); the lowest on a tie.
    """
    distance = np.zeros(ensemble.replicates)
    for values in series:
        known = np.nan_to_num(np.asarray(values, np.float64))
        spread = float(known.std()) or 1.0
        distance += np.sqrt((((known - np.median(known, axis=0)) / spread) ** 2).mean(axis=1))
    return int(np.argmin(distance))
