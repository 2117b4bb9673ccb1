"""Digests of what the compiled engine gives for fixed questions. Speed may never change them; the model may.

After a change that is meant to move numbers, make them again and commit them with it: `python tests/engine/golden.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from engine_builders import AROUND, FULL, busy, place, surrounded, with_today

from sim.engine.batch import simulate
from sim.engine.sums import Ensemble
from sim.engine.world import BLOCK
from sim.organisation.generate import synthetic
from sim.scenarios.files import load, names

FILE = Path(__file__).with_name("golden.json")
SAMPLE = (
    {"lapse": 0.03, "identify_practice": 0.4, "turnover_care": 0.3, "resolve": 0.05},
    {"start_peers": 0.05, "awareness_mass": 0.004, "offer": 1.5, "episode_months": 4.0},
    {"capacity_growth": 0.2, "lapse_peers": 0.0, "identify": 0.0, "turnover_education": 0.05},
)
"""Rows of a parameter sample, written out so that a new calibration leaves the digests alone."""

Question = Callable[[int], Ensemble]

SINCE = {"site_course"}
"""Arrays that are there since the digests were made."""
AS_PINNED = {"family": 12, "area": 10}
"""How many columns an array had when its digests were made; those added since are not in them."""


def asked(scenario, organisation, **how) -> Question:
    """The question, to be run on so many threads."""
    settings = {"replicates": 3, "seed": 11, **how}
    return lambda threads: simulate(scenario, organisation, threads=threads, **settings)


def questions() -> dict[str, Question]:
    """All that is pinned, by name."""
    found = {name: asked(load(name), place(sites=10), months=48) for name in names()}
    teams = load("with-teams")
    everything = replace(teams, levers=teams.levers | AROUND)
    sharing = replace(teams, levers=teams.levers | {"external_teams": 1.0})
    wide = synthetic.generate({"sites": 60, "areas": 6, "practitioners": 700, "families": 4000})
    return found | {
        "with-teams, sampled": asked(teams, place(sites=12), sample=SAMPLE),
        "without-teams, sampled": asked(load("without-teams"), place(sites=12), sample=SAMPLE),
        "with-teams, default area": asked(teams, synthetic.generate({}), replicates=2),
        "without-teams, default area": asked(load("without-teams"), synthetic.generate({}), replicates=2, seed=0),
        "all levers": asked(everything, place(sites=12, families=900), sample=SAMPLE),
        "all levers, several areas": asked(everything, place(sites=18, areas=3)),
        "busy": asked(busy(), place(sites=12)),
        "busy, from today's state": asked(busy(), with_today(place(sites=12), 3)),
        "surrounded": asked(surrounded(), place(sites=12)),
        "surrounded, from today's state": asked(surrounded(), with_today(place(sites=15, areas=3), 1)),
        "high turnover, no training": asked(
            busy(levers=FULL | {"turnover_factor": 4.0, "training": 0.0}), place(sites=12)
        ),
        "like a nation": asked(sharing, wide, months=72),
        "more families than a block": asked(
            surrounded(), place(sites=20, areas=2, practitioners=600, families=3 * BLOCK), replicates=1, months=30
        ),
        "later replicates": asked(teams, place(sites=10), first=1000),
    }


def digest(ensemble: Ensemble) -> str:
    """SHA-256 over all arrays of an ensemble: name, kind, shape, values (every NaN alike, -0 as 0)."""
    found = hashlib.sha256()
    for field in fields(Ensemble):
        values = getattr(ensemble, field.name)
        if not isinstance(values, np.ndarray) or field.name in SINCE:
            continue
        values = values[..., : AS_PINNED.get(field.name)]
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), np.nan, values + 0.0)
        found.update(f"{field.name} {values.dtype.str} {values.shape}".encode())
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    made = {name: digest(question(2)) for name, question in questions().items()}
    FILE.write_text(json.dumps(made, indent=1) + "\n")
    moved = [name for name in made if made[name] != known.get(name)]
    print(f"{len(made)} digests written, {len(moved)} new or moved: {', '.join(moved) or 'none'}")
