"""Thousands of broken lists, from a seed: CSV, folders, workbooks and GraphML are read or refused in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from fuzzing import fuzz

from sim.errors import hidden
from sim.organisation.files.cells import Upload
from sim.organisation.files.columns import MOST_FAMILIES, MOST_STAFF
from sim.organisation.files.tables import load
from sim.organisation.files.writing import write_organisation
from sim.organisation.generate.synthetic import generate
from sim.organisation.organisation import Organisation

SMALL, LARGE = 60, 2_500
NEXT = "\n====\n"
ROWS = (
    ("seedcode", "school_name", "agency", "type", "roll", "staff_fte", "simd_q1_share", "ward"),
    ("P1", "First", "education", "primary", 210, 14.2, 0.4, "North"),
    ("P2", "Second", "education", "primary", 180, 12, 0.2, "North"),
    ("H1", "High", "education", "secondary", 1050, 60, 0.25, "South"),
)
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def check_place(place: Organisation) -> None:
    """Whatever was accepted holds texts without anything unseen and numbers in their range."""
    sites = place.sites
    for texts in (sites.ids, sites.names, sites.locality, np.array([place.name, *place.areas])):
        assert not any(map(hidden, texts.tolist()))
    assert (sites.roll >= 0).all() and (sites.roll <= MOST_FAMILIES).all()
    assert (sites.staff >= 1).all() and (sites.staff <= MOST_STAFF).all()
    assert (sites.deprivation >= 0).all() and (sites.deprivation <= 1).all()
    for values, most in ((sites.latitude, 90), (sites.longitude, 180), (sites.fidelity, 1), (sites.capacity, 1)):
        known = values[~np.isnan(values)]
        assert (np.abs(known) <= most).all()


def _read(name: str, content: bytes) -> None:
    check_place(load(Upload(name, content), as_given=True))


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def part(name: str) -> tuple[str, Callable[[str], None]]:
    """One part of a workbook as text, and a reader of the workbook with that part put in its place."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as packed:
        parts = {n: packed.read(n) for n in packed.namelist()}

    def reader(text: str) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for n, content in parts.items():
                packed.writestr(n, text.encode("utf-8", "surrogatepass") if n == name else content)
        _read("list.xlsx", made.getvalue())

    return parts[name].decode(), reader


def folder(place: Path) -> tuple[str, Callable[[str], None]]:
    """A folder of tables as one text, and a reader of it."""
    write_organisation(generate({"sites": 5, "organisation_seed": 1}), place / "kept")
    names = sorted(
        p.name for p in (place / "kept").glob("*.csv") if p.name in ("sites.csv", "leaders.csv", "staff.csv")
    )
    texts = ["\n".join((place / "kept" / n).read_text(encoding="utf-8").splitlines()[:12]) for n in names]

    def reader(text: str) -> None:
        here = place / "broken"
        here.mkdir(exist_ok=True)
        for name, one in zip(names, [*text.split(NEXT), *[""] * len(names)], strict=False):
            (here / name).write_bytes(one.encode("utf-8", "surrogatepass"))
        check_place(load(here, as_given=True))

    return NEXT.join(texts), reader


def graph(place: Path) -> tuple[str, Callable[[str], None]]:
    write_organisation(generate({"sites": 5, "practitioners": 10, "organisation_seed": 1}), place / "kept.graphml")
    return (place / "kept.graphml").read_text(encoding="utf-8"), lambda t: _read(
        "list.graphml", t.encode("utf-8", "surrogatepass")
    )


def parsers(place: Path) -> dict[str, Callable[[], tuple[str, Callable[[str], None]]]]:
    lines = "\n".join(",".join(map(str, row)) for row in ROWS)
    return {
        "csv": lambda: (lines, lambda t: _read("list.csv", t.encode("utf-8", "surrogatepass"))),
        "folder": lambda: folder(place),
        "xlsx sheet": lambda: part(SHEET),
        "xlsx book": lambda: part(BOOK),
        "graphml": lambda: graph(place),
    }


NAMES = ("csv", "folder", "xlsx sheet", "xlsx book", "graphml")


@pytest.mark.parametrize("name", NAMES)
def test_a_few_broken_lists_of_each_kind(name: str, tmp_path: Path) -> None:
    text, read = parsers(tmp_path)[name]()
    read(text)
    assert fuzz(text, read, count=SMALL, seed=1) < SMALL


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_many_broken_lists_of_each_kind(name: str, tmp_path: Path) -> None:
    text, read = parsers(tmp_path)[name]()
    assert fuzz(text, read, count=LARGE, seed=2) < LARGE


def test_a_careless_reader_is_caught() -> None:
    rolls = "roll\n210\n180"
    with pytest.raises((ValueError, OverflowError)):
        fuzz(rolls, lambda t: [int(float(cell)) for cell in t.split("\n")[1:]], count=SMALL, seed=1)
