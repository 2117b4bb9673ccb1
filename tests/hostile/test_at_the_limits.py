"""Lists at their limits, and just beyond: read or refused within ten seconds of processor time and one gigabyte."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from sim.organisation.files.limits import (
    LARGEST_FILE,
    LARGEST_TEXTS,
    LARGEST_UNPACKED,
    MOST_CELLS,
    MOST_CELLS_OF_WORKBOOK,
    MOST_COLUMNS,
    MOST_COMMENTS,
    MOST_ELEMENTS,
    MOST_GRAPH_PARTS,
    MOST_PLACES,
)
from sim.organisation.files.limits import MOST_STAFF as STAFF

SECONDS, GIB = 10.0, 1024 * 1024
HEADING = ("seedcode", "agency", "type", "roll", "staff_fte")
CHILD = """
import sys, time
from pathlib import Path
from sim.errors import ZonesError
from sim.organisation.files.tables import read
try:
    problems = read(Path(sys.argv[1])).problems
except ZonesError as error:
    problems = [str(error)]
said = "refused " + " ".join(problems[0].split())[:300] if problems else "read"
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(time.process_time(), peak, said)
"""


def rows(count: int, columns: int = len(HEADING), staff: int = 1) -> Iterator[list[str]]:
    more = columns - len(HEADING)
    yield [*HEADING, *(f"more {k}" for k in range(more))]
    for k in range(count):
        yield [f"P{k}", "education", "primary", "5", str(staff), *["7"] * more]


def as_csv(path: Path, lines: Iterator[list[str]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(",".join(line) + "\n" for line in lines)
    return path


def as_cells(lines: Iterator[list[str]]) -> Iterator[bytes]:
    """Rows of a sheet's part."""
    for line in lines:
        cells = "".join(
            f"<c><v>{cell}</v></c>" if cell.isdecimal() else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in line
        )
        yield f"<row>{cells}</row>".encode()


def as_workbook(path: Path, *sheets: Iterator[bytes], comments: int = 0, texts: int = 0) -> Path:
    """A workbook made part by part, as no program would write it; large, but quick to make."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    link = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
    many = range(1, len(sheets) + 1)
    parts = [f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{kind}.worksheet+xml"/>' for k in many]
    links = [link.format(f"r{k}", office, "worksheet", f"worksheets/sheet{k}.xml") for k in many]
    if texts:
        parts.append(f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>')
        links.append(link.format("s1", office, "sharedStrings", "sharedStrings.xml"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{"".join(parts)}</Types>',
        )
        for name, inside in (
            ("_rels/.rels", link.format("r1", office, "officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", "".join(links)),
            ("xl/worksheets/_rels/sheet1.xml.rels", link.format("r1", office, "comments", "../comments1.xml")),
        ):
            packed.writestr(name, f'<Relationships xmlns="{package}/relationships">{inside}</Relationships>')
        tabs = "".join(f'<sheet name="Sheet {k}" sheetId="{k}" r:id="r{k}"/>' for k in many)
        packed.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{tabs}</sheets></workbook>'
        )
        notes = "".join(f'<comment ref="A{k + 1}"><text><t>a</t></text></comment>' for k in range(comments))
        packed.writestr("xl/comments1.xml", f'<comments xmlns="{main}"><commentList>{notes}</commentList></comments>')
        for number, sheet in enumerate(sheets, 1):
            with packed.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                part.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
                part.writelines(sheet)
                part.write(b"</sheetData></worksheet>")
        with packed.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst xmlns="{main}">'.encode())
            part.writelines(b"<si><t>a</t></si>" * 1_000 for _ in range(texts // 17_000))
            part.write(b"</sst>")
    return path


def as_graph(path: Path, elements: int) -> Path:
    """A graph of sites with as many elements as asked."""
    words = ("kind", "site_id", "agency", "type", "roll", "staff")
    with path.open("w", encoding="utf-8") as file:
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">')
        file.writelines(f'<key id="{w}" for="node" attr.name="{w}" attr.type="string"/>' for w in words)
        file.write('<graph edgedefault="directed">')
        for k in range((elements - 8) // 7):
            data = zip(words, ("site", f"P{k}", "education", "primary", "5", "1"), strict=True)
            file.write(f'<node id="n{k}">{"".join(f"""<data key="{w}">{v}</data>""" for w, v in data)}</node>')
        file.write("</graph></graphml>")
    return path


def as_text(path: Path, heading: str, pieces: Iterator[str]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(heading + "\n")
        file.writelines(pieces)
    return path


def with_blanks(elements: int) -> Iterator[bytes]:
    """A short list, and below it cells that have a format and nothing else."""
    return chain(as_cells(rows(10)), (b"<row>" + b'<c s="3"/>' * 9 + b"</row>" for _ in range(elements // 10 - 30)))


def far_apart(places: int) -> Iterator[bytes]:
    """A short list, and a single value far below it, in column E."""
    return chain(as_cells(rows(10)), [f'<row r="{places}"><c r="E{places}"><v>1</v></c></row>'.encode()])


def in_a_folder(path: Path) -> Path:
    """Tables that are within the limits one by one, and beyond them together."""
    as_csv(path / "a.csv", rows(MANY - 1))
    as_text(path / "a.staff.csv", "staff_id,site_id", (f"S{k},P{k}\n" for k in range(1_000)))
    return path / "a.csv"


def measured(path: Path) -> tuple[float, float, str]:
    """Seconds of processor time, peak memory in GiB and what was said, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], check=True, capture_output=True, text=True)
    seconds, peak, said = done.stdout.split(maxsplit=2)
    return float(seconds), int(peak) / GIB, said.strip()


