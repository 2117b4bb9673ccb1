"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it.

A plain loop over all families finds those to whom anything may happen this month, by their limits (`phases/due.py`);
for them the rules are asked in full.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import ALWAYS, NEVER, both, flag_due, limit, list_flagged
from sim.engine.world import BLOCK, Array, Families, People
from sim.levers import NO_LIMIT
from sim.parameters import FamilyParameters, PractitionerParameters
from sim.rules import family
from sim.rules.rule import probability

EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY, GAVE_UP, MISTAKEN = 1, 2, 4, 8, 16


Standing = tuple[np.int64, int, int, int, int, int, np.int64, np.int64, int, int, int]


State = tuple[int, int, int, int]
"""Need, path, history and benefit of one family."""

MARGIN, ROOM = 0.3, 0.5
"""Of fidelity, as in `phases/due.py`: wider, as skill grows quickly and few families are due for it."""


class Chances(NamedTuple):
    """What is alike for all families, or all of a fifth, this month."""

    arises: tuple[float, float, float, float, float]  # by fifth
    by_itself: float  # need resolves outside service
    unaided: float  # need is noticed by who does not use the practice
    offer: float
    again: float
    drop: float


@part
def find_places(areas: Array, levers: Array, sites: Array, people: People, pf: FamilyParameters, offer: float) -> None:
    """For what share of this month's offers each area has a place in support, and how many will give up waiting."""
    using, waiting = people.using, people.waiting
    for a in range(areas.shape[0]):
        areas[a].place_share = 1.0
        areas[a].lost = 0.0
        if levers[a].support_places >= NO_LIMIT or areas[a].first_site == areas[a].last_site:
            continue
        could = 0
        first = sites[areas[a].first_site].first_person
        last = sites[areas[a].last_site - 1].last_person
        for j in range(np.uint64(first), np.uint64(last)):
            could += waiting[j] * using[j]
        there = family.places(areas[a].in_need_at_first, levers[a].support_places, levers[a].community_places)
        areas[a].place_share = family.place_share(there, areas[a].taken, could, offer, pf.enrol)
        areas[a].lost = family.lost(pf, areas[a].place_share)


@part
def keep_places(areas: Array, people: People, a: int, j: int, need: int, path: int, sign: int) -> None:
    """A family of a practitioner (`j`) counts, or no longer counts, among those who take up a place and who wait."""
    areas[a].taken += sign * int(family.takes_place(need == 1, path))
    people.waiting[j] += sign * int(need == 1 and path == family.WAITING)


@part
def standing(need: int, path: int, history: int, benefit: int) -> Standing:
    """What one family adds to the counts; in the order of `measures.FAMILY`, after the families themselves. Where there
    is no need, the path adds nothing.
    """
    reached = (history & REACHED) != 0
    return (
        np.int64(need),
        int(need == 1 and path != family.UNKNOWN),
        int(need == 1 and path == family.WAITING),
        int((history & EVER_IN_NEED) != 0),
        int(reached),
        int((history & REACHED_AT_FIDELITY) != 0),
        np.int64(benefit),
        np.int64(benefit) * np.int64(need),
        int(need == 1 and reached),
        int((history & GAVE_UP) != 0),
        int((history & MISTAKEN) != 0),
    )


NOBODY: Standing = (np.int64(0), 0, 0, 0, 0, 0, np.int64(0), np.int64(0), 0, 0, 0)
"""What a family that is not counted yet adds."""


@part
def recount(tally: Array, z: int, fifth: int, before: Standing, after: Standing) -> None:
    """The counts follow one family; written out, as a loop over tuples would not be unrolled."""
    tally[z, fifth, 1] += after[0] - before[0]
    tally[z, fifth, 2] += after[1] - before[1]
    tally[z, fifth, 3] += after[2] - before[2]
    tally[z, fifth, 4] += after[3] - before[3]
    tally[z, fifth, 5] += after[4] - before[4]
    tally[z, fifth, 6] += after[5] - before[5]
    tally[z, fifth, 7] += after[6] - before[6]
    tally[z, fifth, 8] += after[7] - before[7]
    tally[z, fifth, 9] += after[8] - before[8]
    tally[z, fifth, 10] += after[9] - before[9]
    tally[z, fifth, 11] += after[10] - before[10]


