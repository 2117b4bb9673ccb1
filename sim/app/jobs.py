"""The work behind all sessions: one organisation, results kept for a while, one heavy job at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sim import posterior
from sim.app.cache import Cache
from sim.app.question import FIRST, Arm, Question, shipped
from sim.app.replicates import Pair, head, joined
from sim.engine.batch import simulate
from sim.engine.setup import Setup, prepare, with_levers
from sim.engine.sums import Ensemble
from sim.engine.trace import Trace, nearest_to_median, trace
from sim.errors import Interrupted
from sim.organisation.organisation import Organisation

QUICK, CROWDED, FULL = 32, 8, 200
CROWD = 3
RECENT = 2.0
STEP = 24
KEPT_QUICK, KEPT_FULL, KEPT_TRACES = 16, 4, 8
"""A full answer to ten years of four zones takes 110 MiB, so few are kept: one visitor is to take less than 1 GiB."""
K = TypeVar("K")


class Run(NamedTuple):
    """What one arm's ensemble depends on, besides how many replicates it has."""

    arm: Arm
    months: int
    seed: int
    calibration: str = posterior.DEFAULT


def runs_of(question: Question) -> tuple[Run, Run]:
    """What the two arms' ensembles depend on."""
    first, other = (Run(arm, question.horizon, question.seed, question.calibration) for arm in question.arms)
    return first, other


