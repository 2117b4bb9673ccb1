"""Plans found for a question, from end to end: the folder, the search, and the files of the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sim.engine.drivers import BATCH, COMPILED
from sim.errors import Interrupted, UnknownName, WrongArgument
from sim.organisation.arrays.compile import in_scope
from sim.planning import words, writing
from sim.planning.adding import added
from sim.planning.asking import load, loads
from sim.planning.begun import asked_from, start_from
from sim.planning.candidate import from_scenario
from sim.planning.decision import sign_outcomes
from sim.planning.division import USUAL, Division, divide
from sim.planning.folder import AGAINST, BASE, OWN, Asked, PlanFolder, check_model, create
from sim.planning.futures import shocks, worlds
from sim.planning.kept_runs import KeptRuns, Setting
from sim.planning.limits import spending_outcomes
from sim.planning.purposes import COST, purposes
from sim.planning.question import Question
from sim.planning.report import Answer, as_dict, readings
from sim.planning.search import Search, search
from sim.planning.space import lay_space
from sim.planning.trials import REPORT, SETS, seeds
from sim.posterior import NAMES
from sim.results.python_arguments import whole
from sim.results.record import dated_folder
from sim.sweeps.runner import Pool, Threads
from sim.sweeps.store import locked

if TYPE_CHECKING:
    from sim.planning.race import Archive

Watch = Callable[[str, int, int, float | None], None]
"""What is being done, different runs asked for, runs in all at most, the best so far in the first measure."""


class Options(TypedDict, total=False):
    """How `plan` searches; whatever is left out has its default.

    Attributes:
        area: path or paths of organisation files instead of the question's area.
        runs: most runs in all, 20,000.
        seed: of everything drawn, 1; the same seed gives the same answer.
        workers: threads, None: all cores.
        calibration: posterior sample that uncertain parameters are drawn from, instead of the question's.
        engine: 'batch', or 'gpu' for an NVIDIA GPU.
        out: the folder, absent or empty; None for a dated one under results/.
        update: folder of an update, from whose last month on plans are searched; None: nothing has begun.
    """

    area: Any
    runs: int
    seed: int
    workers: int | None
    calibration: str
    engine: str
    out: str | Path | None
    update: str | Path | None


@dataclass(frozen=True)
class Plans:
    """The result of a search for plans.

    Attributes:
        answer: the plans with their figures.
        folder: where it is kept.
    """

    answer: Answer
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {"folder": str(self.folder), **as_dict(self.answer)}

    def __repr__(self) -> str:
        return "\n".join(words.lines(self.answer))


def plan(question: Question | str | Path, **options: Unpack[Options]) -> Plans:
    """Find plans.

    Args:
        question: a file (.toml), TOML text of one, or a `Question`.
        options: as in `Options`: area, runs, seed, workers, engine, calibration, out, update.

    Returns:
        The plans; printing them shows them.

    Raises:
        ZonesError: bad input; the message says where, what was given, what is allowed and what to do.
        WrongArgument: an unknown option, or one of the wrong type; it is also a TypeError.
    """
    asked = _question(question)
    known = tuple(Options.__annotations__)
    if strange := [name for name in options if name not in known]:
        raise WrongArgument(f"plan() has no option {strange[0]!r}; it has {', '.join(known)}.")
    runs, seed = whole("plan", "runs", options.get("runs", USUAL)), whole("plan", "seed", options.get("seed", 1))
    given = options.get("workers")
    workers = None if given is None else max(1, whole("plan", "workers", given))
    if (engine := options.get("engine", BATCH)) not in COMPILED:
        raise UnknownName("plan()", "engine", str(engine), COMPILED)
    area, out = options.get("area"), options.get("out")
    if area is not None:
        asked = replace(asked, area={**asked.area, "files": [str(p) for p in ([area] if _is_path(area) else area)]})
    if (named := options.get("calibration")) is not None:
        if named not in NAMES:
            raise UnknownName("plan()", "calibration", str(named), NAMES)
        asked = replace(asked, calibration=named)
    divide(runs)
    folder = Path(out) if out is not None else dated_folder([asked.name])
    update = options.get("update")
    start = None if update is None else start_from(Path(update))
    if start is not None:
        asked = asked_from(asked, start)
    made = create(asked, folder, Asked(runs, seed, f"sim.plan({asked.name!r}, runs={runs}, seed={seed})"), start=start)
    return find(made, lambda: Threads(workers, engine))


def _is_path(area: Any) -> bool:
    return isinstance(area, str | Path)


def _question(given: object) -> Question:
    if isinstance(given, Question):
        return given
    if isinstance(given, str) and "\n" in given:
        return loads(given, "question")
    if isinstance(given, str | Path):
        return load(given)
    raise WrongArgument(f"plan(): a question is a path of a .toml file, its text, or a Question; got {given!r}.")


def find(made: PlanFolder, pool: Callable[[], Pool], watch: Watch | None = None) -> Plans:
    """Search as a folder says, going on where it was stopped, and write the answer there.

    Raises:
        SweepError: another process is working on it, the disk is full, or the model has changed.
        Interrupted: Ctrl-C; every finished run is kept.
    """
    check_model(made)
    with locked(made.folder):
        answer = answer_of(made, pool, watch)
        writing.write(answer, made.folder)
    return Plans(answer, made.folder)


def answer_of(made: PlanFolder, pool: Callable[[], Pool], watch: Watch | None = None) -> Answer:
    """The answer of a folder's question; runs that are kept there are not run again."""
    given, runs = prepare(made, pool, watch)
    try:
        return added(given, search(given, _teller(runs, made, given, watch)))
    except Interrupted as stopped:
        raise Interrupted(f"{stopped} Continue with: zones resume {made.folder}") from None
    finally:
        runs.close()


