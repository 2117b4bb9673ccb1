"""Evidence: why one should believe the model, and where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sim import posterior
from sim.app.checks import checks
from sim.app.evidence_job import evidence_of, ledger
from sim.app.evidence_words import WORDS
from sim.app.jobs import Jobs
from sim.app.messages import flag, one_of
from sim.app.page import Action, Page, Reply
from sim.results.measures import CHARTED


@dataclass(frozen=True)
class Ledger:
    """Asks for the ledger under a calibration; `measure` begins to measure what is missing."""

    measure: Annotated[bool, flag] = False
    calibration: Annotated[str, one_of(*posterior.NAMES)] = posterior.DEFAULT


def _ledger(jobs: Jobs, message: Ledger) -> Reply:
    job = evidence_of(jobs, message.calibration)
    if message.measure:
        job.start(jobs.heavy, jobs.asked_meanwhile)
    return ledger(job) | {"checks": checks(job, CHARTED)}


def _ahead(jobs: Jobs) -> None:
    """Have the published figures measured, so that badges can say whether they are met."""
    evidence_of(jobs).start(jobs.heavy, jobs.asked_meanwhile)


def _about(_jobs: Jobs) -> Reply:
    return {"evidence": WORDS}


PAGE = Page("evidence", "Evidence", actions=(Action("evidence", _ledger, Ledger),), ahead=_ahead, about=_about)
