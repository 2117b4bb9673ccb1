"""Who is due: to whom may anything happen this month?

Chance decides by `uniform < probability`. Every agent therefore carries *limits*, one for each uniform of its word:
what the rules give as things stand, in the most favourable case that may come before they are asked again. Where
neither uniform is below its limit nothing happens. So a plain loop over two columns marks the few to whom something may
happen, and the rules are asked in full for these only. Limits may be loose (somebody is listed for nothing), never
tight. Whoever changes what an agent's rules depend on must adjust its limits as well.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.world import Array, Place
from sim.rules.rule import probability

NEVER, ALWAYS = np.uint32(0), np.uint32(65_535)
"""A limit that one uniform in 65,536 is below, and one that all are below."""

STEPS = 65_540.0
"""A limit keeps 16 bits; a little more than 2**16, so that no rounding in a rule makes it tight."""

NEAR = 2e-6
"""More than a rule's probability may be off (`sim.rules.rule.probability`)."""

MARGIN, ROOM = 0.1, 0.25
"""How far limits exceed what they allow for when they are set, and how far they may exceed it later."""

WORD = np.uint64(64)
"""Agents whose marks share a word."""

SHIFTED = np.uint64(0x03F79D71B4CB0A89)
"""Shifted by any number of places, it begins with other six bits (a de Bruijn sequence)."""

PLACES = np.zeros(64, np.uint8)
"""By those six bits: by how many places it was shifted."""
PLACES[[(int(SHIFTED) << place) % 2**64 >> 58 for place in range(64)]] = range(64)


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


@part
def marked(whether: bool, place: Place) -> np.uint64:
    """A word in which one of 64 is marked, or nobody."""
    return np.uint64(np.uint64(whether) << place)


@kernel
def mark_due(ids: Array, limits: Array, word: np.uint64, marks: Array) -> None:
    """Mark the agents (uint64 [N]) to whom anything may happen, by their limits (uint32 [N]): a bit of `marks` each.

    `marks` is uint64 [N / 64], rounded up. Bits are put together where chance is looked at, so no flag is stored; whole
    words apart, as a loop whose length is known takes a sixth less time.
    """
    whole = np.uint64(ids.shape[0]) // WORD
    for e in range(whole):
        found = np.uint64(0)
        for k in range(WORD):
            found |= marked(may(draws.bits(word, ids[e * WORD + k]), limits[e * WORD + k]), k)
        marks[e] = found
    if whole < np.uint64(marks.shape[0]):
        found = np.uint64(0)
        for j in range(whole * WORD, np.uint64(ids.shape[0])):
            found |= marked(may(draws.bits(word, ids[j]), limits[j]), j % WORD)
        marks[whole] = found


@part
def may(luck: np.uint64, limits: np.uint32) -> bool:
    """May either uniform of this word be below its limit?"""
    return bool(first_may(luck, limits) | second_may(luck, limits))


@kernel
def list_marked(marks: Array, due: Array) -> int:
    """Write the positions marked in `marks` (uint64 [N / 64]) to `due` (int32 [N + 1]), in order; returns how many."""
    found = 0
    for e in range(marks.shape[0]):
        found = list_word(marks[e], 64 * e, due, found)
    return found


@kernel
def list_flagged(flag: Array, due: Array) -> int:
    """Write the positions flagged (uint8 [N], 0 or 1) to `due` (int32 [N + 1]), in order; returns how many."""
    found = 0
    for e in range((flag.shape[0] + 63) // 64):
        first, marks = np.uint64(e) * WORD, np.uint64(0)
        for k in range(min(WORD, np.uint64(flag.shape[0]) - first)):
            marks |= marked(flag[first + k] != 0, k)
        found = list_word(marks, 64 * e, due, found)
    return found


@part
def list_word(marks: np.uint64, first: int, due: Array, found: int) -> int:
    """Add what is marked in one word, whose places begin at `first`, to the `found` listed in `due`; returns how many.

    Few are marked, and how many cannot be foreseen by the processor: so places are written for four, whether or not
    there are as many, and only counted where there are. Hence the one more that `due` has room for.
    """
    for _ in range(4):
        due[found] = first + place_of(marks)
        found += marks != 0
        marks = without_lowest(marks)
    while marks != 0:
        due[found] = first + place_of(marks)
        found += 1
        marks = without_lowest(marks)
    return found


@part
def without_lowest(marks: np.uint64) -> np.uint64:
    """The word without its lowest mark."""
    return np.uint64(marks & (marks - np.uint64(1)))


@part
def place_of(marks: np.uint64) -> int:
    """Place of the lowest mark of a word; of none, whatever."""
    lowest = marks & (~marks + np.uint64(1))
    return int(PLACES[(lowest * SHIFTED) >> np.uint64(58)])
