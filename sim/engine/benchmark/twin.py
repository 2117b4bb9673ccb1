"""Our months against a C twin written by hand, where there is a checkout and a clang."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.engine.benchmark.row import Row

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "tests" / "benchmarks" / "ctwin" / "run.py"
MEASURE = "practitioners' and families' months against a C twin"
FOUND = re.compile(r"^(?P<what>.+) both together (?P<ratio>[0-9.]+) of C's speed$", re.MULTILINE)


def rows(quick: bool, clang: str = "") -> Iterator[Row]:
    """A row for each place and scenario.

    Args:
        quick: the default area alone.
        clang: words that call the compiler; '' looks for one by its name.
    """
    words = clang or shutil.which("clang") or ""
    if not words or not PROGRAM.exists():
        why = "no clang found: name one with --clang" if PROGRAM.exists() else "needs a checkout with tests/benchmarks"
        yield Row(MEASURE, 0.8, float("nan"), "of its speed", False, why)
        return
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, str(PROGRAM), shlex.join(shlex.split(words)), *(["quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, check=False)
    for found in FOUND.finditer(done.stdout):
        yield Row(MEASURE, 0.8, float(found["ratio"]), "of its speed", False, found["what"].rstrip(";"))
    if done.returncode:
        yield Row(MEASURE, 0.8, float("nan"), "of its speed", False, (done.stderr.splitlines() or ["failed"])[-1])
