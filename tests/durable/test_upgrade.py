"""An upgrade keeps what there is: older results replay and say what differs; logs and stories open unchanged."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.app import log, stories
from sim.cli import main
from sim.errors import ResultError, ScenarioError
from sim.results import record
from sim.results.replay import DIFFERENT, IDENTICAL, replay

OLDER = {"zones": "0.0.9", "sources": "0" * 16, "numba": "0.60.0"}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A result in the form that the first folders had: the place in a folder called so, no word on names or draws."""
    folder = tmp_path / "older"
    sim.compare("with-teams", "without-teams", replicates=2, months=6).save(folder)
    manifest = read(folder)
    (folder / manifest["organisation"].pop("folder")).rename(folder / record.BEFORE)
    for later in ("draws", "show_names", "sites"):
        del manifest[later]
    write(folder, manifest | {"versions": manifest["versions"] | OLDER})
    return folder


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / record.MANIFEST).read_text(encoding="utf-8"))
    return found


def write(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / record.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_an_older_result_replays_and_says_which_versions_have_changed(older: Path) -> None:
    found = replay(older)
    assert set(found.tables.values()) == {IDENTICAL}
    assert set(found.moved) == set(OLDER)
    today = record.versions()
    assert {name: moved.split(" -> ") for name, moved in found.moved.items()} == {
        n: [OLDER[n], today[n]] for n in OLDER
    }


def test_what_an_older_model_gave_otherwise_is_named_table_by_table(
    older: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = (older / "summary.csv").read_text(encoding="utf-8")
    figure = re.search(r"0\.\d{3,}", summary)
    assert figure is not None
    (older / "summary.csv").write_text(summary.replace(figure[0], "0.123"), encoding="utf-8")
    manifest = read(older)
    manifest["tables"]["summary.csv"] = record.file_digest(older / "summary.csv")
    write(older, manifest)
    kept = {path: path.read_bytes() for path in older.rglob("*") if path.is_file()}

    assert main(["replay", str(older)]) != 0
    said = capsys.readouterr()
    told = dict(line.split(maxsplit=1) for line in said.out.splitlines())
    assert told == {"series.parquet": IDENTICAL, "costs.csv": IDENTICAL, "summary.csv": DIFFERENT}
    assert f"The version of zones has changed: 0.0.9 -> {record.versions()['zones']}" in said.err
    assert "not all tables are byte-identical" in said.err
    assert kept == {path: path.read_bytes() for path in older.rglob("*") if path.is_file()}, "the older result stays"


def test_an_older_result_that_this_version_cannot_run_names_the_one_that_can(older: Path) -> None:
    manifest = read(older)
    manifest["scenarios"][0]["levers"] |= {"a_lever_that_was": 1.0}
    write(older, manifest)
    with pytest.raises(ResultError, match=r"a_lever_that_was(.|\n)*written by version 0\.0\.9.*replay it with"):
        replay(older)


def test_a_log_keeps_every_entry_through_an_upgrade_and_back(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    columns = ", ".join(f"{c} TEXT NOT NULL" for c in ("written", *log.FIELDS, "plans", "link"))
    with closing(sqlite3.connect(path)) as older, older:
        older.execute(f"CREATE TABLE entries (id INTEGER PRIMARY KEY, {columns})")
        rows = [(n, "2025-01-01", f"q{n}", "e", "f", "d", "with-teams against without-teams", "") for n in (1, 2)]
        older.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    assert log.add(path, {"decision": "go on"}, plans="a", link="") == 3
    assert [e["question"] for e in log.entries(path)] == ["q1", "q2", ""]
    with closing(sqlite3.connect(path)) as older, older:  # the older version goes on with it
        older.execute("INSERT INTO entries VALUES (4, '2025-02-01', 'q4', '', '', '', '', '')")
    assert [e["id"] for e in log.entries(path)] == [1, 2, 3, 4]


SAVED = """
title = "Ours"
audience = "Heads"
plan = { preset = "with-teams" }
against = { preset = "without-teams" }
labels = ["with", "without"]

[[slides]]
kind = "title"
title = "What do we ask?"

[[slides]]
kind = "chart"
title = "How far we get"
measure = "practitioners_using_share"
"""
"""A story as the first version that saved any wrote it."""


def test_a_saved_story_opens_after_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SAVED, encoding="utf-8")
    assert [(slide["kind"], slide["title"]) for slide in stories.own(SAVED).slides] == [
        ("title", "What do we ask?"), ("chart", "How far we get")]  # fmt: skip
    assert main(["story", "check", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == SAVED, "the file is not touched"


def test_what_a_saved_story_asks_for_and_no_longer_is_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(SAVED.replace("practitioners_using_share", "a_measure_that_was"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(ScenarioError, match="a_measure_that_was"):
        stories.own(path.read_text(encoding="utf-8"))
    assert main(["story", "check", str(path)]) != 0
    assert path.read_bytes() == before
