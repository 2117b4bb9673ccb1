"""What the Mesa model's data collector reads each month: month, counts over all zones, governance, families, cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.engine.sums import AREA, COUNTS, FAMILY

Reporter = Callable[[Any], float]


def reporters() -> dict[str, Reporter]:
    """Functions of the model for its data collector: month, counts over all zones, governance, families."""
    found: dict[str, Reporter] = {"month": lambda model: model.month}
    for column, name in enumerate(COUNTS):
        found[name] = _counted(column)
    found["fidelity_mean"] = fidelity_mean
    for column, name in enumerate(AREA):
        found[name] = _governed(column)
    for column, name in enumerate(FAMILY[:7]):
        found[name] = _families(column)
    found["cost_cash"] = lambda model: sum(cash for cash, _ in model.ledger.by_zone)
    found["cost_released_time"] = lambda model: sum(time for _, time in model.ledger.by_zone)
    return found


def fidelity_mean(model: Any) -> float:
    """True fidelity of those using, NaN if none."""
    total, users = model.record.sums[model.month, :, 0].sum(), _counted(COUNTS.index("practitioners_using"))(model)
    return float(total / users) if users else float("nan")


def _counted(column: int) -> Reporter:
    return lambda model: int(model.record.counts[model.month, :, column].sum())


def _governed(column: int) -> Reporter:
    return lambda model: float(model.record.area[model.month, column])


def _families(column: int) -> Reporter:
    return lambda model: int(model.record.family[model.month, :, :, column].sum())
