"""The parts of a workbook: unpacked piece by piece, and refused before one of them fills the memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from sim.errors import OrganisationError
from sim.organisation.files.disguise import AGAIN
from sim.organisation.files.limits import LARGEST_PART, LARGEST_TEXTS, LARGEST_UNPACKED, MOST_ELEMENTS

SHARED = "xl/sharedStrings.xml"
_AT_ONCE = 2**18
_MB = 1024**2


@dataclass
class Totals:
    """What the parts of a workbook hold together.

    Attributes:
        elements: of sheets and comments, empty cells included.
        cells: cells that hold something.
        places: rows times columns of each sheet, up to its last value.
    """

    elements: int = 0
    cells: int = 0
    places: int = 0


def refuse_large(where: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook with a password, or one that unpacks to more than may be read.

    Args:
        where: the file, for messages.
        archive: the workbook.

    Raises:
        OrganisationError: in words.
        zipfile.BadZipFile: the shared texts are not what the archive says of them.
    """
    items = archive.infolist()
    unpacked = sum(item.file_size for item in items)
    if unpacked > LARGEST_UNPACKED:
        raise OrganisationError(where, [_too_large(where, unpacked, LARGEST_UNPACKED)])
    if any(item.flag_bits & 1 for item in items):
        raise OrganisationError(where, ["a workbook with a password; save it without one"])
    for item in items:
        if item.filename.lower() == SHARED.lower():
            if item.file_size > LARGEST_TEXTS:
                raise OrganisationError(where, [_too_large(f"{where}: its texts", item.file_size, LARGEST_TEXTS)])
            with archive.open(item) as content:  # the library would unpack whatever is there
                while content.read(_AT_ONCE):
                    pass


def read_part(where: str, archive: zipfile.ZipFile, name: str) -> Any:
    """A small part as a tree of elements.

    Args:
        where: the file, for messages.
        archive: the workbook.
        name: of the part.

    Raises:
        OrganisationError: too large.
        KeyError: no such part.
        ParseError: damaged.
    """
    from defusedxml import ElementTree

    size = archive.getinfo(name).file_size
    if size > LARGEST_PART:
        raise OrganisationError(where, [_too_large(f"{where}: its part {name}", size, LARGEST_PART)])
    return ElementTree.fromstring(archive.read(name), forbid_dtd=True)


def follow(
    where: str, archive: zipfile.ZipFile, name: str, handlers: dict[str, Callable[..., None]], totals: Totals
) -> None:
    """Go through a large part without building a tree.

    Args:
        where: what is read, for messages.
        archive: the workbook.
        name: of the part.
        handlers: what to call, by the parser's names ('StartElementHandler').
        totals: elements are added; a handler adds the rest.

    Raises:
        OrganisationError: a document type, or more elements than may be read.
        ExpatError: damaged.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    start = handlers["StartElementHandler"]

    def refuse(*_: object) -> None:
        raise OrganisationError(where, [f"{where} holds a document type or entities, which no workbook needs; {AGAIN}"])

    def counted_start(tag: str, about: dict[str, str]) -> None:
        totals.elements += 1
        start(tag, about)

    for event, handler in {
        **handlers,
        "StartElementHandler": counted_start,
        "StartDoctypeDeclHandler": refuse,
    }.items():
        setattr(parser, event, handler)
    with archive.open(name) as content:
        while piece := content.read(_AT_ONCE):
            parser.Parse(piece, False)
            if totals.elements > MOST_ELEMENTS:
                of = "cells and parts of cells, empty ones with a format included"
                raise OrganisationError(where, [too_many(where, MOST_ELEMENTS, of)])
    parser.Parse(b"", True)


def too_many(where: str, most: int, of: str) -> str:
    """What is said of a workbook with too much in it."""
    return (
        f"{where}: more than {most:,} {of}; is it the right file? Keep the sheet and the columns that are read, "
        "or save the sheet as CSV"
    )


def _too_large(what: str, size: int, most: int) -> str:
    return (
        f"{what} unpacks to {size / _MB:,.0f} MB, more than the {most // _MB} MB that may be read; "
        "is it the right file? Keep the sheet with the list"
    )


def local(tag: object) -> str:
    """A tag without its namespace."""
    return str(tag).rpartition("}")[2]
