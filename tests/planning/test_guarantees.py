"""What a search promises, where the truth is known: close to the best, honest about gains, never over a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_builders import KnownTruth, all_plans, dear, grid_space, hill, named, searched
from scipy.stats import norm

from sim.planning.candidate import Candidate, to_scenario
from sim.planning.division import divide
from sim.planning.fresh import choose, simultaneous
from sim.planning.front import ever_more_cautious
from sim.planning.purposes import Standing, purposes, standing
from sim.planning.question import Limits, Question
from sim.planning.race import Archive
from sim.planning.search import verbatim
from sim.planning.starts import leanest
from sim.planning.trials import SEARCH, Ask
from sim.scenarios.files import load

SPREAD = 0.05
WORTH = 0.003
"""Three tenths of a point."""
BRUTE = 336 * 40
"""Runs of every plan of the grid at 40 replicates."""


def _question(name: str, limit: float = 1000.0) -> Question:
    asked = grid_space().question
    return replace(named(asked, name), limits=Limits((), (limit,) * asked.years))


def _allowed(plan: Candidate, limit: float = 1000.0) -> bool:
    """Whether a plan truly keeps the limit with the chance of 0.9 (a year's noise is the same in all years)."""
    return bool(norm.sf((limit - dear(plan)) / (SPREAD * dear(plan))) <= 0.1)


def _best(limit: float = 1000.0) -> float:
    return max(hill(p) for p in all_plans(grid_space()) if _allowed(p, limit))


def _misses(seeds: range) -> list[float]:
    """By how much each search falls short of the best plan that truly keeps the limit."""
    found = []
    plans = {p.key: p for p in all_plans(grid_space())}
    for seed in seeds:
        truth = KnownTruth(_question(f"brute {seed}"), hill, dear, spread=SPREAD)
        answer = searched(truth, BRUTE // 5, seed).answer
        assert truth.runs <= BRUTE // 5
        found.append(_best() - hill(plans[answer.plans[0].key]))
    return found


def test_close_to_brute_force():
    assert sum(gap > WORTH for gap in _misses(range(4))) == 0


@pytest.mark.slow
def test_close_to_brute_force_in_95_of_100_seeds():
    gaps = _misses(range(100, 200))
    assert sum(gap > WORTH for gap in gaps) <= 5


def test_a_search_of_nothing_but_chance_would_miss():
    """The control: the best of a few plans drawn blindly is far from the best of all."""
    random = np.random.default_rng(1)
    plans = [p for p in all_plans(grid_space()) if _allowed(p)]
    drawn = [max(hill(plans[i]) for i in random.permutation(len(plans))[:12]) for _ in range(50)]
    assert np.mean([_best() - value > WORTH for value in drawn]) > 0.5


def _claims(seeds: range, worth: float = 0.0) -> float:
    """Share of searches that claim a sure gain where every plan is worth the same."""
    claimed = 0
    for seed in seeds:
        truth = KnownTruth(_question(f"nothing {seed}"), lambda p: worth if p.zones else 0.0, dear, spread=SPREAD)
        answer = searched(truth, 1000, seed).answer
        claimed += answer.plans[0].gains[answer.purposes[0].measure].sure
    return claimed / len(seeds)


@pytest.mark.slow
def test_no_gain_is_claimed_where_there_is_none():
    assert _claims(range(400)) <= 0.05


def test_a_gain_is_claimed_where_there_is_one():
    """The control: the same searches, with plans that are worth something."""
    assert _claims(range(6), worth=0.02) == 1.0


def _covered(seeds: range) -> float:
    plans = {p.key: p for p in all_plans(grid_space())}
    inside = 0
    for seed in seeds:
        truth = KnownTruth(_question(f"covered {seed}"), hill, dear, spread=SPREAD)
        answer = searched(truth, 1000, seed).answer
        gains = [(p.gains[answer.purposes[0].measure], hill(plans[p.key])) for p in answer.plans]
        inside += all(g.low <= true <= g.high for g, true in gains)
    return inside / len(seeds)


@pytest.mark.slow
def test_intervals_of_what_was_found_cover_the_truth():
    assert 0.93 <= _covered(range(800)) <= 0.97


def test_choosing_and_reporting_on_one_set_would_not_cover():
    """The control: the largest of several means, told with its own interval, is too large."""
    random = np.random.default_rng(3)
    low, covered = [], 0
    for _ in range(300):
        runs = 0.01 * random.standard_normal((40, 20))
        best = runs[:, runs.mean(axis=0).argmax()]
        gain = simultaneous(best[:, None])[0]
        covered += gain.low <= 0.0 <= gain.high
        low.append(gain.low)
    assert covered / 300 < 0.9


def test_simultaneous_intervals_cover_all_means_at_once():
    random = np.random.default_rng(5)
    inside, alone = 0, 0
    for _ in range(600):
        common = random.standard_normal((60, 1))
        runs = 0.7 * common + 0.7 * random.standard_normal((60, 5))
        inside += all(g.low <= 0.0 <= g.high for g in simultaneous(runs))
        alone += all(simultaneous(runs[:, [i]])[0].low <= 0 <= simultaneous(runs[:, [i]])[0].high for i in range(5))
    assert 0.93 <= inside / 600 <= 0.97
    assert alone / 600 < 0.9


@settings(max_examples=8, deadline=None)
@given(
    limit=st.floats(500.0, 1400.0),
    spread=st.floats(0.0, 0.2),
    tilt=st.floats(-0.1, 0.1),
    seed=st.integers(0, 2**32),
)
def test_limits_and_wishes_are_never_broken(limit, spread, tilt, seed):
    truth = KnownTruth(_question(f"any {seed}", limit), lambda p: hill(p) + tilt * len(p.zones), dear, spread=spread)
    answer = searched(truth, 1000, seed).answer
    space = replace(grid_space(), question=truth.question)
    plans = {p.key: p for p in all_plans(grid_space())}
    assert bool(answer.plans) != (answer.refusal is not None)
    for plan in answer.plans:
        assert plan.at_most <= 1.0 - truth.question.limits.chance
        assert space.unmet(plans[plan.key]) == []
        over = [norm.sf((limit - dear(plans[plan.key])) / (max(spread, 1e-9) * dear(plans[plan.key])))]
        assert over[0] < 0.2


def _reached(limit: float, seed: int) -> float:
    plans = {p.key: p for p in all_plans(grid_space())}
    truth = KnownTruth(_question(f"budget {seed}", limit), hill, dear, spread=SPREAD)
    return hill(plans[searched(truth, BRUTE // 5, seed).answer.plans[0].key])


def test_a_looser_budget_never_gives_a_worse_plan():
    reached = [_reached(limit, 1) for limit in (750.0, 900.0, 1050.0, 1300.0)]
    assert all(later >= earlier - WORTH for earlier, later in pairwise(reached))
    assert reached[-1] > reached[0] + WORTH


@pytest.mark.slow
def test_a_looser_budget_never_gives_a_worse_plan_whatever_the_seed():
    for seed in range(12):
        reached = [_reached(limit, seed) for limit in (750.0, 850.0, 950.0, 1100.0, 1300.0)]
        assert all(later >= earlier - WORTH for earlier, later in pairwise(reached))


class Lurking(KnownTruth):
    """Truth in which plans seldom spend far too much: no trial of a few replicates tells which do."""

    holds: Callable[[Candidate], bool]

    def _table(self, one: Ask) -> np.ndarray:
        table = super()._table(one)
        if not one.plan.verbatim and not self.holds(one.plan):
            dice = np.random.default_rng([int(one.plan.key, 16), *one.numbers.encode()]).random(1000)
            columns = [name.startswith("cost_released_time@") for name in self.outcomes]
            table[np.ix_(dice[: one.replicates] < 0.2, columns)] *= 20.0
        return table


def _chosen(seed: int, holds: Callable[[Candidate], bool], groups: int) -> tuple[Standing, ...]:
    """What is chosen where every plan of the grid has been tried four times, from the first groups of plans alone."""
    truth = Lurking(_question(f"lurking {seed}", 3000.0), hill, dear, spread=SPREAD)
    truth.holds = holds
    aims, archive, division = purposes(truth.question), Archive(), divide(1000)
    tried = truth.ask([Ask(plan, 4, SEARCH) for plan in all_plans(grid_space())])
    archive.add(standing(trial, truth.question) for trial in tried)
    pace = replace(division.pace, confirm=4)
    for some in islice(ever_more_cautious(archive, aims, division.finalists, pace), groups):
        plans = [s.trial.plan for s in some]
        if (chosen := choose(plans, truth, truth.question, aims, 100)).plans:
            return chosen.plans
    return ()


def test_limits_that_can_be_met_give_a_plan():
    """All plans seem to be far inside the limits, and only the cheapest are: they are found in the end, not before."""
    cheap = {plan.key for plan in all_plans(grid_space()) if dear(plan) == dear(leanest(grid_space()))}
    for seed in range(4):
        chosen = _chosen(seed, lambda plan: plan.key in cheap, 100)
        assert chosen
        assert {s.key for s in chosen} <= cheap
        assert _chosen(seed, lambda plan: plan.key in cheap, 2) == ()


def test_limits_that_cannot_be_met_give_none():
    """The control: where no plan holds, none is told of."""
    assert _chosen(0, lambda plan: False, 100) == ()


def test_never_worse_than_the_users_own_feasible_plan():
    """The best plan is the user's own: it is found again, or the answer says that the user's own stands."""
    best = max((p for p in all_plans(grid_space()) if _allowed(p)), key=hill)
    own = to_scenario(best, load("with-teams"), "ours")
    for seed in range(3):

        def worth(plan: Candidate) -> float:
            return hill(best) if plan.verbatim == "own" else hill(plan)

        def cost(plan: Candidate) -> float:
            return dear(best) if plan.verbatim == "own" else dear(plan)

        truth = KnownTruth(_question(f"own {seed}"), worth, cost, spread=SPREAD)
        answer = searched(truth, 1000, seed, own).answer
        assert answer.own is not None
        assert answer.own_stands
        assert answer.own.key == verbatim("own").key


def test_the_same_seed_gives_the_same_answer():
    one, other = (searched(KnownTruth(_question("same"), hill, dear, spread=SPREAD), 1500, 3).answer for _ in range(2))
    assert [p.key for p in one.plans] == [p.key for p in other.plans]
    assert one.searches == other.searches
