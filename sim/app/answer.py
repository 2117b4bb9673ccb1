"""From two ensembles to what a page shows: courses with bands, headlines with ranges, differences, zones, families."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import months_words
from sim.app.desk import Desk, Pair
from sim.app.kin import families, family_gaps, family_words
from sim.app.question import Arm, Question
from sim.app.slices import zones
from sim.engine.measures import COUNTS, FAMILY, Ensemble
from sim.outcomes import compare as comparing
from sim.outcomes import headlines as h
from sim.outcomes.series import columns, divide
from sim.outcomes.words import difference_words, figure, span, summary_notes, summary_words
from sim.scenarios.differences import differences
from sim.scenarios.files import load
from sim.version import version

Array = NDArray[Any]
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

COURSES: dict[str, tuple[str, str, str]] = {
    "using": ("Practitioners using the practice", "practitioners_using", "practitioners"),
    "well": ("Practitioners using it well", "practitioners_at_fidelity", "practitioners"),
    "full": ("Sites in full implementation", "sites_full", "sites"),
    "served": ("Need served at fidelity", "families_reached_at_fidelity", "families_ever_in_need"),
}
COHORT = ("certified", "Started sites certified, by months since their own start")
COHORT_WORDS = {
    "using": "of practitioners in scope",
    "well": "of practitioners in scope, with at least the criterion's fidelity",
    "full": "of sites in scope",
    "served": "of families ever in need",
    "certified": "of the sites that have started and have been seen that long",
}


def bands(values: Array) -> list[list[float | None]]:
    """Quantiles [5][T+1] of runs [R, T+1]."""
    with np.errstate(invalid="ignore"):
        gaps = np.isnan(values)
        found = np.quantile(np.where(gaps, 0.0, values), QUANTILES, axis=0)
    found[:, gaps.any(axis=0)] = np.nan
    return [[None if math.isnan(v) else v for v in row] for row in np.round(found, 4).tolist()]


def course(ensemble: Ensemble, name: str) -> Array:
    """One measure of the whole area, [R, T+1]."""
    _, part, whole = COURSES[name]

    def total(column: str) -> Array:
        if column in COUNTS:
            return np.asarray(ensemble.counts[..., COUNTS.index(column)].sum(axis=2))
        return np.asarray(ensemble.family[..., FAMILY.index(column)].sum(axis=(2, 3)))

    return divide(total(part), total(whole))


def cohort_course(ensemble: Ensemble) -> Array:
    """Share of started sites certified within t months of their own start, among those seen that long, [R, T+1]."""
    started, certified = ensemble.site_month[:, :, 0], ensemble.site_month[:, :, 3]
    there = started >= 0
    seen = np.where(there, ensemble.months - started, -1)
    took = np.where(there & (certified >= 0), certified - started, ensemble.months + 1)
    steps = range(ensemble.months + 1)
    there_yet = np.stack([(seen >= t).sum(axis=1) for t in steps], axis=1)
    return divide(np.stack([((seen >= t) & (took <= t)).sum(axis=1) for t in steps], axis=1), there_yet)


def answer(desk: Desk, question: Question, pair: Pair, *, quick: bool) -> dict[str, Any]:
    """Everything the pages show of one question, JSON-safe."""
    arms = [_kept_arm(desk, question, k, pair[k]) for k in (0, 1)]
    body: dict[str, Any] = {
        "quick": quick,
        "replicates": min(e.replicates for e in pair),
        "months": pair[0].months,
        "seed": question.seed,
        "question": question.as_dict(),
        "arms": arms,
        "headlines": [_headline(pair, name) for name in comparing.STANDARD],
        "costs": [] if quick else [_headline(pair, c.id) for c in h.COSTS],
        "findings": findings(pair),
        "between": [d.sentence() for d in differences(pair[1].scenario, pair[0].scenario)],
        "version": version(),
    }
    if not quick:
        found = [columns(e) for e in pair]
        body |= {
            "zones": [zones(desk, e, c) for e, c in zip(pair, found, strict=True)],
            "families": [families(c) for c in found],
            "family_gaps": family_gaps(found),
            "family_words": family_words(found, pair[0].months),
            "digest": digest(pair),
        }
    return body


def _kept_arm(desk: Desk, question: Question, which: int, ensemble: Ensemble) -> dict[str, Any]:
    """An arm's part of the answer; the one that a lever does not touch is not worked out again."""
    arm = question.arms[which]
    key = (arm, ensemble.months, ensemble.seed, ensemble.replicates)
    kept: dict[str, Any] | None = desk.parts.get(key)
    if kept is None:
        kept = _arm(arm, ensemble)
        desk.parts.put(key, kept)
    return kept


def _arm(arm: Arm, ensemble: Ensemble) -> dict[str, Any]:
    base, scenario = load(arm.preset), arm.scenario()
    found = {name: bands(course(ensemble, name)) for name in COURSES}
    found[COHORT[0]] = bands(cohort_course(ensemble))
    return {
        "preset": arm.preset,
        "name": scenario.name,
        "title": base.title if not arm.changed else f"{base.title}, changed",
        "changed": [d.sentence() for d in differences(base, scenario)],
        "courses": found,
        "levers": {n: _shown(n, v) for n, v in scenario.lever_values()._asdict().items()},
        "zones": [_zone_row(z) for z in scenario.zones],
    }


def _shown(name: str, value: float) -> str | float:
    from sim.parameters import LEVERS

    return LEVERS[name].show(value)


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


def _headline(pair: Pair, name: str) -> dict[str, Any]:
    found = [comparing.summarise(e, name) for e in pair]
    paired = comparing.difference(pair[0], pair[1], name)
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


def findings(pair: Pair) -> dict[str, str]:
    """One sentence a chart, from the paired differences at the horizon."""
    named = {
        "using": "practitioners_using_share",
        "full": "sites_full_share",
        "served": "need_served_at_fidelity_share",
    }
    when = months_words(pair[0].months)
    found = {}
    for chart, name in named.items():
        first, other = (comparing.summarise(e, name) for e in pair)
        paired = comparing.difference(pair[0], pair[1], name)
        found[chart] = _finding(COURSES[chart][0], when, summary_words(first), summary_words(other), paired)
    ends = [course(e, "well")[:, -1] for e in pair]
    gap = ends[0] - ends[1]
    low, high = (float(np.quantile(gap, q)) for q in (0.1, 0.9))
    sides = [span(float(np.quantile(e, 0.1)), float(np.quantile(e, 0.9)), h.SHARE) for e in ends]
    found["well"] = (
        f"{COURSES['well'][0]} after {when}: {sides[0]}, against {sides[1]}; run by run the gap is "
        f"{100 * low:.0f} to {100 * high:.0f} points."
    )
    took = comparing.summarise(pair[0], "months_to_80")
    other = comparing.summarise(pair[1], "months_to_80")
    found["certified"] = (
        f"Months until 80 % of started sites are certified, each from its own start: {_or_none(took)}, "
        f"against {_or_none(other)}."
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
