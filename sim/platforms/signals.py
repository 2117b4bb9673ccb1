"""Orders to end: from the system, from a terminal that closes, from Ctrl-Break on Windows."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDINGS = ("SIGTERM", "SIGHUP", "SIGBREAK")
Handler = Callable[[int, FrameType | None], Any]


def numbers() -> list[int]:
    """The endings that this system knows."""
    return [int(getattr(signal, name)) for name in ENDINGS if hasattr(signal, name)]


def heed(handler: Handler) -> dict[int, Any]:
    """Have every order to end be answered by `handler`; a process that is to outlive its terminal (nohup) goes on.

    Returns:
        What was to be done before, for `restore`; nothing where signals belong to another thread.
    """
    found: dict[int, Any] = {}
    if threading.current_thread() is not threading.main_thread():
        return found
    for number in numbers():
        if (before := signal.getsignal(number)) is not signal.SIG_IGN:
            found[number] = before
            signal.signal(number, handler)
    return found


def restore(before: dict[int, Any]) -> None:
    """Answer them as before."""
    for number, handler in before.items():
        signal.signal(number, handler if handler is not None else signal.SIG_DFL)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While finished work is being kept: a closed terminal or an order to end waits until it is kept, then counts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda n, _: came.append(n)) for number in numbers()}
    try:
        yield
    finally:
        restore(before)
        for number in came:
            signal.raise_signal(number)
