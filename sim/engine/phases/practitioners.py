"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.world import Array, People
from sim.parameters import PractitionerParameters
from sim.rules import practitioner, site
from sim.rules.rule import around, probability, share


@kernel
def practise(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    pp: PractitionerParameters,
    key: np.uint64,
    month: int,
) -> None:
    """All practitioners a month on; peers' use is read as it stood when the phase began."""
    flips = 0
    settle = practitioner.settling(pp)
    for i in range(sites.shape[0]):
        flips = practise_at(areas, levers, sites, people, leaders, pp, key, month, i, settle, flips)
    for f in range(flips):
        j = people.flips[f]
        change = 1 if people.using[j] == 1 else -1
        for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
            people.peers[people.tie_index[k]] += change


@kernel
def practise_at(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    pp: PractitionerParameters,
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
    a = sites[i].area
    dose = sites[i].dose
    commitment = leaders[sites[i].manager].commitment
    deprivation = sites[i].deprivation
    engaged = sites[i].stage != site.NOT_ENGAGED
    overloaded = practitioner.overload(
        pp, levers[a].initiative_load, levers[a].alignment, deprivation, sites[i].secondary == 1
    )
    kind = int(levers[a].training)
    induct = 0.0
    if sites[i].month_started >= 0 and kind > 0:
        induct = probability(practitioner.inducted(pp, sites[i].able))
    users = 0
    for j in range(sites[i].first_person, sites[i].last_person):
        luck = draws.bits(person, people.id[j])
        used = people.using[j]
        leaving = practitioner.leaves(pp, people.care[j] == 1, levers[a].turnover_factor, deprivation, used == 1, dose)
        if draws.upper(luck) < probability(leaving):
            replace_person(sites, people, pp, newcomer, month, i, j)
        else:
            peers = share(people.peers[j], people.tie_ptr[j + 1] - people.tie_ptr[j])
            move = draws.lower(luck)
            was_trained = people.trained[j]
            if was_trained == 0 and draws.upper(draws.bits(training_word, people.id[j])) < induct:
                people.trained[j] = 1
                sites[i].trained_now += 1
            if used == 1:
                if move < probability(practitioner.lapses(pp, peers, commitment, dose, overloaded)):
                    people.using[j] = 0
                else:
                    people.skill[j] = practitioner.next_skill(
                        pp, people.skill[j], people.level[j], dose, levers[a].fidelity_feedback, settle
                    )
            elif people.aware[j] == 1:
                mine = kind if was_trained == 1 else practitioner.UNTRAINED
                hazard = practitioner.starts(
                    pp, people.readiness[j], peers, commitment, dose, levers[a].mandate, overloaded, mine
                )
                if move < probability(hazard):
                    people.using[j] = 1
                    people.ever_used[j] = 1
                    people.skill[j] = max(people.skill[j], practitioner.first_skill(pp, mine))
            elif move < probability(practitioner.hears(pp, peers, engaged)):
                people.aware[j] = 1
            if people.trained[j] == 1:
                people.aware[j] = 1
        if people.using[j] != used:
            people.flips[flips] = j
            flips += 1
        people.fidelity[j] = 0.0
        if people.using[j] == 1:
            users += 1
            people.fidelity[j] = practitioner.fidelity(
                people.skill[j], sites[i].barrier, areas[a].system_barrier, areas[a].usability
            )
    sites[i].users = users
    return flips


@kernel
def replace_person(
    sites: Array, people: People, pp: PractitionerParameters, newcomer: np.uint64, month: int, i: int, j: int
) -> None:
    """A newcomer takes the post: not aware, not trained, with a level and readiness of their own."""
    word = draws.bits(newcomer, people.id[j])
    people.aware[j] = 0
    people.trained[j] = 0
    people.using[j] = 0
    people.ever_used[j] = 0
    people.skill[j] = 0.0
    people.level[j] = around(pp.level_mean, pp.level_spread, draws.upper(word))
    people.readiness[j] = around(sites[i].readiness, pp.readiness_spread, draws.lower(word))
    people.joined[j] = month
