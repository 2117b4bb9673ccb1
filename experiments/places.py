"""What with-teams plans for places of any size, and what comes of it: the table of docs/places.md.

    python experiments/places.py docs/places.md RUNS 'NAME=LIST.csv,OTHER.csv'...

A name without lists is a generated area of so many sites ('15 sites'). Lists of a nation are given together.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import sim
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble
from sim.evidence.page import fill
from sim.organisation.generate import synthetic
from sim.organisation.organisation import Organisation
from sim.results.attention import shortage
from sim.results.compare import summarise
from sim.results.marked import at_mark
from sim.results.words import summary_words

SCENARIO = "with-teams"
HEADS = (
    "place", "the plan", "need served at fidelity: 5 years, 10 years",
    "sites in full implementation: 5 years, 10 years", "cost: 5 years, 10 years", "core teams short of attention",
)  # fmt: skip


def place_of(asked: str) -> tuple[str, Organisation]:
    """The name, and the place that its lists make."""
    name, _, lists = asked.partition("=")
    if lists:
        return name, sim.load_area(lists.split(","))
    return name, synthetic.generate({"sites": int(name.split()[0])})


def row(name: str, place: Organisation, runs: int) -> str:
    """A line of the table."""
    found = sim.run(SCENARIO, area=place, replicates=runs).ensembles[0]
    cells = [name, plan(found)]
    for measure in ("need_served_at_fidelity_share", "sites_full_share", "cost_total"):
        cells.append(", ".join(summary_words(summarise(found, m)) for m in (at_mark(measure), measure)))
    short = shortage(found)
    told = f"{len(short.months)} of {found.months} months, at worst {short.worst:.1f} times" if short else "never"
    return "| " + " | ".join([*cells, told]) + " |"


def plan(found: Ensemble) -> str:
    """The plan in a line: sites, areas, core teams, what each zone takes when."""
    setup = prepare(found.scenario, found.organisation, found.months)
    sizes = np.bincount(found.site_zone, minlength=len(found.zones))
    zones = ", ".join(f"{n:,} from month {z.opens}" for n, z in zip(sizes, found.scenario.zones, strict=False))
    areas, cores = len(found.organisation.areas), setup.teams.core_count
    where = f" in {areas} councils" if areas > 1 else ""
    return f"{len(found.site_zone):,} sites{where}, {cores} core team{'s' if cores > 1 else ''}; sites: {zones}"


def main(page: Path, runs: int, asked: list[str]) -> None:
    """Rewrite the table in place."""
    lines = ["| " + " | ".join(HEADS) + " |", "|" + "---|" * len(HEADS)]
    for one in asked:
        lines.append(row(*place_of(one), runs))
        print(lines[-1], flush=True)
    page.write_text(fill(page.read_text(encoding="utf-8"), {"places": lines}), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
