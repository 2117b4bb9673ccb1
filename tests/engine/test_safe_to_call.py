"""Safe to call from anywhere: threads, after a fork, without a cache, beside another process; and quick to stop."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from engine_builders import busy, differing, place

import sim
from sim.engine import batch, compiling, draws, schedule
from sim.engine.building import build
from sim.engine.setup import prepare
from sim.engine.world import Record, Span, as_record
from sim.errors import ScenarioError

ROOT = Path(sim.__file__).parent.parent
WHOLE = """
from sim.engine.batch import simulate
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load
def total():
    found = simulate(load("with-teams"), generate({"sites": 8}), replicates=2, months=12)
    return float(found.sums.sum()).hex()
"""
SMALL = "from sim.engine import draws; print([draws.row_of(7, r, 1000) for r in range(9)])"


def python(code: str, **environment: str) -> subprocess.Popen[str]:
    """A process of its own that runs the package unchanged."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """What it printed, having ended well."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def given_to_a_replicate():
    """Arguments of one replicate."""
    setup = prepare(busy(months=30), place(sites=8))
    e = batch.empty_ensemble(setup, 1, 1, 0, ())
    record = Record(e.counts[0], e.sums[0], e.area[0], e.family[0])
    return (build(setup), as_record(e.parameters(0)), record, Span(np.uint64(1), 0, 31, np.zeros(1, np.uint8)))


