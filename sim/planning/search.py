"""From the question to the answer, in order: search, choose, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.planning.candidate import Candidate
from sim.planning.division import REPORTED, Division
from sim.planning.folder import AGAINST, OWN
from sim.planning.fresh import Chosen, choose, report_on
from sim.planning.front import ever_more_cautious
from sim.planning.futures import Worlds
from sim.planning.purposes import Purpose, Standing, purposes, standing
from sim.planning.question import Question
from sim.planning.race import Archive, Race
from sim.planning.refusal import refuse
from sim.planning.report import Answer, alike, figures, found_plans
from sim.planning.space import Space
from sim.planning.starts import starts
from sim.planning.trials import CHOICE, REPORT, Ask, Trials
from sim.scenarios.scenario import Scenario

MOST_PLANS = 5
Tell = Callable[[str, Archive], None]


@dataclass(frozen=True)
class Search:
    """All that a search goes by.

    Attributes:
        space: what may be chosen.
        trials: whatever runs candidates.
        division: runs of each part.
        seed: of moves and of the space-filling design.
        report_seed: of the reporting set.
        scenario: the scenario that runs a candidate.
        own: the user's own plan, None without one.
        own_plan: the same in canonical form, as far as it is still to be chosen.
        worlds: drawn worlds that the plans are tried in, None for none.
    """

    space: Space
    trials: Trials
    division: Division
    seed: int
    report_seed: int
    scenario: Callable[[Candidate], Scenario]
    own: Scenario | None = None
    own_plan: Candidate | None = None
    worlds: Worlds | None = None

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.space.question

    def begun_words(self) -> dict[str, dict[str, int]]:
        """For the answer: the month that the plan has come to, nothing where it has not begun."""
        begun = self.space.begun
        return {"begun": {"month": begun.month, "zones": len(begun.zones)}} if begun else {}

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What counts."""
        return purposes(self.question)


@dataclass(frozen=True)
class Found:
    """What later steps build upon.

    Attributes:
        answer: with its plans.
        standings: trials on the reporting set, by name of the plan.
        reference: trial of what gains are measured against.
        archive: what was tried.
        rivals: other plans that are surely within the limits, best first.
    """

    answer: Answer
    standings: dict[str, Standing]
    reference: Standing
    archive: Archive
    rivals: tuple[Candidate, ...] = ()


def verbatim(name: str) -> Candidate:
    """A candidate that is run as its scenario stands."""
    return Candidate((), (), name)


def search(given: Search, tell: Tell | None = None) -> Found:
    """Find plans, choose among them, and report on those chosen.

    Args:
        given: what to go by.
        tell: called with what is being done and what is known.
    """
    own = given.own_plan
    begin = starts(given.space, given.division.pace.starts, given.seed, own)
    race = Race(given.space, given.trials, given.purposes, given.division.pace)
    archive = race.run(begin, given.seed, None if tell is None else lambda known: tell("searching", known))
    aim = given.purposes[0]
    reached = tuple(sorted((c.best or c.at).mean(aim.measure) for c in race.climbs if c.purpose == aim)[::-1])
    theirs = [verbatim(OWN)] if own is not None and not given.space.unmet(own) else []
    for some in ever_more_cautious(archive, given.purposes, given.division.finalists, given.division.pace):
        found = _told(given, [*(s.trial.plan for s in some), *theirs], archive, reached)
        if found is not None:
            return found
    return _refused(given, archive, reached)


def _told(given: Search, plans: Sequence[Candidate], archive: Archive, reached: tuple[float, ...]) -> Found | None:
    """What is to be reported of some plans, None where none of them surely keeps the limits."""
    chosen = choose(plans, given.trials, given.question, given.purposes, given.division.choice)
    return _reported(given, chosen, archive, reached) if chosen.plans else None


