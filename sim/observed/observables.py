"""What may be observed: each thing once, with the measure of the registry that it is, and how surely it is known.

How sure an observation is follows the model's own assessments: a sample of practitioners, judged with the error of one
observed fidelity; a capacity scored with the error of one assessed capacity.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sim.organisation.files.vocabulary import bare, key, spaced
from sim.results.measures import KNOWN, Measure

PEOPLE, SCORE, SITES, FAMILIES, LEAVERS, MONEY = "people", "score", "sites", "families", "leavers", "money"
"""Kinds: a share of practitioners; a score from 0 to 1; a share of sites; a number of families, or of staff who have
left; pounds."""
NUMBERS = (FAMILIES, LEAVERS)

RECORDS_ERROR = 0.02
"""Standard deviation of a share that is taken from records, such as who was trained: people move, lists lag."""
STAGE_MISJUDGED = 0.05
"""Share of sites whose stage is judged wrongly; assumed."""
FAMILIES_ERROR = 0.1
"""Standard deviation of a number of families, as a part of it: families are counted twice or late; assumed."""


@dataclass(frozen=True)
class Observable:
    """One thing that may be observed.

    Attributes:
        name: how files and results call it.
        measure: id in the registry of measures.
        kind: PEOPLE, SCORE, SITES, FAMILIES or MONEY.
        whole: column of the series with the number that a count is out of, '' for none.
        error: name of the uncertainty that is the standard deviation of the error, '' where `known_to` says it.
        known_to: standard deviation of the error where no uncertainty gives it.
        of_area: known for the area alone, not by zone.
        weighed: whether runs are weighed by it; money is compared only, as prices differ from place to place.
        asks: what to write into the template, in words.
    """

    name: str
    measure: str
    kind: str
    whole: str = ""
    error: str = ""
    known_to: float = 0.0
    of_area: bool = False
    weighed: bool = True
    asks: str = ""

    @property
    def entry(self) -> Measure:
        """Its entry in the registry of measures."""
        return KNOWN[self.measure]


OBSERVABLES = (
    Observable("trained", "practitioners_trained_share", PEOPLE, "practitioners", known_to=RECORDS_ERROR,
               asks="staff now in post who have been trained"),
    Observable("using", "practitioners_using_share", PEOPLE, "practitioners", error="assess_error",
               asks="staff who use the practice"),
    Observable("at_fidelity", "practitioners_at_fidelity_share", PEOPLE, "practitioners", error="assess_error",
               asks="staff who use it at fidelity, among all who were observed (users or not)"),
    Observable("fidelity", "fidelity", SCORE, error="assess_error",
               asks="mean fidelity of those who use it, 0 to 1"),
    Observable("capacity_core", "capacity_core", SCORE, error="assessment_error", of_area=True,
               asks="capacity score of the core team, 0 to 1"),
    Observable("capacity_local", "capacity_local", SCORE, error="assessment_error",
               asks="capacity score of local teams, mean, 0 to 1"),
    Observable("sites_started", "sites_started_share", SITES, "sites", known_to=STAGE_MISJUDGED,
               asks="sites where training has been delivered"),
    Observable("sites_full", "sites_full_share", SITES, "sites", known_to=STAGE_MISJUDGED,
               asks="sites in full implementation"),
    Observable("sites_certified", "sites_certified_share", SITES, "sites", known_to=STAGE_MISJUDGED,
               asks="sites certified"),
    Observable("families_identified", "families_identified", FAMILIES, "families", known_to=FAMILIES_ERROR,
               asks="families whose need is known now"),
    Observable("families_served", "families_reached", FAMILIES, "families", known_to=FAMILIES_ERROR,
               asks="families served so far, each once"),
    Observable("left", "practitioners_left", LEAVERS, known_to=RECORDS_ERROR,
               asks="staff who have left their posts since month 0, in all"),
    Observable("cost_cash", "cost_cash", MONEY, weighed=False, asks="cash spent so far, GBP"),
    Observable("cost_time", "cost_released_time", MONEY, weighed=False, asks="released time so far, GBP"),
)  # fmt: skip
BY_NAME: dict[str, Observable] = {o.name: o for o in OBSERVABLES}
_COUNTING = re.compile(r"%|\bper\s?cent(?:age)?(?: of)?\b|\b(?:number|no\.?|share|count|total) of\b|#", re.IGNORECASE)
STAGE = "stage"
"""The stage of one site; the sites of a zone are added up to those started and those in full implementation."""


@cache
def vocabulary() -> dict[str, Any]:
    """The words people use, as the file has them."""
    return tomllib.loads(files("sim.observed").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


@cache
def headings() -> Mapping[str, str]:
    """Column by key of a heading."""
    return {key(w): column for column, words in vocabulary()["headings"].items() for w in (column, *words)}


@cache
def measure_words() -> Mapping[str, str]:
    """Observable (or STAGE) by key of a word, ids and words of the registry among them."""
    found = {key(w): name for name, words in vocabulary()["measures"].items() for w in (name, *words)}
    for one in OBSERVABLES:
        found.setdefault(key(one.measure), one.name)
        found.setdefault(key(one.entry.words), one.name)
    return found


def measure_named(text: str) -> str:
    """The observable (or STAGE) that a heading or a word names, '' none: also with years, brackets, 'number of' or
    words that add nothing ('staff using it so far').
    """
    plain = _COUNTING.sub(" ", text)
    exact = next(
        (measure_words()[k] for k in (key(text), bare(text), key(plain), bare(plain)) if k in measure_words()), ""
    )
    return exact or measures_in_short().get(in_short(text), "")


def in_short(text: str) -> str:
    """A heading without the words that add nothing, '' if nothing is left."""
    padding = set(vocabulary()["padding"]["words"])
    return " ".join(word for word in spaced(text).split() if word not in padding)


@cache
def measures_in_short() -> Mapping[str, str]:
    """Observable (or STAGE) by what is left of its words, where that is one alone and not the heading of a column."""
    words = [(word, name) for name, known in vocabulary()["measures"].items() for word in (name, *known)]
    words += [(one.entry.words, one.name) for one in OBSERVABLES]
    found: dict[str, set[str]] = {}
    for word, name in words:
        found.setdefault(in_short(word), set()).add(name)
    return {short: min(names) for short, names in found.items() if len(names) == 1 and key(short) not in headings()}


@cache
def stage_words() -> Mapping[str, str]:
    """Stage by key of a word."""
    return {key(w): stage for stage, words in vocabulary()["stages"].items() for w in (stage, *words)}
