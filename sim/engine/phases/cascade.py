"""Phase 2: every team divides its attention among those it supports; capacities move; members leave and are found."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.setup import Course, Teams
from sim.engine.state import State
from sim.organisation.compile import Place
from sim.parameters import Levers, TeamParameters
from sim.rules import leader, site, team
from sim.rules.rule import probability, share

COACHING = Levers._fields.index("coaching")
EXTERNAL_LEVEL = Levers._fields.index("external_level")
MENTORING = Levers._fields.index("mentoring")
PEER_NETWORK = Levers._fields.index("peer_network")
RELEASED_TIME = Levers._fields.index("released_time")
TURNOVER_FACTOR = Levers._fields.index("turnover_factor")


@kernel
def external_strength(place: Place, course: Course, s: State, month: int) -> None:
    """External support's strength in each area this month: its level, tapered, unless it was withdrawn."""
    for a in range(place.area_id.shape[0]):
        there = s.support_ended[a] < 0
        s.external[a] = s.levers[a, EXTERNAL_LEVEL] * course.external[month] if there else 0.0


@kernel
def divide_attention(place: Place, teams: Teams, pt: TeamParameters, s: State) -> None:
    """Places each core team has and is asked for, and the share of what is needed that everyone gets."""
    for c in range(teams.core_count):
        hands = team.hands(pt, s.members[c], teams.committee[c] == 1, teams.resources[c])
        s.available[c] = team.places(pt, s.capacity[c], hands)
        s.needed[c] = 0.0
    for i in range(place.site_id.shape[0]):
        c = teams.core_of_site[i]
        if c < 0:
            continue
        if s.stage[i] == site.EXPLORATION:
            s.needed[c] += pt.explore_need
        elif teams.of_site[i] < 0 and s.stage[i] >= site.INSTALLATION and s.stage[i] != site.NOT_SUSTAINED:
            s.needed[c] += 1.0
    for t in range(teams.core_count, teams.area.shape[0]):
        if s.formed[t] == 1:
            parent = teams.parent[t]
            s.needed[parent] += team.place_needed(pt, s.capacity[t])
            s.available[parent] += team.mentors(pt, s.capacity[t], s.levers[teams.area[t], MENTORING])
    for c in range(teams.core_count):
        s.attention[c] = team.attention(s.available[c], s.needed[c])


@kernel
def release_time(place: Place, teams: Teams, s: State) -> None:
    """Time released to each team: by its sites' managers and their senior leader; to a core team by group and seniors."""
    for t in range(teams.area.shape[0]):
        a = teams.area[t]
        if t < teams.core_count:
            manager = s.group[a]
            total = 0.0
            count = 0
            for agency in range(place.area_senior.shape[1]):
                if place.area_senior[a, agency] >= 0:
                    total += s.commitment[place.area_senior[a, agency]]
                    count += 1
            senior = share(total, count)
        else:
            total = 0.0
            for k in range(teams.site_ptr[t], teams.site_ptr[t + 1]):
                total += s.commitment[place.site_manager[teams.site_index[k]]]
            manager = share(total, teams.site_ptr[t + 1] - teams.site_ptr[t])
            first = place.site_senior[teams.site_index[teams.site_ptr[t]]]
            senior = s.commitment[first] if first >= 0 else manager
        s.released[t] = leader.released(manager, senior, s.levers[a, RELEASED_TIME])


@kernel
def grow_capacity(place: Place, teams: Teams, pt: TeamParameters, s: State) -> None:
    """Capacities a month on, all from last month's: core teams under external support, local teams under their core."""
    areas = place.area_id.shape[0]
    total = np.zeros(areas)
    count = np.zeros(areas, np.int64)
    for t in range(teams.core_count, teams.area.shape[0]):
        if s.formed[t] == 1:
            total[teams.area[t]] += s.capacity[t]
            count[teams.area[t]] += 1
    for t in range(teams.area.shape[0]):
        a = teams.area[t]
        if s.formed[t] == 0:
            continue
        if t < teams.core_count:
            given = team.external_attention(pt, s.external[a], teams.core_count)
            peers = 0.0
        else:
            given = s.attention[teams.parent[t]]
            s.attention[t] = given
            peers = team.mean_of_others(total[a], s.capacity[t], count[a])
        support = team.supported(pt, given, s.capacity[t], peers, s.levers[a, PEER_NETWORK])
        s.capacity[t] = team.next_capacity(pt, s.capacity[t], support, s.released[t])


@kernel
def change_members(teams: Teams, pt: TeamParameters, s: State, key: np.uint64, month: int) -> None:
    """One member at most leaves a team in a month; otherwise one vacant place may be filled."""
    word = draws.word_key(key, draws.TEAM, month)
    for t in range(teams.area.shape[0]):
        if s.formed[t] == 0:
            continue
        luck = draws.bits(word, teams.id[t])
        factor = s.levers[teams.area[t], TURNOVER_FACTOR]
        if draws.upper(luck) < probability(team.member_leaves(pt, s.members[t], factor)):
            s.capacity[t] = team.capacity_after_leaving(pt, s.capacity[t], s.members[t], teams.agencies[t])
            s.members[t] -= 1
        elif s.members[t] < s.places[t] and draws.lower(luck) < probability(team.place_filled(pt, s.released[t])):
            s.members[t] += 1


@kernel
def reach_sites(place: Place, teams: Teams, pt: TeamParameters, s: State) -> None:
    """Capacity that supports each site and the dose of coaching its practitioners get."""
    staff = np.zeros(teams.core_count + 1, np.int64)
    for i in range(place.site_id.shape[0]):
        if teams.of_site[i] < 0 and teams.core_of_site[i] >= 0 and engaged(s.stage[i]):
            staff[teams.core_of_site[i]] += place.staff_ptr[i + 1] - place.staff_ptr[i]
    for i in range(place.site_id.shape[0]):
        s.able[i] = 0.0
        s.dose[i] = 0.0
        if not engaged(s.stage[i]):
            continue
        t = teams.of_site[i]
        core = teams.core_of_site[i]
        coaching = s.levers[place.site_area[i], COACHING]
        if t >= 0:
            hands = team.hands(pt, s.members[t], False, teams.resources[t])
            s.able[i] = s.capacity[t]
            s.dose[i] = team.dose(pt, coaching, s.capacity[t], hands, teams.staff[t])
        elif core >= 0:
            hands = team.hands(pt, s.members[core], teams.committee[core] == 1, teams.resources[core])
            s.able[i] = team.direct(s.capacity[core], s.attention[core])
            s.dose[i] = team.dose(pt, coaching, s.capacity[core], hands, staff[core])


@kernel
def engaged(stage: int) -> bool:
    """Has the site been selected, and may therefore count on its team?"""
    return stage >= site.INSTALLATION
