"""Phase 2 begins: core teams are founded and take over sites; teams grow and shrink as planned."""

from __future__ import annotations

from sim.engine.kernel import part, step
from sim.engine.world import Actors, Now
from sim.parameters import Parameters
from sim.rules import site, team


@step
def shape_teams(w: Actors, p: Parameters, now: Now) -> None:
    """Core teams of this month are founded; places in teams are as many as the plan now says."""
    for t in range(w.core_count, w.teams.shape[0]):
        count_served(w, t)
    for t in range(w.teams.shape[0]):
        if w.teams[t].founded == now.month:
            found(w, p, t)
        elif w.teams[t].formed == 1:
            resize(w, p, t)


@part
def engaged(w: Actors, i: int) -> bool:
    """Does the site take part, and may it therefore count on its team?"""
    return bool(w.sites[i].stage >= site.INSTALLATION and w.sites[i].given_up < 0)


@part
def count_served(w: Actors, t: int) -> None:
    """Which of a local team's sites take part, and how many practitioners it has to do with."""
    w.teams[t].taking_part = 0
    for k in range(w.teams[t].first_site, w.teams[t].last_site):
        w.teams[t].taking_part += engaged(w, w.team_sites[k])
    w.teams[t].served = 0
    for k in range(w.teams[t].first_site, w.teams[t].last_site):
        i = w.team_sites[k]
        if is_served(w, t, i):
            w.teams[t].served += w.sites[i].last_person - w.sites[i].first_person


@part
def is_served(w: Actors, t: int, i: int) -> bool:
    """Does a site count at its local team: one that takes part, or any while none does?"""
    return engaged(w, i) or w.teams[t].taking_part == 0


@part
def sites_served(w: Actors, t: int) -> int:
    """How many sites count at a local team."""
    return int(w.teams[t].taking_part or w.teams[t].last_site - w.teams[t].first_site)


@part
def found(w: Actors, p: Parameters, c: int) -> None:
    """A core team comes together and takes over its sites, with their local teams."""
    a = w.teams[c].area
    w.teams[c].formed = 1
    w.teams[c].capacity = team.first_capacity_core(p.team, w.areas[a].playbook, w.levers[a].mentoring)
    gather_members(w, p, c, False)
    for k in range(w.teams[c].first_taken, w.teams[c].last_taken):
        i = w.handed_over[k]
        w.sites[i].core = c
        if w.sites[i].team >= 0:
            w.teams[w.sites[i].team].parent = c


@part
def places_of(w: Actors, p: Parameters, t: int) -> int:
    """Places in a team, as the plan now says."""
    a = w.teams[t].area
    if t < w.core_count:
        return int(team.places_core(w.teams[t].own_size, w.levers[a].core_team_size, w.teams[t].sharing))
    return int(team.places_local(p.team, w.zone_levers[a, w.teams[t].zone].local_team_size, w.teams[t].staff))


@part
def gather_members(w: Actors, p: Parameters, t: int, at_work: bool) -> None:
    """The members of a team that begins, or (`at_work`) of one that was there before the first month."""
    places = places_of(w, p, t)
    w.teams[t].members = places if at_work else team.there_at_first(p.team, places)
    w.teams[t].recruiting = places - w.teams[t].members
    set_places(w, t, places)


@part
def set_places(w: Actors, t: int, places: int) -> None:
    """So many places; a core team's are shared among as many agencies as there are places for."""
    w.teams[t].places = places
    if t < w.core_count:
        w.teams[t].agencies = min(w.teams[t].most_agencies, places)


@part
def resize(w: Actors, p: Parameters, t: int) -> None:
    """Places are added, to be filled at once or by recruiting, or taken away: who must go takes part of the
    capacity.
    """
    places, before = places_of(w, p, t), w.teams[t].places
    if places == before:
        return
    if places > before and p.team.recruit_months > 0.0:
        w.teams[t].recruiting += places - before
    elif places > before:
        w.teams[t].members += places - before
    while w.teams[t].members > places:
        w.teams[t].capacity = team.capacity_after_leaving(
            p.team, w.teams[t].capacity, w.teams[t].members, w.teams[t].agencies
        )
        w.teams[t].members -= 1
    w.teams[t].recruiting = min(w.teams[t].recruiting, places - w.teams[t].members)
    set_places(w, t, places)


@part
def cores_each_supports(w: Actors) -> float:
    """How many core teams of all areas share one external team."""
    count = 0
    for c in range(w.core_count):
        count += w.teams[c].formed
    return team.core_teams_each(count, w.levers[0].external_teams)
