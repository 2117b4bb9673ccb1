"""Phase 2: every team divides its attention among those it supports; capacities move; members leave and are found."""

from __future__ import annotations

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.due import happens
from sim.engine.phases.joining import would_release
from sim.engine.phases.teams import cores_each_supports, engaged, is_served, sites_served
from sim.engine.world import Actors, Now, PlanState
from sim.parameters import Parameters
from sim.rules import leader, money, practitioner, site, team, year
from sim.rules.rule import share
from sim.rules.team import Help


@step
def external_strength(w: Actors, plan: PlanState, now: Now) -> None:
    """External support's strength to each core team this month: as planned for the zones of its sites that explore or
    take part, tapered, unless it was withdrawn; in an area: the mean of its core teams.
    """
    for c in range(w.core_count):
        w.teams[c].external, w.teams[c].met = 0.0, 0
    for i in range(w.sites.shape[0]):
        c, a = w.sites[i].core, w.sites[i].area
        if c >= 0 and w.sites[i].stage >= site.EXPLORATION and w.sites[i].given_up < 0:
            own = w.zone_levers[a, w.sites[i].zone].external_level
            w.teams[c].external += team.more_support(own, w.levers[a].external_level, staff_of(w, i))
            w.teams[c].met += staff_of(w, i)
    taper = plan.taper[now.month]
    for a in range(w.areas.shape[0]):
        there, planned = w.areas[a].support_ended < 0, w.levers[a].external_level
        w.areas[a].external = team.external_strength(planned, taper) if there else 0.0
        more, count = 0.0, 0
        for c in range(w.core_count):
            if w.teams[c].area != a:
                continue
            level = team.level_met(planned, w.teams[c].external, w.teams[c].met)
            w.teams[c].external = team.external_strength(level, taper) if there else 0.0
            if w.teams[c].formed == 1:
                more += w.teams[c].external - w.areas[a].external
                count += 1
        w.areas[a].external = team.level_met(w.areas[a].external, more, count)


@step
def divide_attention(w: Actors, p: Parameters) -> None:
    """Places each core team has and is asked for, and the share of what is needed that everyone gets."""
    together = cores_each_supports(w)
    for c in range(w.core_count):
        hands = team.hands(p.team, w.teams[c].members, w.teams[c].committee == 1, w.teams[c].resources)
        external = team.external_attention(p.team, w.teams[c].external, together)
        places = team.places(p.team, w.teams[c].capacity, external, hands)
        places = team.places_kept(p.team, places, w.levers[w.teams[c].area].terms_of_reference)
        w.teams[c].available = places if w.teams[c].formed == 1 else 0.0
        w.teams[c].needed = 0.0
    for i in range(w.sites.shape[0]):
        c = w.sites[i].core
        if c < 0:
            continue
        if w.sites[i].stage == site.EXPLORATION:
            w.teams[c].needed += team.places_to_explore(p.team, staff_of(w, i))
        elif w.sites[i].team < 0 and engaged(w, i):
            w.teams[c].needed += team.by_people(p.team, staff_of(w, i))
    for t in range(w.core_count, w.teams.shape[0]):
        if w.teams[t].formed == 1:
            parent = w.teams[t].parent
            w.teams[parent].needed += team.places_to_support(p.team, w.teams[t].capacity, w.teams[t].served)
            w.teams[t].lent = team.mentors(p.team, w.teams[t].capacity, w.levers[w.teams[t].area].mentoring)
            w.teams[parent].available += w.teams[t].lent
    for c in range(w.core_count):
        w.teams[c].attention = team.attention(w.teams[c].available, w.teams[c].needed)


@step
def release_time(w: Actors, p: Parameters, now: Now) -> None:
    """Time released to each team: by its sites' managers and their senior leader; to a core team by group and
    seniors.
    """
    for t in range(w.teams.shape[0]):
        a = w.teams[t].area
        if t < w.core_count:
            manager = w.areas[a].group
            total = 0.0
            count = 0
            for agency in range(w.area_senior.shape[1]):
                if w.area_senior[a, agency] >= 0:
                    total += would_release(w, p, now, w.area_senior[a, agency])
                    count += 1
            senior = share(total, count)
        else:
            total = 0.0
            for k in range(w.teams[t].first_site, w.teams[t].last_site):
                if is_served(w, t, w.team_sites[k]):
                    total += would_release(w, p, now, w.sites[w.team_sites[k]].manager)
            manager = share(total, sites_served(w, t))
            first = w.sites[w.team_sites[w.teams[t].first_site]].senior
            senior = would_release(w, p, now, first) if first >= 0 else manager
        budget = year.budget_left(w.levers[a].released_time, w.levers[a].budget_squeeze, w.areas[a].calendar)
        w.teams[t].released = leader.released_or_new(leader.released(manager, senior, budget), w.levers[a].new_posts)


