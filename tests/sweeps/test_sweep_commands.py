"""`zones sweep`, `status`, `resume`, `sensitivity`, `discover` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from sweep_builders import ONE_ZONE, bytes_of

from sim.cli import main

TEXT = """
question = "What does coaching do?"
scenarios = ["one-zone.toml", "without-teams"]
months = 12
sample = "defaults"
replicates = 3
outcomes = ["practitioners_using_share", "months_to_80"]
area = {settings = {sites = 6}}
[[factors]]
name = "coaching"
values = [0.0, 0.5, 1.0]
scenarios = ["one-zone.toml"]
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one-zone.toml").write_text(ONE_ZONE, encoding="utf-8")
    (tmp_path / "coaching.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_sweep_from_the_command_line(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pd = pytest.importorskip("pandas")
    assert main(["sweep", "coaching.toml", "--out", "out", "--workers", "2"]) == 0
    said = capsys.readouterr()
    assert "12 runs done, 12 of them now" in said.out  # 3 points and one shared arm
    assert "Kept in out" in said.err
    names = {p.name for p in (asked / "out").iterdir()}
    assert {"runs.parquet", "summary.csv", "differences.csv", "figure.png", "figure.svg", "data-dictionary.md"} <= names
    runs = pd.read_parquet(asked / "out" / "runs.parquet")
    assert len(runs) == 3 * 2 * 3
    assert not runs.duplicated(["point", "scenario", "replicate"]).any()
    summary = pd.read_csv(asked / "out" / "summary.csv")
    assert list(summary["coaching"].unique()) == [0.0, 0.5, 1.0]
    text = (asked / "out" / "data-dictionary.md").read_text()
    for column in (*runs.columns, *summary.columns, *pd.read_csv(asked / "out" / "differences.csv").columns):
        assert f"`{column}`" in text


def test_dry_run_says_what_it_will_cost_and_leaves_nothing(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _json(capsys, "sweep", "coaching.toml", "--dry-run", "--replicates", "10", "--workers", "2")
    assert (found["points"], found["runs"], found["shared"]) == (3, 40, 20)
    assert 0 < float(found["seconds"]) < 600  # type: ignore[arg-type]
    assert int(found["bytes"]) > 1000  # type: ignore[call-overload]
    assert {p.name for p in asked.iterdir()} == {"one-zone.toml", "coaching.toml"}


def test_dry_run_notes_a_plan_that_does_not_get_its_sites(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (asked / "wide.toml").write_text(TEXT + '[[factors]]\nname = "zone.1.choose"\nvalues = [2, 20]\n'
                                     'scenarios = ["one-zone.toml"]\n', encoding="utf-8")  # fmt: skip
    assert main(["sweep", "wide.toml", "--dry-run"]) == 0
    assert "not all that is asked for in 1 plan: Zone 'only' asks for 20 sites" in capsys.readouterr().out


def test_status_resume_and_growth(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "coaching.toml", "--out", "out"]) == 0
    before = bytes_of(asked / "out")
    capsys.readouterr()
    assert _json(capsys, "status", "out")["complete"] is True
    for part in (asked / "out" / "parts").iterdir():
        part.unlink()
    assert main(["status", "out"]) == 0
    assert "0 of 18 runs" not in capsys.readouterr().out  # shared runs count once
    found = _json(capsys, "status", "out")
    assert (found["runs_done"], found["runs_wanted"], found["complete"]) == (0, 12, False)
    assert main(["resume", "out"]) == 0
    assert bytes_of(asked / "out") == before
    assert main(["sweep", "coaching.toml", "--out", "out", "--replicates", "5"]) == 0
    capsys.readouterr()
    assert _json(capsys, "status", "out")["runs_done"] == 20
    assert main(["sweep", "coaching.toml", "--out", "out", "--seed", "7"]) == 1
    assert "holds another sweep (different seed" in capsys.readouterr().err


TABLES = ("runs.parquet", "summary.csv", "differences.csv", "points.csv", "not_run.csv")


def sites(*numbers: int, area: str) -> str:
    rows = [f"{area}{k},{area},education,primary,{100 + k},{6 + k},Ward {k % 2}" for k in numbers]
    return "\n".join(["site_id,area,agency,type,roll,staff,locality", *rows]) + "\n"


def test_a_sweep_over_files_grows_to_what_it_would_have_been_in_one_go(
    asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (asked / "north.csv").write_text(sites(*range(5), area="North"), encoding="utf-8")
    (asked / "south.csv").write_text(sites(*range(4), area="South"), encoding="utf-8")
    words = ["sweep", "coaching.toml", "--area", "north.csv", "--area", "south.csv"]
    assert main([*words, "--replicates", "2", "--out", "grown"]) == 0
    first = (asked / "grown" / "summary.csv").read_bytes()
    assert main([*words, "--replicates", "5", "--out", "grown"]) == 0
    assert "20 runs done, 12 of them now" in capsys.readouterr().out
    assert main([*words, "--replicates", "5", "--out", "whole"]) == 0
    for name in TABLES:
        assert (asked / "grown" / name).read_bytes() == (asked / "whole" / name).read_bytes(), name
    assert (asked / "grown" / "summary.csv").read_bytes() != first

    capsys.readouterr()
    assert main([*words[:4], "--replicates", "6", "--out", "grown"]) == 1
    assert "holds another sweep (different area)" in capsys.readouterr().err
    (asked / "south.csv").write_text(sites(*range(3), area="South"), encoding="utf-8")
    assert main([*words, "--replicates", "6", "--out", "grown"]) == 1
    assert "south.csv: has changed since this sweep was begun" in capsys.readouterr().err
    (asked / "south.csv").unlink()
    (asked / "north.csv").unlink()
    assert main(["resume", "grown"]) == 0, "the folder needs no list"


def test_a_sweep_from_before_files_had_numbers_grows_too(asked: Path) -> None:
    words = ["sweep", "coaching.toml", "--out", "out", "--replicates"]
    assert main([*words, "2"]) == 0
    lists = json.loads((asked / "out" / "replay-only" / "lists.json").read_text(encoding="utf-8"))
    assert lists == {"PLAN-1": "one-zone.toml"}
    (asked / "out" / "replay-only" / "lists.json").unlink()
    kept = asked / "out" / "sweep.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace("PLAN-1", "one-zone.toml"), encoding="utf-8")
    assert main([*words, "4"]) == 0
    assert main([*words[:3], "whole", "--replicates", "4"]) == 0
    grown, whole = (pd.read_csv(asked / name / "summary.csv") for name in ("out", "whole"))
    assert set(grown.scenario) == {"one-zone.toml", "without-teams"}
    assert grown.drop(columns="scenario").equals(whole.drop(columns="scenario"))


def test_set_and_seed_reach_the_runs(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "coaching.toml", "--out", "a", "--set", "start_peers=0.4", "--seed", "9"]) == 0
    kept = json.loads((asked / "a" / "sweep.json").read_text())
    assert kept["design"]["seed"] == 9
    assert all(s["parameters"]["start_peers"] == 0.4 for s in kept["scenarios"].values())
    assert "--seed 9" in kept["command"]


def test_until_width_reports_what_it_saved(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "coaching.toml", "--out", "a", "--until-width", "0.4", "--replicates", "100"]
    assert main(words) == 0
    assert "180 runs instead of 600, 70 % saved" in capsys.readouterr().out


def test_sensitivity_and_discover(asked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lhs = TEXT.replace("values = [0.0, 0.5, 1.0]", "") + '[design]\nkind = "morris"\npoints = 4\n'
    lhs = lhs.replace("[[factors]]", "[[factors]]\nname = 'training'\nscenarios = ['one-zone.toml']\n[[factors]]", 1)
    (asked / "lhs.toml").write_text(lhs, encoding="utf-8")
    assert main(["sweep", "lhs.toml", "--out", "out"]) == 0
    capsys.readouterr()
    found = _json(capsys, "sensitivity", "out")
    assert {f["factor"] for f in found["factors"]} == {"coaching", "training"}  # type: ignore[attr-defined]
    assert (asked / "out" / "sensitivity.png").stat().st_size > 1000
    assert main(["sensitivity", "out"]) == 0
    assert "mu_star" in capsys.readouterr().out
    assert main(["sensitivity", "out", "--method", "sobol"]) == 1
    assert "came from a morris design" in capsys.readouterr().err
    assert main(["discover", "out", "--when", "practitioners_using_share < 0"]) == 0
    assert "it never holds" in capsys.readouterr().out


def test_wrong_usage_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["sweep"], ["sweep", "x.toml", "--until-width", "0"], ["discover", "x"], ["resume"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
    assert "must be a number above 0" in capsys.readouterr().err


def test_a_design_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "nowhere.toml"]) == 1
    assert "no such file 'nowhere.toml' in " in capsys.readouterr().err
    assert main(["status", "nowhere"]) == 1
    assert "give a folder that `zones sweep` made" in capsys.readouterr().err


def test_results_open_in_duckdb_and_excel(asked: Path) -> None:
    """DuckDB reads the Parquet file as it is; Excel reads summary.csv by columns."""
    assert main(["sweep", "coaching.toml", "--out", "out"]) == 0
    rows = (asked / "out" / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert len({line.count(",") for line in rows}) == 1
    assert not any(word in line.lower() for line in rows for word in ("nan", "inf,"))
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    query = f"SELECT count(*), max(replicate) FROM '{asked / 'out' / 'runs.parquet'}'"
    assert duckdb.sql(query).fetchall() == [(18, 2)]


def test_whole_plans_and_areas_are_distinct_in_every_table(tmp_path: Path) -> None:
    """A factor called `scenario` must not hide behind the column of that name; an area is named without its path."""
    (tmp_path / "places").mkdir()
    kinds = ("primary", "nursery", "secondary", "primary")
    rows = [f"W{k},education,{kind},{90 + 40 * k}" for k, kind in enumerate(kinds)]
    (tmp_path / "places" / "west.csv").write_text("\n".join(["site_id,agency,type,roll", *rows]), encoding="utf-8")
    (tmp_path / "plans.toml").write_text(
        f"""
        scenarios = ["with-teams"]
        months = 6
        replicates = 2
        outcomes = ["practitioners_using_share"]
        [[factors]]
        name = "scenario"
        values = ["with-teams", "everywhere-at-once"]
        [[factors]]
        name = "area"
        values = ['{{"sites": 6}}', "{tmp_path / "places" / "west.csv"}"]
        """,
        encoding="utf-8",
    )
    assert main(["sweep", str(tmp_path / "plans.toml"), "--out", str(tmp_path / "kept")]) == 0
    runs = pd.read_parquet(tmp_path / "kept" / "runs.parquet")
    assert set(runs["plan"]) == {"with-teams", "everywhere-at-once"}
    assert set(runs["scenario"]) == {"with-teams"}
    assert set(runs["area"]) == {"sites 6", "LIST-1.csv"}
    for name in ("runs.parquet", "summary.csv", "points.csv"):
        table = pd.read_csv(tmp_path / "kept" / name) if name.endswith("csv") else runs
        assert table.columns.is_unique
        assert set(table["plan"]) == set(runs["plan"])
        assert str(tmp_path) not in table.to_csv()
