"""Manifests of results and sweeps that somebody has edited: told where and what, never a traceback, never run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli import main
from sim.errors import ResultError, SweepError, ZonesError
from sim.observed import folder as update_folder
from sim.parameters import UNCERTAINTIES
from sim.planning import asking
from sim.planning import folder as plan_folder
from sim.planning.template import template
from sim.results.replay import read_manifest, replay
from sim.sweeps import folder
from sim.sweeps.design import loads

DESIGN = """
scenarios = ["with-teams", "without-teams"]
months = 12
sample = "defaults"
replicates = 2
outcomes = ["sites_full_share@12"]
stop = {width = 0.5}
[area]
settings = {sites = 6}
[[factors]]
name = "coaching"
values = [0.2, 0.8]
"""
ODD: tuple[Any, ...] = (
    None, True, -1, 1.5, 10**400, float("inf"), float("nan"), "x", "\ud800", "\u202e", [], [[]], {}, {"a": {}},
    "9" * 5000, {"../../x": "y"}, [{"name": []}],
)  # fmt: skip
WORDS = {"command", "start", "end", "question", "versions"}
"""Told to readers, and nothing hangs on them."""


UNCHECKED = {"organisation", "end", "runs"}
"""Of an update: told, or not read back."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result") / "result"
    sim.run("with-teams", replicates=2, months=12).save(out)
    return out


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sweep")
    return folder.create(loads(DESIGN, "small", out), out / "sweep", "zones sweep small.toml").folder


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plan") / "plan"
    question = asking.loads(template("small"), "small")
    return plan_folder.create(
        replace(question, area={"settings": {"sites": 6}}), out, plan_folder.Asked(100, 1, "zones plan")
    ).folder


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("update")
    (where / "seen.csv").write_text("month,zone,measure,value,observed\n6,first zone,using,4,60\n", encoding="utf-8")
    asked = [
        "update",
        "with-teams",
        "--observed",
        str(where / "seen.csv"),
        "--runs",
        "200",
        "--out",
        str(where / "kept"),
    ]
    assert main([*asked, "--out", str(where / "kept")]) == 0
    return where / "kept"


def edited(path: Path, change: Callable[[Any], Any]) -> str:
    """The text of a JSON file after a change, unpaired halves of characters and odd numbers as Python writes them."""
    return json.dumps(change(json.loads(path.read_text(encoding="utf-8"))))


