"""A story's slides with their figures filled in from runs; a plain story where none is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sim.costs import CostParameters
from sim.engine.sums import Ensemble
from sim.handouts import words
from sim.handouts.case import Case
from sim.handouts.curves import LEADING, SHARES
from sim.handouts.story import FILLED_IN, Slide
from sim.results import compare as comparing
from sim.results.measures import KNOWN
from sim.results.words import difference_words, summary_words
from sim.scenarios.differences import differences

SPOKEN = ("title", "text")


def plain(case: Case) -> tuple[Slide, ...]:
    """A story of any question: what is asked, a guess, both futures, families, cost, what to do."""
    lead, need = (KNOWN[name] for name in LEADING)
    a, what = words.lower_first(case.names[0]), need.sentence.removeprefix("of ")
    families = f"{{a:{need.id}}} {what} under the first plan, {{b:{need.id}}} under the second. "
    families += f"The difference: {{d:{need.id}}}."
    return (
        Slide("title", words.question(case.names), "{area}. {runs} simulated runs of each plan over {years}."),
        Slide(
            "predict",
            "What would you expect?",
            f"Of 100 practitioners, how many do it well after {{years}}: {a}? Write your guess down before you look.",
            measure=lead.id,
        ),
        Slide("headline", "What it comes to for families", families, headline=need.id),
        Slide(
            "headline", "What it takes",
            "{a:cost_cash} in cash and {a:cost_released_time} in released time of people who are employed already, "
            "over {years}.",
            headline="cost_total",
        ),
        Slide(
            "text", "What would you do on Monday?",
            "Who sits on the team. Which sites go first. What to look at after six months.",
        ),
    )  # fmt: skip


def filled(slides: Sequence[Slide], case: Case, ensembles: Sequence[Ensemble]) -> tuple[Slide, ...]:
    """Slides with their figures, and with the answer to what the room guesses."""
    return tuple(_filled(slide, case, ensembles) for slide in slides)


def _filled(slide: Slide, case: Case, ensembles: Sequence[Ensemble]) -> Slide:
    title, text = (_fill(getattr(slide, key), case, ensembles) for key in SPOKEN)
    measure = slide.measure
    answer = words.finding(ensembles, case.names, measure) if slide.kind == "predict" and measure in SHARES else ""
    if slide.kind == "changes":
        found = [d.sentence() for d in differences(case.plans[1], case.plans[0])]
        text = " ".join([text, *(f"{one[0].upper()}{one[1:]}." for one in found)]).strip()
    if slide.kind == "network":
        measure = measure or SHARES[0]
    return replace(slide, title=title, text=text, measure=measure, answer=answer)


def _fill(text: str, case: Case, ensembles: Sequence[Ensemble]) -> str:
    def word(match: re.Match[str]) -> str:
        which, name = match.group(1), match.group(2)
        if which == "f":
            told = KNOWN[name].told_by
            return words.finding(ensembles, case.names, told) if KNOWN[told].sentence else _said(ensembles[0], told)
        if which == "d":
            return difference_words(comparing.difference(ensembles[0], ensembles[1], name))
        if which:
            return _said(ensembles["ab".index(which)], name)
        return _fact(match.group(0)[1:-1], case, ensembles)

    return FILLED_IN.sub(word, text)


def _said(ensemble: Ensemble, name: str) -> str:
    s = comparing.summarise(ensemble, name)
    return s.measure.undefined if s.undefined == 1.0 else summary_words(s)


def _fact(name: str, case: Case, ensembles: Sequence[Ensemble]) -> str:
    if name == "posts":
        costs, s = CostParameters(), comparing.summarise(ensembles[0], "cost_total")
        post = costs.staff_hour * costs.post_hours * case.months
        return f"{s.p10 / post:.1f} to {s.p90 / post:.1f}"
    return {
        "runs": f"{ensembles[0].replicates:,}",
        "area": case.place,
        "years": words.years_words(case.months),
    }[name]
