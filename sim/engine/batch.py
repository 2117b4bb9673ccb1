"""Many replicates at once: compiled months over arrays, replicates in threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

import numpy as np

from sim.counts import counted
from sim.engine import draws
from sim.engine.building import build
from sim.engine.compiling import ready
from sim.engine.diary import DiaryWriter, empty, seen
from sim.engine.draws import KEYS
from sim.engine.pasts import Pasts, spans
from sim.engine.schedule import run_months
from sim.engine.setup import Setup, prepare
from sim.engine.sums import AREA, COUNTS, COURSE, FAMILY, MARKED, MARKS, SUMS, Ensemble, Sample
from sim.engine.world import CHANGING, MONTHS, Record, World, as_record
from sim.errors import Interrupted, ScenarioError
from sim.organisation.codes import AGENCIES, FIFTHS, STAGES
from sim.organisation.organisation import Organisation
from sim.parameters import Parameters
from sim.platforms.cores import cores
from sim.rules.site import INSTALLATION
from sim.scenarios.scenario import Scenario

STOPPING_SECONDS = 0.1
"""How long to wait, in all, for threads that were asked to stop. One that is compiling, or far from the end of a month,
is left behind."""


class Wanted(NamedTuple):
    """What is written down of a run; all else stays as in an ensemble that was not run.

    Attributes:
        months: these alone; None: all.
        by_site: these measures (number and month, see `engine/by_site.py`) instead of sites' own months; None: those.
    """

    months: frozenset[int] | None = None
    by_site: tuple[tuple[int, int], ...] | None = None


WHOLE = Wanted()


class Run(NamedTuple):
    """What is run: all replicates of an ensemble."""

    setup: Setup
    ensemble: Ensemble
    pasts: Pasts | None
    wanted: Wanted = WHOLE


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    replicates: int = 200,
    months: int | None = None,
    seed: int = 1,
    first: int = 0,
    sample: Sample = (),
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    setup: Setup | None = None,
    rows: Sequence[int] | None = None,
    diaries: Sequence[str] = (),
    pasts: Pasts | None = None,
) -> Ensemble:
    """Run a scenario on an organisation.

    Args:
        scenario: resolved scenario.
        organisation: the place; sites outside the scenario's scope are left out.
        replicates: how many runs.
        months: horizon; the scenario's own if None.
        seed: from 0, below KEYS; the same seed gives the same random numbers in every scenario.
        first: number of the first replicate, so that an ensemble can be extended.
        sample: rows of a parameter sample; replicate r uses the row chosen by hash(seed, r). Empty: defaults.
        threads: worker threads; all cores if None. Results do not depend on it.
        progress: called with (done, total).
        cancelled: asked often; True stops the run.
        setup: the scenario already prepared for these months, as `prepare` does; None: prepared here.
        rows: row of the sample of each replicate, -1 for defaults; None: those chosen by hash(seed, r).
        diaries: which of `diary.DIARIES` are kept; none costs nothing.
        pasts: runs whose past the replicates have; None: none.

    Raises:
        ScenarioError: replicates, months or seed out of range, or a plan that does not fit the organisation.
        OrganisationError: no site within scope.
        Interrupted: `cancelled` said so.
    """
    run = begin(scenario, organisation, replicates=replicates, months=months, seed=seed, first=first, sample=sample,
                setup=setup, rows=rows, diaries=diaries, pasts=pasts)  # fmt: skip
    workers = max(1, min(threads or cores(), replicates))
    fill(run, [_worker(run) for _ in range(workers)], 1, progress, cancelled)
    return run.ensemble


def begin(
    scenario: Scenario,
    organisation: Organisation,
    *,
    replicates: int = 200,
    months: int | None = None,
    seed: int = 1,
    first: int = 0,
    sample: Sample = (),
    setup: Setup | None = None,
    rows: Sequence[int] | None = None,
    diaries: Sequence[str] = (),
    pasts: Pasts | None = None,
    wanted: Wanted = WHOLE,
) -> Run:
    """A run with room for what is wanted of it, before anything is run; arguments and errors as in `simulate`."""
    check_run(replicates, months, seed)
    setup = setup or prepare(scenario, organisation, months)
    ensemble = replace(empty_ensemble(setup, replicates, seed, first, sample), diary=empty(setup, replicates, diaries))
    if rows is not None:
        ensemble.rows[:] = rows
    return Run(setup, ensemble if wanted == WHOLE else _fewer(ensemble, wanted), pasts, wanted)


def _fewer(e: Ensemble, wanted: Wanted) -> Ensemble:
    """The same, a month of all replicates beside another, so that months that are not kept take no memory."""
    found: dict[str, Any] = {"by_site": {one: np.empty(e.replicates) for one in wanted.by_site or ()}}
    for name in Record._fields:
        rows = getattr(e, name)
        found[name] = np.zeros((rows.shape[1], rows.shape[0], *rows.shape[2:]), rows.dtype).swapaxes(0, 1)
    return replace(e, **found)


Worker = Callable[[range, Any], Generator[int]]
"""Runs a share of the replicates unless a flag says stop; gives how many more are done, or how much of them."""


def fill(
    run: Run,
    workers: Sequence[Worker],
    share: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Run all replicates of an ensemble, a share after another, each worker in a thread of its own."""
    total, stop = run.ensemble.replicates, np.zeros(1, np.uint8)
    todo = iter(range(0, total, share))
    done: SimpleQueue[BaseException | int] = SimpleQueue()

    def work(worker: Worker) -> None:
        try:
            for first in todo:
                with closing(worker(range(first, min(first + share, total)), stop)) as running:
                    for more in running:
                        if stop[0]:
                            return
                        done.put(more)
        except BaseException as error:
            done.put(error)

    crew = [Thread(target=work, args=(worker,), name="zones-run", daemon=True) for worker in workers]
    try:
        for thread in crew:
            thread.start()
        watch(done, total, progress, cancelled)
    finally:
        stop[0] = 1
        end = time.monotonic() + STOPPING_SECONDS
        for thread in crew:
            if thread.is_alive():  # one that an interrupt kept from beginning cannot be waited for
                thread.join(max(0.0, end - time.monotonic()))


