"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import ALL, bound, first_bits, list_flagged, second_bits
from sim.engine.world import Array, Families, People
from sim.levers import NO_LIMIT
from sim.organisation.codes import FIFTHS
from sim.parameters import FamilyParameters, PractitionerParameters
from sim.rules import family
from sim.rules.rule import probability

EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY, GAVE_UP, MISTAKEN = 1, 2, 4, 8, 16


Standing = tuple[np.int64, int, int, int, int, int, np.int64, np.int64, int, int, int]


class Bounds(NamedTuple):
    """What nothing this month is more probable than, for families of one area (see `phases/due.py`)."""

    arises: np.int64
    resolves: np.int64
    stays: np.int64  # a waiting family gives up at the far end of its uniform: never below this
    again: np.int64


class Help(NamedTuple):
    """The same, for what a site's practitioners decide."""

    mistaken: np.int64
    noticed: np.int64
    offered: np.int64


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


@kernel
def tally_all(sites: Array, families: Families, tally: Array) -> None:
    """Count every family afresh, by zone and fifth."""
    tally[:] = 0
    nothing = standing(0, family.UNKNOWN, 0, 0)
    for i in range(sites.shape[0]):
        z = sites[i].zone
        for h in range(sites[i].first_family, sites[i].last_family):
            tally[z, families.fifth[h], 0] += 1
            if families.need[h] != 0 or families.history[h] != 0:
                one = standing(families.need[h], families.path[h], families.history[h], families.benefit[h])
                recount(tally, z, families.fifth[h], nothing, one)


@kernel
def bounds(pf: FamilyParameters, arise: Array, lost: float) -> Bounds:
    """Bounds for all families of an area where who waits gives up with probability `lost`."""
    return Bounds(
        arises=bound(arise.max()),
        resolves=bound(family.resolves(pf, False, 0.0, 0.0)),
        stays=ALL - bound(lost),
        again=bound(probability(pf.offer_again)),
    )


@kernel
def help_bounds(pf: FamilyParameters, wrong: float, best: float, place_share: float) -> Help:
    """Bounds at sites where nobody's fidelity is above `best`; `place_share`: 0 where nobody uses the practice."""
    return Help(
        mistaken=bound(family.mistaken(pf, best, wrong)),
        noticed=bound(family.noticed(pf, best)),
        offered=bound(family.offered(probability(pf.offer), place_share, 1.0)),
    )


@part
def flag_due(families: Families, first: int, last: int, word: np.uint64, most: Bounds, help: Help) -> None:
    """Flag families (`first` to `last`) to whom anything may happen; those in service always move on."""
    ids, needs, paths, flag = families.id, families.need, families.path, families.flag
    for h in range(np.uint64(first), np.uint64(last)):
        luck = draws.bits(word, ids[h])
        way = second_bits(luck)
        path = paths[h]
        if needs[h] == 0:
            changes = most.arises
            moves = help.mistaken if path == family.UNKNOWN else ALL
        else:
            changes = most.resolves
            moves = help.noticed if path == family.UNKNOWN else ALL
            moves = help.offered if path == family.WAITING else moves
            moves = most.again if path == family.ENDED else moves
        stays = most.stays if path == family.WAITING else ALL
        flag[h] = (first_bits(luck) < changes) | (way < moves) | (way >= stays)


@part
def list_due(
    areas: Array, levers: Array, sites: Array, families: Families, pf: FamilyParameters, arise: Array, word: np.uint64
) -> int:
    """List, in `due`, the families to whom anything may happen this month; returns how many."""
    for a in range(areas.shape[0]):
        wrong, place_share, lost = levers[a].misidentification, areas[a].place_share, areas[a].lost
        most, unaided = bounds(pf, arise, lost), help_bounds(pf, wrong, 0.0, 0.0)
        for i in range(areas[a].first_site, areas[a].last_site):
            help = help_bounds(pf, wrong, sites[i].best, place_share) if sites[i].users > 0 else unaided
            flag_due(families, sites[i].first_family, sites[i].last_family, word, most, help)
    return list_flagged(families.flag, families.due)


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
    offer, again = probability(pf.offer), probability(pf.offer_again)
    drop, unaided = family.dropout(pf), family.noticed(pf, 0.0)
    by_itself = family.resolves(pf, False, 0.0, 0.0)
    find_places(areas, levers, sites, people, pf, offer)
    arise = np.empty(FIFTHS)
    for fifth in range(FIFTHS):
        arise[fifth] = family.arises(pf, fifth)
    found = list_due(areas, levers, sites, families, pf, arise, word)
    ids, person, fifths, due = families.id, families.person, families.fifth, families.due
    needs, paths, histories, benefits = families.need, families.path, families.history, families.benefit
    fidelities, users = people.fidelity, people.using
    i = 0
    for k in range(found):
        h = due[k]
        while h >= sites[i].last_family:
            i += 1
        a = sites[i].area
        luck = draws.bits(word, ids[h])
        need, path, history, benefit = month_on(
            pf, int(needs[h]), int(paths[h]), int(histories[h]), int(benefits[h]), draws.upper(luck),
            draws.lower(luck), users[person[h]] == 1, fidelities[person[h]], pp.fidelity_criterion,
            levers[a].true_effect, arise[fifths[h]], by_itself, levers[a].misidentification, unaided,
            family.offered(offer, areas[a].place_share, sites[i].service), again, drop, areas[a].lost,
        )  # fmt: skip
        if need != needs[h] or path != paths[h] or history != histories[h] or benefit != benefits[h]:
            if need != 0 or needs[h] != 0 or history != histories[h]:
                before = standing(needs[h], paths[h], histories[h], benefits[h])
                recount(tally, sites[i].zone, fifths[h], before, standing(need, path, history, benefit))
            if need != needs[h] or path != paths[h]:
                keep_places(areas, people, a, person[h], int(needs[h]), int(paths[h]), -1)
                keep_places(areas, people, a, person[h], need, path, 1)
            needs[h], paths[h], histories[h], benefits[h] = need, path, history, benefit


@part
def month_on(
    pf: FamilyParameters,
    need: int,
    path: int,
    history: int,
    benefit: int,
    chance: float,
    way: float,
    using: bool,
    fidelity: float,
    criterion: float,
    effect: float,
    arises: float,
    by_itself: float,
    wrong: float,
    unaided: float,
    offered: float,
    again: float,
    drop: float,
    lost: float,
) -> tuple[int, int, int, int]:
    """One family a month on: need, path, history and benefit. `chance` and `way` are its two uniforms."""
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
    if chance < (family.resolves(pf, True, fidelity, effect) if serving else by_itself):
        return 0, family.UNKNOWN, history, benefit
    if family.gives_up(path, way, lost):
        history |= GAVE_UP
    notice = family.noticed(pf, fidelity) if path == family.UNKNOWN and fidelity > 0.0 else unaided
    return 1, family.next_path(pf, path, using, way, notice, offered, again, drop, lost), history, benefit
