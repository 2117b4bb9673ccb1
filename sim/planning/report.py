"""The answer: plans with their figures on the reporting set, as data that words, tables and figures are made from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.planning.fresh import Gain, gains
from sim.planning.limits import HAIR, Binding, bindings, spent
from sim.planning.purposes import COST, Purpose, Standing
from sim.planning.question import MONEY, Question
from sim.planning.refusal import Refusal
from sim.results.intervals import quantile
from sim.scenarios.scenario import Scenario

OFTEN = 0.9


@dataclass(frozen=True)
class Figure:
    """A measure over the runs of the reporting set.

    Attributes:
        outcome: id or id@month.
        median: of all runs, NaN undefined.
        p10: a tenth of runs lie below.
        p90: nine tenths lie below.
    """

    outcome: str
    median: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Spending:
    """What a year spends of one kind of money, GBP.

    Attributes:
        kind: one of MONEY.
        year: from 1.
        median: half of all runs spend less.
        high: nine runs in ten spend less.
        limit: what may be spent, None no limit.
        broken: share of runs that spend more.
    """

    kind: str
    year: int
    median: float
    high: float
    limit: float | None
    broken: float


@dataclass(frozen=True)
class FoundPlan:
    """One plan of the answer.

    Attributes:
        name: 'plan-1', or the name of the user's own.
        key: of the candidate.
        purposes: ids of what it is best for.
        scenario: runs as it stands.
        figures: what counts, at the end and at the second reading, and what it costs.
        gains: against the question's scenario, by measure.
        over_own: gain over the user's own plan in the first measure, None without one.
        spending: year by year.
        breaches: runs in which a limit is broken.
        at_most: upper 95 % bound of the chance of that.
        binding: the limit that is nearest, None without limits.
    """

    name: str
    key: str
    purposes: tuple[str, ...]
    scenario: Scenario
    figures: tuple[Figure, ...]
    gains: dict[str, Gain]
    over_own: Gain | None
    spending: tuple[Spending, ...]
    breaches: int
    at_most: float
    binding: Binding | None


@dataclass(frozen=True)
class Answer:
    """All that is reported.

    Attributes:
        question: what was asked.
        purposes: what counts.
        place: name of the organisation.
        plans: at most five, the best for the first purpose first.
        own: the user's own plan, None without one.
        against: figures of the scenario that gains are measured against.
        alike: pairs of plans that cannot be told apart in the first measure.
        searches: what each local search came to in the first measure, best first.
        seed: of the reporting set: `zones run plan-1.toml --seed` gives the same figures.
        replicates: of the reporting set.
        runs: different runs in all.
        refusal: why there is no plan, None where there is one.
        more: what later steps add, by name.
    """

    question: Question
    purposes: tuple[Purpose, ...]
    place: str
    plans: tuple[FoundPlan, ...]
    own: FoundPlan | None
    against: tuple[Figure, ...]
    alike: tuple[tuple[str, str], ...]
    searches: tuple[float, ...]
    seed: int
    replicates: int
    runs: int
    refusal: Refusal | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def own_stands(self) -> bool:
        """Whether nothing surely better than the user's own plan was found."""
        best = self.plans[0].over_own if self.plans else None
        return self.own is not None and (best is None or not best.sure)


def figures(one: Standing, question: Question, purposes: Sequence[Purpose]) -> tuple[Figure, ...]:
    """What counts at the end and at the second reading, then cost."""
    names = [n for p in purposes for n in readings(p.measure, question)]
    return tuple(_figure(one, name) for name in (*names, COST))


def readings(measure: str, question: Question) -> tuple[str, ...]:
    """A measure at the end, and at the second reading where that is earlier."""
    return (measure, f"{measure}@{question.second}") if question.second < question.months else (measure,)


def _figure(one: Standing, outcome: str) -> Figure:
    values = one.trial.values[outcome]
    return Figure(outcome, *(quantile(values, q) for q in (0.5, 0.1, 0.9)))


