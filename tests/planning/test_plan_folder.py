"""From the command line to files: plans that rerun to the figures told, whatever the threads, after a kill too."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from planning_builders import write_small

import sim
from sim.cli import main
from sim.planning.candidate import Candidate
from sim.planning.folder import open_folder
from sim.planning.study import prepare
from sim.planning.trials import SETS, Ask, seeds
from sim.sweeps.runner import Threads

RUNS = "1000"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    path = write_small(folder)
    assert main(["plan", str(path), "--runs", RUNS, "--out", str(folder / "one"), "--workers", "1"]) == 0
    return folder


def _files(folder):
    names = ["plans.csv", "why.md", "answer.json", *(p.name for p in folder.glob("plan-*.toml"))]
    return {name: (folder / name).read_bytes() for name in sorted(names)}


def test_threads_do_not_matter(made):
    path = made / "small.toml"
    assert main(["plan", str(path), "--runs", RUNS, "--out", str(made / "three"), "--workers", "3"]) == 0
    assert _files(made / "one") == _files(made / "three")


def test_another_seed_gives_other_figures(made):
    path = made / "small.toml"
    assert main(["plan", str(path), "--runs", RUNS, "--out", str(made / "other"), "--seed", "2"]) == 0
    assert _files(made / "one")["answer.json"] != _files(made / "other")["answer.json"]


def test_a_search_that_was_killed_goes_on_to_the_same_answer(made, capsys):
    half = made / "half"
    shutil.copytree(made / "one", half)
    for name in _files(half):
        (half / name).unlink()
    parts = sorted((half / "parts").glob("*.parquet"))
    for part in parts[: max(1, len(parts) // 2)]:
        part.unlink()
    assert main(["status", str(half), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is False
    assert main(["resume", str(half), "--workers", "2"]) == 0
    assert _files(half) == _files(made / "one")
    assert main(["status", str(half), "--json"]) == 0


def test_replay_finds_every_file_identical(made, capsys):
    assert main(["replay", str(made / "one")]) == 0
    assert "identical" in capsys.readouterr().out


def test_replay_tells_a_file_that_was_changed(made, capsys):
    bad = made / "bad"
    shutil.copytree(made / "one", bad)
    (bad / "plans.csv").write_text("plan\n", encoding="utf-8")
    assert main(["replay", str(bad)]) == 1
    assert "differs" in capsys.readouterr().out


def test_each_plan_reruns_to_the_figures_told(made):
    answer = json.loads((made / "one" / "answer.json").read_text(encoding="utf-8"))
    assert answer["plans"]
    with (made / "one" / "plans.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(r["plan"], r["what"]): r for r in csv.DictReader(stream)}
    for plan in answer["plans"]:
        path = made / "one" / f"{plan['name']}.toml"
        again = sim.run(path, replicates=answer["replicates"], seed=answer["seed"], months=answer["months"])
        for outcome, told in plan["figures"].items():
            measured = again.headlines(outcome)[0]
            assert measured["median"] == told["median"]
            assert measured["p10"] == told["p10"]
            assert float(rows[plan["name"], outcome]["median"]) == told["median"]


def test_random_numbers_of_search_choice_and_report_never_meet(made):
    found = open_folder(made / "one")
    given, runs = prepare(found, lambda: Threads(1))
    plan = Candidate((), (), "against")
    keys = {name: set(runs.keys(Ask(plan, 200, name))) for name in SETS}
    assert sum(len(k) for k in keys.values()) == len(set.union(*keys.values())) == 200 * len(SETS)
    assert len(set(seeds(found.asked.seed, SETS).values())) == len(SETS)
    assert given.report_seed == seeds(found.asked.seed, SETS)["report"]


def test_limits_that_no_plan_can_meet_are_an_answer(tmp_path, capsys):
    path = write_small(tmp_path, "poor", cash=60_000, released=[100, 200])
    assert main(["plan", str(path), "--runs", RUNS, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "No plan that was tried meets the limits" in told
    assert "released time in year" in told
    assert "The cheapest change: raise" in told
    assert not list((tmp_path / "out").glob("plan-*.toml"))


def test_a_question_is_written_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "new", "ours"]) == 0
    assert main(["plan", "new", "ours"]) == 1
    capsys.readouterr()
    assert main(["plan", "ours.toml", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sites"] == 40
    assert not (tmp_path / "results").exists()


def test_too_few_runs_are_refused(made, capsys):
    assert main(["plan", str(made / "small.toml"), "--runs", "10"]) == 1
    assert "--runs" in capsys.readouterr().err
