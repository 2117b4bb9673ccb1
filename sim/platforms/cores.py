"""How many processor cores this process may use."""

from __future__ import annotations

import os
from contextlib import suppress
from math import ceil
from pathlib import Path

SHARE = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use, in Linux's words: microseconds of processor time, and in how many; or 'max'."""


def cores() -> int:
    """Cores that this process may use, at least 1.

    Where Linux binds the process to some cores or a container has a share of them, that counts; elsewhere all cores of
    the machine.
    """
    return max(1, min(_bound_to(), _share()))


def load() -> float | None:
    """How many processes wanted a core, on average over the last minute; None where the system does not say."""
    with suppress(AttributeError, OSError):
        return os.getloadavg()[0]
    return None


def _bound_to() -> int:
    with suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _share() -> int:
    with suppress(OSError, ValueError, ZeroDivisionError):
        most, within = SHARE.read_text(encoding="ascii").split()
        if most != "max":
            return ceil(int(most) / int(within))
    return os.cpu_count() or 1
