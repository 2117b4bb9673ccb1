"""The model compiled by several processes at once, where it is not on disk yet.

A replicate is one kernel made of some thirty steps, and numba compiles one thing at a time in a process. So other
processes compile some of the steps into the cache, and this one compiles the rest and then the whole. Without a
writable cache, or with one core, it compiles alone. The result is the same code.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from numba import typeof

from sim.engine import schedule
from sim.engine.kernel import cache_folder, is_warm
from sim.engine.schedule import run_months
from sim.engine.world import Now
from sim.platforms import processes
from sim.platforms.cores import cores

MOST_HELPERS = 3
HELPER_SECONDS = 120.0
"""How long to wait for a helping process. What it has not finished by then is compiled here."""

Job = tuple[str, str, tuple[Any, ...]]
_one_at_a_time = Lock()


def ready(given: tuple[Any, ...]) -> None:
    """Compile `run_months` for arguments like these, or load it; at once where that has been done.

    Args:
        given: the arguments of a replicate; nothing is run and none is changed.
    """
    whole: Any = run_months
    if whole.overloads:
        return
    with _one_at_a_time, _without_collecting():
        if whole.overloads:
            return
        helpers = min(MOST_HELPERS, cores() - 1)
        if helpers > 0 and cache_folder() is not None and not is_warm():
            _share_out(steps(given), helpers)
        whole.compile(tuple(typeof(value) for value in given))


def steps(given: tuple[Any, ...]) -> list[Job]:
    """The steps a replicate takes: module, name and types of arguments; last taken first, as those are largest."""
    world, parameters, out, span = given
    at_hand = world._asdict() | {"w": world.actors, "p": parameters, "out": out, "now": Now(span.key, 0)}
    types = {name: typeof(value) for name, value in at_hand.items()}
    found = [
        (step.compiled.__module__, step.name, tuple(types[need] for need in step.needs))
        for step in (*schedule.FIRST_DAY, *schedule.ORDER)
    ]
    return found[::-1]


def assist(folder: str) -> None:
    """What a helping process does: compile what no other has begun, then end. It ends with the one that began it,
    whose end it sees at the other end of its input.
    """
    Thread(target=_end_at_end_of_input, daemon=True).start()
    with _without_collecting():
        _work(pickle.loads((Path(folder) / "jobs").read_bytes()), Path(folder))


def _end_at_end_of_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _share_out(jobs: list[Job], helpers: int) -> None:
    """Compile the jobs into the cache, with `helpers` other processes."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    program = f"import sys; sys.path.insert(0, {root!r}); from sim.engine.compiling import assist; assist(sys.argv[1])"
    with suppress(OSError), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "jobs").write_bytes(pickle.dumps(jobs))
        # -P: nothing is imported from the current folder.
        begun = (processes.start(["-P", "-c", program, name]) for _ in range(helpers))
        others = [other for other in begun if other is not None]
        try:
            _work(jobs, folder)
            for other in others:
                processes.has_ended(other, HELPER_SECONDS)
        finally:
            for other in others:
                processes.end(other)


def _work(jobs: list[Job], folder: Path) -> None:
    """Begin one job after another; the process that makes the file with its number has it."""
    for number, (module, name, types) in enumerate(jobs):
        try:
            (folder / str(number)).touch(exist_ok=False)
        except FileExistsError:
            continue
        except OSError:
            return
        getattr(import_module(module), name).compile(types)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A third of the time goes into looking for garbage among what a compiler keeps; so it is looked for afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
