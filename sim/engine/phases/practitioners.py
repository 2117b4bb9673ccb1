"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted.

A plain loop over all practitioners finds those to whom anything may happen this month, by their limits
(`phases/outlook.py`); for them the rules are asked in full. Users' skill moves every month, in a loop of its own.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import first_may, happens, list_flagged, second_may
from sim.engine.phases.outlook import TAKES_PART, induction, list_due, look_ahead, look_around, turnover
from sim.engine.phases.partners import best_partner, far_users, remember
from sim.engine.world import Array, People
from sim.parameters import PractitionerParameters
from sim.rules import practitioner
from sim.rules.rule import around


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
    remember(levers, people)
    training = look_around(areas, levers, sites, people, leaders, between, pp)
    found = list_due(areas, levers, sites, people, pp, key, month, training)
    flips = decide(areas, levers, sites, people, leaders, load, between, pp, key, month, found)
    deliver(areas, levers, sites, people, pp)
    tell_peers(levers, sites, people, pp, flips)


@part
def tell_peers(levers: Array, sites: Array, people: People, pp: PractitionerParameters, flips: int) -> None:
    """Peers see who changed their use."""
    for f in range(flips):
        j = people.flips[f]
        people.used[j] = people.using[j]
        change = 1 if people.using[j] == 1 else -1
        for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
            peer = people.tie_index[k]
            people.peers[peer] += change
            if people.using[peer] == 0:
                look_ahead(levers, sites, people, pp, people.site[peer], peer)


@kernel
def everyone(areas: Array, sites: Array, a: int) -> int:
    """How many practitioners an area has."""
    first, last = areas[a].first_site, areas[a].last_site
    return int(sites[last - 1].last_person - sites[first].first_person)


@part
def overload(areas: Array, levers: Array, sites: Array, load: Array, pp: PractitionerParameters, i: int) -> float:
    """Share of a site's practitioners' attention that other initiatives take."""
    a = sites[i].area
    carried = practitioner.burdened(load[a, sites[i].agency], levers[a].data_burden, sites[i].month_started >= 0)
    carried = practitioner.relieved(carried, everyone(areas, sites, a), areas[a].posts)
    return practitioner.overload(pp, carried, areas[a].alignment, sites[i].deprivation, sites[i].secondary == 1)


@part
def deliver(areas: Array, levers: Array, sites: Array, people: People, pp: PractitionerParameters) -> None:
    """Skill of those who went on using the practice, and every user's true fidelity; both counted by site."""
    settle, criterion = practitioner.settling(pp), pp.fidelity_criterion
    before, skills, levels, fidelities = people.used, people.skill, people.level, people.fidelity
    here, last = -1, -1
    for k in range(list_flagged(people.using, people.due)):
        j = people.due[k]
        if j >= last:
            here = people.site[j]
            last = sites[here].last_person
            a = sites[here].area
            joint, feedback, dose = levers[a].joint_share, levers[a].fidelity_feedback, sites[here].dose
            local, system, usability = sites[here].barrier, areas[a].system_barrier, areas[a].usability
            sites[here].fidelity = sites[here].best = 0.0
            sites[here].at_fidelity = 0
        if before[j] == 1:
            skills[j] = practitioner.next_skill(pp, skills[j], levels[j], dose, feedback, settle)
        if joint > 0.0:
            people.partner[j] = best_partner(people, j)
        together = practitioner.joint_skill(skills[j], people.partner[j], joint)
        fidelity = practitioner.fidelity(together, local, system, usability)
        fidelities[j] = fidelity
        sites[here].fidelity += fidelity
        sites[here].at_fidelity += fidelity >= criterion
        sites[here].best = max(sites[here].best, fidelity)


@part
def decide(
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
    found: int,
) -> int:
    """Those who are due (`due[:found]`) leave, hear, train, start or lapse, as the rules say; returns how many change
    their use.
    """
    person, newcomer = draws.word_key(key, draws.PERSON, month), draws.word_key(key, draws.NEWCOMER, month)
    training_word = draws.word_key(key, draws.TRAINING, month)
    flips = 0
    for k in range(found):
        j = people.due[k]
        i = people.site[j]
        luck = draws.bits(person, people.id[j])
        limits, used = people.limits[j], people.using[j]
        if first_may(luck, limits) and leaves(areas, levers, sites, people, pp, luck, i, j):
            replace_person(sites, people, pp, newcomer, month, i, j)
        else:
            if second_may(luck, limits):
                move(areas, levers, sites, people, leaders, load, between, pp, luck, i, j)
            if people.open[j] == 1:
                be_inducted(areas, levers, sites, people, pp, training_word, i, j)
        if people.using[j] != used:
            people.flips[flips] = j
            flips += 1
        look_ahead(levers, sites, people, pp, i, j)
    return flips