def test_many_threads_may_call_at_once():
    scenario, organisation = busy(months=20), place(sites=8)
    right = [batch.simulate(scenario, organisation, replicates=3, seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda s: batch.simulate(scenario, organisation, replicates=3, seed=s, threads=2), range(8))
    assert [differing(one, other) for one, other in zip(right, found, strict=True)] == [[]] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_may_call_after_a_fork():
    code = WHOLE + (
        "import os, sys\nright = total()\nchild = os.fork()\n"
        "if child == 0: os._exit(0 if total() == right else 3)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    said(python(code.replace("replicates=2", "replicates=2, threads=1")))
    said(python("import warnings; warnings.simplefilter('ignore', DeprecationWarning)\n" + code))


def test_without_a_writable_cache_the_numbers_are_the_same(tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    right = [draws.row_of(7, r, 1000) for r in range(9)]
    assert said(python(SMALL, NUMBA_CACHE_DIR=str(blocked))).strip() == str(right)


def test_two_processes_may_fill_one_empty_cache(tmp_path):
    right = str([draws.row_of(7, r, 1000) for r in range(9)])
    cache = {"NUMBA_CACHE_DIR": str(tmp_path)}
    both = [python(SMALL, **cache) for _ in range(2)]
    assert [said(one).strip() for one in both] == [right, right]
    counted = SMALL + "; print(sum(draws.run_key.stats.cache_hits.values()), len(draws.run_key.stats.cache_misses))"
    assert said(python(counted, **cache)).splitlines() == [right, "1 0"]


def test_nothing_is_written_where_the_package_is(tmp_path):
    before = sorted(path for path in (ROOT / "sim").rglob("*") if "__pycache__" not in path.parts)
    said(python(SMALL, NUMBA_CACHE_DIR=str(tmp_path)))
    assert sorted(path for path in (ROOT / "sim").rglob("*") if "__pycache__" not in path.parts) == before
    assert not list((ROOT / "sim").rglob("*.nb[ic]"))
    assert list(tmp_path.rglob("*.nbc"))


def test_every_step_of_a_month_is_compiled_elsewhere_for_the_arguments_it_is_run_with():
    """Otherwise the work of the helping processes would be lost."""
    given = given_to_a_replicate()
    assert batch.run_months(*given)
    jobs = compiling.steps(given)
    assert len(jobs) == len(schedule.FIRST_DAY) + len(schedule.ORDER)
    for module, name, types in jobs:
        compiled = getattr(sys.modules[module], name)
        assert [tuple(signature) for signature in compiled.signatures] in ([], [types]), name


def test_what_another_process_took_up_is_left_to_it(tmp_path):
    (tmp_path / "0").touch()
    compiling._work([("no.such.module", "phase", ())], tmp_path)
    with pytest.raises(ModuleNotFoundError):
        compiling._work([("no.such.module", "phase", ()), ("no.such.module", "phase", ())], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_the_whole_model_compiles_into_an_empty_cache(tmp_path, processes):
    right = said(python(WHOLE + "print(total())"))
    code = WHOLE + "print(total())\nfrom sim.engine.kernel import is_warm\nprint(is_warm())"
    found = [python(code, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(processes)]
    assert [said(one).splitlines() for one in found] == [[right.strip(), "True"]] * processes


@pytest.mark.slow
def test_compiling_is_left_to_processes_that_end(tmp_path):
    """Its memory goes with them: this process finds the whole model in the cache."""
    code = WHOLE + "total()\nfrom sim.engine.schedule import run_months\n"
    code += "print(sum(run_months.stats.cache_misses.values()), sum(run_months.stats.cache_hits.values()))"
    assert said(python(code, NUMBA_CACHE_DIR=str(tmp_path))).split() == ["0", "1"]


@pytest.mark.slow
def test_the_whole_model_runs_without_a_writable_cache(tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    code = WHOLE + "print(total())"
    assert said(python(code, NUMBA_CACHE_DIR=str(blocked))) == said(python(code))


def test_progress_is_reported_run_by_run():
    seen: list[tuple[int, int]] = []
    batch.simulate(busy(months=3), place(sites=8), replicates=7, progress=lambda *done: seen.append(done))
    assert seen == [(number, 7) for number in range(1, 8)]


class Sleeper:
    """Stands in for a phase that takes long to compile."""

    def compile(self, seconds: float) -> None:
        time.sleep(seconds)


SLEEPER = Sleeper()


def test_who_helps_to_compile_ends_with_whoever_asked(tmp_path):
    """In the midst of a job, as soon as the other end of its input is closed."""
    (tmp_path / "jobs").write_bytes(pickle.dumps([(Path(__file__).stem, "SLEEPER", 120.0)]))
    words = [sys.executable, "-c", "import sys; from sim.engine.compiling import assist; assist(sys.argv[1])", tmp_path]
    path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    helper = subprocess.Popen(words, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
    while not (tmp_path / "0").exists():
        assert helper.poll() is None
        time.sleep(0.05)
    with pytest.raises(subprocess.TimeoutExpired):
        helper.wait(1.0)
    helper.communicate(timeout=30)
    assert helper.returncode == 1


def test_an_interrupt_is_answered_soon():
    """Half a second is aimed at (docs/performance.md); the bound leaves room for a machine that is busy."""
    code = WHOLE + (
        "import sys\nprint(total(), flush=True)\n"
        "def told(done, of): print(done, flush=True) if done == 1 else None\n"
        "try: simulate(load('with-teams'), generate({}), replicates=5_000, progress=told)\n"
        "except KeyboardInterrupt: sys.exit(130)"
    )
    process = python(code)
    assert process.stdout is not None
    process.stdout.readline()
    assert process.stdout.readline().strip() == "1"
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    taken = time.monotonic() - start
    assert process.returncode == 130
    assert taken < 5.0


def test_more_than_there_is_memory_for_is_refused_in_words(monkeypatch):
    def too_much(*_given):
        raise MemoryError

    monkeypatch.setattr(batch, "_room", too_much)
    with pytest.raises(ScenarioError, match=r"100,000 replicates of 120 months need more memory than this machine has"):
        batch.simulate(busy(months=120), place(sites=8), replicates=100_000)


@pytest.mark.parametrize("begun", [0, 1])
def test_an_interrupt_while_threads_begin_is_told_as_one(monkeypatch, begun):
    """Ctrl-C may come while a thread is being started: such a thread cannot be waited for."""
    started: list[threading.Thread] = []

    class Begins(threading.Thread):
        def start(self) -> None:
            if len(started) == begun:
                raise KeyboardInterrupt
            started.append(self)
            super().start()

    monkeypatch.setattr(batch, "Thread", Begins)
    with pytest.raises(KeyboardInterrupt):
        batch.simulate(busy(months=3), place(sites=8), replicates=7, threads=2)
    assert len(started) == begun
    for thread in started:
        thread.join(60)
        assert not thread.is_alive(), "it was told to stop"
