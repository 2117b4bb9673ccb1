"""Month 0: everybody's state before the first month, as given by the advisor or drawn.

What nobody gives and nothing draws stands as `building.build` laid it: nothing opened, nothing assessed, nothing spent.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.families import EVER_IN_NEED, NOBODY, recount, standing
from sim.engine.phases.practitioners import obstacles_at
from sim.engine.phases.teams import gather_members
from sim.engine.world import Actors, Families, Now, People
from sim.parameters import Parameters
from sim.rules import family, leader, practitioner, site
from sim.rules.rule import around, share


@step
def begin_areas(w: Actors, p: Parameters) -> None:
    """Barriers beyond the site; nobody's limits are known yet."""
    for a in range(w.areas.shape[0]):
        w.areas[a].system_barrier = p.site.system_barrier
        w.areas[a].look_again = 1


@step
def begin_leaders(w: Actors, p: Parameters, now: Now) -> None:
    """Baseline commitment as given, or drawn; commitment starts there."""
    for i in range(w.leaders.shape[0]):
        given = w.leaders[i].given_commitment
        uniform = draws.baseline(now.key, 0, w.leaders[i].id)
        w.leaders[i].baseline = (
            around(p.leader.commitment_mean, p.leader.commitment_spread, uniform) if np.isnan(given) else given
        )
        w.leaders[i].commitment = w.leaders[i].baseline


@step
def begin_teams(w: Actors, p: Parameters) -> None:
    """Core teams are there from the start, local teams once a site of theirs installs the practice."""
    for t in range(w.teams.shape[0]):
        core = t < w.core_count
        new = p.team.capacity_start_core if core else p.team.capacity_start_local
        w.teams[t].capacity = new if np.isnan(w.teams[t].given_capacity) else w.teams[t].given_capacity
        at_work = not np.isnan(w.teams[t].given_capacity)
        w.teams[t].formed = 1 if (core and w.teams[t].founded < 0) or at_work else 0
        w.teams[t].generation = 0 if core else w.teams[t].formed
        gather_members(w, p, t, at_work)


@step
def begin_sites(w: Actors, p: Parameters, now: Now) -> None:
    """Stage as given, else not engaged; barriers and readiness drawn."""
    for i in range(w.sites.shape[0]):
        me = w.sites[i].id
        at_first = draws.barriers_at_first(now.key, 0, me)
        w.sites[i].barrier_start = around(p.site.barrier_mean, p.site.barrier_spread, at_first)
        w.sites[i].barrier = w.sites[i].barrier_start
        ready, level = draws.readiness_of_staff(now.key, 0, me), draws.level_of_staff(now.key, 0, me)
        w.sites[i].readiness = around(p.practitioner.readiness_mean, p.practitioner.readiness_spread, ready)
        w.sites[i].level = around(p.practitioner.level_mean, p.practitioner.level_spread, level)
        stage = max(w.sites[i].given_stage, site.NOT_ENGAGED)
        w.sites[i].stage = stage
        w.sites[i].trust = 1.0
        w.sites[i].given_up = w.sites[i].month_given_up = w.sites[i].month_returned = -1
        if stage >= site.INITIAL:
            w.sites[i].month_started = 0
            w.sites[i].month_initial = 0
        if stage == site.FULL:
            w.sites[i].month_full = 0
        w.sites[i].streak = 1 if stage == site.FULL else 0
        local = w.sites[i].team
        if stage >= site.INSTALLATION and local >= 0:
            w.teams[local].formed = w.teams[local].generation = 1
            gather_members(w, p, local, True)


