"""Whether the published figures that a measure rests on are met: a badge, and a footnote where one is missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.app.evidence_job import EvidenceJob
from sim.app.evidence_words import PLAIN
from sim.counts import counted
from sim.evidence.situations.speaks_of import SPEAKS_OF
from sim.evidence.situations.table import SITUATIONS

CHECKED, MISSED, UNTESTED = "checked", "not met", "untested"
MEASURES = tuple(dict.fromkeys(name for names in SPEAKS_OF.values() for name in names))


def checks(job: EvidenceJob, others: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """Badge, words and row of the page Evidence by measure.

    Args:
        job: what has been measured so far.
        others: further measures, on which no published figure bears.
    """
    return {name: _check(name, job.found) for name in dict.fromkeys((*MEASURES, *others))}


def missed(job: EvidenceJob, measures: Iterable[str]) -> str:
    """A footnote for what rests on these measures: the published figures that the model does not meet; '' none."""
    found = checks(job)
    words = [found[name]["words"] for name in dict.fromkeys(measures) if found.get(name, {}).get("badge") == MISSED]
    return " ".join(words)


def _check(name: str, found: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    mine = [s for s in SITUATIONS if name in SPEAKS_OF[s.id]]
    known = [s for s in mine if s.id in found]
    if not mine:
        return {"badge": UNTESTED, "words": "No published figure bears on this.", "row": ""}
    if len(known) < len(mine):
        many = counted(len(mine), "published figure")
        words = f"{many} {'bears' if len(mine) == 1 else 'bear'} on this; not yet measured on this machine."
        return {"badge": UNTESTED, "words": words, "row": mine[0].id}
    lost = [s for s in mine if not found[s.id]["within"]]
    if not lost:
        every = "the published figure" if len(mine) == 1 else f"all {len(mine)} published figures"
        return {"badge": CHECKED, "words": f"The model meets {every} that this rests on.", "row": mine[0].id}
    first = lost[0]
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    heading, published = PLAIN[first.id]
    words = (
        f"Rests on a published figure that the model does not meet: {heading[:1].lower()}{heading[1:]} (published: "
        f"{published}){more}."
    )
    return {"badge": MISSED, "words": words, "row": first.id}
