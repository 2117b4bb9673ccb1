"""How a kernel is compiled: no fastmath, no global lock held, and a cache that cannot keep yesterday's rule.

Numba's cache looks at a function's own file only, so an edit in a rule would go unseen by the kernel that calls it. The
cache folder is therefore named by a digest of all sources that kernels are made of. Where no folder is writable nothing
is cached.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config
from numba.extending import register_jitable

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


COMPILED_FROM = (
    "engine/draws.py",
    "engine/kernel.py",
    "engine/sums.py",
    "engine/phases/*.py",
    "engine/schedule.py",
    "engine/world.py",
    "organisation/codes.py",
    "declare.py",
    "levers.py",
    "parameters.py",
    "rules/*.py",
)


UNCOUNTED = {"_nrt": False}
"""No array is made in a kernel (a world brings all it needs), so none is counted: numba would count every array of the
world up and down, atomically, wherever one kernel or piece calls another.
"""


@cache
def source_digest() -> str:
    """SHA-256 over the names and contents of all sources that kernels are made of."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(found for pattern in COMPILED_FROM for found in root.glob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Where compiled kernels are kept, or None where nothing is writable."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache")
    for base in (Path(given),) if given else (home, Path(tempfile.gettempdir())):
        folder = base / "transformation-zones" / source_digest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


def is_warm() -> bool:
    """Is the whole model, compiled from these sources, on disk already?"""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("schedule.run_months*.nbc"))


def kernel(function: Kernel) -> Kernel:
    """Compile on first use, for kernels and Python; division by zero gives inf as numpy does (rules guard against it).

    Each is compiled, optimised and kept by itself, with a door for Python: for whole replicates and what tests call.
    """
    return _compiled(function, no_cpython_wrapper=False)


def step(function: Kernel) -> Kernel:
    """Compile one step of a month by itself, for the replicate that calls it; without a door for Python, as unpacking
    a whole world for each would take longer to compile than most steps.
    """
    return _compiled(function, no_cpython_wrapper=True)


def _compiled(function: Kernel, *, no_cpython_wrapper: bool) -> Kernel:
    folder = cache_folder()
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder) if folder else before
    try:
        compiled: Kernel = numba.njit(
            cache=folder is not None,
            nogil=True,
            error_model="numpy",
            no_cfunc_wrapper=True,
            no_cpython_wrapper=no_cpython_wrapper,
            **UNCOUNTED,
        )(function)
    finally:
        config.CACHE_DIR = before
    return compiled


def part(function: Kernel) -> Kernel:
    """Compile where a kernel calls it, as a piece of that kernel; to Python it stays a plain function.

    A third of a kernel's compile time is its doors (to Python, to C) and its place in the cache; a piece has neither.
    """
    compiled: Kernel = register_jitable(no_cfunc_wrapper=True, forceinline=True, **UNCOUNTED)(function)
    return compiled
