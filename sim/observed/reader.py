"""A table of what was observed, read row by row: all that is wrong is reported at once, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.counts import counted
from sim.errors import OrganisationError, shortened
from sim.observed.cells import Figure, Writing, is_blank, looks_like_count, looks_like_share, read_figure, says_percent
from sim.observed.months import read_date, read_month
from sim.observed.observables import (
    BY_NAME,
    MONEY,
    NUMBERS,
    PEOPLE,
    SCORE,
    SITES,
    STAGE,
    measure_named,
    stage_words,
    vocabulary,
)  # fmt: skip
from sim.observed.reports import Place, Report
from sim.observed.sheets import Sheet, read_sheet
from sim.organisation.files.cells import Upload, rows_told
from sim.organisation.files.check import few
from sim.organisation.files.columns import RefusedError, nearest
from sim.organisation.files.vocabulary import key
from sim.results.columns import ALL, OUTSIDE

MOST_ROWS = 100_000


@dataclass
class ObservedFile:
    """A file as it was read.

    Attributes:
        name: of the file.
        reports: rows that count, corrected ones by their last.
        said: how it was read.
        left: what is not read, and why: unknown measures, values that are not told.
        corrected: sentences on rows that a later one corrects.
    """

    name: str
    reports: list[Report] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last month with a report."""
        return max(r.month for r in self.reports)

    def remarks(self) -> list[str]:
        """All that is worth reporting."""
        return [f"{self.name}: {line}." for line in (*self.said, *self.corrected, *self.left)]


@dataclass
class _Notes:
    """What is met on the way."""

    problems: list[str] = field(default_factory=list)
    unknown: dict[str, list[int]] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)


def read_observed(file: Path | Upload, place: Place | None, start: str = "") -> ObservedFile:
    """Read a file of observations.

    Args:
        file: a CSV or Excel file, on disk or in memory.
        place: zones and sites to read it against; None: only its form is looked at.
        start: date of month 0 as ISO text; '' the organisation's own.

    Raises:
        OrganisationError: it cannot be read; every problem at once.
    """
    sheet = read_sheet(file)
    if len(sheet.rows) > MOST_ROWS:
        raise OrganisationError(file.name, [f"more than {MOST_ROWS:,} rows; is it the right file?"])
    found, notes = ObservedFile(file.name, said=list(sheet.said)), _Notes()
    rows = _as_reported(list(_long(sheet, notes)), sheet)
    context = _Context(sheet, place, start or (place.start if place else ""), _writings(rows, sheet), notes)
    read = [r for row in rows if (r := _row(row, context)) is not None]
    if notes.problems:
        raise OrganisationError(file.name, few(notes.problems))
    found.reports = _latest(read, found)
    found.left += [_unknown(word, numbers) for word, numbers in notes.unknown.items()]
    if notes.blank:
        blank = rows_told(list(dict.fromkeys(notes.blank)))
        found.left.append(f"no value given in {blank}: treated as not known, and left out")
    if notes.outside:
        found.left.append(f"{rows_told(notes.outside)}: sites outside the scope of the scenario, left out")
    if not found.reports:
        raise OrganisationError(
            file.name,
            ["it has no observation: every value is empty or cannot be used; fill in the column 'value'", *found.left],
        )
    return found


@dataclass(frozen=True)
class _Context:
    """What rows are read against.

    Attributes:
        sheet: the table.
        place: zones and sites, None: only the form is looked at.
        start: date of month 0 as ISO text, '' not known.
        writing: how each measure is written.
        notes: what is met on the way.
    """

    sheet: Sheet
    place: Place | None
    start: str
    writing: dict[str, Writing]
    notes: _Notes


@dataclass(frozen=True)
class _Row:
    """One value of the table: its row, measure as written, cell, and the heading it stands under."""

    number: int
    cells: list[str]
    measure: str
    cell: str
    heading: str


