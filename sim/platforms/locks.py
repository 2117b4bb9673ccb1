"""Locks between processes. The system lets go of one when its process ends, however it ends.

Some network folders have no such locks. There a file that names its owner stands for the lock; one whose owner is gone
is taken over, as far as that can be seen from here.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HELD = ".held"
NONE_THERE = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}


class Held(Exception):
    """Another process holds the lock."""


class Lock:
    """A lock on a file.

    Args:
        path: the lock's file, made where it is not there.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock

        self._path = path
        self._lock = FileLock(path)

    def take(self) -> None:
        """Take it, at once or not at all.

        Raises:
            Held: another process has it.
            OSError: its file cannot be written.
        """
        from filelock import SoftFileLock, Timeout

        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise Held(str(self._path)) from None
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno not in NONE_THERE:
                raise
            self._lock = SoftFileLock(self._path.with_name(self._path.name + HELD))
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise Held(str(self._path)) from None

    def let_go(self) -> None:
        """Let go of it, if it is held."""
        self._lock.release()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock for a while.

    Raises:
        Held: another process holds it.
        OSError: its file cannot be written.
    """
    lock = Lock(path)
    lock.take()
    try:
        yield
    finally:
        lock.let_go()
