"""How long it takes to the first figure: the command line, and files turned into arrays."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.engine.benchmark.row import Row, medians
from sim.organisation.arrays.compile import compile_place
from sim.organisation.files.tables import load, write
from sim.organisation.generate import synthetic
from sim.platforms import processes

CITY_SITES = 150
MANY_SITES = 24_000


def command_line(quick: bool) -> Iterator[Row]:
    """`zones --help` and the first line of `zones run`, in processes of their own."""
    rounds = 3 if quick else 7
    yield Row("zones --help", 0.3, statistics.median(first_line(["--help"]) for _ in range(rounds)), "s")
    with tempfile.TemporaryDirectory() as name:
        runs = (["run", "with-teams", "--out", str(Path(name) / f"out-{number}")] for number in range(rounds + 2))
        cold, note = float("nan"), "left out to be quick"
        if not quick:
            cold, note = first_line(next(runs), {"NUMBA_CACHE_DIR": str(Path(name) / "cache")}), "200 runs"
        yield Row("first result of zones run, nothing compiled", 20.0, cold, "s", note=note)
        first_line(next(runs))
        warm = statistics.median(first_line(next(runs)) for _ in range(rounds))
        yield Row("first result of zones run, compiled before", 1.5, warm, "s", note="200 runs")


def first_line(words: Sequence[str], environment: dict[str, str] | None = None) -> float:
    """Seconds from the start of a `zones` process to its first line of standard output."""
    root = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    start = time.perf_counter()
    variables = {**os.environ, "PYTHONPATH": paths, **(environment or {})}
    process = processes.start(["-m", "sim.cli", *words], environment=variables, heard=True)
    if process is None or process.stdout is None:
        return float("nan")
    process.stdout.readline()
    taken = time.perf_counter() - start
    process.communicate()
    return taken


def files(quick: bool, nation: Sequence[Path]) -> Iterator[Row]:
    """An area's file, and a nation's where given, to the arrays that engines run on."""
    rounds = 3 if quick else 7
    with tempfile.TemporaryDirectory() as name:
        path = write(synthetic.generate({"sites": CITY_SITES}), Path(name) / "city.csv")
        compile_place(load(path))
        taken = medians([lambda: compile_place(load(path))], rounds)[0]
        yield Row(f"a city's file ({CITY_SITES} sites) to arrays", 0.3, taken, "s")
        many = _many(Path(name) / "schools.csv")
        taken = first_line(["check", str(many)])
        yield Row(f"zones check of a list of {MANY_SITES:,} schools", 20.0, taken, "s")
    if nation:
        taken = medians([lambda: compile_place(load(list(nation)))], 1 if quick else 3)[0]
        yield Row("the nation's files to arrays", 5.0, taken, "s", note=", ".join(p.name for p in nation))
    else:
        yield Row("the nation's files to arrays", 5.0, float("nan"), "s", note="give the files with --nation")


def _many(path: Path) -> Path:
    """A list of primary schools in 150 councils, with rolls that differ."""
    lines = ["site_id,area,type,roll,staff"]
    lines += [
        f"{k},Council {k % 150},primary,{20 + k * 7919 % 480},{2 + k * 7919 % 480 // 15}" for k in range(MANY_SITES)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path
