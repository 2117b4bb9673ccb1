"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted.

What each looks forward to is kept as a *prospect*, one small number. With it, a plain loop over all practitioners finds
those to whom anything may happen this month (`phases/due.py`); for them the rules are asked in full. Users' skill moves
every month, in loops of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import bound, first_bits, list_flagged, possible, second_bits
from sim.engine.phases.partners import FEW, far_at_most, far_users, look_to_partners, remember
from sim.engine.phases.start import count_fidelity
from sim.engine.world import Array, People
from sim.organisation.codes import EDUCATION
from sim.parameters import PractitionerParameters
from sim.rules import practitioner, site, year
from sim.rules.rule import around, probability

HEARS, HEARS_SOON, STARTS, STARTS_TRAINED, STARTS_COACHED, LAPSES, TRAINS = 0, 1, 2, 3, 4, 8, 16
"""Prospects. Not aware: at a site that does not, or does, take part. Aware: untrained or trained at a site with at most
a `LITTLE` coaching, or at one with more. Using it. `TRAINS` is added for the untrained whom training may reach."""

TAKES_PART, TRAINING, COACHED = 1, 2, 4
"""A site's setting."""

LITTLE = 0.1
"""Dose of coaching; nothing but speed depends on it."""


class Bounds(NamedTuple):
    """What nothing this month is more probable than, in one area (see `phases/due.py`); `alone`: for those none of
    whose peers uses the practice.
    """

    leaves: np.int64
    hears: np.int64
    hears_alone: np.int64
    hears_soon: np.int64
    starts: np.int64
    starts_alone: np.int64
    trained: np.int64
    trained_alone: np.int64
    coached: np.int64
    lapses: np.int64


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
    remember(levers, people, between)
    found = list_due(areas, levers, sites, people, between, pp, key, month)
    flips = decide(areas, levers, sites, people, leaders, load, between, pp, key, month, found)
    settle = practitioner.settling(pp)
    for i in range(sites.shape[0]):
        if sites[i].users > 0 or sites[i].fidelity > 0.0:
            deliver(areas, levers, sites, people, pp, settle, i)
    tell_peers(sites, people, flips)


@part
def tell_peers(sites: Array, people: People, flips: int) -> None:
    """Peers see who changed their use; those who began look ahead as users from now on."""
    for f in range(flips):
        j = people.flips[f]
        look_ahead(people, j, sites[people.site[j]].setting)
        change = 1 if people.using[j] == 1 else -1
        for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
            people.peers[people.tie_index[k]] += change


@part
def list_due(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    between: Array,
    pp: PractitionerParameters,
    key: np.uint64,
    month: int,
) -> int:
    """List, in `due`, the practitioners to whom anything may happen this month; returns how many."""
    word, training = draws.word_key(key, draws.PERSON, month), draws.word_key(key, draws.TRAINING, month)
    for a in range(areas.shape[0]):
        first, last = areas[a].first_site, areas[a].last_site
        dose = deprivation = through = 0.0
        for i in range(first, last):
            dose, deprivation = max(dose, sites[i].dose), max(deprivation, sites[i].deprivation)
            through = max(through, between[a, sites[i].agency])
            setting = setting_of(areas, levers, sites, i)
            if setting != sites[i].setting:
                sites[i].setting = setting
                for j in range(sites[i].first_person, sites[i].last_person):
                    look_ahead(people, j, setting)
        most = bounds(areas, levers, pp, a, dose, deprivation, far_at_most(through, people.partners.shape[1]))
        few = 0 if through <= 0.0 else FEW
        flag_due(people, sites[first].first_person, sites[last - 1].last_person, word, most, few)
        for i in range(first, last):
            if (sites[i].setting & TRAINING) != 0:
                trains = bound(induction(levers, sites, pp, i) + areas[a].taught)
                flag_trained(people, sites[i].first_person, sites[i].last_person, training, trains)
    return list_flagged(people.flag, people.due)


@part
def setting_of(areas: Array, levers: Array, sites: Array, i: int) -> int:
    """Does a site take part, may training reach the untrained there, and is there more than a little coaching?"""
    a = sites[i].area
    taking_part = TAKES_PART if sites[i].stage != site.NOT_ENGAGED else 0
    inducting = inducts(levers, sites, i) and sites[i].able > 0.0
    training = TRAINING if inducting or areas[a].taught > 0.0 else 0
    return taking_part + training + (COACHED if sites[i].dose > LITTLE else 0)


@part
def inducts(levers: Array, sites: Array, i: int) -> bool:
    """Does a site train its newcomers?"""
    return bool(sites[i].month_started >= 0 and levers[sites[i].area].training > 0.0)


@part
def induction(levers: Array, sites: Array, pp: PractitionerParameters, i: int) -> float:
    """Probability that a site trains one of its untrained this month."""
    return probability(practitioner.inducted(pp, sites[i].able)) if inducts(levers, sites, i) else 0.0


