"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted.

A plain loop over all practitioners finds those to whom anything may happen this month, by their limits
(`phases/outlook.py`); for them the rules are asked in full. Users' skill moves every month, in a loop of its own.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import happens, list_flagged
from sim.engine.phases.outlook import TAKES_PART, inducts, list_due, look_ahead, look_around
from sim.engine.phases.partners import best_partner, far_users, remember
from sim.engine.world import Array, People
from sim.organisation.codes import EDUCATION
from sim.parameters import PractitionerParameters
from sim.rules import practitioner, year
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
    remember(levers, people)
    training = look_around(areas, levers, sites, people, leaders, between, pp)
    leaving, moving = list_due(people, draws.word_key(key, draws.PERSON, month))
    flips = leave(areas, levers, sites, people, pp, key, month, leaving)
    flips = move(areas, levers, sites, people, leaders, load, between, pp, key, month, moving, flips)
    if training:
        induct(areas, levers, sites, people, pp, key, month)
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
            no_fidelity(sites, here)
        if before[j] == 1:
            skills[j] = practitioner.next_skill(pp, skills[j], levels[j], dose, feedback, settle)
        if joint > 0.0:
            people.partner[j] = best_partner(people, j)
        together = practitioner.joint_skill(skills[j], people.partner[j], joint)
        fidelity = practitioner.fidelity(together, local, system, usability)
        fidelities[j] = fidelity
        sites[here].fidelity += fidelity
        sites[here].at_fidelity += fidelity >= criterion


@part
def no_fidelity(sites: Array, i: int) -> None:
    """Nobody's fidelity at a site is counted yet, or any more."""
    sites[i].fidelity, sites[i].at_fidelity = 0.0, 0


@part
def leave(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    pp: PractitionerParameters,
    key: np.uint64,
    month: int,
    leaving: int,
) -> int:
    """Who leaves their post (of `leaving[:leaving]`) is replaced; returns how many of them used the practice (they are
    put into `flips`).
    """
    person, newcomer = draws.word_key(key, draws.PERSON, month), draws.word_key(key, draws.NEWCOMER, month)
    flips = 0
    for k in range(leaving):
        j = people.leaving[k]
        i, used = people.site[j], people.using[j]
        factor = turnover(areas, levers, sites, pp, i)
        hazard = practitioner.leaves(pp, people.care[j] == 1, factor, sites[i].deprivation, used == 1, sites[i].dose)
        if happens(draws.upper(draws.bits(person, people.id[j])), hazard):
            people.flips[flips] = j
            flips += used
            replace_person(sites, people, pp, newcomer, month, i, j)
            look_ahead(levers, sites, people, pp, i, j)
    return flips


@part
def turnover(areas: Array, levers: Array, sites: Array, pp: PractitionerParameters, i: int) -> float:
    """Factor of turnover at a site this month."""
    a = sites[i].area
    factor = levers[a].turnover_factor
    if sites[i].agency == EDUCATION:
        factor = year.seasonal(pp, factor, levers[a].school_year, areas[a].calendar)
    return float(factor)


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
    key: np.uint64,
    month: int,
    moving: int,
    flips: int,
) -> int:
    """Of `moving[:moving]`, who uses the practice may stop, who knows of it may start, and anybody else may hear of it;
    returns how many changed their use, with those before.
    """
    word = draws.word_key(key, draws.PERSON, month)
    for k in range(moving):
        j = people.moving[k]
        if people.joined[j] == month:
            continue
        i = people.site[j]
        a, commitment = sites[i].area, leaders[sites[i].manager].commitment
        chance, peers = draws.lower(draws.bits(word, people.id[j])), advice(people, between[a, sites[i].agency], j)
        if people.aware[j] == 0:
            if happens(chance, practitioner.hears(pp, peers, (sites[i].setting & TAKES_PART) != 0)):
                people.aware[j] = 1
                sites[i].aware += 1
                look_ahead(levers, sites, people, pp, i, j)
            continue
        taken, dose = overload(areas, levers, sites, load, pp, i), sites[i].dose
        if people.using[j] == 1:
            if happens(chance, practitioner.lapses(pp, peers, commitment, dose, taken)):
                stop_using(sites, people, i, j)
                people.flips[flips] = j
                flips += 1
                look_ahead(levers, sites, people, pp, i, j)
            continue
        kind = int(levers[a].training) if people.trained[j] == 1 else practitioner.UNTRAINED
        heard, ready = practitioner.with_champions(peers, levers[a].champions), people.readiness[j]
        if happens(chance, practitioner.starts(pp, ready, heard, commitment, dose, levers[a].mandate, taken, kind)):
            start_using(sites, people, practitioner.first_skill(pp, kind), i, j)
            people.flips[flips] = j
            flips += 1
            look_ahead(levers, sites, people, pp, i, j)
    return flips


@part
def start_using(sites: Array, people: People, skill: float, i: int, j: int) -> None:
    """Somebody begins to use the practice, or begins again."""
    people.using[j] = 1
    sites[i].users += 1
    sites[i].stopped -= people.ever_used[j]
    people.ever_used[j] = 1
    people.skill[j] = max(people.skill[j], skill)


@part
def stop_using(sites: Array, people: People, i: int, j: int) -> None:
    """Somebody stops; skill stays."""
    people.using[j] = 0
    people.fidelity[j] = 0.0
    sites[i].stopped += 1
    lose_user(sites, i)


@part
def lose_user(sites: Array, i: int) -> None:
    """One of a site's users is one no more; whoever uses the practice still is counted by `deliver`."""
    sites[i].users -= 1
    if sites[i].users == 0:
        no_fidelity(sites, i)


@part
def advice(people: People, through: float, j: int) -> float:
    """Share of those a practitioner listens to who used the practice when the phase began."""
    ties = people.tie_ptr[j + 1] - people.tie_ptr[j]
    partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
    far = far_users(people, j) if through > 0.0 else 0
    return practitioner.advice(people.peers[j], ties, far, partners, through)


@part
def induct(
    areas: Array, levers: Array, sites: Array, people: People, pp: PractitionerParameters, key: np.uint64, month: int
) -> None:
    """The untrained may be trained by their site, or with other help; those who just came, from next month on."""
    word = draws.word_key(key, draws.TRAINING, month)
    own, other, here = 0.0, 0.0, -1
    for k in range(list_flagged(people.open, people.due)):
        j = people.due[k]
        i = people.site[j]
        if i != here:
            here, own, other = i, induction(levers, sites, pp, i), areas[sites[i].area].taught
        trains = draws.upper(draws.bits(word, people.id[j]))
        if trains < own + other and people.joined[j] != month:
            people.trained[j] = 1
            sites[i].trained += 1
            sites[i].trained_now += trains < own
            sites[i].aware += people.aware[j] == 0
            people.aware[j] = 1
            look_ahead(levers, sites, people, pp, i, j)


@part
def induction(levers: Array, sites: Array, pp: PractitionerParameters, i: int) -> float:
    """Probability that a site trains one of its untrained this month."""
    return probability(practitioner.inducted(pp, sites[i].able)) if inducts(levers, sites, i) else 0.0


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
