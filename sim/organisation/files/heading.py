"""Finds the table in a sheet: its heading row, and the rows that do not belong to it (titles, units, totals, notes)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.counts import counted
from sim.errors import OrganisationError
from sim.organisation.files.cells import Grid, rows_told
from sim.organisation.files.columns import COLUMNS, Table
from sim.organisation.files.vocabulary import bare, heading_words, key, spaced, vocabulary

LOOKED_AT = 40
TELLING = 3
SHOWN = 40
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[+-]?[0-9.,]+%?$")  # a year may be a heading


@dataclass(frozen=True)
class Heading:
    """A heading found: place among the rows (from 0), its names, places above it that belong to it, known names."""

    at: int
    names: list[str]
    upper: tuple[int, ...]
    known: int


def known_keys(kind: str) -> frozenset[str]:
    """Keys of every heading that a table of this kind may have."""
    words = [word for column in COLUMNS[kind].values() for word in column.headings]
    words += [word for listed in heading_words(kind).values() for word in listed]
    return frozenset(map(key, words))


def find_heading(kind: str, grid: Grid) -> Heading | None:
    """The row, or the two rows, with the most headings that are known; the first of them that are as good.

    Args:
        kind: of the table.
        grid: cells.

    Returns:
        The heading; its `known` is 0 if no row names anything. None for a grid without a filled row.
    """
    known = known_keys(kind)
    filled = [i for i, row in enumerate(grid.rows) if any(row)][: LOOKED_AT + 1]
    best: Heading | None = None
    for place, at in enumerate(filled[:LOOKED_AT]):
        row = grid.rows[at]
        one = Heading(at, row, (), _known(row, known))
        if best is None or one.known > best.known:
            best = one
        if place + 1 < len(filled) and filled[place + 1] == at + 1 and _may_go_together(row, grid.rows[at + 1]):
            both = _combined(row, grid.rows[at + 1], known)
            count, below = _known(both, known), _known(grid.rows[at + 1], known)
            # As many names either way: the lower row is a heading if it alone names two columns or more.
            if count > max(best.known, below) or (count == best.known >= below >= 2):
                best = Heading(at + 1, both, (at,), count)
    return best


def _may_go_together(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether two rows may be one heading: there are gaps in the upper one, and no figures in the lower."""
    return "" in upper and sum(map(bool, upper)) > 1 and not any(_FIGURE.match(cell) for cell in lower)


def _known(names: Sequence[str], known: frozenset[str]) -> int:
    return len({k for name in names if name for k in (key(name), bare(name)) if k in known})


def _combined(upper: Sequence[str], lower: Sequence[str], known: frozenset[str]) -> list[str]:
    """Two heading rows as one: a group's name is written over the first of its columns only."""
    names, group = [], ""
    for i in range(max(len(upper), len(lower))):
        above = upper[i] if i < len(upper) else ""
        below = lower[i] if i < len(lower) else ""
        group = above or group
        alone = not (i + 1 < len(lower) and lower[i + 1] and not "".join(upper[i + 1 : i + 2]))
        choices = [f"{group} {below}".strip() if below else above, below, *([above] if alone else [])]
        names.append(next((c for c in choices if c and (key(c) in known or bare(c) in known)), choices[0]))
    return names


def make_table(kind: str, grid: Grid, heading_row: int = 0) -> Table:
    """The table of a grid: named columns and the rows that are rows of it.

    Args:
        kind: of the table.
        grid: cells.
        heading_row: number of the heading row where a person has said so, else 0.

    Raises:
        OrganisationError: no heading, no rows, or rows with more cells than headings.
    """
    where = grid.where
    heading = _chosen(grid, heading_row) if heading_row else find_heading(kind, grid)
    if heading is not None and heading.known < 2 and (kind != "sites" or not heading_row):
        first = next(i for i, row in enumerate(grid.rows) if any(row))
        heading = Heading(first, grid.rows[first], (), heading.known)
    if heading is None or (kind == "sites" and not any(any(row) for row in grid.rows[heading.at + 1 :])):
        raise OrganisationError(where, [f"{where}: nothing in it; it needs a heading row and a row for each site"])
    names = list(heading.names)
    while names and not names[-1]:
        names.pop()
    if not names:
        raise OrganisationError(where, [f"{where}: the heading row is empty; name its number with --heading-row"])
    table = Table(kind, where, names, [], [], decimal_comma=grid.decimal_comma, heading_row=grid.numbers[heading.at])
    table.notes.extend(grid.notes)
    _tell_heading(table, grid, heading)
    _fill(table, grid, heading)
    if grid.hidden and (hidden := [n for n in table.numbers if n in grid.hidden]):
        are = "hidden (filtered) row is" if len(hidden) == 1 else "hidden (filtered) rows are"
        table.look.append(f"{len(hidden):,} {are} counted like any other ({rows_told(hidden)})")
    if grid.comments:
        table.look.append(f"{counted(grid.comments, 'cell')} with a comment: comments are not read")
    table.formulas = frozenset(grid.formulas)
    return table


