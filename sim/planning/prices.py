"""Which levers a plan may choose: those whose price the model charges, up to the most that is plausible in practice.

Prices and ceilings are the levers' own (`sim/levers.py`). What nobody can buy is a condition; a decision without hours
of its own has no price, so a search would turn it up for nothing. Neither is searched.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.declare import Parameter
from sim.parameters import LEVERS, UNCERTAINTIES


@dataclass(frozen=True)
class Price:
    """What makes a lever one that a plan may choose.

    Attributes:
        charged: what the model charges for it, in words.
        low: least value that is searched.
        top: the most of it that is plausible in practice.
        step: values between the two are this far apart.
    """

    charged: str
    low: float
    top: float
    step: float

    def values(self) -> tuple[float, ...]:
        """Every value in the order of the table."""
        count = round((self.top - self.low) / self.step)
        return tuple(round(self.low + k * self.step, 10) for k in range(count + 1))


PARTS, TENTH = 4, 0.1
GRIDS = {
    "core_teams": (1, 3, 1),
    "core_team_size": (3, 7, 1),
    "local_team_size": (2, 6, 1),
    "external_end": (24, 120, 12),
    "data_lag_months": (1, 6, 1),
    "engagement_group": (0.0, 0.9, 0.1),
    "engagement_senior": (0.0, 0.9, 0.1),
    "engagement_manager": (0.0, 0.9, 0.1),
    "coaching": (0.25, 1.0, 0.25),
}
"""Least value, top and step of levers of which not the whole range is worth a search."""
USUAL = ("core_team_size", "coaching", "external_level", "external_end")
"""What is searched where a question names no lever."""


def _searched(lever: Parameter) -> bool:
    """Has it a price, and is it a matter of degree? Kinds of teams and of training belong to the base."""
    return bool(lever.prices) and not lever.is_condition and (lever.name in GRIDS or not lever.about.structural)


def _price(lever: Parameter) -> Price:
    charged = " and ".join(UNCERTAINTIES[name].about.words for name in lever.prices)
    low = max(lever.about.low, lever.about.found)
    parts = 1.0 if lever.about.whole else TENTH if lever.ceiling <= 1.0 else (lever.ceiling - low) / PARTS
    low, top, step = GRIDS.get(lever.name, (low, lever.ceiling, parts))
    return Price(charged, low, min(top, lever.ceiling), step)


PRICES = {lever.name: _price(lever) for lever in LEVERS.values() if _searched(lever)}


def price_of(lever: str) -> Price | None:
    """The price of a lever, None where a plan cannot choose it."""
    return PRICES.get(lever)


def why_not(lever: str) -> str:
    """Why a plan cannot choose a lever, as a sentence without its stop."""
    if LEVERS[lever].is_condition:
        return f"'{lever}' is a condition, which nobody can choose or buy"
    if LEVERS[lever].prices:
        return f"'{lever}' shapes the whole plan and is not searched"
    return f"nothing is charged for '{lever}', so a search would turn it up for nothing"