def prepare(made: PlanFolder, pool: Callable[[], Pool], watch: Watch | None = None) -> tuple[Search, KeptRuns]:
    """All that the search of a folder goes by, and what runs it."""
    place, base, begun = made.place(), made.scenarios[BASE], made.begun
    question = replace(made.question, limits=begun.limits(made.question.limits, made.question.year_ends))
    space = lay_space(question, in_scope(place, base.scope), base, begun)
    division = division_of(made)
    # In a world of other parameters the past would be another than the one that was seen.
    drawn = worlds(0 if begun else division.worlds, made.asked.seed, tuple(made.rows[0]) if made.rows else ())
    sets = seeds(made.asked.seed, SETS)
    setting = Setting(
        place=place,
        digest=str(made.manifest["organisation"]["digest"]),
        base=base,
        verbatim={n: made.scenarios[n] for n in (AGAINST, OWN) if n in made.scenarios},
        months=question.months,
        outcomes=outcomes_of(question, begun.today),
        seeds=sets,
        rows=made.rows,
        futures={**shocks(begun.today), **drawn.changes()},
        begun=begun,
    )
    runs = KeptRuns(setting, made.folder, pool)
    own = made.scenarios.get(OWN)
    own_plan = None if own is None else from_scenario(own, space.place, space.levers, begun)
    given = Search(space, runs, division, made.asked.seed, sets[REPORT], runs.scenario, own, own_plan, drawn)
    return given, runs


def division_of(made: PlanFolder) -> Division:
    """How the runs of a folder are divided."""
    return divide(made.asked.runs)


def outcomes_of(question: Question, today: int = 0) -> tuple[str, ...]:
    """What is kept of each run of a plan that has come to a month."""
    counted = [name for p in purposes(question) for name in readings(p.measure, question)]
    signs = sign_outcomes(question, today)
    return tuple(dict.fromkeys((*counted, COST, *signs, *spending_outcomes(question.year_ends))))


def _teller(
    runs: KeptRuns, made: PlanFolder, given: Search, watch: Watch | None
) -> Callable[[str, Archive], None] | None:
    if watch is None:
        return None
    measure, least = given.purposes[0].measure, given.division.pace.confirm

    def tell(what: str, known: Archive) -> None:
        best = known.best(measure, 1, least)
        mean = best[0].mean(measure) if best and best[0].judged.likely else None
        watch(what, runs.runs, made.asked.runs, mean)

    return tell
