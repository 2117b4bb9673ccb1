"""Which families are due this month: listed with what is asked of them, and ordered by what is likely to happen.

Families of one kind mostly do alike. Where they are visited kind by kind, the processor can foresee what comes next.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part
from sim.engine.phases.due import first_may, list_marked, mark_due, marked
from sim.engine.world import FAMILY_KINDS, Actors, Families, People
from sim.rules import family

LEAVING, SERVED, ARISING, RESOLVING, NOTICED, OFFERED, AGAIN = range(FAMILY_KINDS)
"""Kinds of families that are due, by what is most likely to happen to them."""


def _kind(first_due: int, need: int, path: int) -> int:
    """Kind of a family that stays and is due by its first uniform, or else by its second."""
    if family.in_service(path):
        return SERVED
    if first_due:
        return RESOLVING if need else ARISING
    return {family.UNKNOWN: NOTICED, family.WAITING: OFFERED}.get(path, AGAIN)


KIND = np.array([[[_kind(due, need, path) for path in range(256)] for need in range(2)] for due in range(2)], np.uint8)
"""The same as a table, as the processor cannot foresee which it is."""


@part
def mark_giving_up(w: Actors, families: Families, word: np.uint64, begin: int, end: int) -> None:
    """Mark those waiting (of `begin` to `end`) who may give up for lack of a place (upper end of the uniform)."""
    for a in range(w.areas.shape[0]):
        if w.areas[a].lost > 0.0:
            first = w.sites[w.areas[a].first_site].first_family
            last = w.sites[w.areas[a].last_site - 1].last_family
            stays = 1.0 - 1.001 * w.areas[a].lost
            for h in range(max(first, begin), min(last, end)):
                if families.home[h].path != family.WAITING:
                    continue
                _, way = draws.of_family(draws.bits(word, families.id[h]))
                if way >= stays:
                    families.marks[h // 64] |= marked(True, np.uint64(h % 64))


@part
def list_due(w: Actors, people: People, families: Families, at: tuple[np.uint64, int]) -> np.uint64:
    """List to whom of a block of families anything may happen (`at`: the month's word, and where the block begins);
    returns how many.

    What is asked of each is gathered first, all at once, as it lies scattered: waiting for it one by one takes longer.
    """
    word, begin = at
    end = min(begin + families.bits.shape[0], families.home.shape[0])
    marks = families.marks[begin // 64 : (end + 63) // 64]
    mark_due(families.id[begin:end], families.limits[begin:end], word, marks)
    mark_giving_up(w, families, word, begin, end)
    listed = np.uint64(list_marked(marks, families.due))
    for k in range(listed):
        h = np.uint64(begin) + np.uint64(families.due[k])
        person = np.uint64(families.home[h].person)
        fidelity, uses = people.fidelity[person], people.using[person] == 1
        families.bits[k] = draws.bits(word, families.id[h])
        families.person[k] = person
        families.practice[k] = fidelity if uses else -1.0
    return listed


@part
def order_by_kind(families: Families, begin: int, listed: np.uint64, leaves: float) -> None:
    """Put those listed into an order by kind, as those of one kind mostly do alike: what comes next can then be
    foreseen by the processor.
    """
    families.lengths[:] = np.uint64(0)
    for k in range(listed):
        h, random = np.uint64(begin) + np.uint64(families.due[k]), families.bits[k]
        first_due, need, path = first_may(random, families.limits[h]), families.home[h].need, families.home[h].path
        stays = np.uint64(KIND[np.uint64(first_due), np.uint64(need), np.uint64(path)])
        kind = np.uint64(LEAVING) if draws.of_family(random)[0] < leaves else stays
        families.order[kind, families.lengths[kind]] = k
        families.lengths[kind] += np.uint64(1)
