"""Memory: giving it back to the system, a limit on it, and the most that this process has held."""

from __future__ import annotations

import sys
from contextlib import suppress

MMAP_THRESHOLD = -3
LARGE = 1 << 20


def give_back_memory() -> bool:
    """Have large arrays go back to the system when they are freed, where the C library is glibc.

    Every session of the pages works in a thread of its own, and each thread would keep what it has freed: a gigabyte
    after a dozen.

    Returns:
        Whether the system accepted it; if not, nothing has changed.
    """
    if not sys.platform.startswith("linux"):
        return False
    # musl has no mallopt; some Pythons have no ctypes.
    with suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes

        return bool(ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE))
    return False


def limit_memory(mebibytes: int) -> bool:
    """Have the system refuse this process more memory than that.

    Returns:
        Whether the system accepted it; Windows and macOS have no such limit.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        import resource

        most = mebibytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        return False
    return True


def peak_memory() -> float:
    """Most memory this process has held, MiB; NaN where neither the system nor psutil tells."""
    try:
        import resource
    except ImportError:  # Windows
        return _peak_by_psutil()
    most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


def _peak_by_psutil() -> float:
    with suppress(ImportError, AttributeError):
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1024**2
    return float("nan")