@part
def look_ahead(people: People, j: int, setting: int) -> None:
    """The prospect of one practitioner as things stand."""
    if people.using[j] == 1:
        prospect = LAPSES
    elif people.aware[j] == 1:
        prospect = STARTS_TRAINED if people.trained[j] == 1 else STARTS
        prospect = STARTS_COACHED if (setting & COACHED) != 0 else prospect
    else:
        prospect = HEARS_SOON if (setting & TAKES_PART) != 0 else HEARS
    people.prospect[j] = prospect + (TRAINS if people.trained[j] == 0 and (setting & TRAINING) != 0 else 0)


@kernel
def bounds(
    areas: Array, levers: Array, pp: PractitionerParameters, a: int, dose: float, deprivation: float, far: float
) -> Bounds:
    """Bounds in one area this month: the rules' answers in the most favourable case. No site's dose of coaching and
    deprivation are above those given; `far`: the share of peers that partners in other agencies may add to none.
    """
    factor = levers[a].turnover_factor
    factor = max(factor, year.seasonal(pp, factor, levers[a].school_year, areas[a].calendar))
    leaves = max(
        practitioner.leaves(pp, False, factor, deprivation, False, 0.0),
        practitioner.leaves(pp, True, factor, deprivation, False, 0.0),
    )
    little = min(dose, LITTLE)
    return Bounds(
        leaves=bound(probability(leaves)),
        hears=bound(probability(practitioner.hears(pp, 1.0, False))),
        hears_alone=bound(probability(practitioner.hears(pp, far, False))),
        hears_soon=bound(probability(practitioner.hears(pp, 1.0, True))),
        starts=bound(starts_at_most(levers, pp, a, 1.0, little, practitioner.UNTRAINED)),
        starts_alone=bound(starts_at_most(levers, pp, a, far, little, practitioner.UNTRAINED)),
        trained=bound(starts_at_most(levers, pp, a, 1.0, little, int(levers[a].training))),
        trained_alone=bound(starts_at_most(levers, pp, a, far, little, int(levers[a].training))),
        coached=max(
            bound(starts_at_most(levers, pp, a, 1.0, dose, practitioner.UNTRAINED)),
            bound(starts_at_most(levers, pp, a, 1.0, dose, int(levers[a].training))),
        ),
        lapses=bound(probability(practitioner.lapses(pp, 0.0, 0.0, 0.0, 1.0))),
    )


@part
def starts_at_most(
    levers: Array, pp: PractitionerParameters, a: int, peers: float, dose: float, training: int
) -> float:
    """Probability that the readiest starts, under the most committed manager and no other load."""
    heard = practitioner.with_champions(peers, levers[a].champions)
    return probability(practitioner.starts(pp, 1.0, heard, 1.0, dose, levers[a].mandate, 0.0, training))


@part
def flag_due(people: People, first: int, last: int, word: np.uint64, most: Bounds, few: int) -> None:
    """Flag practitioners (`first` to `last`) to whom anything may happen. Who has fewer than `few` ties counts as
    having peers who use the practice.
    """
    ids, prospects, peers, flag, ties = people.id, people.prospect, people.peers, people.flag, people.tie_ptr
    for j in range(np.uint64(first), np.uint64(last)):
        luck = draws.bits(word, ids[j])
        prospect = prospects[j] & ~TRAINS
        alone = (peers[j] == 0) & (ties[j + np.uint64(1)] - ties[j] >= few)
        moves = most.hears_alone if alone else most.hears
        moves = most.hears_soon if prospect == HEARS_SOON else moves
        starts = most.starts_alone if alone else most.starts
        moves = starts if prospect == STARTS else moves
        trained = most.trained_alone if alone else most.trained
        moves = trained if prospect == STARTS_TRAINED else moves
        moves = most.coached if prospect == STARTS_COACHED else moves
        moves = most.lapses if prospect == LAPSES else moves
        flag[j] = (first_bits(luck) < most.leaves) | (second_bits(luck) < moves)


@part
def flag_trained(people: People, first: int, last: int, word: np.uint64, trains: np.int64) -> None:
    """Flag, of the untrained whom training may reach (`first` to `last`), those whom it may reach this month."""
    ids, prospects, flag = people.id, people.prospect, people.flag
    for j in range(np.uint64(first), np.uint64(last)):
        reached = first_bits(draws.bits(word, ids[j])) < trains
        flag[j] |= reached & (prospects[j] >= TRAINS)


@kernel
def everyone(areas: Array, sites: Array, a: int) -> int:
    """How many practitioners an area has."""
    first, last = areas[a].first_site, areas[a].last_site
    return int(sites[last - 1].last_person - sites[first].first_person)


@part
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


