"""`zones observe` and `zones update` as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import main

SEEN = """Our first year,,,,
month,zone,measure,value,observed
6,first zone,using,4,60
12,first zone,using,12,60
12,first zone,coffee mornings,3,
12,all,core team capacity,0.24,
"""


@pytest.fixture
def at(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seen.csv").write_text(SEEN)
    return tmp_path


def test_new_check_update_replay(at, capsys):
    assert main(["observe", "new", "with-teams", "--out", "ours.xlsx", "--months", "6", "--start", "2026-08"]) == 0
    assert (at / "ours.xlsx").is_file()
    assert main(["observe", "check", "seen.csv", "--scenario", "with-teams"]) == 0
    told = capsys.readouterr()
    assert "using (practitioners using it): 2 values, months 6, 12" in told.out
    assert "coffee mornings" in told.out
    assert main(["update", "with-teams", "--observed", "seen.csv", "--runs", "300", "--out", "first", "--json"]) == 0
    told = capsys.readouterr()
    assert "coffee mornings" in told.err
    found = json.loads(told.out)
    assert found["runs"] == 300
    assert {c["measure"] for c in found["course"]} == {"using", "capacity_core"}
    assert main(["replay", "first"]) == 0
    assert "report.txt" in capsys.readouterr().out
    assert main(["update", "with-teams", "seen.csv", "--runs", "300", "--out", "first"]) == 1
    assert "is finished" in capsys.readouterr().err


def test_wrong_words(at, capsys):
    assert main(["observe", "check", "sen.csv"]) == 1
    assert "did you mean seen.csv" in capsys.readouterr().err
    assert main(["observe", "check", "seen.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 3
    with pytest.raises(SystemExit):
        main(["update", "with-teams"])
    assert "--observed" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupt_keeps_what_was_made_and_says_how_to_go_on(at):
    command = [sys.executable, "-m", "sim.cli", "update", "with-teams", "--observed", "seen.csv", "--out", "part",
               "--runs", "16000", "--threads", "1"]  # fmt: skip
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root})
    deadline = time.monotonic() + 120
    while not list(Path("part").glob("parts/*.npz")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("it was done before it could be stopped")
    assert process.returncode == 130
    assert "--out part" in told
    assert list(Path("part").glob("parts/*.npz"))
