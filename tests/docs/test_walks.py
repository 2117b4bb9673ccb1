"""The three walks are walked: every command, in order, in an empty folder; every picture is there then."""

from __future__ import annotations

import re
import shlex
import socket
import time
import tomllib
from pathlib import Path

import pytest
from docs_examples import ROOT, Example, Reader, examples

from sim.cli import build_parser

WALKS = ROOT / "docs" / "walks"
NAMES = ("adviser", "analyst", "presenter")
MADE = re.compile(r"`((?:our|leave|first)[\w/-]*\.(?:png|svg|pdf|html|toml|md))`")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def text_of(name: str) -> str:
    return (WALKS / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[Example]:
    return [e for e in examples(text_of(name), f"docs/walks/{name}.md") if e.language == "sh"]


def commands(name: str) -> list[str]:
    return [command for block in blocks(name) for command in block.commands()]


def test_there_is_a_walk_for_each_role() -> None:
    assert sorted(p.stem for p in WALKS.glob("*.md")) == sorted(NAMES)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"docs/walks/{name}.md" in readme for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_one_that_zones_knows(name: str) -> None:
    known = build_parser()
    found = [shlex.split(command) for command in commands(name)]
    assert len(found) >= 3
    for words in found:
        if words[0] == "zones":
            known.parse_args(words[1:])
        else:
            assert words[0] == "python" and (WALKS / words[1]).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_stands_in_a_walk_that_the_model_would_move(name: str) -> None:
    """Percentages and money are the model's; minutes and sheets are not."""
    told = re.sub(r"```.*?```", "", text_of(name), flags=re.DOTALL)
    assert re.findall(r"\d+(?:\.\d+)? ?%|£ ?\d", told) == []
    assert re.findall(r"\d+(?:\.\d+)? ?%|£ ?\d", "served were 17 %, £11k") != []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text_of(name)):
        assert (WALKS / target).resolve().exists(), target


def test_the_story_is_called_so() -> None:
    titles = [
        tomllib.loads(path.read_text(encoding="utf-8"))["title"] for path in (ROOT / "sim/app/stories").glob("*.toml")
    ]
    (told,) = re.findall(r"Choose \*([^*]+)\*", text_of("presenter"))
    assert told in titles


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_walk_is_walked(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader = Reader(tmp_path)
    for path in WALKS.glob("*.py"):
        (reader.folder / path.name).write_bytes(path.read_bytes())
    begun = time.monotonic()
    try:
        for command in commands(name):
            start = time.monotonic()
            if command.startswith("zones app"):
                served = f"{command} --port {free_port()}"
                reader.serve(served, until="The page is at")
                reader.answers(served)
                reader.leave()
            else:
                reader.run(command)
            with capsys.disabled():
                print(f"\n{time.monotonic() - start:6.1f} s  {command}", end="")
    finally:
        reader.leave()
    taken = time.monotonic() - begun
    assert taken < 600, "ten minutes, the machine's part of it"
    pictures = MADE.findall(text_of(name))
    assert pictures
    for picture in pictures:
        assert (reader.folder / picture).stat().st_size > 500, picture
    with capsys.disabled():
        print(f"\n{taken:6.1f} s  in all: {name}; there now: {', '.join(pictures)}")
