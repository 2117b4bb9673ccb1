"""What is done before the server listens, so that the first visitors are answered at once, even several together."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from sim.app import actions
from sim.app.answer import answer, as_text
from sim.app.controls import about_page
from sim.app.jobs import Jobs
from sim.app.pages import PAGES
from sim.app.serve import PAGE
from sim.errors import Interrupted


def be_ready(jobs: Jobs) -> None:
    """Import all that the page needs and go through it once: its words, the place, a quick answer to its question.

    Imports at the first visit would be made by many threads at once, each waiting for the others, and the first answer
    would wait for the compiler.

    Args:
        jobs: opened, with the question that the page opens with.
    """
    import_module(PAGE)
    as_text({**about_page(), **actions.place(jobs)})
    as_text(answer(jobs, jobs.first, jobs.quick(jobs.first), quick=True))


def work_ahead(jobs: Jobs) -> None:
    """Have the first answer in full, then whatever a page wants worked out before anybody asks for it."""
    jobs.warm()
    for page in reversed(PAGES):  # stories before the evidence: somebody may be about to present
        if page.ahead and not jobs.closing:
            with suppress(Interrupted):
                page.ahead(jobs)
