"""Evidence: why one should believe the model, and where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sim.app.checks import checks
from sim.app.evidence_job import EvidenceJob, ledger
from sim.app.jobs import Jobs
from sim.app.messages import flag
from sim.app.page import Action, Page, Reply
from sim.results.measures import CHARTED


@dataclass(frozen=True)
class Ledger:
    """Asks for the ledger; `measure` begins to measure what is missing."""

    measure: Annotated[bool, flag] = False


def _ledger(jobs: Jobs, message: Ledger) -> Reply:
    job = jobs.hold(EvidenceJob)
    if message.measure:
        job.start(jobs.heavy, jobs.asked_meanwhile)
    return ledger(job) | {"checks": checks(job, CHARTED)}


def _ahead(jobs: Jobs) -> None:
    """Have the published figures measured, so that badges can say whether they are met."""
    jobs.hold(EvidenceJob).start(jobs.heavy, jobs.asked_meanwhile)


PAGE = Page("evidence", "Evidence", actions=(Action("evidence", _ledger, Ledger),), ahead=_ahead)
