"""The answer in plain sentences, for the terminal and for why.md."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.counts import counted
from sim.planning.begun import chosen_levers
from sim.planning.fresh import Gain
from sim.planning.purposes import COST, LEAST_COST, LEAST_REGRET
from sim.planning.question import MONEY
from sim.planning.refusal import pounds
from sim.planning.report import Answer, Figure, FoundPlan
from sim.results.measures import measure_of
from sim.scenarios.describe import plan_lines
from sim.scenarios.scenario import Scenario
from sim.scenarios.words import listed


def lines(answer: Answer) -> list[str]:
    """The whole answer; a heading ends with a colon, what belongs to it is indented by two spaces."""
    found = [answer.question.text] if answer.question.text else []
    if begun := answer.more.get("begun"):
        found.append(
            f"What was observed up to month {begun['month']} stands: "
            f"{counted(begun['zones'], 'zone has', 'zones have')} "
            f"opened and stay{'s' if begun['zones'] == 1 else ''}. Plans differ from month {begun['month'] + 1} on, "
            f"and every run begins from one that gives what was seen."
        )
    if answer.refusal is not None:
        return [*found, *answer.refusal.sentences()]
    found += [*_verdict(answer), ""]
    for plan in answer.plans:
        found += [*_plan(plan, answer), ""]
    if answer.own is not None and all(p.key != answer.own.key for p in answer.plans):
        found += [*_plan(answer.own, answer), ""]
    found += [*_sureness(answer)]
    for heading, sentences in answer.more.get("told", {}).items():
        found += ["", f"{heading}:", *(f"  {s}" for s in sentences)]
    return found


def _verdict(answer: Answer) -> Iterator[str]:
    first = answer.plans[0]
    measure = answer.purposes[0].measure
    gain = first.gains[measure]
    yield (
        f"{_title(first.name)} {_best_for(first, answer)}: {_value(first, measure)} "
        f"{measure_of(measure).sentence or measure_of(measure).words} in month {answer.question.months}, "
        f"{_gained(gain)} {answer.question.against}."
    )
    if not gain.sure:
        yield f"That is not surely better than {answer.question.against}."
    if answer.own is None:
        return
    if answer.own_stands:
        yield f"No plan that was found is surely better than your own ({answer.own.name}). That is a good answer."
    elif first.over_own is not None:
        yield f"It is better than your own plan ({answer.own.name}) by {_points(first.over_own)}."


def _plan(plan: FoundPlan, answer: Answer) -> list[str]:
    found = [f"{_title(plan.name)}:"]
    if plan.purposes:
        found.append(f"  It {_best_for(plan, answer)}.")
    found += [f"  {s}" for s in plan_lines(plan.scenario)]
    found += [f"  {s}" for s in _levers(plan.scenario, answer)]
    for purpose in answer.purposes:
        found.append(f"  {_result(plan, purpose.measure, answer)}")
    cost = next(f for f in plan.figures if f.outcome == COST)
    found.append(f"  It costs {pounds(cost.median)} in all ({pounds(cost.p10)} to {pounds(cost.p90)} in 8 of 10 runs).")
    found += [f"  {s}" for s in _limits(plan, answer)]
    return found


def _result(plan: FoundPlan, measure: str, answer: Answer) -> str:
    end = next(f for f in plan.figures if f.outcome == measure)
    early = next((f for f in plan.figures if f.outcome == f"{measure}@{answer.question.second}"), None)
    before = "" if early is None else f", {share(early.median)} in month {answer.question.second}"
    words = measure_of(measure)
    return (
        f"{words.title}: {share(end.median)} in month {answer.question.months} ({_range(end)} in 8 of 10 runs)"
        f"{before}; {_gained(plan.gains[measure])} {answer.question.against}."
    )


def _limits(plan: FoundPlan, answer: Answer) -> Iterator[str]:
    for kind in MONEY:
        rows = [s for s in plan.spending if s.kind == kind]
        if all(r.limit is None for r in rows):
            continue
        years = "; ".join(f"year {r.year} {pounds(r.high)} of {pounds(r.limit)}" for r in rows if r.limit is not None)
        yield f"{kind.capitalize()}, not exceeded in 9 of 10 runs, against its limit: {years}."
    yield (
        f"It breaks a limit in {plan.breaches} of {counted(answer.replicates, 'run')}; the chance of that is at most "
        f"{100 * plan.at_most:.0f} % (95 % sure)."
    )
    if plan.binding is not None:
        b = plan.binding
        use = 100 * b.needed / b.limit if b.limit else 100.0
        yield f"The limit that is nearest is {b.kind} in year {b.year}, of which {min(use, 999):.0f} % is used."


def _levers(scenario: Scenario, answer: Answer) -> list[str]:
    from sim.parameters import LEVERS
    from sim.scenarios.words import measured, shown

    values = chosen_levers(scenario)
    searched = [n for n in answer.question.choices.levers if n in LEVERS]
    return [f"{measured(lever_words(n), shown(n, getattr(values, n)), LEVERS[n].about.unit)}." for n in searched]


def _sureness(answer: Answer) -> Iterator[str]:
    yield "How sure this is:"
    yield (
        f"  {counted(answer.runs, 'run')} in all. Plans were chosen on random numbers of their own, and every figure "
        f"above is from {answer.replicates} others that had no part in finding or choosing."
    )
    yield "  Intervals of gains hold for all plans at once in 95 of 100 cases."
    for one, other in answer.alike:
        words = measure_of(answer.purposes[0].measure).words
        yield f"  {_title(one)} and {other} cannot be told apart in {words}."
    if len(answer.searches) > 1:
        yield f"  {_agreement(answer)}"


def _agreement(answer: Answer) -> str:
    """How far the searches agree, and what follows where they do not."""
    apart, worth = max(answer.searches) - min(answer.searches), answer.purposes[0].worth
    count, points = len(answer.searches), f"{100 * apart:.1f} points"
    if apart <= worth:
        return f"{count} searches from different beginnings came to within {points} of one another."
    return (
        f"{count} searches from different beginnings ended {points} apart, which is more than the smallest difference "
        f"worth having ({100 * worth:.1f} points). So the search has not settled: there may be a better plan that it "
        f"did not find. Search again with more runs before you decide between plans as close as that."
    )


def _best_for(plan: FoundPlan, answer: Answer) -> str:
    words = {p.id: p.words for p in answer.purposes}
    words[LEAST_COST] = "costs least of those that keep three quarters of the best plan's gain"
    words[LEAST_REGRET] = "has the least regret over all futures that were tried"
    named = [words[p] for p in plan.purposes if p in words]
    return listed(named) if named else "is your own"


def _title(name: str) -> str:
    return f"Plan {name.removeprefix('plan-')}" if name.startswith("plan-") else f"Your own plan, {name}"


def _value(plan: FoundPlan, outcome: str) -> str:
    return share(next(f.median for f in plan.figures if f.outcome == outcome))


def share(value: float) -> str:
    """A share in per cent."""
    return "not defined" if not math.isfinite(value) else f"{100 * value:.1f} %"


def _range(figure: Figure) -> str:
    return f"{100 * figure.p10:.1f} to {100 * figure.p90:.1f} %"


def _points(gain: Gain) -> str:
    return f"{100 * gain.value:.1f} points ({100 * gain.low:.1f} to {100 * gain.high:.1f})"


def _gained(gain: Gain) -> str:
    word = "more" if gain.value >= 0 else "less"
    value, ends = abs(gain.value), sorted((abs(gain.low), abs(gain.high)))
    if gain.low < 0.0 < gain.high:
        return f"on average {_points(gain)} more than"
    return f"on average {100 * value:.1f} points ({100 * ends[0]:.1f} to {100 * ends[1]:.1f}) {word} than"


def lever_words(name: str) -> str:
    """A lever's words without what special values mean, beginning a sentence."""
    from sim.parameters import LEVERS

    text = LEVERS[name].about.words.partition(" (")[0]
    return text[0].upper() + text[1:]
