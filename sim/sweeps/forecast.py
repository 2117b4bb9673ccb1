"""What a sweep will cost before it is begun: runs, time and disk, from a few runs timed here and now."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.counts import counted
from sim.errors import ZonesError
from sim.platforms.cores import cores
from sim.sweeps.design import Design
from sim.sweeps.folder import Sweep, create
from sim.sweeps.runs import do
from sim.sweeps.schedule import Schedule

TIMED = 3
MOST_PLANS = 200
BYTES_A_RUN, BYTES_A_VALUE = 45, 9


@dataclass(frozen=True)
class Forecast:
    """What a sweep asks for.

    Attributes:
        points: points of the design.
        scenarios: scenarios at each.
        runs: runs in all (with a stopping rule: at most); alike ones count once.
        shared: runs that points share and that are done once.
        seconds: expected time with so many threads of this machine.
        threads: threads.
        bytes: expected size of the folder.
        not_laid: units whose plan does not fit their area; their runs will end in an error.
        first_problem: the first such error.
        hardly_meant: points whose plan does not get what it asks for (too few sites left, for example).
        first_warning: the first such sentence.
        at_most: whether a stopping rule may make it less.
    """

    points: int
    scenarios: int
    runs: int
    shared: int
    seconds: float
    threads: int
    bytes: int
    not_laid: int
    first_problem: str
    hardly_meant: int
    first_warning: str
    at_most: bool

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        most = "at most " if self.at_most else ""
        found = [
            f"Points     {self.points:,}, with {self.scenarios} scenario{'s' if self.scenarios > 1 else ''} at each",
            f"Runs       {most}{self.runs:,}"
            + (f" ({self.shared:,} more are identical and run once)" if self.shared else ""),
            f"Time       {most}{_span(self.seconds)} with {counted(self.threads, 'thread')} of this machine",
            f"Disk       {most}{self.bytes / 1e6:,.1f} MB",
        ]
        if self.not_laid:
            found.append(f"Problem    {_plans(self.not_laid)} cannot be run: {self.first_problem}")
        if self.hardly_meant:
            found.append(f"Note       not all that is asked for in {_plans(self.hardly_meant)}: {self.first_warning}")
        return found


def _plans(count: int) -> str:
    return "1 plan" if count == 1 else f"{count:,} plans"


def _span(seconds: float) -> str:
    return (
        f"{seconds:,.0f} s"
        if seconds < 120
        else f"{seconds / 60:,.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:,.1f} h"
    )


def forecast(design: Design, threads: int | None = None) -> Forecast:
    """Set the design up in a temporary folder, time a few runs at a few points, and estimate.

    Raises:
        ZonesError: a design that cannot be run.
    """
    threads = threads or cores()
    with tempfile.TemporaryDirectory() as temporary:
        sweep = create(design, Path(temporary) / "sweep", "")
        runs = len(sweep.units) * design.replicates
        asked = len(sweep.points) * len(design.scenarios) * design.replicates
        seconds, problems = _timed(sweep)
        warnings = _warnings(sweep)
        kept = sum(f.stat().st_size for f in (Path(temporary) / "sweep").rglob("*") if f.is_file())
    size = kept + 2 * (runs * (BYTES_A_RUN + BYTES_A_VALUE * len(design.outcomes)))
    laid = [u.problem for u in sweep.units if u.problem] + problems
    return Forecast(
        points=len(sweep.points),
        scenarios=len(design.scenarios),
        runs=runs,
        shared=asked - runs,
        seconds=seconds * runs / threads,
        threads=threads,
        bytes=size,
        not_laid=len(laid),
        first_problem=laid[0] if laid else "",
        hardly_meant=len(warnings),
        first_warning=warnings[0] if warnings else "",
        at_most=design.stop is not None,
    )


def _warnings(sweep: Sweep) -> list[str]:
    """The first warning of each plan that the area changes; plans that are alike in one area are looked at once."""
    from sim.organisation.arrays.compile import in_scope
    from sim.scenarios.plan import resolve

    seen: dict[tuple[str, object], str] = {}
    for unit in sweep.units:
        key = (unit.area, unit.scenario.zones)
        if not unit.problem and key not in seen and len(seen) < MOST_PLANS:
            try:
                plan = resolve(unit.scenario, in_scope(sweep.place(unit.area), unit.scenario.scope))
            except ZonesError:
                continue
            seen[key] = plan.warnings[0] if plan.warnings else ""
    return [text for text in seen.values() if text]


def _timed(sweep: Sweep) -> tuple[float, list[str]]:
    """Seconds a run, from the first replicates of units spread over the sweep; the first call may compile."""
    schedule = Schedule(sweep, {})
    jobs = [job for _ in range(len(sweep.units)) if (job := schedule.next()) is not None]
    step = max(1, len(jobs) // TIMED)
    chosen = jobs[::step][:TIMED]
    spent, problems = [], []
    for number, job in enumerate([chosen[0], *chosen] if chosen else []):
        unit = sweep.units[job.unit]
        place = sweep.place(unit.area)
        began = time.perf_counter()
        rows = do(job, unit.scenario, place)
        if number:
            spent.append(time.perf_counter() - began)
            problems += [r.error for r in rows if r.error and not unit.problem]
    return (sum(spent) / len(spent) if spent else 0.0), problems
