"""From a table of text to values: words and numbers read a column at a time, each refused word reported once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.counts import counted
from sim.errors import shortened
from sim.organisation.files.cells import RowNames, rows_told
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import (
    COLUMNS,
    COUNCIL_CARE,
    CodeReader,
    Column,
    NumberReader,
    Parsed,
    RefusedError,
    Table,
)
from sim.organisation.files.match import Match, Matched, match_columns, missing_columns
from sim.organisation.files.numbers import Style, has_decimal_comma, is_mark, read_number, style_of
from sim.organisation.files.vocabulary import agency_of_type, is_unknown, key

MOST_WORDS = 6
MOST_MARKS = 12
ENOUGH_REFUSED = 2_000
IDENTIFIERS = ("site_id", "staff_id", "leader_id", "team_id")
PLACES = ("locality", "area", "health_board")
_KNOWN = re.compile(r"; known: [^.]*\.")
_SHORT_FORM = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnRead:
    """What one item was read from.

    Attributes:
        item: of the table.
        heading: as the file has it.
        own: whether the heading is one of ours.
        filled: rows with a value.
        empty: rows without a cell.
        said: how its cells were read, '' where there is nothing to say.
    """

    item: str
    heading: str
    own: bool
    filled: int
    empty: int
    said: str = ""


@dataclass
class TableRead:
    """One table with how it was read.

    Attributes:
        table: as text.
        parsed: as values.
        columns: what each item was read from.
        unread: headings that are not read.
        problems: sentences on what must be settled.
        look: what is worth a look.
    """

    table: Table
    parsed: Parsed
    columns: list[ColumnRead] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


@dataclass
class _Cells:
    """The cells of one column while they are read: what was refused, and where."""

    refused: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    marks: dict[str, list[int]] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    unknown_zero: int = 0
    unread: list[int] = field(default_factory=list)


def parse(table: Table, choices: Choices | None = None) -> TableRead:
    """Read the cells of a table by its columns.

    Args:
        table: the table as text.
        choices: what a person has settled about lists of sites.

    Returns:
        The values, None for empty and refused cells, with every problem and what is worth a look.
    """
    mine = (choices or Choices()) if table.kind == "sites" else Choices()
    known = COLUMNS[table.kind]
    matched = match_columns(table, mine.columns)
    read = TableRead(table, Parsed(table.kind, table.where, RowNames(table.where, table.numbers)))
    read.problems.extend(matched.problems)
    read.look.extend([*table.look, *matched.look])
    excused = ("type",) if mine.type else ()
    read.problems.extend(missing_columns(table, matched, known, excused))
    read.unread = [table.header[i] for i in matched.unread]
    comma = table.decimal_comma and _decimal_commas(table, matched, known)
    for item, column in known.items():
        if (match := matched.found.get(item)) is not None:
            _read_column(read, match, column, mine, comma=comma)
    if table.kind == "sites":
        _where_not_told(read, mine)
        _infer_agency(read, mine)
    _offer(read, matched)
    return read


def _decimal_commas(table: Table, matched: Matched, known: Mapping[str, Column]) -> bool:
    numbers = [m.place for item, m in matched.found.items() if isinstance(known[item].read, NumberReader)]
    return any(has_decimal_comma(row[place] for row in table.rows) for place in numbers)


def _read_column(read: TableRead, match: Match, column: Column, choices: Choices, *, comma: bool) -> None:
    table = read.table
    if match.place < 0:
        read.parsed.values[match.item] = [f"row{number}" for number in table.numbers]
        read.columns.append(ColumnRead(match.item, match.heading, False, len(table.rows), 0))
        return
    cells = [row[match.place] for row in table.rows]
    style = Style()
    if isinstance(column.read, NumberReader):
        style = style_of(match.item, match.heading, set(cells) - {""}, column.read, decimal_comma=comma)
    found = _Cells()
    reading = _Reading(match.item, column, choices, style)
    values = reading.values(cells, table.numbers, found)
    read.parsed.values[match.item] = values
    formulas = [n for n in table.numbers if (n, match.place) in table.formulas] if table.formulas else []
    where = f"column '{match.heading}'"
    if formulas:
        read.problems.append(
            f"{table.where} {rows_told(formulas)}, {where}: a formula; paste its value instead"
            if len(formulas) == 1
            else f"{table.where} {rows_told(formulas)}, {where}: {len(formulas):,} formulas; paste their values"
        )
        found.refused = {cell: told for cell, told in found.refused.items() if not set(told[1]) <= set(formulas)}
        found.empty = [n for n in found.empty if n not in set(formulas)]
    _tell(read, match.heading, column, found, choices)
    filled = sum(value is not None for value in values)
    said = [style.said] if style.said else []
    refused = sum(len(numbers) for _, numbers in found.refused.values())
    if not choices.unknown and isinstance(column.read, NumberReader):
        refused += sum(map(len, found.marks.values()))
    if refused:
        said.append(f"{refused:,} to settle")
    if choices.unknown and (unknown := sum(map(len, found.marks.values())) + found.unknown_zero):
        said.append(f"{unknown:,} taken as not known")
    read.columns.append(ColumnRead(match.item, match.heading, match.own, filled, cells.count(""), ", ".join(said)))


@dataclass(frozen=True)
class _Reading:
    """How the cells of one column become values."""

    item: str
    column: Column
    choices: Choices
    style: Style

    def values(self, cells: Sequence[str], numbers: Sequence[int], found: _Cells) -> list[Any]:
        """The values, None for empty, refused and unknown cells, each distinct cell read once."""
        known: dict[str, Any] = {}
        values: list[Any] = []
        for cell, number in zip(cells, numbers, strict=True):
            if not cell:
                found.empty.append(number)
                values.append(None)
                continue
            if cell in found.refused:
                found.refused[cell][1].append(number)
            elif cell in found.marks:
                found.marks[cell].append(number)
            elif cell not in known:
                if len(found.refused) < ENOUGH_REFUSED:
                    self._first(cell, number, known, found)
                else:
                    found.unread.append(number)
            value = known.get(cell)
            if value == 0 and self.item == "roll" and self.choices.unknown and cell in known:
                found.unknown_zero += 1
                value = None
            values.append(value)
        return values

    def _first(self, cell: str, number: int, known: dict[str, Any], found: _Cells) -> None:
        reader = self.column.read
        if isinstance(reader, NumberReader) and is_mark(cell, reader):
            found.marks[cell] = [number]
            return
        if self.item in PLACES and is_unknown(cell):
            found.marks[cell] = [number]
            if not self.choices.unknown:
                known[cell] = cell
            return
        try:
            known[cell] = self._read(cell)
        except RefusedError as refusal:
            found.refused[cell] = (str(refusal), [number])

    def _read(self, cell: str) -> Any:
        reader = self.column.read
        if isinstance(reader, NumberReader):
            return read_number(cell, reader, self.style)
        if isinstance(reader, CodeReader):
            return reader(self.choices.words.get(key(cell), cell) if reader.item else cell)
        if self.item in IDENTIFIERS and _SHORT_FORM.fullmatch(cell):
            raise RefusedError(
                f"'{cell}' is how Excel shortens a long number, and its last digits are lost; format the column as "
                "text in the original, and save it again"
            )
        return reader(cell)


def _tell(read: TableRead, heading: str, column: Column, found: _Cells, choices: Choices) -> None:
    where, place = read.table.where, f"column '{heading}'"
    if column.required and found.empty and not (column is COLUMNS["sites"]["type"] and choices.type):
        read.problems.append(f"{where} {rows_told(found.empty)}, {place}: empty; give {column.words}")
    ordered = sorted(found.refused.items(), key=lambda item: -len(item[1][1]))
    for place_in_order, (_, (text, numbers)) in enumerate(ordered[:MOST_WORDS]):
        many = f" ({len(numbers):,} rows)" if len(numbers) > 1 else ""
        # The list of what is known is long, and the same for each word.
        refusal = _KNOWN.sub(";", text) if place_in_order else text
        read.problems.append(f"{where} {rows_told(numbers)}, {place}{many}: {refusal}")
    rest = ordered[MOST_WORDS:]
    if rest:
        numbers = sorted(n for _, (_, some) in rest for n in some)
        shown = ", ".join(f"'{shortened(cell, 30)}'" for cell, _ in rest[:MOST_WORDS])
        more = ", ..." if len(rest) > MOST_WORDS else ""
        read.problems.append(
            f"{where} {rows_told(numbers)}, {place}: {counted(len(rest), 'other word')} of that kind ({shown}{more})"
        )
    if found.unread:
        read.problems.append(
            f"{where}, {place}: {counted(len(found.unread), 'more cell')} from row {found.unread[0]} on not looked at, "
            f"after {ENOUGH_REFUSED:,} words that cannot be read; is it the right column?"
        )
    if not found.marks or choices.unknown:
        return
    total = sum(map(len, found.marks.values()))
    often = sorted(found.marks.items(), key=lambda mark: -len(mark[1]))
    words = ", ".join(f"'{shortened(cell, 30)}' {len(n):,}" for cell, n in often[:MOST_MARKS])
    words += f" and {counted(len(often) - MOST_MARKS, 'other mark')}" if len(often) > MOST_MARKS else ""
    if isinstance(column.read, NumberReader):
        first = min(numbers[0] for numbers in found.marks.values())
        mean, them = ("it means", "it") if total == 1 else ("they mean", "them")
        read.problems.append(
            f"{where}, {place}: {counted(total, 'cell')} without a number, the first in row {first} ({words}); if "
            f"{mean} 'not known', use --unknown, or empty {them}"
        )
    else:
        read.look.append(
            f"{place}: {words} {'is' if total == 1 else 'are'} taken as a name; if it means 'not known', use --unknown"
        )


def _where_not_told(read: TableRead, choices: Choices) -> None:
    """The type of sites where the list does not say, as a person has settled it."""
    if not choices.type:
        return
    try:
        code = COLUMNS["sites"]["type"].read(choices.type)
    except RefusedError as refusal:
        read.problems.append(f"--type: {refusal}")
        return
    values = read.parsed.column("type")
    refused = read.parsed.values.get("type") is not None
    cells = _cells_of(read, "type")
    read.parsed.values["type"] = [
        value if value is not None or (refused and cell) else code for value, cell in zip(values, cells, strict=True)
    ]
    filled = sum(not cell for cell in cells)
    read.look.append(f"type: {code} for {counted(filled, 'site')}, as you asked")


def _cells_of(read: TableRead, item: str) -> list[str]:
    heading = next((c.heading for c in read.columns if c.item == item), None)
    if heading is None:
        return [""] * len(read.table.rows)
    place = read.table.header.index(heading)
    return [row[place] for row in read.table.rows]


def _infer_agency(read: TableRead, choices: Choices) -> None:
    """The agency where the list does not say: by the type, else as a person has settled it, else asked."""
    given, types = read.parsed.column("agency"), read.parsed.column("type")
    cells = _cells_of(read, "agency")
    fixed = agency_of_type()
    chosen = None
    if choices.agency:
        try:
            chosen = COLUMNS["sites"]["agency"].read(choices.agency)
        except RefusedError as refusal:
            read.problems.append(f"--agency: {refusal}")
            return
    values: list[str | None] = []
    inferred = 0
    undecided: dict[str, list[int]] = {}
    for told, cell, kind, number in zip(given, cells, types, read.table.numbers, strict=True):
        value = told
        if told is None and not cell and kind is not None:
            value = fixed.get(kind, chosen)
            inferred += value is not None
            if value is None:
                undecided.setdefault(kind, []).append(number)
        values.append(value)
    read.parsed.values["agency"] = values
    if inferred:
        read.look.append(f"agency is taken from the type for {counted(inferred, 'site')}, as the list does not give it")
    if not undecided:
        return
    rows = sorted(number for numbers in undecided.values() for number in numbers)
    kinds = ", ".join(f"{kind} {len(numbers):,}" for kind, numbers in undecided.items())
    is_there = any(column.item == "agency" for column in read.columns)
    start = "column 'agency' is empty" if is_there else "no column 'agency'"
    read.problems.append(
        f"{read.table.where}: {start}, and for {counted(len(rows), 'site')} ({rows_told(rows)}: {kinds}) the type does "
        f"not decide it; give education, private, third_sector, ... or, if all are the same, use --agency WORD "
        f"({COUNCIL_CARE} for a council's)"
    )


def _offer(read: TableRead, matched: Matched) -> None:
    """Items nobody found that a column may hold: said, not read."""
    for item, names in matched.offers.items():
        column = COLUMNS[read.table.kind][item]
        if not column.required:
            shown = " or ".join(f"--column '{column.headings[0]}={name}'" for name in names)
            read.look.append(
                f"nothing is read for {column.headings[0]} ({column.words}); if it is one of these, say {shown}"
            )