@part
def chances_now(pf: FamilyParameters) -> Chances:
    """The chances that do not depend on who helps."""
    return Chances(
        (
            family.arises(pf, 0),
            family.arises(pf, 1),
            family.arises(pf, 2),
            family.arises(pf, 3),
            family.arises(pf, 4),
        ),
        family.resolves(pf, False, 0.0, 0.0),
        family.noticed(pf, 0.0),
        probability(pf.offer),
        probability(pf.offer_again),
        family.dropout(pf),
    )


@part
def look_around(
    areas: Array, levers: Array, sites: Array, people: People, families: Families, pf: FamilyParameters, c: Chances
) -> None:
    """See that all limits allow for what practitioners do now, and for how often the well are taken to be in need."""
    for a in range(areas.shape[0]):
        wrong = levers[a].misidentification
        if wrong != areas[a].ahead_mistaken and areas[a].first_site < areas[a].last_site:
            areas[a].ahead_mistaken = wrong
            first, last = areas[a].first_site, areas[a].last_site - 1
            for h in range(sites[first].first_family, sites[last].last_family):
                look_ahead(families, pf, c, wrong, people.relied[families.home[h].person], h)
    using, fidelities, relied, flag = people.using, people.fidelity, people.relied, people.flag
    for j in range(np.uint64(using.shape[0])):
        now = fidelities[j] if using[j] == 1 else -1.0
        flag[j] = (now > relied[j]) | (now < relied[j] - ROOM)
    for k in range(list_flagged(flag, people.due)):
        j = people.due[k]
        people.relied[j] = min(1.0, people.fidelity[j] + MARGIN) if people.using[j] == 1 else -1.0
        wrong = levers[sites[people.site[j]].area].misidentification
        for f in range(people.family_ptr[j], people.family_ptr[j + 1]):
            look_ahead(families, pf, c, wrong, people.relied[j], people.family_index[f])


@part
def look_ahead(families: Families, pf: FamilyParameters, c: Chances, wrong: float, practice: float, h: int) -> None:
    """Set the limits of one family as it stands now."""
    home = families.home[h]
    families.limits[h] = limits_of(pf, c, wrong, practice, home.need, home.path, home.fifth)


@part
def limits_of(
    pf: FamilyParameters, c: Chances, wrong: float, practice: float, need: int, path: int, fifth: int
) -> np.uint32:
    """Limits of a family whose practitioner's fidelity stays below `practice` (-1: the practice is not used)."""
    fidelity = max(practice, 0.0)
    first, second = ALWAYS, ALWAYS
    if need == 0:
        first = limit(c.arises[fifth])
        if path == family.UNKNOWN:
            second = limit(family.mistaken(pf, fidelity, wrong)) if wrong > 0.0 else NEVER
    elif not family.in_service(path):
        first = limit(c.by_itself)
        if path == family.UNKNOWN:
            second = limit(family.noticed(pf, fidelity) if fidelity > 0.0 else c.unaided)
        elif path == family.WAITING:
            second = limit(c.offer) if practice >= 0.0 else NEVER
        else:
            second = limit(c.again)
    return both(first, second)


@part
def flag_giving_up(areas: Array, sites: Array, families: Families, word: np.uint64, begin: int, end: int) -> None:
    """Flag those waiting (of `begin` to `end`) who may give up for want of a place, at the far end of their uniform."""
    for a in range(areas.shape[0]):
        if areas[a].lost > 0.0:
            first = sites[areas[a].first_site].first_family
            last = sites[areas[a].last_site - 1].last_family
            stays = 1.0 - 1.001 * areas[a].lost
            for h in range(max(first, begin), min(last, end)):
                if families.home[h].path == family.WAITING and draws.lower(draws.bits(word, families.id[h])) >= stays:
                    families.flag[h] = 1


