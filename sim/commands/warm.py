"""`zones warm`: done ahead what a first run, chart or page would otherwise wait for."""

from __future__ import annotations

import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from sim.commands.console import say, show, show_json
from sim.errors import ZonesError

PAUSE = 0.1
Step = tuple[str, Callable[[], str]]


def warm(asked: Namespace) -> None:
    """Do it step by step, saying what each step is for and how long it took.

    Raises:
        ZonesError: nothing can be kept on this machine, so that every start has to compile.
    """
    from sim.engine.kernel import cache_folder, why_uncached

    folder = cache_folder()
    if folder is None:
        raise ZonesError(
            f"warm: there is no safe folder to keep the compiled model in ({why_uncached()}), so every start compiles; "
            f"name one of your own with the environment variable NUMBA_CACHE_DIR."
        )
    found, begun = [], time.monotonic()
    for words, do in _steps():
        say(f"{words} ...")
        start = time.monotonic()
        done = do()
        found.append({"step": words, "done": done, "seconds": round(time.monotonic() - start, 1)})
        say(f"  {done}, {found[-1]['seconds']:.1f} s")
    taken = time.monotonic() - begun
    if asked.json:
        show_json({"folder": str(folder), "steps": found, "seconds": round(taken, 1)})
        return
    show(
        f"Ready after {taken:.0f} s. It is kept in {folder} until zones is updated: for this user on this machine "
        f"every start is quick now."
    )


def _steps() -> Iterator[Step]:
    yield "Compiling the model for this machine (15 to 30 seconds, once)", _model
    yield "Listing this machine's fonts for charts", _charts
    if find_spec("solara") is None:
        say("The pages are not installed (the extra 'app'), so there is nothing to prepare for them.")
        return
    yield "Preparing the pages: their packages and their first answer", _pages
    yield "Comparing the model with the published figures for the page Evidence (10 to 40 seconds, once)", _evidence


def _model() -> str:
    from sim.engine.batch import simulate
    from sim.engine.kernel import is_warm
    from sim.organisation.generate import synthetic
    from sim.scenarios.files import load

    before = is_warm()
    simulate(load("with-teams"), synthetic.generate({"sites": 6}), replicates=1, months=1)
    return "compiled before" if before else "compiled"


def _charts() -> str:
    from matplotlib import font_manager

    return f"{len(font_manager.fontManager.ttflist)} fonts known"


def _pages() -> str:
    from sim import posterior
    from sim.app import serve
    from sim.app.jobs import Jobs

    serve.application()
    from sim.app.readiness import be_ready  # the page's framework reads its settings when it is imported
    from sim.app.web.served import open_jobs
    from sim.organisation.generate import synthetic

    jobs = Jobs(synthetic.generate({}), sample=posterior.load().rows)
    open_jobs(jobs)
    be_ready(jobs)
    return "loaded and answered"


def _evidence() -> str:
    from sim.app.evidence_job import EvidenceJob

    job = EvidenceJob()
    if job.state == "done":
        return "measured before"
    job.start(threading.Lock())
    while job.state == "measuring":
        time.sleep(PAUSE)
    if job.state != "done":
        raise ZonesError(f"warm: the published figures could not be measured: {job.state}")
    return "measured and kept"
