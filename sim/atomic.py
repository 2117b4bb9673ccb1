"""Files and folders that are there whole or not at all, also after a full disk, a kill or a power cut.

A file or folder is made beside its place under a hidden name and moved when it is whole. What a killed process left of
a hidden folder is taken away by the next one: a lock inside it, which the system lets go when a process ends however
it ends, says whether its owner still lives.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.platforms import files
from sim.platforms.locks import Held, Lock, held

UNFINISHED = ".part"
OWNER = ".zones-owner"
FORGOTTEN = 24 * 3600.0


def write_whole(path: Path, data: bytes | str, *, new: bool = False, private: bool = False) -> None:
    """Write a file.

    Args:
        path: where; a file already there is replaced in one step.
        data: bytes, or text to be kept as UTF-8.
        new: refuse to replace anything.
        private: for its owner's eyes alone (mode 0600).

    Raises:
        FileExistsError: `new`, and something is there.
        OSError: the disk is full or cannot be written; the unfinished file is gone.
    """
    if new and os.path.lexists(path):
        raise FileExistsError(17, "is there already", str(path))
    given, path = path, files.within_reach(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    beside = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with files.open_new(beside, private=private) as stream:
            stream.write(content)
            files.settle(stream)
        files.replace_file(beside, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(given), None
        raise
    files.settle_folder(path.parent)


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A hidden sibling that becomes `out` when all went well, and vanishes otherwise.

    Args:
        out: absent, or an empty folder; missing folders above it are made.

    Yields:
        The sibling, to be filled.

    Raises:
        OSError: the place cannot be written, or was taken meanwhile.
    """
    out = files.within_reach(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    clear_forgotten(out.parent)
    hidden = out.with_name(f".{out.name}.{secrets.token_hex(4)}{UNFINISHED}")
    hidden.mkdir()
    lock = Lock(hidden / OWNER)
    try:
        lock.take()
        yield hidden
        lock.let_go()
        (hidden / OWNER).unlink(missing_ok=True)
        files.replace_folder(hidden, out)
    finally:
        lock.let_go()
        shutil.rmtree(hidden, ignore_errors=True)


def clear_forgotten(folder: Path) -> None:
    """Take away hidden folders whose owner was killed; those of living owners, and all else, stay.

    A folder that lacks the owner's lock may be just begun: it must be a day old.
    """
    for path in folder.glob(f".*{UNFINISHED}"):
        if path.is_dir() and not path.is_symlink() and _is_forgotten(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_forgotten(path: Path) -> bool:
    try:
        if not (path / OWNER).is_file():
            return time.time() - path.stat().st_mtime > FORGOTTEN and not any(path.iterdir())
        with held(path / OWNER):
            return True
    except (OSError, Held):
        return False
