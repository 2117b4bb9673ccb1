"""What one run is: its content-addressed key, how a block of runs is done, and what is kept of each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from cachetools import LRUCache, cached

from sim.engine.drivers import BATCH, GPU
from sim.errors import GpuError, Interrupted
from sim.platforms.sources import as_they_count
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import to_dict

if TYPE_CHECKING:
    from sim.engine.pasts import Pasts
    from sim.engine.setup import Setup
    from sim.organisation.organisation import Organisation

MODEL = (
    "engine/**/*.py", "organisation/**/*.py", "rules/*.py",
    "scenarios/budget.py", "scenarios/events.py", "scenarios/plan.py", "scenarios/scenario.py",
    "costs.py", "declare.py", "family_parameters.py", "levers.py", "parameters.py",
    "results/leavers.py", "results/measures.py", "results/readers.py", "results/series.py", "results/small_numbers.py",
)  # fmt: skip
KEY_LENGTH = 32
TOLD = ("name", "title", "description", "base", "notes", "standalone")
PREPARED = 16
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@cache
def model_digest() -> str:
    """SHA-256 over the sources that a run's figures are made by."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for chunk in as_they_count(root, {found for pattern in MODEL for found in root.glob(pattern)}):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True)
class Row:
    """What is kept of one run.

    Attributes:
        key: its content-addressed key.
        draw: row of the parameter sample, -1 none.
        values: one an outcome; NaN undefined, infinite beyond the horizon.
        error: '' or what went wrong.
    """

    key: str
    draw: int
    values: tuple[float, ...]
    error: str = ""


@dataclass(frozen=True)
class Job:
    """Replicates of one unit to run, in one call.

    Attributes:
        unit: number of the unit (one scenario in one area).
        replicates: their numbers, consecutive.
        keys: one for each replicate.
        draws: row of the parameter sample of each, -1 none.
        drawn: the rows themselves, by number.
        months: horizon.
        seed: of the random numbers.
        outcomes: what to keep.
        model: digest of the sources that it must be run with.
        structure: what the prepared place may be shared by.
        problem: why nothing of the unit can be run, '' where it can.
        past: last month and seed of the runs whose past the replicates have, None: they have none.
        numbers: number of that run by row of the sample.
    """

    unit: int
    replicates: tuple[int, ...]
    keys: tuple[str, ...]
    draws: tuple[int, ...]
    drawn: dict[int, dict[str, float]]
    months: int
    seed: int
    outcomes: tuple[str, ...]
    model: str
    structure: str
    problem: str = ""
    past: tuple[int, int] | None = None
    numbers: dict[int, int] = field(default_factory=dict)

    @property
    def pasts(self) -> Pasts | None:
        """The runs whose past each replicate has."""
        from sim.engine.pasts import Pasts

        return None if self.past is None else Pasts(*self.past, tuple(self.numbers[d] for d in self.draws))

    def part(self, first: int, last: int) -> Job:
        """The job's replicates [first, last), counted from its own first."""
        some = slice(first, last)
        return replace(self, replicates=self.replicates[some], keys=self.keys[some], draws=self.draws[some])


def digest_of(value: Any) -> str:
    """SHA-256 of JSON-safe data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def organisation_digest(organisation: Organisation) -> str:
    """SHA-256 over everything an organisation holds except names, on which no random number depends."""
    digest = hashlib.sha256()

    def add(name: str, value: Any) -> None:
        if is_dataclass(value):
            for one in fields(value):
                add(f"{name}.{one.name}", getattr(value, one.name))
        elif isinstance(value, np.ndarray):
            data = (
                "\0".join(value.tolist()).encode() if value.dtype.kind == "U" else np.ascontiguousarray(value).tobytes()
            )
            digest.update(name.encode() + data + b"\1")
        else:
            digest.update(f"{name}={value!r}\1".encode())

    for one in fields(organisation):
        if one.name in ("sites", "practitioners", "leaders", "families", "senior", "group", "areas", "core_capacity"):
            add(one.name, getattr(organisation, one.name))
    return digest.hexdigest()


def unit_digest(scenario: Scenario, organisation: str, months: int, model: str) -> str:
    """What fixes a unit's runs apart from seed, replicate and draw; words about it do not."""
    asked = {k: v for k, v in to_dict(scenario).items() if k not in TOLD}
    for part in ("zones", "events"):
        asked[part] = [{k: v for k, v in row.items() if k != "note"} for row in asked.get(part, [])]
    asked.pop("area", None)
    asked["months"] = months
    return digest_of({"scenario": asked, "organisation": organisation, "model": model})


