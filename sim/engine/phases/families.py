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
def serve(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    families: Families,
    pp: PractitionerParameters,
    pf: FamilyParameters,
    key: np.uint64,
    month: int,
) -> None:
    """All families a month on; each reads its own state as it stood, and its practitioner's practice of this month."""
    word = draws.word_key(key, draws.FAMILY, month)
    offer = probability(pf.offer)
    again = probability(pf.offer_again)
    drop = family.dropout(pf)
    find_places(areas, levers, sites, people, families, pf, offer)
    arise = np.empty(FIFTHS)
    for fifth in range(FIFTHS):
        arise[fifth] = family.arises(pf, fifth)
    for i in range(sites.shape[0]):
        a = sites[i].area
        effect = levers[a].true_effect
        lost = areas[a].lost
        offered = family.offered(offer, areas[a].place_share, sites[i].service)
        wrong = levers[a].misidentification
        wrong_at_most = family.mistaken(pf, 1.0, wrong)
        for h in range(sites[i].first_family, sites[i].last_family):
            luck = draws.bits(word, families.id[h])
            if families.need[h] == 0:
                families.path[h] = family.UNKNOWN
                if draws.upper(luck) < arise[families.fifth[h]]:
                    families.need[h] = 1
                    families.history[h] |= EVER_IN_NEED
                elif wrong > 0.0 and draws.lower(luck) < wrong_at_most:
                    alert = people.fidelity[families.person[h]]
                    if draws.lower(luck) < family.mistaken(pf, alert, wrong):
                        families.path[h] = family.WAITING
                        families.history[h] |= MISTAKEN
                continue
            who = families.person[h]
            fidelity = people.fidelity[who]
            using = people.using[who] == 1
            serving = using and family.in_service(families.path[h])
            if serving:
                families.history[h] |= REACHED
                if fidelity >= pp.fidelity_criterion:
                    families.history[h] |= REACHED_AT_FIDELITY
                families.benefit[h] += family.benefit(pf, fidelity, effect)
            if draws.upper(luck) < family.resolves(pf, serving, fidelity, effect):
                families.need[h] = 0
                families.path[h] = family.UNKNOWN
            else:
                notice = family.noticed(pf, fidelity)
                way = draws.lower(luck)
                if family.gives_up(families.path[h], way, lost):
                    families.history[h] |= GAVE_UP
                families.path[h] = family.next_path(
                    pf, families.path[h], using, way, notice, offered, again, drop, lost
                )
