"""What practitioners may look forward to: their limits (`phases/due.py`), and whom training may reach.

A practitioner's limits are what the rules say of them as they and their peers stand now, at a site as favourable as
theirs may become before it is looked at again. A site's staff are looked at again when the site, or something in its
area, has come out of what limits allow for; one practitioner, when something happened to them or to one of their peers.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part
from sim.engine.phases.due import MARGIN, NEVER, allowed_for, both, first_may, flag_due, limit, list_flagged, second_may
from sim.engine.world import Array, People
from sim.parameters import PractitionerParameters
from sim.rules import practitioner, site, year

TAKES_PART, TRAINING = 1, 2
"""A site's setting."""


@part
def look_around(
    areas: Array,
    levers: Array,
    sites: Array,
    people: People,
    leaders: Array,
    between: Array,
    pp: PractitionerParameters,
) -> bool:
    """See that everybody's limits allow for what is so now; returns whether training may reach anybody."""
    reaching = 0
    for a in range(areas.shape[0]):
        anew = look_at_area(areas, levers, pp, a)
        for i in range(areas[a].first_site, areas[a].last_site):
            setting = setting_of(areas, levers, sites, i)
            reaching |= setting & TRAINING
            dose, through = sites[i].dose, between[a, sites[i].agency]
            commitment = leaders[sites[i].manager].commitment
            if (
                anew
                or setting != sites[i].setting
                or not allowed_for(dose, sites[i].ahead_dose)
                or not allowed_for(commitment, sites[i].ahead_commitment)
                or not allowed_for(through, sites[i].ahead_through)
            ):
                sites[i].setting = setting
                sites[i].ahead_dose = dose + MARGIN if dose > 0.0 else 0.0
                sites[i].ahead_commitment = min(1.0, commitment + MARGIN)
                sites[i].ahead_through = min(1.0, through + MARGIN) if through > 0.0 else 0.0
                look_at_staff(areas, levers, sites, people, pp, i)
    return reaching != 0


@part
def look_at_area(areas: Array, levers: Array, pp: PractitionerParameters, a: int) -> bool:
    """Must everybody in an area be looked at again? Then note what limits will allow for."""
    factor = levers[a].turnover_factor
    factor = max(factor, year.seasonal(pp, factor, levers[a].school_year, areas[a].calendar))
    mandate, champions, training = levers[a].mandate, levers[a].champions, levers[a].training
    if (
        factor <= areas[a].ahead_factor <= 2.0 * factor
        and mandate == areas[a].ahead_mandate
        and champions == areas[a].ahead_champions
        and training == areas[a].ahead_training
    ):
        return False
    areas[a].ahead_factor = factor
    areas[a].ahead_mandate = mandate
    areas[a].ahead_champions = champions
    areas[a].ahead_training = training
    return True


@part
def setting_of(areas: Array, levers: Array, sites: Array, i: int) -> int:
    """Does a site take part, and may training reach the untrained there?"""
    taking_part = TAKES_PART if sites[i].stage != site.NOT_ENGAGED else 0
    inducting = inducts(levers, sites, i) and sites[i].able > 0.0
    return taking_part + (TRAINING if inducting or areas[sites[i].area].taught > 0.0 else 0)


@part
def inducts(levers: Array, sites: Array, i: int) -> bool:
    """Does a site train its newcomers?"""
    return bool(sites[i].month_started >= 0 and levers[sites[i].area].training > 0.0)


@part
def look_at_staff(
    areas: Array, levers: Array, sites: Array, people: People, pp: PractitionerParameters, i: int
) -> None:
    """Set the limits of a site's practitioners."""
    factor, deprivation = areas[sites[i].area].ahead_factor, sites[i].deprivation
    care = limit(practitioner.leaves(pp, True, factor, deprivation, False, 0.0))
    education = limit(practitioner.leaves(pp, False, factor, deprivation, False, 0.0))
    for j in range(sites[i].first_person, sites[i].last_person):
        people.limits[j] = both(care if people.care[j] == 1 else education, NEVER)
        look_ahead(levers, sites, people, pp, i, j)


@part
def look_ahead(levers: Array, sites: Array, people: People, pp: PractitionerParameters, i: int, j: int) -> None:
    """Set one practitioner's second limit, and whether training may reach them, as they stand now."""
    a, setting = sites[i].area, sites[i].setting
    if people.using[j] == 1:
        hazard = practitioner.lapses(pp, 0.0, 0.0, 0.0, 1.0)
    else:
        ties = people.tie_ptr[j + 1] - people.tie_ptr[j]
        partners = people.partners.shape[1] if people.partners[j, 0] >= 0 else 0
        peers = practitioner.advice(people.peers[j], ties, partners, partners, sites[i].ahead_through)
        if people.aware[j] == 1:
            kind = int(levers[a].training) if people.trained[j] == 1 else practitioner.UNTRAINED
            heard = practitioner.with_champions(peers, levers[a].champions)
            commitment, dose = sites[i].ahead_commitment, sites[i].ahead_dose
            hazard = practitioner.starts(pp, people.readiness[j], heard, commitment, dose, levers[a].mandate, 0.0, kind)
        else:
            hazard = practitioner.hears(pp, peers, (setting & TAKES_PART) != 0)
    people.limits[j] = np.uint32(people.limits[j] & np.uint32(0xFFFF0000)) | limit(hazard)
    people.open[j] = 1 if people.trained[j] == 0 and (setting & TRAINING) != 0 else 0


@part
def list_due(people: People, word: np.uint64) -> tuple[int, int]:
    """List who may leave (`leaving`) and who may hear, start or stop (`moving`) this month; returns how many of each.

    Two lists, as those on one of them mostly do what it says: what comes next can be foreseen by the processor.
    """
    flag_due(people.id, people.limits, word, people.flag)
    leaving = moving = 0
    for k in range(list_flagged(people.flag, people.due)):
        j = people.due[k]
        luck, limits = draws.bits(word, people.id[j]), people.limits[j]
        people.leaving[leaving] = people.moving[moving] = j
        leaving += first_may(luck, limits)
        moving += second_may(luck, limits)
    return leaving, moving