def _worker(run: Run) -> Worker:
    """One that runs replicates on the processor, in a world of its own."""
    workspace = Workspace(run.setup)

    def work(share: range, stop: Any) -> Generator[int]:
        for index in share:
            _one_replicate(run, workspace.fresh(), index, stop)
            yield 1

    return work


class Workspace:
    """A world that one replicate after another may use."""

    def __init__(self, setup: Setup) -> None:
        self.world = build(setup)
        found = [getattr(getattr(self.world, of), name) for of, names in CHANGING.items() for name in names]
        changing = [values.reshape(-1).view(np.uint8) for values in found]
        self._untouched = [(values, values.copy()) for values in changing]

    def fresh(self) -> World:
        """The world as it was built."""
        for values, before in self._untouched:
            np.copyto(values, before)
        self.world.people.peers.fill(0)
        return self.world


def watch(
    done: SimpleQueue[BaseException | int],
    total: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Wait for all replicates on a queue, which tells how many more are done, or what went wrong: waiting on thousands
    of futures holds their locks when interrupted.
    """
    finished = 0
    while finished < total:
        try:
            more = done.get(timeout=0.1)
        except Empty:
            more = 0
        if isinstance(more, BaseException):
            raise more
        finished += more
        if progress and more:
            progress(finished, total)
        if finished < total and cancelled and cancelled():
            raise Interrupted(f"Stopped after {finished} of {counted(total, 'replicate')}; nothing was written.")


def check_run(replicates: int, months: int | None, seed: int) -> None:
    """Refuse settings of a run that are out of range.

    Raises:
        ScenarioError: with what is allowed.
    """
    if not 1 <= replicates <= 1_000_000:
        raise ScenarioError(f"replicates must be a whole number in [1, 1000000]; got {replicates}.")
    if months is not None and not 1 <= months <= 1200:
        raise ScenarioError(f"months must be a whole number in [1, 1200]; got {months}.")
    if not 0 <= seed < KEYS:
        raise ScenarioError(f"seed must be a whole number in [0, {KEYS - 1}]; got {seed}.")


def empty_ensemble(setup: Setup, replicates: int, seed: int, first: int, sample: Sample) -> Ensemble:
    """Room for all results.

    Raises:
        ScenarioError: there is not so much memory.
    """
    try:
        return _room(setup, replicates, seed, first, sample)
    except MemoryError:
        raise ScenarioError(
            f"{replicates:,} replicates of {setup.months:,} months need more memory than this machine has; ask for "
            f"fewer replicates or months, or run a sweep, which keeps headlines only."
        ) from None


def _room(setup: Setup, replicates: int, seed: int, first: int, sample: Sample) -> Ensemble:
    t, z, s = setup.months + 1, len(setup.course.opens) + 1, len(setup.place.site_id)
    years = max(1, -(-setup.months // 12))
    numbers = range(first, first + replicates)
    rows = draws.rows_of(seed, numbers, len(sample)) if len(sample) else np.full(replicates, -1, np.int64)
    return Ensemble(
        scenario=setup.scenario,
        organisation=setup.organisation,
        zones=tuple(zone.name for zone in setup.scenario.zones),
        site_zone=setup.course.site_zone,
        months=setup.months,
        seed=seed,
        first=first,
        rows=rows,
        sample=sample,
        counts=np.zeros((replicates, t, z, len(COUNTS)), np.int64),
        sums=np.zeros((replicates, t, z, len(SUMS)), np.float64),
        area=np.zeros((replicates, t, len(AREA)), np.float64),
        family=np.zeros((replicates, t, z, FIFTHS, len(FAMILY)), np.int64),
        site_month=np.full((replicates, s, 4), -1, np.int32),
        certified_at_36=np.full((replicates, s), -1, np.int8),
        kept=np.full((replicates, s), -1, np.int8),
        not_sustained=np.zeros((replicates, s), np.int8),
        marked=np.full((replicates, s, len(MARKS), len(MARKED)), np.nan),
        cost=np.zeros((replicates, len(AGENCIES) + 1, years, 2), np.float64),
        site_course=np.full((replicates, s, len(COURSE)), -1, np.int32),
    )


def parameters_of(scenario: Scenario, sample: Sample, row: int) -> Parameters:
    """Parameters of one replicate: the scenario's, over a row of the sample."""
    return scenario.parameter_values(sample[row] if row >= 0 else None)


def _one_replicate(run: Run, world: World, index: int, stop: Any) -> None:
    e = run.ensemble
    key = np.uint64(draws.run_key(np.uint64(e.seed), np.uint64(e.first + index)))
    values, page = as_record(e.parameters(index)), e.diary and DiaryWriter(e.diary, index, run.setup.place.person_site)
    past = None if run.pasts is None else (run.pasts, index)
    for span in spans(key, run.setup.months, stop, past, monthly=bool(page)):
        given = (world, values, record_of(e, index), span)
        ready(given)
        if not run_months(*given):
            return
        if page:
            page.write(span.first, seen(world))
    store_end(e, index, world)
    if page:
        page.close(run.setup.months)


def record_of(e: Ensemble, index: int | slice) -> Record:
    """The record of the months of one replicate, or of several (with one more axis in front)."""
    return Record(e.counts[index], e.sums[index], e.area[index], e.family[index])


def store_end(e: Ensemble, index: int | slice, world: World) -> None:
    """Copy what is known at the end of a replicate, or of several (with one more axis in front)."""
    for name, read in AT_THE_END.items():
        getattr(e, name)[index] = read(world)


def _columns(records: Any, names: Sequence[str], *more: Any) -> Any:
    return np.stack([*(records[name] for name in names), *more], axis=-1)


def _generation(world: World) -> Any:
    """How many teams lie between each site and the external supporters, 0 where it never took part."""
    sites, teams = world.actors.sites, world.actors.teams
    own = np.take_along_axis(teams["generation"], np.maximum(sites["team"], 0), -1) if teams.shape[-1] else 0
    found = np.where(sites["team"] >= 0, own, sites["core"] >= 0)
    return np.where(sites["stage"] >= INSTALLATION, found, 0)


AT_THE_END: dict[str, Callable[[World], Any]] = {
    "site_month": lambda world: _columns(world.actors.sites, MONTHS),
    "certified_at_36": lambda world: world.actors.sites["certified_at_36"],
    "kept": lambda world: world.actors.sites["kept"],
    "not_sustained": lambda world: world.actors.sites["stage"] == STAGES.index("not_sustained"),
    "marked": lambda world: world.books.marked,
    "cost": lambda world: world.books.cost_agency,
    "site_course": lambda world: _columns(world.actors.sites, COURSE[:2], _generation(world)),
}
"""Arrays of an ensemble that are known at the end of a replicate: of sites, and what each agency paid."""

READ_AT_THE_END = {"actors": ("sites", "teams"), "books": ("marked", "cost_agency")}
"""Arrays of a world that those are read from."""
