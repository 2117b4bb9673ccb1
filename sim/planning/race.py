"""The search: successive halving of the starts, then several local searches; all on paired replicates of one set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.planning.candidate import Candidate
from sim.planning.moves import neighbours, shaken
from sim.planning.purposes import Purpose, Standing, rank, standing
from sim.planning.question import Question
from sim.planning.space import Space
from sim.planning.trials import SEARCH, Ask, Trials

KEPT_SHARE = 3
PATIENCE = 5
CONFIRMING = 3
"""Rounds in which the best are confirmed, as others may then be the best."""
ELITE = 6
NEAR = 0.6
"""A start that is over its limits by less than this share of them may be mended."""


@dataclass(frozen=True)
class Pace:
    """How the runs of a search are divided; nothing here depends on threads or on time.

    Attributes:
        starts: plans to begin with.
        rungs: replicates of each round of halving.
        searches: local searches side by side.
        neighbours: plans that each tries in a round.
        screen: replicates to look at a neighbour.
        confirm: replicates before a neighbour is moved to.
        runs: runs after which the search ends.
        last: of the best plans so many are tried as long as a confirmed one before the search ends.
    """

    starts: int = 48
    rungs: tuple[int, ...] = (4, 8, 16)
    searches: int = 4
    neighbours: int = 6
    screen: int = 4
    confirm: int = 16
    runs: int = 2000
    last: int = 0


@dataclass
class Archive:
    """Every plan that was tried, each with its longest trial.

    Attributes:
        known: by key.
    """

    known: dict[str, Standing] = field(default_factory=dict)

    def add(self, found: Iterable[Standing]) -> None:
        """Remember trials."""
        for one in found:
            before = self.known.get(one.key)
            if before is None or len(before.trial) < len(one.trial):
                self.known[one.key] = one

    def best(self, measure: str, count: int, least: int) -> list[Standing]:
        """The best plans that had so many replicates or more, best first."""
        seen = (s for s in self.known.values() if len(s.trial) >= least and not s.judged.hopeless)
        return sorted(seen, key=lambda s: rank(s, measure))[:count]


@dataclass
class Climb:
    """One local search.

    Attributes:
        number: its place among the searches.
        purpose: what it is for.
        at: where it stands.
        random: its own generator.
        vain: rounds in a row without a better neighbour.
        best: the best it has seen.
    """

    number: int
    purpose: Purpose
    at: Standing
    random: np.random.Generator
    vain: int = 0
    best: Standing | None = None

    def move(self, new: Standing) -> None:
        """Go on from a better plan."""
        self.at, self.vain = new, 0
        if self.best is None or better(new, self.best, self.purpose.measure):
            self.best = new


def better(new: Standing, old: Standing, measure: str) -> bool:
    """Whether a plan beats another: in the mean of paired differences; one outside the limits never beats one inside.

    From a plan outside, anything goes that has more merit.
    """
    both = min(len(new.trial), len(old.trial))
    if not old.judged.likely:
        return new.merit(measure, both) > old.merit(measure, both)
    if not new.judged.likely:
        return False
    return float((new.column(measure)[:both] - old.column(measure)[:both]).mean()) > 0.0


def _ordered(found: Sequence[Standing], measure: str) -> list[Standing]:
    """Best first: in turn by what is within the limits, and by merit whether it is or not."""
    inside = sorted(found, key=lambda s: rank(s, measure))
    merit = sorted(found, key=lambda s: (-s.merit(measure), s.key))
    both = (s for pair in zip(inside, merit, strict=True) for s in pair)
    return list({s.key: s for s in both}.values())


class Race:
    """A search over the plans of a space.

    Attributes:
        archive: what was tried.
        climbs: the local searches.
    """

    def __init__(self, space: Space, trials: Trials, purposes: Sequence[Purpose], pace: Pace) -> None:
        self._space, self._trials, self._purposes, self._pace = space, trials, purposes, pace
        self.archive = Archive()
        self.climbs: list[Climb] = []

    @property
    def _question(self) -> Question:
        return self._space.question

    def run(self, begin: Sequence[Candidate], seed: int, tell: Callable[[Archive], None] | None = None) -> Archive:
        """Halve the starts, then climb until the runs are used.

        Args:
            begin: plans to begin with.
            seed: of the moves.
            tell: called after every round with what is known.

        Returns:
            The archive.
        """
        survivors = self.halve(begin)
        if tell:
            tell(self.archive)
        if not survivors:
            return self.archive
        self._set_off(survivors, seed)
        tried = set(self.archive.known)
        while self._room(self._cost):
            if not self._round(tried):
                break
            if tell:
                tell(self.archive)
        self._confirm_the_best()
        return self.archive

    def _confirm_the_best(self) -> None:
        """Try the best as long as a confirmed plan: four replicates shared by all say little of a limit that holds."""
        for _ in range(CONFIRMING):
            best = (s for p in self._purposes for s in self.archive.best(p.measure, self._pace.last, 1))
            short = {s.key: s.trial.plan for s in best if len(s.trial) < self._pace.confirm}
            room = max(0, self._pace.runs - self._trials.runs) // self._pace.confirm
            if not short or not room:
                return
            self._try(list(short.values())[:room], self._pace.confirm)

    def go_on(self, seed: int) -> Archive:
        """Climb from the best plans that the archive holds already, until the runs are used."""
        known = self.archive.best(self._purposes[0].measure, self._pace.searches, self._pace.confirm)
        if not known:
            return self.archive
        self._set_off(known, seed)
        tried = set(self.archive.known)
        while self._room(self._cost) and self._round(tried):
            pass
        return self.archive

    @property
    def _cost(self) -> int:
        """Most runs of a round."""
        pace = self._pace
        return pace.searches * (pace.neighbours * pace.screen + 2 * pace.confirm)

    def _room(self, runs: int) -> bool:
        kept_back = 2 * self._pace.last * (self._pace.confirm - self._pace.screen)
        return self._trials.runs + runs + kept_back <= self._pace.runs

    def halve(self, begin: Sequence[Candidate]) -> list[Standing]:
        """Rounds of more and more replicates; after each only the best for some purpose go on.

        Plans that surely break a limit too often leave at once, unless they are so near it that a search may mend them.
        """
        plans = list(dict.fromkeys(begin))
        found: list[Standing] = []
        for number, replicates in enumerate(self._pace.rungs):
            found = self._try(plans, replicates)
            alive = [s for s in found if not s.judged.hopeless or s.judged.excess < NEAR]
            alive = alive or sorted(found, key=lambda s: (s.judged.excess, s.key))[: self._pace.searches]
            if number == len(self._pace.rungs) - 1:
                return alive
            keep = max(2 * self._pace.searches, len(alive) // KEPT_SHARE)
            going = {s.key for p in self._purposes for s in _ordered(alive, p.measure)[:keep]}
            plans = [s.trial.plan for s in alive if s.key in going]
        return found

    def _try(self, plans: Sequence[Candidate], replicates: int) -> list[Standing]:
        trials = self._trials.ask([Ask(plan, replicates, SEARCH) for plan in plans])
        found = [standing(trial, self._question) for trial in trials]
        self.archive.add(found)
        return found

    def _set_off(self, survivors: Sequence[Standing], seed: int) -> None:
        """Searches begin from the best for each purpose in turn, no two from the same plan while there are others.

        Every other search is for the first purpose.
        """
        used: set[str] = set()
        for number in range(self._pace.searches):
            purpose = self._purposes[0 if number % 2 == 0 else (number // 2 + 1) % len(self._purposes)]
            order = sorted(survivors, key=lambda s: (s.key in used, -s.merit(purpose.measure), s.key))
            used.add(order[0].key)
            climb = Climb(number, purpose, order[0], np.random.default_rng([seed, 100 + number]))
            climb.best = order[0]
            self.climbs.append(climb)

    def _round(self, tried: set[str]) -> bool:
        """One round of all searches, in two batches; False where no search finds a plan that was not tried."""
        proposed: list[tuple[Climb, list[Candidate]]] = []
        for climb in self.climbs:
            if climb.vain >= PATIENCE:
                self._begin_anew(climb)
            new = neighbours(climb.at.trial.plan, self._space, climb.random, self._pace.neighbours, tried)
            if not new:
                climb.vain = PATIENCE
            proposed.append((climb, new))
        if not any(new for _, new in proposed):
            return self._last_resort()
        looked = {s.key: s for s in self._try([p for _, new in proposed for p in new], self._pace.screen)}
        hopeful: list[tuple[Climb, Standing]] = []
        for climb, new in proposed:
            measure = climb.purpose.measure
            order = sorted((looked[p.key] for p in new), key=lambda s: (-s.merit(measure), s.key))
            promising = [s for s in order if better(s, climb.at, measure)]
            climb.vain += 1
            if promising:
                hopeful.append((climb, promising[0]))
        sure = {s.key: s for s in self._try([s.trial.plan for _, s in hopeful], self._pace.confirm)}
        for climb, new_one in hopeful:
            confirmed = sure[new_one.key]
            if better(confirmed, climb.at, climb.purpose.measure):
                climb.move(confirmed)
        return True

    def _begin_anew(self, climb: Climb) -> None:
        """From one of the best plans of all searches, shaken; its first trial is as long as any it meets."""
        elite = self.archive.best(climb.purpose.measure, ELITE, self._pace.confirm)
        if not elite:
            climb.vain = 0
            return
        chosen = elite[int(climb.random.integers(len(elite)))]
        plan = shaken(chosen.trial.plan, self._space, climb.random)
        if not self._space.unmet(plan):
            climb.at = self._try([plan], self._pace.confirm)[0]
        climb.vain = 0

    def _last_resort(self) -> bool:
        """Every neighbour is known: spend what is left on more replicates of the best, twice as many each time."""
        best = [self.archive.best(p.measure, ELITE, self._pace.screen) for p in self._purposes]
        plans = list(dict.fromkeys(s.trial.plan for some in best for s in some))
        most = max((len(s.trial) for some in best for s in some), default=0)
        before = self._trials.runs
        if not plans or not self._room(len(plans) * 2 * most):
            return False
        self._try(plans, 2 * most)
        return self._trials.runs > before
