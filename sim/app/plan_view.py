"""Plans that a search found, as a page draws them: timelines of zones, spending beside the limits, what was tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.counts import counted
from sim.parameters import LEVERS
from sim.planning.begun import AS_IT_STANDS, chosen_levers
from sim.planning.purposes import COST, LEAST_COST, LEAST_REGRET, Purpose
from sim.planning.report import Answer, FoundPlan
from sim.planning.words import lines
from sim.planning.writing import as_scenario
from sim.results.measures import SHARE, measure_of
from sim.results.scales import scale_to
from sim.results.words import figure, pounds, signed, span
from sim.scenarios.scenario import Zone
from sim.scenarios.write import dump, zone_row

STEPS = 24
"""Positions of the budget slider."""
MOST_POINTS = 1_500
BEST = {
    LEAST_COST: "costs least and keeps most of the gain",
    LEAST_REGRET: "loses least in the futures that were tried",
}


def view(answer: Answer) -> dict[str, Any]:
    """Everything that the page shows of an answer, JSON-safe, every figure in words too."""
    plans = [_plan(p, answer) for p in answer.plans]
    if answer.own is not None and all(p.key != answer.own.key for p in answer.plans):
        plans.append(_plan(answer.own, answer))
    return {
        "months": answer.question.months,
        "finding": _finding(answer),
        "plans": plans,
        "told": [{"heading": h, "lines": list(t)} for h, t in answer.more.get("told", {}).items()],
        "words": lines(answer),
        "tried": _cloud(answer),
        "small": _small(answer),
    }


def _small(answer: Answer) -> str:
    fresh = counted(answer.replicates, "fresh run")
    return f"{counted(answer.runs, 'run')} in all; figures from {fresh} that the search had not seen."


def _finding(answer: Answer) -> str:
    if answer.refusal is not None:
        return " ".join(answer.refusal.sentences())
    before = bool(answer.question.text) + bool(answer.more.get("begun"))
    return next((line for line in lines(answer)[before:] if line), "")


def _plan(plan: FoundPlan, answer: Answer) -> dict[str, Any]:
    values = chosen_levers(plan.scenario)._asdict()
    levers = {n: LEVERS[n].show(values[n]) for n in answer.question.choices.levers}
    own = answer.own is not None and plan.key == answer.own.key
    theirs = AS_IT_STANDS.capitalize() if answer.more.get("begun") else "Your own plan"
    name = theirs if own else plan.name.replace("-", " ").capitalize()
    return {
        "name": name,
        "title": f"{name}: {_best_for(plan, answer.purposes)}" if plan.purposes else name,
        "zones": [_zone(z) for z in plan.scenario.zones],
        "levers": [f"{LEVERS[n].about.words}: {shown}" for n, shown in levers.items()],
        "figures": [*(_measured(plan, p, answer) for p in answer.purposes), _cost(plan)],
        "spending": _spending(plan),
        "breach": _breach(plan, answer.replicates),
        "point": [_of(plan, COST), *(_of(plan, p.measure) for p in answer.purposes)],
        "take": None if answer.more.get("begun") else {
            "zones": [zone_row(z) for z in plan.scenario.zones],
            "set": levers,
        },
        "file": None if own else {"name": f"{plan.name}.toml", "text": dump(as_scenario(plan, answer))},
    }  # fmt: skip


def _zone(zone: Zone) -> dict[str, Any]:
    """When a zone opens and which sites it has; one that opens by a gate is drawn from its latest month."""
    size = counted(len(zone.sites), "site") if zone.sites else zone.membership()
    opens = zone.opens if zone.opens is not None else (zone.latest or 0)
    when = f"month {opens}" if zone.opens is not None else f"by its gate, drawn from month {opens}"
    return {"opens": opens, "sites": len(zone.sites), "text": f"{zone.name}, {when}: {size}"}


def _best_for(plan: FoundPlan, purposes: Sequence[Purpose]) -> str:
    words = {p.id: p.words for p in purposes} | BEST
    return "; ".join(words.get(p, p.replace("_", " ")) for p in plan.purposes)


def _of(plan: FoundPlan, outcome: str) -> float | None:
    median = next(f.median for f in plan.figures if f.outcome == outcome)
    return median if math.isfinite(median) else None


def _measured(plan: FoundPlan, purpose: Purpose, answer: Answer) -> list[str]:
    found = next(f for f in plan.figures if f.outcome == purpose.measure)
    gain = plan.gains.get(purpose.measure)
    more = ""
    if gain is not None:
        low, high = (signed(v, SHARE) for v in (gain.low, gain.high))
        more = f"mean gain {low} to {high} points over {answer.question.against}"
    return [measure_of(purpose.measure).words, span(found.p10, found.p90, SHARE), more]


def _cost(plan: FoundPlan) -> list[str]:
    found = next(f for f in plan.figures if f.outcome == COST)
    return ["cost in all", f"{pounds(found.p10)} to {pounds(found.p90)}", "cash and released time"]


def _spending(plan: FoundPlan) -> list[dict[str, Any]]:
    """Year by year what nine runs in ten stay below, beside the limit."""
    return [
        {
            "kind": s.kind,
            "year": s.year,
            "high": s.high if math.isfinite(s.high) else None,
            "limit": s.limit,
            "text": f"year {s.year}, {s.kind}: 9 runs in 10 below {pounds(s.high)}"
            + (f", limit {pounds(s.limit)}" if s.limit is not None else ", no limit"),
        }
        for s in plan.spending
    ]


def _breach(plan: FoundPlan, runs: int) -> str:
    tight = plan.binding
    if tight is None:
        return ""
    most = figure(plan.at_most, SHARE)
    often = f"{plan.breaches} of {counted(runs, 'run')}"
    return f"A limit is broken in {often}: at most {most} of the time, with 95 % certainty."


def _cloud(answer: Answer) -> dict[str, Any]:
    """What was tried: cost and measures of each plan, scales, and the best at every budget."""
    tried = [row for row in answer.more.get("tried", []) if all(v is not None and math.isfinite(v) for v in row)]
    if not tried:
        return {"points": [], "scales": [], "budgets": [], "covers": ""}
    measures = [p.measure for p in answer.purposes]
    tops = [max(row[k] for row in tried) for k in range(len(measures) + 1)]
    return {
        "points": tried[:: max(1, len(tried) // MOST_POINTS)],
        "measures": [measure_of(m).words for m in measures],
        "scales": [scale_to([tops[0]], "GBP"), *(scale_to([t], SHARE) for t in tops[1:])],
        **_budgets(tried, measures[0]),
    }


def _budgets(tried: Sequence[Sequence[float]], measure: str) -> dict[str, Any]:
    """The best plan that keeps the limits at each of STEPS budgets over the whole time, and what budgets those are.

    Where no plan was seen to keep them, all that were tried count.
    """
    inside = [row for row in tried if row[-1]]
    which = "within your limits for each year" if inside else "all of them beyond your limits"
    inside = inside or list(tried)
    low, high = min(row[0] for row in inside), max(row[0] for row in inside)
    found = []
    for step in range(STEPS + 1):
        budget = low + (high - low) * step / STEPS
        best = max((row for row in inside if row[0] <= budget + 1e-6), key=lambda row: row[1])
        what = f"{figure(best[1], SHARE)} {measure_of(measure).words}"
        told = f"With {pounds(budget)} in all, the best of what was tried: {what}."
        found.append({"budget": budget, "at": [best[0], best[1]], "text": told})
    covers = (
        f"From {pounds(low)} to {pounds(high)}: what the {counted(len(inside), 'plan')} cost that this search tried, "
        f"{which}. Plans for other limits need a search of their own. "
        "Figures here are from the few runs of the search, and so a little too good."
    )
    return {"budgets": found, "covers": covers}
