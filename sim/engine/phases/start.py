"""Month 0: everybody's state before the first month, as given by the advisor or drawn.

What nobody gives and nothing draws stands as `building.build` laid it: nothing opened, nothing assessed, nothing spent.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.phases.families import EVER_IN_NEED, NOBODY, chances_now, limits_of, recount, standing
from sim.engine.world import Array, Families, People
from sim.parameters import (
    FamilyParameters,
    LeaderParameters,
    PractitionerParameters,
    SiteParameters,
    TeamParameters,
)
from sim.rules import family, leader, practitioner, site, team
from sim.rules.rule import around, share


@kernel
def begin_areas(areas: Array, ps: SiteParameters) -> None:
    """Barriers beyond the site."""
    for a in range(areas.shape[0]):
        areas[a].system_barrier = ps.system_barrier


@kernel
def begin_leaders(leaders: Array, pl: LeaderParameters, key: np.uint64) -> None:
    """Baseline commitment as given, or drawn; commitment starts there."""
    word = draws.word_key(key, draws.LEADER_START, 0)
    for i in range(leaders.shape[0]):
        given = leaders[i].given_commitment
        uniform = draws.upper(draws.bits(word, leaders[i].id))
        leaders[i].baseline = around(pl.commitment_mean, pl.commitment_spread, uniform) if np.isnan(given) else given
        leaders[i].commitment = leaders[i].baseline


@kernel
def begin_teams(teams: Array, core_count: int, pt: TeamParameters) -> None:
    """Core teams are there from the start, local teams once a site of theirs installs the practice."""
    for t in range(teams.shape[0]):
        core = t < core_count
        new = pt.capacity_start_core if core else pt.capacity_start_local
        teams[t].capacity = new if np.isnan(teams[t].given_capacity) else teams[t].given_capacity
        teams[t].places = teams[t].planned if core else team.members(pt, teams[t].planned, teams[t].staff)
        teams[t].members = teams[t].places
        teams[t].formed = 1 if core or not np.isnan(teams[t].given_capacity) else 0


@kernel
def begin_sites(sites: Array, teams: Array, pp: PractitionerParameters, ps: SiteParameters, key: np.uint64) -> None:
    """Stage as given, else not engaged; barriers and readiness drawn."""
    barriers = draws.word_key(key, draws.SITE_BARRIER, 0)
    ready = draws.word_key(key, draws.SITE_READINESS, 0)
    for i in range(sites.shape[0]):
        me = sites[i].id
        sites[i].barrier_start = around(ps.barrier_mean, ps.barrier_spread, draws.lower(draws.bits(barriers, me)))
        sites[i].barrier = sites[i].barrier_start
        ready_luck = draws.bits(ready, me)
        sites[i].readiness = around(pp.readiness_mean, pp.readiness_spread, draws.upper(ready_luck))
        sites[i].level = around(pp.level_mean, pp.level_spread, draws.lower(ready_luck))
        stage = max(sites[i].given_stage, site.NOT_ENGAGED)
        sites[i].stage = stage
        if stage >= site.INITIAL:
            sites[i].month_started = 0
            sites[i].month_initial = 0
        if stage == site.FULL:
            sites[i].month_full = 0
        sites[i].streak = 1 if stage == site.FULL else 0
        local = sites[i].team
        if stage >= site.INSTALLATION and local >= 0:
            teams[local].formed = 1


@kernel
def begin_practitioners(sites: Array, areas: Array, people: People, pp: PractitionerParameters, key: np.uint64) -> None:
    """Own level and readiness drawn; who uses the practice already, as far as the advisor says."""
    newcomer = draws.word_key(key, draws.NEWCOMER, 0)
    first_day = draws.word_key(key, draws.ERROR, 0)
    for i in range(sites.shape[0]):
        a = sites[i].area
        running = sites[i].stage == site.INITIAL or sites[i].stage == site.FULL
        using = sites[i].given_using
        if np.isnan(using):
            using = 1.0 if running else 0.0
        users = aware = trained = 0
        for j in range(sites[i].first_person, sites[i].last_person):
            word = draws.bits(newcomer, people.id[j])
            given = people.given_readiness[j]
            people.level[j] = around(sites[i].level, pp.level_spread, draws.upper(word))
            people.readiness[j] = (
                around(sites[i].readiness, pp.readiness_spread, draws.lower(word)) if np.isnan(given) else given
            )
            uses = draws.lower(draws.bits(first_day, people.id[j])) < using
            people.trained[j] = 1 if sites[i].stage >= site.INITIAL else 0
            people.aware[j] = 1 if uses or people.trained[j] == 1 else 0
            people.using[j] = 1 if uses else 0
            aware += people.aware[j]
            trained += people.trained[j]
            people.ever_used[j] = people.used[j] = people.using[j]
            people.joined[j] = 0
            people.waiting[j] = 0
            people.relied[j] = -1.0
            people.skill[j] = 0.0
            people.fidelity[j] = 0.0
            if uses:
                users += 1
                known = sites[i].given_fidelity
                people.skill[j] = (
                    people.level[j]
                    if np.isnan(known)
                    else practitioner.skill_for(known, sites[i].barrier, areas[a].system_barrier, areas[a].usability)
                )
                people.fidelity[j] = practitioner.fidelity(
                    people.skill[j], sites[i].barrier, areas[a].system_barrier, areas[a].usability
                )
                for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
                    people.peers[people.tie_index[k]] += 1
        sites[i].users, sites[i].aware, sites[i].trained, sites[i].stopped = users, aware, trained, 0
        sites[i].setting = -1
        count_fidelity(sites, people.fidelity, pp.fidelity_criterion, i)


@part
def count_fidelity(sites: Array, fidelity: Array, criterion: float, i: int) -> None:
    """How many of a site's practitioners are at fidelity, and the sum of all; it is 0 for who does not use."""
    total = 0.0
    at_fidelity = 0
    for j in range(np.uint64(sites[i].first_person), np.uint64(sites[i].last_person)):
        total += fidelity[j]
        at_fidelity += fidelity[j] >= criterion
    sites[i].fidelity, sites[i].at_fidelity = total, at_fidelity


