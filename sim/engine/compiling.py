"""The model compiled by several processes at once, where it is not on disk yet.

A replicate is one kernel made of some thirty steps, and numba compiles one thing at a time in a process. So other
processes compile the steps into the cache, one of them puts the whole together, and this one loads it. What compiling
takes of memory goes with them: a process keeps it until its end, beside all that it goes on to hold. Without a writable
cache, or where no process can be begun, this one compiles alone. The result is the same code.
"""

from __future__ import annotations

import gc
import pickle
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from numba import typeof

from sim.engine import schedule
from sim.engine.kernel import cache_folder, is_warm
from sim.engine.schedule import run_months
from sim.engine.world import Now
from sim.platforms import processes
from sim.platforms.cores import cores
from sim.platforms.memory import peak_memory

MOST_HELPERS = 4
HELPER_SECONDS = 300.0
"""How long to wait for the helping processes. What they have not finished by then is compiled here."""
JOBS, WHOLE = "jobs", "whole"
ENOUGH = 500.0
"""MiB. A helping process that has held so much ends, and another goes on: what compiling takes is never given back."""
PAUSE = 0.02

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
    types = tuple(typeof(value) for value in given)
    with _one_at_a_time, _without_collecting():
        if whole.overloads:
            return
        if cache_folder() is not None and not is_warm():
            _share_out(steps(given), types, min(MOST_HELPERS, cores()))
        whole.compile(types)


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


def assist(folder: str, *, whole: bool = False) -> None:
    """What a helping process does: compile what no other has begun, then end. It also ends when the process that
    started it has gone.

    Args:
        folder: with the jobs; shared by all who help.
        whole: put the steps together instead, all of which are compiled.
    """
    processes.end_with(sys.stdin.buffer)
    shared = Path(folder)
    with _without_collecting():
        if whole:
            together: Any = run_months
            together.compile(pickle.loads((shared / WHOLE).read_bytes()))
        else:
            _work(pickle.loads((shared / JOBS).read_bytes()), shared)


def _share_out(jobs: list[Job], types: tuple[Any, ...], helpers: int) -> None:
    """Have the jobs, and then the whole, compiled into the cache by so many other processes at a time."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    program = f"import sys; sys.path.insert(0, {root!r}); from sim.engine.compiling import assist; assist(sys.argv[1]"
    latest = time.monotonic() + HELPER_SECONDS
    working: list[processes.Process] = []
    with suppress(OSError), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / JOBS).write_bytes(pickle.dumps(jobs))
        (folder / WHOLE).write_bytes(pickle.dumps(types))
        try:
            # -P: nothing is imported from the current folder.
            for _ in range(len(jobs)):
                _wait_for_room(working, helpers, latest)
                if len(_begun(folder)) == len(jobs) or time.monotonic() > latest:
                    break
                other = processes.start(["-P", "-c", f"{program})", name])
                if other is None:
                    break
                working.append(other)
            _wait_for_room(working, 1, latest)
            last = processes.start(["-P", "-c", f"{program}, whole=True)", name]) if _begun(folder) else None
            working += [] if last is None else [last]
            _wait_for_room(working, 1, latest)
        finally:
            for other in working:
                processes.end(other)


def _begun(folder: Path) -> list[Path]:
    """A file for each job that a process has begun."""
    return list(folder.glob("[0-9]*"))


def _wait_for_room(working: list[processes.Process], most: int, latest: float) -> None:
    """Wait until fewer than `most` processes work, or until `latest`; those that have ended are taken out."""
    while True:
        for other in [one for one in working if processes.has_ended(one, 0.0)]:
            processes.end(other)
            working.remove(other)
        if len(working) < most or time.monotonic() > latest:
            return
        time.sleep(PAUSE)


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
        if peak_memory() > ENOUGH:
            return


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Looking for garbage among what a compiler keeps takes a third of the time, so it is done afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
