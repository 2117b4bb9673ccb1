"""For modellers: the Mesa model stepped to a month, a table of its agents, one practitioner's story.

It opens on somebody worth looking at: who stopped, who uses it well alone, who was trained and never began.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from sim.app.cache import Cache
from sim.app.jobs import Jobs, courses
from sim.app.messages import Asked, anything
from sim.app.question import Question, title_of
from sim.counts import counted
from sim.engine.trace import nearest_to_median
from sim.errors import ScenarioError, quoted
from sim.organisation.codes import AGENCIES, SITE_TYPES

ROWS, OF_A_KIND = 60, 4
NOTHING = "Nothing has happened to anybody by this month: step further on."
HEADS = ("number", "site", "aware", "trained", "using", "skill", "fidelity", "peers who use it", "in post since")
TEAM_HEADS = ("team", "kind", "members", "capacity", "attention")


class Models(Cache):
    """Mesa models that were stepped, with the replicate of each."""

    def __init__(self) -> None:
        super().__init__(2)


@dataclass(frozen=True)
class Looked:
    """Asks for the agents at the end of a month, and for one practitioner's story."""

    ask: Asked
    month: Annotated[object, anything] = None
    who: Annotated[object, anything] = None


def look(jobs: Jobs, message: Looked) -> dict[str, Any]:
    """The first plan's model at the end of a month, one run: the one nearest the median.

    Raises:
        ScenarioError: a month or a practitioner that is not there.
    """
    question = message.ask
    month = _whole("month", message.month, question.horizon)
    model, replicate = _model(jobs, question, month)
    hide = _pseudonyms(jobs)
    worth = _worth(model, lambda p: hide(_called(p)))
    first = worth[0][0] if worth else 0
    who = first if message.who is None else _whole("practitioner", message.who, len(model.practitioners) - 1)
    people = [
        [i, hide(str(p.site.name)), *(_mark(x) for x in (p.aware, p.trained, p.using)), f"{p.skill:.2f}",
         f"{p.fidelity:.2f}", f"{p.peers_share:.2f}", p.joined]
        for i, p in enumerate(model.practitioners[:ROWS])
    ]  # fmt: skip
    teams = [
        [hide(str(t.name)), type(t).__name__, t.members, f"{t.capacity:.2f}", f"{t.attention:.2f}"]
        for t in (*model.core_teams, *model.local_teams)
    ]
    return {
        "month": month,
        "who": who,
        "replicate": replicate,
        "state": f"{title_of(question.arms[0])}, run {replicate}, end of month {month}.",
        "worth": [[n, words] for n, words, _ in worth],
        "named": hide(_called(model.practitioners[who])),
        "why": next((why for n, _, why in worth if n == who), "" if worth else NOTHING),
        "story": [hide(line) for line in model.practitioners[who].explain()],
        "story_title": f"The story of practitioner {who}, {hide(_called(model.practitioners[who]))}",
        "rows_title": f"The first {len(people)} of {counted(len(model.practitioners), 'practitioner')}",
        "heads": list(HEADS),
        "rows": people,
        "team_heads": list(TEAM_HEADS),
        "team_rows": teams[:ROWS],
    }


def _called(p: Any) -> str:
    """A practitioner by role, post and site."""
    agency = AGENCIES[int(p.site.agency)].replace("_", " ")
    return f"a practitioner in {agency}, {p.name}"


def _worth(model: Any, called: Any) -> list[tuple[int, str, str]]:
    """Practitioners worth looking at: number, words to choose by, and why."""
    people = list(enumerate(model.practitioners))
    kinds = (
        ("used it and stopped", "Used the practice and stopped: what went before says why.",
         [(-len(p.history or ()), n) for n, p in people if p.ever_used and not p.using]),
        ("uses it well, almost alone", "Uses the practice at fidelity although few peers do.",
         [(p.peers_share, n) for n, p in people if p.using and p.at_fidelity]),
        ("was trained and does not use it", "Was trained, and has not begun to use the practice.",
         [(p.taught, n) for n, p in people if p.trained and not p.ever_used]),
        ("uses it below fidelity", "Uses the practice, but delivers too little of it to count as fidelity.",
         [(p.fidelity, n) for n, p in people if p.using and not p.at_fidelity]),
        ("has heard of it", "Has heard of the practice, and has not been trained.",
         [(-len(p.history or ()), n) for n, p in people if p.aware and not p.trained and not p.ever_used]),
    )  # fmt: skip
    return [
        (n, f"{called(model.practitioners[n])}: {words}", why)
        for words, why, found in kinds
        for _, n in sorted(found)[:OF_A_KIND]
    ]


def _model(jobs: Jobs, question: Question, month: int) -> tuple[Any, int]:
    """A model at that month: one that was stepped before goes on, else a new one begins."""
    from sim.engine.model import TransformationModel

    pair = jobs.quick(question)
    replicate = nearest_to_median(pair[0], courses(pair[0])) + pair[0].first
    kept = jobs.hold(Models).get(question)
    model = kept[0] if kept is not None and kept[1] == replicate and kept[0].month <= month else None
    if model is None:
        model = TransformationModel(
            question=question.arms[0].scenario(), organisation=jobs.organisation, months=question.horizon,
            rng=question.seed, replicate=replicate, sample=jobs.rows(question.calibration),
        )  # fmt: skip
    with jobs.heavy:
        while model.month < month:
            model.step()
    jobs.hold(Models).put(question, (model, replicate))
    return model, replicate


def _whole(what: str, given: object, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most:
        raise ScenarioError(f"inspect: {what} must be a whole number in [0, {most}]; got {quoted(given)}.")
    return given


def _mark(flag: bool) -> str:
    return "yes" if flag else "no"


def _pseudonyms(jobs: Jobs) -> Any:
    """Sites of a generated area go by pseudonym; those of a real one by their kind alone, as this is a single run."""
    sites = jobs.organisation.sites
    invented = "--area-of" in jobs.again
    known = {}
    for name, identity, pseudonym, kind in zip(sites.names, sites.ids, sites.pseudonyms, sites.type, strict=True):
        shown = str(pseudonym) if invented else f"a site ({SITE_TYPES[int(kind)].replace('_', ' ')})"
        known.update({str(n): shown for n in (name, identity, pseudonym) if str(n)})
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(n) for n in sorted(known, key=len, reverse=True)) + r")(?!\w)"
    )
    return lambda text: pattern.sub(lambda m: known[m.group(0)], text)
