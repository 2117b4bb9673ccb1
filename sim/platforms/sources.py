"""Sources as they count for a digest: alike on every system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def as_they_count(root: Path, files: Iterable[Path]) -> Iterator[bytes]:
    """Names and contents to take a digest of, in one order.

    Args:
        root: the folder that names are told from.
        files: files within it; git on Windows may have given them other line ends, and Windows sorts otherwise.
    """
    for path in sorted(files, key=lambda p: p.relative_to(root).parts):
        yield path.relative_to(root).as_posix().encode() + b"\0"
        yield path.read_bytes().replace(b"\r\n", b"\n") + b"\0"