def _long(sheet: Sheet, notes: _Notes) -> Iterator[_Row]:
    """The values of a table, one at a time, from a long table or a wide one."""
    for number, cells in zip(sheet.numbers, sheet.rows, strict=True):
        if sheet.wide:
            for place, measure in sheet.wide.items():
                if cells[place]:
                    yield _Row(number, cells, measure, cells[place], sheet.heading[place])
            continue
        word = cells[sheet.columns["measure"]]
        cell = cells[sheet.columns["value"]]
        measure = measure_named(word)
        if measure:
            yield _Row(number, cells, measure, cell, f"{sheet.heading[sheet.columns['value']]} {word}")
            continue
        near = nearest(word.casefold(), [w.casefold() for n in BY_NAME for w in (n, BY_NAME[n].entry.words)], 80)
        where = f"{sheet.where} row {number}, column '{sheet.heading[sheet.columns['measure']]}'"
        if not word:
            notes.problems.append(f"{where}: empty; name a measure: {', '.join([*BY_NAME, STAGE])}")
        elif near:
            notes.problems.append(f"{where}: no measure '{shortened(word)}'; did you mean '{near}'?")
        else:
            notes.unknown.setdefault(word, []).append(number)


def _as_reported(rows: list[_Row], sheet: Sheet) -> list[_Row]:
    """Rows in the order in which they were reported, where every row says when; else as they stand."""
    when = [read_date(_cell(row, sheet, "reported")) for row in rows]
    if not all(when):
        return rows
    told = [date for date in when if date is not None]
    return [rows[k] for k in sorted(range(len(rows)), key=lambda k: told[k])]


def _unknown(word: str, numbers: list[int]) -> str:
    known = ", ".join([*BY_NAME, STAGE])
    return f"no measure is called '{shortened(word)}' ({rows_told(numbers)}), left out; known: {known}"


def _cell(row: _Row, sheet: Sheet, column: str) -> str:
    place = sheet.columns.get(column)
    return "" if place is None else row.cells[place]


def _writings(rows: list[_Row], sheet: Sheet) -> dict[str, Writing]:
    """How each measure is written: as counts, where one of its cells can be nothing else."""
    comma = sheet.decimal_comma
    found: dict[str, Writing] = {}
    for row in rows:
        if row.measure == STAGE:
            continue
        before = found.get(row.measure, Writing(comma))
        count = looks_like_count(row.measure, row.cell, _cell(row, sheet, "observed"), comma)
        percent = before.percent or says_percent(row.heading)
        shares = before.shares or looks_like_share(row.measure, row.cell, comma)
        found[row.measure] = Writing(comma, before.counts or (count and not percent), percent, shares)
    return found


def _row(row: _Row, context: _Context) -> Report | None:
    """One row as a report; None where it is not told, or wrong (which is noted)."""
    sheet, place, notes = context.sheet, context.place, context.notes
    where = f"{sheet.where} row {row.number}"
    column = "month"
    try:
        month = read_month(_cell(row, sheet, "month"), context.start)
        column = "site" if _cell(row, sheet, "site") else "zone"
        zone, site = _where(row, sheet, place)
        if site == OUT_OF_SCOPE:
            notes.outside.append(row.number)
            return None
        column = row.heading if sheet.wide else "value"
        if is_blank(row.cell):
            notes.blank.append(row.number)
            return None
        if row.measure == STAGE:
            return Report(where, month, STAGE, 0.0, zone, _needs_site(site, place), 1, 1, _stage(row.cell))
        counts = (_cell(row, sheet, "observed"), _cell(row, sheet, "of"))
        figure = read_figure(row.measure, row.cell, counts, context.writing[row.measure])
        figure = _completed(figure, row.measure, zone, site, place)
    except RefusedError as refused:
        notes.problems.append(f"{where}, column '{column}': {refused}")
        return None
    if BY_NAME[row.measure].of_area:
        zone, site = ALL, -1
    return Report(where, month, row.measure, figure.value, zone, site, figure.observed, figure.of)


OUT_OF_SCOPE = -2


