"""Killed, interrupted, out of disk, started twice: the merged table is the same to the byte."""

from __future__ import annotations

import errno
import itertools
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sweep_builders import CHILD, ONE_ZONE, ROOT, bytes_of, child, design, done, made, patience

from sim.errors import Interrupted, SweepError
from sim.sweeps import folder, runner, store, tables
from sim.sweeps.factors import Factor
from sim.sweeps.runs import Job, Row


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the small sweep, run without interruption."""
    return bytes_of(done(made(tmp_path_factory.mktemp("whole"), replicates=12, points=6)))


def test_threads_order_and_parts_do_not_matter(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = made(tmp_path, replicates=12, points=6)
    runner.run(sweep, lambda: runner.Threads(1), runner.Conduct(part_seconds=0.0, finish=tables.write_tables))
    assert bytes_of(sweep) == whole
    assert len(list((sweep.folder / "parts").iterdir())) > 3


def _kill_until_complete(place: Path, kills: int, luck: random.Random, span: float) -> tuple[int, list[int]]:
    """Kill so many children at random moments, then let one finish.

    Returns:
        How many were killed while at work, and parts on disk after each.
    """
    hit, parts = 0, []
    for _ in range(kills):
        process = child(place)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(luck.uniform(0.0, span))
        hit += process.poll() is None
        process.kill()
        process.communicate()
        parts.append(len(list((place / "parts").glob("*.parquet"))))
    process = child(place)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    return hit, parts


def test_killed_twice_it_resumes_to_the_same_bytes(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = made(tmp_path, replicates=12, points=6)
    _kill_until_complete(sweep.folder, 2, random.Random(1), 0.8)
    assert bytes_of(sweep) == whole


@pytest.mark.slow
def test_killed_at_twenty_random_moments(tmp_path: Path) -> None:
    options = {"replicates": 128, "points": 40}
    expected = bytes_of(done(made(tmp_path, "whole", **options)))
    sweep = made(tmp_path, "killed", **options)
    hit, parts = _kill_until_complete(sweep.folder, 20, random.Random(20), 1.2)
    print(f"killed at work {hit} of 20 times; parts on disk after each: {parts}")
    assert hit >= 10
    assert len(set(parts)) >= 5
    assert bytes_of(sweep) == expected


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_full_disk_stops_it_with_nothing_half_written(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    sweep = made(tmp_path, replicates=12, points=6)
    calls = []

    def full(*_: object) -> None:
        calls.append(1)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        real = {"fsync": os.fsync, "replace": os.replace}
        if moment == "write":
            patch.setattr(store, "_bytes", lambda *a, _real=store._bytes: (full(), _real(*a))[1])
            patch.setattr(store.Store, "add", _wrapped_add(store.Store.add))
        else:
            patch.setattr(os, moment, lambda *a: (full(), real[moment](*a))[1])
        with pytest.raises(SweepError, match=r"No space left.*zones resume"):
            runner.run(sweep, lambda: runner.Threads(2), runner.Conduct(part_seconds=0.0, finish=tables.write_tables))
    assert not list((sweep.folder / "parts").glob(".*"))
    kept = len(list((sweep.folder / "parts").iterdir()))
    done(sweep)
    assert kept >= 1
    assert bytes_of(sweep) == whole


def _wrapped_add(real: object) -> object:
    def add(self: store.Store, rows: list[Row]) -> None:
        try:
            real(self, rows)  # type: ignore[operator]
        except OSError as error:
            raise SweepError(f"{error.strerror}: zones resume") from error

    return add


def test_a_limit_of_the_system_in_mid_file(tmp_path: Path, whole: dict[str, bytes]) -> None:
    """The kernel itself refuses to let a part grow: half a file is on the disk when the write fails."""
    sweep = made(tmp_path, replicates=12, points=6)

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    command = [sys.executable, "-c", CHILD, str(sweep.folder), "0.5"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert found.returncode == 1
    assert "File too large" in found.stderr
    assert not list((sweep.folder / "parts").iterdir())
    done(sweep)
    assert bytes_of(sweep) == whole


def test_two_at_once_one_is_refused_and_nothing_is_doubled(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = made(tmp_path, replicates=12, points=6)
    both = [child(sweep.folder), child(sweep.folder)]
    said = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    if codes == [0, 1]:  # else one had ended before the other began: still nothing doubled
        assert any("is working on it" in text for text in said)
    assert 0 in codes
    assert bytes_of(sweep) == whole


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    sweep = made(tmp_path)
    with store.locked(sweep.folder), pytest.raises(SweepError, match=f"process {os.getpid()} on .* is working on it"):
        runner.run(sweep)


def test_a_damaged_part_is_put_aside_and_run_again(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = done(made(tmp_path, replicates=12, points=6))
    part = next((sweep.folder / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-7] + b"changed")
    done(sweep)
    assert bytes_of(sweep) == whole
    assert (sweep.folder / "damaged" / part.name).exists()


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = made(tmp_path, replicates=12, points=6)

    class Interrupting(runner.Threads):
        def ready(self, timeout: float) -> list[tuple[Job, list[Row]]]:
            found = super().ready(timeout)
            if len(sweep_rows) > 5 and not pressed:
                pressed.append(True)
                raise KeyboardInterrupt
            sweep_rows.extend(found)
            return found

    sweep_rows: list[object] = []
    pressed: list[bool] = []
    with pytest.raises(Interrupted, match=r"Stopped after .* zones resume"):
        runner.run(sweep, lambda: Interrupting(2), runner.Conduct(part_seconds=60.0))
    assert 5 < len(store.Store(sweep.folder, sweep.design.outcomes).rows) < 6 * 2 * 12
    done(sweep)
    assert bytes_of(sweep) == whole


def test_ctrl_c_at_the_keyboard_ends_within_two_seconds_with_130(tmp_path: Path) -> None:
    sweep = made(tmp_path, replicates=5000, points=6)
    command = [sys.executable, "-m", "sim.cli", "resume", str(sweep.folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not list((sweep.folder / "parts").iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"zones resume {sweep.folder}" in said
    assert time.monotonic() - began < patience(2.0)


def test_an_interrupted_sweep_is_a_fair_sample(tmp_path: Path) -> None:
    """Every point once before any twice: run counts of points never differ by more than a block and what flies."""
    sweep = made(tmp_path, replicates=32, points=8)
    seen: list[tuple[int, ...]] = []

    class Recording(runner.Threads):
        def submit(self, job, scenario, organisation):  # type: ignore[no-untyped-def]
            seen.append((job.unit, job.replicates[0], len(job.replicates)))
            super().submit(job, scenario, organisation)

    runner.run(sweep, lambda: Recording(2))
    first = [unit for unit, begun, _ in seen[: len(sweep.units)] if begun == 0]
    assert sorted(first) == list(range(len(sweep.units)))
    assert {count for _, begun, count in seen if begun in (0, 1)} == {1}
    starts = [begun for _, begun, _ in seen]
    assert all(later >= earlier / 4 for earlier, later in itertools.pairwise(starts))


def test_a_run_that_goes_wrong_is_recorded_and_the_sweep_goes_on(tmp_path: Path) -> None:
    asked = design(tmp_path)
    lost = ONE_ZONE.replace("choose = 2", 'sites = ["nowhere"]')
    (tmp_path / "lost.toml").write_text(lost, encoding="utf-8")
    plans = Factor("scenario", ("one-zone.toml", "lost.toml"))
    sweep = done(made(tmp_path, asked=replace(asked, factors=(plans, *asked.factors[1:]))))
    failures = (sweep.folder / tables.FAILURES).read_text().splitlines()[1:]
    assert 0 < len(failures) < 16
    assert all("nowhere" in line for line in failures)
    runs = tables.read_runs(sweep)
    assert len(runs["key"]) == 4 * 2 * 4
    wrong = [e is not None for e in runs["error"]]
    assert sum(wrong) == len(failures)
    before = bytes_of(sweep)
    assert runner.run(sweep).new == 0
    again = runner.run(sweep, conduct=runner.Conduct(retry_failed=True, finish=tables.write_tables))
    assert again.new == len(failures)
    assert bytes_of(sweep) == before


def test_a_run_that_went_wrong_by_accident_can_be_run_again(tmp_path: Path, whole: dict[str, bytes]) -> None:
    sweep = made(tmp_path, replicates=12, points=6)
    kept = store.Store(sweep.folder, sweep.design.outcomes)
    key = sweep.key(sweep.units[0], 0)
    kept.add([Row(key, -1, (float("nan"),) * 3, "WorkerLost: by accident")])
    done(sweep)
    assert bytes_of(sweep) != whole
    done(sweep, retry_failed=True)
    assert bytes_of(sweep) == whole


def test_more_replicates_and_points_leave_old_rows_as_they_are(tmp_path: Path) -> None:
    sweep = done(made(tmp_path, replicates=3, points=4))
    parts = {p.name: p.read_bytes() for p in (sweep.folder / "parts").iterdir()}
    old = dict(store.Store(sweep.folder, sweep.design.outcomes).rows)
    with store.locked(sweep.folder):
        larger = folder.extend(sweep, design(tmp_path, replicates=5, points=6))
    done(larger)
    assert larger.points[:4] == sweep.points
    assert len(tables.read_runs(larger)["key"]) == 6 * 2 * 5
    for name, data in parts.items():
        assert (larger.folder / "parts" / name).read_bytes() == data
    new = store.Store(larger.folder, larger.design.outcomes).rows
    assert all(repr(new[key]) == repr(row) for key, row in old.items())


def test_another_sweep_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    sweep = made(tmp_path)
    with pytest.raises(SweepError, match=r"holds another sweep \(different seed\)"):
        folder.extend(sweep, replace(design(tmp_path), seed=2))
    with pytest.raises(SweepError, match="ask for that or more"):
        folder.extend(sweep, design(tmp_path, replicates=2))


def test_another_version_of_the_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = made(tmp_path)
    monkeypatch.setattr(folder, "model_digest", lambda: "0" * 64)
    with pytest.raises(SweepError, match="Runs of two models are never mixed"):
        runner.run(sweep)