@part
def deliver(
    areas: Array, levers: Array, sites: Array, people: People, pp: PractitionerParameters, settle: float, i: int
) -> None:
    """Skill of those at a site who went on using the practice, and everybody's true fidelity."""
    a = sites[i].area
    joint, feedback, dose = levers[a].joint_share, levers[a].fidelity_feedback, sites[i].dose
    local, system, usability = sites[i].barrier, areas[a].system_barrier, areas[a].usability
    prospects, using, skills, levels = people.prospect, people.using, people.skill, people.level
    partners, fidelities = people.partner, people.fidelity
    if joint > 0.0:
        look_to_partners(people, sites[i].first_person, sites[i].last_person)
    for j in range(np.uint64(sites[i].first_person), np.uint64(sites[i].last_person)):
        skill = practitioner.next_skill(pp, skills[j], levels[j], dose, feedback, settle)
        skill = skill if (prospects[j] & LAPSES) != 0 else skills[j]
        skills[j] = skill
        together = practitioner.joint_skill(skill, partners[j], joint)
        fidelity = practitioner.fidelity(together, local, system, usability)
        fidelities[j] = fidelity if using[j] == 1 else 0.0
    count_fidelity(sites, fidelities, pp.fidelity_criterion, i)


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
    their use. Who starts goes on looking ahead as before, so that `deliver` sees no month of use behind them.
    """
    person, newcomer = draws.word_key(key, draws.PERSON, month), draws.word_key(key, draws.NEWCOMER, month)
    training_word = draws.word_key(key, draws.TRAINING, month)
    flips, here = 0, -1
    for k in range(found):
        j = people.due[k]
        i = people.site[j]
        if i != here:
            here = i
            a, setting, dose = sites[i].area, sites[i].setting, sites[i].dose
            commitment = leaders[sites[i].manager].commitment
            overloaded, factor = burden(areas, levers, sites, load, pp, i)
            through = between[a, sites[i].agency]
            kind = int(levers[a].training)
            induct = induction(levers, sites, pp, i)
        luck = draws.bits(person, people.id[j])
        leave, move = draws.upper(luck), draws.lower(luck)
        aware, trained, used = np.int64(people.aware[j]), np.int64(people.trained[j]), np.int64(people.using[j])
        stopped = np.int64(people.ever_used[j]) - used
        hazard = practitioner.leaves(pp, people.care[j] == 1, factor, sites[i].deprivation, used == 1, dose)
        if possible(leave, hazard) and leave < probability(hazard):
            replace_person(sites, people, pp, newcomer, month, i, j)
        else:
            peers = advice(people, through, j)
            if trained == 0 and (setting & TRAINING) != 0:
                be_inducted(areas, sites, people, training_word, induct, i, j)
            if used == 1:
                hazard = practitioner.lapses(pp, peers, commitment, dose, overloaded)
                if possible(move, hazard) and move < probability(hazard):
                    people.using[j] = 0
                    people.fidelity[j] = 0.0
            elif aware == 1:
                mine = kind if trained == 1 else practitioner.UNTRAINED
                heard = practitioner.with_champions(peers, levers[a].champions)
                hazard = practitioner.starts(
                    pp, people.readiness[j], heard, commitment, dose, levers[a].mandate, overloaded, mine
                )
                if possible(move, hazard) and move < probability(hazard):
                    people.using[j] = 1
                    people.ever_used[j] = 1
                    people.skill[j] = max(people.skill[j], practitioner.first_skill(pp, mine))
            else:
                hazard = practitioner.hears(pp, peers, (setting & TAKES_PART) != 0)
                if possible(move, hazard) and move < probability(hazard):
                    people.aware[j] = 1
            if people.trained[j] == 1:
                people.aware[j] = 1
        sites[i].aware += np.int64(people.aware[j]) - aware
        sites[i].trained += np.int64(people.trained[j]) - trained
        sites[i].users += np.int64(people.using[j]) - used
        sites[i].stopped += np.int64(people.ever_used[j]) - np.int64(people.using[j]) - stopped
        if people.using[j] != used:
            people.flips[flips] = j
            flips += 1
        if used == 1 or people.using[j] == 0:
            look_ahead(people, j, setting)
    return flips


@part
def advice(people: People, through: float, j: int) -> float:
    """Share of those a practitioner listens to who used the practice when the phase began."""
    ties = people.tie_ptr[j + 1] - people.tie_ptr[j]
    partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
    far = far_users(people, j) if through > 0.0 else 0
    return practitioner.advice(people.peers[j], ties, far, partners, through)


@part
def be_inducted(areas: Array, sites: Array, people: People, word: np.uint64, induct: float, i: int, j: int) -> None:
    """Somebody untrained may be trained by the site, or with other help."""
    trains = draws.upper(draws.bits(word, people.id[j]))
    if trains < induct:
        people.trained[j] = 1
        sites[i].trained_now += 1
    elif trains < induct + areas[sites[i].area].taught:
        people.trained[j] = 1


@part
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
    people.fidelity[j] = 0.0
    people.level[j] = around(sites[i].level, pp.level_spread, draws.upper(word))
    people.readiness[j] = around(sites[i].readiness, pp.readiness_spread, draws.lower(word))
    people.joined[j] = month
