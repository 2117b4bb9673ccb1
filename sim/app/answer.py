"""From two ensembles to what a page shows: time series with bands, headlines with ranges, differences, zones, families.

Every figure leaves here in words as well, so that a page writes none itself.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.app.cache import Cache
from sim.app.checks import checks
from sim.app.controls import lever_words
from sim.app.curves import fan
from sim.app.evidence_job import evidence_of
from sim.app.family_parts import Ends, families, family_ends, family_words
from sim.app.inside import inside_words
from sim.app.jobs import FULL, KEPT_QUICK, Jobs, Run, runs_of
from sim.app.question import Arm, Question, shipped, title_of
from sim.app.replicates import Pair
from sim.app.zone_parts import comparison, zones
from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.parameters import LEVERS
from sim.posterior.words import reading_words
from sim.results import compare as comparing
from sim.results.fan import over_months
from sim.results.marked import MARKED, MEASURES, at_mark, has_mark
from sim.results.measures import CHARTED, COSTS, HEADLINE_IDS, KNOWN, Measure, measure_of, read
from sim.results.scales import scale_to
from sim.results.series import columns
from sim.results.words import (
    difference_words,
    figure,
    gap_words,
    moment_words,
    months_words,
    often_words,
    span,
    summary_notes,
    summary_words,
)
from sim.scenarios.differences import differences
from sim.scenarios.write import zone_row
from sim.version import version

TOLD = tuple(dict.fromkeys((*HEADLINE_IDS, *(KNOWN[name].told_by for name in CHARTED))))
"""What is summarised in every answer: the headlines, and the measures that the charts' findings name."""
RANGES = "8 runs in 10 lie in each range."
SHORT, LONG, LONG_FROM = 6, 12, 84
"""Months between the rows of a chart's table, in a short and a long run."""


@dataclass(frozen=True)
class Part:
    """What was worked out of one arm's ensemble, kept while a lever moves the other arm.

    Attributes:
        body: the arm's own part of the answer.
        summaries: headlines by id.
        zones: zone by zone; None in a quick answer, as all below.
        ends: what is said of all families.
        inside: what is so inside the zones, by measure.
    """

    body: dict[str, Any]
    summaries: dict[str, comparing.Summary]
    zones: dict[str, Any] | None = None
    ends: Ends | None = None
    inside: dict[str, str] | None = None


class Parts(Cache):
    """Parts by arm, calibration, length, seed and number of runs."""

    def __init__(self) -> None:
        super().__init__(KEPT_QUICK)


def answer(jobs: Jobs, question: Question, pair: Pair, *, quick: bool) -> dict[str, Any]:
    """Everything the pages show of one question, JSON-safe."""
    first, other = (_kept(jobs, run, e, quick=quick) for run, e in zip(runs_of(question), pair, strict=True))
    sums = (first.summaries, other.summaries)
    apart = {name: comparing.difference(*pair, name) for name in first.summaries}
    months, replicates = pair[0].months, min(e.replicates for e in pair)
    body: dict[str, Any] = {
        "quick": quick,
        "settled": replicates >= FULL,
        "replicates": replicates,
        "counted": counted_words(replicates),
        "months": months,
        "when": [moment_words(m) for m in range(months + 1)],
        "title": _title(first.body["title"], other.body["title"]),
        "at_end": f"The figures below are those after {months_words(months)}; {RANGES}",
        "step": _step(months),
        "seed": question.seed,
        "calibration": question.calibration,
        "reading": reading_words(question.calibration),
        "question": question.as_dict(),
        "arms": [first.body, other.body],
        "headlines": [_headline(name, sums, apart[name]) for name in HEADLINE_IDS],
        "costs": [] if quick else [_headline(c.id, sums, apart[c.id]) for c in COSTS],
        "findings": {name: finding(name, months, sums, apart) for name in CHARTED},
        "checks": checks(evidence_of(jobs, question.calibration), TOLD),
        "between": [d.sentence() for d in differences(pair[1].scenario, pair[0].scenario)],
        "version": version(),
    }
    body["foot"] = foot_words(body, "quick answer" if quick else digest(pair))
    if first.ends is not None and other.ends is not None:
        body |= {
            "zones": [first.zones, other.zones],
            "compared": _compared(body, (first.zones, other.zones), sums, months),
            "inside": [first.inside, other.inside],
            "families": families(first.ends, other.ends),
            "family_words": family_words(first.ends, other.ends, months),
            "digest": digest(pair),
        }
    return body