def swapped(key: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {**data, key: value}


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {k: v for k, v in data.items() if k != key}


def test_what_was_not_edited_is_read(result: Path, sweep: Path) -> None:
    assert replay(result).identical
    assert len(folder.open_folder(sweep).points) == 2


@pytest.mark.parametrize("value", ODD, ids=lambda v: f"{v!r:.12}".encode("ascii", "replace").decode())
def test_a_manifest_with_an_odd_value_is_refused_or_replays_the_same(result: Path, tmp_path: Path, value: Any) -> None:
    path = result / "manifest.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    for key in kept:
        (tmp_path / "manifest.json").write_text(edited(path, swapped(key, value)), encoding="utf-8")
        try:
            found = read_manifest(tmp_path)
        except ResultError as error:
            assert str(tmp_path) in str(error)
        else:
            same_kind = type(found[key]) is type(kept[key]) or (key, value) == ("calibration", None)
            assert key in WORDS or same_kind, f"{key} = {value!r:.40} passed"


@pytest.mark.parametrize("key", ["replicates", "scenarios", "tables", "organisation", "versions", "seed", "format"])
def test_a_manifest_that_lacks_something_says_what(result: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "manifest.json").write_text(edited(result / "manifest.json", without(key)), encoding="utf-8")
    with pytest.raises(ResultError, match=key):
        replay(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "5", "{", "[" * 50_000, '{"format": 1}', "\ufeff{}", '{"format": NaN}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultError):
        replay(tmp_path)
    (tmp_path / "sweep.json").write_text(text, encoding="utf-8")
    with pytest.raises(SweepError, match=r"sweep\.json"):
        folder.open_folder(tmp_path)


def copied(sweep: Path, to: Path, change: Callable[[Any], Any], name: str = "sweep.json") -> Path:
    for path in sweep.glob("*.json"):
        (to / path.name).write_bytes(path.read_bytes())
    (to / name).write_text(edited(sweep / name, change), encoding="utf-8")
    return to


@pytest.mark.parametrize("value", ODD, ids=lambda v: f"{v!r:.12}".encode("ascii", "replace").decode())
def test_a_sweep_with_an_odd_value_is_refused_or_opens(sweep: Path, tmp_path: Path, value: Any) -> None:
    kept = json.loads((sweep / "sweep.json").read_text(encoding="utf-8"))
    for key in kept:
        here = copied(sweep, tmp_path, swapped(key, value))
        try:
            found = folder.open_folder(here)
        except SweepError as error:
            assert "changed by hand" in str(error)
        else:
            assert key in WORDS or found.manifest[key] == kept[key], f"{key} = {value!r:.40} passed"


@pytest.mark.parametrize("value", ODD, ids=lambda v: f"{v!r:.12}".encode("ascii", "replace").decode())
def test_a_kept_design_with_an_odd_value_is_refused_or_holds_it(sweep: Path, tmp_path: Path, value: Any) -> None:
    for key in json.loads((sweep / "sweep.json").read_text(encoding="utf-8"))["design"]:
        here = copied(sweep, tmp_path, lambda data, k=key: {**data, "design": {**data["design"], k: value}})  # type: ignore[misc]
        try:
            found = folder.open_folder(here).design
        except SweepError:
            continue
        if key != "folder":
            assert getattr(found, key) in (value, tuple(value) if isinstance(value, list) else value)


def test_points_that_are_not_those_of_the_design_are_refused(sweep: Path, tmp_path: Path) -> None:
    name = next(sweep.glob("points-*.json")).name
    for change in (lambda p: [*p, p[0]], lambda p: [], lambda p: {"a": 1}, lambda p: [{"coaching": 9.0}, *p[1:]]):
        with pytest.raises(SweepError, match="points"):
            folder.open_folder(copied(sweep, tmp_path, change, name))


def test_notes_apart_that_were_edited_are_refused(sweep: Path, tmp_path: Path) -> None:
    here = copied(sweep, tmp_path, lambda data: data)
    (here / "replay-only").mkdir()
    for text in ("[]", '{"with-teams": 5}', '{"with-teams": {"zones": 3}}', "{"):
        (here / "replay-only" / "scenarios.json").write_text(text, encoding="utf-8")
        with pytest.raises(SweepError, match=r"scenarios\.json"):
            folder.open_folder(here)


@pytest.mark.parametrize("value", ODD, ids=lambda v: f"{v!r:.12}".encode("ascii", "replace").decode())
def test_a_search_or_an_update_with_an_odd_value_is_refused_or_opens(
    plan: Path, update: Path, tmp_path: Path, value: Any
) -> None:
    for kept, name, read, refused in (
        (plan, "plan.json", lambda p: plan_folder.open_folder(p).manifest, SweepError),
        (update, "update.json", update_folder.read_manifest, ResultError),
    ):
        here = tmp_path / kept.name
        shutil.copytree(kept, here, dirs_exist_ok=True)
        before = json.loads((kept / name).read_text(encoding="utf-8"))
        for key in before:
            (here / name).write_text(edited(kept / name, swapped(key, value)), encoding="utf-8")
            try:
                found = read(here)
            except refused as error:
                assert str(here) in str(error)
            else:
                assert type(found[key]) is type(before[key]) or key in UNCHECKED, f"{key} = {value!r:.40} passed"


@pytest.mark.parametrize("text", ["", "[]", "5", "{", "[" * 50_000, '{"format": 1}', "\ufeff{}", '{"format": NaN}'])
def test_what_is_no_search_and_no_update_is_refused(tmp_path: Path, text: str) -> None:
    for name in ("plan.json", "update.json"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SweepError, match="plan"):
        plan_folder.open_folder(tmp_path)
    with pytest.raises(ResultError, match=r"update\.json"):
        update_folder.read_manifest(tmp_path)


@pytest.mark.parametrize("key", ["settings", "scenario", "month_0", "months"])
@pytest.mark.parametrize("value", [{"runs": []}, {}, "x", -1, [], {"a": {}}], ids=str)
def test_an_update_that_was_edited_is_not_made_again(update: Path, tmp_path: Path, key: str, value: Any) -> None:
    here = tmp_path / "kept"
    shutil.copytree(update, here)
    (here / "update.json").write_text(edited(update / "update.json", swapped(key, value)), encoding="utf-8")
    with pytest.raises(ZonesError):
        update_folder.question_of(here)


def test_what_an_update_keeps_beside_its_manifest_is_read_back(update: Path) -> None:
    question, _ = update_folder.question_of(update)
    assert [(report.month, report.measure, report.observed) for report in question.reports] == [(6, "using", 60)]
    assert question.rows == tuple(json.loads((update / "parameters.json").read_text(encoding="utf-8")))


ODD_ROWS: tuple[Any, ...] = (
    {}, "x", 5, [5], ["x"], [[]], [None], [{"no such name": 1.0}], [{"coaching": 0.5}], [{"turnover": "0.1"}],
    [{"turnover": True}], [{"turnover": -5.0}], [{"turnover": 10**30}], [{"turnover": float("nan")}],
    [{"turnover": None}], [{"turnover": [0.1]}], [{"\u202e": 0.1}],
)  # fmt: skip


@pytest.mark.parametrize("value", ODD_ROWS, ids=lambda v: f"{v!r:.40}".encode("ascii", "replace").decode())
def test_draws_of_an_update_that_were_edited_are_refused(update: Path, tmp_path: Path, value: Any) -> None:
    here = tmp_path / "kept"
    shutil.copytree(update, here)
    assert "turnover" in UNCERTAINTIES
    (here / "parameters.json").write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(ZonesError, match=r"parameters\.json"):
        update_folder.question_of(here)


@pytest.mark.parametrize("key", ["month", "measure", "value", "zone", "site", "observed", "of", "stage", "row"])
@pytest.mark.parametrize("value", [None, "x\u202e", -7, 1.5, True, [], 10**15], ids=str)
def test_what_was_seen_and_then_edited_is_refused(update: Path, tmp_path: Path, key: str, value: Any) -> None:
    here = tmp_path / "kept"
    shutil.copytree(update, here)
    seen = here / "replay-only" / "observed.json"
    rows = json.loads(seen.read_text(encoding="utf-8"))
    seen.write_text(json.dumps([{**rows[0], key: value}]), encoding="utf-8")
    text_where_text_goes = isinstance(value, str) and key == "row"
    if text_where_text_goes:
        update_folder.question_of(here)
    else:
        with pytest.raises(ZonesError):
            update_folder.question_of(here)
