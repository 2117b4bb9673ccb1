"""`zones plan`, and `zones status`, `zones resume` and `zones replay` for the folder of a search for plans."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands import list_options
from sim.commands.console import clear_line, draw_over, say, show, show_json, tell
from sim.commands.new_file import path_for, write_new
from sim.commands.runs import command_line, warn_if_cold
from sim.commands.sweeps import PLAIN_EVERY, leave, pool_of
from sim.errors import Interrupted, ResultError, ScenarioError

if TYPE_CHECKING:
    from sim.planning.begun import Start
    from sim.planning.folder import PlanFolder
    from sim.planning.question import Question


def plan(asked: Namespace) -> None:
    """Write a question, say what one would take, or find its plans."""
    words = list(asked.question)
    if words[0] == "new":
        if len(words) != 2:
            raise ScenarioError("plan new: give one name, for example: zones plan new ours")
        _new(words[1])
        return
    if len(words) != 1:
        raise ScenarioError(f"plan: give one question's file; got {', '.join(words)}.")
    from sim.planning.division import divide
    from sim.planning.folder import Asked, create
    from sim.results.record import check_free, dated_folder

    divide(asked.runs)
    question, start = _question(words[0], asked), None
    if asked.update:
        question, start = _from_update(question, asked)
    if asked.dry_run:
        _dry_run(question, asked, start)
        return
    out = Path(asked.out) if asked.out else dated_folder([question.name])
    check_free(out)
    how = Asked(asked.runs, asked.seed, command_line(asked.words))
    _go(create(question, out, how, list_options.lists(asked), start), asked)


def resume(asked: Namespace) -> None:
    """Go on with a search that was stopped."""
    from sim.planning.folder import open_folder

    _go(open_folder(Path(asked.folder)), asked)


def status(asked: Namespace) -> None:
    """How far a search is."""
    from sim.planning.folder import open_folder
    from sim.planning.study import outcomes_of
    from sim.planning.writing import DATA
    from sim.sweeps.store import Store

    found = open_folder(Path(asked.folder))
    done = len(Store(found.folder, outcomes_of(found.question)).rows)
    complete = (found.folder / DATA).is_file()
    facts = {
        "plan": str(found.folder),
        "question": found.question.text,
        "runs_done": done,
        "runs_at_most": found.asked.runs,
        "complete": complete,
    }
    if asked.json:
        show_json(facts)
        return
    lines = [found.question.text] if found.question.text else []
    lines.append(f"{done:,} runs done, of at most {found.asked.runs:,}.")
    lines.append("It is complete." if complete else f"Continue with: zones resume {found.folder}")
    tell(lines)


def replay(asked: Namespace) -> None:
    """Search again from the folder alone, and compare every file."""
    from sim.planning.replaying import replay as again

    warn_if_cold("batch")
    found = again(Path(asked.result), asked.threads)
    if asked.json:
        show_json({"plan": asked.result, "identical": all(v == "identical" for v in found.values()), "files": found})
    else:
        width = max(len(name) for name in found)
        show(f"{name:<{width}}  {verdict}" for name, verdict in found.items())
    if any(v != "identical" for v in found.values()):
        raise ResultError(f"{asked.result}: not all files are identical.")


def _new(name: str) -> None:
    from sim.planning.template import template

    path = path_for(name)
    write_new(path, template(path.stem))
    show(str(path))
    say(f"Edit it, then: zones plan {path}")


def _question(path: str, asked: Namespace) -> Question:
    """The question with the area that the command line names."""
    from sim.planning.asking import load

    question = load(path)
    area = dict(question.area)
    if asked.area:
        area = {"files": list(asked.area)}
    if asked.as_given:
        area["as_given"] = True
    if asked.organisation_seed is not None:
        area["organisation_seed"] = asked.organisation_seed
    return replace(question, area=area, calibration=asked.calibration or question.calibration)


def _from_update(question: Question, asked: Namespace) -> tuple[Question, Start]:
    """The question as it is asked of a plan that has begun, and what is taken from the update.

    Raises:
        ScenarioError: an area beside it.
    """
    from sim.planning.begun import asked_from, start_from

    for given, name in ((asked.area, "--area"), (asked.organisation_seed is not None, "--organisation-seed")):
        if given:
            raise ScenarioError(f"plan: {name} with --from: the area is the update's; leave {name} out.")
    warn_if_cold("batch")
    start = start_from(Path(asked.update))
    return asked_from(question, start), start


def _go(found: PlanFolder, asked: Namespace) -> None:
    from sim.planning.study import find

    warn_if_cold("batch")
    try:
        plans = find(found, pool_of(asked), Watch())
    except Interrupted as error:
        leave(error, at_once=bool(asked.cluster))
        raise
    clear_line()
    if asked.json:
        show_json(plans.as_dict())
    else:
        tell(repr(plans).split("\n"))
    say("", f"Kept in {plans.folder}: the plans, plans.csv and why.md; `zones replay {plans.folder}` finds them again.")


def _dry_run(question: Question, asked: Namespace, start: Start | None) -> None:
    from sim.planning.folder import Asked
    from sim.planning.forecast import forecast

    warn_if_cold("batch")
    how = Asked(asked.runs, asked.seed)
    found = forecast(question, how, asked.workers, list_options.lists(asked), start)
    if asked.json:
        show_json(found.as_dict())
        return
    tell(found.lines())


class Watch:
    """Progress with the best so far: a line drawn over on a terminal, a plain line now and then elsewhere."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._next = 1.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int, best: float | None) -> None:
        """Show how far it is, if it is time to."""
        seconds = time.monotonic() - self._began
        if seconds < self._next:
            return
        self._next = seconds + (0.2 if self._terminal else PLAIN_EVERY)
        text = f"{what}: {done:,} of at most {total:,} runs"
        if best is not None:
            text += f"; best so far {100 * best:.1f} %, before it is tried on fresh random numbers"
        if self._terminal:
            draw_over(text)
        else:
            say(text)
