"""A copy of the learning log while the pages are in use: `python keep_log.py LOG FOLDER [DAYS]`.

The copy is whole also while somebody writes. It is looked at before it counts, and copies older than DAYS (30) go.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

DAY = 24 * 3600


def keep(log: Path, folder: Path, days: int = 30) -> Path:
    """Copy the log.

    Args:
        log: the learning log.
        folder: where copies are kept; made where it is not there, for this user alone.
        days: copies older than this are taken away, the newest never.

    Returns:
        The copy.

    Raises:
        SystemExit: there is no log, or the copy is not sound.
    """
    if not log.is_file():
        raise SystemExit(f"{log}: there is no learning log.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f"learning-log-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.sqlite"
    os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(log)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        sound = target.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        copy.unlink()
        raise SystemExit(f"{log}: the copy is not sound ({sound}); the copies before are as they were.")
    for old in sorted(folder.glob("learning-log-*.sqlite"))[:-1]:
        if time.time() - old.stat().st_mtime > days * DAY:
            old.unlink()
    return copy


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    print(keep(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])))
