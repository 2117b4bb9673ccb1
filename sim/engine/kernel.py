"""How a kernel is compiled: no fastmath, no global lock held, and a cache that cannot keep yesterday's rule.

Numba's cache looks at a function's own file only, so an edit in a rule would go unseen by the kernel that calls it. The
cache folder is therefore named by a digest of all sources that kernels are made of. Where no folder is writable and
safe from other users nothing is cached.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config
from numba.extending import register_jitable

from sim.platforms.private import places, private_folder, user
from sim.platforms.sources import as_they_count
from sim.rules.rule import IN_PLACE

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


COMPILED_FROM = (
    "engine/by_site.py",
    "engine/draws.py",
    "engine/kernel.py",
    "engine/sums.py",
    "engine/phases/*.py",
    "engine/schedule.py",
    "engine/world.py",
    "organisation/codes.py",
    "costs.py",
    "declare.py",
    "levers.py",
    "parameters.py",
    "family_parameters.py",
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
    for chunk in as_they_count(root, (found for pattern in COMPILED_FROM for found in root.glob(pattern))):
        digest.update(chunk)
    return digest.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Where compiled kernels are kept: a folder of this user alone, or None where there is none."""
    return _found()[0]


def why_uncached() -> str:
    """Why nothing is kept, in words; '' where something is."""
    return "" if cache_folder() is not None else "; ".join(_found()[1])


def _found() -> tuple[Path | None, list[str]]:
    """The first folder that can be used, and what is amiss with those before it."""
    amiss: list[str] = []
    for base in places():
        try:
            folder = private_folder(base, f"transformation-zones-{user()}", source_digest()[:16])
            with tempfile.TemporaryFile(dir=folder):
                return folder, amiss
        except OSError as error:
            amiss.append(f"{error.filename}: {error.strerror}" if error.strerror else str(error))
    return None, amiss


def is_warm() -> bool:
    """Is the whole model, compiled from these sources, on disk already?"""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("schedule.run_months*.nbc"))


def kernel(function: Kernel) -> Kernel:
    """Compile on first use, for kernels and Python; division by zero gives inf as numpy does (rules guard against it).

    Each is compiled, optimised and kept on its own, and Python can call it: for whole replicates and what tests call.
    """
    return _compiled(function, no_cpython_wrapper=False)


def step(function: Kernel) -> Kernel:
    """Compile one step of a month on its own, for the replicate that takes it in place: handing the arrays of a whole
    world to every step takes time. Python cannot call it, because unpacking a world takes longer to compile than most.
    """
    return _compiled(function, no_cpython_wrapper=True)


def _compiled(function: Kernel, *, no_cpython_wrapper: bool) -> Kernel:
    folder = cache_folder()
    compiled: Kernel = _kept_in(folder, function, no_cpython_wrapper=no_cpython_wrapper)
    if folder is not None and folder not in Path(compiled.stats.cache_path).parents:  # type: ignore[attr-defined]
        # The folder is full or gone, and numba would keep it where it likes.
        compiled = _kept_in(None, function, no_cpython_wrapper=no_cpython_wrapper)
    return compiled


def _kept_in(folder: Path | None, function: Kernel, *, no_cpython_wrapper: bool) -> Kernel:
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder) if folder else before
    try:
        compiled: Kernel = numba.njit(
            cache=folder is not None,
            nogil=True,
            error_model="numpy",
            no_cfunc_wrapper=True,
            no_cpython_wrapper=no_cpython_wrapper,
            forceinline=no_cpython_wrapper,
            **UNCOUNTED,
        )(function)
    finally:
        config.CACHE_DIR = before
    return compiled


def part(function: Kernel) -> Kernel:
    """Compile where a kernel calls it, as a piece of that kernel; Python still sees a plain function.

    A third of a kernel's compile time is its doors (to Python, to C) and its place in the cache; a piece has neither.
    """
    compiled: Kernel = register_jitable(no_cfunc_wrapper=True, forceinline=True, **UNCOUNTED)(function)
    vars(compiled)[IN_PLACE] = True
    return compiled
