"""First lines as people type them: done where the meaning is plain, else answered with the line to write."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.cli import build_parser, main
from sim.commands.amounts import TAKES
from sim.commands.first_words import mended
from sim.commands.line import Unclear

LIST = "site_id,name,agency,type,roll,staff,locality\nP1,A,education,primary,200,14,North\n"
DONE = {
    "compare with-teams without-teams our.csv": "compare with-teams without-teams --area our.csv",
    "run with-teams our.csv --seed 3": "run with-teams --seed 3 --area our.csv",
    "app our.csv": "app --area our.csv",
    "sweep plan our.csv": "sweep plan.toml --area our.csv",
    "sweep plan": "sweep plan.toml",
    "compare with-teams without-teams --areas our.csv": "compare with-teams without-teams --area our.csv",
    "compare with-teams without-teams --area our.csv data/theirs.csv": (
        "compare with-teams without-teams --area our.csv --area data/theirs.csv"
    ),
    "compare with-teams --area our.csv without-teams": "compare with-teams without-teams --area our.csv",
    "run with-teams --area our.csv,data/theirs.csv": "run with-teams --area our.csv --area data/theirs.csv",
    "run with-teams --area our sites.csv": "run with-teams --area 'our sites.csv'",
    "slice our.csv --sites P1,P9": "slice our.csv --sites P1 P9",
    "slice --sites P1 P9 our.csv": "slice our.csv --sites P1 P9",
    "slice our.csv 6": "slice our.csv --size 6",
    "check --area our.csv": "check our.csv",
    "check --area=our.csv": "check our.csv",
    "Compare With_Teams without teams": "compare with-teams without-teams",
    "compare with-teams vs without-teams": "compare with-teams without-teams",
    "compare with-teams, without-teams": "compare with-teams without-teams",
    "run with-teams.toml": "run with-teams",
    "run with-teams coaching=0.5": "run with-teams --set coaching=0.5",
    "run with-teams --set coaching 0.5": "run with-teams --set coaching=0.5",
    "run with-teams --set coaching = 0.5": "run with-teams --set coaching=0.5",
    "run with-teams --set coaching=0.5 start_peers=0.4": "run with-teams --set coaching=0.5 --set start_peers=0.4",
    "run with-teams -area our.csv": "run with-teams --area our.csv",
    "run with-teams \N{EM DASH}area our.csv": "run with-teams --area our.csv",
    "run with-teams --Show_Names": "run with-teams --show-names",
    "run with-teams --organization-seed 4": "run with-teams --organisation-seed 4",
    "new our-plan three-zones": "new our-plan --from three-zones",
    "app without-teams 9000": "app --scenario without-teams --port 9000",
    "evidence as-published": "evidence --calibration as-published",
    "list levers": "list --levers",
    "levers": "list --levers",
    "help run": "run --help",
    "run help": "run --help",
    "zones run with-teams": "run with-teams",
    "--area our.csv run with-teams": "run with-teams --area our.csv",
    "discover results/x 'sites_full_share < 0.5'": "discover results/x --when 'sites_full_share < 0.5'",
}
ANSWERED = {
    "run our.csv": "zones run with-teams --area our.csv",
    "describe our.csv": "zones describe with-teams --area our.csv",
    "compare our.csv": "zones compare with-teams without-teams --area our.csv",
    "compare without-teams our.csv": "zones compare without-teams with-teams --area our.csv",
    "sweep our.csv": "zones sweep experiments/first-zone-size.toml --area our.csv",
    "slice --sites P1,P9": "zones slice our_sites.csv --sites P1 P9",
    "slice our.csv": "zones slice our.csv --size 6",
    "our.csv": "zones check our.csv",
    "with-teams": "zones run with-teams",
    "with-teams without-teams": "zones compare with-teams without-teams",
    "plan.toml": "zones sweep plan.toml",
    "run plan.toml": "zones sweep plan.toml",
    "sweep with-teams": "zones run with-teams",
    "check with-teams": "zones describe with-teams",
    "comapre with-teams without-teams": "zones compare with-teams without-teams",
    "simulate with-teams": "zones run with-teams",
    "run with-teams without-teams --seed 2": "zones compare with-teams without-teams --seed 2",
    "run": "zones run with-teams",
    "compare with-teams": "zones compare with-teams without-teams",
    "run with-teams --coaching 0.5": "zones run with-teams --set coaching=0.5",
    "run with-teams --runs 50": "zones run with-teams --replicates 50",
    "run with-teams --years 10": "zones run with-teams --months 120",
    "run with-teams --replicats 20": "zones run with-teams --replicates 20",
    "run with-teams --file our.csv": "zones run with-teams --area our.csv",
    "run --scenario with-teams": "zones run with-teams",
    "run with-teams --area": "zones run with-teams --area our_sites.csv",
    "run with-teams --json out.json": "zones run with-teams --json > out.json",
    "run https://example.org/our.csv": "save it as a file",
    "status": "zones status results/our-sweep",
    "new our plan": "a name is one word. Write: zones new our-plan",
    "observe our.csv": "zones observe new with-teams",
    "run our_sites.csv": "did you mean our sites.csv",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch):
    """A folder with two lists, one of them with a space in its name, another in a folder within, and a design."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    for name in ("our.csv", "our sites.csv", "data/theirs.csv"):
        (tmp_path / name).write_text(LIST)
    (tmp_path / "plan.toml").write_text('scenarios = ["with-teams"]\n[[factors]]\nname = "coaching"\n')
    return tmp_path


