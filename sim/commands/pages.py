"""`zones app` and `zones brief`."""

from __future__ import annotations

import shlex
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import list_options
from sim.commands.console import say
from sim.platforms.names import command_line

if TYPE_CHECKING:
    from sim.app.jobs import Jobs
    from sim.app.link import Shared
    from sim.app.question import Question

LOG = "learning-log.sqlite"
CLOSING_SECONDS = 10.0
"""How long the end of `zones app` waits for the work that is under way."""


def app(asked: Namespace) -> None:
    """Serve the pages until interrupted."""
    import threading

    from sim.app import serve
    from sim.app.web.served import open_jobs
    from sim.platforms.memory import give_back_memory

    serve.check_free(asked.host, asked.port)
    beyond = asked.host not in serve.LOOPBACK
    key = serve.new_key() if beyond else ""
    page = serve.application(asked.host, asked.port, key=key, names=tuple(asked.name))
    from sim.app.readiness import be_ready, work_ahead  # the page's framework reads its settings when it is imported

    give_back_memory()
    jobs = _jobs(asked)
    open_jobs(jobs)
    say("Loading the pages and working out their first answer ...")
    be_ready(jobs)
    warming = threading.Thread(target=work_ahead, args=(jobs,), name="zones-warm", daemon=True)
    warming.start()
    shown = f"http://localhost:{asked.port}/" if not beyond else f"http://{asked.host}:{asked.port}/?key={key}"
    say(f"The page is at {shown} (Ctrl-C ends it).")
    if beyond:
        say("Anyone with this link can reach it from other machines. Put it behind your own sign-in and HTTPS.")
    try:
        serve.listen(asked.host, asked.port, page, open_browser=not asked.no_browser and not beyond)
    finally:
        # A thread that still computes when Python ends would abort it.
        jobs.closing = True
        warming.join(CLOSING_SECONDS)


def _jobs(asked: Namespace) -> Jobs:
    from sim import posterior
    from sim.app.jobs import Jobs
    from sim.app.question import FIRST, read_arm
    from sim.commands.runs import warn_if_cold
    from sim.errors import ZonesError
    from sim.results.study import choose_organisation

    first = replace(FIRST, arms=(read_arm({"preset": asked.scenario}), FIRST.arms[1]), calibration=asked.calibration)
    if asked.results is not None and not Path(asked.results).is_dir():
        raise ZonesError(f"--results {asked.results} is not a folder; give the folder of a sweep or of results.")
    place = choose_organisation(
        [first.arms[0].scenario()],
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed,
        lists=list_options.lists(asked),
    )
    warn_if_cold("batch")
    return Jobs(
        organisation=place.organisation,
        first=first,
        results=Path(asked.results) if asked.results else None,
        show_names=asked.show_names,
        remarks=place.remarks,
        log=Path(asked.log) if asked.log else Path("results") / LOG,
        sample=posterior.load().rows,
        again=_again(asked, asked.scenario),
    )


def _again(asked: Namespace, scenario: str) -> tuple[str, ...]:
    """Options of `zones brief` that bring the same place, or the scenario whose area it is."""
    return (*place_options(asked), *(() if asked.area else ("--area-of", scenario)))


def place_options(asked: Namespace) -> tuple[str, ...]:
    """Options that bring the same place; files by number, by name where names may show."""
    from sim.results import unnamed

    words = [word for path in asked.area or () for word in ("--area", Path(path).name)]
    words += [*(["--as-given"] if asked.as_given else []), *list_options.words(asked)]
    if not asked.show_names:
        words = shlex.split(unnamed.command(command_line(["zones", *words])))[1:]
    words += [] if asked.organisation_seed is None else ["--organisation-seed", str(asked.organisation_seed)]
    return tuple(words)


def brief_of_two(asked: Namespace) -> None:
    """Write the briefing of two shipped scenarios, or of a link, as HTML and PDF without the page."""
    from sim import posterior
    from sim.app import brief as briefing
    from sim.app.answer import answer
    from sim.app.jobs import Jobs
    from sim.app.question import shipped
    from sim.atomic import write_whole
    from sim.commands.console import show
    from sim.commands.runs import warn_if_cold
    from sim.errors import ResultError
    from sim.results.study import choose_organisation

    question, shared = _question(asked)
    own = asked.area_of or question.arms[0].preset
    place = choose_organisation(
        [shipped(own)],
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed,
        lists=list_options.lists(asked),
    )
    if shared is not None:
        briefing.check_place(shared, place.organisation)
    warn_if_cold("batch")
    log = Path(asked.log) if asked.log else None
    again = _again(asked, own)
    jobs = Jobs(
        place.organisation, question, show_names=asked.show_names, remarks=place.remarks, log=log,
        sample=posterior.load().rows, again=again,
    )  # fmt: skip
    pair = jobs.full(question, lambda: False)
    made = briefing.make(jobs, question, pair, answer(jobs, question, pair, quick=False))
    page, paper = Path(f"{asked.out}.html"), Path(f"{asked.out}.pdf")
    text, pages = briefing.as_html(made), briefing.as_pdf(made)
    try:
        write_whole(page, text)
        write_whole(paper, pages)
    except OSError as error:
        raise ResultError(
            f"{error.filename}: cannot be written ({error.strerror}); make room or give another --out."
        ) from error
    show([str(page), str(paper)])
    if shared is not None:
        say(*briefing.told_since(shared, pair, place.organisation))


def _question(asked: Namespace) -> tuple[Question, Shared | None]:
    """What the briefing is about: two shipped scenarios by name, or what a link says."""
    from sim.app import link
    from sim.app.question import read_question

    if asked.link:
        shared = link.read(asked.link.rpartition("share=")[2])
        question = shared.question
        return replace(question, calibration=asked.calibration or question.calibration), shared
    given = list(asked.plans)
    names = [*given, *("with-teams", "without-teams")[len(given) :]]
    arms = [{"preset": name} for name in names]
    asking = {"arms": arms, "months": asked.months, "seed": asked.seed}
    return read_question(asking | ({"calibration": asked.calibration} if asked.calibration else {})), None
