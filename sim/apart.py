"""Work in a separate process: it gets its order on its input and reports line by line on its output."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

from sim.errors import ZonesError
from sim.platforms.processes import Process, end_with, give_way

HEAD = 8
LONGEST_LINE = 32_000_000


def framed(body: bytes) -> bytes:
    """Bytes after their own length, so that the other side knows where they end."""
    return len(body).to_bytes(HEAD, "big") + body


def unframed(stream: IO[bytes]) -> bytes:
    """What was framed, read from a stream; what follows it stays there."""
    return stream.read(int.from_bytes(stream.read(HEAD), "big"))


def sent(order: object) -> bytes:
    """An order as `work` reads it."""
    return framed(pickle.dumps(order))


def work(found: Callable[[Any], Mapping[str, Any]], ahead: Callable[[], None] | None = None) -> None:
    """Do what the order on the input asks, and report the outcome.

    Ends at once when the process that gave the order, or was to give it, has gone. Reports `{"done": ...}`, or
    `{"error": words}` where the project refuses the input.

    Args:
        found: does what an order asks.
        ahead: done before there is an order, so that it is answered sooner; `found` then gives way to all other work
            when it likes. None: it gives way from the beginning.
    """
    if ahead is None:
        give_way()
    else:
        ahead()
    order = unframed(sys.stdin.buffer)
    if not order:
        return
    end_with(sys.stdin.buffer)
    try:
        tell({"done": found(pickle.loads(order))})
    except ZonesError as error:
        tell({"error": str(error)})


def tell(said: Mapping[str, Any]) -> None:
    """Report one line to the process that listens."""
    sys.stdout.write(json.dumps(said, allow_nan=False) + "\n")
    sys.stdout.flush()


def follow(process: Process, order: bytes, heard: Callable[[dict[str, Any]], bool]) -> None:
    """Give a process its order and pass on what it reports, until it ends or `heard` wants no more.

    Args:
        process: begun with `heard`.
        order: from `sent`.
        heard: gets each line; False: this was the last.
    """
    with suppress(OSError, ValueError):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order)
        process.stdin.flush()
        while (line := process.stdout.readline(LONGEST_LINE)) and heard(json.loads(line)):
            pass
