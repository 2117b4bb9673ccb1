"""The screen where systems differ: encodings without a pound sign, lines drawn anew, readers that go."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys
import unicodedata
from pathlib import Path

NEAREST = "zones-nearest-sign"
SIGNS = {"£": "GBP ", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">="}


def prepare_streams() -> None:
    """Have a screen that lacks a sign (a pound sign, say) get the nearest it has, instead of an error."""
    codecs.register_error(NEAREST, _nearest)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # started with it closed (>&-), or without a console on Windows
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NEAREST)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = (SIGNS.get(c) or unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode() for c in lacking)
    return "".join(p or ascii(c)[1:-1] for p, c in zip(plain, lacking, strict=True)), error.end


def let_go() -> None:
    """Send what was still to be printed nowhere, so that the end of the process does not stumble over it."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def reader_has_gone(error: OSError) -> bool:
    """Did the reader of a pipe (head, less, more) leave? Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def drawn_over(text: str, columns: int) -> str:
    """A terminal's line as it is to be sent to stand in the place of the line before.

    Args:
        text: the line.
        columns: of the terminal; older consoles of Windows print the sign that clears a line, so spaces do it there.
    """
    if sys.platform == "win32" or os.environ.get("TERM") == "dumb":
        return f"\r{text[: columns - 1]:<{columns - 1}}"
    return f"\r\033[K{text}"
