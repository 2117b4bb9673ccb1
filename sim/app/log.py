"""The learning log: beside a comparison people write question, expectation, finding and decision; kept in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.app.question import CHANGED, shipped, shipped_names
from sim.errors import ResultError
from sim.observed.log_file import opened
from sim.posterior.words import SHORT

FIELDS = ("question", "expectation", "finding", "decision")
LONGEST = 4_000
MOST = 5_000
BETWEEN, AFTER = " against ", f"-{CHANGED}"


def add(path: Path, entry: Mapping[str, Any], *, plans: str, link: str) -> int:
    """Write an entry.

    Args:
        path: the log's file, made where it is not there.
        entry: texts by FIELDS; empty ones may be missing.
        plans: the two scenarios compared, in words.
        link: the link that shows them.

    Returns:
        The entry's number.

    Raises:
        ResultError: nothing was written in it, a text is too long, or the file cannot be used.
    """
    texts = [_text(name, entry.get(name, "")) for name in FIELDS]
    if not any(texts):
        raise ResultError("learning log: write at least one of question, expectation, finding or decision.")
    with opened(path) as connection:
        if connection.execute("SELECT COUNT(*) FROM entries").fetchone()[0] >= MOST:
            raise ResultError(f"learning log: {path.name} holds {MOST:,} entries; begin another file with --log.")
        row = (datetime.now(UTC).isoformat(timespec="seconds"), *texts, plans[:400], link[:2000])
        made = connection.execute(
            "INSERT INTO entries (written, question, expectation, finding, decision, plans, link) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # fmt: skip
        return int(made.lastrowid or 0)


def entries(path: Path | None) -> list[dict[str, Any]]:
    """All entries, the oldest first; none where there is no log.

    Raises:
        ResultError: the file is not a learning log.
    """
    if path is None or not path.is_file():
        return []
    with opened(path) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM entries ORDER BY id")]


def plans_words(written: str) -> str:
    """The plans of an entry by their titles; what is no shipped scenario stays as it was written."""
    plans, _, calibration = written.partition(" (")
    told = [_title(name) for name in plans.split(BETWEEN)]
    more = calibration.removesuffix(")")
    return BETWEEN.join(told) + (f" ({SHORT.get(more, more)})" if more else "")


def _title(name: str) -> str:
    known = name.removesuffix(AFTER)
    if known not in shipped_names():
        return name
    return shipped(known).title + (", changed" if name != known else "")


def moment(written: str) -> str:
    """When an entry was written: '28 November 2026, 17:40 UTC'; as it is where it is no moment."""
    try:
        when = datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return written
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ResultError(f"learning log: {name} must be a text of at most {LONGEST:,} characters.")
    return value.strip()