def spending(one: Standing, question: Question) -> tuple[Spending, ...]:
    """What each year spends, kind by kind."""
    found = []
    for kind in MONEY:
        each = spent(one.trial.values, kind, question.year_ends)
        allowed = question.limits.of(kind)
        for year in range(each.shape[1]):
            column = each[:, year]
            limit = allowed[year] if allowed and math.isfinite(allowed[year]) else None
            over = 0.0 if limit is None else float((column > limit + HAIR).mean())
            found.append(
                Spending(kind, year + 1, float(np.median(column)), float(np.quantile(column, OFTEN)), limit, over)
            )
    return tuple(found)


def found_plans(
    told: Sequence[tuple[Standing, str, tuple[str, ...], Scenario]],
    reference: Standing,
    own: Standing | None,
    question: Question,
    purposes: Sequence[Purpose],
) -> list[FoundPlan]:
    """Plans with their figures; the gains of all in one measure have intervals that hold together.

    Args:
        told: trial on the reporting set, name, purposes and scenario of each plan.
        reference: the scenario that gains are measured against.
        own: the user's own plan.
        question: what was asked.
        purposes: what counts.
    """
    standings = [s for s, *_ in told]
    of = {p.measure: gains(standings, reference, p.measure) for p in purposes} if standings else {}
    over = gains(standings, own, purposes[0].measure) if own is not None and standings else [None] * len(standings)
    found = []
    for i, (one, name, best_for, scenario) in enumerate(told):
        tight = bindings(one.trial.values, question.limits, question.year_ends)
        mine = own is not None and one.key == own.key
        found.append(
            FoundPlan(
                name=name,
                key=one.key,
                purposes=best_for,
                scenario=scenario,
                figures=figures(one, question, purposes),
                gains={measure: each[i] for measure, each in of.items()},
                over_own=None if mine else over[i],
                spending=spending(one, question),
                breaches=one.judged.breaches,
                at_most=one.judged.at_most,
                binding=tight[0] if tight else None,
            )
        )
    return found


def alike(plans: Sequence[tuple[str, Standing]], measure: str) -> tuple[tuple[str, str], ...]:
    """Pairs of plans whose difference in a measure may be nothing (simultaneous intervals over all pairs)."""
    pairs = [(a, b) for i, a in enumerate(plans) for b in plans[i + 1 :]]
    if not pairs:
        return ()
    from sim.planning.fresh import simultaneous

    found = simultaneous(np.column_stack([a[1].column(measure) - b[1].column(measure) for a, b in pairs]))
    return tuple((a[0], b[0]) for (a, b), gain in zip(pairs, found, strict=True) if gain.low <= 0.0 <= gain.high)


def as_dict(answer: Answer) -> dict[str, Any]:
    """JSON-safe; what is undefined or beyond the horizon is null."""
    return {
        "question": answer.question.text,
        "months": answer.question.months,
        "seed": answer.seed,
        "replicates": answer.replicates,
        "runs": answer.runs,
        "plans": [_plan_dict(p) for p in answer.plans],
        "own": None if answer.own is None else _plan_dict(answer.own),
        "own_stands": answer.own_stands,
        "against": {f.outcome: _figure_dict(f) for f in answer.against},
        "cannot_be_told_apart": [list(pair) for pair in answer.alike],
        "searches": list(answer.searches),
        "refusal": None if answer.refusal is None else answer.refusal.as_dict(),
        **{k: safe(v) for k, v in answer.more.items()},
    }


def _plan_dict(plan: FoundPlan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "key": plan.key,
        "best_for": list(plan.purposes),
        "zones": [{"name": z.name, "opens": z.opens, "sites": list(z.sites)} for z in plan.scenario.zones],
        "figures": {f.outcome: _figure_dict(f) for f in plan.figures},
        "gains": {m: safe(vars(g)) for m, g in plan.gains.items()},
        "over_own": None if plan.over_own is None else safe(vars(plan.over_own)),
        "spending": [safe(vars(s)) for s in plan.spending],
        "breaches": plan.breaches,
        "breach_at_most": plan.at_most,
        "binding": None if plan.binding is None else safe(vars(plan.binding)),
    }


def _figure_dict(figure: Figure) -> dict[str, Any]:
    return dict(safe({"median": figure.median, "p10": figure.p10, "p90": figure.p90}))


def safe(value: Any) -> Any:
    """JSON-safe data: numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {k: safe(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [safe(v) for v in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
