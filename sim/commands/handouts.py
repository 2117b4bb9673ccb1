"""`zones brief`: one page, several options side by side, or one file that answers levers without a server."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import list_options
from sim.commands.console import Progress, clear_line, say, show
from sim.errors import ResultError, ScenarioError
from sim.platforms.names import command_line

if TYPE_CHECKING:
    from sim.app.link import Shared
    from sim.handouts.case import Case
    from sim.handouts.page import Page
    from sim.handouts.story import StoryFile
    from sim.scenarios.scenario import Scenario

FIRST, OTHER = "with-teams", "without-teams"
MOST = 5


def brief(asked: Namespace) -> None:
    """Write what is to be handed on."""
    from sim.observed.one_file import as_folder

    words = list(asked.plans)
    with as_folder(Path(*words[:1])) as folder:
        _brief(asked, folder if len(words) == 1 and folder.is_dir() else None)


def _brief(asked: Namespace, folder: Path | None) -> None:
    """Write it from a folder, None: from scenarios."""
    words = list(asked.plans)
    files = any(word.endswith(".toml") for word in words)
    if folder is not None and _is_update(folder):
        _refuse_with("an update's folder", interactive=asked.interactive, story=asked.story, link=asked.link)
        _write_page(asked, _update(folder))
    elif folder is not None:
        _refuse_with("a folder of plans", story=asked.story, link=asked.link)
        _write_case(asked, _folder(folder))
    elif asked.interactive or asked.story or files or len(words) > 2:
        _write_case(asked, *_case(asked, words))
    else:
        from sim.commands.pages import brief_of_two

        brief_of_two(asked)


def _refuse_with(what: str, **options: object) -> None:
    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise ScenarioError(f"brief: {', '.join(given)} cannot be given with {what}; leave it out.")


def _is_update(folder: Path) -> bool:
    from sim.observed.folder import is_update

    return is_update(folder)


def _update(folder: Path) -> Page:
    from sim.commands.runs import warn_if_cold
    from sim.handouts.update_page import page_of

    warn_if_cold("batch")
    return page_of(folder)


def _folder(folder: Path) -> Case:
    from sim.handouts.plan_folder import case_of, is_plan_folder

    if not is_plan_folder(folder):
        raise ResultError(
            f"{folder}: is not a folder that `zones plan` or `zones update` wrote; give one of these, or scenarios."
        )
    return case_of(folder)


@dataclass(frozen=True)
class Chosen:
    """The plans of a handout, and what whoever names them says of how they are run.

    Attributes:
        plans: two to five scenarios.
        names: what they are called.
        months: horizon, 0 for the longest of their own.
        seed: of the random numbers.
        calibration: posterior sample.
        shared: the link they come from.
    """

    plans: list[Scenario]
    names: list[str]
    months: int
    seed: int
    calibration: str
    shared: Shared | None = None


def _case(asked: Namespace, words: Sequence[str]) -> tuple[Case, StoryFile | None]:
    """The plans that are named, or a story's, or a link's, on the place that is asked for."""
    from sim import posterior
    from sim.app import jobs
    from sim.app.brief import check_place
    from sim.app.question import shipped
    from sim.handouts.case import Case
    from sim.results import unnamed
    from sim.results.simulate import horizon
    from sim.results.study import choose_organisation, distinct

    story = _story(asked)
    chosen = _chosen(asked, words, story)
    own = asked.area_of or (story.area_of if story else "")
    place = choose_organisation(
        [shipped(own) if own else chosen.plans[0]], asked.area, as_given=asked.as_given,
        organisation_seed=asked.organisation_seed, lists=list_options.lists(asked),
    )  # fmt: skip
    if chosen.shared is not None:
        check_place(chosen.shared, place.organisation)
    shown = unnamed.place_words(place.organisation, show_names=asked.show_names or not asked.area)
    made = Case(
        plans=tuple(distinct(chosen.plans)),
        names=tuple(chosen.names),
        organisation=place.organisation,
        place=shown,
        months=horizon(chosen.plans, chosen.months or None),
        seed=chosen.seed,
        sample=posterior.load(chosen.calibration).rows,
        calibration=chosen.calibration,
        command=_again(asked, words),
        notes=place.organisation.assumptions if shown == place.organisation.name else (),
        runs=jobs.FULL,
    )
    say(*place.remarks)
    return made, story


def _story(asked: Namespace) -> StoryFile | None:
    from sim.handouts.story import read_text
    from sim.strict import text_of

    if not asked.story:
        return None
    path = Path(asked.story)
    return read_text(text_of(path, "a story"), path.name.removesuffix(".toml"))


def _chosen(asked: Namespace, words: Sequence[str], story: StoryFile | None) -> Chosen:
    from sim import posterior
    from sim.scenarios.files import load

    if story is not None or asked.link:
        if words:
            raise ScenarioError("brief: a story and a link bring their own plans; leave out the others.")
        return _told(asked, story)
    given = list(words) or [FIRST]
    given = [*given, OTHER] if len(given) == 1 else given
    if len(given) > MOST:
        raise ScenarioError(f"brief: at most {MOST} plans fit on one page; got {len(given)}.")
    plans = [load(name) for name in given]
    names = [plan.title or plan.name for plan in plans]
    return Chosen(plans, names, asked.months, asked.seed, asked.calibration or posterior.DEFAULT)


def _told(asked: Namespace, story: StoryFile | None) -> Chosen:
    """What a story or a link says."""
    from sim.app.link import read as read_link
    from sim.app.question import read_question, title_of

    if story is not None:
        shared = None
        arms = [dict(story.plan), dict(story.against)]
        question = read_question({"arms": arms, "months": story.months, "seed": asked.seed})
    else:
        shared = read_link(asked.link.rpartition("share=")[2])
        question = shared.question
    titles = list(story.labels) if story and story.labels else [title_of(arm) for arm in question.arms]
    plans = [arm.scenario() for arm in question.arms]
    months, calibration = asked.months or question.months, asked.calibration or question.calibration
    return Chosen(plans, titles, months, question.seed, calibration, shared)


def _again(asked: Namespace, words: Sequence[str]) -> str:
    """The command that writes the same again; lists by number unless names may show."""
    from sim.commands.pages import place_options

    typed = ["zones", "brief", *words]
    typed += ["--interactive"] if asked.interactive else []
    typed += ["--story", Path(asked.story).name] if asked.story else []
    typed += ["--link", asked.link] if asked.link else []
    typed += [part for name in asked.lever for part in ("--lever", name)]
    typed += ["--months", str(asked.months)] if asked.months else []
    typed += ["--seed", str(asked.seed)] if asked.seed != 1 else []
    typed += ["--calibration", asked.calibration] if asked.calibration else []
    typed += ["--runs", str(asked.runs)] if asked.runs else []
    area = ["--area-of", asked.area_of] if asked.area_of and not asked.area else []
    return command_line([*typed, *place_options(asked), *area])


def _write_case(asked: Namespace, case: Case, story: StoryFile | None = None) -> None:
    from sim.commands.runs import warn_if_cold
    from sim.handouts import page

    warn_if_cold("batch")
    if asked.interactive:
        _write(asked, {"html": _answering(asked, case, story)})
        return
    if story is not None:
        raise ScenarioError("brief: --story works only with --interactive; add it.")
    ensembles = case.ensembles()
    _write_page(asked, page.of_plans(case, ensembles))


def _answering(asked: Namespace, case: Case, story: StoryFile | None) -> str:
    from sim.handouts import one_file, slides
    from sim.handouts.fitting import RUNS, Effort, Fitting

    work = Fitting(case, Effort(asked.runs or RUNS), None, Watch())
    work.check(asked.lever)
    ensembles = case.ensembles()
    fitted = work.done(ensembles, asked.lever)
    clear_line()
    told = slides.filled(story.slides if story else slides.plain(case), case, ensembles)
    for one in fitted.refused:
        say(f"{one.dial.name} is not offered: its error would be {one.error.median:.2f} points.")
    return one_file.as_html(case, ensembles, fitted, told)


class Watch:
    """How far the fitting is, step by step."""

    def __init__(self) -> None:
        self._what = ""
        self._shown: Progress | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show it."""
        if what != self._what:
            clear_line()
            self._what, self._shown = what, Progress(what, noun="points")
        if self._shown is not None:
            self._shown(done, total)


def _write_page(asked: Namespace, told: Page) -> None:
    from sim.handouts import one_page

    _write(asked, {"html": one_page.as_html(told), "pdf": one_page.as_pdf(told)})


def _write(asked: Namespace, made: dict[str, str | bytes]) -> None:
    from sim.atomic import write_whole

    paths = []
    for end, content in made.items():
        path = Path(f"{asked.out}.{end}")
        try:
            write_whole(path, content)
        except OSError as error:
            raise ResultError(
                f"{error.filename}: cannot be written ({error.strerror}); make room or give another --out."
            ) from error
        paths.append(str(path))
    show(paths)
