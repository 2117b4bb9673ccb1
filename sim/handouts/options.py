"""Three to five plans side by side on one page, and the ladder: what each step from plan to plan adds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim.engine.sums import Ensemble
from sim.handouts import words
from sim.handouts.case import Case
from sim.handouts.curves import LEADING
from sim.handouts.table import Table
from sim.results import compare as comparing
from sim.results.measures import KNOWN, POUNDS
from sim.results.words import gap_words, pounds, span
from sim.scenarios.differences import differences

LEAST, MOST = 3, 5
SHOWN = (*LEADING, "sites_full_share")
COST = "cost_total"


def finding(case: Case, ensembles: Sequence[Ensemble]) -> tuple[str, ...]:
    """Which option serves most need, which costs least, and which cannot be told apart from the first of these."""
    need = LEADING[1]
    sums = [comparing.summarise(e, need) for e in ensembles]
    best = int(np.nanargmax([s.median for s in sums]))
    costs = [comparing.summarise(e, COST).median for e in ensembles]
    cheap = int(np.argmin(costs))
    what = KNOWN[need].sentence.removeprefix("of ")
    years = words.years_words(case.months)
    found = [f"Of {words.number_words(len(ensembles))} options, this one serves most need: {case.names[best]}. "
             f"After {years} {words.in_hundred(sums[best].median)} {what}."]  # fmt: skip
    alike = [
        case.names[k] for k, other in enumerate(ensembles)
        if k != best and comparing.difference(ensembles[best], other, need).verdict is not comparing.Verdict.APART
    ]  # fmt: skip
    if alike:
        found.append(f"It cannot be told apart from: {'; '.join(alike)}.")
    if cheap != best:
        found.append(
            f"This one costs least: {case.names[cheap]} ({pounds(costs[cheap])} over {years}). Under it, "
            f"{words.in_hundred(sums[cheap].median)} {what}."
        )
    return tuple(found)


def side_by_side(case: Case, ensembles: Sequence[Ensemble]) -> Table:
    """A row for each option, a column for each figure."""
    heads = ("Option", *(KNOWN[name].title for name in SHOWN), "Cash and released time, a year")
    rows = [
        (name, *(_range(e, one) for one in SHOWN), _yearly(e)) for name, e in zip(case.names, ensembles, strict=True)
    ]
    note = (
        f"After {words.years_words(case.months)}. A range holds 8 runs in 10; all options had the same random numbers."
    )
    return Table("The options side by side", heads, tuple(rows), note)


def ladder(case: Case, ensembles: Sequence[Ensemble]) -> Table:
    """From each option to the next: what is different there, and what that adds to need served and to cost."""
    rows = []
    for k, (first, other) in enumerate(pairwise(ensembles)):
        found = [d.sentence() for d in differences(case.plans[k], case.plans[k + 1])]
        step = f"{case.names[k]} → {case.names[k + 1]}"
        rows.append((step, "; ".join(found) or "Nothing.", *(_added(other, first, n) for n in (LEADING[1], COST))))
    heads = ("Step", "What is different there", "Need served at fidelity", "Cost over the whole run")
    note = "What the step adds, run by run with the same random numbers: 8 runs in 10 lie within."
    return Table("The ladder", heads, tuple(rows), note)


def _added(after: Ensemble, before: Ensemble, identity: str) -> str:
    found = comparing.difference(after, before, identity)
    if found.verdict is comparing.Verdict.NO_PAIRS:
        return str(found.verdict.value)
    return gap_words(found)


def _range(ensemble: Ensemble, identity: str) -> str:
    s = comparing.summarise(ensemble, identity)
    return s.measure.undefined if s.undefined == 1.0 else span(s.p10, s.p90, s.measure.unit)


def _yearly(ensemble: Ensemble) -> str:
    s, years = comparing.summarise(ensemble, COST), max(1.0, ensemble.months / 12)
    return span(s.p10 / years, s.p90 / years, POUNDS)
