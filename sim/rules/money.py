"""What it costs: cash, and time of staff whose roles are repurposed, in pounds."""

from __future__ import annotations

from sim.parameters import CostParameters
from sim.rules.rule import rule


@rule
def training_cash(p: CostParameters, people: int) -> float:
    """Cash for training so many practitioners."""
    return p.training_cash * people


@rule
def training_time(p: CostParameters, people: int) -> float:
    """Released time of so many practitioners in training."""
    return p.training_hours * p.staff_hour * people


@rule
def coaching_time(p: CostParameters, users: int, dose: float) -> float:
    """Released time of coached users in a month."""
    return p.coaching_hours * p.staff_hour * users * dose


@rule
def team_time(p: CostParameters, members: float, share_of_post: float, released: float) -> float:
    """Released time of a team's members in a month."""
    return p.post_hours * p.staff_hour * members * share_of_post * released


@rule
def leader_time(p: CostParameters, engagement: float) -> float:
    """Released time of one leader in a month."""
    return p.leader_hours * p.staff_hour * engagement


@rule
def external_cash(p: CostParameters, attention: float) -> float:
    """Cash for external support to one core team in a month."""
    return p.external_cash * attention


@rule
def data_cash(p: CostParameters, lag: float) -> float:
    """Cash for a site's decision-support data in a month; late data are those already collected."""
    return p.data_cash / (1.0 + lag)
