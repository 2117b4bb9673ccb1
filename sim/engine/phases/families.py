"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.world import Array, Families, People
from sim.organisation.codes import FIFTHS
from sim.parameters import FamilyParameters, PractitionerParameters
from sim.rules import family
from sim.rules.rule import probability

EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY = 1, 2, 4


@kernel
def serve(
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
    arise = np.empty(FIFTHS)
    for fifth in range(FIFTHS):
        arise[fifth] = family.arises(pf, fifth)
    for i in range(sites.shape[0]):
        effect = levers[sites[i].area].true_effect
        for h in range(sites[i].first_family, sites[i].last_family):
            luck = draws.bits(word, families.id[h])
            if families.need[h] == 0:
                if draws.upper(luck) < arise[families.fifth[h]]:
                    families.need[h] = 1
                    families.history[h] |= EVER_IN_NEED
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
                families.path[h] = family.next_path(
                    pf, families.path[h], using, draws.lower(luck), notice, offer, again, drop
                )
