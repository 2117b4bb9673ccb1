"""Partners in other agencies: what a practitioner sees of them, as it stood when phase 5 began."""

from __future__ import annotations

from sim.engine.kernel import kernel, part
from sim.engine.world import Array, People
from sim.rules import practitioner

FEW = 2
"""Ties to peers; nothing but speed depends on it."""


@part
def remember(levers: Array, people: People, between: Array) -> None:
    """Who uses the practice, and how skilled the trained are, as the phase begins: what partners see."""
    seen = False
    for a in range(between.shape[0]):
        seen = seen or levers[a].joint_share > 0.0 or between[a].max() > 0.0
    if seen:
        for j in range(people.using.shape[0]):
            people.used[j] = people.using[j]
            people.skilled[j] = people.skill[j] if people.trained[j] == 1 else 0.0


@kernel
def far_at_most(through: float, partners: int) -> float:
    """What partners, all of whom use the practice, make of no peer's use, where there are not too `FEW` ties."""
    return practitioner.advice(0, FEW, partners, partners, through)


@part
def far_users(people: People, j: int) -> int:
    """Partners in other agencies who used the practice as the phase began."""
    found = 0
    for k in range(people.partners.shape[1]):
        if people.partners[j, k] >= 0:
            found += people.used[people.partners[j, k]]
    return found


@part
def look_to_partners(people: People, first: int, last: int) -> None:
    """The best trained partner of those who use the practice (`first` to `last`)."""
    for j in range(first, last):
        if people.using[j] == 1:
            best = 0.0
            for k in range(people.partners.shape[1]):
                if people.partners[j, k] >= 0:
                    best = max(best, people.skilled[people.partners[j, k]])
            people.partner[j] = best