def _title(first: str, other: str) -> str:
    """The question in words."""
    a, b = (title[:1].lower() + title[1:] for title in (first, other))
    return f"{a}, or {b}?"


def counted_words(replicates: int) -> str:
    """How many runs an answer rests on, and what its chart shows."""
    if replicates < FULL:
        return f"Quick answer of {counted(replicates, 'run')} each; the full {FULL} follow when you pause."
    return (
        f"{counted(replicates, 'run')} each, same random numbers in both. Line: median. Shading: half of the "
        f"runs, and 8 in 10."
    )


def foot_words(body: dict[str, Any], name: str) -> str:
    """The note below a chart that is downloaded."""
    return (
        f"{counted(body['replicates'], 'simulated run')}; line: their median; shading: half and 8 in 10 of them. "
        f"Result {name}, version {body['version']}, calibration {body['calibration']}."
    )


def _step(months: int) -> int:
    return SHORT if months <= LONG_FROM else LONG


def _kept(jobs: Jobs, run: Run, ensemble: Ensemble, *, quick: bool) -> Part:
    key = (run, ensemble.months, ensemble.seed, ensemble.replicates, quick)
    parts = jobs.hold(Parts)
    kept: Part | None = parts.get(key)
    if kept is None:
        kept = _part(jobs, run.arm, ensemble, quick=quick)
        parts.put(key, kept)
    return kept


def _part(jobs: Jobs, arm: Arm, ensemble: Ensemble, *, quick: bool) -> Part:
    names = TOLD if quick else (*TOLD, *(c.id for c in COSTS))
    if has_mark(ensemble.months):
        names = (*names, *(at_mark(name) for name in MEASURES))
    sums = {name: comparing.summarise(ensemble, name) for name in names}
    body = _arm(arm, ensemble)
    if quick:
        return Part(body, sums)
    found = columns(ensemble)
    inside = inside_words(ensemble, found)
    return Part(body, sums, zones(jobs, arm, ensemble, found), family_ends(found), inside)


def _arm(arm: Arm, ensemble: Ensemble) -> dict[str, Any]:
    base, scenario = shipped(arm.preset), arm.scenario()
    step = _step(ensemble.months)
    return {
        "preset": arm.preset,
        "name": scenario.name,
        "title": title_of(arm),
        "changed": [d.sentence() for d in differences(base, scenario)],
        "series": {name: fan(over_months(ensemble, name), KNOWN[name].unit, step) for name in CHARTED},
        "levers": {n: LEVERS[n].show(v) for n, v in scenario.lever_values()._asdict().items()},
        "lever_texts": {n: lever_words(n, v) for n, v in scenario.lever_values()._asdict().items()},
        "zones": [zone_row(z) for z in scenario.zones],
    }


def _compared(body: dict[str, Any], plans: tuple[Any, Any], sums: Summaries, months: int) -> dict[str, Any]:
    """Both plans at the end as a table, with what they had by the month that is marked within the run."""
    marked = [f"After {months_words(MARKED)}: plan, against the other"] if has_mark(months) else []
    return {
        "heads": ["", *(arm["title"] for arm in body["arms"]), "Difference, run by run", *marked],
        "rows": comparison(plans, (*body["headlines"], *body["costs"]), _at_mark(sums, months)),
    }


def _at_mark(sums: Summaries, months: int) -> dict[str, str]:
    """What both plans had by the month that is marked within the run, by measure."""
    if not has_mark(months):
        return {}
    return {name: ", against ".join(_or_none(arm[at_mark(name)]) for arm in sums) for name in MEASURES}


Summaries = tuple[dict[str, comparing.Summary], dict[str, comparing.Summary]]


