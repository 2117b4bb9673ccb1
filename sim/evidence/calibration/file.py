"""Calibration files (TOML): what is free, with which prior, aimed at what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.declare import SEEDS_BELOW
from sim.errors import ScenarioError, shortened
from sim.nearby import not_there
from sim.parameters import UNCERTAINTIES
from sim.problems import Problems
from sim.strict import is_there, number_in, text_of, toml

MOST_FREE = 6
_THREE = ("low", "mode", "high")
BANDS = (-1e9, 1e9)
MOST_RUNS = 10_000
STATISTICS = ("mean", "median", "grouped")
WHOLE = {"seed": (0, SEEDS_BELOW - 1), "replicates": (6, 1000), "waves": (0, 10), "draws": (10, 10_000),
         "rows": (20, 10_000), "patience": (2, 1000)}  # fmt: skip


@dataclass(frozen=True)
class Prior:
    """A triangular prior: certain to lie within [low, high], likeliest at mode.

    Attributes:
        name: the parameter.
        low: least value, not below its plausible range.
        mode: likeliest value.
        high: largest value, not above its plausible range.
        why: where the three come from.
    """

    name: str
    low: float
    mode: float
    high: float
    why: str

    def draw(self, dice: np.random.Generator) -> float:
        """One value."""
        return float(dice.triangular(self.low, self.mode, self.high))

    def density(self, value: float) -> float:
        """Density at a value, 0 outside."""
        if not self.low <= value <= self.high:
            return 0.0
        width = self.high - self.low
        if value <= self.mode:
            return 2.0 * (value - self.low) / (width * (self.mode - self.low)) if self.mode > self.low else 2.0 / width
        return 2.0 * (self.high - value) / (width * (self.high - self.mode))

    def quantile(self, q: float) -> float:
        """A quantile."""
        width, rise = self.high - self.low, self.mode - self.low
        if q * width <= rise:
            return self.low + math.sqrt(q * width * rise)
        return self.high - math.sqrt((1.0 - q) * width * (self.high - self.mode))


@dataclass(frozen=True)
class Target:
    """A published band that calibration aims at: a reading of a situation, its statistic over runs, the band, and runs
    if not the plan's.
    """

    situation: str
    reading: str
    statistic: str
    low: float
    high: float
    replicates: int = 0

    @property
    def label(self) -> str:
        """Short name."""
        return f"{self.situation} {self.reading}".strip()


@dataclass(frozen=True)
class Plan:
    """A calibration as a file asks for it.

    Attributes:
        name: what the sample is called.
        priors: what is free, at most six.
        targets: what is aimed at.
        seed: of the random numbers, of the method and of every simulation.
        replicates: runs with which a particle is judged.
        waves: waves of history matching.
        draws: draws simulated in a wave.
        rows: rows of the sample.
        tolerance: distance within which a draw meets its targets; 1 is the edge of the bands.
        patience: most draws simulated for each row of the sample.
    """

    name: str
    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    seed: int
    replicates: int
    waves: int
    draws: int
    rows: int
    patience: int
    tolerance: float

    def named(self, values: NDArray[np.float64]) -> dict[str, float]:
        """A particle's values by name."""
        return {p.name: float(v) for p, v in zip(self.priors, values, strict=True)}


def read(path: Path) -> Plan:
    """Read and check a calibration file.

    Raises:
        ScenarioError: everything that is wrong with it, at once.
    """
    if not is_there(path):
        raise ScenarioError(f"calibration: {not_there(path, ['.toml'])}; give a calibration file (.toml).")
    return loads(text_of(path, "a calibration"), path.name)


def loads(text: str, where: str) -> Plan:
    """Read and check the text of a calibration file.

    Raises:
        ScenarioError: everything that is wrong with it, at once.
    """
    table = toml(text, where, "[[targets]]")
    problems = Problems(where)
    problems.known("", "key", table, (*WHOLE, "tolerance", "name", "priors", "targets"))
    name = problems.name("name", table.get("name"))
    if not name and isinstance(table.get("name"), str) and not problems.found:
        problems.refuse("name", "a text, for example 'as-cited'", name)
    priors = [p for n, t in problems.table("priors", table.get("priors")).items() if (p := _prior(problems, n, t))]
    given = table.get("targets")
    if not isinstance(given, list) or not given:
        problems.refuse("targets", "one or more tables [[targets]]", given)
        given = []
    targets = [t for k, one in enumerate(given, start=1) if (t := _target(problems, f"targets[{k}]", one))]
    if not problems.found and len(priors) > MOST_FREE:
        problems.refuse("priors", f"at most {MOST_FREE} tables [priors.NAME]", list(table["priors"]))
    if not priors and not problems.found:
        problems.refuse("priors", "one or more tables [priors.NAME]", table["priors"])
    whole = {key: problems.whole(key, table.get(key), low, high) for key, (low, high) in WHOLE.items()}
    tolerance = problems.number("tolerance", table.get("tolerance"), 0.1, 100.0)
    problems.stop()
    return Plan(name, tuple(priors), tuple(targets), tolerance=tolerance, **whole)


def _prior(problems: Problems, name: str, given: Any) -> Prior | None:
    address = f"priors.{shortened(name)}"
    if not problems.known("priors", "uncertainty", [name], UNCERTAINTIES):
        return None
    table, before = problems.table(address, given), len(problems.found)
    problems.known(address, "key", table, ("low", "mode", "high", "why"))
    about = UNCERTAINTIES[name].about
    allowed = f"a number within the plausible range [{about.low:g}, {about.high:g}]"
    found = [number_in(table.get(key), about.low, about.high) for key in _THREE]
    for key, number in zip(_THREE, found, strict=True):
        if number is None:
            problems.refuse(f"{address}.{key}", allowed, table.get(key))
    low, mode, high = (number or 0.0 for number in found)
    why = problems.text(f"{address}.why", table.get("why", ""))
    if len(problems.found) > before:
        return None
    if not low <= mode <= high or low == high:
        problems.refuse(address, "low <= mode <= high with low < high", [low, mode, high])
        return None
    return Prior(name, low, mode, high, why)


def _target(problems: Problems, address: str, given: Any) -> Target | None:
    from sim.evidence.situations.table import SITUATIONS

    table, before = problems.table(address, given), len(problems.found)
    problems.known(address, "key", table, ("situation", "reading", "statistic", "low", "high", "replicates"))
    situation = problems.name(f"{address}.situation", table.get("situation"))
    if situation:
        problems.known(address, "situation", [situation], (s.id for s in SITUATIONS))
    reading = problems.name(f"{address}.reading", table.get("reading", ""))
    statistic = problems.name(f"{address}.statistic", table.get("statistic", "median"))
    problems.known(address, "statistic", [statistic], STATISTICS)
    low, high = (problems.number(f"{address}.{k}", table.get(k), *BANDS) for k in ("low", "high"))
    runs = problems.whole(f"{address}.replicates", table.get("replicates", 0), 0, MOST_RUNS)
    if len(problems.found) > before:
        return None
    if not low < high:
        problems.refuse(address, "a band with low < high", [low, high])
        return None
    return Target(situation, reading, statistic, low, high, runs)
