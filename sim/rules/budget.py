"""Budgets: what a month may spend, what share of its claims is paid, and what that share leaves of what was chosen.

A year's budget is spent month by month. What happens once (training at a site's start, training a newcomer) is paid as
long as the year's money lasts. What goes on from month to month may spend what is left, evenly over the months left;
where more is claimed, all of it falls in proportion. Cash and staff time are two budgets: what costs no cash does not
fall where cash runs short, and what takes no time not where time does.
"""

from __future__ import annotations

from sim.rules.rule import rule

IN_FORCE = (
    "fidelity_feedback",
    "improvement_cycles",
    "usability_testing",
    "communication",
    "mentoring",
    "peer_network",
    "alignment",
    "terms_of_reference",
    "champions",
    "alignment_work",
    "community_places",
    "data_agencies",
    "data_linkage",
    "data_mapping",
)
"""Levers whose hours are work of the month: what is not paid for is not done."""

KEPT = 1.0 - 1e-9
"""What of a limit is spent at most, so that no rounding shows more than the limit."""

LATEST = 0.02
"""The least share that is assumed where data are late."""


@rule
def months_left(month: int) -> int:
    """Months left of the year of a month, with that one; month 1 to 12 are the first year."""
    return 12 - (month - 1) % 12


@rule
def opens(month: int) -> bool:
    """Does a budget year begin?"""
    return (month - 1) % 12 == 0


@rule
def allowance(left: float, months: int) -> float:
    """What a month may spend on what goes on."""
    return left / months if left > 0.0 else 0.0


@rule
def funded(allowed: float, claimed: float) -> float:
    """Share of what is claimed that is paid."""
    if claimed <= allowed:
        return 1.0
    return allowed / claimed if allowed > 0.0 else 0.0


@rule
def at_full(claimed: float, paid: float) -> float:
    """What coaching would take if its teams had all their time: it has fallen with theirs."""
    return claimed / paid if paid > 0.0 else claimed


@rule
def part(amount: float, paid: float) -> float:
    """What is left of an amount of which a share is paid."""
    return amount * paid


@rule
def spendable(limit: float) -> float:
    """What of a limit is spent at most, so that no rounding shows more than the limit."""
    return limit * KEPT


@rule
def in_force(planned: float, found: float, paid: float) -> float:
    """What is left of a lever where only a share of its work is paid; what is found without work stays."""
    return planned if paid >= 1.0 or planned <= found else found + (planned - found) * paid


@rule
def late(lag: float, paid: float) -> float:
    """Delay of data for which only a share is paid: cheaper data are later."""
    return lag if paid >= 1.0 else (1.0 + lag) / max(paid, LATEST) - 1.0