def structure_digest(scenario: Scenario, organisation: str, months: int) -> str:
    """What a prepared place depends on: all but the uncertainties, which are read anew in every run."""
    bare = replace(scenario, parameters={})
    return unit_digest(bare, organisation, months, "structure")


def run_key(unit: str, seed: int, replicate: int, row: str) -> str:
    """The key of one run; `row` is the digest of its parameter row, '' for defaults."""
    return hashlib.sha256(f"{unit}/{seed}/{replicate}/{row}".encode()).hexdigest()[:KEY_LENGTH]


@cached(LRUCache(PREPARED), key=lambda scenario, organisation, months, structure: structure, lock=Lock())
def _prepared(scenario: Scenario, organisation: Organisation, months: int, structure: str) -> Setup:
    """The scenario set up in the area; kept, as setting up costs as much as a run or two."""
    from sim.engine.setup import prepare

    return prepare(scenario, organisation, months)


def do(
    job: Job,
    scenario: Scenario,
    organisation: Organisation,
    cancelled: Callable[[], bool] | None = None,
    engine: str = BATCH,
) -> list[Row]:
    """Run a job; a run that goes wrong is recorded with its error and the others go on.

    Args:
        job: what to run.
        scenario: the unit's scenario.
        organisation: its place.
        cancelled: asked often; True ends the job.
        engine: one of `drivers.COMPILED`.

    Returns:
        One row a replicate, in order.

    Raises:
        Interrupted: `cancelled` said so.
        GpuError: the GPU stopped.
        RuntimeError: this machine has other sources of the model.
    """
    if job.model != model_digest():
        message = "this worker has another version of the model; install the same one everywhere."
        raise RuntimeError(message)
    if job.problem:
        nothing = (float("nan"),) * len(job.outcomes)
        return [Row(k, d, nothing, job.problem) for k, d in zip(job.keys, job.draws, strict=True)]
    return _do(job, scenario, organisation, (cancelled, engine))


How = tuple[Callable[[], bool] | None, str]
"""Whom to ask whether to stop, and the engine."""


def _do(job: Job, scenario: Scenario, organisation: Organisation, how: How) -> list[Row]:
    """Run a job in one call; where it goes wrong, replicate by replicate."""
    try:
        return _simulated(job, scenario, organisation, how)
    except (Interrupted, GpuError):
        raise
    except Exception as error:
        if len(job.keys) > 1:
            singly = (_do(job.part(i, i + 1), scenario, organisation, how) for i in range(len(job.keys)))
            return [row for rows in singly for row in rows]
        words = _ADDRESS.sub("0x", f"{type(error).__name__}: {error}")
        return [Row(job.keys[0], job.draws[0], (float("nan"),) * len(job.outcomes), words)]


def _simulated(job: Job, scenario: Scenario, organisation: Organisation, how: How) -> list[Row]:
    from sim.engine.drivers import driver
    from sim.results.measures import read
    from sim.results.months_read import read_from

    cancelled, engine = how
    fewer: dict[str, Any] = {"wanted": read_from(job.outcomes, job.months)} if engine == GPU else {}
    numbers, rows = np.unique(np.array(job.draws, np.int64), return_inverse=True)
    undrawn = int((numbers < 0).sum())
    ensemble = driver(engine)(
        scenario,
        organisation,
        replicates=len(job.keys),
        months=job.months,
        seed=job.seed,
        first=job.replicates[0],
        sample=tuple(job.drawn[draw] for draw in numbers[undrawn:].tolist()),
        rows=(rows - undrawn).tolist(),
        threads=1,
        cancelled=cancelled,
        setup=replace(_prepared(scenario, organisation, job.months, job.structure), scenario=scenario),
        pasts=job.pasts,
        **fewer,
    )
    columns = [read(ensemble, name)[2] for name in job.outcomes]
    values = np.column_stack(columns) if columns else np.zeros((len(job.keys), 0))
    return [Row(*row) for row in zip(job.keys, job.draws, map(tuple, values.tolist()), strict=True)]
