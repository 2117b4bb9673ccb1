"""The next decision that all good plans share, and the signs to look at by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from sim.parameters import LEVERS
from sim.planning.candidate import Candidate
from sim.planning.purposes import Purpose, Standing
from sim.planning.question import Question
from sim.planning.race import Archive
from sim.results.measures import measure_of
from sim.scenarios.words import listed, shown

OFTEN = 0.8
GOOD = 20
SIGN_MONTHS = (24, 36)
SIGNS = ("practitioners_using_share", "sites_full_share")


def good_plans(archive: Archive, purpose: Purpose, least: int) -> list[Candidate]:
    """Plans that the search cannot tell from the best by more than is worth having."""
    best = [s for s in archive.best(purpose.measure, GOOD, least) if s.judged.likely and not s.trial.plan.verbatim]
    if not best:
        return []
    top = best[0].mean(purpose.measure)
    return [s.trial.plan for s in best if top - s.mean(purpose.measure) <= 2 * purpose.worth]


def shared(plans: Sequence[Candidate], *, begun: bool = False) -> list[str]:
    """What good plans have in common in their first steps, in sentences; of plans that have begun in their next."""
    with_zones = [p for p in plans if p.zones]
    if len(with_zones) < 2:
        return []
    count = len(with_zones)
    first = [p.zones[0] for p in with_zones]
    months = sorted({z.opens for z in first})
    when = f"in month {months[0]}" if len(months) == 1 else f"between months {months[0]} and {months[-1]}"
    sizes = sorted({len(z.sites) for z in first})
    size = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    lines = [f"All {count} good plans open their {'next' if begun else 'first'} zone {when}, with {size} sites."]
    seen = Counter(site for zone in first for site in zone.sites)
    common = sorted(site for site, n in seen.items() if n >= OFTEN * count)
    if common:
        lines.append(f"In at least four of five, {listed(common)} {'is' if len(common) == 1 else 'are'} in that zone.")
    else:
        lines.append("They differ in which sites go first: choose by what the figures leave out.")
    for name in dict(with_zones[0].levers):
        values = sorted({p.lever(name) for p in with_zones})
        if len(values) == 1:
            lines.append(f"All of them have {_lever(name)} at {shown(name, values[0])}.")
    return lines


def sign_outcomes(question: Question, today: int = 0) -> tuple[str, ...]:
    """What signs are read from: two and three years from today, and at the second reading."""
    months = [m for m in (*(today + m for m in SIGN_MONTHS), question.second) if m < question.months]
    return tuple(f"{name}@{month}" for month in dict.fromkeys(months) for name in SIGNS)


def signs(best: Standing, question: Question, purpose: Purpose, today: int = 0) -> list[str]:
    """Early readings that tell whether the plan is on its way: below them it ends lower by what is worth having."""
    end = best.column(purpose.measure)
    lines = []
    for outcome in sign_outcomes(question, today):
        early = best.column(outcome)
        mark = float(np.quantile(early, 0.25))
        low = early <= mark
        if not 5 <= low.sum() < len(end) - 5 or float(early.max()) <= 0.0:
            continue
        below, above = float(np.median(end[low])), float(np.median(end[~low]))
        if above - below > purpose.worth:
            name, _, month = outcome.partition("@")
            words = measure_of(name).sentence or measure_of(name).words
            lines.append(
                f"Month {month}: where no more than {100 * mark:.0f} % {words}, the plan ends at {100 * below:.1f} % "
                f"instead of {100 * above:.1f} %. Look again at the plan then."
            )
    return lines


def _lever(name: str) -> str:
    return LEVERS[name].about.words.partition(" (")[0]
