"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.state import State
from sim.organisation.codes import FIFTHS
from sim.organisation.compile import Place
from sim.parameters import FamilyParameters, Levers, PractitionerParameters
from sim.rules import family
from sim.rules.rule import probability

TRUE_EFFECT = Levers._fields.index("true_effect")
EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY = 1, 2, 4


@kernel
def serve(
    place: Place, pp: PractitionerParameters, pf: FamilyParameters, s: State, key: np.uint64, month: int
) -> None:
    """All families a month on; each reads its own state as it stood, and its practitioner's practice of this month."""
    word = draws.word_key(key, draws.FAMILY, month)
    offer = probability(pf.offer)
    again = probability(pf.offer_again)
    drop = family.dropout(pf)
    arise = np.empty(FIFTHS)
    for fifth in range(FIFTHS):
        arise[fifth] = family.arises(pf, fifth)
    for i in range(place.site_id.shape[0]):
        effect = s.levers[place.site_area[i], TRUE_EFFECT]
        for h in range(place.family_ptr[i], place.family_ptr[i + 1]):
            luck = draws.bits(word, place.family_id[h])
            if s.need[h] == 0:
                if draws.upper(luck) < arise[place.family_fifth[h]]:
                    s.need[h] = 1
                    s.history[h] |= EVER_IN_NEED
                continue
            who = place.family_person[h]
            fidelity = s.fidelity[who]
            using = s.using[who] == 1
            serving = using and family.in_service(s.path[h])
            if serving:
                s.history[h] |= REACHED
                if fidelity >= pp.fidelity_criterion:
                    s.history[h] |= REACHED_AT_FIDELITY
                s.benefit[h] += family.benefit(pf, fidelity, effect)
            if draws.upper(luck) < family.resolves(pf, serving, fidelity, effect):
                s.need[h] = 0
                s.path[h] = family.UNKNOWN
            else:
                notice = family.noticed(pf, fidelity)
                s.path[h] = family.next_path(pf, s.path[h], using, draws.lower(luck), notice, offer, again, drop)
