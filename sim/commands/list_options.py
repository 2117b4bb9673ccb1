"""Options about lists of sites as people have them, and the choices they make."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.organisation.files.choices import Choices, ListOptions


def add(parser: ArgumentParser) -> None:
    """Add them to a command that reads lists."""
    group = parser.add_argument_group("lists of sites", "settle what a list leaves open")
    group.add_argument("--sheet", metavar="NAME", action="append", default=[], help="sheet of a workbook with the list")
    group.add_argument("--heading-row", metavar="N", type=_row, help="row with the headings, as the spreadsheet counts")
    group.add_argument(
        "--column", metavar="ITEM=HEADING", action="append", default=[], help="which column an item is read from"
    )
    group.add_argument(
        "--word", metavar="WORD=CODE", action="append", default=[], help="what a word means, as 'All through=secondary'"
    )
    group.add_argument("--type", metavar="TYPE", help="type of sites for which the list says none")
    group.add_argument(
        "--agency", metavar="AGENCY", help="agency of sites where neither the list nor the type gives one"
    )
    group.add_argument(
        "--unknown", action="store_true", help="treat marks such as c, *, <5 or -1, and rolls of 0, as not known"
    )


def choices(asked: Namespace) -> Choices:
    """What was chosen.

    Raises:
        OrganisationError: a choice that cannot be read.
    """
    from sim.organisation.files.choices import choices_from

    return choices_from(
        sheets=asked.sheet,
        heading_row=asked.heading_row,
        columns=asked.column,
        words=asked.word,
        type=asked.type,
        agency=asked.agency,
        unknown=asked.unknown,
    )


def lists(asked: Namespace) -> ListOptions:
    """The same with progress on the screen.

    Raises:
        OrganisationError: a choice that cannot be read.
    """
    from sim.commands.console import Steps
    from sim.organisation.files.choices import ListOptions

    return ListOptions(choices(asked), Steps())


def words(asked: Namespace) -> list[str]:
    """The options as they would be typed again."""
    typed = [part for name in asked.sheet for part in ("--sheet", name)]
    typed += ["--heading-row", str(asked.heading_row)] if asked.heading_row else []
    typed += [part for text in asked.column for part in ("--column", text)]
    typed += [part for text in asked.word for part in ("--word", text)]
    typed += ["--type", asked.type] if asked.type else []
    typed += ["--agency", asked.agency] if asked.agency else []
    return [*typed, *(["--unknown"] if asked.unknown else [])]


def _row(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= 10_000_000:
        raise ArgumentTypeError(f"must be the number of a row, from 1; got {text!r}")
    return int(text)
