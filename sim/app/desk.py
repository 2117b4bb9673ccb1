"""The desk behind all sessions: one place, results kept for a while, one heavy job at a time, the latest wins."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.app.proof import Proof
from sim.app.question import FIRST, Arm, Question, shipped
from sim.engine.batch import simulate
from sim.engine.measures import Ensemble
from sim.engine.setup import Setup, prepare, with_levers
from sim.engine.trace import Trace, nearest_to_median, trace
from sim.errors import Interrupted, ZonesError
from sim.organisation.organisation import Organisation

QUICK, CROWDED, FULL = 32, 8, 200
CROWD = 3
RECENT = 2.0
QUIET = 0.18
STEP = 24
KEPT_QUICK, KEPT_FULL, KEPT_TRACES = 24, 6, 8
PER_REPLICATE = (
    *("rows", "counts", "sums", "area", "family", "site_month", "certified_at_36"),
    *("kept", "not_sustained", "marked", "cost"),
)

Pair = tuple[Ensemble, Ensemble]


class Shelf:
    """Keeps the latest of what was used."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        """What is kept under the key, None if nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Any, value: Any) -> None:
        """Keep it, and let go of the oldest."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


@dataclass
class Desk:
    """What all sessions share.

    Attributes:
        organisation: the place.
        first: the question that a page opens with.
        results: folder of sweeps and results, None if not given.
        show_names: real names of sites may be shown.
        remarks: what a reader should know of the place.
        log: file of the learning log.
        sample: rows of a parameter sample, as for the batch engine.
        again: options of `zones brief` that bring the same place.
        parts: what was worked out of one arm's ensemble.
        models: Mesa models that were stepped.
        heavy: held by whatever keeps the machine busy; one at a time.
        proof: the evidence ledger, once measured.
        stories: those that were worked out, with all that they show.
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
    parts: Shelf = field(default_factory=lambda: Shelf(KEPT_QUICK))
    models: Shelf = field(default_factory=lambda: Shelf(2))
    _quick: Shelf = field(default_factory=lambda: Shelf(KEPT_QUICK))
    _full: Shelf = field(default_factory=lambda: Shelf(KEPT_FULL))
    _traces: Shelf = field(default_factory=lambda: Shelf(KEPT_TRACES))
    _laid: Shelf = field(default_factory=lambda: Shelf(KEPT_TRACES))
    heavy: threading.Lock = field(default_factory=threading.Lock)
    proof: Proof = field(default_factory=Proof)
    stories: dict[str, dict[str, Any]] = field(default_factory=dict)
    closing: bool = False
    _waiting: int = 0
    _busy: int = 0
    _seen: dict[int, float] = field(default_factory=dict)
    _count: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def quick(self, question: Question, session: int = 0) -> Pair:
        """A quick answer: few replicates, fewer where many sessions move at once; full ones where they are kept."""
        months = question.horizon
        kept = [self._full.get((arm, months, question.seed)) for arm in question.arms]
        if kept[0] is not None and kept[1] is not None:
            return kept[0], kept[1]
        count = self._replicates(session)
        with self._count:
            self._busy += 1
        try:
            with self._turn:
                first, other = (self._some(arm, months, question.seed, count) for arm in question.arms)
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

    def _some(self, arm: Arm, months: int, seed: int, count: int) -> Ensemble:
        full = self._full.get((arm, months, seed))
        if full is not None:
            return head(full, count)
        kept: Ensemble | None = self._quick.get((arm, months, seed))
        if kept is None or kept.replicates < count:
            kept = self._run(arm, months, seed, count)
            self._quick.put((arm, months, seed), kept)
        return head(kept, count)

    def _run(
        self, arm: Arm, months: int, seed: int, count: int, first: int = 0, cancelled: Callable[[], bool] | None = None
    ) -> Ensemble:
        return simulate(
            arm.scenario(),
            self.organisation,
            replicates=count,
            first=first,
            months=months,
            seed=seed,
            sample=self.sample,
            cancelled=cancelled,
            setup=self.laid(arm, months),
        )

    def laid(self, arm: Arm, months: int) -> Setup:
        """A scenario laid on the place; done once for all that differ in levers which may change while a plan runs."""
        structure = arm.structure
        kept: Setup | None = self._laid.get((structure, months))
        if kept is None:
            kept = prepare(structure.scenario(), self.organisation, months)
            self._laid.put((structure, months), kept)
        return with_levers(kept, arm.scenario())

    def full(self, question: Question, cancelled: Callable[[], bool]) -> Pair:
        """The whole ensembles; waits for its turn, gives way to quick answers, stops when told.

        Raises:
            Interrupted: `cancelled` said so.
        """
        with self.heavy:
            first, other = (self._whole(arm, question, cancelled) for arm in question.arms)
        return first, other

    def awaited(self, question: Question) -> Pair:
        """The whole ensembles for a visitor who waits for them."""
        with self.in_front():
            return self.full(question, lambda: False)

    def _whole(self, arm: Arm, question: Question, cancelled: Callable[[], bool]) -> Ensemble:
        key = (arm, question.horizon, question.seed)
        kept: Ensemble | None = self._full.get(key)
        if kept is not None:
            return kept
        begun: Ensemble | None = self._quick.get(key)
        parts = [] if begun is None else [begun]
        done = sum(p.replicates for p in parts)
        while done < FULL:
            self._give_way(cancelled)
            count = min(STEP, FULL - done)
            parts.append(self._run(arm, question.horizon, question.seed, count, done, cancelled))
            done += count
        whole = joined(parts)
        self._full.put(key, whole)
        return whole

    def _give_way(self, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + 1.0
        while True:
            if cancelled():
                raise Interrupted("Another question was asked meanwhile.")
            if not self._busy or time.monotonic() > until:
                return
            time.sleep(0.005)

    def followed(self, question: Question, pair: Pair, cancelled: Callable[[], bool]) -> tuple[Trace, Trace]:
        """The run nearest the median of the first arm, month by month, and the other arm's run of the same luck."""
        key = (question, pair[0].replicates)
        kept: tuple[Trace, Trace] | None = self._traces.get(key)
        if kept is not None:
            return kept
        number = nearest_to_median(pair[0], courses(pair[0])) + pair[0].first
        with self.heavy:
            first, other = (self._follow(a, e, number, cancelled) for a, e in zip(question.arms, pair, strict=True))
        self._traces.put(key, (first, other))
        return first, other

    def _follow(self, arm: Arm, ensemble: Ensemble, replicate: int, cancelled: Callable[[], bool]) -> Trace:
        setup = self.laid(arm, ensemble.months)
        return trace(setup, seed=ensemble.seed, replicate=replicate, sample=self.sample, cancelled=cancelled)

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

    def elsewhere(self, name: str) -> Desk:
        """A desk on the generated area of a shipped scenario; this one where it is that area already."""
        from sim.organisation.generate.synthetic import generate

        found = generate(dict(shipped(name).area))
        if found.digest == self.organisation.digest:
            return self
        return Desk(found, heavy=self.heavy, sample=self.sample)

    def warm(self) -> None:
        """Have the first answer at hand before the first visitor asks, then the stories."""
        with suppress(Interrupted):
            pair = self.full(self.first, lambda: self.closing)
            self.followed(self.first, pair, lambda: self.closing)
            self._tell_stories()

    def _tell_stories(self) -> None:
        """Work out all stories while nobody else waits for an answer."""
        from sim.app import stories

        waiting = list(stories.names())
        while waiting and not self.closing:
            with suppress(Interrupted):
                stories.told(self, waiting[0], self.asked_meanwhile)
                waiting.pop(0)
            while self.asked_meanwhile() and not self.closing:
                time.sleep(0.05)

    def asked_meanwhile(self) -> bool:
        """Does a visitor wait, or does the server end?"""
        return self._busy > 0 or self._waiting > 0 or self.closing


def courses(ensemble: Ensemble) -> list[Any]:
    """What a run is judged by when the one nearest the median is looked for: use, fidelity, sites, families."""
    from sim.engine.measures import COUNTS, FAMILY

    named = ("practitioners_using", "practitioners_at_fidelity", "sites_full")
    found = [ensemble.counts[..., COUNTS.index(name)].sum(axis=2) for name in named]
    return [*found, ensemble.family[..., FAMILY.index("families_reached_at_fidelity")].sum(axis=(2, 3))]


def head(ensemble: Ensemble, count: int) -> Ensemble:
    """Its first replicates."""
    if ensemble.replicates <= count:
        return ensemble
    return replace(ensemble, **{name: getattr(ensemble, name)[:count] for name in PER_REPLICATE})


def joined(parts: list[Ensemble]) -> Ensemble:
    """Ensembles of the same run, one after the other."""
    if len(parts) == 1:
        return parts[0]
    whole: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in PER_REPLICATE}
    return replace(parts[0], **whole)


