"""How the runs of a question are divided among search, choice, report, futures and reasons."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import ScenarioError
from sim.planning.race import Pace

FEWEST = 600
MOST = 5_000_000
USUAL = 20_000
REPORTED = 10
"""At most five plans, the user's own, what gains are measured against, and three that take the place of others."""


@dataclass(frozen=True)
class Division:
    """Runs of each part.

    Attributes:
        pace: of the search.
        finalists: plans that go to fresh set 1.
        choice: replicates of each there.
        report: replicates of each reported plan on fresh set 2.
        future: replicates of each reported plan in each future.
        worlds: futures in which the assumed parameters are drawn anew.
        reason: replicates of each plan that lacks one feature.
    """

    pace: Pace
    finalists: int
    choice: int
    report: int
    future: int
    worlds: int
    reason: int


def divide(runs: int, futures: int, features: int = 12) -> Division:
    """Divide so many runs.

    Args:
        runs: in all, at most.
        futures: named futures that plans are tried in, beside drawn worlds.
        features: most features that are taken away one by one.

    Raises:
        ScenarioError: too few runs for any answer.
    """
    if not FEWEST <= runs <= MOST:
        raise ScenarioError(f"--runs must be a whole number in [{FEWEST:,}, {MOST:,}]; got {runs:,}.")
    report = _within(runs // 60, 40, 400)
    choice = _within(runs // 150, 40, 150)
    finalists = _within(runs // 1000, 3, 20)
    future = _within(runs // 1500, 0, 20)
    worlds = _within(runs // 1000, 0, 24)
    reason = _within(runs // 200, 0, 200) if runs >= 2000 else 0
    after = REPORTED * report + finalists * choice + REPORTED * (futures + worlds) * future + features * reason
    search = max(runs // 4, runs - after)
    pace = Pace(
        starts=_within(search // 40, 12, 96),
        searches=_within(search // 400, 2, 6),
        neighbours=6,
        runs=search,
    )
    return Division(pace, finalists, choice, report, future, worlds, reason)


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