def _chosen(grid: Grid, number: int) -> Heading:
    if number not in grid.numbers:
        raise OrganisationError(grid.where, [f"{grid.where}: there is no row {number:,} to take headings from"])
    at = list(grid.numbers).index(number)
    return Heading(at, grid.rows[at], (), 0)


def _tell_heading(table: Table, grid: Grid, heading: Heading) -> None:
    above = [grid.numbers[i] for i in range(heading.at) if any(grid.rows[i]) and i not in heading.upper]
    if above:
        first = next(i for i in range(heading.at) if any(grid.rows[i]))
        text = next(cell for cell in grid.rows[first] if cell)
        table.notes.append(
            f"headings found in row {table.heading_row}; {rows_told(above)} above it "
            f"({_shown(text)}) {'is' if len(above) == 1 else 'are'} not read"
        )
    elif heading.upper:
        upper = grid.numbers[heading.upper[0]]
        table.notes.append(f"rows {upper} and {table.heading_row} were read together as headings")


def _fill(table: Table, grid: Grid, heading: Heading) -> None:
    """Rows below the heading, without those that are not sites; each kind left out is reported."""
    width = len(table.header)
    left: dict[str, list[int]] = {"units": [], "the headings again": [], "totals": [], "notes": []}
    texts: dict[str, str] = {}
    wide: list[int] = []
    widest = 0
    for at in range(heading.at + 1, len(grid.rows)):
        row, number = grid.rows[at], grid.numbers[at]
        if any(row[width:]):
            wide.append(number)
            widest = max(widest, len(row))
        row = [*row[:width], *[""] * (width - len(row))]
        if not any(row):
            continue
        kind = _no_row(table, row, first=at == heading.at + 1) if table.kind == "sites" else ""
        if kind:
            left[kind].append(number)
            texts.setdefault(kind, next(cell for cell in row if cell))
            continue
        table.rows.append(row)
        table.numbers.append(number)
    if wide:
        told = f"{widest} cells under {width} headings; a stray separator, or a column without a heading?"
        raise OrganisationError(table.where, [f"{table.where} {rows_told(wide)}: {told}"])
    for kind, numbers in left.items():
        if numbers:
            verb = "looks" if len(numbers) == 1 else "look"
            table.notes.append(f"{rows_told(numbers)} {verb} like {kind} ({_shown(texts[kind])}): not read")
    if table.kind == "sites" and not table.rows:
        raise OrganisationError(table.where, [f"{table.where}: no rows of sites below the headings"])


def _no_row(table: Table, row: list[str], *, first: bool) -> str:
    """What a row is if it is not a site: units, the headings again, totals or notes; '' for a row."""
    filled = [cell for cell in row if cell]
    words = vocabulary()["rows"]
    if row == table.header:
        return "the headings again"
    if first and all(_is_unit(cell, words["units"]) for cell in filled):
        return "units"
    first_word = filled[0].casefold().rstrip(":. ")
    begins = first_word in words["totals"] or first_word.startswith(("total ", "grand total"))
    if begins and len(table.header) > 2 and len(filled) < len(table.header) and not _is_kind(filled):
        return "totals"
    if len(filled) == 1 and len(table.header) >= TELLING:
        return "notes"
    noted = spaced(filled[0]).split(" ")[0] in words["notes"]
    return "notes" if noted and len(filled) <= 2 and len(table.header) > TELLING else ""


def _is_unit(cell: str, units: Sequence[str]) -> bool:
    plain = cell.casefold().strip("()[] .")
    return plain in units or (bool(plain) and all(part in units for part in plain.replace("/", " ").split()))


def _is_kind(cells: Sequence[str]) -> bool:
    """Whether a row names a type: 'Total Care Nursery' with its type is a site."""
    from sim.organisation.codes import SITE_TYPES
    from sim.organisation.files.vocabulary import synonyms

    return any(key(cell) in synonyms("type") or key(cell) in map(key, SITE_TYPES) for cell in cells[1:])


def _shown(text: str) -> str:
    return f"'{text}'" if len(text) <= SHOWN else f"'{text[:SHOWN]}...'"