@kernel
def begin_families(
    areas: Array, levers: Array, sites: Array, families: Families, tally: Array, pf: FamilyParameters, key: np.uint64
) -> None:
    """Unmet need by deprivation fifth; nobody is known or served yet. All are counted, and looked ahead for."""
    word, c = draws.word_key(key, draws.FAMILY_START, 0), chances_now(pf)
    ids, homes = families.id, families.home
    tally[:] = 0
    for i in range(sites.shape[0]):
        a, zone, in_need = sites[i].area, sites[i].zone, 0
        wrong = levers[a].misidentification
        areas[a].ahead_mistaken = wrong
        for h in range(sites[i].first_family, sites[i].last_family):
            fifth = homes[h].fifth
            need = int(draws.upper(draws.bits(word, ids[h])) < family.prevalence(pf, fifth))
            homes[h].need, homes[h].history = need, need * EVER_IN_NEED
            homes[h].path, homes[h].benefit = family.UNKNOWN, 0
            families.limits[h] = limits_of(pf, c, wrong, -1.0, need, family.UNKNOWN, fifth)
            tally[zone, fifth, 0] += 1
            recount(tally, zone, fifth, NOBODY, standing(need, family.UNKNOWN, need * EVER_IN_NEED, 0))
            in_need += need
        areas[a].in_need_at_first += in_need


@part
def gather_group(areas: Array, leaders: Array, area_senior: Array, pl: LeaderParameters, month: int) -> None:
    """Commitment of every multi-agency group, from its members' as they stand."""
    for a in range(areas.shape[0]):
        total = 0.0
        count = 0
        least = 1.0
        for agency in range(area_senior.shape[1]):
            who = area_senior[a, agency]
            if who >= 0:
                total += leaders[who].commitment
                count += 1
                least = min(least, leaders[who].commitment)
        if count == 0 or areas[a].has_group == 0:
            areas[a].group = 0.0
        else:
            in_post = month - leaders[areas[a].chair].in_post_since
            areas[a].group = leader.group_commitment(pl, share(total, count), least, in_post)
