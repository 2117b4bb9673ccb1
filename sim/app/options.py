"""Three to five options that a visitor pinned, as a paper: side by side, with the ladder."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sim.app.handing_on import case_of
from sim.app.jobs import Jobs
from sim.app.question import Arm, Question, read_arm
from sim.errors import ScenarioError
from sim.handouts import one_page, page
from sim.handouts.options import LEAST, MOST
from sim.platforms.names import command_line
from sim.problems import Problems
from sim.results.study import distinct
from sim.scenarios.write import copy_for_editing

LONGEST = 60
PAPER = "options.pdf"


def paper(jobs: Jobs, question: Question, given: object) -> dict[str, Any]:
    """The paper of options, and the files of those that were changed, which its command names.

    Args:
        jobs: the place.
        question: horizon, seed and calibration.
        given: a list of tables, each with the 'name' of an option and its 'arm' as a page's question holds one.

    Raises:
        ScenarioError: too few or too many, a name that cannot be, or a plan that cannot be.
    """
    names, arms = _read(given)
    files = {k: f"option-{k + 1}" for k, arm in enumerate(arms) if arm.changed}
    words = [f"{files[k]}.toml" if k in files else arm.preset for k, arm in enumerate(arms)]
    timing = ["--months", str(question.horizon), *(["--seed", str(question.seed)] if question.seed != 1 else [])]
    command = command_line(["zones", "brief", *words, *timing, *jobs.again])
    case = case_of(jobs, question, command, tuple(names))
    case = replace(case, plans=tuple(distinct([arm.scenario() for arm in arms])))
    with jobs.in_front(), jobs.heavy:
        ensembles = case.ensembles(lambda: jobs.closing)
    made = one_page.as_pdf(page.of_plans(case, ensembles))
    kept = [{"file": f"{n}.toml", "text": copy_for_editing(arms[k].scenario(), n)} for k, n in files.items()]
    return {"file": PAPER, "base64": base64.b64encode(made).decode("ascii"), "files": kept}


def _read(given: object) -> tuple[list[str], list[Arm]]:
    problems = Problems("options")
    if not isinstance(given, Sequence) or isinstance(given, str) or not LEAST <= len(given) <= MOST:
        raise ScenarioError(f"options: pin {LEAST} to {MOST} plans first.")
    tables = [problems.table(f"option {k}", one) for k, one in enumerate(given, start=1)]
    names = [problems.name(f"option {k}: name", t.get("name"), LONGEST) for k, t in enumerate(tables, start=1)]
    problems.stop()
    if len(set(names)) < len(names):
        raise ScenarioError("options: two have the same name; give each its own.")
    return names, [read_arm(t.get("arm")) for t in tables]
