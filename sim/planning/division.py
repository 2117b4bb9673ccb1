"""How the runs of a question are divided among search, choice, report, futures and reasons."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import ScenarioError
from sim.planning import futures, reasons
from sim.planning.race import Pace

FEWEST = 1_000
MOST = 5_000_000
USUAL = 20_000
PLENTY = 3_000
"""From so many runs on, the answer has futures and reasons too."""
REPORTED = 10
"""At most five plans, the user's own, what gains are measured against, and three that take the place of others."""


FUTURE_PLANS = 6


@dataclass(frozen=True)
class Division:
    """Runs of each part.

    Attributes:
        pace: of the search.
        finalists: plans that go to fresh set 1.
        choice: replicates of each there.
        report: replicates of each reported plan on fresh set 2.
        future: replicates of each reported plan in each named future.
        worlds: futures in which the assumed parameters are drawn anew.
        reason: replicates of each plan that lacks one feature.
        tenth: runs of the search under limits a tenth higher.
    """

    pace: Pace
    finalists: int
    choice: int
    report: int
    future: int
    worlds: int
    reason: int
    tenth: int


def divide(runs: int) -> Division:
    """Divide so many runs.

    Raises:
        ScenarioError: too few runs for any answer.
    """
    if not FEWEST <= runs <= MOST:
        raise ScenarioError(f"--runs must be a whole number in [{FEWEST:,}, {MOST:,}]; got {runs:,}.")
    plenty = runs >= PLENTY
    report = _within(runs // 80, 40, 400)
    choice = _within(runs // 150, 40, 150)
    finalists = _within(runs // 500, 4, 16)
    future = _within(runs // 1000, 4, 40) if plenty else 0
    worlds = _within(runs // 300, 12, 64) if plenty else 0
    reason = _within(runs // 200, 15, 200) if plenty else 0
    tenth = runs // 12 if plenty else 0
    after = REPORTED * report + 2 * finalists * choice + (reasons.MOST + 1) * reason + tenth
    after += FUTURE_PLANS * (len(futures.SHOCKS) * future + futures.WORLD_RUNS * worlds)
    search = max(runs // 4, runs - after)
    pace = Pace(
        starts=_within(search // 25, 16, 96),
        searches=_within(search // 800, 2, 4),
        neighbours=6,
        runs=search,
        last=finalists,
    )
    return Division(pace, finalists, choice, report, future, worlds, reason, tenth)


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
