"""The learning log's file: SQLite, only ever added to, whole after a kill at any moment.

Logs of before open as they are.

It holds what people wrote (`entries`), forecasts that were shown (`forecasts`) and what came of them (`outcomes`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sim.errors import ResultError
from sim.platforms.files import keep_private

ENTRIES = (
    "CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, written TEXT NOT NULL, "
    "question TEXT NOT NULL, expectation TEXT NOT NULL, finding TEXT NOT NULL, decision TEXT NOT NULL, "
    "plans TEXT NOT NULL, link TEXT NOT NULL)"
)
FORECASTS = (
    "CREATE TABLE IF NOT EXISTS forecasts (id INTEGER PRIMARY KEY, written TEXT NOT NULL, place TEXT NOT NULL, "
    "plan TEXT NOT NULL, question TEXT NOT NULL, source TEXT NOT NULL, measure TEXT NOT NULL, zone TEXT NOT NULL, "
    "made_in INTEGER NOT NULL, month INTEGER NOT NULL, quantiles TEXT NOT NULL, stays REAL, line REAL, "
    "digest TEXT NOT NULL UNIQUE)"
)
OUTCOMES = (
    "CREATE TABLE IF NOT EXISTS outcomes (id INTEGER PRIMARY KEY, written TEXT NOT NULL, "
    "forecast INTEGER NOT NULL REFERENCES forecasts(id), seen REAL NOT NULL, UNIQUE (forecast, seen))"
)
ADDED_TO = ("forecasts", "outcomes")
_NEVER = (
    "CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the learning log is only added to'); END"
)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The log, made where it is not there; what is done in it counts as a whole or not at all.

    Raises:
        ResultError: the file cannot be used as one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite's own files beside it take the mode of the log.
        keep_private(path)
        with closing(sqlite3.connect(path, timeout=5.0)) as connection, connection:
            connection.execute("PRAGMA synchronous = FULL")
            for table in (ENTRIES, FORECASTS, OUTCOMES):
                connection.execute(table)
            for name in ADDED_TO:
                for verb in ("UPDATE", "DELETE"):
                    connection.execute(_NEVER.format(table=name, verb=verb))
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise ResultError(
            f"{path}: cannot be used as a learning log ({error}); give another file with --log."
        ) from error
