"""Lists at their limits, and just beyond: read or refused within ten seconds of processor time and one gigabyte."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.organisation.files.limits import (
    LARGEST_UNPACKED,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_COMMENTS,
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


def as_workbook(path: Path, lines: Iterator[list[str]], *, padding: int = 0, comments: int = 0) -> Path:
    """A workbook made part by part, as no program would write it; large, but quick to make."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        link = '<Relationship Id="r1" Type="{}/{}" Target="{}"/>'
        for name, told in (
            ("_rels/.rels", link.format(office, "officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", link.format(office, "worksheet", "worksheets/sheet1.xml")),
            ("xl/worksheets/_rels/sheet1.xml.rels", link.format(office, "comments", "../comments1.xml")),
        ):
            packed.writestr(name, f'<Relationships xmlns="{package}/relationships">{told}</Relationships>')
        sheets = '<sheets><sheet name="Sites" sheetId="1" r:id="r1"/></sheets>'
        packed.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>')
        notes = "".join(f'<comment ref="A{k + 1}"><text><t>a</t></text></comment>' for k in range(comments))
        packed.writestr("xl/comments1.xml", f'<comments xmlns="{main}"><commentList>{notes}</commentList></comments>')
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for line in lines:
                cells = "".join(
                    f"<c><v>{cell}</v></c>" if cell.isdecimal() else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
                    for cell in line
                )
                part.write(f"<row>{cells}</row>".encode())
            for _ in range(padding // 2**20):
                part.write(b" " * 2**20)
            part.write(b"</sheetData></worksheet>")
    return path


def measured(path: Path) -> tuple[float, float, str]:
    """Seconds of processor time, peak memory in GiB and what was said, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], check=True, capture_output=True, text=True)
    seconds, peak, said = done.stdout.split(maxsplit=2)
    return float(seconds), int(peak) / GIB, said.strip()


MANY = MOST_CELLS // len(HEADING)
CASES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cells of a CSV": (lambda p: as_csv(p / "a.csv", rows(MANY - 1)), "read"),
    "one row more": (lambda p: as_csv(p / "a.csv", rows(MANY + 1)), "refused"),
    "columns": (lambda p: as_csv(p / "a.csv", rows(MOST_CELLS // MOST_COLUMNS - 1, MOST_COLUMNS)), "read"),
    "one column more": (lambda p: as_csv(p / "a.csv", rows(100, MOST_COLUMNS + 1)), "refused"),
    "cells of a workbook": (lambda p: as_workbook(p / "a.xlsx", rows(MANY - 1)), "read"),
    "unpacked size": (lambda p: as_workbook(p / "a.xlsx", rows(10), padding=LARGEST_UNPACKED - 2**21), "read"),
    "more unpacked": (lambda p: as_workbook(p / "a.xlsx", rows(10), padding=LARGEST_UNPACKED + 2**21), "refused"),
    "comments": (lambda p: as_workbook(p / "a.xlsx", rows(10), comments=MOST_COMMENTS), "read"),
    "a comment more": (lambda p: as_workbook(p / "a.xlsx", rows(10), comments=MOST_COMMENTS + 1), "refused"),
    "staff of sites": (lambda p: as_csv(p / "a.csv", rows(200, staff=STAFF)), "read"),
    "one post more": (lambda p: as_csv(p / "a.csv", rows(200, staff=STAFF + 1)), "read|refused"),
}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", CASES)
def test_a_list_at_a_limit_is_read_or_refused_in_time_and_memory(name: str, tmp_path: Path) -> None:
    make, expected = CASES[name]
    seconds, gib, said = measured(make(tmp_path))
    assert said.split()[0] in expected.split("|"), said
    assert seconds < SECONDS
    assert gib < 1.0
