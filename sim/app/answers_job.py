"""The file that answers levers, made in the background: one at a time, and never before a visitor who waits."""

from __future__ import annotations

import threading
import time
from typing import Any

from sim.app.handing_on import case_of
from sim.app.jobs import Jobs
from sim.app.question import Question
from sim.errors import ScenarioError, ZonesError
from sim.handouts import one_file, slides
from sim.handouts.fitting import RUNS, Effort, Fitting

PAUSE = 0.02
FILE = "answers.html"


class AnswersJob:
    """At most one file in the making, and the last one that was made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._question: Question | None = None
        self._words = ""
        self._made = ""
        self._trouble = ""

    def look(self, jobs: Jobs, question: Question, command: str) -> dict[str, Any]:
        """How far the file of this question is; begins it where none is in the making.

        Returns:
            'state' in words while it is made; 'file' and 'text' once it is.

        Raises:
            ScenarioError: another visitor's file is being made, or this one cannot be.
        """
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            mine = self._question == question
            if busy and not mine:
                raise ScenarioError("Another file is being made on this server; try again in a minute.")
            if not busy and mine and self._trouble:
                self._question = None
                raise ScenarioError(self._trouble)
            if not busy and mine and self._made:
                return {"file": FILE, "text": self._made}
            if not busy:
                self._question, self._made, self._trouble, self._words = question, "", "", "Running both plans"
                work = (jobs, question, command)
                self._thread = threading.Thread(target=self._make, args=work, name="zones-answers", daemon=True)
                self._thread.start()
            return {"state": self._words}

    def _make(self, jobs: Jobs, question: Question, command: str) -> None:
        def progress(what: str, done: int, total: int) -> None:
            self._words = f"{what}: {done} of {total}" if total > 1 else what
            while jobs.asked_meanwhile() and not jobs.closing:
                time.sleep(PAUSE)

        try:
            pair = jobs.full(question, lambda: jobs.closing)
            case = case_of(jobs, question, command)
            fitted = Fitting(case, Effort(RUNS), lambda: jobs.closing, progress).done(pair)
            told = slides.filled(slides.plain(case), case, pair)
            self._made = one_file.as_html(case, pair, fitted, told)
        except ZonesError as error:
            self._trouble = str(error)
