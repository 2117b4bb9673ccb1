"""Evidence: why one should believe the model, and where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sim.app.evidence_job import EvidenceJob, ledger
from sim.app.jobs import Jobs
from sim.app.messages import flag
from sim.app.page import Action, Page, Reply


@dataclass(frozen=True)
class Ledger:
    """Asks for the ledger; `measure` begins to measure what is missing."""

    measure: Annotated[bool, flag] = False


def _ledger(jobs: Jobs, message: Ledger) -> Reply:
    job = jobs.hold(EvidenceJob)
    if message.measure:
        job.start(jobs.heavy, jobs.asked_meanwhile)
    return ledger(job)


PAGE = Page("evidence", "Evidence", actions=(Action("evidence", _ledger, Ledger),))
