"""What practitioners meet this month, and their limits: what may happen to them (`phases/due.py`).

A practitioner's limits are what the rules say of them as they and their peers stand now, in a setting as favourable, or
as unfavourable, as theirs may become before limits are set again. What may change, and how, is told by the rules
(`HELPS`, `HINDERS`): whatever is not named there sets all limits at its site anew once it changes, and so does any
change of a lever. One practitioner's limits are set anew when something happens to them or to one of their peers.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.due import MARGIN, NEVER, allowed_for, both, first_may, limit, list_marked, mark_due, second_may
from sim.engine.world import Actors, People, Place
from sim.organisation.codes import EDUCATION
from sim.parameters import Parameters
from sim.rules import practitioner, site, year
from sim.rules.practitioner import Oneself, Setting
from sim.rules.rule import probability

FIXED, HELPS, HINDERS, WHETHER = range(4)
"""How limits allow for change in a setting: not at all, for a little more, for anything, for any but none at all."""

MET, BEST, WORST = range(3)
"""Positions in `settings`."""


def _allowance(name: str) -> int:
    kinds = {HELPS: practitioner.HELPS, HINDERS: practitioner.HINDERS, WHETHER: practitioner.WHETHER}
    return next((kind for kind, names in kinds.items() if name in names), FIXED)


ALLOWANCES = np.array([_allowance(name) for name in Setting._fields])


@kernel
def everyone(w: Actors, a: int) -> int:
    """How many practitioners an area has."""
    return int(w.sites[w.areas[a].last_site - 1].last_person - w.sites[w.areas[a].first_site].first_person)


@part
def gather(w: Actors, p: Parameters, a: int, i: int) -> Setting:
    """What everybody at site i of area a meets this month."""
    lever, agency, started = w.levers[a], w.sites[i].agency, w.sites[i].month_started >= 0
    load = practitioner.burdened(w.load[a, agency], lever.data_burden, started)
    load = practitioner.relieved(load, everyone(w, a), w.areas[a].posts)
    deprivation, secondary = w.sites[i].deprivation, w.sites[i].secondary == 1
    turnover = lever.turnover_factor
    if agency == EDUCATION:
        turnover = year.seasonal(p.practitioner, turnover, lever.school_year, w.areas[a].calendar)
    inducts = started and lever.training > 0.0
    induction = probability(practitioner.inducted(p.practitioner, w.sites[i].able)) if inducts else 0.0
    engaged = 1.0 if w.sites[i].stage != site.NOT_ENGAGED else 0.0
    given_up = 1.0 if w.sites[i].given_up >= 0 else 0.0
    overloaded = practitioner.overload(p.practitioner, load, w.areas[a].alignment, deprivation, secondary)
    return Setting(
        dose=w.sites[i].dose,
        commitment=w.leaders[w.sites[i].manager].commitment,
        through=w.between[a, agency],
        overloaded=overloaded,
        mandate=lever.mandate,
        champions=lever.champions,
        training=lever.training,
        engaged=engaged,
        turnover=turnover,
        deprivation=deprivation,
        induction=induction,
        taught=w.areas[a].taught,
        feedback=lever.fidelity_feedback,
        joint=lever.joint_share,
        usability=w.areas[a].usability,
        given_up=given_up,
    )


@part
def look_around(w: Actors, people: People, p: Parameters) -> bool:
    """Gather what every site's staff meet, and see that their limits allow for it; may training reach anybody?"""
    reaching = False
    for a in range(w.areas.shape[0]):
        for i in range(w.areas[a].first_site, w.areas[a].last_site):
            met = gather(w, p, a, i)
            anew = w.areas[a].look_again != 0 or w.sites[i].look_again != 0
            for f in range(ALLOWANCES.shape[0]):
                w.settings[MET, i, f] = met[f]
                anew = anew or not allows(ALLOWANCES[f], met[f], w.settings[BEST, i, f])
            reaching = reaching or trains(w, i)
            if anew:
                look_at_staff(w, people, p, i)
    return reaching


@part
def allows(allowance: int, now: float, best: float) -> bool:
    """Do limits set for `best` cover the present state?"""
    if allowance == HELPS:
        return allowed_for(now, best)
    if allowance == HINDERS:
        return True
    if allowance == WHETHER:
        return (now > 0.0) == (best > 0.0)
    return now == best


@part
def trains(w: Actors, i: Place) -> bool:
    """May training reach the untrained at a site?"""
    return bool(w.met[i].induction > 0.0 or w.met[i].taught > 0.0)


@part
def look_at_staff(w: Actors, people: People, p: Parameters, i: int) -> None:
    """Set the limits of a site's practitioners, and note what they allow for."""
    w.sites[i].look_again = 0
    for f in range(ALLOWANCES.shape[0]):
        now = w.settings[MET, i, f]
        w.settings[BEST, i, f] = w.settings[WORST, i, f] = now
        if ALLOWANCES[f] == HELPS:
            w.settings[BEST, i, f] = min(1.0, now + MARGIN) if now > 0.0 else 0.0
            w.settings[WORST, i, f] = 0.0
        elif ALLOWANCES[f] == HINDERS:
            w.settings[BEST, i, f], w.settings[WORST, i, f] = 0.0, 1.0
    care = limit(practitioner.leaves(p.practitioner, True, False, w.worst[i]))
    education = limit(practitioner.leaves(p.practitioner, False, False, w.worst[i]))
    for j in range(np.uint64(w.sites[i].first_person), np.uint64(w.sites[i].last_person)):
        people.limits[j] = both(care if people.care[j] == 1 else education, NEVER)
        look_ahead(w, people, p, j)


@part
def look_ahead(w: Actors, people: People, p: Parameters, one: Place) -> None:
    """Set one practitioner's second limit, and whether training may reach them, as they stand now."""
    j = np.uint64(one)
    i = np.uint64(people.site[j])
    if people.using[j] == 1:
        hazard = practitioner.lapses(p.practitioner, 0.0, w.worst[i])
    else:
        ties = people.tie_ptr[j + np.uint64(1)] - people.tie_ptr[j]
        partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
        peers = practitioner.advice(people.peers[j], ties, partners, partners, w.best[i].through)
        if people.aware[j] == 1:
            ready, trained = people.readiness[j], people.trained[j] == 1
            hazard = practitioner.starts(p.practitioner, Oneself(ready, False, 0.0), peers, w.best[i])
            if trained:
                fresh = practitioner.starts(p.practitioner, Oneself(ready, True, 0.0), peers, w.best[i])
                hazard = max(hazard, fresh)
        else:
            hazard = practitioner.hears(p.practitioner, peers, w.best[i])
    people.limits[j] = np.uint32(people.limits[j] & np.uint32(0xFFFF0000)) | limit(hazard)
    people.open[j] = 1 if people.trained[j] == 0 and trains(w, i) else 0


@part
def list_due(people: People, word: np.uint64) -> tuple[int, int]:
    """List who may leave (`leaving`) and who may hear, start or stop (`moving`) this month; returns how many of each.

    Two lists, as those on one of them mostly do what it says: what comes next can be foreseen by the processor.
    """
    mark_due(people.id, people.limits, word, people.marks)
    leaving = moving = 0
    for k in range(np.uint64(list_marked(people.marks, people.due))):
        j = np.uint64(people.due[k])
        random, limits = draws.bits(word, people.id[j]), people.limits[j]
        people.leaving[leaving] = people.moving[moving] = j
        leaving += first_may(random, limits)
        moving += second_may(random, limits)
    return leaving, moving