def _where(row: _Row, sheet: Sheet, place: Place | None) -> tuple[str, int]:
    """Zone and site of a row: ALL and -1 for the whole area."""
    site, zone = _cell(row, sheet, "site"), _cell(row, sheet, "zone")
    if place is None:
        return zone or ALL, 0 if site else -1
    whole = {key(w) for w in vocabulary()["whole"]["words"]}
    if site and key(site) not in whole:
        asked = key(site)
        found = [i for i, names in enumerate(place.names) if asked in map(key, names)]
        if len(found) == 1:
            return place.zone_of(found[0]), found[0]
        if found:
            raise RefusedError(f"'{shortened(site)}' may be {len(found)} sites; give its identifier")
        if asked in place.out_of_scope:
            return ALL, OUT_OF_SCOPE
        near = nearest(site, [n for names in place.names for n in names], 80)
        hint = f"; did you mean '{near}'?" if near else "; name it as the list of sites does"
        raise RefusedError(f"no site '{shortened(site)}'{hint}")
    if not zone or key(zone) in whole:
        return ALL, -1
    names = {key(z): z for z in (*place.zones, OUTSIDE)}
    names |= {key(f"zone {k}"): z for k, z in enumerate(place.zones, 1)} | {
        str(k): z for k, z in enumerate(place.zones, 1)
    }
    names |= {key(z.removesuffix(" zone")): z for z in place.zones}
    if key(zone) in names:
        return names[key(zone)], -1
    raise RefusedError(f"no zone '{shortened(zone)}'; zones are {', '.join((*place.zones, OUTSIDE))}, or all")


def _needs_site(site: int, place: Place | None) -> int:
    if site < 0 and place is not None:
        raise RefusedError("a stage belongs to one site: name it in column 'site'; or give sites_started, sites_full")
    return site


def _stage(cell: str) -> str:
    stage = stage_words().get(key(cell))
    if stage is None:
        raise RefusedError(f"no stage '{shortened(cell)}'; known: {', '.join(dict.fromkeys(stage_words().values()))}")
    return stage


def _completed(figure: Figure, measure: str, zone: str, site: int, place: Place | None) -> Figure:
    """A figure with the number it is out of, where that is all people, sites or families there are."""
    told = figure.number
    kind = BY_NAME[measure].kind
    if place is None:
        return figure if told is None else Figure(0.0, 1, 1)
    there = _there(kind, zone, site, place)
    if kind in (*NUMBERS, MONEY):
        return figure
    if told is None:
        if kind in (PEOPLE, SCORE) and figure.observed > 4 * max(there, 5):
            raise RefusedError(f"{figure.observed} observed, where {there} work; which is right?")
        return figure
    if told > there:
        what = "practitioners work" if kind == PEOPLE else "sites belong"
        raise RefusedError(
            f"{told:g} is more than the {there} {what} there; say out of how many (column 'observed'), or give a share"
        )
    return Figure(told / there, there, there)


def _there(kind: str, zone: str, site: int, place: Place) -> int:
    if kind == SITES:
        return 1 if site >= 0 else len(place.sites_of(zone))
    return place.staff[site] if site >= 0 else sum(place.staff[i] for i in place.sites_of(zone))


def _latest(read: list[Report], found: ObservedFile) -> list[Report]:
    """Each month, measure and place once: a later row corrects an earlier one."""
    kept: dict[tuple[int, str, str, int], Report] = {}
    again = 0
    for report in read:
        identity = (report.month, report.measure, report.zone, report.site)
        before = kept.get(identity)
        if before is not None:
            if (before.value, before.observed, before.stage) == (report.value, report.observed, report.stage):
                again += 1
            else:
                number = report.row.rpartition(" ")[2]
                found.corrected.append(
                    f"row {number} corrects row {before.row.rpartition(' ')[2]}: the later one counts"
                )
        kept[identity] = report
    if again:
        found.said.append(f"{counted(again, 'row')} given twice, counted once")
    return list(kept.values())
