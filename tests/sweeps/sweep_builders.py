"""Small sweeps that run in a second or two, and the script that a child process runs them with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sim.sweeps import folder, runner, tables
from sim.sweeps.design import Design, loads
from sim.sweeps.folder import Sweep

ROOT = Path(__file__).resolve().parents[2]
SMALL = """
question = "A small sweep?"
scenarios = ["with-teams", "without-teams"]
months = 12
sample = "defaults"
replicates = {replicates}
outcomes = ["practitioners_using_share", "sites_full_share@12", "months_to_80"]
[area]
settings = {{sites = 6}}
[design]
kind = "{kind}"
points = {points}
[[factors]]
name = "zone.1.choose"
values = [2, 3]
scenarios = ["with-teams"]
[[factors]]
name = "coaching"
scenarios = ["with-teams"]
[[factors]]
name = "start_peers"
"""
ONE_ZONE = """
title = "One zone"
base = "with-teams"
[[zones]]
name = "only"
choose = 2
opens = 1
"""

CHILD = """
import sys
from pathlib import Path
from sim.sweeps import folder, runner, tables
from sim.sweeps.runs import do
from sim.sweeps.schedule import Schedule
sweep = folder.open_folder(Path(sys.argv[1]))
job = Schedule(sweep, {}).next()
unit = sweep.units[job.unit]
do(job, unit.scenario, sweep.place(unit.area))
print("begun", flush=True)
conduct = runner.Conduct(part_seconds=float(sys.argv[2]), finish=tables.write_tables)
runner.run(sweep, lambda: runner.Threads(2), conduct)
"""


def design(
    place: Path, *, replicates: int = 4, kind: str = "lhs", points: int = 4, text: str = SMALL, extra: str = ""
) -> Design:
    """The small design; its plan, one zone of two or three of six sites, is written beside."""
    (place / "one-zone.toml").write_text(ONE_ZONE, encoding="utf-8")
    filled = text.format(replicates=replicates, kind=kind, points=points).replace('"with-teams"', '"one-zone.toml"')
    return loads(extra + filled, "small", place)


def made(place: Path, name: str = "sweep", asked: Design | None = None, **options: object) -> Sweep:
    """A new folder for the small design."""
    return folder.create(asked or design(place, **options), place / name, "zones sweep small.toml")  # type: ignore[arg-type]


def done(sweep: Sweep, **options: object) -> Sweep:
    """Run what is missing and write the tables."""
    runner.run(sweep, lambda: runner.Threads(2), runner.Conduct(finish=tables.write_tables, **options))  # type: ignore[arg-type]
    return sweep


def bytes_of(sweep: Sweep | Path) -> dict[str, bytes]:
    """What readers read, byte by byte."""
    place = sweep if isinstance(sweep, Path) else sweep.folder
    names = (tables.RUNS, tables.SUMMARY, tables.DIFFERENCES, tables.FAILURES, "points.csv", tables.DICTIONARY)
    return {name: (place / name).read_bytes() for name in names if (place / name).exists()}


def patience(seconds: float) -> float:
    """Seconds of a machine to oneself, in seconds of this one as it is now: others may be at work on its cores."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def child(place: Path, seconds: float = 0.02) -> subprocess.Popen[str]:
    """A process of its own that runs what is missing; says 'begun' once kernels are loaded."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(place), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
