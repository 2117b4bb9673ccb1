"""One file read: its tables, what each column was taken for, and everything together (`Reading`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.counts import counted
from sim.errors import shortened
from sim.organisation.files.cells import Upload, rows_told
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import COLUMNS, Parsed, Table
from sim.organisation.files.look import worth_a_look
from sim.organisation.files.parse import TableRead, parse
from sim.organisation.files.reading import read_tables
from sim.organisation.files.resolve import Source, stack

SHOWN = 12


@dataclass
class FileRead:
    """One file as it was read.

    Attributes:
        name: of the file.
        tables: each table, with what its columns were taken for.
        notes: sentences on how the file was read.
        source: what goes on to be joined with other files.
    """

    name: str
    tables: list[TableRead]
    notes: list[str]
    source: Source

    @classmethod
    def of(cls, name: str, area: str, tables: Sequence[Table], notes: Sequence[str], choices: Choices) -> FileRead:
        """Read the tables of one file.

        Args:
            name: of the file.
            area: what to call its area where it names none.
            tables: as text.
            notes: on how they were found.
            choices: what a person has settled.
        """
        read = [parse(table, choices) for table in tables]
        parsed: dict[str, Parsed] = {}
        for kind in dict.fromkeys(one.table.kind for one in read):
            parsed[kind] = stack([one.parsed for one in read if one.table.kind == kind])
        return cls(name, read, list(notes), Source(area, parsed, _content(parsed)))


@dataclass
class Reading:
    """Files as far as they can be read.

    Attributes:
        where: the files, for messages.
        files: those that could be opened.
        lost: problems of those that could not.
    """

    where: str
    files: list[FileRead] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that must be settled before an organisation can be built."""
        return [*self.lost, *(p for one in self._tables() for p in one.problems)]

    @property
    def look(self) -> list[str]:
        """What is worth a look in the lists of sites."""
        lists = [one for one in self._tables() if one.table.kind == "sites"]
        several = len(lists) > 1
        return [
            f"{one.table.where}: {sentence}" if several else sentence for one in lists for sentence in worth_a_look(one)
        ]

    def so_far(self) -> list[str]:
        """What was read from where, a line or two for each table that does not have our own headings alone."""
        return [line for file in self.files for line in [*file.notes, *_told(file)]]

    def remarks(self) -> list[str]:
        """What was read from where, and what is worth a look, for people who go on to run a scenario."""
        look = self.look
        return [*self.so_far(), *(["Worth a look:"] if look else []), *(f"  - {line}" for line in look)]

    def _tables(self) -> Iterator[TableRead]:
        for file in self.files:
            yield from file.tables


def read_file(file: Path | Upload, area: str, choices: Choices) -> FileRead:
    """Read one file or folder.

    Args:
        file: a path, or a file in memory.
        area: what to call its area where it names none.
        choices: what a person has settled.

    Raises:
        OrganisationError: it cannot be opened as what it says it is.
    """
    tables, notes = read_tables(file, choices)
    return FileRead.of(file.name, area, tables, notes, choices)


def _told(file: FileRead) -> Iterator[str]:
    for one in file.tables:
        table = one.table
        where = table.where
        for note in table.notes:
            yield f"{where}: {note}."
        foreign = [c for c in one.columns if not c.own or c.said]
        if table.kind != "sites" or not (foreign or one.unread or one.problems):
            continue
        rows = f"{counted(len(table.rows), 'row')} ({rows_told(table.numbers)}), headings in row {table.heading_row}"
        yield f"{where}: {rows}."
        told = ", ".join(_from(c.item, c.heading, c.said, c.empty) for c in one.columns)
        if told:
            yield f"{where}: read {told}."
        if one.unread:
            shown = ", ".join(f"'{shortened(name, 40)}'" for name in one.unread[:SHOWN])
            more = f" and {len(one.unread) - SHOWN} more" if len(one.unread) > SHOWN else ""
            yield f"{where}: not read {shown}{more}."


def _from(item: str, heading: str, said: str, empty: int) -> str:
    name = COLUMNS["sites"][item].headings[0]
    told = [said] if said else []
    if empty:
        told.append(f"{empty:,} empty")
    source = "the number of the row" if heading == "ROW" else f"'{shortened(heading, 40)}'"
    return f"{name} from {source}{' (' + ', '.join(told) + ')' if told else ''}"


def _content(parsed: dict[str, Parsed]) -> str:
    """Digest of what a file says, the same for CSV, Excel and GraphML and for any order of columns."""
    state = hashlib.sha256()
    for kind in sorted(parsed):
        for column in sorted(parsed[kind].values):
            state.update(f"{kind}.{column}\x1e".encode())
            state.update("\x1f".join("" if v is None else str(v) for v in parsed[kind].values[column]).encode("utf-8"))
    return state.hexdigest()
