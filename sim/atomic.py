"""Files and folders that are there whole or not at all, also after a full disk, a kill or a power cut.

A file or folder is made beside its place under a hidden name and moved when it is whole. What a killed process left of
a hidden folder is taken away by the next one: a lock inside it, which the system lets go when a process ends however
it ends, says whether its owner still lives.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

UNFINISHED = ".part"
OWNER = ".zones-owner"
FORGOTTEN = 24 * 3600.0
PRIVATE, SHARED = 0o600, 0o666


def write_whole(path: Path, data: bytes | str, *, new: bool = False, private: bool = False) -> None:
    """Write a file.

    Args:
        path: where; what stood there is replaced in one go.
        data: bytes, or text to be kept as UTF-8.
        new: refuse to replace anything.
        private: for its owner's eyes alone (mode 0600).

    Raises:
        FileExistsError: `new`, and something is there.
        OSError: the disk is full or cannot be written; the unfinished file is gone.
    """
    if new and os.path.lexists(path):
        raise FileExistsError(17, "is there already", str(path))
    content = data.encode("utf-8") if isinstance(data, str) else data
    beside = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        mode = PRIVATE if private else SHARED
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the move itself reach the disk, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network folders cannot
            os.fsync(handle)
    finally:
        os.close(handle)


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
    out.parent.mkdir(parents=True, exist_ok=True)
    clear_forgotten(out.parent)
    hidden = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=UNFINISHED, dir=out.parent))
    lock = FileLock(hidden / OWNER)
    try:
        lock.acquire(timeout=0)
        hidden.chmod(0o777 & ~_umask())
        yield hidden
        lock.release()
        (hidden / OWNER).unlink(missing_ok=True)
        os.replace(hidden, out)  # noqa: PTH105  an empty folder may be replaced, anything else refuses
    finally:
        lock.release()
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
        with FileLock(path / OWNER, timeout=0):
            return True
    except (OSError, Timeout, NotImplementedError):
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
