"""No cell of any CSV file that is written can run in a spreadsheet; numbers stay numbers."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import csv_writer
from sim.csv_writer import FORMULA, Writer, guarded
from sim.strict import number_of
from sim.sweeps import sample

SIM = Path(csv_writer.__file__).parent
OWN = {"csv_writer.py", "organisation/files/writing.py", "organisation/files/clean_list.py"}
"""Where rows become CSV; the last two guard cell by cell, as lists are read back with the guard taken off."""


def written(*rows: list[object]) -> list[list[str]]:
    stream = io.StringIO(newline="")
    Writer(stream).writerows(rows)
    return list(csv.reader(io.StringIO(stream.getvalue())))


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-", "--1", "+a"])
def test_what_looks_like_a_formula_stands_behind_an_apostrophe(cell: str) -> None:
    shown = written([cell])[0][0]
    assert shown == f"'{cell}" or cell == "-"


@pytest.mark.parametrize("cell", [-1.5, -3, "-1.5", "+2", "-1e-7", float("-inf"), "-inf", "", None, "a=b", "x-y"])
def test_numbers_and_plain_texts_are_left_alone(cell: object) -> None:
    assert guarded(cell) == cell


def test_a_carriage_return_ends_no_row() -> None:
    assert written(["a\r=1", "b\r\nc"]) == [["a\n=1", "b\nc"]]
    assert written(["\r=1"]) == [["'\n=1"]]


@given(st.text())
def test_no_text_comes_out_as_a_formula(text: str) -> None:
    shown = str(guarded(text))
    assert not shown.startswith(FORMULA) or number_of(shown) is not None or shown in ("-", "-inf")


def test_an_unguarded_writer_is_caught() -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(["=1+1"])
    assert stream.getvalue().startswith(FORMULA), "so the checks above are able to fail"


def test_nothing_else_writes_csv() -> None:
    found: set[str] = set()
    for path in SIM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter"):
                found.add(path.relative_to(SIM).as_posix())
    assert found == OWN


def test_what_is_written_for_reading_again_is_read_the_same(tmp_path: Path) -> None:
    rows = [{"start_peers": 0.25, "assessment_error": 0.05}, {"start_peers": 0.1, "assessment_error": 0.07}]
    sample.write(rows, tmp_path / "sample.csv")
    assert sample.read(tmp_path / "sample.csv") == rows
