"""Workbooks with a password, of the old kind or with comments, and files that are not what their name says."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from published_lists import PLAIN, ROWS, upload

from sim.cli import main
from sim.errors import OrganisationError
from sim.organisation.files import limits
from sim.organisation.files.cells import Upload
from sim.organisation.files.disguise import OLE
from sim.organisation.files.tables import load, read

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(*streams: str) -> bytes:
    """An Office container (a compound file) with empty streams of these names, as its published format says."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * 4 * 108
    table = struct.pack("<II", FAT, END) + b"\xff" * 4 * 126
    entries = [entry(name, 5 if k == 0 else 2, k < len(streams)) for k, name in enumerate(("Root Entry", *streams))]
    return header + table + b"".join(entries).ljust(SECTOR, b"\0")


def entry(name: str, kind: int, more: bool) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<III", FREE, FREE, 1 if kind == 5 else FREE) if not more or kind == 5 else b"\xff" * 12
    return (
        text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + bytes(36) + struct.pack("<IQ", END, 0)
    )


def book(*, comments: int = 0, threads: bool = False) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "sites"
    for row in (PLAIN, *ROWS):
        sheet.append([float(c) if c.replace(".", "", 1).isdigit() else c for c in row.split(",")])
    for k in range(comments):
        sheet.cell(2 + k % 3, 1 + k // 3).comment = Comment("Example, closed in the spring", "Somebody")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue() if not threads else with_threads(out.getvalue())


def with_threads(content: bytes) -> bytes:
    """The workbook with two answers to one comment, as newer programs keep them beside the notes."""
    out, kind = io.BytesIO(), "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml.rels"):
                link = f'<Relationship Id="t1" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/>'
                data = data.replace(b"</Relationships>", link.encode() + b"</Relationships>")
            new.writestr(name, data)
        new.writestr(
            "xl/threadedComments/threadedComment1.xml",
            '<ThreadedComments><threadedComment ref="A2"/><threadedComment ref="A2"/></ThreadedComments>',
        )
    return out.getvalue()


PAGE = b"<html><body><table><tr><td>site_id</td></tr></table></body></html>"
TEXT = "\n".join((PLAIN, *ROWS))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", container("EncryptionInfo", "EncryptedPackage"), "a workbook with a password"),
        ("a.csv", container("EncryptionInfo", "EncryptedPackage"), "a workbook with a password"),
        ("a.xlsx", container("Workbook"), "a workbook of the old kind (.xls), by its content"),
        ("a.xlsx", container("Book"), "of the old kind"),
        ("a.xlsm", container("WordDocument"), "an old Office document"),
        ("a.xls", container("Workbook"), "'.xls' is not a format of an organisation file; save it as .xlsx"),
        ("a.xls", PAGE, "save it as .xlsx in your spreadsheet program"),
        ("a.csv", book(), "rename it to end in .xlsx"),
        ("a.xlsx", TEXT.encode(), "plain text, not a workbook; rename it to end in .csv"),
        ("a.xlsx", PAGE, "a web page with a table, though its name ends in .xlsx"),
        ("a.csv", b"\xef\xbb\xbf<!DOCTYPE html>" + PAGE, "a web page with a table"),
        ("a.csv", b"%PDF-1.7 ...", "a PDF, by its content"),
        ("a.csv", TEXT.encode("utf-16"), "text in UTF-16"),
        ("a.xlsx", OLE, "an old Office document"),
        ("a.xlsx", b"\x01\x02\x03", "not a sound Excel workbook"),
    ],
)
def test_a_file_is_told_for_what_it_is(name, content, said, tmp_path, capsys):
    with pytest.raises(OrganisationError) as told:
        load(Upload(name, content))
    assert said in str(told.value)
    (tmp_path / name).write_bytes(content)
    assert main(["check", str(tmp_path / name)]) == 1
    assert said.split()[-1] in capsys.readouterr().err


@pytest.mark.parametrize("name", ["list.csv", "list.tsv"])
def test_text_stays_text(name):
    """The control: a list whose first cell looks like something else is read."""
    header = PLAIN.replace(",", "\t") if name.endswith("tsv") else PLAIN
    rows = [row.replace(",", "\t") if name.endswith("tsv") else row for row in ROWS]
    for first in ("%share of PDF", "<5 means few", "PK means primary"):
        assert len(load(Upload(name, "\n".join((first, "", header, *rows)).encode())).sites)


def test_comments_are_told_and_change_nothing():
    plain, noted = (read(Upload("glen_sites.xlsx", book(comments=k))) for k in (0, 4))
    assert any("4 cells with a comment: comments are not read" in line for line in noted.look)
    assert not any("comment" in line for line in plain.look)
    assert load(Upload("glen_sites.xlsx", book(comments=4))).digest == load(upload(PLAIN, *ROWS)).digest


def test_a_thread_of_comments_counts_once():
    noted = read(Upload("glen_sites.xlsx", book(comments=2, threads=True)))
    assert any("2 cells with a comment" in line for line in noted.look)


def test_comments_are_limited(monkeypatch):
    monkeypatch.setattr("sim.organisation.files.excel_notes.MOST_COMMENTS", 3)
    assert limits.MOST_COMMENTS > 3
    with pytest.raises(OrganisationError, match="more than 3 comments; delete those that are not needed"):
        load(Upload("glen_sites.xlsx", book(comments=4)))


def test_a_damaged_part_of_comments_is_told():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(comments=2))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name)[:40] if "comments" in name.lower() and "rels" not in name else old.read(name)
            )
    with pytest.raises(OrganisationError, match="a part is damaged"):
        load(Upload("glen_sites.xlsx", out.getvalue()))


def test_the_container_is_one(tmp_path):
    """The containers made here are compound files to a reader of such files, where one is installed."""
    olefile = pytest.importorskip("olefile", reason="olefile is not installed")
    path = tmp_path / "a.xls"
    path.write_bytes(container("Workbook"))
    with olefile.OleFileIO(path) as found:
        assert found.listdir() == [["Workbook"]]
