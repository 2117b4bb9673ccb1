"""Running a sweep: threads here or workers elsewhere, parts written as it goes, and a clean stop at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Protocol

from sim.counts import counted
from sim.engine.drivers import BATCH, GPU, GPU_JOBS, driver
from sim.errors import GpuError, Interrupted, SweepError
from sim.platforms.cores import cores
from sim.sweeps.folder import Sweep, check_model
from sim.sweeps.runs import Job, Row, do
from sim.sweeps.schedule import LARGEST_BLOCK, Schedule
from sim.sweeps.store import Store, locked

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

GPU_BLOCK = (32, 8192)
PART_SECONDS = 5.0
PART_ROWS = 20_000
AHEAD = 3
LINGER = 1.0
JOB_SECONDS = 2.0
TELL_EVERY = 0.2


@dataclass(frozen=True)
class Standing:
    """How far a sweep is.

    Attributes:
        done: runs that are there.
        total: runs as far as is known (a stopping rule may ask for more).
        failed: of those done, runs that ended in an error.
        new: runs done since this process began.
        seconds: since the first of them could be begun.
    """

    done: int
    total: int
    failed: int
    new: int
    seconds: float


Watch = Callable[[Standing], None]


@dataclass(frozen=True)
class Conduct:
    """How a sweep is run.

    Attributes:
        retry_failed: repeat the runs that ended in an error.
        part_seconds: longest time before finished runs are written.
        watch: called now and then with how far it is.
        finish: called with the lock still held once all is there: writes tables.
    """

    retry_failed: bool = False
    part_seconds: float = PART_SECONDS
    watch: Watch | None = None
    finish: Callable[[Sweep, Store], None] | None = None


AS_USUAL = Conduct()


class Pool(Protocol):
    """Whatever runs jobs."""

    @property
    def block(self) -> tuple[int, int]:
        """Fewest and most replicates of a job that suit it."""

    @property
    def size(self) -> int:
        """How many jobs run at once."""

    def submit(self, job: Job, scenario: Scenario, organisation: Organisation) -> None:
        """Begin a job."""

    def ready(self, timeout: float) -> list[tuple[Job, list[Row]]]:
        """Jobs that are done, waiting at most so long for one."""

    def stop(self) -> None:
        """Give up what is still running, at once; what is done may still be asked for."""

    def close(self) -> None:
        """Let go of threads or machines."""


class Threads:
    """Jobs in threads of this process: compiled months hold no lock. On a GPU, threads give it more than one job.

    Args:
        workers: how many, None: as many as there are cores.
        engine: one of `drivers.COMPILED`.

    Raises:
        GpuError: a GPU is asked for, and there is none that can be used.
    """

    def __init__(self, workers: int | None = None, engine: str = BATCH) -> None:
        driver(engine)
        self._engine = engine
        self._size = GPU_JOBS if engine == GPU else max(1, workers or cores())
        self._broken: GpuError | None = None
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="zones")
        self._waiting: dict[Future[list[Row]], Job] = {}
        self._stop = Event()

    @property
    def size(self) -> int:
        """How many jobs run at once."""
        return self._size

    @property
    def block(self) -> tuple[int, int]:
        """A GPU takes 32 replicates in the time of one, and thousands side by side."""
        return GPU_BLOCK if self._engine == GPU else (1, LARGEST_BLOCK)

    def submit(self, job: Job, scenario: Scenario, organisation: Organisation) -> None:
        """Begin a job."""
        self._waiting[self._pool.submit(do, job, scenario, organisation, self._stop.is_set, self._engine)] = job

    def ready(self, timeout: float) -> list[tuple[Job, list[Row]]]:
        """Jobs that are done; where the GPU stopped, first those that it had done, then what it said, once."""
        finished, _ = wait(self._waiting, timeout, FIRST_COMPLETED)
        found = []
        for future in finished:
            job = self._waiting.pop(future)
            failure = None if future.cancelled() else future.exception()
            if isinstance(failure, GpuError):
                self._broken = self._broken or failure
            elif not future.cancelled() and not isinstance(failure, Interrupted):
                found.append((job, future.result()))
        if self._broken is not None and not found and not self._stop.is_set():
            self._stop.set()
            raise self._broken
        return found

    def stop(self) -> None:
        """Running replicates end with their next month."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """The threads end by themselves."""
        self.stop()


def run(sweep: Sweep, pool: Callable[[], Pool] = Threads, conduct: Conduct = AS_USUAL) -> Standing:
    """Run what is missing of a sweep.

    Args:
        sweep: its folder.
        pool: makes what runs the jobs.
        conduct: what to run again, how often to write, whom to call.

    Returns:
        The final standing.

    Raises:
        SweepError: another process is working on it, the disk is full, or the model has changed.
        GpuError: the GPU stopped; everything finished is written.
        Interrupted: Ctrl-C; everything finished is written.
    """
    check_model(sweep)
    with locked(sweep.folder):
        store = Store(sweep.folder, sweep.design.outcomes)
        store.tidy()
        kept = {k: r for k, r in store.rows.items() if not (conduct.retry_failed and r.error)}
        running = _Run(sweep, store, kept, conduct)
        try:
            found = running.go(pool)
            if conduct.finish is not None:
                conduct.finish(sweep, store)
        except KeyboardInterrupt:
            raise Interrupted(running.stopped()) from None
        except GpuError as error:
            raise GpuError(f"{error} {running.stopped()}") from None
        return found


class _Run:
    """One process's work on a sweep."""

    def __init__(self, sweep: Sweep, store: Store, rows: dict[str, Row], conduct: Conduct) -> None:
        self._sweep, self._store, self._rows, self._conduct = sweep, store, rows, conduct
        self._schedule = Schedule(sweep, rows)
        self._most = LARGEST_BLOCK
        self._pending: list[Row] = []
        self._before = len(rows)
        self._failed = sum(1 for row in rows.values() if row.error)
        self._told = 0.0
        self._began = self._flushed = time.monotonic()

    def go(self, make: Callable[[], Pool]) -> Standing:
        first = self._schedule.next()
        if first is None:
            return self._standing()
        pool = make()
        self._schedule.least, self._most = pool.block
        self._schedule.largest = max(self._schedule.largest, self._schedule.least)
        self._began = self._flushed = time.monotonic()
        try:
            self._loop(pool, first)
        except SweepError:  # the disk: nothing more can be written
            pool.close()
            raise
        except KeyboardInterrupt:  # letting go of a cluster takes seconds; the process is about to end
            self._save(pool)
            raise
        except BaseException:
            self._save(pool)
            pool.close()
            raise
        pool.close()
        self._flush()
        self._tell(at_once=True)
        return self._standing()

    def _loop(self, pool: Pool, job: Job | None) -> None:
        flying = 0
        while True:
            while job is not None:
                unit = self._sweep.units[job.unit]
                pool.submit(job, unit.scenario, self._sweep.place(unit.area))
                flying += 1
                job = self._schedule.next() if flying < pool.size * AHEAD else None
            if not flying:
                return
            for finished, rows in pool.ready(0.2):
                flying -= 1
                self._take(rows)
                self._schedule.done(finished)
            self._pace(pool.size)
            due = time.monotonic() - self._flushed >= self._conduct.part_seconds
            if due or len(self._pending) >= PART_ROWS:
                self._flush()
            self._tell()
            if flying < pool.size * AHEAD:
                job = self._schedule.next()

    def _pace(self, workers: int) -> None:
        """Large areas get small jobs, so that a kill never costs more than seconds and stopping is quick."""
        now = self._standing()
        if now.new > 4 * workers:
            self._schedule.largest = max(
                self._schedule.least, min(self._most, int(JOB_SECONDS * now.new / now.seconds / workers))
            )

    def _take(self, rows: list[Row]) -> None:
        for row in rows:
            if row.key not in self._rows:
                self._rows[row.key] = row
                self._failed += bool(row.error)
                self._pending.append(row)

    def _flush(self) -> None:
        rows, self._pending = self._pending, []
        self._store.add(rows)
        self._flushed = time.monotonic()

    def _save(self, pool: Pool) -> None:
        """Write what is finished at once, in case Ctrl-C is pressed again; give up what is half done."""
        self._flush()
        for _, rows in pool.ready(0.0):
            self._take(rows)
        self._flush()
        pool.stop()
        until = time.monotonic() + LINGER
        while time.monotonic() < until:
            found = pool.ready(0.05)
            if not found:
                break
            for _, rows in found:
                self._take(rows)
        self._flush()

    def stopped(self) -> str:
        """The message for the person who stopped it."""
        now = self._standing()
        return (
            f"Stopped after {now.done:,} of {counted(now.total, 'run')}; all of them are kept. "
            f"Continue with: zones resume {self._sweep.folder}"
        )

    def _standing(self) -> Standing:
        new = len(self._rows) - self._before
        seconds = time.monotonic() - self._began
        return Standing(len(self._rows), max(len(self._rows), self._schedule.runs_wanted()), self._failed, new, seconds)

    def _tell(self, *, at_once: bool = False) -> None:
        moment = time.monotonic()
        watch = self._conduct.watch
        if watch is not None and (at_once or moment - self._told >= TELL_EVERY):
            self._told = moment
            watch(self._standing())
