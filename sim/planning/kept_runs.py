"""Candidates run on the model: in the sweeps' pools, kept in the sweeps' store, so that nothing is run twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.draws import rows_of
from sim.errors import GpuError, Interrupted, SweepError
from sim.planning.begun import NOT_BEGUN, Begun
from sim.planning.candidate import Candidate, to_scenario
from sim.planning.trials import Ask, Trial
from sim.scenarios.scenario import Scenario
from sim.sweeps.runner import AHEAD, PART_ROWS, PART_SECONDS, Pool
from sim.sweeps.runs import Job, Row, digest_of, model_digest, run_key, structure_digest, unit_digest
from sim.sweeps.store import Store

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

BLOCK = 16
PLAN = "plan"
Change = Callable[[Scenario], Scenario]


@dataclass(frozen=True)
class Setting:
    """All that fixes what a run of a candidate is.

    Attributes:
        place: the organisation.
        digest: of the organisation.
        base: scenario that candidates are made from.
        verbatim: scenarios that are run as they stand, by name.
        months: horizon.
        outcomes: what is kept of each run.
        seeds: seed of each set of random numbers.
        rows: parameter sample, () defaults.
        futures: what a future changes in a scenario, by name.
        begun: what is fixed of a plan that has begun.
    """

    place: Organisation
    digest: str
    base: Scenario
    verbatim: Mapping[str, Scenario]
    months: int
    outcomes: tuple[str, ...]
    seeds: Mapping[str, int]
    rows: Sequence[dict[str, float]]
    futures: Mapping[str, Change]
    begun: Begun = NOT_BEGUN


@dataclass(frozen=True)
class _Unit:
    """A candidate in one future: its scenario and what fixes its runs."""

    number: int
    scenario: Scenario
    digest: str
    structure: str


class KeptRuns:
    """Runs of candidates, kept in a folder.

    Attributes:
        runs: different runs asked for so far.
        new: those of them that were run by this process.
    """

    def __init__(
        self, setting: Setting, folder: Path, pool: Callable[[], Pool], watch: Callable[[int], None] | None = None
    ) -> None:
        self._setting, self._make, self._watch = setting, pool, watch
        self._store = Store(folder, setting.outcomes)
        self._store.tidy()
        self._pool: Pool | None = None
        self._units: dict[tuple[str, str], _Unit] = {}
        self._asked: set[str] = set()
        self._pending: list[Row] = []
        self._flushed = time.monotonic()
        past, numbers = setting.begun.past, setting.begun.numbers
        self._row_digests = [
            digest_of(row if past is None else [row, *past, numbers[i]]) for i, row in enumerate(setting.rows)
        ]
        self.new = 0

    @property
    def runs(self) -> int:
        """Different runs asked for so far, whether they were done now or before."""
        return len(self._asked)

    def scenario(self, plan: Candidate, future: str = "") -> Scenario:
        """The scenario that runs a candidate in a future."""
        return self._unit(plan, future).scenario

    def keys(self, ask: Ask) -> list[str]:
        """The content-addressed keys of an ask's runs."""
        unit, seed = self._unit(ask.plan, ask.future), self._setting.seeds[ask.numbers]
        drawn = (self._row_digests[draw] if draw >= 0 else "" for draw in self._draws(ask.numbers, ask.replicates))
        return [run_key(unit.digest, seed, replicate, row) for replicate, row in enumerate(drawn)]

    def ask(self, asks: Sequence[Ask]) -> list[Trial]:
        """Run a batch; see `trials.Trials`."""
        jobs = self._jobs(asks)
        try:
            self._run(jobs)
        except KeyboardInterrupt:
            self.close()
            raise Interrupted(f"{self.runs:,} runs are kept.") from None
        except GpuError as error:
            self.close()
            raise GpuError(f"{error} What was finished is kept; `zones resume` continues.") from None
        return [self._trial(one) for one in asks]

    def close(self) -> None:
        """Keep what is done, and let go of threads or machines."""
        self._flush()
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _unit(self, plan: Candidate, future: str) -> _Unit:
        name = (plan.key, future)
        if name not in self._units:
            setting = self._setting
            made = (
                setting.verbatim[plan.verbatim]
                if plan.verbatim
                else to_scenario(plan, setting.base, PLAN, setting.begun)
            )
            scenario = setting.futures[future](made) if future else made
            self._units[name] = _Unit(
                len(self._units),
                scenario,
                unit_digest(scenario, setting.digest, setting.months, model_digest()),
                structure_digest(scenario, setting.digest, setting.months),
            )
        return self._units[name]

    def _draws(self, numbers: str, count: int) -> list[int]:
        """The row of the sample of each of the first replicates, -1 none."""
        rows = self._setting.rows
        return rows_of(self._setting.seeds[numbers], range(count), len(rows)).tolist() if len(rows) else [-1] * count

    def _jobs(self, asks: Sequence[Ask]) -> list[tuple[Job, Scenario]]:
        """What is missing, in the order of the plans' keys."""
        jobs: list[tuple[Job, Scenario]] = []
        begun: set[str] = set()
        for one in sorted(asks, key=lambda a: (a.plan.key, a.numbers, a.future, a.replicates)):
            unit, keys = self._unit(one.plan, one.future), self.keys(one)
            self._asked.update(keys)
            missing = [r for r, key in enumerate(keys) if key not in self._store.rows and key not in begun]
            begun.update(keys)
            least, most = self._pool_at_work().block if missing else (BLOCK, BLOCK)
            block = most if least > BLOCK else BLOCK
            for first in range(0, len(missing), block):
                jobs += self._job(unit, one.numbers, missing[first : first + block], keys)
        return jobs

    def _job(self, unit: _Unit, numbers: str, some: list[int], keys: list[str]) -> list[tuple[Job, Scenario]]:
        replicates = range(some[0], some[-1] + 1)
        draws = tuple(self._draws(numbers, replicates.stop)[replicates.start :])
        setting = self._setting
        job = Job(
            unit=unit.number,
            replicates=tuple(replicates),
            keys=tuple(keys[r] for r in replicates),
            draws=draws,
            drawn={d: setting.rows[d] for d in set(draws) if d >= 0},
            months=setting.months,
            seed=setting.seeds[numbers],
            outcomes=setting.outcomes,
            model=model_digest(),
            structure=unit.structure,
            past=setting.begun.past,
            numbers={d: setting.begun.numbers[d] for d in set(draws) if setting.begun},
        )
        return [(job, unit.scenario)]

    def _pool_at_work(self) -> Pool:
        if self._pool is None:
            self._pool = self._make()
        return self._pool

    def _run(self, jobs: list[tuple[Job, Scenario]]) -> None:
        if not jobs:
            return
        pool = self._pool_at_work()
        waiting, flying = iter(jobs), 0
        job = next(waiting, None)
        while job is not None or flying:
            while job is not None and flying < pool.size * AHEAD:
                pool.submit(*job, self._setting.place)
                flying += 1
                job = next(waiting, None)
            for _, rows in pool.ready(0.2):
                flying -= 1
                self._take(rows)
            if time.monotonic() - self._flushed >= PART_SECONDS or len(self._pending) >= PART_ROWS:
                self._flush()
            if self._watch is not None:
                self._watch(self.runs)

    def _take(self, rows: list[Row]) -> None:
        for row in rows:
            if row.error:
                self._flush()
                raise SweepError(f"a run of a plan ended in an error: {row.error}. All other runs are kept.")
            if row.key not in self._store.rows:
                self._store.rows[row.key] = row
                self._pending.append(row)
                self.new += 1

    def _flush(self) -> None:
        rows, self._pending = self._pending, []
        self._store.add(rows)
        self._flushed = time.monotonic()

    def _trial(self, one: Ask) -> Trial:
        rows = [self._store.rows[key].values for key in self.keys(one)]
        table = np.array(rows, np.float64).reshape(len(rows), len(self._setting.outcomes))
        return Trial(one.plan, self._setting.outcomes, table)
