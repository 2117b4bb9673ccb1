"""Phase 5: every practitioner stays or leaves, hears, starts, learns or lapses; newcomers are inducted.

A plain loop over all practitioners finds those to whom anything may happen this month, by their limits
(`phases/outlook.py`); for them the rules are asked in full. Users' skill moves every month, in loops of its own.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.due import happens, list_flagged
from sim.engine.phases.outlook import list_due, look_ahead, look_around
from sim.engine.phases.partners import best_partner, far_users, remember
from sim.engine.phases.purse import trains_affordably
from sim.engine.world import Actors, Now, People, Place
from sim.parameters import Parameters, PractitionerParameters
from sim.rules import practitioner
from sim.rules.practitioner import Ability, Obstacles, Oneself, Setting
from sim.rules.rule import around


@step
def practise(w: Actors, people: People, p: Parameters, now: Now) -> None:
    """All practitioners a month on; peers' use is read as it stood when the phase began."""
    remember(w, people)
    training = look_around(w, people, p)
    leaving, moving = list_due(people, draws.word_key(now.key, draws.PERSON, now.month))
    flips = leave(w, people, p, now, leaving)
    for k in range(moving):
        j = np.uint64(people.moving[k])
        if people.joined[j] != now.month and move(w, people, p, now, j):
            people.flips[flips] = j
            flips += 1
    if training:
        induct(w, people, p, now)
    deliver(w, people, p)
    tell_peers(w, people, p, flips)


@part
def tell_peers(w: Actors, people: People, p: Parameters, flips: int) -> None:
    """Peers see who changed their use."""
    for f in range(flips):
        j = np.uint64(people.flips[f])
        people.used[j] = people.using[j]
        change = 1 if people.using[j] == 1 else -1
        for k in range(np.uint64(people.tie_ptr[j]), np.uint64(people.tie_ptr[j + np.uint64(1)])):
            peer = np.uint64(people.tie_index[k])
            people.peers[peer] += change
            if people.using[peer] == 0:
                look_ahead(w, people, p, peer)


@part
def deliver(w: Actors, people: People, p: Parameters) -> None:
    """Skill of those who went on using the practice, and every user's true fidelity; both counted by site.

    A site's staff are gone through side by side, users or not, as several then take the time of one.
    """
    pp, settle = p.practitioner, practitioner.settling(p.practitioner)
    for i in range(w.sites.shape[0]):
        if w.sites[i].users == 0:
            w.sites[i].skills, w.sites[i].skilled = 0.0, 0
            continue
        staff = (np.uint64(w.sites[i].first_person), np.uint64(w.sites[i].last_person))
        if w.met[i].joint > 0.0:
            for j in range(staff[0], staff[1]):
                people.partner[j] = best_partner(people, j) if people.using[j] == 1 else people.partner[j]
        learn(people, pp, w.met[i], staff, (norm_at(w, i), settle))
        carry_out(people, pp, obstacles_at(w, i), staff, w.met[i].joint)
        count_users(w, people, pp, i)


@part
def learn(
    people: People,
    pp: PractitionerParameters,
    met: Setting,
    staff: tuple[np.uint64, np.uint64],
    towards: tuple[float, float],
) -> None:
    """Skill of a site's staff (first to before last) who used the practice a month before and still do; `towards`: what
    colleagues do, and how far skill settles in a month.
    """
    using, before, skills, levels = people.using, people.used, people.skill, people.level
    norm, settle = towards
    for j in range(staff[0], staff[1]):
        skill = practitioner.next_skill(pp, Ability(skills[j], levels[j], norm), met, settle)
        skills[j] = skill if using[j] & before[j] != 0 else skills[j]


@part
def carry_out(
    people: People,
    pp: PractitionerParameters,
    obstacles: Obstacles,
    staff: tuple[np.uint64, np.uint64],
    joint: float,
) -> None:
    """True fidelity of a site's users."""
    using, skills, levels, fidelities, partners = (
        people.using,
        people.skill,
        people.level,
        people.fidelity,
        people.partner,
    )
    for j in range(staff[0], staff[1]):
        together = practitioner.joint_skill(skills[j], partners[j], joint)
        fidelity = practitioner.fidelity(pp, together, levels[j], obstacles)
        fidelities[j] = fidelity if using[j] != 0 else 0.0


@part
def count_users(w: Actors, people: People, pp: PractitionerParameters, i: int) -> None:
    """Skill, fidelity and number at fidelity of a site's users; it is 0 for who does not use the practice."""
    skills = fidelities = 0.0
    at_fidelity = 0
    for j in range(np.uint64(w.sites[i].first_person), np.uint64(w.sites[i].last_person)):
        skill, uses = people.skill[j], people.using[j] != 0
        skills += skill if uses else 0.0
        fidelities += people.fidelity[j]
        at_fidelity += practitioner.at_fidelity(pp, people.fidelity[j])
    w.sites[i].skills, w.sites[i].skilled = skills, w.sites[i].users
    w.sites[i].fidelity, w.sites[i].at_fidelity = fidelities, at_fidelity


@part
def obstacles_at(w: Actors, i: int) -> Obstacles:
    """What stands between skill and delivery at a site."""
    area = w.areas[w.sites[i].area]
    return Obstacles(local=w.sites[i].barrier, system=area.system_barrier, usability=area.usability)


@part
def no_fidelity(w: Actors, i: int) -> None:
    """Nobody's fidelity at a site is counted yet, or any more."""
    w.sites[i].fidelity, w.sites[i].at_fidelity = 0.0, 0