@step
def begin_practitioners(w: Actors, people: People, p: Parameters, now: Now) -> None:
    """Own level and readiness drawn; who uses the practice already, as far as the advisor says."""
    for i in range(w.sites.shape[0]):
        obstacles = obstacles_at(w, i)
        running = w.sites[i].stage == site.INITIAL or w.sites[i].stage == site.FULL
        using = w.sites[i].given_using
        if np.isnan(using):
            using = 1.0 if running else 0.0
        users = aware = trained = 0
        skills = 0.0
        for j in range(w.sites[i].first_person, w.sites[i].last_person):
            me, given = people.id[j], people.given_readiness[j]
            level, ready = draws.own_level(now.key, 0, me), draws.own_readiness(now.key, 0, me)
            people.level[j] = around(w.sites[i].level, p.practitioner.level_spread, level)
            people.readiness[j] = (
                around(w.sites[i].readiness, p.practitioner.readiness_spread, ready) if np.isnan(given) else given
            )
            uses = draws.uses_on_first_day(now.key, 0, me) < using
            people.trained[j] = 1 if w.sites[i].stage >= site.INITIAL else 0
            people.aware[j] = 1 if uses or people.trained[j] == 1 else 0
            people.using[j] = 1 if uses else 0
            aware += people.aware[j]
            trained += people.trained[j]
            people.ever_used[j] = people.used[j] = people.using[j]
            people.joined[j] = people.taught[j] = 0
            people.waiting[j] = 0
            people.relied[j] = -1.0
            people.skill[j] = 0.0
            people.fidelity[j] = 0.0
            if uses:
                users += 1
                known = w.sites[i].given_fidelity
                own, alone = people.level[j], practitioner.unaided(p.practitioner, people.level[j])
                people.skill[j] = (
                    alone if np.isnan(known) else practitioner.skill_for(p.practitioner, known, own, obstacles)
                )
                people.fidelity[j] = practitioner.fidelity(p.practitioner, people.skill[j], own, obstacles)
                skills += people.skill[j]
                for k in range(people.tie_ptr[j], people.tie_ptr[j + 1]):
                    people.peers[people.tie_index[k]] += 1
        w.sites[i].users, w.sites[i].aware, w.sites[i].trained, w.sites[i].stopped = (users, aware, trained, 0)
        count_fidelity(w, people, p, i)
        w.sites[i].skills, w.sites[i].skilled = (skills, users)


@part
def count_fidelity(w: Actors, people: People, p: Parameters, i: int) -> None:
    """How many of a site's practitioners are at fidelity, and the sum of all; it is 0 for who does not use."""
    total = 0.0
    at_fidelity = 0
    for j in range(np.uint64(w.sites[i].first_person), np.uint64(w.sites[i].last_person)):
        total += people.fidelity[j]
        at_fidelity += practitioner.at_fidelity(p.practitioner, people.fidelity[j])
    w.sites[i].fidelity, w.sites[i].at_fidelity = (total, at_fidelity)


@step
def begin_families(w: Actors, families: Families, p: Parameters, now: Now) -> None:
    """Unmet need by deprivation fifth; nobody is known or served yet. All are counted."""
    homes = families.home
    families.tally[:] = 0
    for i in range(w.sites.shape[0]):
        a, zone, in_need = (w.sites[i].area, w.sites[i].zone, 0)
        for h in range(w.sites[i].first_family, w.sites[i].last_family):
            fifth = homes[h].fifth
            need = int(draws.in_need_on_first_day(now.key, 0, families.id[h]) < family.prevalence(p.family, fifth))
            homes[h].need, homes[h].history = (need, need * EVER_IN_NEED)
            homes[h].path, homes[h].benefit = (family.UNKNOWN, 0)
            families.tally[zone, fifth, 0] += 1
            families.tally[zone, fifth, 14] += 1
            recount(families.tally, zone, fifth, NOBODY, standing(need, family.UNKNOWN, need * EVER_IN_NEED, 0))
            in_need += need
        w.areas[a].in_need_at_first += in_need


@part
def gather_group(w: Actors, p: Parameters, now: Now) -> None:
    """Commitment of every multi-agency group, from its members' as they stand."""
    for a in range(w.areas.shape[0]):
        total = 0.0
        count = 0
        least = 1.0
        for agency in range(w.area_senior.shape[1]):
            who = w.area_senior[a, agency]
            if who >= 0:
                total += w.leaders[who].commitment
                count += 1
                least = min(least, w.leaders[who].commitment)
        if count == 0 or w.areas[a].has_group == 0:
            w.areas[a].group = 0.0
        else:
            in_post = now.month - w.leaders[w.areas[a].chair].in_post_since
            w.areas[a].group = leader.group_commitment(p.leader, share(total, count), least, in_post)
