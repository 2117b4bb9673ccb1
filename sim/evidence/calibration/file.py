"""Calibration files (TOML): what is free, with which prior, aimed at what."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.declare import SEEDS_BELOW
from sim.errors import ScenarioError, UnknownName
from sim.nearby import not_there
from sim.parameters import UNCERTAINTIES
from sim.problems import Problems

MOST_FREE = 6
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
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioError(f"calibration: {not_there(path, ['.toml'])}; give a calibration file (.toml).") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror}); give a calibration file (.toml).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: not valid TOML ({error}); see experiments/calibration-as-cited.toml.") from None
    problems = Problems(path.name)
    priors = [p for n, t in _table(problems, table, "priors").items() if (p := _prior(problems, n, t))]
    targets = [t for k, one in enumerate(table.get("targets") or []) if (t := _target(problems, k + 1, one))]
    if not 1 <= len(priors) <= MOST_FREE:
        problems.add(ScenarioError(f"priors: 1 to {MOST_FREE} parameters may be free; got {len(priors)}."))
    if not targets:
        problems.add(ScenarioError("targets: at least one [[targets]] is needed."))
    whole = {k: _number(problems, table, k, limits, kind=int) for k, limits in WHOLE.items()}
    tolerance = _number(problems, table, "tolerance", (0.1, 100.0))
    name = table.get("name")
    if not isinstance(name, str) or not name:
        problems.add(ScenarioError("name: a text is needed, for example 'as-cited'."))
    strange = sorted(set(table) - {*WHOLE, "tolerance", "name", "priors", "targets"})
    if strange:
        problems.add(ScenarioError(f"unknown keys: {', '.join(strange)}."))
    problems.stop()
    return Plan(str(name), tuple(priors), tuple(targets), tolerance=tolerance, **whole)


def _table(problems: Problems, table: dict[str, Any], key: str) -> dict[str, Any]:
    found = table.get(key, {})
    if isinstance(found, dict):
        return found
    problems.add(ScenarioError(f"{key}: a table is needed, [{key}.NAME] for each."))
    return {}


def _number(
    problems: Problems, table: dict[str, Any], key: str, limits: tuple[float, float], kind: type = float
) -> Any:
    low, high = limits
    value = table.get(key)
    right = isinstance(value, int) if kind is int else isinstance(value, int | float)
    if isinstance(value, bool) or not right or not low <= value <= high:  # type: ignore[operator]
        what = "whole number" if kind is int else "number"
        problems.add(ScenarioError(f"{key} must be a {what} in [{low:g}, {high:g}]; got {value!r}."))
        return low
    return value


def _prior(problems: Problems, name: str, table: Any) -> Prior | None:
    if name not in UNCERTAINTIES:
        problems.add(UnknownName("priors", "uncertainty", name, UNCERTAINTIES))
        return None
    about = UNCERTAINTIES[name].about
    table = table if isinstance(table, dict) else {}
    values = [table.get(k) for k in ("low", "mode", "high")]
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not numbers or not about.low <= values[0] <= values[1] <= values[2] <= about.high or values[0] == values[2]:  # type: ignore[operator]
        problems.add(
            ScenarioError(
                f"priors.{name}: low <= mode <= high within the plausible range [{about.low:g}, {about.high:g}] are "
                f"needed; got {values}."
            )
        )
        return None
    low, mode, high = (float(v) for v in values)  # type: ignore[arg-type]
    return Prior(name, low, mode, high, str(table.get("why", "")))


def _target(problems: Problems, number: int, table: Any) -> Target | None:
    from sim.evidence.situations.table import SITUATIONS

    where, known = f"targets, number {number}", [s.id for s in SITUATIONS]
    table = table if isinstance(table, dict) else {}
    situation, statistic = str(table.get("situation", "")), str(table.get("statistic", "median"))
    low, high = table.get("low"), table.get("high")
    if situation not in known:
        problems.add(UnknownName(where, "situation", situation, known))
        return None
    if statistic not in STATISTICS:
        problems.add(UnknownName(where, "statistic", statistic, STATISTICS))
        return None
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        problems.add(ScenarioError(f"{where}: low < high are needed, both numbers; got {low!r}, {high!r}."))
        return None
    runs = table.get("replicates", 0)
    if isinstance(runs, bool) or not isinstance(runs, int) or runs < 0:
        problems.add(ScenarioError(f"{where}: replicates must be a whole number; got {runs!r}."))
        return None
    return Target(situation, str(table.get("reading", "")), statistic, float(low), float(high), runs)
