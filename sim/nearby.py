"""A file that is not there: what to say instead of "no such file": the folder looked in, and names like it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from sim.errors import shortened

MOST_LOOKED_AT = 2_000
MOST_NAMED = 3
CLOSE = 0.6


def near(path: Path, endings: Iterable[str] = ()) -> list[str]:
    """Files or folders that may be meant by a path where nothing is, best first.

    Args:
        path: where nothing is.
        endings: endings that are wanted, for example '.csv'; () for any.

    Returns:
        At most three paths: of the same name but for capitals or ending, of a name like it, or of the same name in a
        folder within the one looked in.
    """
    folder, wanted = path.parent, tuple(endings)
    there = [p.name for p in _within(folder) if not wanted or p.suffix.lower() in wanted or p.is_dir()]
    plain = {name.casefold(): name for name in there}
    asked = path.name.casefold()
    same = [plain[name] for name in plain if name == asked or (not path.suffix and Path(name).stem == asked)]
    close = [plain[name] for name in get_close_matches(asked[:200], plain, n=MOST_NAMED, cutoff=CLOSE)]
    found = [str(folder / name) for name in dict.fromkeys([*same, *close])]
    if not same:
        deeper = (sub / path.name for sub in _within(folder) if sub.is_dir())
        found = [*(str(p) for p in deeper if p.exists()), *found]
    return found[:MOST_NAMED]


def not_there(path: Path, endings: Iterable[str] = ()) -> str:
    """Sentence on a path where nothing is: the folder looked in and what may be meant."""
    folder, name = path.parent, shortened(path.name, 200)
    looked = shortened(str(folder.absolute()), 300)
    if not folder.is_dir():
        return f"there is no such file: there is no folder {looked} in which '{name}' could be"
    likely = near(path, endings)
    hint = f" (did you mean {' or '.join(shortened(p, 300) for p in likely)}?)" if likely else ""
    return f"there is no such file '{name}' in {looked}{hint}" if endings else f"there is no '{name}' in {looked}{hint}"


def _within(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(p for p in islice(folder.iterdir(), MOST_LOOKED_AT) if not p.name.startswith("."))
    return []