def _reported(given: Search, chosen: Chosen, archive: Archive, reached: tuple[float, ...]) -> Found | None:
    question, aims = given.question, given.purposes
    extra = [verbatim(AGAINST), *([verbatim(OWN)] if given.own is not None else [])]
    of = {s.key: s for s in report_on(extra, given.trials, question, given.division.report)}
    reference, own = of[verbatim(AGAINST).key], of.get(verbatim(OWN).key)
    inside, chosen, dropped = _kept_again(given, chosen, REPORTED - 2)
    if not inside:
        return None
    names = {s.key: f"plan-{i}" for i, s in enumerate(inside, start=1)}
    told = [(s, names[s.key], chosen.purposes[s.key], given.scenario(s.trial.plan)) for s in inside]
    if own is not None and own.key not in names:
        assert given.own is not None
        told.append((own, given.own.name, (), given.scenario(own.trial.plan)))
    every = found_plans(told, reference, own, question, aims)
    answer = Answer(
        question=question,
        purposes=aims,
        place=given.space.place.name,
        plans=tuple(p for p in every if p.key in names),
        own=next((p for p in every if own is not None and p.key == own.key), None),
        against=figures(reference, question, aims),
        alike=alike([(names[s.key], s) for s in inside], aims[0].measure),
        searches=reached,
        seed=given.report_seed,
        replicates=given.division.report,
        runs=given.trials.runs,
        more={"dropped": len(dropped), **given.begun_words()},
    )
    standings = {names.get(s.key, "own"): s for s in (*inside, *([own] if own else []))}
    others = sorted((s for s in chosen.kept if s.key not in names), key=lambda s: (-s.mean(aims[0].measure), s.key))
    return Found(answer, standings, reference, archive, tuple(s.trial.plan for s in others))


def _kept_again(given: Search, chosen: Chosen, most: int) -> tuple[list[Standing], Chosen, set[str]]:
    """Plans that keep the limits on the reporting set too; for one that does not, the next best takes its place.

    Args:
        given: what to go by.
        chosen: on fresh set 1.
        most: plans that may be reported on in all.

    Returns:
        Trials on the reporting set, what is chosen after all, and the keys of those that were dropped.
    """
    known: dict[str, Standing] = {}
    dropped: set[str] = set()
    while True:
        plans = [s.trial.plan for s in chosen.plans][:MOST_PLANS]
        new = [p for p in plans if p.key not in known][: most - len(known)]
        known |= {s.key: s for s in report_on(new, given.trials, given.question, given.division.report)}
        inside = [known[p.key] for p in plans if p.key in known]
        over = {s.key for s in inside if not s.judged.kept}
        if not over or len(known) >= most:
            return [s for s in inside if s.judged.kept], chosen, dropped | over
        dropped |= over
        chosen = chosen.without(dropped)


def _refused(given: Search, archive: Archive, reached: tuple[float, ...]) -> Found:
    """The answer where no plan holds, from the plans that need the least more money."""
    question = given.question
    longest = sorted(archive.known.values(), key=lambda s: (s.judged.share, s.key))
    nearest = [refuse([s], question).more for s in longest]
    order = sorted(range(len(longest)), key=lambda i: (nearest[i], longest[i].key))[: given.division.finalists]
    plans = [longest[i].trial.plan for i in order]
    tried = [standing(t, question) for t in _ask(given.trials, plans, given.division.choice, CHOICE)]
    reference = standing(_ask(given.trials, [verbatim(AGAINST)], given.division.report, REPORT)[0], question)
    answer = Answer(
        question=question,
        purposes=given.purposes,
        place=given.space.place.name,
        plans=(),
        own=None,
        against=figures(reference, question, given.purposes),
        alike=(),
        searches=reached,
        seed=given.report_seed,
        replicates=given.division.report,
        runs=given.trials.runs,
        refusal=refuse(tried, question),
        more=given.begun_words(),
    )
    return Found(answer, {}, reference, archive)


def _ask(trials: Trials, plans: Sequence[Candidate], replicates: int, numbers: str):  # type: ignore[no-untyped-def]
    return trials.ask([Ask(plan, replicates, numbers) for plan in plans])
