"""One open page: its question is answered at once and refined in the background; the latest question wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from sim.app.jobs import Jobs
from sim.app.question import FIRST, Question
from sim.app.replicates import Pair
from sim.engine.trace import Trace
from sim.errors import Interrupted, ZonesError

QUIET = 0.18
"""Seconds without another question before the full answer is begun."""


class Session:
    """One open page: answers at once, refines in the background, forgets what was asked before."""

    def __init__(self, jobs: Jobs, tell: Callable[[Question, Pair, tuple[Trace, Trace] | None], None]) -> None:
        """Begin.

        Args:
            jobs: what all sessions share.
            tell: called in the background with a full answer, then once more with the run that is shown.
        """
        self._jobs = jobs
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
        show(self._jobs.quick(question, id(self)))
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
            return self._closed or self._jobs.closing or self._number != number

        with self._jobs.in_front():
            pair = self._jobs.full(question, outdated)
            if not outdated():
                self._tell(question, pair, None)
            followed = self._jobs.followed(question, pair, outdated)
        if not outdated():
            self._tell(question, pair, followed)
