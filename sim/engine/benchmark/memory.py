"""The memory of a small machine: what one comparison takes, as somebody types it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.engine.benchmark.row import Row
from sim.platforms import processes

MEASURED = """import sys
from sim.cli import main
main(sys.argv[1:])
from sim.platforms.memory import peak_memory
print(peak_memory())
"""


def rows(quick: bool) -> Iterator[Row]:
    """Peak memory of `zones compare` in a process of its own, chart and tables included."""
    words = ["compare", "with-teams", "without-teams", *(["--replicates", "20"] if quick else [])]
    with tempfile.TemporaryDirectory() as name:
        most = peak_of([*words, "--out", str(Path(name) / "kept")])
    note = f"{20 if quick else 200} runs each, default area, a process of its own"
    yield Row("zones compare with-teams without-teams, peak memory", 600.0, most, "MiB", note=note)


def peak_of(words: list[str]) -> float:
    """Most memory that a `zones` command holds, MiB; NaN where no process can be begun or the system does not tell."""
    root = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = processes.start(["-c", MEASURED, *words], environment={**os.environ, "PYTHONPATH": paths}, heard=True)
    if process is None:
        return float("nan")
    told, _ = process.communicate()
    return float(told.split()[-1]) if process.returncode == 0 else float("nan")
