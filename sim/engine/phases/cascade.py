"""Phase 2: every team divides its attention among those it supports; capacities move; members leave and are found."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part
from sim.engine.world import Array
from sim.parameters import CostParameters, TeamParameters
from sim.rules import leader, money, practitioner, site, team, year
from sim.rules.rule import probability, share


@kernel
def external_strength(areas: Array, levers: Array, taper: Array, month: int) -> None:
    """External support's strength in each area this month: its level, tapered, unless it was withdrawn."""
    for a in range(areas.shape[0]):
        there = areas[a].support_ended < 0
        areas[a].external = team.external_strength(levers[a].external_level, taper[month]) if there else 0.0


@kernel
def divide_attention(
    areas: Array, levers: Array, sites: Array, teams: Array, core_count: int, pt: TeamParameters
) -> None:
    """Places each core team has and is asked for, and the share of what is needed that everyone gets."""
    for c in range(core_count):
        hands = team.hands(pt, teams[c].members, teams[c].committee == 1, teams[c].resources)
        external = team.external_attention(pt, areas[teams[c].area].external, core_count)
        places = team.places(pt, teams[c].capacity, external, hands)
        teams[c].available = team.places_kept(pt, places, levers[teams[c].area].terms_of_reference)
        teams[c].needed = 0.0
    for i in range(sites.shape[0]):
        c = sites[i].core
        if c < 0:
            continue
        if sites[i].stage == site.EXPLORATION:
            teams[c].needed += pt.explore_need
        elif sites[i].team < 0 and sites[i].stage >= site.INSTALLATION and sites[i].stage != site.NOT_SUSTAINED:
            teams[c].needed += 1.0
    for t in range(core_count, teams.shape[0]):
        if teams[t].formed == 1:
            parent = teams[t].parent
            teams[parent].needed += team.place_needed(pt, teams[t].capacity)
            teams[parent].available += team.mentors(pt, teams[t].capacity, levers[teams[t].area].mentoring)
    for c in range(core_count):
        teams[c].attention = team.attention(teams[c].available, teams[c].needed)


@kernel
def release_time(
    areas: Array,
    area_senior: Array,
    levers: Array,
    sites: Array,
    teams: Array,
    core_count: int,
    team_sites: Array,
    leaders: Array,
) -> None:
    """Time released to each team: by its sites' managers and their senior leader; to a core team by group and
    seniors.
    """
    for t in range(teams.shape[0]):
        a = teams[t].area
        if t < core_count:
            manager = areas[a].group
            total = 0.0
            count = 0
            for agency in range(area_senior.shape[1]):
                if area_senior[a, agency] >= 0:
                    total += leaders[area_senior[a, agency]].commitment
                    count += 1
            senior = share(total, count)
        else:
            total = 0.0
            for k in range(teams[t].first_site, teams[t].last_site):
                total += leaders[sites[team_sites[k]].manager].commitment
            manager = share(total, teams[t].last_site - teams[t].first_site)
            first = sites[team_sites[teams[t].first_site]].senior
            senior = leaders[first].commitment if first >= 0 else manager
        budget = year.budget_left(levers[a].released_time, levers[a].budget_squeeze, areas[a].calendar)
        teams[t].released = leader.released_or_new(leader.released(manager, senior, budget), levers[a].new_posts)


@kernel
def grow_capacity(areas: Array, levers: Array, teams: Array, core_count: int, pt: TeamParameters) -> None:
    """Capacities a month on, all from last month's: core teams under external support, local teams under their core."""
    for a in range(areas.shape[0]):
        areas[a].local_capacity = 0.0
        areas[a].local_teams = 0
    for t in range(core_count, teams.shape[0]):
        if teams[t].formed == 1:
            areas[teams[t].area].local_capacity += teams[t].capacity
            areas[teams[t].area].local_teams += 1
    for t in range(teams.shape[0]):
        a = teams[t].area
        if teams[t].formed == 0:
            continue
        if t < core_count:
            external = team.external_attention(pt, areas[a].external, core_count)
            given = team.own_learning(pt, external, teams[t].attention, teams[t].needed)
            peers = 0.0
        else:
            teams[t].attention = teams[teams[t].parent].attention
            given = team.thinned(pt, teams[t].attention)
            peers = team.mean_of_others(areas[a].local_capacity, teams[t].capacity, areas[a].local_teams)
        support = team.supported(pt, given, teams[t].capacity, peers, levers[a].peer_network)
        teams[t].capacity = team.next_capacity(pt, teams[t].capacity, support, teams[t].released)


