"""What an organisation file may say: its tables, their columns, the words each column accepts.

The table in docs/organisation-files.md is made from `COLUMNS`; a test keeps them the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from sim.organisation.codes import AGENCIES, LEADER_LEVELS, SITE_TYPES, STAGES

MOST_FAMILIES = 100_000
MOST_STAFF = 5_000
LIST_MARK = ";"

TYPE_SYNONYMS = {
    "day_care_of_children": "nursery",
    "care_home_service": "residential",
    "school_care_accommodation_service": "school_accommodation",
    "secure_accommodation_service": "secure",
    "fostering_service": "fostering",
    "adoption_service": "adoption",
    "child_care_agency": "care_agency",
}
COUNCIL_CARE = "local_authority_care"
COUNCIL_CARE_EDUCATION = ("nursery", "school_accommodation")
YES, NO = ("1", "yes", "true", "y"), ("0", "no", "false", "n")


class RefusedError(Exception):
    """A cell that cannot be read; its text says what was given and what is allowed."""


class Column(NamedTuple):
    """One column: headings it is known by (the first is ours), reader of its cells, words for people."""

    headings: tuple[str, ...]
    read: Callable[[str], Any]
    words: str
    required: bool = False


@dataclass
class Table:
    """One table as text: where it stands, its kind, heading and rows with their numbers in the file."""

    kind: str
    where: str
    header: list[str]
    rows: list[list[str]]
    numbers: list[int]


@dataclass
class Parsed:
    """One table as values: a list a column (None where empty), aligned with `rows`, which say where each row stands."""

    kind: str
    where: str
    rows: list[str] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        """The values of a column, None throughout where the table lacks it."""
        return self.values.get(name) or [None] * len(self.rows)


def normal(word: str) -> str:
    """A word as codes are written: small letters, underscores."""
    return "_".join(word.strip().lower().replace("-", " ").replace("_", " ").split())


def read_text(cell: str) -> str:
    """Any text."""
    return cell


def read_number(low: float, high: float, what: str) -> Callable[[str], float]:
    """A reader of finite numbers in a closed range."""

    def read(cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise RefusedError(f"'{cell}' is not a number; give {what}, or leave it empty")
        if not low <= value <= high:
            raise RefusedError(f"{cell} is outside [{low:g}, {high:g}]; give {what}, or leave it empty")
        return value

    return read


def read_code(words: tuple[str, ...], what: str, synonyms: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A reader of words from a closed list."""
    also = dict(synonyms or {})
    allowed = (*words, *also)

    def read(cell: str) -> str:
        word = normal(cell)
        if word in also:
            return also[word]
        if word not in words:
            near = get_close_matches(word, allowed, n=1, cutoff=0.6)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise RefusedError(f"unknown {what} '{cell}'; known: {', '.join(allowed)}.{hint}")
        return word

    return read


def read_flag(cell: str) -> bool:
    """Yes or no."""
    word = cell.lower()
    if word in YES or word in ("1.0",):
        return True
    if word in NO or word in ("0.0",):
        return False
    raise RefusedError(f"'{cell}' is neither yes nor no; write yes or no")


def read_list(cell: str) -> tuple[str, ...]:
    """Names parted by semicolons."""
    return tuple(part.strip() for part in cell.split(LIST_MARK) if part.strip())


def read_date(cell: str) -> str:
    """A calendar date, year-month-day."""
    try:
        return date.fromisoformat(cell[:10]).isoformat()
    except ValueError:
        raise RefusedError(f"'{cell}' is not a date; write it like 2026-08-01") from None


_SHARE = read_number(0.0, 1.0, "a share from 0 to 1")
_ROLL = read_number(0.0, MOST_FAMILIES, f"a number from 0 to {MOST_FAMILIES}")
_STAFF = read_number(0.0, MOST_STAFF, f"a number from 0 to {MOST_STAFF}")
_AGENCY = read_code(AGENCIES, "agency")
_STAGE = read_code(STAGES, "stage")

_TODAY = {
    "stage": Column(("stage",), _STAGE, "stage today: " + ", ".join(STAGES)),
    "fidelity": Column(("fidelity",), _SHARE, "mean fidelity of users today, 0-1"),
    "using": Column(("using",), _SHARE, "share of practitioners who use the practice today, 0-1"),
    "capacity": Column(("capacity",), _SHARE, "capacity today of its local team, 0-1"),
}

