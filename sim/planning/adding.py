"""What an answer shows beside the plans: futures and regret, reasons, a tenth more, the next decision, signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.organisation.codes import SITE_TYPES
from sim.planning import decision, futures, reasons, tenth
from sim.planning.division import FUTURE_PLANS
from sim.planning.doubts import doubts
from sim.planning.purposes import LEAST_REGRET
from sim.planning.report import Answer
from sim.planning.search import Found, Search


def added(given: Search, found: Found) -> Answer:
    """The answer with all that the rest of the runs can tell; as it is where no plan was found."""
    answer = found.answer
    if not answer.plans:
        return answer
    told: dict[str, list[str]] = {}
    more: dict[str, Any] = {"told": told, "tried": _tried(given, found)}
    best = found.standings[answer.plans[0].name]
    aim = given.purposes[0]
    told["The next decision"] = decision.shared(
        decision.good_plans(found.archive, aim, given.division.pace.confirm), begun=bool(given.space.begun)
    ) or ["Too few good plans were found to say what they share."]
    if given.division.reason:
        features = (
            reasons.reasons(best.trial.plan, given.space, given.trials, given.question, given.division.reason)
            if not best.trial.plan.verbatim
            else []
        )
        told["Why plan 1 wins"] = reasons.sentences(features, given.question.limits.chance)
        more["reasons"] = [{"words": r.words, "loss": vars(r.loss), "broken": r.broken} for r in features]
    if given.division.future and given.worlds is not None:
        answer, lines, regrets = _futures(given, found)
        told["Where it fails"] = lines
        more["futures"] = regrets
    if given.division.tenth:
        bought = tenth.tenth_more(given, found.archive, best, given.division.tenth)
        told["More money"] = [tenth.sentence(bought)]
        more["a_tenth_more"] = None if bought is None else vars(bought.gain)
    told["What to doubt"] = _doubts(given, answer)
    told["Signs to look at"] = decision.signs(best, given.question, aim, given.space.begun.today)
    more["told"] = {heading: lines for heading, lines in told.items() if lines}
    return replace(answer, runs=given.trials.runs, more={**answer.more, **more})


def _doubts(given: Search, answer: Answer) -> list[str]:
    space = given.space
    sites, begun = space.place.sites, len(space.begun.zones)
    kinds = [SITE_TYPES[code].replace("_", " ") for code in sites.type.tolist()]
    types = dict(zip(sites.pseudonyms.tolist(), kinds, strict=True))
    plans = {p.name.replace("-", " "): p.scenario.zones[begun:] for p in answer.plans}
    # Of a plan that has begun, the first zone is no longer to be chosen.
    return doubts(plans, {} if begun else types)


def _futures(given: Search, found: Found) -> tuple[Answer, list[str], dict[str, Any]]:
    """Plans tried in futures; the one with the least regret is named for it."""
    answer, drawn = found.answer, given.worlds
    assert drawn is not None
    plans = [(name, s.trial.plan) for name, s in found.standings.items()]
    plans += [(f"rival-{i}", p) for i, p in enumerate(found.rivals, start=1)]
    plans = plans[:FUTURE_PLANS]
    names = [*futures.SHOCKS, *drawn.changes()]
    tried = futures.try_futures(plans, names, given.trials, given.question, given.division.future)
    least = tried.plans[int(tried.largest.argmin())]
    marked = tuple(
        replace(p, purposes=(*p.purposes, LEAST_REGRET)) if p.name == least and len(plans) > 1 else p
        for p in answer.plans
    )
    lines = futures.sentences(tried, drawn, given.purposes[0].worth, given.space.begun.today)
    return replace(answer, plans=marked), lines, tried.as_dict()


def _tried(given: Search, found: Found) -> list[list[float]]:
    """What else was tried, as a cloud: cost and the first measures' means, plans within the limits as far as seen."""
    measures = [p.measure for p in given.purposes]
    seen = sorted(found.archive.known.values(), key=lambda s: s.key)
    return [[s.mean("cost_total"), *(s.mean(m) for m in measures), float(s.judged.likely)] for s in seen]
