"""Who is due: to whom may anything happen this month?

Chance decides by `uniform < probability`. Where the uniform is not below the largest probability that the rules give in
the most favourable case, nothing happens, and the rules need not be asked. A phase therefore flags agents by bounds, in
plain loops over whole columns, lists those flagged and asks the rules in full for these alone. Bounds may be loose
(somebody is listed in vain), never tight.
"""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import kernel, part
from sim.engine.world import Array

ALL = np.int64(2**32)
"""The bound that all 32 bits are below."""

GENEROUS = 4_295_000_000.0
"""2**32 and a little more, so that no rounding in a rule makes a bound tight."""


@kernel
def bound(chance: float) -> np.int64:
    """What the 32 bits of a uniform are below wherever the uniform is below `chance`."""
    return np.int64(chance * GENEROUS) + np.int64(1)


@kernel
def possible(uniform: float, hazard: float) -> bool:
    """Can the uniform be below the probability of this hazard? It is below the hazard; the division is spared."""
    return uniform < hazard * 1.000001 + 1e-9


@part
def first_bits(word: np.uint64) -> np.int64:
    """The bits of a word's first uniform."""
    return np.int64(word >> np.uint64(32))


@part
def second_bits(word: np.uint64) -> np.int64:
    """The bits of a word's second uniform."""
    return np.int64(word & np.uint64(0xFFFFFFFF))


@kernel
def list_flagged(flag: Array, due: Array) -> int:
    """Write the positions flagged (uint8 [a multiple of 8]) to `due`, in order; returns how many.

    Few are flagged, so eight are looked at in one go.
    """
    eights = flag.view(np.uint64)
    found = 0
    for e in range(eights.shape[0]):
        if eights[e] != 0:
            for one in range(8 * e, 8 * e + 8):
                due[found] = one
                found += flag[one]
    return found
