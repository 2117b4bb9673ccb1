"""A question of the pages as what a handout is made from."""

from __future__ import annotations

from sim.app.checks import missed
from sim.app.evidence_job import evidence_of
from sim.app.jobs import Jobs
from sim.app.question import Question, title_of
from sim.handouts.case import Case
from sim.handouts.curves import LEADING
from sim.results import unnamed


def case_of(jobs: Jobs, question: Question, command: str, names: tuple[str, ...] = ()) -> Case:
    """The case of a question: the area by its name where names may show.

    Args:
        jobs: the place, the parameters and the evidence measured so far.
        question: what was asked.
        command: gives every number again.
        names: what both plans are called; () their titles.
    """
    o = jobs.organisation
    name = unnamed.place_words(o, show_names=jobs.show_names or "--area" not in jobs.again)
    return Case(
        plans=tuple(arm.scenario() for arm in question.arms),
        names=names or tuple(title_of(arm) for arm in question.arms),
        organisation=o,
        place=name,
        months=question.horizon,
        seed=question.seed,
        sample=jobs.rows(question.calibration),
        calibration=question.calibration,
        command=command,
        notes=o.assumptions if name == o.name else (),
        doubts=tuple(filter(None, (missed(evidence_of(jobs, question.calibration), LEADING),))),
    )
