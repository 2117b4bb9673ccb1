"""Partners in other agencies: what a practitioner sees of them, as it stood when phase 5 began."""

from __future__ import annotations

from sim.engine.kernel import part
from sim.engine.world import Actors, People, Place


@part
def remember(w: Actors, people: People) -> None:
    """How skilled the trained are as the phase begins: what partners see, beside who used the practice (`used`)."""
    seen = False
    for a in range(w.levers.shape[0]):
        seen = seen or w.levers[a].joint_share > 0.0
    if seen:
        for j in range(people.using.shape[0]):
            people.skilled[j] = people.skill[j] if people.trained[j] == 1 else 0.0


@part
def far_users(people: People, j: Place) -> int:
    """Partners in other agencies who used the practice as the phase began."""
    found = 0
    for k in range(people.partners.shape[1]):
        if people.partners[j, k] >= 0:
            found += people.used[people.partners[j, k]]
    return found


@part
def best_partner(people: People, j: Place) -> float:
    """Skill of the best trained partner."""
    best = 0.0
    for k in range(people.partners.shape[1]):
        if people.partners[j, k] >= 0:
            best = max(best, people.skilled[people.partners[j, k]])
    return best
