"""Files and folders where systems differ: handles, moves, what reaches the disk, long paths."""

from __future__ import annotations

import contextlib
import ntpath
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PRIVATE, SHARED = 0o600, 0o666
TRIES, PAUSE = 8, 0.1
LONG = 170
"""Letters from which a path on Windows is given in its long form: 260 is the limit, and what is made below a result's
folder takes up to 80.
"""
LONG_FORM, LONG_SHARE = "\\\\?\\", "\\\\?\\UNC\\"
ELSEWHERE_OPEN = "another program has it open; close it there"


def open_new(path: Path, *, private: bool = False) -> BinaryIO:
    """A new file to write bytes to; what stood there is emptied.

    Args:
        path: where.
        private: for its owner's eyes alone (mode 0600; Windows keeps the rights of the folder).

    Raises:
        OSError: it cannot be opened.
    """
    # Without O_BINARY, Windows would write a line feed as two bytes.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, PRIVATE if private else SHARED), "wb")


def keep_private(path: Path) -> None:
    """Make the file where it is not there, and close it to all but its owner, where the system has modes.

    Raises:
        OSError: it cannot be made, or belongs to another user.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), PRIVATE))
    path.chmod(PRIVATE)


def settle(stream: BinaryIO) -> None:
    """Have what was written reach the disk.

    Raises:
        OSError: the disk is full or fails.
    """
    stream.flush()
    os.fsync(stream.fileno())


def settle_folder(folder: Path) -> None:
    """Have a move within the folder reach the disk, where the system can do that (Windows and some shares cannot)."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(made: Path, path: Path) -> None:
    """Move a file to where another may stand, in one go.

    Raises:
        OSError: it cannot be moved; on Windows also where another program keeps the other file open.
    """
    try:
        _patiently(lambda: made.replace(path))
    except PermissionError as error:
        if sys.platform == "win32" and path.exists():
            raise PermissionError(error.errno, ELSEWHERE_OPEN, str(path)) from error
        raise


def replace_folder(made: Path, out: Path) -> None:
    """Move a folder to where nothing stands, or an empty folder.

    Raises:
        OSError: something stands there, or it cannot be moved.
    """
    if sys.platform == "win32" and out.is_dir():  # which refuses to move a folder over another, empty or not
        out.rmdir()
    _patiently(lambda: made.replace(out))


def _patiently(move: Callable[[], Path]) -> None:
    """On Windows a virus scanner or an indexer keeps a new file open for moments, and it cannot be moved."""
    for _ in range(TRIES - 1 if sys.platform == "win32" else 0):
        try:
            move()
        except PermissionError:
            time.sleep(PAUSE)
        else:
            return
    move()


def within_reach(path: Path) -> Path:
    """The path in the form in which the system can use it: on Windows a long one needs the long form."""
    return Path(long_form(str(path))) if sys.platform == "win32" else path


def long_form(path: str) -> str:
    r"""A path of Windows, absolute and begun with `\\?\` where it is long, as given otherwise."""
    full = ntpath.abspath(path)
    if len(full) < LONG or full.startswith(LONG_FORM):
        return path
    return LONG_SHARE + full[2:] if full.startswith("\\\\") else LONG_FORM + full
