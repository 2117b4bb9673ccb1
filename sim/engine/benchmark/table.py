"""The whole table, a row as soon as it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.engine.benchmark import peers, phases, replicates, starting
from sim.engine.benchmark.row import Row
from sim.organisation.tables import load


def table(*, quick: bool, nation: Sequence[Path] = ()) -> Iterator[Row]:
    """Measure one thing after another.

    Args:
        quick: smaller areas, fewer rounds, nothing compiled anew: minutes rather than a quarter of an hour.
        nation: a nation's lists of sites; a generated nation of the same size stands in.

    Yields:
        Rows in the order of docs/performance.md.
    """
    yield from starting.command_line(quick)
    yield from replicates.default_area(quick)
    yield from phases.rows(quick)
    yield from replicates.against_mesa(quick)
    yield from replicates.threads(quick)
    yield from replicates.growth(quick)
    yield from starting.files(quick, nation)
    yield from replicates.nation(quick, load(list(nation)) if nation else None)
    yield from peers.rows(quick)