@part
def leaves(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    pp: PractitionerParameters,
    luck: np.uint64,
    i: int,
    j: int,
) -> bool:
    """Does a practitioner leave their post?"""
    factor = turnover(areas, levers, sites, pp, i)
    hazard = practitioner.leaves(
        pp, people.care[j] == 1, factor, sites[i].deprivation, people.using[j] == 1, sites[i].dose
    )
    return happens(draws.upper(luck), hazard)


@part
def move(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    load: Array,
    between: Array,
    pp: PractitionerParameters,
    luck: np.uint64,
    i: int,
    j: int,
) -> None:
    """Who uses the practice may stop, who knows of it may start, and anybody else may hear of it."""
    a = sites[i].area
    chance, commitment = draws.lower(luck), leaders[sites[i].manager].commitment
    peers = advice(people, between[a, sites[i].agency], j)
    if people.using[j] == 1:
        taken = overload(areas, levers, sites, load, pp, i)
        if happens(chance, practitioner.lapses(pp, peers, commitment, sites[i].dose, taken)):
            people.using[j] = 0
            people.fidelity[j] = 0.0
            sites[i].stopped += 1
            lose_user(sites, i)
    elif people.aware[j] == 1:
        kind = int(levers[a].training) if people.trained[j] == 1 else practitioner.UNTRAINED
        taken = overload(areas, levers, sites, load, pp, i)
        heard = practitioner.with_champions(peers, levers[a].champions)
        hazard = practitioner.starts(
            pp, people.readiness[j], heard, commitment, sites[i].dose, levers[a].mandate, taken, kind
        )
        if happens(chance, hazard):
            people.using[j] = 1
            sites[i].users += 1
            sites[i].stopped -= people.ever_used[j]
            people.ever_used[j] = 1
            people.skill[j] = max(people.skill[j], practitioner.first_skill(pp, kind))
    elif happens(chance, practitioner.hears(pp, peers, (sites[i].setting & TAKES_PART) != 0)):
        people.aware[j] = 1
        sites[i].aware += 1


@part
def lose_user(sites: Array, i: int) -> None:
    """One of a site's users is one no more; whoever uses the practice still is counted by `deliver`."""
    sites[i].users -= 1
    if sites[i].users == 0:
        sites[i].fidelity = sites[i].best = 0.0
        sites[i].at_fidelity = 0


@part
def advice(people: People, through: float, j: int) -> float:
    """Share of those a practitioner listens to who used the practice when the phase began."""
    ties = people.tie_ptr[j + 1] - people.tie_ptr[j]
    partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
    far = far_users(people, j) if through > 0.0 else 0
    return practitioner.advice(people.peers[j], ties, far, partners, through)


@part
def be_inducted(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    pp: PractitionerParameters,
    word: np.uint64,
    i: int,
    j: int,
) -> None:
    """Somebody untrained may be trained by the site, or with other help."""
    trains, induct = draws.upper(draws.bits(word, people.id[j])), induction(levers, sites, pp, i)
    if trains < induct + areas[sites[i].area].taught:
        people.trained[j] = 1
        sites[i].trained += 1
        sites[i].trained_now += trains < induct
        sites[i].aware += people.aware[j] == 0
        people.aware[j] = 1


@part
def replace_person(
    sites: Array, people: People, pp: PractitionerParameters, newcomer: np.uint64, month: int, i: int, j: int
) -> None:
    """A newcomer takes the post: not aware, not trained, with a level and readiness of their own."""
    sites[i].aware -= people.aware[j]
    sites[i].trained -= people.trained[j]
    if people.using[j] == 1:
        lose_user(sites, i)
    elif people.ever_used[j] == 1:
        sites[i].stopped -= 1
    word = draws.bits(newcomer, people.id[j])
    people.aware[j] = 0
    people.trained[j] = 0
    people.using[j] = 0
    people.ever_used[j] = 0
    people.skill[j] = 0.0
    people.fidelity[j] = 0.0
    people.level[j] = around(sites[i].level, pp.level_spread, draws.upper(word))
    people.readiness[j] = around(sites[i].readiness, pp.readiness_spread, draws.lower(word))
    people.joined[j] = month