@step
def grow_capacity(w: Actors, p: Parameters) -> None:
    """Capacities a month on, all from last month's: core teams under external support, local teams under their core."""
    for a in range(w.areas.shape[0]):
        w.areas[a].local_capacity = 0.0
        w.areas[a].local_teams = 0
    together = cores_each_supports(w)
    for t in range(w.core_count, w.teams.shape[0]):
        if w.teams[t].formed == 1:
            w.areas[w.teams[t].area].local_capacity += w.teams[t].capacity
            w.areas[w.teams[t].area].local_teams += 1
    for t in range(w.teams.shape[0]):
        a = w.teams[t].area
        if w.teams[t].formed == 0:
            continue
        if t < w.core_count:
            external = team.external_attention(p.team, w.teams[t].external, together)
            given = team.own_learning(p.team, external, w.teams[t].attention, w.teams[t].needed)
            peers = 0.0
        else:
            w.teams[t].attention = w.teams[w.teams[t].parent].attention
            given = team.thinned(p.team, w.teams[t].attention)
            peers = team.mean_of_others(w.areas[a].local_capacity, w.teams[t].capacity, w.areas[a].local_teams)
        support = team.supported(p.team, given, w.teams[t].capacity, peers, w.levers[a].peer_network)
        w.teams[t].capacity = team.next_capacity(p.team, w.teams[t].capacity, support, w.teams[t].released)


@step
def change_members(w: Actors, p: Parameters, now: Now) -> None:
    """One member at most leaves a team in a month; otherwise one vacant place may be filled."""
    for t in range(w.teams.shape[0]):
        if w.teams[t].formed == 0:
            continue
        leaves = draws.member_leaves(now.key, now.month, w.teams[t].id)
        factor = w.levers[w.teams[t].area].turnover_factor
        if happens(leaves, team.member_leaves(p.team, w.teams[t].members, factor)):
            w.teams[t].capacity = team.capacity_after_leaving(
                p.team, w.teams[t].capacity, w.teams[t].members, w.teams[t].agencies
            )
            w.teams[t].members -= 1
        elif w.teams[t].members < w.teams[t].places:
            hazard = team.place_filled(p.team, w.teams[t].released, w.teams[t].recruiting)
            if happens(draws.place_is_filled(now.key, now.month, w.teams[t].id), hazard):
                w.teams[t].members += 1
                w.teams[t].recruiting = max(0, w.teams[t].recruiting - 1)


@step
def buy_help(w: Actors, p: Parameters) -> None:
    """Other help bought outside the plan: training for anybody, extra posts, coaches without a team."""
    for a in range(w.areas.shape[0]):
        budget = w.levers[a].budget
        w.areas[a].help = w.areas[a].posts = w.areas[a].bought = w.areas[a].taught = 0.0
        if budget <= 0.0:
            continue
        everyone = trained = 0
        for i in range(w.areas[a].first_site, w.areas[a].last_site):
            everyone += w.sites[i].last_person - w.sites[i].first_person
            trained += w.sites[i].trained
        training, posts = (w.levers[a].budget_training, w.levers[a].budget_posts)
        w.areas[a].help = money.other_help(budget, everyone) * min(w.areas[a].paid_cash, w.areas[a].paid_time)
        w.areas[a].posts = money.posts_bought(p.cost, w.areas[a].help, training, posts)
        affordable = money.training_bought(p.cost, w.areas[a].help, training)
        w.areas[a].taught = practitioner.taught(affordable, everyone - trained)
        hands = team.bought_hands(p.team, money.coaches_bought(p.cost, w.areas[a].help, training, posts))
        w.areas[a].bought = team.dose(p.team, 1.0, Help(p.team.coach_alone, hands, 1.0, everyone))


@step
def reach_sites(w: Actors, p: Parameters) -> None:
    """Capacity that supports each site, the dose of coaching its practitioners get, and what is left of its service."""
    for c in range(w.core_count):
        w.teams[c].direct_staff = 0
    for i in range(w.sites.shape[0]):
        if w.sites[i].team < 0 and w.sites[i].core >= 0 and engaged(w, i):
            w.teams[w.sites[i].core].direct_staff += w.sites[i].last_person - w.sites[i].first_person
    for i in range(w.sites.shape[0]):
        w.sites[i].able = 0.0
        w.sites[i].service = 1.0
        others = w.areas[w.sites[i].area].bought
        if engaged(w, i) and w.sites[i].month_started >= 0:
            led = team.dose_of_head(p.team, w.leaders[w.sites[i].manager].commitment)
            others = team.with_others(led, others)
        w.sites[i].dose = others
        if not engaged(w, i):
            continue
        lever = w.levers[w.sites[i].area]
        t = w.sites[i].team
        core = w.sites[i].core
        coaching = w.zone_levers[w.sites[i].area, w.sites[i].zone].coaching
        if t >= 0:
            hands = team.hands(p.team, w.teams[t].members, False, w.teams[t].resources)
            w.sites[i].able = w.teams[t].capacity
            met = Help(w.teams[t].capacity, hands, w.teams[t].released, w.teams[t].served)
            dose = team.dose(p.team, coaching, met)
            w.sites[i].dose = team.with_others(dose, others)
            released = leader.repurposed(w.teams[t].released, lever.new_posts * w.teams[t].paid)
            gone = team.missed(hands, p.team.share_of_post_local, released, w.teams[t].served)
            w.sites[i].service = team.service_left(p.team, gone, lever.displacement, lever.backfill, lever.data_linkage)
        elif core >= 0:
            hands = team.hands(p.team, w.teams[core].members, w.teams[core].committee == 1, w.teams[core].resources)
            w.sites[i].able = team.direct(w.teams[core].capacity, w.teams[core].attention)
            met = Help(w.teams[core].capacity, hands, w.teams[core].released, w.teams[core].direct_staff)
            dose = team.dose(p.team, coaching, met)
            w.sites[i].dose = team.with_others(dose, others)


@part
def staff_of(w: Actors, i: int) -> int:
    """How many practitioners a site has."""
    return int(w.sites[i].last_person - w.sites[i].first_person)
