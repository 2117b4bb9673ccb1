"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.world import Array, Families, People
from sim.levers import NO_LIMIT
from sim.organisation.codes import FIFTHS
from sim.parameters import FamilyParameters, PractitionerParameters
from sim.rules import family
from sim.rules.rule import probability

EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY, GAVE_UP, MISTAKEN = 1, 2, 4, 8, 16


@kernel
def find_places(
    areas: Array, levers: Array, sites: Array, people: People, families: Families, pf: FamilyParameters, offer: float
) -> None:
    """For what share of this month's offers each area has a place in support, and how many will give up waiting."""
    for a in range(areas.shape[0]):
        areas[a].place_share = 1.0
        areas[a].lost = 0.0
        if levers[a].support_places >= NO_LIMIT:
            continue
        taken = waiting = 0
        for i in range(areas[a].first_site, areas[a].last_site):
            for h in range(sites[i].first_family, sites[i].last_family):
                path = families.path[h]
                if path == family.UNKNOWN:
                    continue
                if families.need[h] == 0:
                    taken += path == family.WAITING
                elif path == family.WAITING:
                    waiting += people.using[families.person[h]]
                else:
                    taken += family.in_service(path)
        there = family.places(areas[a].in_need_at_first, levers[a].support_places, levers[a].community_places)
        areas[a].place_share = family.place_share(there, taken, waiting, offer, pf.enrol)
        areas[a].lost = family.lost(pf, areas[a].place_share)


@kernel
def standing(
    need: int, path: int, history: int, benefit: int
) -> tuple[np.int64, int, int, int, int, int, np.int64, np.int64, int, int, int]:
    """What one family adds to the counts; in the order of `measures.FAMILY`, after the families themselves."""
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


@kernel
def tally_all(sites: Array, families: Families, tally: Array) -> None:
    """Count every family afresh, by zone and fifth."""
    tally[:] = 0
    for i in range(sites.shape[0]):
        z = sites[i].zone
        for h in range(sites[i].first_family, sites[i].last_family):
            one = standing(families.need[h], families.path[h], families.history[h], families.benefit[h])
            tally[z, families.fifth[h], 0] += 1
            for column in range(len(one)):
                tally[z, families.fifth[h], column + 1] += one[column]


@kernel
def list_due(families: Families, word: np.uint64, arise: Array, everyone: bool) -> int:
    """List, in `due`, the families to whom anything may happen this month: those in need or known, and those whose need
    arises; returns how many. Two plain loops, so that both can be vectorised.
    """
    ids, need, path, fifth = families.id, families.need, families.path, families.fifth
    flag, due = families.flag, families.due
    for h in range(ids.shape[0]):
        busy = ((need[h] | path[h]) != 0) | everyone
        flag[h] = busy | (draws.upper(draws.bits(word, ids[h])) < arise[fifth[h]])
    found = 0
    for h in range(ids.shape[0]):
        due[found] = h
        found += flag[h]
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
    offer, again = probability(pf.offer), probability(pf.offer_again)
    drop, unaided = family.dropout(pf), family.noticed(pf, 0.0)
    find_places(areas, levers, sites, people, families, pf, offer)
    arise = np.empty(FIFTHS)
    for fifth in range(FIFTHS):
        arise[fifth] = family.arises(pf, fifth)
    wrong = False
    for a in range(areas.shape[0]):
        wrong = wrong or levers[a].misidentification > 0.0
    found = list_due(families, word, arise, wrong)
    served = 0
    for i in range(sites.shape[0]):
        a = sites[i].area
        first = served
        while served < found and families.due[served] < sites[i].last_family:
            served += 1
        offered = family.offered(offer, areas[a].place_share, sites[i].service)
        serve_site(
            people.fidelity, people.using, families, tally, first, served, sites[i].zone, word, pp.fidelity_criterion,
            pf, levers[a].true_effect, arise, levers[a].misidentification, offered, again, drop, unaided, areas[a].lost,
        )  # fmt: skip


@kernel
def serve_site(
    fidelities: Array,
    users: Array,
    families: Families,
    tally: Array,
    first: int,
    last: int,
    zone: int,
    word: np.uint64,
    criterion: float,
    pf: FamilyParameters,
    effect: float,
    arise: Array,
    wrong: float,
    offered: float,
    again: float,
    drop: float,
    unaided: float,
    lost: float,
) -> None:
    """The listed families of one site (`due[first:last]`) a month on; the counts follow them."""
    ids, person, fifths, due = families.id, families.person, families.fifth, families.due
    needs, paths, histories, benefits = families.need, families.path, families.history, families.benefit
    for k in range(first, last):
        h = due[k]
        luck = draws.bits(word, ids[h])
        chance, way = draws.upper(luck), draws.lower(luck)
        fifth = fifths[h]
        need, path, history, benefit = int(needs[h]), int(paths[h]), int(histories[h]), int(benefits[h])
        fidelity = fidelities[person[h]]
        if need == 0:
            path = family.UNKNOWN
            if chance < arise[fifth]:
                need = 1
                history |= EVER_IN_NEED
            elif wrong > 0.0 and way < family.mistaken(pf, fidelity, wrong):
                path = family.WAITING
                history |= MISTAKEN
        else:
            using = users[person[h]] == 1
            serving = using and family.in_service(path)
            if serving:
                history |= REACHED if fidelity < criterion else REACHED | REACHED_AT_FIDELITY
                benefit += family.benefit(pf, fidelity, effect)
            if chance < family.resolves(pf, serving, fidelity, effect):
                need = 0
                path = family.UNKNOWN
            else:
                notice = family.noticed(pf, fidelity) if fidelity > 0.0 else unaided
                if family.gives_up(path, way, lost):
                    history |= GAVE_UP
                path = family.next_path(pf, path, using, way, notice, offered, again, drop, lost)
        if need != needs[h] or path != paths[h] or history != histories[h] or benefit != benefits[h]:
            before = standing(needs[h], paths[h], histories[h], benefits[h])
            after = standing(need, path, history, benefit)
            for column in range(len(after)):
                tally[zone, fifth, column + 1] += after[column] - before[column]
            needs[h], paths[h], histories[h], benefits[h] = need, path, history, benefit
