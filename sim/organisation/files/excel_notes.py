"""Comments in a workbook: counted, so that somebody can be told that what they say is not read."""

from __future__ import annotations

import posixpath
import zipfile

from sim.errors import OrganisationError
from sim.organisation.files.excel_parts import Totals, follow, local, read_part
from sim.organisation.files.limits import MOST_COMMENTS

OF_CELLS = ("/comments", "/threadedComment")


def count_comments(where: str, archive: zipfile.ZipFile, part: str, totals: Totals) -> int:
    """How many cells of a sheet have a comment (or a note, as newer programs say).

    Args:
        where: the sheet, for messages.
        archive: the workbook.
        part: the sheet's part, 'xl/worksheets/sheet1.xml'.
        totals: of the parts before; elements of the comments are added.

    Raises:
        OrganisationError: more than may be read.
    """
    found = set[str]()  # one with a thread of answers counts once
    seen = 0

    def start(tag: str, about: dict[str, str]) -> None:
        nonlocal seen
        if local(tag) in ("comment", "threadedComment"):
            found.add(about.get("ref", ""))
            seen += 1
            if seen > MOST_COMMENTS:
                raise OrganisationError(
                    where, [f"{where}: more than {MOST_COMMENTS:,} comments; delete those that are not needed"]
                )

    for comments in _parts(where, archive, part):
        follow(where, archive, comments, {"StartElementHandler": start}, totals)
    return len(found)


def _parts(where: str, archive: zipfile.ZipFile, part: str) -> list[str]:
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    there = set(archive.namelist())
    if links not in there:
        return []
    found = []
    for link in read_part(where, archive, links):
        target = link.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if link.get("Type", "").endswith(OF_CELLS) and path in there:
            found.append(path)
    return list(dict.fromkeys(found))