def _headline(name: str, sums: Summaries, paired: comparing.Difference) -> dict[str, Any]:
    found = [arm[name] for arm in sums]
    measure, kinds = found[0].measure, sorted({s.kind for s in found})
    arms = [_arm_words(s) for s in found]
    ends = [v for arm in arms for v in (arm["low"], arm["middle"], arm["high"]) if v is not None]
    notes = dict.fromkeys(n for s, arm in zip(found, arms, strict=True) for n in _notes_beside(s, arm["shown"]))
    return {
        "id": name,
        "title": measure.title,
        "words": measure.words,
        "cohort": measure.cohort,
        "row": f"{measure.words} ({measure.cohort})",
        "unit": measure.unit,
        "arms": arms,
        "difference": difference_words(paired),
        "gap": _gap_parts(paired),
        "apart": paired.apart,
        "standing": kinds[0] if len(kinds) == 1 else " / ".join(s.kind for s in found),
        "small": "; ".join((measure.cohort, *notes)),
        "scale": scale_to(ends, measure.unit),
    }


def _arm_words(s: comparing.Summary) -> dict[str, Any]:
    unit, notes = s.measure.unit, summary_notes(s)
    bounds, median = span(s.p10, s.p90, unit), figure(s.median, unit)
    return {
        "range": bounds,
        "shown": notes[0] if s.undefined == 1.0 and notes else bounds,
        "median": median,
        "beside": "" if bounds == median else f"median {median}",
        "text": summary_words(s),
        "notes": notes,
        "kind": s.kind,
        "low": comparing.finite(s.p10),
        "high": comparing.finite(s.p90),
        "middle": comparing.finite(s.median),
    }


def _notes_beside(s: comparing.Summary, shown: str) -> list[str]:
    return [note for note in summary_notes(s) if note != shown]


def _gap_parts(paired: comparing.Difference) -> dict[str, str]:
    """A difference for a card and a slide: what leads it, its range, and in how many runs it is so."""
    if paired.verdict is not comparing.Verdict.APART:
        return {"lead": "", "range": difference_words(paired), "often": ""}
    return {"lead": "Difference ", "range": gap_words(paired), "often": often_words(paired)}


def finding(name: str, months: int, sums: Summaries, apart: dict[str, comparing.Difference]) -> str:
    """One sentence on a chart, from the paired differences at the horizon."""
    measure = measure_of(KNOWN[name].told_by)
    first, other = (_or_none(arm[measure.id]) for arm in sums)
    if measure.id != name:
        return f"{measure.unit.capitalize()} {measure.sentence}: {first}, against {other}."
    said = f"After {months_words(months)}, {_told(measure, first, other)}; {_gap_sentence(apart[name])}."
    if not has_mark(months) or name not in MEASURES:
        return said
    first, other = (_or_none(arm[at_mark(name)]) for arm in sums)
    return f"{said} After {months_words(MARKED)}: {first}, against {other}."


def _told(measure: Measure, first: str, other: str) -> str:
    """A share of both plans in a sentence with a verb."""
    if not measure.sentence or measure.undefined in (first, other):
        return f"{measure.words}: {first}, against {other}"
    return f"{first} {measure.sentence}, against {other}"


def _or_none(summary: comparing.Summary) -> str:
    return summary.measure.undefined if summary.undefined == 1.0 else summary_words(summary)


def _gap_sentence(paired: comparing.Difference) -> str:
    words = difference_words(paired)
    if paired.verdict is comparing.Verdict.APART:
        return f"the difference is {words}"
    both = (comparing.Verdict.NOT_APART, comparing.Verdict.TRIFLE)
    return f"the two {words}" if paired.verdict in both else words


def digest(pair: Pair) -> str:
    """What names a result: a short hash over the headlines of every run."""
    made = hashlib.sha256()
    for ensemble in pair:
        for name in HEADLINE_IDS:
            made.update(np.nan_to_num(read(ensemble, name)[2], posinf=-1.0, nan=-2.0).tobytes())
    return made.hexdigest()[:16]


def as_text(body: dict[str, Any]) -> str:
    """For sending."""
    return json.dumps(body, separators=(",", ":"), allow_nan=False)
