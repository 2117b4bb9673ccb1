"""What a message may hold: nothing unseen, no flood, and what is cut is kept in a file that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import main
from sim.commands import console
from sim.errors import OrganisationError, ScenarioError, UnknownName, hidden, quoted, visible

TURN, ESCAPE, LONE, NARROW = "\u202e", "\x1b[31m", "\ud800", "\u200b"


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_unseen_is_left_in_a_text(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    shown.encode("utf-8")
    assert visible(shown) == shown, "a text made visible stays as it is"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S"))))
def test_letters_of_every_script_are_left_alone(text: str) -> None:
    assert visible(text) == text
    assert hidden(text) == ""


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", TURN, "\u2066", NARROW, "\ufeff", LONE, "\u2028"]
)
def test_unseen_characters_are_found_and_written_out(char: str) -> None:
    found = hidden(f"North{char}gate")
    assert found
    assert found.startswith("\\")
    assert found in visible(f"North{char}gate")


@pytest.mark.parametrize(
    "value", [10**5000, float("nan"), "x" * 10_000, [LONE], {TURN: ESCAPE}, [[[]]] * 99], ids=range(6)
)
def test_what_was_given_is_shown_short_and_on_one_line(value: object) -> None:
    shown = quoted(value)
    assert len(shown) < 100
    assert shown.isprintable()


def test_every_error_of_the_project_shows_what_cannot_be_seen() -> None:
    for error in (
        ScenarioError(f"zones: {TURN}{ESCAPE}"),
        UnknownName("x", "lever", f"{TURN}{LONE}" * 1000, ["coaching"]),
        OrganisationError("our.csv", [f"row 2: {ESCAPE}", f"row 3: {NARROW}"]),
    ):
        assert all(line.isprintable() for line in str(error).split("\n"))
        assert len(str(error)) < 500
    assert str(OrganisationError("our.csv", ["a", "b"])).count("\n") == 2, "a message keeps its own lines"


def test_a_long_message_is_cut_and_kept_whole_in_a_file_that_it_names() -> None:
    whole = "\n".join(f"line {i}" for i in range(800)) + f"\n{ESCAPE}"
    shown = console.limited(whole).split("\n")
    assert len(shown) == console.MOST_LINES
    assert "762 more lines" in shown[-1]
    kept = Path(re.search(r"is in (\S+)$", shown[-1]).group(1))  # type: ignore[union-attr]
    assert kept.read_text(encoding="utf-8") == visible(whole, keep="\n") + "\n"
    kept.unlink()


def test_one_endless_line_is_cut_too() -> None:
    shown = console.limited("x" * 200_000)
    assert len(shown) < 2_000
    Path(shown.split(" is in ")[-1]).unlink()


def test_a_short_message_is_left_as_it_is() -> None:
    assert console.limited("\n".join("ab" * 20)) == "\n".join("ab" * 20)


def test_the_command_line_never_floods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = "\n".join(f'"k{i}{chr(0x202E)}" = 1' for i in range(300))
    (tmp_path / "plan.toml").write_text(keys, encoding="utf-8")
    assert main(["describe", str(tmp_path / "plan.toml")]) == 1
    told = capsys.readouterr().err.rstrip("\n").split("\n")
    assert len(told) <= console.MOST_LINES
    assert all(line.isprintable() for line in told)
    Path(told[-1].split(" is in ")[-1]).unlink()
