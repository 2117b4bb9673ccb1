"""The README, the Makefile and CI say the same, and every command shown exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli import build_parser

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)


def test_ci_runs_the_readmes_test_command():
    command = next(b.strip() for b in BLOCKS if "pytest" in b)
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_two_commands_are_one_line_each():
    assert [len(b.strip().splitlines()) for b in BLOCKS[:2]] == [1, 1]
    assert "zones compare with-teams without-teams" in BLOCKS[0]


def test_windows_is_told_the_same_two_commands():
    there = re.search(r"```powershell\n(.*?)```", README, flags=re.DOTALL)[1].strip().splitlines()
    as_there = [
        block.strip()
        .replace("python3 -m venv", "py -m venv")
        .replace(" && ", "; ")
        .replace(".venv/bin/", ".venv\\Scripts\\")
        for block in BLOCKS[:2]
    ]
    assert there == as_there


@pytest.mark.parametrize("line", [x for x in "\n".join(BLOCKS[2:]).splitlines() if x.startswith("zones ")])
def test_every_command_shown_parses(line):
    build_parser().parse_args(shlex.split(line.partition("#")[0])[1:])


def test_constraints_are_names_and_versions_only():
    for line in (ROOT / ".ci" / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r'#.*|[a-z0-9_.-]+==[0-9a-z.]+( ; python_version (<|>=) "3\.12")?', line), line
