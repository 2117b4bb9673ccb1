"""The order of a sweep: every point once before any twice, and further runs only where the stopping rule asks."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from sim.sweeps import stopping
from sim.sweeps.folder import Sweep
from sim.sweeps.runs import Job, Row

LARGEST_BLOCK = 32


class Schedule:
    """Which replicates of which unit come next.

    A unit's replicates are run in blocks that double (1, 1, 2, 4 ... 32), the unit with fewest runs first, so that
    whatever has been run when a sweep is cut short is close to the same number of replicates at every point.

    Attributes:
        want: replicates that each point should have [points]; grows where there is a stopping rule.
        largest: most replicates in one job.
        least: fewest replicates that a job is made of where so many are wanted.
    """

    def __init__(self, sweep: Sweep, rows: Mapping[str, Row]) -> None:
        self.sweep = sweep
        self._rows = rows
        rule, most = sweep.design.stop, sweep.design.replicates
        self._rule = rule
        self.largest, self.least = LARGEST_BLOCK, 1
        self.want = [min(rule.least, most) if rule else most] * len(sweep.points)
        self._points_of: list[list[int]] = [[] for _ in sweep.units]
        for point, arms in enumerate(sweep.arms):
            for unit in dict.fromkeys(arms):
                self._points_of[unit].append(point)
        self._done = [0] * len(sweep.units)
        self._idle = [False] * len(sweep.units)
        self._heap = [(0, u) for u in range(len(sweep.units))]

    def next(self) -> Job | None:
        """The next job whose runs are not there yet, None while nothing can be begun."""
        while self._heap:
            begun, unit = heapq.heappop(self._heap)
            wanted = self._wanted(unit)
            if begun >= wanted:
                self._idle[unit] = True
                self._look(unit)
                continue
            end = min(wanted, begun + min(self.largest, max(self.least, begun)))
            job = self._job(unit, begun, end)
            if job is not None:
                return job
            self._finish(unit, end)
        return None

    def done(self, job: Job) -> None:
        """A job's rows are there: its unit can go on."""
        self._finish(job.unit, job.replicates[-1] + 1)

    def _finish(self, unit: int, end: int) -> None:
        self._done[unit] = max(self._done[unit], end)
        heapq.heappush(self._heap, (self._done[unit], unit))

    def _wanted(self, unit: int) -> int:
        return max(self.want[p] for p in self._points_of[unit])

    def _job(self, unit: int, begun: int, end: int) -> Job | None:
        """The missing replicates of [begun, end); the last one asked for also stands for those that are there."""
        sweep, about = self.sweep, self.sweep.units[unit]
        missing = [r for r in range(begun, end) if sweep.key(about, r) not in self._rows]
        if not missing:
            return None
        replicates = tuple(range(missing[0], end))
        draws = tuple(sweep.draw(r) for r in replicates)
        return Job(
            unit=unit,
            replicates=replicates,
            keys=tuple(sweep.key(about, r) for r in replicates),
            draws=draws,
            drawn={d: sweep.rows[d] for d in set(draws) if d >= 0},
            months=about.scenario.months,
            seed=sweep.design.seed,
            outcomes=sweep.design.outcomes,
            model=str(sweep.manifest["model"]),
            structure=about.structure,
            problem=about.problem,
        )

    def _look(self, unit: int) -> None:
        """Points whose units all have what was wanted: enough, or more?"""
        if self._rule is None:
            return
        for point in self._points_of[unit]:
            arms, runs = self.sweep.arms[point], self.want[point]
            if any(self._done[u] < runs for u in arms):
                continue
            more = look(self.sweep, self._rows, point, runs)
            if more == runs:
                continue
            self.want[point] = more
            for u in dict.fromkeys(arms):
                if self._idle[u]:
                    self._idle[u] = False
                    heapq.heappush(self._heap, (self._done[u], u))

    def runs_wanted(self) -> int:
        """Runs of all units as far as is known now."""
        return sum(self._wanted(u) for u in range(len(self.sweep.units)))


def look(sweep: Sweep, rows: Mapping[str, Row], point: int, runs: int) -> int:
    """How many replicates a point should have, seen from its first `runs`."""
    rule = sweep.design.stop
    if rule is None:
        return runs
    estimated = stopping.estimate(rule.outcome, *pair(sweep, rows, Seen(point, runs, rule.outcome)))
    return stopping.next_look(estimated, runs, rule.width, sweep.design.replicates)


class Seen(NamedTuple):
    """An outcome at a point, over its first `runs` replicates."""

    point: int
    runs: int
    outcome: str


def pair(sweep: Sweep, rows: Mapping[str, Row], seen: Seen, other: int = 1) -> tuple[np.ndarray, np.ndarray | None]:  # type: ignore[type-arg]
    """An outcome of the first scenario at a point, and of another one (None with a single scenario) [runs]."""
    column = sweep.design.outcomes.index(seen.outcome)
    arms = sweep.arms[seen.point]
    found = []
    for unit in (arms[0], *arms[other : other + 1]):
        keys = (sweep.key(sweep.units[unit], r) for r in range(seen.runs))
        values = [rows[k].values[column] if k in rows else np.nan for k in keys]
        found.append(np.array(values, np.float64))
    return found[0], found[1] if len(found) > 1 else None


def replay_wants(sweep: Sweep, rows: Mapping[str, Row]) -> list[int]:
    """Replicates that each point came to, decided again from what is there (fewer where runs are missing)."""
    rule, most = sweep.design.stop, sweep.design.replicates
    if rule is None:
        return [most] * len(sweep.points)
    return [_replayed(sweep, rows, point, min(rule.least, most)) for point in range(len(sweep.points))]


def _replayed(sweep: Sweep, rows: Mapping[str, Row], point: int, runs: int) -> int:
    while all(_complete(sweep, rows, unit, runs) for unit in sweep.arms[point]):
        more = look(sweep, rows, point, runs)
        if more == runs:
            return runs
        runs = more
    return runs


def _complete(sweep: Sweep, rows: Mapping[str, Row], unit: int, runs: int) -> bool:
    return all(sweep.key(sweep.units[unit], r) in rows for r in range(runs))


def expected(sweep: Sweep, rows: Mapping[str, Row]) -> Iterator[tuple[int, int, int, str]]:
    """Every run of the merged table in its order: point, arm, replicate, key."""
    wants = replay_wants(sweep, rows)
    for point, arms in enumerate(sweep.arms):
        for arm, unit in enumerate(arms):
            about = sweep.units[unit]
            for replicate in range(wants[point]):
                yield point, arm, replicate, sweep.key(about, replicate)