COLUMNS: dict[str, dict[str, Column]] = {
    "sites": {
        "site_id": Column(("site_id", "id", "seed_code"), read_text, "identifier, unique in all files", required=True),
        "name": Column(("name", "site_name"), read_text, "real name, shown only when asked for"),
        "pseudonym": Column(("pseudonym",), read_text, "what results call it; made from type and number when empty"),
        "area": Column(("area", "local_authority", "council"), read_text, "local area; without it a file is one area"),
        "health_board": Column(("health_board", "nhs_board"), read_text, "health board; may span areas"),
        "agency": Column(
            ("agency",),
            read_code((*AGENCIES, COUNCIL_CARE), "agency"),
            f"{', '.join(AGENCIES)}; {COUNCIL_CARE} becomes education for a nursery or school accommodation, else "
            "social_work",
            required=True,
        ),
        "type": Column(
            ("type", "site_type"),
            read_code(SITE_TYPES, "type of site", TYPE_SYNONYMS),
            ", ".join(SITE_TYPES) + "; " + ", ".join(f"{k} = {v}" for k, v in TYPE_SYNONYMS.items()),
            required=True,
        ),
        "roll": Column(("roll", "pupils", "places", "caseload", "families"), _ROLL, "children, places or caseload"),
        "staff": Column(("staff", "staff_fte", "staff_n", "fte", "practitioners"), _STAFF, "full-time equivalents"),
        "suspect": Column(("staff_suspect",), read_flag, "yes: the staff figure is not believed"),
        "deprivation": Column(
            ("simd_q1_share", "deprivation", "deprivation_share"), _SHARE, "share of families in most deprived fifth"
        ),
        "locality": Column(("locality", "ward", "neighbourhood", "cluster", "cluster_proxy"), read_text, "locality"),
        "latitude": Column(("lat", "latitude"), read_number(-90, 90, "degrees from -90 to 90"), "degrees"),
        "longitude": Column(("lon", "longitude", "lng"), read_number(-180, 180, "degrees from -180 to 180"), "degrees"),
        "local_team": Column(("local_team",), read_text, "local team of the site; sites that share one name the same"),
        "core_team": Column(("core_team",), read_text, "core implementation team that supports the site"),
        **_TODAY,
        "generated": Column(("generated",), read_flag, "yes: written by us, the site was generated"),
        **{
            f"fifth{k}": Column((f"families_fifth{k}",), _ROLL, f"families in deprivation fifth {k} (written by us)")
            for k in range(1, 6)
        },
    },
    "staff": {
        "staff_id": Column(("staff_id", "id"), read_text, "identifier of a post, unique; never a name", required=True),
        "site_id": Column(("site_id", "site"), read_text, "site of the post", required=True),
        "care": Column(("care",), read_flag, "yes: a social-care or health role; from the site's type when empty"),
        "readiness": Column(("readiness",), _SHARE, "readiness 0-1; drawn when empty"),
    },
    "leaders": {
        "leader_id": Column(("leader_id", "id"), read_text, "identifier, unique; never a name", required=True),
        "level": Column(("level",), read_code(LEADER_LEVELS, "level"), ", ".join(LEADER_LEVELS), required=True),
        "agency": Column(("agency",), _AGENCY, ", ".join(AGENCIES), required=True),
        "area": Column(("area", "areas", "local_authority"), read_list, "area, or several parted by ;"),
        "site_id": Column(("site_id", "site"), read_text, "site of a site manager"),
        "reports_to": Column(("reports_to", "manager"), read_text, "leader_id of the leader above"),
        "commitment": Column(("commitment",), _SHARE, "commitment today 0-1; drawn when empty"),
    },
    "teams": {
        "team_id": Column(("team_id", "id"), read_text, "identifier, unique", required=True),
        "kind": Column(("kind",), read_code(("core", "local"), "kind of team"), "core or local", required=True),
        "supported_by": Column(("supported_by", "parent"), read_text, "core team that supports it, or external"),
        "sites": Column(("sites", "site_id"), read_list, "sites of the team, parted by ;"),
        "capacity": Column(("capacity",), _SHARE, "capacity today 0-1"),
    },
    "ties": {
        "source": Column(("source", "from"), read_text, "staff_id at one end of an advice tie", required=True),
        "target": Column(("target", "to"), read_text, "staff_id at the other end", required=True),
    },
    "areas": {
        "area": Column(("area", "local_authority"), read_text, "name of a local area", required=True),
        "group": Column(("group",), read_flag, "no: the area has no multi-agency group"),
        "health_board": Column(("health_board",), read_text, "health board of the area"),
    },
    "start": {
        "kind": Column(("kind",), read_code(("site", "leader", "team", "date"), "kind"), "site, leader, team or date",
                       required=True),
        "id": Column(("id",), read_text, "site, leader or team; empty for an area's only core team, or for the date"),
        **_TODAY,
        "commitment": Column(("commitment",), _SHARE, "a leader's commitment today 0-1"),
        "date": Column(("date",), read_date, "calendar date of month 0, like 2026-08-01"),
    },
    "about": {
        "key": Column(("key",), read_text, "name, complete or assumption (written by us)", required=True),
        "value": Column(("value",), read_text, "its text"),
    },
}  # fmt: skip