class Session:
    """One open page: answers at once, refines in the background, forgets what was asked before."""

    def __init__(self, desk: Desk, tell: Callable[[Question, Pair, tuple[Trace, Trace] | None], None]) -> None:
        """Begin.

        Args:
            desk: what all sessions share.
            tell: called in the background with a full answer, then once more with the run that is shown.
        """
        self._desk = desk
        self._tell = tell
        self._wanted: tuple[int, Question] | None = None
        self._number = 0
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._refine, name="zones-refine", daemon=True)
        self._thread.start()

    def ask(self, question: Question, show: Callable[[Pair], None] = lambda _pair: None) -> None:
        """Show the quick answer; the full one follows in the background unless something else is asked before.

        Args:
            question: what is asked.
            show: called with the quick answer before the full one can follow it.
        """
        with self._wake:
            self._number += 1
            self._wanted = None
        show(self._desk.quick(question, id(self)))
        with self._wake:
            self._wanted = (self._number, question)
            self._wake.notify()

    def close(self) -> None:
        """End the background work."""
        with self._wake:
            self._closed = True
            self._number += 1
            self._wake.notify()

    def _refine(self) -> None:
        while True:
            with self._wake:
                while self._wanted is None and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                number, question = self._wanted or (0, FIRST)
                self._wanted = None
                if self._wake.wait(QUIET) and (self._number != number or self._closed):
                    continue
            with suppress(Interrupted, ZonesError):
                self._answer(number, question)

    def _answer(self, number: int, question: Question) -> None:
        def outdated() -> bool:
            return self._closed or self._desk.closing or self._number != number

        with self._desk.in_front():
            pair = self._desk.full(question, outdated)
            if not outdated():
                self._tell(question, pair, None)
            followed = self._desk.followed(question, pair, outdated)
        if not outdated():
            self._tell(question, pair, followed)


_DESK: list[Desk] = []


def open_desk(desk: Desk) -> None:
    """Make it the one that pages use."""
    _DESK[:] = [desk]


def the_desk() -> Desk:
    """The desk of this process.

    Raises:
        ZonesError: none was opened.
    """
    if not _DESK:
        raise ZonesError("zones app: no area has been opened yet; start the page with `zones app`.")
    return _DESK[0]
