"""An update's folder as one file: a ZIP archive that is kept, sent on or brought back, and checked before it is read.

Nothing is unpacked by the name that the archive gives it: only files that an update has are looked for, each up to a
size that none of ours has, and everything else in the archive is left alone.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sim.errors import ResultError, quoted
from sim.observed.contents import MANIFEST, OBSERVED, ROWS, Read
from sim.observed.folder import write_files
from sim.observed.tables import COURSE, FORECAST, GATES, MOVED, REPORT, RUNS
from sim.results import unnamed
from sim.results.kept_organisation import FACTS, TABLES
from sim.strict import is_file

END = ".zip"
MEBIBYTE = 1024**2
LARGEST = 256 * MEBIBYTE
MOST_FILES = 200
SIZES = {
    MANIFEST: 1, ROWS: 4, OBSERVED: 8, RUNS: 32, FORECAST: 16, COURSE: 1, MOVED: 1, GATES: 1, REPORT: 1,
    f"{unnamed.APART}/{unnamed.NOTE}": 1, f"{unnamed.APART}/{FACTS}": 16,
    **{f"{unnamed.APART}/{name}.parquet": 128 for name in TABLES},
}  # fmt: skip
"""What an update's folder may have, and how large each may be, MiB."""
AS_KEPT = "give the file as it was kept."
NEEDED = (MANIFEST, ROWS, OBSERVED, RUNS)
_DAY = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """Files of an update in one archive, all in one folder of that name; the same files give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(f"{folder}/{name}", _DAY)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = (0o600 if name == OBSERVED else 0o644) << 16
            archive.writestr(about, content)
    return written.getvalue()


def unpacked(content: bytes, where: str, names: Collection[str] = NEEDED) -> dict[str, bytes]:
    """Files of an update by their names in its folder; whatever else the archive holds is left alone.

    Args:
        content: of the archive.
        where: its name, for messages.
        names: which of SIZES to read, where they are there.

    Raises:
        ResultError: no sound archive, one of the files that are needed is missing, there twice or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _content(archive, one, name, where) for name, one in _listed(archive, where, names).items()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        if isinstance(error, ResultError):
            raise
        raise ResultError(f"{where}: is not a sound ZIP archive; {AS_KEPT}") from None


def reader_of(files: Mapping[str, bytes]) -> Read:
    """Gives files of an archive as a folder would."""

    def read(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(2, "no such file", name)
        return files[name]

    return read


@contextmanager
def as_folder(path: Path) -> Iterator[Path]:
    """An update's folder as it is, or that of an archive while it is needed: private, and removed afterwards.

    Raises:
        ResultError: an archive that cannot be read, or that is no update.
    """
    if path.suffix.lower() != END or not is_file(path):
        yield path
        return
    if path.stat().st_size > LARGEST:
        raise ResultError(f"{path.name}: is larger than {LARGEST // MEBIBYTE} MiB; is it an update that was kept?")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"{path.name}: cannot be read ({error.strerror or error}).") from None
    files = unpacked(content, path.name, SIZES)
    with tempfile.TemporaryDirectory(prefix="zones-update-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / path.stem
        folder.mkdir()
        write_files(files, folder)
        yield folder


def _listed(archive: zipfile.ZipFile, where: str, names: Collection[str]) -> dict[str, zipfile.ZipInfo]:
    """Where the files of these names are in the archive."""
    listed = archive.infolist()
    if len(listed) > MOST_FILES:
        raise ResultError(f"{where}: holds {len(listed):,} files, more than an update has; {AS_KEPT}")
    ends = [one.filename.removesuffix(MANIFEST) for one in listed if one.filename.rpartition("/")[2] == MANIFEST]
    tops = [top for top in ends if top.count("/") <= 1]
    if len(tops) != 1:
        raise ResultError(f"{where}: is no update that was kept: it must hold one {MANIFEST}, and holds {len(tops)}.")
    found: dict[str, zipfile.ZipInfo] = {}
    for one in listed:
        name = one.filename.removeprefix(tops[0])
        if name not in SIZES or not one.filename.startswith(tops[0]):
            continue
        if name in found:
            raise ResultError(f"{where}: holds {quoted(name)} twice; {AS_KEPT}")
        found[name] = one
    if missing := [name for name in NEEDED if name not in found]:
        raise ResultError(f"{where}: lacks {', '.join(missing)}; {AS_KEPT}")
    return {name: one for name, one in found.items() if name in names}


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo, name: str, where: str) -> bytes:
    """A file's content, read no further than a file of ours may be large."""
    most = SIZES[name] * MEBIBYTE
    if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ResultError(f"{where}: {name} is compressed in a way that is not read here; {AS_KEPT}")
    with archive.open(one) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ResultError(f"{where}: {name} is larger than {SIZES[name]} MiB; {AS_KEPT}")
    return content