@dataclass
class Jobs:
    """What all sessions share.

    Attributes:
        organisation: the place.
        first: the question that a page opens with.
        results: folder of sweeps and results, None if not given.
        show_names: real names of sites may be shown.
        remarks: what a reader should know of the place.
        log: file of the learning log.
        sample: rows of the usual parameter sample, as for the batch engine; (): every parameter at its default.
        again: options of `zones brief` that bring the same place.
        heavy: held by whatever keeps the machine busy; one at a time.
        own: a visitor's own list, held for one visit.
        closing: the server ends; nothing more is worked out in the background.
    """

    organisation: Organisation
    first: Question = FIRST
    results: Path | None = None
    show_names: bool = False
    remarks: tuple[str, ...] = ()
    log: Path | None = None
    sample: Sequence[dict[str, float]] = ()
    again: tuple[str, ...] = ()
    _quick: Cache = field(default_factory=lambda: Cache(KEPT_QUICK))
    _full: Cache = field(default_factory=lambda: Cache(KEPT_FULL))
    _traces: Cache = field(default_factory=lambda: Cache(KEPT_TRACES))
    _prepared: Cache = field(default_factory=lambda: Cache(KEPT_TRACES))
    heavy: threading.Lock = field(default_factory=threading.Lock)
    own: bool = False
    closing: bool = False
    _waiting: int = 0
    _busy: int = 0
    _held: dict[type[Any], Any] = field(default_factory=dict)
    _seen: dict[int, float] = field(default_factory=dict)
    _count: threading.Lock = field(default_factory=threading.Lock)
    _keeping: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, kind: type[K]) -> K:
        """What someone keeps with these jobs: the one object of its kind, made when it is first asked for."""
        with self._keeping:
            if kind not in self._held:
                self._held[kind] = kind()
            found: K = self._held[kind]
        return found

    def quick(self, question: Question, session: int = 0) -> Pair:
        """A quick answer: few replicates, fewer where many sessions move at once; full ones where they are kept."""
        runs = runs_of(question)
        kept = [self._full.get(run) for run in runs]
        if kept[0] is not None and kept[1] is not None:
            return kept[0], kept[1]
        count = self._replicates(session)
        with self._count:
            self._busy += 1
        try:
            with self._turn:
                first, other = (self._some(run, count) for run in runs)
        finally:
            with self._count:
                self._busy -= 1
        return first, other

    def _replicates(self, session: int) -> int:
        now = time.monotonic()
        with self._count:
            self._seen[session] = now
            self._seen = {s: t for s, t in self._seen.items() if now - t < RECENT}
            return CROWDED if len(self._seen) > CROWD else QUICK

    def _some(self, run: Run, count: int) -> Ensemble:
        full = self._full.get(run)
        if full is not None:
            return head(full, count)
        kept: Ensemble | None = self._quick.get(run)
        if kept is None or kept.replicates < count:
            kept = self._run(run, count)
            self._quick.put(run, kept)
        return head(kept, count)

    def _run(self, run: Run, count: int, first: int = 0, cancelled: Callable[[], bool] | None = None) -> Ensemble:
        return simulate(
            run.arm.scenario(),
            self.organisation,
            replicates=count,
            first=first,
            months=run.months,
            seed=run.seed,
            sample=self.rows(run.calibration),
            cancelled=cancelled,
            setup=self.prepared(run.arm, run.months),
        )

    def rows(self, calibration: str) -> Sequence[dict[str, float]]:
        """Rows that a calibration draws from; none where these jobs draw none."""
        if not self.sample or calibration == posterior.DEFAULT:
            return self.sample
        return posterior.load(calibration).rows

    def prepared(self, arm: Arm, months: int) -> Setup:
        """A scenario prepared for the place, once for all that differ only in levers which may change while it runs."""
        structure = arm.structure
        kept: Setup | None = self._prepared.get((structure, months))
        if kept is None:
            kept = prepare(structure.scenario(), self.organisation, months)
            self._prepared.put((structure, months), kept)
        return with_levers(kept, arm.scenario())

    def full(self, question: Question, cancelled: Callable[[], bool]) -> Pair:
        """The whole ensembles; waits for its turn, lets quick answers go first, and stops when asked.

        Raises:
            Interrupted: `cancelled` said so.
        """
        with self.heavy:
            first, other = (self._whole(run, cancelled) for run in runs_of(question))
        return first, other

    def awaited(self, question: Question) -> Pair:
        """The whole ensembles for a waiting visitor."""
        with self.in_front():
            return self.full(question, lambda: False)

    def _whole(self, run: Run, cancelled: Callable[[], bool]) -> Ensemble:
        kept: Ensemble | None = self._full.get(run)
        if kept is not None:
            return kept
        begun: Ensemble | None = self._quick.get(run)
        parts = [] if begun is None else [begun]
        done = sum(p.replicates for p in parts)
        while done < FULL:
            self._give_way(cancelled)
            count = min(STEP, FULL - done)
            parts.append(self._run(run, count, done, cancelled))
            done += count
        whole = joined(parts)
        self._full.put(run, whole)
        return whole

    def _give_way(self, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + 1.0
        while True:
            if cancelled():
                raise Interrupted("Another question has been asked since.")
            if not self._busy or time.monotonic() > until:
                return
            time.sleep(0.005)

    def followed(self, question: Question, pair: Pair, cancelled: Callable[[], bool]) -> tuple[Trace, Trace]:
        """The run nearest the median of the first arm, month by month, and the other arm's with the same numbers."""
        key = (question, pair[0].replicates)
        kept: tuple[Trace, Trace] | None = self._traces.get(key)
        if kept is not None:
            return kept
        number = nearest_to_median(pair[0], courses(pair[0])) + pair[0].first
        with self.heavy:
            runs = zip(runs_of(question), pair, strict=True)
            first, other = (self._follow(run, e, number, cancelled) for run, e in runs)
        self._traces.put(key, (first, other))
        return first, other

    def _follow(self, run: Run, ensemble: Ensemble, replicate: int, cancelled: Callable[[], bool]) -> Trace:
        setup, rows = self.prepared(run.arm, ensemble.months), self.rows(run.calibration)
        return trace(setup, seed=ensemble.seed, replicate=replicate, sample=rows, cancelled=cancelled)

    @contextmanager
    def in_front(self) -> Iterator[None]:
        """While a visitor waits, neither stories nor the evidence are worked out."""
        with self._count:
            self._waiting += 1
        try:
            yield
        finally:
            with self._count:
                self._waiting -= 1

    def elsewhere(self, name: str) -> Jobs:
        """A jobs on the generated area of a shipped scenario; this one where it is that area already."""
        from sim.organisation.generate.synthetic import generate

        found = generate(dict(shipped(name).area))
        if found.digest == self.organisation.digest:
            return self
        return Jobs(found, heavy=self.heavy, sample=self.sample)

    def warm(self) -> None:
        """Have the first answer at hand before the first visitor asks."""
        with suppress(Interrupted):
            pair = self.full(self.first, lambda: self.closing)
            self.followed(self.first, pair, lambda: self.closing)

    def asked_meanwhile(self) -> bool:
        """Does a visitor wait, or does the server end?"""
        return self._busy > 0 or self._waiting > 0 or self.closing


def courses(ensemble: Ensemble) -> list[Any]:
    """What a run is judged by when the one nearest the median is looked for: use, fidelity, sites, families."""
    from sim.engine.sums import COUNTS, FAMILY

    named = ("practitioners_using", "practitioners_at_fidelity", "sites_full")
    found = [ensemble.counts[..., COUNTS.index(name)].sum(axis=2) for name in named]
    return [*found, ensemble.family[..., FAMILY.index("families_reached_at_fidelity")].sum(axis=(2, 3))]
