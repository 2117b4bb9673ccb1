"""Where runs are kept: append-only Parquet parts, each complete or not there at all; one writer at a time.

A part is written beside, flushed to the disk and moved into place under the digest of its own bytes, so that a kill at
any moment leaves either the whole part or none of it, and a damaged file shows.
"""

from __future__ import annotations

import hashlib
import io
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.atomic import UNFINISHED, write_whole
from sim.errors import SweepError
from sim.platforms.files import replace_file
from sim.platforms.locks import Held, Lock
from sim.sweeps.runs import Row

PARTS, DAMAGED, LOCK, HOLDER = "parts", "damaged", "lock", "holder"
NAME_LENGTH = 32
SUFFIX = ".parquet"


class Store:
    """The runs of one sweep folder.

    Attributes:
        folder: the sweep's folder.
        outcomes: columns of every row, in order.
        rows: by key; a success replaces a failure of the same run.
        damaged: names of parts whose bytes are not what their name says.
    """

    def __init__(self, folder: Path, outcomes: Sequence[str]) -> None:
        self.folder = folder
        self.outcomes = tuple(outcomes)
        self.rows: dict[str, Row] = {}
        self.damaged: list[str] = []
        for path in sorted((folder / PARTS).glob(f"*{SUFFIX}")):
            data = path.read_bytes()
            if digest(data) != path.stem:
                self.damaged.append(path.name)
                continue
            self._take(_rows(data, self.outcomes, path))

    def _take(self, rows: Iterable[Row]) -> None:
        for row in rows:
            before = self.rows.get(row.key)
            if before is None or (before.error and not row.error):
                self.rows[row.key] = row
            elif not before.error and not row.error and not _same(before, row):
                raise SweepError(
                    f"{self.folder}: run {row.key} is there twice with different figures; the model, a library or the "
                    f"machine has changed. Start the sweep again in another folder."
                )

    def add(self, rows: Sequence[Row]) -> None:
        """Keep rows: on the disk for certain when this returns.

        Raises:
            SweepError: the disk is full or cannot be written; nothing half-written stays.
        """
        if not rows:
            return
        data = _bytes(rows, self.outcomes)
        path = self.folder / PARTS / f"{digest(data)}{SUFFIX}"
        try:
            write_whole(path, data)
        except OSError as error:
            raise SweepError(
                f"{path.parent}: cannot be written ({error.strerror or error}). What was written before is safe; "
                f"make room, then run: zones resume {self.folder}"
            ) from error
        self._take(rows)

    def tidy(self) -> None:
        """Take away what a kill left unfinished, and put damaged parts aside; only with the lock held."""
        for inside in (self.folder, self.folder / PARTS):
            for path in inside.glob(f".*{UNFINISHED}"):
                if path.is_file():
                    path.unlink(missing_ok=True)
        for name in self.damaged:
            (self.folder / DAMAGED).mkdir(exist_ok=True)
            replace_file(self.folder / PARTS / name, self.folder / DAMAGED / name)


def digest(data: bytes) -> str:
    """The name of a part with these bytes."""
    return hashlib.sha256(data).hexdigest()[:NAME_LENGTH]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets it go when the process ends, however it ends.

    Raises:
        SweepError: another process holds it.
    """
    lock, holder = Lock(folder / LOCK), folder / HOLDER
    try:
        lock.take()
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8", newline="\n")
    except Held:
        name = holder.read_text(encoding="utf-8") if holder.is_file() else "another process"
        raise SweepError(
            f"{folder}: {name} is working on it; wait for it or stop it, then run: zones resume {folder}"
        ) from None
    except OSError as error:
        raise SweepError(
            f"{folder}: cannot be written ({error.strerror}); see that you may write there, or copy it elsewhere."
        ) from error
    try:
        yield
        holder.unlink(missing_ok=True)
    finally:
        lock.let_go()


def _same(one: Row, other: Row) -> bool:
    return one.draw == other.draw and repr(one.values) == repr(other.values)


def _bytes(rows: Sequence[Row], outcomes: Sequence[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {
        "key": pa.array([r.key for r in rows], pa.string()),
        "draw": pa.array([r.draw for r in rows], pa.int64()),
        "error": pa.array([r.error for r in rows], pa.string()),
    }
    for i, name in enumerate(outcomes):
        columns[name] = pa.array([r.values[i] for r in rows], pa.float64())
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression="zstd", use_dictionary=["error"])
    return sink.getvalue()


def _rows(data: bytes, outcomes: Sequence[str], path: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    missing = [name for name in ("key", "draw", "error", *outcomes) if name not in table.column_names]
    if missing:
        raise SweepError(f"{path} lacks the columns {', '.join(missing)}; it is not a part of this sweep.")
    plain = [table.column(name).to_pylist() for name in ("key", "draw", "error", *outcomes)]
    for key, draw, error, *values in zip(*plain, strict=True):
        yield Row(key, draw, tuple(values), error)
