"""A small place, files in memory and quick updates for the tests of what was observed."""

from __future__ import annotations

import csv
import io
from functools import cache

import numpy as np

from sim.engine.setup import prepare
from sim.observed.likelihood import observe
from sim.observed.observables import BY_NAME, PEOPLE
from sim.observed.reports import Datum, Place, place_of
from sim.observed.weighed import Weighed
from sim.organisation.files.cells import Upload
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load


@cache
def setup(months: int = 36, scenario: str = "with-teams"):
    """A shipped scenario on its generated area."""
    plan = load(scenario)
    return prepare(plan, generate(dict(plan.area)), months)


@cache
def place(start: str = "") -> Place:
    """The place of the default scenario."""
    return place_of(setup(), setup().organisation, start)


def table(
    *rows: tuple, header: tuple = ("month", "zone", "measure", "value", "observed"), name: str = "seen.csv"
) -> Upload:
    """A CSV file in memory."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return Upload(name, text.getvalue().encode())


WATCHED = (
    ("trained", "first zone", 91), ("using", "first zone", 60), ("at_fidelity", "first zone", 60),
    ("fidelity", "first zone", 30), ("capacity_core", "all", 1), ("capacity_local", "first zone", 6),
    ("sites_started", "first zone", 6), ("families_served", "first zone", 900),
    ("left", "all", 883),
)  # fmt: skip
"""What is watched in simulated places: measure, zone, how many are observed."""


def seen_of(found: Weighed, run: int, upto: int, dice: np.random.Generator, every: int = 3) -> tuple[Datum, ...]:
    """What a place would report if it were this run, every so many months."""
    data = []
    for name, zone, observed in WATCHED:
        of = 91 if BY_NAME[name].kind == PEOPLE else observed
        for month in range(every, upto + 1, every):
            datum = Datum(name, zone, month, 0.0, observed, of)
            truth, error = found.truths(datum)
            uniforms = (float(dice.random()), float(dice.random()))
            if not np.isnan(truth[run]):
                data.append(observe(datum, float(truth[run]), float(error[run]), uniforms))
    return tuple(data)
