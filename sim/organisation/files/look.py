"""What is worth a look in a list that can be read: what people mix up, and nobody sees in a table of figures."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sim.counts import counted
from sim.errors import shortened
from sim.organisation.files.cells import rows_told
from sim.organisation.files.columns import COUNCIL_CARE, SCHOOLS, Parsed, Table
from sim.organisation.files.parse import TableRead
from sim.organisation.files.vocabulary import key, vocabulary

FAR = 3.0
SHOWN = 4
ELSEWHERE = ("private", "third_sector")
CLOSED = ("clos", "propos", "not yet", "mothball", "inactive", "ceased", "no")
STAFFED = ("primary", "secondary", "nursery")
ODD_PAIRS = {
    **{(kind, agency): "education" for kind in SCHOOLS for agency in ("health", "social_work")},
    **{("secondary", "third_sector"): "education", ("primary", "third_sector"): "education"},
    **{("health_visiting", agency): "health" for agency in ("education", "social_work", *ELSEWHERE, COUNCIL_CARE)},
    **{("social_work", agency): "social_work" for agency in ("education", "health", *ELSEWHERE)},
}  # fmt: skip
_PLAIN_WORDS = re.compile(r"[^\W\d_]{3,}")
_COUNCIL = re.compile(r"\b(?:the|city|county|council|of|borough|district|metropolitan|local|authority)\b")


def worth_a_look(read: TableRead) -> Iterator[str]:
    """Sentences on a list of sites, each with rows or counts.

    Args:
        read: a list of sites as it was read.
    """
    parsed, numbers = read.parsed, read.table.numbers
    yield from read.look
    yield from _closed(read)
    yield from _names_as_ids(read)
    yield from _area_names(parsed)
    yield from _coordinates(parsed, numbers)
    yield from _sizes(parsed, numbers)
    yield from _pairs(parsed, numbers)


def _closed(read: TableRead) -> Iterator[str]:
    words = vocabulary()["closed"]
    table = read.table
    unread = {key(name): name for name in read.unread}
    for heading in map(key, words["headings"]):
        if heading in unread:
            place = table.header.index(unread[heading])
            cells = Counter(row[place] for row in table.rows if row[place])
            others = {cell: n for cell, n in cells.items() if cell.casefold() not in words["open"]}
            if others and len(cells) <= 20 and any(_says_closed(cell) for cell in others):
                told = ", ".join(f"'{shortened(cell, 30)}' {n:,}" for cell, n in list(others.items())[:SHOWN])
                yield (
                    f"column '{unread[heading]}' is not read, so its sites are counted as open: {told}; "
                    "delete the rows that should not count"
                )
                return
    for heading in map(key, words["dates"]):
        if heading in unread and (rows := _filled(table, unread[heading])):
            yield (
                f"column '{unread[heading]}' is not read, and {counted(len(rows), 'site')} with a closing date "
                f"({rows_told(rows)}) count like open ones; delete the rows that should not count"
            )
            return


def _says_closed(cell: str) -> bool:
    return any(word in cell.casefold() for word in CLOSED)


def _filled(table: Table, heading: str) -> list[int]:
    place = table.header.index(heading)
    return [number for number, row in zip(table.numbers, table.rows, strict=True) if row[place]]


def _names_as_ids(read: TableRead) -> Iterator[str]:
    ids = [site for site in read.parsed.column("site_id") if site]
    if not ids or "row" in {c.heading.casefold() for c in read.columns if c.item == "site_id"}:
        return
    like = [site for site in ids if len(_PLAIN_WORDS.findall(site)) >= 2]
    if len(like) > len(ids) / 2:
        looks = "look like names" if len(like) > 1 else "looks like a name"
        yield (
            f"{counted(len(like), 'identifier')} {looks}; identifiers may go into results, also without "
            "--show-names; give numbers as identifiers (--column site_id=ROW numbers the rows)"
        )


def _area_names(parsed: Parsed) -> Iterator[str]:
    for item, what in (("area", "areas"), ("locality", "localities")):
        names = [name for name in parsed.column(item) if isinstance(name, str)]
        spelt: dict[str, Counter[str]] = {}
        for name, number in Counter(names).items():
            spelt.setdefault(_plain(name) if item == "area" else key(name), Counter())[name] = number
        for alike in (group for group in spelt.values() if len(group) > 1):
            told = ", ".join(f"'{shortened(name, 40)}' {n:,}" for name, n in alike.most_common(SHOWN))
            number = len(alike)
            yield f"{number} spellings of what may be one of the {what} ({told}) count as {number}; write them alike"
    areas = Counter(name for name in parsed.column("area") if name)
    if areas and all(_is_number(name) for name in areas):
        shown = ", ".join(f"'{name}'" for name in list(areas)[:SHOWN])
        yield f"names of areas are numbers ({shown}): is that column a code, or square kilometres?"


def _plain(name: str) -> str:
    return key(_COUNCIL.sub(" ", name.casefold())) or key(name)


def _coordinates(parsed: Parsed, numbers: Sequence[int]) -> Iterator[str]:
    north, east = parsed.column("latitude"), parsed.column("longitude")
    pairs = list(zip(north, east, numbers, strict=True))
    half = [n for a, b, n in pairs if (a is None) != (b is None)]
    zero = [n for a, b, n in pairs if a == 0 and b == 0]
    if half:
        yield f"{counted(len(half), 'site')} with only a latitude or a longitude ({rows_told(half)}): give both or none"
    if zero:
        yield f"{counted(len(zero), 'site')} at 0, 0, in the Atlantic ({rows_told(zero)}): empty them if not known"
    placed: dict[object, list[tuple[float, float, int]]] = {}
    for (a, b, n), area in zip(pairs, parsed.column("area"), strict=True):
        if a is not None and b is not None and (a, b) != (0, 0):
            placed.setdefault(area, []).append((a, b, n))
    swapped, away = [], []
    for known in placed.values():
        one, other = _far(known)
        swapped.extend(one)
        away.extend(other)
    if swapped:
        yield f"{counted(len(swapped), 'site')} with latitude and longitude swapped, it seems ({rows_told(swapped)})"
    if away:
        yield f"{counted(len(away), 'site')} far from the others in its area ({rows_told(away)}): is that right?"
    everywhere = [place for known in placed.values() for place in known]
    if everywhere and not swapped:
        lat, lon = (statistics.median(place[k] for place in everywhere) for k in (0, 1))
        if abs(lat) < 15 and 35 < lon < 72:
            yield "latitudes and longitudes look swapped: the north of Europe has latitudes from 35 to 72"


def _far(known: Sequence[tuple[float, float, int]]) -> tuple[list[int], list[int]]:
    """Rows of one area whose coordinates are swapped, and rows that are far from the others."""
    if len(known) < 3:
        return [], []
    lat, lon = statistics.median(a for a, _, _ in known), statistics.median(b for _, b, _ in known)
    spread = max(FAR, 6 * statistics.median(math.hypot(a - lat, b - lon) for a, b, _ in known))
    far = [(a, b, n) for a, b, n in known if math.hypot(a - lat, b - lon) > spread]
    swapped = [n for a, b, n in far if math.hypot(b - lat, a - lon) <= spread]
    return swapped, [n for _, _, n in far if n not in set(swapped)]


def _sizes(parsed: Parsed, numbers: Sequence[int]) -> Iterator[str]:
    rows = list(zip(parsed.column("roll"), parsed.column("staff"), parsed.column("type"), numbers, strict=True))
    zero = [n for roll, _, _, n in rows if roll == 0]
    if zero:
        yield (
            f"roll 0 for {counted(len(zero), 'site')} ({rows_told(zero)}), which have no families then; if it means "
            "'not known', use --unknown"
        )
    idle = [n for _, staff, _, n in rows if staff == 0]
    if idle:
        yield f"staff 0 for {counted(len(idle), 'site')} ({rows_told(idle)}): counted as not known"
    more = [n for roll, staff, kind, n in rows if kind in STAFFED and roll and staff is not None and staff > roll]
    if more:
        yield f"more staff than children at {counted(len(more), 'site')} ({rows_told(more)}): are the columns right?"


def _pairs(parsed: Parsed, numbers: Sequence[int]) -> Iterator[str]:
    found: dict[tuple[Any, Any], list[int]] = {}
    for kind, agency, number in zip(parsed.column("type"), parsed.column("agency"), numbers, strict=True):
        if (kind, agency) in ODD_PAIRS:
            found.setdefault((kind, agency), []).append(number)
    for (kind, agency), rows in found.items():
        yield (
            f"{counted(len(rows), 'site')} of type {kind} under {agency} ({rows_told(rows)}), where one would expect "
            f"{ODD_PAIRS[kind, agency]}"
        )


def _is_number(name: str) -> bool:
    return name.replace(".", "", 1).replace(",", "", 1).isdigit()