# Headings of the published Scottish files that say nothing the model uses; no remark is made on them.
KNOWN_UNUSED = frozenset((
    "staff_basis", "simd_q1_source", "ward_code", "locality_source", "denomination", "urban_rural6", "subtype",
    "provider_id", "provider", "provider_n_services", "simd_decile_datazone", "grade_min", "grade_leadership",
    "grade_staff_team", "grade_care_play_learning", "linked_seed_code", "postcode", "data_zone",
    "has_nursery_class", "ptr", "fsm_p6p7_s1s6_pct", "asn_share", "eal_share", "attendance_pct", "simd_q1_n",
    "simd_q2_n", "simd_q3_n", "simd_q4_n", "simd_q5_n", "date_registered", "last_inspection",
))  # fmt: skip


def columns_table(kind: str) -> list[str]:
    """The columns of a table as lines of Markdown, for docs/organisation-files.md."""
    lines = ["| column | also | what it says |", "|---|---|---|"]
    for column in COLUMNS[kind].values():
        also = ", ".join(f"`{word}`" for word in column.headings[1:])
        need = " (required)" if column.required else ""
        lines.append(f"| `{column.headings[0]}`{need} | {also} | {column.words} |")
    return lines


def parse(table: Table, problems: list[str]) -> Parsed:
    """Read the cells of a table by its columns.

    Args:
        table: the table as text.
        problems: grows by a sentence for each cell or heading that cannot be read.

    Returns:
        The values, None for empty and refused cells.
    """
    known = COLUMNS[table.kind]
    parsed = Parsed(table.kind, table.where, [f"{table.where} row {n}" for n in table.numbers])
    headings = [normal(heading) for heading in table.header]
    for twice in sorted({h for h in headings if h and headings.count(h) > 1}):
        problems.append(f"{table.where}: column '{twice}' stands twice; keep one")
    used: set[str] = set()
    for name, column in known.items():
        heading = next((h for h in column.headings if h in headings), None)
        if heading is None:
            if column.required:
                other = f" (or {', '.join(column.headings[1:])})" if len(column.headings) > 1 else ""
                problems.append(f"{table.where}: no column '{column.headings[0]}'{other}; add it: {column.words}")
            continue
        used.add(heading)
        place = headings.index(heading)
        cells = [row[place] for row in table.rows]
        parsed.values[name] = _read_cells(cells, column, heading, parsed.rows, problems)
    parsed.notes.extend(_unread(table.where, headings, used, known))
    return parsed


def _read_cells(cells: list[str], column: Column, heading: str, rows: list[str], problems: list[str]) -> list[Any]:
    values: list[Any] = []
    for row, raw in zip(rows, cells, strict=True):
        cell = raw.strip()
        value = None
        if cell:
            try:
                value = column.read(cell)
            except RefusedError as refusal:
                problems.append(f"{row}, column '{heading}': {refusal}")
        elif column.required:
            problems.append(f"{row}, column '{heading}': empty; give {column.words}")
        values.append(value)
    return values


def _unread(where: str, headings: Iterable[str], used: set[str], known: Mapping[str, Column]) -> Iterable[str]:
    words = [h for column in known.values() for h in column.headings]
    for heading in headings:
        if heading and heading not in used and heading not in KNOWN_UNUSED and heading not in words:
            near = get_close_matches(heading, words, n=1, cutoff=0.8)
            if near:
                yield f"{where}: column '{heading}' is not read; did you mean '{near[0]}'?"
