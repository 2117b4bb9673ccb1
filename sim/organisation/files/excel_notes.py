"""Comments in a workbook: counted, so that somebody can be told that what they say is not read."""

from __future__ import annotations

import posixpath
import zipfile

from sim.errors import OrganisationError
from sim.organisation.files.limits import MOST_COMMENTS

OF_CELLS = ("/comments", "/threadedComment")


def count_comments(where: str, archive: zipfile.ZipFile, part: str) -> int:
    """How many cells of a sheet have a comment (or a note, as newer programs say).

    Args:
        where: the sheet, for messages.
        archive: the workbook.
        part: the sheet's part, 'xl/worksheets/sheet1.xml'.

    Raises:
        OrganisationError: more than may be read.
    """
    found = set[str]()
    for comments in _parts(archive, part):
        found |= _cells(where, archive, comments)
    return len(found)


def _parts(archive: zipfile.ZipFile, part: str) -> list[str]:
    from defusedxml import ElementTree

    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    there = set(archive.namelist())
    if links not in there:
        return []
    found = []
    for link in ElementTree.fromstring(archive.read(links), forbid_dtd=True):
        target = link.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if link.get("Type", "").endswith(OF_CELLS) and path in there:
            found.append(path)
    return found


def _cells(where: str, archive: zipfile.ZipFile, part: str) -> set[str]:
    """Cells that have a comment; one with a thread of answers counts once."""
    from defusedxml import ElementTree

    found = set[str]()
    seen = 0
    with archive.open(part) as content:
        for _, element in ElementTree.iterparse(content, events=("end",), forbid_dtd=True):
            if element.tag.rpartition("}")[2] in ("comment", "threadedComment"):
                found.add(element.get("ref", ""))
                seen += 1
                element.clear()
                if seen > MOST_COMMENTS:
                    raise OrganisationError(
                        where, [f"{where}: more than {MOST_COMMENTS:,} comments; delete those that are not needed"]
                    )
    return found
