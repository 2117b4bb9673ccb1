"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.world import Array, People
from sim.organisation.codes import EDUCATION
from sim.parameters import PractitionerParameters
from sim.rules import practitioner, site, year
from sim.rules.rule import around, probability


@kernel
def practise(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    load: Array,
    between: Array,
    pp: PractitionerParameters,
    key: np.uint64,
    month: int,
) -> None:
    """All practitioners a month on; peers' use is read as it stood when the phase began."""
    look_for_partners(levers, sites, people, between)
    flips = 0
    settle = practitioner.settling(pp)
    for i in range(sites.shape[0]):
        flips = practise_at(areas, levers, sites, people, leaders, load, between, pp, key, month, i, settle, flips)
    for f in range(flips):
        j = people.flips[f]
        change = 1 if people.using[j] == 1 else -1
        for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
            people.peers[people.tie_index[k]] += change


@kernel
def look_for_partners(levers: Array, sites: Array, people: People, between: Array) -> None:
    """Who of everybody's partners in other agencies uses the practice as the phase begins, and the best one's skill."""
    for i in range(sites.shape[0]):
        a = sites[i].area
        if levers[a].joint_share <= 0.0 and between[a, sites[i].agency] <= 0.0:
            continue
        for j in range(sites[i].first_person, sites[i].last_person):
            people.partner[j] = 0.0
            people.far[j] = 0
            for k in range(people.partners.shape[1]):
                other = people.partners[j, k]
                if other >= 0:
                    people.far[j] += people.using[other]
                    if people.trained[other] == 1:
                        people.partner[j] = max(people.partner[j], people.skill[other])


@kernel
def everyone(areas: Array, sites: Array, a: int) -> int:
    """How many practitioners an area has."""
    first, last = areas[a].first_site, areas[a].last_site
    return int(sites[last - 1].last_person - sites[first].first_person)


@kernel
def burden(
    areas: Array, levers: Array, sites: Array, load: Array, pp: PractitionerParameters, i: int
) -> tuple[float, float]:
    """What weighs on a site's practitioners: share of attention taken by other initiatives; turnover's factor now."""
    a = sites[i].area
    carried = practitioner.burdened(load[a, sites[i].agency], levers[a].data_burden, sites[i].month_started >= 0)
    carried = practitioner.relieved(carried, everyone(areas, sites, a), areas[a].posts)
    factor = levers[a].turnover_factor
    if sites[i].agency == EDUCATION:
        factor = year.seasonal(pp, factor, levers[a].school_year, areas[a].calendar)
    taken = practitioner.overload(pp, carried, areas[a].alignment, sites[i].deprivation, sites[i].secondary == 1)
    return taken, factor


@kernel
def chance_of_leaving(
    pp: PractitionerParameters, factor: float, deprivation: float, dose: float
) -> tuple[float, float, float, float]:
    """Monthly probability that a teacher or a carer leaves: who does not use the practice, then who does."""
    return (
        probability(practitioner.leaves(pp, False, factor, deprivation, False, dose)),
        probability(practitioner.leaves(pp, True, factor, deprivation, False, dose)),
        probability(practitioner.leaves(pp, False, factor, deprivation, True, dose)),
        probability(practitioner.leaves(pp, True, factor, deprivation, True, dose)),
    )


@kernel
def deliver(areas: Array, levers: Array, sites: Array, people: People, i: int) -> None:
    """True fidelity of everybody at a site, and how many use the practice."""
    a = sites[i].area
    joint = levers[a].joint_share
    local, system, usability = sites[i].barrier, areas[a].system_barrier, areas[a].usability
    users = 0
    for j in range(sites[i].first_person, sites[i].last_person):
        people.fidelity[j] = 0.0
        if people.using[j] == 1:
            users += 1
            skill = practitioner.joint_skill(people.skill[j], people.partner[j], joint)
            people.fidelity[j] = practitioner.fidelity(skill, local, system, usability)
    sites[i].users = users


@kernel
def practise_at(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    load: Array,
    between: Array,
    pp: PractitionerParameters,
    key: np.uint64,
    month: int,
    i: int,
    settle: float,
    flips: int,
) -> int:
    """The practitioners of one site; returns how many of all have changed their use so far."""
    person, newcomer = draws.word_key(key, draws.PERSON, month), draws.word_key(key, draws.NEWCOMER, month)
    training_word = draws.word_key(key, draws.TRAINING, month)
    a = sites[i].area
    dose = sites[i].dose
    commitment = leaders[sites[i].manager].commitment
    engaged = sites[i].stage != site.NOT_ENGAGED
    overloaded, factor = burden(areas, levers, sites, load, pp, i)
    through = between[a, sites[i].agency]
    kind = int(levers[a].training)
    inducting = sites[i].month_started >= 0 and kind > 0
    induct = probability(practitioner.inducted(pp, sites[i].able)) if inducting else 0.0
    idle_teacher, idle_carer, using_teacher, using_carer = chance_of_leaving(pp, factor, sites[i].deprivation, dose)
    for j in range(sites[i].first_person, sites[i].last_person):
        luck = draws.bits(person, people.id[j])
        used = people.using[j]
        carer = people.care[j] == 1
        using, idle = (using_carer, idle_carer) if carer else (using_teacher, idle_teacher)
        leaving = using if used == 1 else idle
        if draws.upper(luck) < leaving:
            replace_person(sites, people, pp, newcomer, month, i, j)
        else:
            ties = people.tie_ptr[j + 1] - people.tie_ptr[j]
            partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
            peers = practitioner.advice(people.peers[j], ties, people.far[j], partners, through)
            move = draws.lower(luck)
            was_trained = people.trained[j]
            if was_trained == 0:
                trains = draws.upper(draws.bits(training_word, people.id[j]))
                if trains < induct:
                    people.trained[j] = 1
                    sites[i].trained_now += 1
                elif trains < induct + areas[a].taught:
                    people.trained[j] = 1
            if used == 1:
                if move < probability(practitioner.lapses(pp, peers, commitment, dose, overloaded)):
                    people.using[j] = 0
                else:
                    people.skill[j] = practitioner.next_skill(
                        pp, people.skill[j], people.level[j], dose, levers[a].fidelity_feedback, settle
                    )
            elif people.aware[j] == 1:
                mine = kind if was_trained == 1 else practitioner.UNTRAINED
                heard = practitioner.with_champions(peers, levers[a].champions)
                hazard = practitioner.starts(
                    pp, people.readiness[j], heard, commitment, dose, levers[a].mandate, overloaded, mine
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
    deliver(areas, levers, sites, people, i)
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
