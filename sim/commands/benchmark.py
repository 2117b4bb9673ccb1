"""`zones benchmark`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.console import say, show, show_json
from sim.counts import counted
from sim.platforms import cores

if TYPE_CHECKING:
    from sim.engine.benchmark.row import Row

WIDTHS = "{:<66} {:>9} {:>10} {:<17} {}"


def benchmark(asked: Namespace) -> None:
    """Measure, and print a row as soon as it is known."""
    from sim.commands.runs import warn_if_cold
    from sim.engine.benchmark.table import table

    warn_if_cold("batch")
    found = []
    say(f"{counted(cores.cores(), 'core')}; load when it began {load()}. Close other programs first.")
    if not asked.json:
        show(WIDTHS.format("measure", "asked", "measured", "unit", "met"))
    nation = [Path(name) for name in asked.nation]
    for row in table(quick=asked.quick, nation=nation, progress=say):
        found.append(row)
        if not asked.json:
            show(told(row))
    if asked.json:
        show_json([row.as_dict() for row in found])
    missed = [row.measure for row in found if row.met is False]
    say("", f"{len(missed)} of {sum(row.met is not None for row in found)} targets were missed.")


def load() -> str:
    """The load of the last minute, in words."""
    found = cores.load()
    return "not known" if found is None else f"{found:.1f}"


def told(row: Row) -> list[str]:
    """A row in words, its note below it."""
    met = {True: "yes", False: "NO", None: "-"}[row.met]
    asked = "-" if row.asked != row.asked else f"{'<=' if row.most else '>='} {row.asked:,.4g}"
    measured = "-" if row.measured != row.measured else f"{row.measured:,.4g}"
    lines = [WIDTHS.format(row.measure, asked, measured, row.unit, met)]
    return lines + ([f"    {row.note}"] if row.note else [])