@part
def list_due(
    areas: Array, sites: Array, people: People, families: Families, word: np.uint64, begin: int, end: int
) -> int:
    """List, in `due`, to whom of the families `begin` to `end` anything may happen (from `begin`); returns how many.

    What is asked of each is gathered first, all at once, as it lies scattered: waiting for it one by one takes longer.
    """
    flag_due(families.id[begin:end], families.limits[begin:end], word, families.flag[begin:end])
    flag_giving_up(areas, sites, families, word, begin, end)
    found = list_flagged(families.flag[begin:end], families.due)
    for k in range(found):
        h = begin + families.due[k]
        person = families.home[h].person
        families.luck[k] = draws.bits(word, families.id[h])
        families.person[k] = person
        families.practice[k] = people.fidelity[person] if people.using[person] == 1 else -1.0
    return found


@kernel
def serve(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    families: Families,
    tally: Array,
    pp: PractitionerParameters,
    pf: FamilyParameters,
    key: np.uint64,
    month: int,
) -> None:
    """All families a month on; each reads its own state as it stood, and its practitioner's practice of this month."""
    word = draws.word_key(key, draws.FAMILY, month)
    c = chances_now(pf)
    find_places(areas, levers, sites, people, pf, c.offer)
    look_around(areas, levers, sites, people, families, pf, c)
    homes, i = families.home, 0
    for begin in range(0, homes.shape[0], BLOCK):
        end = min(begin + BLOCK, homes.shape[0])
        for k in range(list_due(areas, sites, people, families, word, begin, end)):
            h, person, practice = begin + families.due[k], families.person[k], families.practice[k]
            while h >= sites[i].last_family:
                i += 1
            a, home = sites[i].area, homes[h]
            was = (int(home.need), int(home.path), int(home.history), int(home.benefit))
            now = month_on(
                pf, was, draws.upper(families.luck[k]), draws.lower(families.luck[k]), practice >= 0.0,
                max(practice, 0.0), pp.fidelity_criterion, levers[a].true_effect, c, c.arises[home.fifth],
                levers[a].misidentification, family.offered(c.offer, areas[a].place_share, sites[i].service),
                areas[a].lost,
            )  # fmt: skip
            if now != was:
                note(areas, people, families, tally, was, now, sites[i].zone, a, h)
                look_ahead(families, pf, c, levers[a].misidentification, people.relied[person], h)


@part
def note(
    areas: Array, people: People, families: Families, tally: Array, was: State, now: State, zone: int, a: int, h: int
) -> None:
    """Write down what became of a family, and let the counts follow."""
    need, path, history, benefit = now
    home = families.home[h]
    if need != 0 or was[0] != 0 or history != was[2]:
        recount(tally, zone, home.fifth, standing(*was), standing(*now))
    if need != was[0] or path != was[1]:
        keep_places(areas, people, a, home.person, was[0], was[1], -1)
        keep_places(areas, people, a, home.person, need, path, 1)
    families.home[h].need, families.home[h].path = need, path
    families.home[h].history, families.home[h].benefit = history, benefit


@part
def month_on(
    pf: FamilyParameters,
    was: State,
    chance: float,
    way: float,
    using: bool,
    fidelity: float,
    criterion: float,
    effect: float,
    c: Chances,
    arises: float,
    wrong: float,
    offered: float,
    lost: float,
) -> State:
    """One family a month on. `chance` and `way` are its two uniforms."""
    need, path, history, benefit = was
    if need == 0:
        if chance < arises:
            return 1, family.UNKNOWN, history | EVER_IN_NEED, benefit
        if wrong > 0.0 and way < family.mistaken(pf, fidelity, wrong):
            return 0, family.WAITING, history | MISTAKEN, benefit
        return 0, family.UNKNOWN, history, benefit
    serving = using and family.in_service(path)
    if serving:
        history |= REACHED if fidelity < criterion else REACHED | REACHED_AT_FIDELITY
        benefit += family.benefit(pf, fidelity, effect)
    if chance < (family.resolves(pf, True, fidelity, effect) if serving else c.by_itself):
        return 0, family.UNKNOWN, history, benefit
    if family.gives_up(path, way, lost):
        history |= GAVE_UP
    notice = family.noticed(pf, fidelity) if path == family.UNKNOWN and fidelity > 0.0 else c.unaided
    return 1, family.next_path(pf, path, using, way, notice, offered, c.again, c.drop, lost), history, benefit
