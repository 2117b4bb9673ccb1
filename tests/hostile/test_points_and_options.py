"""Points as spreadsheets write them, and options that change a design: both held to what a design may say."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.errors import ScenarioError
from sim.sweeps.design import MOST_POINTS, Design, Stop, loads, with_options

LIST = '[design]\nkind = "list"\nfile = "p.csv"'
DESIGN = '[design]\nkind = "{kind}"\npoints = {points}\n[[factors]]\nname = "coaching"\n[[factors]]\nname = "mandate"\n'


def given(folder: Path, text: str | bytes) -> tuple[dict[str, Any], ...]:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "p.csv").write_bytes(data)
    return loads(LIST, "points", folder).given


SAME = ({"coaching": 0.5, "mandate": 0.1}, {"coaching": 0.7, "mandate": 0.2})


@pytest.mark.parametrize(
    "text",
    [
        "coaching,mandate\n0.5,0.1\n0.7,0.2\n",
        "coaching;mandate\n0,5;0,1\n0,7;0,2\n",
        "coaching;mandate\r\n0.5;0.1\r\n0.7;0.2\r\n",
        "\ufeffcoaching, mandate\n 0.5 , 0.1\n\n0.7,0.2\n,\n",
        '"coaching","mandate"\n"0.5","0.1"\n"0.7","0.2"',
    ],
    ids=["commas", "semicolons", "points", "marks", "quotes"],
)
def test_points_are_read_as_spreadsheets_write_them(tmp_path: Path, text: str) -> None:
    assert given(tmp_path, text) == SAME


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coaching,mandate\n0.5,0.1\n0.7\n", "not in row 3"),
        ("coaching,mandate\n0.5,0.1,9\n0.7,0.2\n", "not in row 2"),
        ("coaching;mandate\n0,5;0,1\n0,7\n", "not in row 3"),
        ("coaching,coaching\n0.5,0.1\n", "each factor once"),
        ("coaching,\n0.5,0.1\n", "each factor once"),
        ("coaching,mandat\n0.5,0.1\n", "Did you mean 'mandate'"),
        ("coaching\n", "a row for each point"),
        ("", "a row for each point"),
        ("coaching\nnan\n", "coaching must be a number in"),
        ("coaching\ninf\n", "coaching must be a number in"),
        ("coaching\n1e999\n", "coaching must be a number in"),
        ("coaching\n1_0\n", "coaching must be a number in"),
        ("coaching\n=0.5\n", "coaching must be a number in"),
        ("coaching\ntrue\n", "coaching must be a number in"),
        (b"coaching\n\xff\n", "not UTF-8"),
        ('coaching\n"0.5\n', "not a CSV file"),
        (b"coaching\n0.5\x00\n", "p.csv|coaching"),
    ],
)
def test_points_that_are_none_are_refused_with_row_or_column(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        given(tmp_path, text)


def test_many_points_are_no_reason_to_refuse_a_file(tmp_path: Path) -> None:
    rows = 120_000
    text = "coaching,mandate\n" + "".join(f"0.{k % 1000:03d},0.5\n" for k in range(rows))
    assert len(text) > 1_000_000
    assert len(given(tmp_path, text)) == rows


def asked(kind: str = "lhs", points: int = 8) -> Design:
    return loads(DESIGN.format(kind=kind, points=points), "d", Path())


GOOD: dict[str, Any] = {"seed": 3, "replicates": 7, "points": 16, "set": ["coaching=0.5"], "until-width": 0.2}


def test_options_are_laid_over_the_design() -> None:
    found = with_options(asked(), GOOD)
    assert (found.seed, found.replicates, found.points) == (3, 7, 16)
    assert found.overrides == ("coaching=0.5",)
    assert found.stop == Stop(0.2, found.outcomes[0])
    assert with_options(asked(), {}) == asked()


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("lhs", {"seed": 2**63}, "--seed must be a whole number"),
        ("lhs", {"seed": -1}, "--seed must be a whole number"),
        ("lhs", {"replicates": 10**9}, "--replicates must be a whole number"),
        ("lhs", {"points": MOST_POINTS + 1}, "--points must be a whole number"),
        ("sobol", {"points": 100}, "power of two"),
        ("sobol", {"points": 2**19}, "at most 1,000,000 points"),
        ("morris", {"points": 1}, "two or more"),
        ("lhs", {"until-width": 0.0}, "--until-width must be a number"),
        ("lhs", {"until-width": float("inf")}, "--until-width must be a number"),
        ("lhs", {"set": ["coaching=0.5", "coaching=0.5"]}, "named twice"),
        ("lhs", {"set": ["coach\u202eing=0.5"]}, "invisible character"),
    ],
)
def test_options_are_held_to_what_a_design_may_say(kind: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        with_options(asked(kind), {**GOOD, **options})


def test_the_command_refuses_them_before_it_makes_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.toml").write_text(DESIGN.format(kind="sobol", points=8), encoding="utf-8")
    for option, value in (("--points", "100"), ("--seed", str(2**63)), ("--replicates", "9" * 5000)):
        with contextlib.suppress(SystemExit):
            assert main(["sweep", "d.toml", option, value, "--out", "made"]) != 0
        said = capsys.readouterr().err
        assert option in said or "design.points" in said
        assert len(said) < 500
    assert not (tmp_path / "made").exists()
