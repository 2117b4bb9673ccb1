"""What an organisation file may say: its tables, their columns, the words each column accepts.

The table in docs/organisation-files.md is made from `COLUMNS`; a test keeps them the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sim.errors import LONGEST_NAME, hidden, quoted, shortened
from sim.organisation.codes import AGENCIES, LEADER_LEVELS, SITE_TYPES, STAGES
from sim.organisation.files.limits import LONGEST_TEXT, MOST_FAMILIES, MOST_STAFF
from sim.organisation.files.vocabulary import code_words, heading_words, key, synonyms

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
SCHOOLS = ("primary", "secondary", "special")
COUNCIL_CARE_EDUCATION = (*SCHOOLS, "nursery", "school_accommodation")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
YES, NO = ("1", "yes", "true", "y"), ("0", "no", "false", "n")


class RefusedError(Exception):
    """A cell that cannot be read; its text says what was given and what is allowed."""


class Column(NamedTuple):
    """One column: headings it is known by (the first is ours), reader of its cells, words for people."""

    headings: tuple[str, ...]
    read: Callable[[str], Any]
    words: str
    required: bool = False
    asked: bool = True


@dataclass
class Table:
    """One table as text: where it was found, its kind, heading and rows with their numbers in the file.

    Attributes:
        decimal_comma: whether the separator leaves the comma to numbers.
        heading_row: number of the heading row in the file.
        formulas: (row number, column from 0) of formulas without a kept value.
        notes: sentences on how it was found.
        look: what is worth a look.
    """

    kind: str
    where: str
    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    decimal_comma: bool = False
    heading_row: int = 1
    formulas: frozenset[tuple[int, int]] = frozenset()
    notes: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


@dataclass
class Parsed:
    """One table as values: a list a column (None where empty), aligned with `rows`, which say where each row is."""

    kind: str
    where: str
    rows: Sequence[str] = ()
    values: dict[str, list[Any]] = field(default_factory=dict)

    def column(self, name: str) -> list[Any]:
        """The values of a column, None throughout where the table lacks it."""
        return self.values.get(name) or [None] * len(self.rows)


def normal(word: str) -> str:
    """A word as codes are written: small letters, underscores."""
    return "_".join(word.strip().lower().replace("-", " ").replace("_", " ").split())


def read_text(cell: str) -> str:
    """Any text without characters that cannot be seen.

    Raises:
        RefusedError: a control or direction character.
    """
    if unseen := hidden(cell):
        raise RefusedError(
            f"{quoted(cell)} holds a character that cannot be seen ({unseen}); take it out: texts that look alike "
            "would differ"
        )
    if len(cell) > LONGEST_TEXT:
        raise RefusedError(f"{quoted(cell)} has {len(cell):,} letters; at most {LONGEST_TEXT} are read")
    return cell


def read_sentence(cell: str) -> str:
    """A sentence of our own, of any length."""
    if unseen := hidden(cell):
        raise RefusedError(f"{quoted(cell)} holds a character that cannot be seen ({unseen}); take it out")
    return cell


@dataclass(frozen=True)
class NumberReader:
    """A reader of finite numbers in a closed range.

    Attributes:
        low: the least.
        high: the greatest.
        what: what is allowed, in words.
    """

    low: float
    high: float
    what: str

    def __call__(self, cell: str) -> float:
        """The number of a cell written with a decimal point.

        Raises:
            RefusedError: no number, or out of range.
        """
        return self.bounded(float(cell) if _PLAIN.fullmatch(cell) else math.nan, cell)

    def bounded(self, value: float, cell: str) -> float:
        """The number, if it is one in the range.

        Raises:
            RefusedError: no number, or out of range.
        """
        if not math.isfinite(value):
            raise RefusedError(f"{_shown(cell)} is not a number; give {self.what}, or leave it empty")
        if not self.low <= value <= self.high:
            told = f"{shortened(cell)} is outside [{self.low:g}, {self.high:g}]"
            raise RefusedError(f"{told}; give {self.what}, or leave it empty")
        return value


@dataclass(frozen=True)
class CodeReader:
    """A reader of words from a closed list.

    Attributes:
        words: the codes.
        what: what they are, in words.
        item: whose synonyms people use ('type', 'agency'), '' for none.
        hidden_words: codes that are read but not offered.
    """

    words: tuple[str, ...]
    what: str
    item: str = ""
    hidden_words: tuple[str, ...] = ()

    def __call__(self, cell: str) -> str:
        """The code of a word.

        Raises:
            RefusedError: a word that is not known.
        """
        word = normal(cell)
        if word in self.words or word in self.hidden_words:
            return word
        code = _synonyms_of(self.item).get(key(cell))
        if code is not None:
            return code
        raise RefusedError(
            f"unknown {self.what} {_shown(cell)}; known: {', '.join(self.words)}.{self._hint(cell, word)}"
        )

    def _hint(self, cell: str, word: str) -> str:
        hint = ""
        if near := nearest(word[:LONGEST_NAME], (*self.words, *TYPE_SYNONYMS) if self.item == "type" else self.words):
            hint = f" Did you mean '{near}'?"
        if self.item and not near:
            return f" Write one of these, or say which it is: --word '{shortened(cell)}={self.item.upper()}'"
        return hint


@lru_cache(maxsize=4)
def _synonyms_of(item: str) -> Mapping[str, str]:
    """Code by key of a word, for an item whose synonyms people use."""
    if not item:
        return {}
    own = {key(word): code for word, code in TYPE_SYNONYMS.items()} if item == "type" else {}
    return {**own, **synonyms(item)}


def nearest(word: str, known: Sequence[str], least: float = 75) -> str | None:
    """The known word most like a word, by the share of letters they have in common; None if none is near."""
    from rapidfuzz import fuzz, process

    if len(word) < 3:
        return None
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=least)
    return found[0] if found else None


def _shown(cell: str) -> str:
    return f"'{shortened(cell)}'"


def read_flag(cell: str) -> bool:
    """Yes or no."""
    word = cell.lower()
    if word in YES or word in ("1.0",):
        return True
    if word in NO or word in ("0.0",):
        return False
    raise RefusedError(f"{_shown(cell)} is not yes or no; write yes or no")


def read_list(cell: str) -> tuple[str, ...]:
    """Names parted by semicolons."""
    return tuple(read_text(part.strip()) for part in cell.split(LIST_MARK) if part.strip())


def read_date(cell: str) -> str:
    """A calendar date, year-month-day."""
    try:
        return date.fromisoformat(cell[:10]).isoformat()
    except ValueError:
        raise RefusedError(f"{_shown(cell)} is not a date; write it like 2026-08-01") from None


_SHARE = NumberReader(0.0, 1.0, "a share from 0 to 1")
_ROLL = NumberReader(0.0, MOST_FAMILIES, f"a number from 0 to {MOST_FAMILIES}")
_STAFF = NumberReader(0.0, MOST_STAFF, f"a number from 0 to {MOST_STAFF}")
_EAST = NumberReader(-180, 180, "degrees from -180 to 180")
_AGENCY = CodeReader(AGENCIES, "agency")
_STAGE = CodeReader(STAGES, "stage")

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
            CodeReader(AGENCIES, "agency", "agency", (COUNCIL_CARE,)),
            f"{', '.join(AGENCIES)}; {COUNCIL_CARE} (or council, local authority) becomes education for schools, "
            "nurseries and school accommodation, else social_work; where empty, taken from a type that decides it",
        ),
        "type": Column(
            ("type", "site_type"),
            CodeReader(SITE_TYPES, "type of site", "type"),
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
        "latitude": Column(("lat", "latitude"), NumberReader(-90, 90, "degrees from -90 to 90"), "degrees"),
        "longitude": Column(("lon", "longitude", "lng"), _EAST, "degrees"),
        "local_team": Column(("local_team",), read_text, "local team of the site; sites that share one name the same"),
        "core_team": Column(("core_team",), read_text, "core implementation team that supports the site"),
        **_TODAY,
        "generated": Column(("generated",), read_flag, "yes: written by us, the site was generated",
                            asked=False),
        **{
            f"fifth{k}": Column((f"families_fifth{k}",), _ROLL, f"families in deprivation fifth {k} (written by us)",
                                 asked=False)
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
        "level": Column(("level",), CodeReader(LEADER_LEVELS, "level"), ", ".join(LEADER_LEVELS), required=True),
        "agency": Column(("agency",), _AGENCY, ", ".join(AGENCIES), required=True),
        "area": Column(("area", "areas", "local_authority"), read_list, "area, or several separated by ;"),
        "site_id": Column(("site_id", "site"), read_text, "site of a site manager"),
        "reports_to": Column(("reports_to", "manager"), read_text, "leader_id of the leader above"),
        "commitment": Column(("commitment",), _SHARE, "commitment today 0-1; drawn when empty"),
    },
    "teams": {
        "team_id": Column(("team_id", "id"), read_text, "identifier, unique", required=True),
        "kind": Column(("kind",), CodeReader(("core", "local"), "kind of team"), "core or local", required=True),
        "supported_by": Column(("supported_by", "parent"), read_text, "core team that supports it, or external"),
        "sites": Column(("sites", "site_id"), read_list, "sites of the team, separated by ;"),
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
        "kind": Column(("kind",), CodeReader(("site", "leader", "team", "date"), "kind"), "site, leader, team or date",
                       required=True),
        "id": Column(("id",), read_text, "site, leader or team; empty for an area's only core team, or for the date"),
        **_TODAY,
        "commitment": Column(("commitment",), _SHARE, "a leader's commitment today 0-1"),
        "date": Column(("date",), read_date, "calendar date of month 0, like 2026-08-01"),
    },
    "about": {
        "key": Column(("key",), read_text, "name, complete or assumption (written by us)", required=True),
        "value": Column(("value",), read_sentence, "its text"),
    },
}  # fmt: skip


def columns_table(kind: str) -> list[str]:
    """The columns of a table as lines of Markdown, for docs/organisation-files.md."""
    lines = ["| column | also | what it says |", "|---|---|---|"]
    for column in COLUMNS[kind].values():
        also = ", ".join(f"`{word}`" for word in column.headings[1:])
        need = " (required)" if column.required else ""
        lines.append(f"| `{column.headings[0]}`{need} | {also} | {column.words} |")
    return lines


def headings_table() -> list[str]:
    """Headings and words that people use, as lines of Markdown, for docs/organisation-files.md."""
    lines = ["| item | headings read as it |", "|---|---|"]
    for item, words in heading_words("sites").items():
        lines.append(f"| `{COLUMNS['sites'][item].headings[0]}` | {', '.join(words)} |")
    lines += ["", "| code | words read as it |", "|---|---|"]
    for item in ("type", "agency"):
        for code, said in code_words(item).items():
            lines.append(f"| `{code}` ({item}) | {', '.join(said)} |")
    return lines
