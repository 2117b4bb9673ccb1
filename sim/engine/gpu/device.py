"""The GPU of this machine, for the engine, whose errors tell what to do without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sim.errors import GpuError
from sim.platforms.nvidia import Gpu, NvidiaError, first_gpu, told

INSTEAD = "Without --engine gpu the same results come from the processor."


@contextmanager
def watched() -> Iterator[None]:
    """What goes wrong on the GPU is told as an error of ours."""
    try:
        with told():
            yield
    except NvidiaError as error:
        raise GpuError(f"{error} {INSTEAD}") from error


@cache
def gpu() -> Gpu:
    """The first GPU of this machine.

    Raises:
        GpuError: there is none, or not what is needed to use it.
    """
    with watched():
        return first_gpu()
