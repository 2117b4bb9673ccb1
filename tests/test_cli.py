"""The command line as a user meets it: help, options, answers, exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.cli import build_parser, main
from sim.results.columns import SERIES, SITES, names

COMMANDS = ("list", "describe", "new", "run", "compare", "check", "slice", "replay", "benchmark")
QUICK = ("--replicates", "3", "--months", "14")
HEAVY = ("numpy", "numba", "pandas", "matplotlib", "pyarrow", "mesa", "networkx", "openpyxl", "tomlkit", "solara")
AREA = """site_id,name,agency,type,roll,staff,locality
{rows}
"""


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch):
    """Dated result folders land in a temporary place."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def area(tmp_path: Path) -> Path:
    kinds = ["primary"] * 6 + ["nursery"] * 4 + ["secondary"] * 2
    rows = [f"K{i},Real Name {i},education,{kind},200,14,North" for i, kind in enumerate(kinds)]
    path = tmp_path / "our_sites.csv"
    path.write_text(AREA.format(rows="\n".join(rows)))
    return path


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """One comparison, kept, and what it printed."""
    out = tmp_path_factory.mktemp("cli") / "result"
    command = ["compare", "with-teams", "without-teams", *QUICK, "--sites", "--json", "--out", str(out)]
    done = zones(*command)
    assert done.returncode == 0, done.stderr
    return out, done


def zones(*words: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words], capture_output=True, text=True, check=False, **options
    )


def test_help_imports_nothing_heavy():
    code = (
        "import sys, contextlib\n"
        "from sim.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        f"sys.exit(', '.join(sorted(set({HEAVY!r}) & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() in ("", "None")
    assert done.returncode == 0
    assert "compare" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert f"example:\n  zones {command}" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_is_a_command_that_parses(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    example = re.search(r"example:\n  zones (.*)", capsys.readouterr().out)
    build_parser().parse_args(example.group(1).split())


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nosuch",),
        ("run",),
        ("compare", "with-teams"),
        ("run", "with-teams", "--replicates", "0"),
        ("run", "with-teams", "--replicates", "many"),
        ("run", "with-teams", "--seed", "-1"),
        ("run", "with-teams", "--engine", "fast"),
        ("run", "with-teams", "--set", "coaching"),
        ("benchmark", "--clang", "cc"),
        ("slice", "a.csv"),
        ("slice", "a.csv", "--size", "2", "--sites", "a"),
    ],
)
def test_wrong_usage_is_2(words, capsys):
    try:
        code = main(words)
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert "usage: zones" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("describe", "with-team"), "Did you mean 'with-teams'?"),
        (("run", "with-teams", "--set", "coching=1"), "Did you mean 'coaching'?"),
        (("run", "with-teams", "--set", "coaching=9"), "coaching must be a number in [0, 1]"),
        (("run", "with-teams", "--months", "5000"), "months must be a whole number in [1, 1200]; got 5000"),
        (("run", "with-teams", "--area", "nosuch.csv"), "nosuch.csv"),
        (("replay", "nosuch"), "no manifest.json there"),
        (("benchmark", "--json", "--nation", "nosuch.csv"), "nosuch.csv"),
        (("new", "with-teams"), "is the name of a shipped scenario"),
    ],
)
def test_what_cannot_be_done_is_1_and_says_why(words, said, capsys):
    assert main(words) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_a_result_folder_that_is_taken_is_1_before_anything_runs(tmp_path: Path, capsys):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").write_text("")
    start = time.monotonic()
    assert main(["run", "with-teams", "--replicates", "100000", "--out", str(tmp_path / "taken")]) == 1
    assert time.monotonic() - start < 10
    assert "never overwritten" in capsys.readouterr().err


