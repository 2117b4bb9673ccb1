"""What it costs: cash, and time of staff whose roles are repurposed, in pounds."""

from __future__ import annotations

from sim.costs import CostParameters
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


@rule
def paid(posts: float, repurposed: float, backfill: float) -> float:
    """Cash for a team's new posts and for those who stand in for the others."""
    return posts + repurposed * backfill


@rule
def each(amount: float, payers: int) -> float:
    """An amount that so many payers bear alike."""
    return amount / payers


@rule
def new_posts(share: float, paid: float) -> float:
    """Share of a team's time in new posts, as far as budgets pay for it."""
    return share * paid


@rule
def other_help(budget: float, practitioners: int) -> float:
    """Money for other help in a month."""
    return budget * practitioners / 12.0


@rule
def training_bought(p: CostParameters, money: float, training: float) -> float:
    """People that the share for training pays for, with their time."""
    return money * training / (p.training_cash + p.training_hours * p.staff_hour)


@rule
def posts_bought(p: CostParameters, money: float, training: float, posts: float) -> float:
    """Extra posts bought; training is paid first."""
    left = 1.0 - training
    return money * min(posts, left) / (p.post_hours * p.staff_hour)


@rule
def coaches_bought(p: CostParameters, money: float, training: float, posts: float) -> float:
    """Coaches' posts bought with what is left."""
    left = 1.0 - training - posts
    return money * left / (p.post_hours * p.staff_hour) if left > 0.0 else 0.0


@rule
def help_time(p: CostParameters, money: float, training: float) -> float:
    """Part of other help that is released time: that of the people trained."""
    return p.training_hours * p.staff_hour * training_bought(p, money, training)


@rule
def help_cash(p: CostParameters, money: float, training: float) -> float:
    """Part of other help that is cash."""
    return money - help_time(p, money, training)


@rule
def part_of(amount: float, staff: int, everyone: int) -> float:
    """A site's part of an area's other help, by its practitioners."""
    return amount * staff / everyone
