"""The whole table, a row as soon as it is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sim.engine.benchmark import gpu, memory, peers, phases, replicates, starting, steps
from sim.engine.benchmark.row import Row
from sim.errors import ZonesError
from sim.organisation.files.tables import load


def table(*, quick: bool, nation: Sequence[Path] = (), progress: Callable[[str], None] = print) -> Iterator[Row]:
    """Measure one thing after another; what cannot be measured here has a row that says why.

    Args:
        quick: smaller areas, fewer rounds, nothing compiled again.
        nation: a nation's lists of sites; a generated nation of the same size if there are none.
        progress: called with what is being measured.

    Yields:
        Rows in the order of docs/performance.md.

    Raises:
        OrganisationError: the nation's lists cannot be read; before anything is measured.
    """
    place = load(list(nation)) if nation else None
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "the command line": lambda: starting.command_line(quick),
        "memory": lambda: memory.rows(quick),
        "the default area": lambda: replicates.default_area(quick),
        "months against random words": lambda: phases.rows(quick),
        "a month step by step": lambda: steps.rows(quick),
        "the Mesa model": lambda: replicates.against_mesa(quick),
        "threads": lambda: replicates.threads(quick),
        "peers": lambda: peers.rows(quick),
        "files": lambda: starting.files(quick, nation),
        "a nation": lambda: replicates.nation(quick, place),
        "growth": lambda: replicates.growth(quick),
        "a GPU": lambda: gpu.rows(quick),
    }
    begun = time.monotonic()
    for number, (name, part) in enumerate(parts.items(), 1):
        progress(f"{time.monotonic() - begun:4.0f} s  {number} of {len(parts)}: {name} ...")
        try:
            yield from part()
        except (ImportError, MemoryError, OSError, ZonesError) as error:
            yield Row(name, float("nan"), float("nan"), "-", note=f"could not be measured: {error}")
    progress(f"{time.monotonic() - begun:4.0f} s  done")
