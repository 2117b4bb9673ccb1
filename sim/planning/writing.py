"""The files of an answer: plans that run as they are, a table, the reasons in words."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

from sim.atomic import write_whole
from sim.csv_writer import Writer
from sim.errors import SweepError
from sim.planning import words
from sim.planning.figure import save_figure
from sim.planning.report import Answer, FoundPlan, as_dict
from sim.scenarios.scenario import Scenario
from sim.scenarios.write import dump

WHY, TABLE, DATA = "why.md", "plans.csv", "answer.json"


def write(answer: Answer, folder: Path) -> tuple[str, ...]:
    """Write every file of an answer.

    Returns:
        Their names.

    Raises:
        SweepError: the disk is full or cannot be written; all runs are kept.
    """
    texts = files(answer)
    try:
        for name, text in texts.items():
            write_whole(folder / name, text)
        drawings = save_figure(answer, folder)
    except OSError as error:
        raise SweepError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error}). All runs are kept; make room, "
            f"then: zones resume {folder}"
        ) from error
    return (*texts, *drawings)


def files(answer: Answer) -> dict[str, str]:
    """The text of every file, by name."""
    found = {f"{plan.name}.toml": dump(as_scenario(plan, answer)) for plan in answer.plans}
    found[TABLE] = _table(answer)
    found[WHY] = _why(answer)
    found[DATA] = json.dumps(as_dict(answer), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return found


def as_scenario(plan: FoundPlan, answer: Answer) -> Scenario:
    """A plan as the scenario of its file, which says what it is and how its figures are made again."""
    title = f"Found by zones plan: {plan.name} of {len(answer.plans)}"
    return replace(plan.scenario, name=plan.name, title=title, description=again(plan.name, answer))


def again(name: str, answer: Answer) -> str:
    """How the figures of a plan are made again."""
    if answer.more.get("begun"):
        return (
            f"It goes on from month {answer.more['begun']['month']} as that was seen; its figures are made again by "
            f"`zones replay` of the folder that it was found in."
        )
    area = " --area with your files" if answer.question.area.get("files_given") else ""
    return (
        f"Its figures are those of: zones run {name}.toml --months {answer.question.months} --replicates "
        f"{answer.replicates} --seed {answer.seed}{area}"
    )


def _table(answer: Answer) -> str:
    """One row a plan, outcome and kind of figure."""
    stream = io.StringIO(newline="")
    writer = Writer(stream)
    writer.writerow(("plan", "what", "median", "p10", "p90", "gain", "gain_low", "gain_high", "limit", "broken_share"))
    for plan in (*answer.plans, *([answer.own] if answer.own else [])):
        for f in plan.figures:
            gain = plan.gains.get(f.outcome)
            row = (gain.value, gain.low, gain.high) if gain else ("", "", "")
            writer.writerow((plan.name, f.outcome, f.median, f.p10, f.p90, *row, "", ""))
        for s in plan.spending:
            kind = s.kind.replace(" ", "_")
            limit = "" if s.limit is None else s.limit
            writer.writerow((plan.name, f"{kind}_year_{s.year}", s.median, "", s.high, "", "", "", limit, s.broken))
    return stream.getvalue()


def _why(answer: Answer) -> str:
    lines = ["# Plans", ""]
    for line in words.lines(answer):
        if line.startswith("  "):
            lines.append(f"- {line.strip()}")
        elif line.endswith(":") and len(line) < 80:
            lines += [f"## {line[:-1]}", ""]
        else:
            lines.append(line)
    if answer.plans:
        lines += ["", "## To run a plan again", "", *(f"- {again(p.name, answer)}" for p in answer.plans)]
    return "\n".join(lines) + "\n"
