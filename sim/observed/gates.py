"""When the next zone may open: the chance that each gate is met, before and after the update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.observed.weighed import Weighed
from sim.observed.weighing import quantile
from sim.scenarios.scenario import Gate

if TYPE_CHECKING:
    from sim.scenarios.scenario import Scenario

AHEAD = (6, 12, 24, 36)
"""Months after the last data for which the chance is shown."""


@dataclass(frozen=True)
class GateChance:
    """One zone's gate.

    Attributes:
        zone: the zone that waits.
        of: the zone that its gate looks at.
        asked: whether the plan has this gate; else the usual one is looked at, though the zone opens in its month.
        opens: month in which the plan opens it, None: the gate decides.
        latest: month by which it opens anyway, None: never without the gate.
        months: months for which the chance is told.
        before: chance that the gate is met by each of them, before the update.
        after: the same by weight.
        median: month by which half of the weighed runs have met it; None: later than the horizon.
    """

    zone: str
    of: str
    asked: bool
    opens: int | None
    latest: int | None
    months: tuple[int, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    median: int | None


def gates_of(scenario: Scenario) -> tuple[tuple[int, int, float, float], ...]:
    """For each zone with one before it: its number, that of the zone looked at, share and capacity asked."""
    names = [z.name for z in scenario.zones]
    found = []
    for k, zone in enumerate(scenario.zones):
        gate = zone.gate or Gate()
        if k or gate.of:
            found.append((k, names.index(gate.of) if gate.of else k - 1, gate.certified, gate.capacity))
    return tuple(found)


def gate_chances(found: Weighed, scenario: Scenario) -> list[GateChance]:
    """The chance that each gate is met by when; zones that have opened in most runs are left out."""
    bank = found.bank
    told = []
    for g, (z, before, _, _) in enumerate(bank.followed.gates):
        zone = scenario.zones[z]
        opened = bank.opened[:, z]
        if float(found.weights.values[(opened >= 0) & (opened <= found.last)].sum()) > 0.5:
            continue
        months = tuple(m for a in AHEAD if (m := found.last + a) <= bank.months) or (bank.months,)
        met = bank.met[:, g]

        def chances(weights: np.ndarray, met: np.ndarray = met, months: tuple[int, ...] = months) -> tuple[float, ...]:  # type: ignore[type-arg]
            return tuple(float(weights[(met >= 0) & (met <= m)].sum()) for m in months)

        after = found.weights.values
        sooner = np.where(met >= 0, met, bank.months + 1).astype(float)
        middle = quantile(sooner, after, 0.5)[0]
        told.append(
            GateChance(
                zone.name, scenario.zones[before].name, zone.gate is not None, zone.opens, zone.latest, months,
                chances(found.alike), chances(after), None if middle > bank.months else round(middle),
            )
        )  # fmt: skip
    return told
