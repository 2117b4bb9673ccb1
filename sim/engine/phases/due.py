"""Who is due: to whom may anything happen this month?

Chance decides by `uniform < probability`. Every agent therefore carries *limits*, one for each uniform of its word:
what the rules give as things stand, in the most favourable case that may come before they are asked again. Where
neither uniform is below its limit nothing happens. So a plain loop over two columns flags the few to whom something may
happen, and the rules are asked in full for these only. Limits may be loose (somebody is listed for nothing), never
tight. Whoever changes what an agent's rules depend on must adjust its limits as well.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.world import Array
from sim.rules.rule import probability

NEVER, ALWAYS = np.uint32(0), np.uint32(65_535)
"""A limit that one uniform in 65,536 is below, and one that all are below."""

STEPS = 65_540.0
"""A limit keeps 16 bits; a little more than 2**16, so that no rounding in a rule makes it tight."""

NEAR = 2e-6
"""More than a rule's probability may be off (`sim.rules.rule.probability`)."""

MARGIN, ROOM = 0.1, 0.25
"""How far limits exceed what they allow for when they are set, and how far they may exceed it later."""

PLACES = np.uint64(0x0001020304050607)
"""Times a one in the lowest bit of a byte: that byte's place among eight, in the highest byte."""


@kernel
def limit(chance: float) -> np.uint32:
    """What a uniform's first 16 bits do not exceed wherever it is below `chance`, or a hazard's probability."""
    return np.uint32(min(chance * STEPS, 65_535.0))


@part
def both(first: np.uint32, second: np.uint32) -> np.uint32:
    """The limits of an agent's two uniforms, as they are kept."""
    return np.uint32(np.uint32(first << np.uint32(16)) | second)


@part
def first_may(luck: np.uint64, limits: np.uint32) -> bool:
    """May the first uniform of this word be below its limit?"""
    return bool(np.uint32(luck >> np.uint64(48)) <= np.uint32(limits >> np.uint32(16)))


@part
def second_may(luck: np.uint64, limits: np.uint32) -> bool:
    """May the second?"""
    return bool((np.uint32(luck) >> np.uint32(16)) <= np.uint32(limits & np.uint32(0xFFFF)))


@part
def happens(uniform: float, hazard: float) -> bool:
    """Is the uniform below this hazard's probability? It is between h - h^2 / 2 and h, so seldom worked out."""
    if uniform < hazard - 0.5 * hazard * hazard - NEAR:
        return True
    return bool(uniform < hazard + NEAR and uniform < probability(hazard))


@part
def allowed_for(now: float, ahead: float) -> bool:
    """Do limits set for `ahead` cover the present state, without being much too loose?"""
    return now <= ahead <= now + ROOM


@kernel
def flag_due(ids: Array, limits: Array, word: np.uint64, flag: Array) -> None:
    """Flag (uint8 [N]) the agents (uint64 [N]) to whom anything may happen, by their limits (uint32 [N])."""
    for j in range(np.uint64(ids.shape[0])):
        luck = draws.bits(word, ids[j])
        flag[j] = first_may(luck, limits[j]) | second_may(luck, limits[j])


@kernel
def list_flagged(flag: Array, due: Array) -> int:
    """Write the positions flagged (uint8 [N], 0 or 1) to `due` (int32 [N]), in order; returns how many."""
    return eight_at_a_time(flag, due)


@part
def eight_at_a_time(flag: Array, due: Array) -> int:
    """`list_flagged` for flags that lie side by side: few are flagged, so eight are looked at in one go, and only the
    flags that are set are visited.
    """
    whole = flag.shape[0] // 8
    eights = flag[: 8 * whole].view(np.uint64)
    found = 0
    for e in range(whole):
        left = eights[e]
        while left != 0:
            lowest = left & (~left + np.uint64(1))
            due[found] = 8 * e + np.int64((lowest * PLACES) >> np.uint64(56))
            found += 1
            left ^= lowest
    for one in range(8 * whole, flag.shape[0]):
        if flag[one] != 0:
            due[found] = one
            found += 1
    return found


def one_at_a_time(flag: Array, due: Array) -> int:
    """The same, wherever the flags lie (`sim/engine/gpu` puts those of other replicates between them)."""
    found = 0
    for one in range(flag.shape[0]):
        if flag[one] != 0:
            due[found] = one
            found += 1
    return found
