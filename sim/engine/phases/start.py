"""Month 0: everybody's state before the first month, as given by the advisor or drawn."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.setup import Course, Teams
from sim.engine.state import Array, State
from sim.organisation.compile import Place
from sim.parameters import (
    FamilyParameters,
    LeaderParameters,
    Levers,
    PractitionerParameters,
    SiteParameters,
    TeamParameters,
)
from sim.rules import family, leader, practitioner, site, team
from sim.rules.rule import around, share

USABILITY_START = Levers._fields.index("usability_start")


@kernel
def begin_areas(place: Place, levers: Array, ps: SiteParameters, s: State) -> None:
    """Governance, barriers beyond the site, design and playbook of every area."""
    for a in range(place.area_id.shape[0]):
        s.system_barrier[a] = ps.system_barrier
        s.usability[a] = levers[USABILITY_START]
        s.levers[a, :] = levers
    s.playbook[:] = 0.0
    s.rounds[:] = 0
    s.round_progress[:] = 0.0
    s.queue[:] = 0
    s.raised[:] = 0
    s.removed[:] = 0
    s.group[:] = 0.0
    s.work[:] = 0.0
    s.visible[:] = 0.0
    s.external[:] = 0.0
    s.opened[:] = -1
    s.support_ended[:] = -1
    s.fired[:] = 0
    s.cost_zone[:] = 0.0
    s.cost_agency[:] = 0.0


@kernel
def begin_leaders(place: Place, pl: LeaderParameters, s: State, key: np.uint64) -> None:
    """Baseline commitment as given, or drawn; commitment starts there."""
    word = draws.word_key(key, draws.LEADER_START, 0)
    for i in range(place.leader_id.shape[0]):
        given = place.leader_commitment[i]
        uniform = draws.upper(draws.bits(word, place.leader_id[i]))
        s.baseline[i] = around(pl.commitment_mean, pl.commitment_spread, uniform) if np.isnan(given) else given
        s.commitment[i] = s.baseline[i]
        s.engaged[i] = 0.0
        s.in_post_since[i] = -24


@kernel
def begin_teams(teams: Teams, pt: TeamParameters, s: State) -> None:
    """Core teams are there from the start, local teams once a site of theirs installs the practice."""
    for t in range(teams.area.shape[0]):
        core = t < teams.core_count
        new = pt.capacity_start_core if core else pt.capacity_start_local
        s.capacity[t] = new if np.isnan(teams.capacity[t]) else teams.capacity[t]
        s.places[t] = teams.members[t] if core else team.members(pt, teams.members[t], teams.staff[t])
        s.members[t] = s.places[t]
        s.formed[t] = 1 if core or not np.isnan(teams.capacity[t]) else 0
    s.attention[:] = 0.0
    s.needed[:] = 0.0
    s.available[:] = 0.0
    s.released[:] = 0.0


@kernel
def begin_sites(
    place: Place, teams: Teams, pp: PractitionerParameters, ps: SiteParameters, s: State, key: np.uint64
) -> None:
    """Stage as given, else not engaged; barriers and readiness drawn."""
    barriers = draws.word_key(key, draws.SITE_BARRIER, 0)
    ready = draws.word_key(key, draws.SITE_READINESS, 0)
    s.milestones[:] = -1
    s.marked[:] = np.nan
    s.certified_at_36[:] = -1
    s.kept[:] = -1
    for i in range(place.site_id.shape[0]):
        me = place.site_id[i]
        s.barrier_start[i] = around(ps.barrier_mean, ps.barrier_spread, draws.lower(draws.bits(barriers, me)))
        s.barrier[i] = s.barrier_start[i]
        s.site_readiness[i] = around(pp.readiness_mean, pp.readiness_spread, draws.upper(draws.bits(ready, me)))
        stage = max(place.site_stage[i], site.NOT_ENGAGED)
        s.stage[i] = stage
        if stage >= site.INITIAL:
            s.milestones[i, 0] = 0
            s.milestones[i, 1] = 0
        if stage == site.FULL:
            s.milestones[i, 2] = 0
        s.streak[i] = 1 if stage == site.FULL else 0
        local = teams.of_site[i]
        if stage >= site.INSTALLATION and local >= 0:
            s.formed[local] = 1
    s.install[:] = 0.0
    s.cycle[:] = 0.0
    s.cycles[:] = 0
    s.idle[:] = 0
    s.certified[:] = 0
    s.ever_certified[:] = 0
    s.certified_at_end[:] = 0
    s.trained_now[:] = 0
    s.dose[:] = 0.0
    s.able[:] = 0.0
    s.assessed_fidelity[:] = np.nan
    s.assessed_share[:] = np.nan
    s.assessed_capacity[:] = np.nan


@kernel
def begin_practitioners(place: Place, pp: PractitionerParameters, s: State, key: np.uint64) -> None:
    """Own level and readiness drawn; who uses the practice already, as far as the advisor says."""
    newcomer = draws.word_key(key, draws.NEWCOMER, 0)
    first_day = draws.word_key(key, draws.ERROR, 0)
    s.peers[:] = 0
    for i in range(place.site_id.shape[0]):
        a = place.site_area[i]
        running = s.stage[i] == site.INITIAL or s.stage[i] == site.FULL
        using = place.site_using[i]
        if np.isnan(using):
            using = 1.0 if running else 0.0
        users = 0
        for j in range(place.staff_ptr[i], place.staff_ptr[i + 1]):
            word = draws.bits(newcomer, place.person_id[j])
            given = place.person_readiness[j]
            s.level[j] = around(pp.level_mean, pp.level_spread, draws.upper(word))
            s.readiness[j] = (
                around(s.site_readiness[i], pp.readiness_spread, draws.lower(word)) if np.isnan(given) else given
            )
            uses = draws.lower(draws.bits(first_day, place.person_id[j])) < using
            s.trained[j] = 1 if s.stage[i] >= site.INITIAL else 0
            s.aware[j] = 1 if uses or s.trained[j] == 1 else 0
            s.using[j] = 1 if uses else 0
            s.ever_used[j] = s.using[j]
            s.joined[j] = 0
            s.skill[j] = 0.0
            s.fidelity[j] = 0.0
            if uses:
                users += 1
                known = place.site_fidelity[i]
                s.skill[j] = (
                    s.level[j]
                    if np.isnan(known)
                    else practitioner.skill_for(known, s.barrier[i], s.system_barrier[a], s.usability[a])
                )
                s.fidelity[j] = practitioner.fidelity(s.skill[j], s.barrier[i], s.system_barrier[a], s.usability[a])
                for k in range(place.tie_ptr[j], place.tie_ptr[j + 1]):
                    s.peers[place.tie_index[k]] += 1
        s.users[i] = users


@kernel
def begin_families(place: Place, pf: FamilyParameters, s: State, key: np.uint64) -> None:
    """Unmet need by deprivation fifth; nobody is known or served yet."""
    word = draws.word_key(key, draws.FAMILY_START, 0)
    for i in range(place.family_id.shape[0]):
        uniform = draws.upper(draws.bits(word, place.family_id[i]))
        in_need = 1 if uniform < family.prevalence(pf, place.family_fifth[i]) else 0
        s.need[i] = in_need
        s.history[i] = in_need
        s.path[i] = family.UNKNOWN
        s.benefit[i] = 0


@kernel
def gather_group(place: Place, pl: LeaderParameters, s: State, month: int) -> None:
    """Commitment of every multi-agency group, from its members' as they stand."""
    for a in range(place.area_id.shape[0]):
        total = 0.0
        count = 0
        least = 1.0
        for agency in range(place.area_senior.shape[1]):
            who = place.area_senior[a, agency]
            if who >= 0:
                total += s.commitment[who]
                count += 1
                least = min(least, s.commitment[who])
        if count == 0 or place.area_group[a] == 0:
            s.group[a] = 0.0
        else:
            in_post = month - s.in_post_since[place.area_chair[a]]
            s.group[a] = leader.group_commitment(pl, share(total, count), least, in_post)