@pytest.mark.parametrize(("line", "meant"), DONE.items())
def test_what_is_plainly_meant_is_done(line, meant):
    words, _ = mended(shlex.split(line), build_parser().commands)
    assert shlex.join(words) == meant


@pytest.mark.parametrize(("line", "said"), ANSWERED.items())
def test_what_is_not_plain_is_answered_with_the_line_to_write(line, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(line))
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "unrecognized" not in told


@pytest.mark.parametrize("line", [line for line in DONE if "help" not in line])
def test_what_is_taken_otherwise_than_written_is_said(line):
    words, said = mended(shlex.split(line), build_parser().commands)
    moved = sorted(words) == sorted(shlex.split(line)) or line.startswith(("zones ", "check --area"))
    assert said or moved


def test_lines_that_are_right_stay_as_they_are():
    commands = build_parser().commands
    for command, parser in commands.items():
        example = parser.epilog.split("example:\n  zones ")[1]
        words, said = mended(shlex.split(example), commands)
        assert (words, said) == (shlex.split(example), []), command
    assert set(TAKES) == set(commands)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run with-teams --area our.cvs", "our.csv"),
        ("run with-teams --area OUR.CSV", "did you mean our.csv"),
        ("run with-teams --area theirs.csv", "did you mean data/theirs.csv"),
        ("check our", "did you mean our.csv"),
        ("sweep pla.toml", "did you mean plan.toml"),
        ("run ./pln.toml", "did you mean plan.toml"),
        ("run with-teams --area nowhere/our.csv", "no folder"),
        ("check data", "it holds theirs.csv. Name the list itself, like data/theirs.csv, or call it sites.csv"),
        ("status data", "data: is no sweep's folder, as it holds no sweep.json"),
        ("sensitivity our.csv", "our.csv: is no sweep's folder"),
    ],
)
def test_a_file_that_is_not_there_is_answered_with_the_folder_and_near_names(line, said, folder, capsys):
    assert main(shlex.split(line)) == 1
    told = capsys.readouterr().err
    assert said in told
    assert str(folder) in told or "there is no" not in told


def test_a_folder_of_sweeps_is_no_sweep_and_names_them(folder, capsys):
    (folder / "results" / "mine").mkdir(parents=True)
    (folder / "results" / "mine" / "sweep.json").write_text("{}")
    assert main(["status", "results"]) == 1
    assert "It holds sweeps: results/mine." in capsys.readouterr().err


def test_a_sheet_of_a_list_without_sheets_is_told(capsys):
    assert main(["check", "our.csv", "--sheet", "Schools"]) == 0
    assert "text has no sheets, so --sheet 'Schools' is for other files" in capsys.readouterr().out


ODD = ["our.csv", "plan.toml", "--area", "--set", "--sites", "=", "a=b", "-", "--", "-1", "", "data", "--json", "P1,P2"]
WORDS = st.sampled_from([*TAKES, *DONE, *ODD, "with-teams", "results", "<", "\N{EM DASH}x"])


COMMANDS = build_parser().commands


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=6))
def test_any_words_are_parsed_or_answered(words):
    try:
        found, said = mended(words, COMMANDS)
    except Unclear as told:
        assert str(told)
    else:
        assert all(isinstance(w, str) for w in [*found, *said])
