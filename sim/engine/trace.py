"""One replicate month by month, for pictures: who uses the practice, how well, who stopped, and each site's stage.

The order of a month is not written here a second time: the compiled engine runs one month at a time, and the world is
looked at after each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.batch import empty_ensemble, store_end
from sim.engine.building import build
from sim.engine.compiling import ready
from sim.engine.conditions import SHARES, shares
from sim.engine.phases.families import REACHED
from sim.engine.schedule import run_months
from sim.engine.setup import Setup
from sim.engine.sums import Ensemble, Sample
from sim.engine.world import Record, Span, World, as_record
from sim.errors import Interrupted
from sim.parameters import PractitionerParameters
from sim.rules import practitioner

Array = NDArray[Any]

PERSON_STATES = ("has not heard of it", "has heard of it", "trained", "using it", "using it well", "stopped")
NOT_AWARE, AWARE, TRAINED, USING, WELL, STOPPED = range(6)


@dataclass(frozen=True)
class Trace:
    """One replicate, T months, N practitioners, S sites, K teams, L leaders, Z zones.

    Attributes:
        ensemble: the replicate's own results, an ensemble of one; the same bits as in a batch.
        people: uint8 [T+1, N], index into PERSON_STATES at the end of each month.
        stages: uint8 [T+1, S], index into `codes.STAGES`.
        reached: int32 [T+1, S], families reached so far, of those now there.
        capacity: float64 [T+1, K], core teams first.
        attention: float64 [T+1, K], share of the support it needs that a team gives (core) or gets (local).
        commitment: float64 [T+1, L].
        shares: float64 [T+1, len(SHARES)], what each month had of all that is needed (`engine/conditions.py`).
        dose: float64 [T+1, S], coaching that each of a site's practitioners gets.
        opened: int32 [A, Z], month a zone opened, -1 not.
    """

    ensemble: Ensemble
    people: NDArray[np.uint8]
    stages: NDArray[np.uint8]
    reached: NDArray[np.int32]
    capacity: NDArray[np.float64]
    attention: NDArray[np.float64]
    commitment: NDArray[np.float64]
    shares: NDArray[np.float64]
    dose: NDArray[np.float64]
    opened: NDArray[np.int32]


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
    found, p = _room(setup, world), ensemble.parameters(0).practitioner
    for month in _months(ensemble, world, cancelled):
        _look(world, found, month, p)
    store_end(ensemble, 0, world)
    return Trace(ensemble=ensemble, opened=np.array(world.plan.opened), **found)


class FamilyMonths(NamedTuple):
    """The same run seen from K families' homes, T months; a family that leaves makes room for another."""

    need: NDArray[np.uint8]  # [T+1, K] 1 in need
    path: NDArray[np.uint8]  # [T+1, K] way through service (`rules.family`)
    history: NDArray[np.uint8]  # [T+1, K] flags of `phases.families`


def family_months(setup: Setup, homes: Array, *, seed: int, replicate: int, sample: Sample = ()) -> FamilyMonths:
    """Run one replicate again and keep every month of these families, by their place in `setup.place`."""
    ensemble = empty_ensemble(setup, 1, seed, replicate, sample)
    world = build(setup)
    found = FamilyMonths(*(np.zeros((setup.months + 1, len(homes)), np.uint8) for _ in FamilyMonths._fields))
    for month in _months(ensemble, world, None):
        for name, kept in found._asdict().items():
            kept[month] = world.families.home[name][homes]
    return found


def _months(ensemble: Ensemble, world: World, cancelled: Callable[[], bool] | None) -> Iterator[int]:
    """Run a replicate; every month once the world is as at its end."""
    record = Record(ensemble.counts[0], ensemble.sums[0], ensemble.area[0], ensemble.family[0])
    values = as_record(ensemble.parameters(0))
    key = np.uint64(draws.run_key(np.uint64(ensemble.seed), np.uint64(ensemble.first)))
    for month in range(ensemble.months + 1):
        if cancelled is not None and cancelled():
            raise Interrupted("Stopped while one run was followed month by month.")
        given = (world, values, record, Span(key, month, month + 1, np.zeros(1, np.uint8)))
        ready(given)
        run_months(*given)
        yield month


def _room(setup: Setup, world: World) -> dict[str, Array]:
    rows = setup.months + 1
    return {
        "people": np.zeros((rows, len(world.people.id)), np.uint8),
        "stages": np.zeros((rows, len(world.actors.sites)), np.uint8),
        "reached": np.zeros((rows, len(world.actors.sites)), np.int32),
        "capacity": np.zeros((rows, len(world.actors.teams))),
        "attention": np.zeros((rows, len(world.actors.teams))),
        "commitment": np.zeros((rows, len(world.actors.leaders))),
        "shares": np.zeros((rows, len(SHARES))),
        "dose": np.zeros((rows, len(world.actors.sites))),
    }


def _look(world: World, found: dict[str, Array], month: int, p: PractitionerParameters) -> None:
    people, actors, families = world.people, world.actors, world.families
    sites = actors.sites
    state = np.where(people.aware > 0, AWARE, NOT_AWARE)
    state[people.trained > 0] = TRAINED
    state[people.ever_used > 0] = STOPPED
    state[people.using > 0] = USING
    fidelity: Any = people.fidelity
    state[(people.using > 0) & practitioner.at_fidelity(p, fidelity)] = WELL
    found["people"][month] = state
    found["stages"][month] = sites["stage"]
    counted = np.concatenate([[0], np.cumsum((families.home["history"] & REACHED) != 0)])
    found["reached"][month] = counted[sites["last_family"]] - counted[sites["first_family"]]
    found["capacity"][month] = actors.teams["capacity"]
    found["attention"][month] = actors.teams["attention"]
    found["commitment"][month] = actors.leaders["commitment"]
    found["dose"][month] = sites["dose"]
    had = shares(world, month)
    found["shares"][month] = [had[name] for name in SHARES]


def nearest_to_median(ensemble: Ensemble, series: Sequence[Array]) -> int:
    """The replicate whose series lie nearest the medians of the ensemble.

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
