"""Further processes of this Python."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO

Process = subprocess.Popen[bytes]
LOOK = 0.5
"""Seconds between two looks at a pipe on Windows."""


def start(words: Sequence[str], *, environment: Mapping[str, str] | None = None, heard: bool = False) -> Process | None:
    """Begin a process of the Python that this one runs in.

    Args:
        words: what follows its name on a command line.
        environment: variables of the system, None for this process's.
        heard: what it prints can be read from `stdout`.

    Returns:
        The process, whose input stays open until it is ended, so that it can see this one's end there; None where no
        process can be begun: Python is built into another program, or the system allows no more.
    """
    if not sys.executable:
        return None
    nowhere, pipe = subprocess.DEVNULL, subprocess.PIPE
    try:
        return subprocess.Popen(
            [sys.executable, *words],
            stdin=pipe,
            stdout=pipe if heard else nowhere,
            stderr=nowhere,
            env=None if environment is None else dict(environment),
        )
    except (OSError, NotImplementedError):
        return None


def answer(process: Process, given: bytes, seconds: float) -> bytes:
    """What it prints when it is given this on its input, once it has ended without a fault; nothing if it takes longer.

    Args:
        process: begun with `heard`; ended here in any case.
        given: for its input.
        seconds: how long it may take.
    """
    try:
        said, _ = process.communicate(given, timeout=seconds)
    except (subprocess.TimeoutExpired, OSError):
        said = b""
    finally:
        end(process)
    return said if process.returncode == 0 else b""


def give_way() -> None:
    """Give way to everything else that runs on this machine, where the system allows it."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(10)


def end_with(pipe: IO[bytes]) -> None:
    """End this process once whoever began it has gone: its end of the pipe is then closed."""

    def wait() -> None:
        _wait_for_the_end(pipe.fileno())  # not through the buffer, whose lock would be held when Python ends
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _wait_for_the_end(pipe: int) -> None:
    """Return once the other end of a pipe is closed, which nobody writes to any more.

    On Windows a read that waits keeps the pipe busy. A library that looks at standard input while it is loaded (those
    of scipy and numpy do) would then wait for as long as the read. So there the pipe is only looked at now and then.
    """
    if sys.platform == "win32":
        import _winapi
        import msvcrt

        with suppress(OSError):
            while True:
                _winapi.PeekNamedPipe(msvcrt.get_osfhandle(pipe), 0)
                time.sleep(LOOK)
    else:
        while os.read(pipe, 1024):
            pass


def has_ended(process: Process, seconds: float) -> bool:
    """Wait for its end, so long at most."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def end(process: Process) -> None:
    """End it, if it has not ended, and let go of its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was not yet written can no longer be
                pipe.close()
