"""Which column is which: our own headings, those people use, and the nearest where none is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.organisation.files.choices import ROW_NUMBERS
from sim.organisation.files.columns import COLUMNS, Column, RefusedError, Table
from sim.organisation.files.vocabulary import bare, heading_words, key, offered_words, spaced

NEAR = 78
OFFERS = 3
TELLING_HEADINGS = 12
MOST_ROWS_LOOKED_AT = 5_000
MOST_DISTINCT = 60
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Match:
    """One item and the column it is read from.

    Attributes:
        item: of the table.
        heading: as the file has it; 'ROW' where rows are numbered.
        place: of the column, from 0; -1 where rows are numbered.
        own: whether the heading is one of ours, so that nothing need be said.
    """

    item: str
    heading: str
    place: int
    own: bool


@dataclass
class Matched:
    """What the columns of a table were taken for.

    Attributes:
        found: by item.
        unread: places of the columns that are not read, with a heading.
        offers: columns that may be meant, by item that has none.
        problems: sentences on what must be settled.
        look: what is worth a look.
    """

    found: dict[str, Match] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    offers: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


def match_columns(table: Table, chosen: Mapping[str, str] | None = None) -> Matched:
    """Take each item of a table from a column.

    Args:
        table: as text.
        chosen: heading by item, as a person has settled it; '' for an item not to be read.

    Returns:
        What was found, what is left, and what to ask.
    """
    matched = Matched()
    known = COLUMNS[table.kind]
    taken: set[int] = set()
    for item, heading in (chosen or {}).items():
        _choose(table, item, heading, matched, taken)
    open_items = {item: column for item, column in known.items() if item not in (chosen or {})}
    keys = [key(name) for name in table.header]
    _by_own_heading(table, open_items, keys, matched, taken)
    _by_known_heading(table, open_items, keys, matched, taken)
    _types_under_another_heading(table, open_items, matched)
    matched.unread = [i for i, name in enumerate(table.header) if name and i not in taken]
    _tell_doubles(table, keys, matched)
    matched.offers = _offers(table, [item for item in open_items if item not in matched.found], matched.unread)
    return matched


def _choose(table: Table, item: str, heading: str, matched: Matched, taken: set[int]) -> None:
    if not heading:
        return
    if heading == ROW_NUMBERS and item == "site_id":
        matched.found[item] = Match(item, ROW_NUMBERS, -1, own=False)
        return
    asked = key(heading)
    place = next((i for i, name in enumerate(table.header) if name == heading), None)
    if place is None:
        place = next((i for i, name in enumerate(table.header) if key(name) == asked), None)
    if place is None:
        near = nearest_headings(heading, [name for name in table.header if name])
        hint = f"; nearest: {', '.join(near)}" if near else ""
        matched.problems.append(f"{table.where}: no column '{heading}' to read {item} from{hint}; {_headings(table)}")
        return
    matched.found[item] = Match(item, table.header[place], place, own=False)
    taken.add(place)


def _by_own_heading(
    table: Table, items: Mapping[str, Column], keys: Sequence[str], matched: Matched, taken: set[int]
) -> None:
    for item, column in items.items():
        for word in column.headings:
            places = [i for i, k in enumerate(keys) if k == key(word) and i not in taken]
            if len(places) > 1:
                matched.problems.append(f"{table.where}: column '{table.header[places[0]]}' is there twice; keep one")
            if places:
                place = _not_a_size(table, item, places[0], keys)
                if place != places[0]:
                    matched.look.append(
                        f"column '{table.header[places[0]]}' holds numbers: square kilometres, no names?"
                    )
                own = key(table.header[place]) in map(key, column.headings)
                matched.found[item] = Match(item, table.header[place], place, own=own)
                taken.add(place)
                break


def _not_a_size(table: Table, item: str, place: int, keys: Sequence[str]) -> int:
    """An `area` of numbers beside a council is a size on the map, no name of a place."""
    cells = [row[place] for row in table.rows]
    if item != "area" or not cells or not all(_is_number(cell) for cell in cells if cell):
        return place
    others = (*COLUMNS[table.kind][item].headings[1:], *heading_words(table.kind).get(item, ()))
    return next((i for word in others for i, k in enumerate(keys) if k == key(word) and i != place), place)


def _by_known_heading(
    table: Table, items: Mapping[str, Column], keys: Sequence[str], matched: Matched, taken: set[int]
) -> None:
    short = [bare(name) for name in table.header]
    listed = heading_words(table.kind)
    for item, column in items.items():
        if item in matched.found:
            continue
        words = [key(w) for w in (*column.headings, *listed.get(item, ()))]
        for forms in (keys, short):
            hits = [
                (words.index(k), -_year(table.header[i]), i)
                for i, k in enumerate(forms)
                if k in words and i not in taken
            ]
            if hits:
                place = min(hits)[2]
                matched.found[item] = Match(item, table.header[place], place, own=False)
                taken.add(place)
                break


def _year(heading: str) -> int:
    """The latest year in a heading, 0 where it names none: of several columns the newest is read."""
    return max((int(year) for year in _YEARS.findall(heading)), default=0)


def _types_under_another_heading(table: Table, items: Mapping[str, Column], matched: Matched) -> None:
    """A column such as 'Sector' may hold agencies or types of sites: its words say which."""
    agency = matched.found.get("agency")
    if table.kind != "sites" or "type" not in items or "type" in matched.found or agency is None or agency.own:
        return
    cells = _distinct(table, agency.place)
    if cells and all(_is_word("type", cell) for cell in cells) and not any(_is_word("agency", cell) for cell in cells):
        del matched.found["agency"]
        matched.found["type"] = Match("type", agency.heading, agency.place, own=False)


def _distinct(table: Table, place: int) -> set[str]:
    return {row[place] for row in table.rows[:MOST_ROWS_LOOKED_AT]} - {""}


def _is_word(item: str, cell: str) -> bool:
    try:
        COLUMNS["sites"][item].read(cell)
    except RefusedError:
        return False
    return True


def _tell_doubles(table: Table, keys: Sequence[str], matched: Matched) -> None:
    listed = heading_words(table.kind)
    for item, match in matched.found.items():
        words = {key(w) for w in (*COLUMNS[table.kind][item].headings, *listed.get(item, ()))}
        others = [table.header[i] for i in matched.unread if keys[i] in words or bare(table.header[i]) in words]
        if others:
            also = ", ".join(f"'{name}'" for name in others[:OFFERS])
            matched.look.append(f"{item} is read from '{match.heading}', not from {also}")


def _offers(table: Table, missing: Sequence[str], unread: Sequence[int]) -> dict[str, list[str]]:
    """Columns that may be meant for items that have none: listed as such, or near in spelling."""
    left = [table.header[i] for i in unread]
    offers: dict[str, list[str]] = {}
    for item in missing:
        column = COLUMNS[table.kind][item]
        if not column.asked:
            continue
        words = {key(w) for w in offered_words(table.kind).get(item, ())}
        listed = [name for name in left if key(name) in words or bare(name) in words]
        near = [name for name in left if name not in listed and _is_near(name, item, table.kind)]
        by_words = [table.header[i] for i in unread if table.kind == "sites" and _holds_words(table, item, i)]
        if listed or near or by_words:
            offers[item] = list(dict.fromkeys([*by_words, *listed, *near]))[:OFFERS]
    return offers


def _holds_words(table: Table, item: str, place: int) -> bool:
    """Whether most of what stands in a column are words for a type, or for an agency."""
    if item not in ("type", "agency"):
        return False
    cells = _distinct(table, place)
    return 0 < len(cells) <= MOST_DISTINCT and 2 * sum(_is_word(item, cell) for cell in cells) >= len(cells)


def _is_near(name: str, item: str, kind: str) -> bool:
    from rapidfuzz import fuzz

    words = [*COLUMNS[kind][item].headings, *heading_words(kind).get(item, ())]
    mine = spaced(name)
    return len(mine) > 2 and any(fuzz.ratio(mine, spaced(word)) >= NEAR for word in words)


def nearest_headings(asked: str, names: Sequence[str]) -> list[str]:
    """The headings most like one that is not there."""
    from rapidfuzz import fuzz, process

    shown = {name: spaced(name) for name in names}
    found = process.extract(spaced(asked), shown, scorer=fuzz.WRatio, limit=OFFERS, score_cutoff=60)
    return [f"'{name}'" for *_, name in found]


def missing_columns(table: Table, matched: Matched, known: Mapping[str, Column], excused: Sequence[str]) -> list[str]:
    """Sentences on required columns that were not found, with what to do.

    Args:
        table: as text.
        matched: its columns.
        known: columns of the table.
        excused: items that a person has settled otherwise.
    """
    problems = []
    if table.kind == "sites" and (other := _another_kind(table)):
        return [f"{table.where}: {other}"]
    lost = [item for item, column in known.items() if column.required and item not in (*matched.found, *excused)]
    for item in lost:
        column = known[item]
        other = f" (or {', '.join(column.headings[1:])})" if len(column.headings) > 1 else ""
        offers = matched.offers.get(item, [])
        do = f"add it: {column.words}"
        if offers:
            do = "is it one of these? " + " or ".join(f"--column '{column.headings[0]}={name}'" for name in offers)
        elif table.kind == "sites":
            do = f"{do}; {_way_out(item)}"
        problems.append(f"{table.where}: no column '{column.headings[0]}'{other}; {do}")
    if lost and table.kind == "sites":
        problems.append(_headings(table))
    return problems


def _another_kind(table: Table) -> str:
    """What a table is that is plainly no list of sites, and what to do with it; '' for one that may be."""
    keys = {key(name) for name in table.header}
    for pair in (("source", "target"), ("from", "to")):
        if set(pair) <= keys:
            return (
                f"a list of ties ({', '.join(pair)}), not of sites; give the list of sites, and name this file like it "
                "with '.ties' before '.csv', beside it"
            )
    if {"month", "measure", "value"} <= keys:
        return "what an area has seen, month by month, not a list of sites; `zones observe check` reads such a table"
    for kind, own in (("staff", "staffid"), ("leaders", "leaderid"), ("teams", "teamid")):
        if own in keys and not keys & {"type", "sitetype", "roll"}:
            return (
                f"a list of {kind}, not of sites; give the list of sites, and name this file like it with '.{kind}' "
                "before '.csv', beside it"
            )
    return ""


def _way_out(item: str) -> str:
    if item == "site_id":
        return f"or name it, --column 'site_id=HEADING', or number the rows, --column site_id={ROW_NUMBERS}"
    return f"or name it, --column '{item}=HEADING', or, if all are the same, use --{item} WORD"


def _headings(table: Table) -> str:
    names = [f"'{name}'" for name in table.header if name]
    more = f" and {len(names) - TELLING_HEADINGS} more" if len(names) > TELLING_HEADINGS else ""
    shown = ", ".join(names[:TELLING_HEADINGS])
    return f"{table.where}: headings were looked for in row {table.heading_row}, which reads {shown}{more}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
