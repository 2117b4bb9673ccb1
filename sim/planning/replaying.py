"""A search made again from its folder alone, and its files compared."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sim.errors import ResultError
from sim.planning.folder import MANIFEST, SAMPLE, open_folder
from sim.planning.study import find
from sim.planning.writing import DATA, files
from sim.results import unnamed
from sim.sweeps.runner import Threads
from sim.sweeps.store import PARTS

IDENTICAL, DIFFERENT, MISSING = "identical", "differs", "missing"


def replay(folder: Path, threads: int | None = None) -> dict[str, str]:
    """Search again, with every run run again.

    Args:
        folder: of a search that is complete.
        threads: threads to use, None for all cores.

    Returns:
        A verdict by file.

    Raises:
        SweepError: not such a folder, or another version of the model.
        ResultError: the search is not complete.
    """
    made = open_folder(folder)
    if not (folder / DATA).is_file():
        raise ResultError(f"{folder}: the search is not complete; go on with: zones resume {folder}")
    with tempfile.TemporaryDirectory(prefix="zones-replay-") as scratch:
        copy = Path(scratch) / "plan"
        (copy / PARTS).mkdir(parents=True)
        shutil.copy(folder / MANIFEST, copy)
        if (folder / SAMPLE).is_file():
            shutil.copy(folder / SAMPLE, copy)
        shutil.copytree(folder / unnamed.APART, copy / unnamed.APART)
        texts = files(find(open_folder(copy), lambda: Threads(threads)).answer)
    there = {path.name for path in made.folder.glob("plan-*.toml")}
    names = sorted({*texts, *there})
    return {name: _verdict(folder / name, texts.get(name)) for name in names}


def _verdict(path: Path, again: str | None) -> str:
    if not path.is_file():
        return MISSING
    return IDENTICAL if again is not None and path.read_bytes() == again.encode("utf-8") else DIFFERENT
