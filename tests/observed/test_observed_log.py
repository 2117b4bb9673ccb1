"""Forecasts in the learning log: kept once, never changed, scored when what they told of has been seen."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from observed_builders import place, setup, table

from sim.app import log
from sim.cli import main
from sim.errors import ResultError
from sim.observed.folder import Work
from sim.observed.predictions import (
    BEFORE,
    LEVELS,
    MODEL,
    ROOM,
    Forecast,
    forecasts_of,
    guessed,
    guesses_of,
    hear,
    keep,
    score_lines,
    scored,
)  # fmt: skip
from sim.observed.question import UpdateSettings, ask
from sim.observed.reader import read_observed
from sim.observed.reports import Datum
from sim.observed.update import Update
from sim.scenarios.files import load

FORMER = (
    "CREATE TABLE entries (id INTEGER PRIMARY KEY, written TEXT NOT NULL, question TEXT NOT NULL, expectation TEXT NOT "
    "NULL, finding TEXT NOT NULL, decision TEXT NOT NULL, plans TEXT NOT NULL, link TEXT NOT NULL)"
)


def forecast(month=18, middle=0.3, **changes):
    base = Forecast("here", "with-teams", "are we on course?", MODEL, "using", "first zone", 12, month,
                    tuple(middle + 0.1 * (q - 0.5) for q in LEVELS), 0.2, 0.4)  # fmt: skip
    return replace(base, **changes)


def seen(value, month=18):
    return Datum("using", "first zone", month, value, 60, 91)


def test_a_forecast_is_kept_once_and_scored_when_it_is_seen(tmp_path):
    path = tmp_path / "log.sqlite"
    mine = forecast()
    room = guessed(mine, 0.2, 0.5, 0.6)
    assert keep(path, [mine, room, forecast(24)]) == 3
    assert keep(path, [mine, room]) == 0
    assert scored(path) == []
    assert hear(path, "elsewhere", [seen(0.3)]) == 0
    assert hear(path, "here", [seen(0.31), seen(0.5, 30)]) == 2
    assert hear(path, "here", [seen(0.31)]) == 0
    first, other = scored(path)
    assert (first.forecast, other.forecast.source) == (mine, ROOM)
    x = np.array(mine.quantiles)
    by_hand = np.mean(np.abs(x - 0.31)) - 0.5 * np.mean(np.abs(np.subtract.outer(x, x)))
    assert first.score == pytest.approx(by_hand)
    assert (first.stays, first.line) == (pytest.approx(0.11), pytest.approx(0.09))
    assert first.held
    assert first.score < other.score
    told = "\n".join(score_lines(scored(path)))
    assert "band held 1 of 1" in told
    assert "room" in told
    # A correction of what was seen is added beside, and counts.
    assert hear(path, "here", [seen(0.1)]) == 2
    assert [s.seen for s in scored(path)] == [0.1, 0.1]
    assert not scored(path)[0].held
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM outcomes").fetchone() == (4,)


def test_nothing_in_it_is_ever_changed(tmp_path):
    path = tmp_path / "log.sqlite"
    keep(path, [forecast()])
    hear(path, "here", [seen(0.3)])
    with closing(sqlite3.connect(path)) as connection:
        for words in ("UPDATE forecasts SET month = 3", "DELETE FROM forecasts", "DELETE FROM outcomes"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(words)


def test_small_numbers_stay_out_of_it(tmp_path):
    keep(tmp_path / "log.sqlite", [forecast()])
    assert hear(tmp_path / "log.sqlite", "here", [seen(3 / 60)]) == 0


def test_a_log_of_before_opens_as_it_is(tmp_path):
    path = tmp_path / "former.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(FORMER)
        connection.execute("INSERT INTO entries VALUES (1, '2026-01-01', 'q', 'e', 'f', 'd', 'a and b', '')")
    keep(path, [forecast()])
    assert [e["question"] for e in log.entries(path)] == ["q"]
    assert log.add(path, {"finding": "more"}, plans="a", link="") == 2
    hear(path, "here", [seen(0.3)])
    assert len(scored(path)) == 1


def test_a_kill_at_any_moment_leaves_whole_rows(tmp_path):
    path, ready = tmp_path / "log.sqlite", tmp_path / "ready"
    code = (
        "import sys, itertools; from pathlib import Path; from dataclasses import replace\n"
        "sys.path.insert(0, sys.argv[1]); from test_observed_log import forecast\n"
        "from sim.observed.predictions import keep\n"
        "for n in itertools.count():\n"
        "    keep(Path(sys.argv[2]), [forecast(month=100 + n, question='w' * 400) for _ in range(20)])\n"
        "    Path(sys.argv[3]).write_text('x')\n"
    )
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen([sys.executable, "-c", code, str(Path(__file__).parent), str(path), str(ready)],
                               env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    deadline = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    assert keep(path, [forecast(month=7)]) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT COUNT(*), COUNT(DISTINCT digest) FROM forecasts").fetchone()
    assert rows[0] == rows[1] >= 2


def test_what_an_update_shows_is_what_is_kept():
    plan = load("with-teams")
    rows = [("6", "first zone", "using", "6", "60"), ("12", "first zone", "using", "12", "60")]
    reports = read_observed(table(*rows), place()).reports
    asked = ask(plan, setup().organisation, reports, UpdateSettings(runs=300, months=36))
    update = Update(asked, Work(asked).done(), setup().organisation)
    found = forecasts_of(update, "on course?")
    assert {f.source for f in found} == {MODEL, BEFORE}
    assert {f.month for f in found} == {15, 18, 21, 24, 30, 36}
    mine = next(f for f in found if f.source == MODEL and f.month == 24)
    band = next(b for b in update.bands if (b.measure, b.zone, b.month) == ("using", "first zone", 24))
    assert mine.band == pytest.approx((band.after[0], band.after[2]), rel=1e-5)
    assert (mine.stays, mine.line) == (0.2, pytest.approx(0.4))
    (guess,) = guesses_of(["using,first zone,24,20%,0.3,45%"], found)
    assert guess.band == (pytest.approx(0.2), pytest.approx(0.45))
    for text in ("using,first zone,25,1,2,3", "using", "using,first zone,24,9%,5%,1%"):
        with pytest.raises(ResultError):
            guesses_of([text], found)


def test_the_log_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    head = "month,zone,measure,value,observed\n6,first zone,using,6,60\n"
    Path("one.csv").write_text(head)
    Path("two.csv").write_text(head + "12,first zone,using,14,60\n")
    common = ["--runs", "300", "--log", "ours.sqlite"]
    guess = ["--guess", "using,first zone,12,20%,30%,45%"]
    assert main(["update", "with-teams", "--observed", "one.csv", "--out", "a", *common, *guess]) == 0
    assert main(["update", "with-teams", "--observed", "two.csv", "--out", "b", *common]) == 0
    assert main(["observe", "scores", "ours.sqlite"]) == 0
    told = capsys.readouterr().out
    assert "3 forecasts can be scored" in told
    assert "room" in told
    assert main(["observe", "scores", "none.sqlite"]) == 1
