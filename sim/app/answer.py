"""From two ensembles to what a page shows: courses with bands, headlines with ranges, differences, zones, families."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.app.curves import COHORT, COURSES, bands, cohort_course, course, months_words
from sim.app.family_parts import Ends, families, family_ends, family_gaps, family_words
from sim.app.jobs import Jobs
from sim.app.question import Arm, Question, shipped
from sim.app.replicates import Pair
from sim.app.zone_parts import zones
from sim.engine.sums import Ensemble
from sim.parameters import LEVERS
from sim.results import compare as comparing
from sim.results import measures as h
from sim.results.series import columns
from sim.results.words import difference_words, figure, span, summary_notes, summary_words
from sim.scenarios.differences import differences
from sim.version import version

FINDINGS = {
    "using": "practitioners_using_share",
    "full": "sites_full_share",
    "served": "need_served_at_fidelity_share",
}


@dataclass(frozen=True)
class Part:
    """What was worked out of one arm's ensemble, kept while a lever moves the other arm.

    Attributes:
        body: the arm's own part of the answer.
        summaries: headlines by id.
        zones: zone by zone; None in a quick answer, as all below.
        families: by deprivation fifth.
        ends: what is said of all families.
    """

    body: dict[str, Any]
    summaries: dict[str, comparing.Summary]
    zones: dict[str, Any] | None = None
    families: list[dict[str, Any]] | None = None
    ends: Ends | None = None


def answer(jobs: Jobs, question: Question, pair: Pair, *, quick: bool) -> dict[str, Any]:
    """Everything the pages show of one question, JSON-safe."""
    first, other = (_kept(jobs, question.arms[k], pair[k], quick=quick) for k in (0, 1))
    sums = (first.summaries, other.summaries)
    apart = {name: comparing.difference(*pair, name) for name in first.summaries}
    body: dict[str, Any] = {
        "quick": quick,
        "replicates": min(e.replicates for e in pair),
        "months": pair[0].months,
        "seed": question.seed,
        "question": question.as_dict(),
        "arms": [first.body, other.body],
        "headlines": [_headline(name, sums, apart[name]) for name in comparing.STANDARD],
        "costs": [] if quick else [_headline(c.id, sums, apart[c.id]) for c in h.COSTS],
        "findings": findings(pair, sums, apart),
        "between": [d.sentence() for d in differences(pair[1].scenario, pair[0].scenario)],
        "version": version(),
    }
    if first.ends is not None and other.ends is not None:
        body |= {
            "zones": [first.zones, other.zones],
            "families": [first.families, other.families],
            "family_gaps": family_gaps(first.ends, other.ends),
            "family_words": family_words(first.ends, other.ends, pair[0].months),
            "digest": digest(pair),
        }
    return body


def _kept(jobs: Jobs, arm: Arm, ensemble: Ensemble, *, quick: bool) -> Part:
    key = (arm, ensemble.months, ensemble.seed, ensemble.replicates, quick)
    kept: Part | None = jobs.parts.get(key)
    if kept is None:
        kept = _part(jobs, arm, ensemble, quick=quick)
        jobs.parts.put(key, kept)
    return kept


def _part(jobs: Jobs, arm: Arm, ensemble: Ensemble, *, quick: bool) -> Part:
    names = comparing.STANDARD if quick else (*comparing.STANDARD, *(c.id for c in h.COSTS))
    sums = {name: comparing.summarise(ensemble, name) for name in names}
    body = _arm(arm, ensemble)
    if quick:
        return Part(body, sums)
    found = columns(ensemble)
    return Part(body, sums, zones(jobs, arm, ensemble, found), families(found), family_ends(found))


def _arm(arm: Arm, ensemble: Ensemble) -> dict[str, Any]:
    base, scenario = shipped(arm.preset), arm.scenario()
    found = {name: bands(course(ensemble, name)) for name in COURSES}
    found[COHORT[0]] = bands(cohort_course(ensemble))
    return {
        "preset": arm.preset,
        "name": scenario.name,
        "title": base.title if not arm.changed else f"{base.title}, changed",
        "changed": [d.sentence() for d in differences(base, scenario)],
        "courses": found,
        "levers": {n: LEVERS[n].show(v) for n, v in scenario.lever_values()._asdict().items()},
        "zones": [_zone_row(z) for z in scenario.zones],
    }


def _zone_row(zone: Any) -> dict[str, Any]:
    """A zone as a plan's file writes it."""
    row: dict[str, Any] = {"name": zone.name}
    if zone.sites:
        row["sites"] = list(zone.sites)
    elif zone.count:
        row["count"] = "rest" if zone.count < 0 else zone.count
    else:
        row["choose"] = "rest" if zone.choose < 0 else zone.choose
    if zone.types:
        row["types"] = list(zone.types)
    if zone.gate is None:
        row["opens"] = zone.opens
    else:
        gate = {"certified": zone.gate.certified, "capacity": zone.gate.capacity}
        row["gate"] = gate | ({"of": zone.gate.of} if zone.gate.of else {})
        if zone.gate.outcome is not None:
            row["gate"]["outcome"] = zone.gate.outcome
        if zone.latest is not None:
            row["latest"] = zone.latest
    return row | ({"resources": zone.resources} if zone.resources != 1.0 else {})