@part
def norm_at(w: Actors, i: int) -> float:
    """Mean skill of those who used the practice at a site a month before; -1 where nobody did."""
    return w.sites[i].skills / w.sites[i].skilled if w.sites[i].skilled > 0 else -1.0


@part
def leave(w: Actors, people: People, p: Parameters, now: Now, leaving: int) -> int:
    """Who leaves their post (of `leaving[:leaving]`) is replaced; returns how many of them used the practice (they are
    put into `flips`).
    """
    flips = 0
    for k in range(leaving):
        j = np.uint64(people.leaving[k])
        used = people.using[j]
        hazard = practitioner.leaves(p.practitioner, people.care[j] == 1, used == 1, w.met[people.site[j]])
        if happens(draws.leaves_post(now.key, now.month, people.id[j]), hazard):
            people.flips[flips] = j
            flips += used
            replace_person(w, people, p, now, j)
            look_ahead(w, people, p, j)
    return flips


@part
def move(w: Actors, people: People, p: Parameters, now: Now, j: Place) -> bool:
    """Who uses the practice may stop, who knows of it may start, anybody else may hear of it; did their use change?"""
    pp, i = p.practitioner, people.site[j]
    chance, peers = draws.moves(now.key, now.month, people.id[j]), advice(people, w.met[i].through, j)
    trained, changed = people.trained[j] == 1, False
    if people.aware[j] == 0:
        if not happens(chance, practitioner.hears(pp, peers, w.met[i])):
            return False
        people.aware[j] = 1
        w.sites[i].aware += 1
    elif people.using[j] == 1:
        if not happens(chance, practitioner.lapses(pp, peers, w.met[i])):
            return False
        stop_using(w, people, i, j)
        changed = True
    else:
        me = Oneself(people.readiness[j], trained, now.month - people.taught[j])
        if not happens(chance, practitioner.starts(pp, me, peers, w.met[i])):
            return False
        start_using(w, people, practitioner.first_skill(pp, practitioner.trained_by(w.met[i], trained)), i, j)
        changed = True
    look_ahead(w, people, p, j)
    return changed


@part
def start_using(w: Actors, people: People, skill: float, i: int, j: Place) -> None:
    """Somebody begins to use the practice, or begins again."""
    people.using[j] = 1
    w.sites[i].users += 1
    w.sites[i].stopped -= people.ever_used[j]
    people.ever_used[j] = 1
    people.skill[j] = max(people.skill[j], skill)


@part
def stop_using(w: Actors, people: People, i: int, j: Place) -> None:
    """Somebody stops; skill stays."""
    people.using[j] = 0
    people.fidelity[j] = 0.0
    w.sites[i].stopped += 1
    lose_user(w, i)


@part
def lose_user(w: Actors, i: int) -> None:
    """One of a site's users is one no more; whoever uses the practice still is counted by `deliver`."""
    w.sites[i].users -= 1
    if w.sites[i].users == 0:
        no_fidelity(w, i)


@part
def advice(people: People, through: float, j: Place) -> float:
    """Share of those a practitioner listens to who used the practice when the phase began."""
    ties = people.tie_ptr[j + np.uint64(1)] - people.tie_ptr[j]
    partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
    far = far_users(people, j) if through > 0.0 else 0
    return practitioner.advice(people.peers[j], ties, far, partners, through)


@part
def induct(w: Actors, people: People, p: Parameters, now: Now) -> None:
    """The untrained may be trained by their site, or with other help; those who just came, from next month on."""
    for k in range(list_flagged(people.open, people.due)):
        j = np.uint64(people.due[k])
        i = people.site[j]
        uniform, own = draws.is_inducted(now.key, now.month, people.id[j]), w.met[i].induction
        if uniform < own + w.met[i].taught and people.joined[j] != now.month:
            if uniform < own and not trains_affordably(w, p, i, 1):
                continue
            people.trained[j] = 1
            people.taught[j] = now.month
            teach(people, p, w.met[i].training, j)
            w.sites[i].trained += 1
            w.sites[i].trained_now += uniform < own
            w.sites[i].aware += people.aware[j] == 0
            people.aware[j] = 1
            look_ahead(w, people, p, j)


@part
def teach(people: People, p: Parameters, training: float, j: Place) -> None:
    """Somebody who is trained and uses the practice already is the better for it."""
    if people.using[j] == 1:
        people.skill[j] = practitioner.trained_skill(p.practitioner, people.skill[j], training)


@part
def replace_person(w: Actors, people: People, p: Parameters, now: Now, j: Place) -> None:
    """A newcomer takes the post: not aware, not trained, with a level and readiness of their own."""
    pp, i = p.practitioner, people.site[j]
    w.sites[i].aware -= people.aware[j]
    w.sites[i].trained -= people.trained[j]
    if people.using[j] == 1:
        lose_user(w, i)
    elif people.ever_used[j] == 1:
        w.sites[i].stopped -= 1
    level = draws.own_level(now.key, now.month, people.id[j])
    readiness = draws.own_readiness(now.key, now.month, people.id[j])
    people.aware[j] = 0
    people.trained[j] = 0
    people.using[j] = 0
    people.ever_used[j] = 0
    people.skill[j] = 0.0
    people.fidelity[j] = 0.0
    people.level[j] = around(w.sites[i].level, pp.level_spread, level)
    people.readiness[j] = around(w.sites[i].readiness, pp.readiness_spread, readiness)
    people.joined[j] = now.month
