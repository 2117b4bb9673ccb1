"""What a person settles about a list: its sheet, heading row, columns, words, and what marks the unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.errors import OrganisationError
from sim.organisation.files.columns import COLUMNS
from sim.organisation.files.vocabulary import key

if TYPE_CHECKING:
    from sim.organisation.files.resolve import Step

ROW_NUMBERS = "ROW"


@dataclass(frozen=True)
class Choices:
    """Choices about lists of sites; empty ones leave it to the reader.

    Attributes:
        sheets: sheets to read as lists of sites.
        heading_row: number of the row with the headings, as the spreadsheet counts; 0: found.
        columns: heading to read by item; '' for an item that is not to be read, 'ROW' numbers the rows as site_id.
        words: code by word, for types and agencies: {'All through': 'secondary'}.
        type: type of sites where the list does not say.
        agency: agency of sites where neither list nor type decides.
        unknown: take marks for unknown, and rolls of 0, as not known.
    """

    sheets: tuple[str, ...] = ()
    heading_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    agency: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class ListOptions:
    """How lists are to be read, and what to call with the progress.

    Attributes:
        choices: what a person has settled.
        step: called with what is being done, and how much of it is done.
    """

    choices: Choices = field(default_factory=Choices)
    step: Step | None = None


def choices_from(
    *,
    sheets: Sequence[str] = (),
    heading_row: int | None = None,
    columns: Sequence[str] = (),
    words: Sequence[str] = (),
    type: str | None = None,
    agency: str | None = None,
    unknown: bool = False,
) -> Choices:
    """Choices from texts like 'roll=Number of pupils' and 'All through=secondary', as a command line gives them.

    Raises:
        OrganisationError: a text without '=', or an item that no list of sites has.
    """
    problems: list[str] = []
    chosen = {}
    for text in columns:
        item, equals, heading = text.partition("=")
        name = item_called(item)
        if not equals or name is None:
            known = ", ".join(column.headings[0] for column in COLUMNS["sites"].values() if column.asked)
            problems.append(f"--column {text}: write ITEM=HEADING, like 'roll=Number of pupils'; items: {known}")
        else:
            chosen[name] = heading.strip()
    said = {}
    for text in words:
        word, equals, code = text.rpartition("=")
        if not (equals and word.strip() and code.strip()):
            problems.append(f"--word {text}: write WORD=CODE, like 'All through=secondary'")
        said[key(word)] = code.strip()
    if problems:
        raise OrganisationError("choices", problems)
    return Choices(tuple(sheets), heading_row or 0, chosen, said, type or "", agency or "", unknown)


def item_called(word: str) -> str | None:
    """The item of a list of sites that a word names, by any of its own headings."""
    asked = key(word)
    for name, column in COLUMNS["sites"].items():
        if asked in (key(name), *map(key, column.headings)):
            return name
    return None