@kernel
def change_members(levers: Array, teams: Array, pt: TeamParameters, key: np.uint64, month: int) -> None:
    """One member at most leaves a team in a month; otherwise one vacant place may be filled."""
    word = draws.word_key(key, draws.TEAM, month)
    for t in range(teams.shape[0]):
        if teams[t].formed == 0:
            continue
        luck = draws.bits(word, teams[t].id)
        factor = levers[teams[t].area].turnover_factor
        if draws.upper(luck) < probability(team.member_leaves(pt, teams[t].members, factor)):
            teams[t].capacity = team.capacity_after_leaving(pt, teams[t].capacity, teams[t].members, teams[t].agencies)
            teams[t].members -= 1
        elif teams[t].members < teams[t].places and draws.lower(luck) < probability(
            team.place_filled(pt, teams[t].released)
        ):
            teams[t].members += 1


@kernel
def buy_help(areas: Array, levers: Array, sites: Array, pt: TeamParameters, pc: CostParameters) -> None:
    """Other help bought beside the plan: training for anybody, extra posts, coaches without a team."""
    for a in range(areas.shape[0]):
        budget = levers[a].budget
        areas[a].help = areas[a].posts = areas[a].bought = areas[a].taught = 0.0
        if budget <= 0.0:
            continue
        everyone = trained = 0
        for i in range(areas[a].first_site, areas[a].last_site):
            everyone += sites[i].last_person - sites[i].first_person
            trained += sites[i].trained
        training, posts = levers[a].budget_training, levers[a].budget_posts
        areas[a].help = money.other_help(budget, everyone)
        areas[a].posts = money.posts_bought(pc, areas[a].help, training, posts)
        affordable = money.training_bought(pc, areas[a].help, training)
        areas[a].taught = practitioner.taught(affordable, everyone - trained)
        hands = team.bought_hands(pt, money.coaches_bought(pc, areas[a].help, training, posts))
        areas[a].bought = team.dose(pt, 1.0, pt.coach_alone, hands, 1.0, trained)


@kernel
def reach_sites(areas: Array, levers: Array, sites: Array, teams: Array, core_count: int, pt: TeamParameters) -> None:
    """Capacity that supports each site, the dose of coaching its practitioners get, and what is left of its service."""
    for c in range(core_count):
        teams[c].direct_staff = 0
    for i in range(sites.shape[0]):
        if sites[i].team < 0 and sites[i].core >= 0 and engaged(sites[i].stage):
            teams[sites[i].core].direct_staff += sites[i].last_person - sites[i].first_person
    for i in range(sites.shape[0]):
        sites[i].able = 0.0
        sites[i].service = 1.0
        bought = areas[sites[i].area].bought
        sites[i].dose = bought
        if not engaged(sites[i].stage):
            continue
        lever = levers[sites[i].area]
        t = sites[i].team
        core = sites[i].core
        coaching = lever.coaching
        if t >= 0:
            hands = team.hands(pt, teams[t].members, False, teams[t].resources)
            sites[i].able = teams[t].capacity
            dose = team.dose(pt, coaching, teams[t].capacity, hands, teams[t].released, teams[t].staff)
            sites[i].dose = team.with_bought(dose, bought)
            released = leader.repurposed(teams[t].released, lever.new_posts)
            gone = team.missed(hands, pt.share_of_post_local, released, teams[t].staff)
            sites[i].service = team.service_left(pt, gone, lever.displacement, lever.backfill, lever.data_linkage)
        elif core >= 0:
            hands = team.hands(pt, teams[core].members, teams[core].committee == 1, teams[core].resources)
            sites[i].able = team.direct(teams[core].capacity, teams[core].attention)
            dose = team.dose(pt, coaching, teams[core].capacity, hands, teams[core].released, teams[core].direct_staff)
            sites[i].dose = team.with_bought(dose, bought)


@part
def engaged(stage: int) -> bool:
    """Has the site been selected, and may therefore count on its team?"""
    return stage >= site.INSTALLATION