Summaries = tuple[dict[str, comparing.Summary], dict[str, comparing.Summary]]


def _headline(name: str, sums: Summaries, paired: comparing.Difference) -> dict[str, Any]:
    found = [arm[name] for arm in sums]
    return {
        "id": name,
        "words": found[0].headline.words,
        "cohort": found[0].headline.cohort,
        "unit": found[0].headline.unit,
        "arms": [
            {
                "range": span(s.p10, s.p90, s.headline.unit),
                "median": figure(s.median, s.headline.unit),
                "text": summary_words(s),
                "notes": summary_notes(s),
                "kind": s.kind,
                "low": comparing.finite(s.p10),
                "high": comparing.finite(s.p90),
                "middle": comparing.finite(s.median),
            }
            for s in found
        ],
        "difference": difference_words(paired),
        "apart": paired.apart,
    }


def findings(pair: Pair, sums: Summaries, apart: dict[str, comparing.Difference]) -> dict[str, str]:
    """One sentence a chart, from the paired differences at the horizon."""
    when = months_words(pair[0].months)
    found = {}
    for chart, name in FINDINGS.items():
        first, other = (summary_words(arm[name]) for arm in sums)
        found[chart] = _finding(COURSES[chart][0], when, first, other, apart[name])
    ends = [course(e, "well")[:, -1] for e in pair]
    gap = ends[0] - ends[1]
    low, high = (float(np.quantile(gap, q)) for q in (0.1, 0.9))
    sides = [span(float(np.quantile(e, 0.1)), float(np.quantile(e, 0.9)), h.SHARE) for e in ends]
    found["well"] = (
        f"{COURSES['well'][0]} after {when}: {sides[0]}, against {sides[1]}; run by run the gap is "
        f"{100 * low:.0f} to {100 * high:.0f} points."
    )
    took, other = (_or_none(arm["months_to_80"]) for arm in sums)
    found["certified"] = (
        f"Months until 80 % of started sites are certified, each from its own start: {took}, against {other}."
    )
    return found


def _or_none(summary: comparing.Summary) -> str:
    return "no site starts" if summary.undefined == 1.0 else summary_words(summary)


def _finding(words: str, when: str, first: str, other: str, paired: comparing.Difference) -> str:
    said = difference_words(paired)
    gap = f"the difference is {said}" if paired.apart else f"the two {said}" if "told apart" in said else said
    return f"{words} after {when}: {first}, against {other}; {gap}."


def digest(pair: Pair) -> str:
    """What names a result: a short hash over the headlines of every run."""
    made = hashlib.sha256()
    for ensemble in pair:
        for name in comparing.STANDARD:
            made.update(np.nan_to_num(h.read(ensemble, name)[2], posinf=-1.0, nan=-2.0).tobytes())
    return made.hexdigest()[:16]


def as_text(body: dict[str, Any]) -> str:
    """For sending."""
    return json.dumps(body, separators=(",", ":"), allow_nan=False)
