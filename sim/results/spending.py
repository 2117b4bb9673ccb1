"""What was spent in each year of a run, what could have been, and how often the budget fell short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.sums import AREA

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

Values = NDArray[np.float64]
CASH, TIME = 0, 1


def spent(ensemble: Ensemble) -> Values:
    """Cash (GBP) and staff time (hours) of the whole place, by run and year.

    Returns:
        float64 [R, years, 2]: cash, hours.
    """
    by_year = np.asarray(ensemble.cost.sum(axis=1), np.float64)
    hour = np.array([ensemble.parameters(i).cost.staff_hour for i in range(ensemble.replicates)])
    by_year[..., TIME] /= hour[:, None]
    return by_year


def limits(ensemble: Ensemble) -> Values:
    """What each year's budget allows in all areas together.

    Returns:
        float64 [years, 2]: cash (GBP), hours; `inf` where there is no limit.
    """
    areas = len(ensemble.organisation.areas)
    budget, years = ensemble.scenario.budget.area, range(ensemble.cost.shape[2])
    return np.array([[areas * budget.in_year(what, year) for what in ("cash", "time")] for year in years])


def short(ensemble: Ensemble) -> NDArray[np.bool_]:
    """Whether a budget ran short in a year.

    Returns:
        bool [R, years].
    """
    months = ensemble.area[:, 1:, AREA.index("budget_short")] > 0
    years = ensemble.cost.shape[2]
    return np.stack([months[:, 12 * year : 12 * (year + 1)].any(axis=1) for year in range(years)], axis=1)


def chance_of_shortfall(ensemble: Ensemble) -> Values:
    """Share of runs in which a budget ran short, by year: float64 [years]."""
    return np.asarray(short(ensemble).mean(axis=0), np.float64)


def rows(ensemble: Ensemble) -> list[dict[str, Any]]:
    """One row a year: chance of a shortfall, cash and hours spent (mean of runs), and their limits (None: none)."""
    used, allowed, chance = spent(ensemble).mean(axis=0), limits(ensemble), chance_of_shortfall(ensemble)
    return [
        {
            "scenario": ensemble.scenario.name,
            "year": year + 1,
            "chance_short": round(float(chance[year]), 4),
            "cash": round(float(used[year, CASH]), 2),
            "cash_limit": _or_none(allowed[year, CASH]),
            "hours": round(float(used[year, TIME]), 1),
            "hours_limit": _or_none(allowed[year, TIME]),
        }
        for year in range(len(used))
    ]


def limited(ensembles: Iterable[Ensemble]) -> list[Ensemble]:
    """Ensembles whose scenario limits anything."""
    return [e for e in ensembles if e.scenario.budget.limited]


def lines(ensembles: Iterable[Ensemble]) -> Iterator[str]:
    """What a person reads of budgets, a line for each year; nothing where nothing is limited."""
    for ensemble in limited(ensembles):
        yield f"Budget of {ensemble.scenario.name}: runs in which it fell short, and what was spent (mean of runs)"
        for row in rows(ensemble):
            cash = _against(f"£{row['cash']:,.0f}", row["cash_limit"], "£")
            hours = _against(f"{row['hours']:,.0f}", row["hours_limit"], "")
            often = f"short in {row['chance_short']:.0%} of runs"
            yield f"    year {row['year']}: {often}; {cash}; {hours} hours of staff time"


def _against(used: str, limit: float | None, sign: str) -> str:
    return used if limit is None else f"{used} of {sign}{limit:,.0f}"


def _or_none(limit: float) -> float | None:
    return float(limit) if np.isfinite(limit) else None
