"""Dask: a real scheduler and real workers on loopback, one of them killed in mid-sweep; the same bytes come of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep_builders import ROOT, bytes_of, done, made, patience

from sim.errors import SweepError
from sim.sweeps.cluster import Workers
from sim.sweeps.folder import Sweep

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

CHILD = """
import sys
from pathlib import Path
from sim.sweeps import folder, runner, tables
from sim.sweeps.cluster import Workers
if __name__ == "__main__":
    conduct = runner.Conduct(part_seconds=0.2, finish=tables.write_tables)
    found = runner.run(folder.open_folder(Path(sys.argv[1])), lambda: Workers(sys.argv[2], 2), conduct)
    print(f"{found.done} runs in {found.seconds:.1f} s, {found.failed} not run")
"""


def _start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def cluster() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The scheduler's address, and the process that keeps two workers alive."""
    scheduler = _start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    workers = None
    try:
        assert scheduler.stderr is not None
        address = next(m[1] for line in scheduler.stderr if (m := re.search(r"Scheduler at:\s+(tcp://\S+)", line)))
        options = ("--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
        workers = _start("distributed.cli.dask_worker", address, *options)
        yield address, workers
    finally:
        for process in (workers, scheduler):
            if process is not None:
                process.send_signal(signal.SIGINT)
                try:
                    process.communicate(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()


def _worker_pids(keeper: subprocess.Popen[str]) -> list[int]:
    """Worker processes: the keeper's children that were spawned to work."""
    children = psutil.Process(keeper.pid).children(recursive=True)
    return [c.pid for c in children if any("spawn_main" in word for word in c.cmdline())]


def _run(sweep: Sweep, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(sweep.folder), address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_a_worker_killed_in_mid_sweep_is_replaced_and_moves_no_bit(
    tmp_path: Path, cluster: tuple[str, subprocess.Popen[str]]
) -> None:
    address, keeper = cluster
    options = {"replicates": 48, "points": 24}
    whole = bytes_of(done(made(tmp_path, "whole", **options)))
    sweep = made(tmp_path, "cluster", **options)
    process = _run(sweep, address)
    until = time.monotonic() + 120
    while len(list((sweep.folder / "parts").glob("*.parquet"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    before = _worker_pids(keeper)
    os.kill(before[0], signal.SIGKILL)
    still = process.poll() is None
    said, errors = process.communicate(timeout=180)
    print(said.strip(), f"; worker {before[0]} of {before} killed, now {_worker_pids(keeper)}")
    assert process.returncode == 0, errors
    assert still, "the sweep was over before the worker could be killed"
    assert ", 0 not run" in said
    assert bytes_of(sweep) == whole
    until = time.monotonic() + 30
    while len(_worker_pids(keeper)) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    after = _worker_pids(keeper)
    assert before[0] not in after
    assert len(after) == len(before)


@pytest.mark.slow
def test_all_workers_killed_at_once_lose_nothing(tmp_path: Path, cluster: tuple[str, subprocess.Popen[str]]) -> None:
    address, keeper = cluster
    options = {"replicates": 24, "points": 24}
    whole = bytes_of(done(made(tmp_path, "whole", **options)))
    sweep = made(tmp_path, "cluster", **options)
    process = _run(sweep, address)
    while not list((sweep.folder / "parts").glob("*.parquet")) and process.poll() is None:
        time.sleep(0.02)
    for pid in _worker_pids(keeper):
        os.kill(pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    assert bytes_of(sweep) == whole


def test_no_scheduler_there_is_said_plainly() -> None:
    with pytest.raises(SweepError, match="no scheduler with workers answers within 1 s"):
        Workers("tcp://127.0.0.1:9", patience=1)


@pytest.mark.slow
def test_ctrl_c_leaves_a_cluster_within_two_seconds(tmp_path: Path) -> None:
    sweep = made(tmp_path, replicates=3000, points=24)
    words = ["-m", "sim.cli", "resume", str(sweep.folder), "--cluster", "local", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list((sweep.folder / "parts").glob("*.parquet")) and process.poll() is None:
        time.sleep(0.05)
    workers = [c.pid for c in psutil.Process(process.pid).children(recursive=True)]
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    took = time.monotonic() - began
    assert process.returncode == 130
    assert f"zones resume {sweep.folder}" in said
    assert took < patience(2.0)
    until = time.monotonic() + 10
    while any(psutil.pid_exists(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(psutil.pid_exists(pid) for pid in workers)
