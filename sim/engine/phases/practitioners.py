"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.state import State
from sim.organisation.compile import Place
from sim.parameters import Levers, PractitionerParameters
from sim.rules import practitioner, site
from sim.rules.rule import around, probability, share

ALIGNMENT = Levers._fields.index("alignment")
FIDELITY_FEEDBACK = Levers._fields.index("fidelity_feedback")
INITIATIVE_LOAD = Levers._fields.index("initiative_load")
MANDATE = Levers._fields.index("mandate")
TRAINING = Levers._fields.index("training")
TURNOVER_FACTOR = Levers._fields.index("turnover_factor")


@kernel
def practise(place: Place, pp: PractitionerParameters, s: State, key: np.uint64, month: int) -> None:
    """All practitioners a month on; peers' use is read as it stood when the phase began."""
    flips = 0
    settle = practitioner.settling(pp)
    for i in range(place.site_id.shape[0]):
        flips = practise_at(place, pp, s, key, month, i, settle, flips)
    for f in range(flips):
        j = s.flips[f]
        change = 1 if s.using[j] == 1 else -1
        for k in range(place.tie_ptr[j], place.tie_ptr[j + 1]):
            s.peers[place.tie_index[k]] += change


@kernel
def practise_at(
    place: Place,
    pp: PractitionerParameters,
    s: State,
    key: np.uint64,
    month: int,
    i: int,
    settle: float,
    flips: int,
) -> int:
    """The practitioners of one site; returns how many of all have changed their use so far."""
    person = draws.word_key(key, draws.PERSON, month)
    training_word = draws.word_key(key, draws.TRAINING, month)
    newcomer = draws.word_key(key, draws.NEWCOMER, month)
    a = place.site_area[i]
    levers = s.levers[a]
    dose = s.dose[i]
    commitment = s.commitment[place.site_manager[i]]
    deprivation = place.site_deprivation[i]
    engaged = s.stage[i] != site.NOT_ENGAGED
    overloaded = practitioner.overload(
        pp, levers[INITIATIVE_LOAD], levers[ALIGNMENT], deprivation, place.site_secondary[i] == 1
    )
    kind = int(levers[TRAINING])
    induct = 0.0
    if s.milestones[i, 0] >= 0 and kind > 0:
        induct = probability(practitioner.inducted(pp, s.able[i]))
    users = 0
    for j in range(place.staff_ptr[i], place.staff_ptr[i + 1]):
        luck = draws.bits(person, place.person_id[j])
        used = s.using[j]
        leaving = practitioner.leaves(
            pp, place.person_care[j] == 1, levers[TURNOVER_FACTOR], deprivation, used == 1, dose
        )
        if draws.upper(luck) < probability(leaving):
            replace_person(place, pp, s, newcomer, month, i, j)
        else:
            peers = share(s.peers[j], place.tie_ptr[j + 1] - place.tie_ptr[j])
            move = draws.lower(luck)
            was_trained = s.trained[j]
            if was_trained == 0 and draws.upper(draws.bits(training_word, place.person_id[j])) < induct:
                s.trained[j] = 1
                s.trained_now[i] += 1
            if used == 1:
                if move < probability(practitioner.lapses(pp, peers, commitment, dose, overloaded)):
                    s.using[j] = 0
                else:
                    s.skill[j] = practitioner.next_skill(
                        pp, s.skill[j], s.level[j], dose, levers[FIDELITY_FEEDBACK], settle
                    )
            elif s.aware[j] == 1:
                mine = kind if was_trained == 1 else practitioner.UNTRAINED
                hazard = practitioner.starts(
                    pp, s.readiness[j], peers, commitment, dose, levers[MANDATE], overloaded, mine
                )
                if move < probability(hazard):
                    s.using[j] = 1
                    s.ever_used[j] = 1
                    s.skill[j] = max(s.skill[j], practitioner.first_skill(pp, mine))
            elif move < probability(practitioner.hears(pp, peers, engaged)):
                s.aware[j] = 1
            if s.trained[j] == 1:
                s.aware[j] = 1
        if s.using[j] != used:
            s.flips[flips] = j
            flips += 1
        s.fidelity[j] = 0.0
        if s.using[j] == 1:
            users += 1
            s.fidelity[j] = practitioner.fidelity(s.skill[j], s.barrier[i], s.system_barrier[a], s.usability[a])
    s.users[i] = users
    return flips


@kernel
def replace_person(
    place: Place, pp: PractitionerParameters, s: State, newcomer: np.uint64, month: int, i: int, j: int
) -> None:
    """A newcomer takes the post: not aware, not trained, with a level and readiness of their own."""
    word = draws.bits(newcomer, place.person_id[j])
    s.aware[j] = 0
    s.trained[j] = 0
    s.using[j] = 0
    s.ever_used[j] = 0
    s.skill[j] = 0.0
    s.level[j] = around(pp.level_mean, pp.level_spread, draws.upper(word))
    s.readiness[j] = around(s.site_readiness[i], pp.readiness_spread, draws.lower(word))
    s.joined[j] = month
