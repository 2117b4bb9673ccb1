"""Files that are not what their name says, recognised before anybody tries to read them."""

from __future__ import annotations

import re

from sim.errors import OrganisationError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
LOOKED_AT = 1 << 20
AGAIN = "open it in your spreadsheet program and save it again as .xlsx"
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<\?xml[^>]*>\s*<(?:html|\?mso|workbook))", re.IGNORECASE)

_JSON = re.compile(rb"\s*(?:\[\s*[\[{]|\{\s*\")")


def refuse_disguised(where: str, suffix: str, content: bytes) -> None:
    """Refuse what its first bytes show to be another kind of file than its name says.

    Args:
        where: the file, for messages.
        suffix: end of its name in small letters, '.csv' or '.xlsx'.
        content: the file's bytes.

    Raises:
        OrganisationError: it is another kind; the message says which, and what to do.
    """
    is_workbook = suffix in (".xlsx", ".xlsm")
    start = content[:LOOKED_AT]
    told = _old_office(content) if start.startswith(OLE) else ""
    if start.startswith(ZIP) and not is_workbook:
        told = "an Excel workbook or an archive, by its content; rename it to end in .xlsx, or save it as CSV UTF-8"
    elif start.startswith(b"%PDF"):
        told = "a PDF, by its content; copy its table into a spreadsheet and save that as .xlsx or CSV"
    elif start.startswith((b"\xff\xfe", b"\xfe\xff")):
        told = "text in UTF-16 (Excel calls it Unicode Text); save it as 'CSV UTF-8 (comma delimited)'"
    elif _PAGE.match(start.removeprefix(b"\xef\xbb\xbf")):
        told = f"a web page with a table, though its name ends in {suffix}; {AGAIN}"
    elif not is_workbook and _JSON.match(start.removeprefix(b"\xef\xbb\xbf")):
        told = "JSON, by its content; give the list as a table, as CSV or .xlsx"
    elif is_workbook and start and not start.startswith((OLE, b"PK")) and _is_text(start):
        told = "plain text, not a workbook; rename it to end in .csv"
    if told:
        raise OrganisationError(where, [told])


def _old_office(content: bytes) -> str:
    """What an Office container holds, by the names of its streams, which are written in UTF-16."""
    if _names(content, "EncryptedPackage"):
        return (
            "a workbook with a password; open it with the password, take that off (in Excel: File, Info, Protect "
            "Workbook, Encrypt with Password, delete it) and save it"
        )
    if _names(content, "Workbook") or _names(content, "Book"):
        return f"a workbook of the old kind (.xls), by its content; {AGAIN}"
    return f"an old Office document (Word, mail or another), not a workbook; if it is one, {AGAIN}"


def _names(content: bytes, stream: str) -> bool:
    return f"{stream}\0".encode("utf-16-le") in content


def _is_text(start: bytes) -> bool:
    return not any(byte < 9 for byte in start[:4096]) and any(mark in start for mark in (b",", b";", b"\t", b"\n"))