def test_list_and_levers(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["scenarios"]
    assert {"with-teams", "without-teams", "train-and-hope"} <= {s["name"] for s in found}
    assert main(["list", "--levers", "--json"]) == 0
    levers = {x["name"]: x for x in json.loads(capsys.readouterr().out)["levers"]}
    assert levers["teams"]["values"] == ["none", "lead", "committee", "core", "core+local"]
    assert levers["teams"]["default"] == "none"
    assert (levers["coaching"]["low"], levers["coaching"]["high"]) == (0, 1)
    assert main(["list"]) == 0
    assert "train-and-hope" in capsys.readouterr().out


def test_describe_runs_nothing_and_describes_the_plan(capsys):
    assert main(["describe", "three-zones"]) == 0
    text = capsys.readouterr().out
    assert "Different from with-teams" in text
    assert "second zone" in text
    assert main(["describe", "three-zones", "--json", "--set", "months=30"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"]["months"] == 30


def test_new_writes_a_file_that_runs_and_is_not_overwritten(tmp_path: Path, capsys):
    assert main(["new", "our-plan", "--from", "train-and-hope"]) == 0
    assert (tmp_path / "our-plan.toml").exists()
    assert main(["describe", "our-plan.toml"]) == 0
    assert "our-plan" in capsys.readouterr().out
    assert main(["new", "our-plan"]) == 1
    assert "not overwritten" in capsys.readouterr().err


def test_compare_prints_one_object_and_words_go_elsewhere(compared):
    out, done = compared
    found = json.loads(done.stdout)
    assert found["result"] == str(out)
    assert found["scenarios"] == ["with-teams", "without-teams"]
    assert len(found["headlines"]) == 14
    keys = {"id", "unit", "cohort", "scenario", "median", "p10", "p90", "kind"}
    assert all(keys <= set(h) for h in found["headlines"])
    assert {h["kind"] for h in found["headlines"]} <= {"fitted", "predicted", "assumed"}
    assert {(d["scenario"], d["against"]) for d in found["differences"]} == {("with-teams", "without-teams")}
    assert "Kept in" in done.stderr


def test_compare_keeps_one_series_for_all(compared):
    out, _ = compared
    table = pq.read_table(out / "series.parquet")
    assert tuple(table.schema.names) == names(SERIES)
    assert set(table.column("scenario").to_pylist()) == {"with-teams", "without-teams"}
    assert set(table.column("month").to_pylist()) == set(range(15))
    assert tuple(pq.read_schema(out / "sites.parquet").names) == names(SITES)


def test_replay_is_byte_identical_from_the_folder_alone(compared, tmp_path: Path, capsys):
    moved = shutil.copytree(compared[0], tmp_path / "elsewhere")
    assert main(["replay", str(moved), "--json", "--threads", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["identical"]
    assert set(found["tables"]) == {"series.parquet", "sites.parquet", "summary.csv", "costs.csv"}
    kept = (moved / "costs.csv").read_bytes()
    (moved / "costs.csv").write_bytes(kept + b"x")
    assert main(["replay", str(moved)]) == 1
    printed = capsys.readouterr()
    assert re.search(r"costs.csv +changed since it was written", printed.out)
    assert re.search(r"series.parquet +byte-identical", printed.out)
    (moved / "costs.csv").write_bytes(kept)
    manifest = json.loads((moved / "manifest.json").read_text())
    manifest["seed"] = 2
    (moved / "manifest.json").write_text(json.dumps(manifest))
    assert main(["replay", str(moved)]) == 1
    assert re.search(r"series.parquet +differs", capsys.readouterr().out)


def test_a_replay_of_an_older_versions_folder_says_what_differs(compared, tmp_path: Path, capsys):
    folder = shutil.copytree(compared[0], tmp_path / "old")
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    now = manifest["versions"]["zones"]
    manifest["versions"] |= {"zones": "0.0.7", "numpy": "1.26.4"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["replay", str(folder)]) == 0, "the tables are the same"
    said = capsys.readouterr()
    assert f"The version of zones has changed: 0.0.7 -> {now}" in said.err
    assert "The version of numpy has changed: 1.26.4 -> " in said.err

    manifest["seed"] += 1  # as another version of the model would, every figure differs
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["replay", str(folder)]) == 1
    said = capsys.readouterr()
    assert "The version of zones has changed: 0.0.7" in said.err
    assert "series.parquet" in said.out + said.err

    manifest["scenarios"][0]["levers"]["coffee"] = 0.5
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["replay", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "coffee" in said
    assert f"It was written by version 0.0.7, and this is {now}: replay it with the version that wrote it." in said

    manifest["format"] += 1
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["replay", str(folder)]) == 1
    assert "Replay it with the version that wrote it" in capsys.readouterr().err


def test_run_on_our_own_sites_without_their_names(area: Path, tmp_path: Path, capsys):
    out = tmp_path / "ours"
    assert main(["run", "with-teams", *QUICK, "--area", str(area), "--out", str(out), "--sites"]) == 0
    printed = capsys.readouterr()
    assert "Real Name" not in printed.out + printed.err
    assert not [p for p in out.rglob("*") if p.is_file() and b"Real Name" in p.read_bytes()]
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["organisation"]["files"][0]["name"] == "LIST-1.csv"
    assert str(area.parent) not in (out / "manifest.json").read_text()
    area.unlink()
    assert main(["replay", str(out)]) == 0


def test_the_horizon_is_the_longest_unless_given(tmp_path: Path, capsys):
    short, long = tmp_path / "short.toml", tmp_path / "long.toml"
    short.write_text('base = "without-teams"\nmonths = 4\n')
    long.write_text('base = "without-teams"\nmonths = 7\n')
    assert main(["compare", str(short), str(long), "--replicates", "1", "--json", "--out", "one"]) == 0
    assert {h["month"] for h in json.loads(capsys.readouterr().out)["headlines"]} == {7}
    assert main(["compare", str(short), str(long), "--replicates", "1", "--json", "--out", "two", "--months", "3"]) == 0
    assert {h["month"] for h in json.loads(capsys.readouterr().out)["headlines"]} == {3}


def test_a_scenario_against_itself_is_the_same_in_every_run(capsys):
    assert main(["compare", "with-teams", "with-teams", *QUICK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["scenarios"] == ["with-teams", "with-teams-2"]
    assert all(d["share_equal"] in (1.0, None) and not d["apart"] for d in found["differences"])


def test_results_are_kept_under_results_when_no_folder_is_named(tmp_path: Path, capsys):
    for _ in range(2):
        assert main(["run", "without-teams", "--replicates", "1", "--months", "2"]) == 0
    assert len(list((tmp_path / "results").iterdir())) == 2
    assert "sites in full implementation" in capsys.readouterr().out


def test_check_and_slice(area: Path, capsys):
    assert main(["check", str(area), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sites"] >= 12
    assert any("generated" in sentence for sentence in found["assumptions"])
    assert main(["slice", str(area), "--size", "4", "--json"]) == 0
    chosen = json.loads(capsys.readouterr().out)["slices"][0]
    assert len(chosen["chosen"]) == 4
    assert main(["slice", str(area), "--sites", "K1", "K2", "--as-given"]) == 0
    assert "2 of 12 sites" in capsys.readouterr().out
    assert main(["slice", str(area), "--sites", "K1", "--json", "--show-names"]) == 0
    assert json.loads(capsys.readouterr().out)["slices"][0]["chosen"] == [{"id": "K1", "name": "Real Name 1"}]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupting_leaves_nothing_behind(tmp_path: Path, number, code):
    command = [sys.executable, "-m", "sim.cli", "run", "with-teams", "--replicates", "20000", "--out", "r/new"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while not re.search(r"\d runs", process.stderr.readline()):  # it is under way
            assert process.poll() is None
        process.send_signal(number)
        start = time.monotonic()
        process.communicate(timeout=60)
        assert time.monotonic() - start < 10
    assert process.returncode == code
    assert not list(tmp_path.rglob("*new*"))


def test_a_reader_who_has_seen_enough_is_no_crash():
    command = f"{sys.executable} -m sim.cli list --levers | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env={**os.environ})
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("What people choose:")
