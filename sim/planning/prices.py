"""Which levers a plan may choose: those whose price the model charges, with the top that somebody could buy.

This table stands in for what levers declare themselves (`price` and `ceiling`), which is read first where it is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters import LEVERS


@dataclass(frozen=True)
class Price:
    """What makes a lever one that somebody can buy.

    Attributes:
        charged: what the model charges for it, in words.
        low: least value that makes sense to buy.
        top: most that somebody could buy.
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


_TEAM = "released time of its members"
PRICES = {
    "core_team_size": Price(_TEAM, 3, 8, 1),
    "core_teams": Price(_TEAM, 1, 3, 1),
    "local_team_size": Price(_TEAM, 2, 6, 1),
    "coaching": Price("released time of coaches and those they coach", 0.25, 1.0, 0.25),
    "external_level": Price("cash for external supporters", 0.0, 1.0, 0.25),
    "external_end": Price("cash for external supporters, until it ends", 24, 120, 12),
    "data_lag_months": Price("cash for decision-support data", 1, 6, 1),
    "engagement_group": Price("leaders' time", 0.0, 0.8, 0.2),
    "engagement_senior": Price("leaders' time", 0.0, 0.8, 0.2),
    "engagement_manager": Price("leaders' time", 0.0, 0.8, 0.2),
}
USUAL = ("core_team_size", "coaching", "external_level", "external_end")
"""What is searched where a question names no lever."""


def price_of(lever: str) -> Price | None:
    """The price of a lever, None where nobody declares one."""
    return PRICES.get(lever) if lever in LEVERS else None
