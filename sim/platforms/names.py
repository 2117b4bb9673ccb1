"""Names of files that every system takes, and commands as the shell at hand takes them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence

RESERVED = {
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
}
"""Names of devices on Windows, with any ending: https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""
REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
LONGEST = 100
LONGEST_BYTES = 255 - len("..0123456789.part")
"""What is left of 255 where an unfinished file stands beside its place under a longer name."""
PLAIN = re.compile(r"[A-Za-z0-9_./:=+-]+")


def why_not(name: str) -> str:
    """Why some system refuses a file of this name, in words; '' where none does.

    Args:
        name: the last part of a path, with its ending or without.
    """
    found = REFUSED.search(name)
    if found:
        return f"holds {found[0]!r}, which Windows does not allow in a name"
    if name.partition(".")[0].rstrip().upper() in RESERVED:
        return "is the name of a device on Windows, where no file can be called so"
    if name != name.rstrip(" ."):
        return "ends in a dot or a space, which Windows drops"
    if len(name.encode()) > LONGEST_BYTES:
        return f"has {len(name):,} letters, which is more than a name may have"
    return "" if name else "is empty"


def safe(name: str, most: int = LONGEST) -> str:
    """A name that every system takes: as given where that is one, mended otherwise.

    Args:
        name: part of a file's or folder's name.
        most: letters it may have.
    """
    mended = REFUSED.sub("-", name)[:most].rstrip(" .") or "-"
    while len(mended.encode()) > LONGEST_BYTES:
        mended = mended[:-1].rstrip(" .") or "-"
    device, dot, ending = mended.partition(".")
    return f"{device}-{dot}{ending}" if why_not(mended) else mended


def command_line(words: Sequence[str]) -> str:
    """Words of a command as one types them here: for PowerShell and cmd on Windows, for a POSIX shell elsewhere.

    Either is read back by `shlex.split`.
    """
    if sys.platform != "win32":
        return shlex.join(words)
    return " ".join(word if PLAIN.fullmatch(word) else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """In double quotes, which both shells of Windows take; in single ones where a sign means something within them."""
    if re.search(r'["$`]|\\\\|\\$', word):
        return shlex.quote(word)
    return f'"{word}"'
