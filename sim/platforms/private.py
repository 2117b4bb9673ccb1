"""A folder for compiled code that nobody but this user can have put anything into, and where it may stand.

Code from the cache is run unchecked. Anyone who can write there, or swap the folder for another, can run anything
as the user who asks for an answer. So each folder on the way is checked, and a doubtful one is not used.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
OTHERS_ANYTHING = stat.S_IRWXG | stat.S_IRWXO
ADMINISTRATOR = 0


def private_folder(base: Path, *names: str) -> Path:
    """The folder `base/names[0]/...`, made where it is not there, each of the names with mode 0700.

    Args:
        base: where to make it; may be a link, may be shared by all users as /tmp is, is made where it is not there.
        names: folders within it; all of them are to be this user's alone.

    Returns:
        Its path without any link in it.

    Raises:
        OSError: it cannot be made or written, or another user could have put something there (PermissionError; the
            message names the folder and says why).
    """
    user = _number()
    base.mkdir(parents=True, exist_ok=True)
    folder = base.resolve(strict=True)
    if user is not None:
        for parent in (*reversed(folder.parents), folder):
            _check_kept_in_place(parent, user)
    for name in names:
        folder /= name
        with suppress(FileExistsError):
            folder.mkdir(mode=stat.S_IRWXU)
        if user is not None:
            _check_own(folder, user)
    return folder


def user() -> str:
    """This user's number, so that each has a place of their own in a folder that all share; 'own' on Windows, where
    each user's folder for temporary files is their own.
    """
    number = _number()
    return "own" if number is None else str(number)


def _number() -> int | None:
    """None where the system has no owners of folders in this sense."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def places() -> list[Path]:
    """Folders in which what was compiled may be kept, the best first: NUMBA_CACHE_DIR alone, where it is given."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return [Path(given)]
    found = []
    told = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    if told:
        found.append(Path(told))
    else:
        with suppress(RuntimeError):  # a service's user may have no home
            found.append(Path("~").expanduser() / ".cache")
    return [*found, Path(tempfile.gettempdir())]


def _check_kept_in_place(parent: Path, user: int) -> None:
    """Refuse a folder whose entries another user may rename: it is theirs, or open to them and not marked sticky."""
    found = parent.stat(follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{parent} is not a folder")
    if found.st_uid not in (user, ADMINISTRATOR):
        raise PermissionError(f"{parent} belongs to another user")
    if found.st_mode & OTHERS_WRITE and not found.st_mode & stat.S_ISVTX:
        raise PermissionError(f"{parent} may be written by other users")


def _check_own(folder: Path, user: int) -> None:
    """Refuse what is not this user's own; close what others may read, refuse what they may have written to."""
    found = folder.stat(follow_symlinks=False)
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{folder} is not a folder")
    if found.st_uid != user:
        raise PermissionError(f"{folder} belongs to another user")
    if found.st_mode & OTHERS_WRITE:
        raise PermissionError(f"{folder} may have been written to by other users; delete it")
    if found.st_mode & OTHERS_ANYTHING:
        folder.chmod(stat.S_IRWXU)