MANY, MANY_IN_BOOK = MOST_CELLS // len(HEADING), MOST_CELLS_OF_WORKBOOK // len(HEADING)
WIDE = "\U0001f3eb"
PADDING = (b" " * 2**20 for _ in range(LARGEST_UNPACKED // 2**20 - 2))
MORE_PADDING = (b" " * 2**20 for _ in range(LARGEST_UNPACKED // 2**20 + 2))
CASES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cells of a CSV": (lambda p: as_csv(p / "a.csv", rows(MANY - 1)), "read"),
    "one row more": (lambda p: as_csv(p / "a.csv", rows(MANY + 1)), "refused"),
    "columns": (lambda p: as_csv(p / "a.csv", rows(MOST_CELLS // MOST_COLUMNS - 1, MOST_COLUMNS)), "read"),
    "one column more": (lambda p: as_csv(p / "a.csv", rows(100, MOST_COLUMNS + 1)), "refused"),
    "a table beside it": (in_a_folder, "refused"),
    "blank lines": (
        lambda p: as_text(p / "a.csv", ",".join(HEADING), ("\n" * 1_000_000 for _ in range(LARGEST_FILE >> 20))),
        "refused",
    ),
    "wide letters": (
        lambda p: as_text(
            p / "a.csv",
            "name," + ",".join(HEADING),
            (f"{'b' * 130}{WIDE}{k},P{k},education,primary,5,1\n" for k in range(MOST_CELLS // 6 - 1)),
        ),
        "read",
    ),
    "words all different": (
        lambda p: as_text(p / "a.csv", ",".join(HEADING), (f"P{k},e{k},p{k},r{k},s{k}\n" for k in range(MANY - 1))),
        "refused",
    ),
    "cells of a workbook": (lambda p: as_workbook(p / "a.xlsx", as_cells(rows(MANY_IN_BOOK - 1))), "read"),
    "one row more of a workbook": (lambda p: as_workbook(p / "a.xlsx", as_cells(rows(MANY_IN_BOOK + 1))), "refused"),
    "cells of two sheets": (
        lambda p: as_workbook(p / "a.xlsx", *(as_cells(rows(MANY_IN_BOOK // 2 + 1)) for _ in range(2))),
        "refused",
    ),
    "formatted cells": (lambda p: as_workbook(p / "a.xlsx", with_blanks(MOST_ELEMENTS)), "read"),
    "more formatted cells": (lambda p: as_workbook(p / "a.xlsx", with_blanks(2 * MOST_ELEMENTS)), "refused"),
    "a value far away": (lambda p: as_workbook(p / "a.xlsx", far_apart(MOST_PLACES // 5)), "read|refused"),
    "a value too far away": (lambda p: as_workbook(p / "a.xlsx", far_apart(MOST_PLACES // 5 + 1)), "refused"),
    "texts of a workbook": (
        lambda p: as_workbook(p / "a.xlsx", as_cells(rows(10)), texts=LARGEST_TEXTS - 2**20),
        "read",
    ),
    "more texts": (lambda p: as_workbook(p / "a.xlsx", as_cells(rows(10)), texts=LARGEST_TEXTS + 2**20), "refused"),
    "unpacked size": (lambda p: as_workbook(p / "a.xlsx", chain(as_cells(rows(10)), PADDING)), "read"),
    "more unpacked": (lambda p: as_workbook(p / "a.xlsx", chain(as_cells(rows(10)), MORE_PADDING)), "refused"),
    "comments": (lambda p: as_workbook(p / "a.xlsx", as_cells(rows(10)), comments=MOST_COMMENTS), "read"),
    "a comment more": (lambda p: as_workbook(p / "a.xlsx", as_cells(rows(10)), comments=MOST_COMMENTS + 1), "refused"),
    "elements of a graph": (lambda p: as_graph(p / "a.graphml", MOST_GRAPH_PARTS), "read"),
    "more elements": (lambda p: as_graph(p / "a.graphml", MOST_GRAPH_PARTS + 20), "refused"),
    "staff of sites": (lambda p: as_csv(p / "a.csv", rows(200, staff=STAFF)), "read"),
    "one post more": (lambda p: as_csv(p / "a.csv", rows(200, staff=STAFF + 1)), "read|refused"),
}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", CASES)
def test_a_list_at_a_limit_is_read_or_refused_in_time_and_memory(name: str, tmp_path: Path) -> None:
    make, expected = CASES[name]
    seconds, gib, said = measured(make(tmp_path))
    print(f"{name}: {said.split()[0]}, {seconds:.1f} s, {gib:.2f} GiB")
    assert said.split()[0] in expected.split("|"), said
    assert seconds < SECONDS
    assert gib < 1.0
