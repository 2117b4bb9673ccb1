"""Phase 1: sites decide: to take part, to give up, to take part again; they install the practice and are trained."""

from __future__ import annotations

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.due import happens
from sim.engine.phases.improvement import quality_at
from sim.engine.phases.practitioners import teach
from sim.engine.phases.purse import trains_affordably
from sim.engine.phases.teams import engaged, gather_members
from sim.engine.world import Actors, Now, People, PlanState
from sim.parameters import Parameters
from sim.rules import leader, site, team, year
from sim.rules.rule import share
from sim.rules.site import Holding, Invitation


@step
def see_others(w: Actors) -> None:
    """What sites of an area see of one another: how many use the practice, less those that gave it up."""
    for a in range(w.areas.shape[0]):
        using = given_up = 0
        for i in range(w.areas[a].first_site, w.areas[a].last_site):
            gone = w.sites[i].given_up >= 0
            given_up += gone
            using += w.sites[i].month_started >= 0 and w.sites[i].users > 0 and not gone
        w.areas[a].in_use = site.in_use(using, given_up, w.areas[a].last_site - w.areas[a].first_site)


@step
def reconsider(w: Actors, people: People, plan: PlanState, p: Parameters, now: Now) -> None:
    """Sites that take part may give the practice up; those that gave it up may join again. Trust follows."""
    for i in range(w.sites.shape[0]):
        stage, core = w.sites[i].stage, w.sites[i].core
        if stage == site.EXPLORATION or (stage == site.INSTALLATION and w.sites[i].month_started < 0):
            support = w.teams[core].attention if core >= 0 else 0.0
            w.sites[i].trust = site.trust_waiting(p.site, w.sites[i].trust, support)
        else:
            w.sites[i].trust = site.trust_returning(p.site, w.sites[i].trust)
        if w.sites[i].given_up >= 0:
            new_head = w.leaders[w.sites[i].manager].in_post_since > w.sites[i].given_up
            hazard = site.won_again(p.site, invitation(w, people, p, i), new_head)
            if happens(draws.is_selected(now.key, now.month, w.sites[i].id), hazard):
                take_part_again(w, people, p, now, i)
                form_team(w, p, i, likeness(w, plan, i))
        elif stage >= site.INSTALLATION:
            hazard = site.gives_up(p.site, holding(w, p, now, i))
            if happens(draws.is_selected(now.key, now.month, w.sites[i].id), hazard):
                give_up(w, p, now, i)


@part
def invitation(w: Actors, people: People, p: Parameters, i: int) -> Invitation:
    """What a site meets while it decides whether to take part."""
    a, core = w.sites[i].area, w.sites[i].core
    prepared = team.thinned(p.team, w.teams[core].attention) if core >= 0 else 0.0
    alone = 1.0 if core < 0 else 0.0
    return Invitation(
        readiness=mean_readiness(w, people, i),
        commitment=w.leaders[w.sites[i].manager].commitment,
        trust=w.sites[i].trust,
        prepared=prepared,
        seen=site.heard_of(w.areas[a].in_use, w.levers[a].communication),
        mandate=w.levers[a].mandate,
        alone=alone,
    )


@part
def holding(w: Actors, p: Parameters, now: Now, i: int) -> Holding:
    """What holds a site that takes part."""
    a, manager = w.sites[i].area, w.sites[i].manager
    return Holding(
        commitment=w.leaders[manager].commitment,
        capacity=w.sites[i].able,
        data_use=site.data_use(quality_at(w, p, i), w.sites[i].able, w.levers[a].improvement_cycles),
        seen=w.areas[a].in_use,
        settling=site.just_come(now.month - w.leaders[manager].in_post_since),
        give_up=w.levers[a].give_up,
    )


@part
def give_up(w: Actors, p: Parameters, now: Now, i: int) -> None:
    """A site gives the practice up; its team disbands, with all that it could do, unless other sites share it."""
    w.sites[i].given_up = now.month
    w.sites[i].stage = site.NOT_SUSTAINED
    w.sites[i].streak = 0
    w.sites[i].trust = site.trust_after_giving_up(p.site, w.sites[i].trust)
    if w.sites[i].month_given_up < 0:
        w.sites[i].month_given_up = now.month
    t = w.sites[i].team
    if t >= 0 and not shared(w, t):
        w.teams[t].formed = 0
        w.teams[t].capacity = 0.0


@part
def shared(w: Actors, t: int) -> bool:
    """Does any site of a local team still take part?"""
    taking_part = 0
    for k in range(w.teams[t].first_site, w.teams[t].last_site):
        taking_part += engaged(w, w.team_sites[k])
    return taking_part > 0


@part
def take_part_again(w: Actors, people: People, p: Parameters, now: Now, i: int) -> None:
    """A site that gave up takes part again: it installs what is left to do; where it had started, those who no longer
    use the practice are trained again if the year's budget covers it.
    """
    w.sites[i].given_up = -1
    w.sites[i].stage = site.INSTALLATION
    w.sites[i].idle = 0
    if w.sites[i].month_returned < 0:
        w.sites[i].month_returned = now.month
    if w.sites[i].month_started >= 0 and trains_affordably(w, p, i, attending(w, people, p, now, (i, True))):
        deliver_training(w, people, p, now, (i, True))


@step
def advance_sites(w: Actors, people: People, plan: PlanState, p: Parameters, now: Now) -> None:
    """Mutual selection, then installation; training is delivered when installation is done."""
    for i in range(w.sites.shape[0]):
        a = w.sites[i].area
        if w.sites[i].stage == site.EXPLORATION:
            hazard = site.selected(p.site, invitation(w, people, p, i))
            if happens(draws.is_selected(now.key, now.month, w.sites[i].id), hazard):
                w.sites[i].stage = site.INSTALLATION
                alike = likeness(w, plan, i)
                w.sites[i].barrier = site.barrier_on_entry(p.site, w.sites[i].barrier, w.areas[a].playbook, alike)
                w.sites[i].barrier = site.mapped(p.site, w.sites[i].barrier, w.levers[a].data_mapping)
                form_team(w, p, i, alike)
        elif w.sites[i].stage == site.INSTALLATION and w.sites[i].month_started < 0:
            manager = would_release(w, p, now, w.sites[i].manager)
            senior = would_release(w, p, now, w.sites[i].senior) if w.sites[i].senior >= 0 else manager
            budget = year.budget_left(w.levers[a].released_time, w.levers[a].budget_squeeze, w.areas[a].calendar)
            done = site.installed(p.site, team.worth(p.team, leader.released(manager, senior, budget)))
            terms = w.levers[a].terms_of_reference if w.sites[i].core >= 0 else 0.0
            w.sites[i].install += site.clearer(p.site, done, terms)
            if w.sites[i].install >= 1.0 and trains_affordably(w, p, i, attending(w, people, p, now, (i, False))):
                w.sites[i].month_started = now.month
                deliver_training(w, people, p, now, (i, False))


@part
def likeness(w: Actors, plan: PlanState, i: int) -> float:
    """How well the earlier zones resemble a site's own."""
    z = w.sites[i].zone
    return float(plan.similarity[w.sites[i].area, z]) if z < plan.zones.shape[0] else 0.0


@part
def form_team(w: Actors, p: Parameters, i: int, similarity: float) -> None:
    """A site's local team comes together; a new one begins with what earlier zones hand on."""
    t, a = w.sites[i].team, w.sites[i].area
    if t < 0 or w.teams[t].formed == 1:
        return
    w.teams[t].generation = 1 + least_generation(w, p, a) if w.levers[a].mentoring > 0.0 else 1
    w.teams[t].formed = 1
    gather_members(w, p, t, False)
    w.teams[t].capacity = team.first_capacity(p.team, w.areas[a].playbook, similarity, w.levers[a].mentoring)


@part
def would_release(w: Actors, p: Parameters, now: Now, i: int) -> float:
    """Commitment with which a leader releases time: a new one must settle first."""
    months = now.month - w.leaders[i].in_post_since
    return float(leader.would_release(p.leader, w.leaders[i].commitment, months))


@part
def mean_readiness(w: Actors, people: People, i: int) -> float:
    """Mean readiness of a site's staff today."""
    total = 0.0
    for j in range(w.sites[i].first_person, w.sites[i].last_person):
        total += people.readiness[j]
    return share(total, w.sites[i].last_person - w.sites[i].first_person)


@part
def attending(w: Actors, people: People, p: Parameters, now: Now, at: tuple[int, bool]) -> int:
    """How many of a site's staff would be trained if it started now; `at` as in `deliver_training`."""
    found = 0
    i, again = at
    if w.levers[w.sites[i].area].training == 0.0:
        return found
    for j in range(w.sites[i].first_person, w.sites[i].last_person):
        uniform = draws.attends_training(now.key, now.month, people.id[j])
        found += uniform < p.practitioner.attendance and needs_training(people, j, again)
    return found


@part
def needs_training(people: People, j: int, again: bool) -> bool:
    """Has somebody never been trained, or (where a site starts `again`) do they no longer use the practice?"""
    return bool(people.trained[j] == 0 or (again and people.using[j] == 0))


@part
def deliver_training(w: Actors, people: People, p: Parameters, now: Now, at: tuple[int, bool]) -> None:
    """Those who attend are trained at a site (first in `at`) that starts, or starts `again`: then also those who were,
    and no longer use the practice. With no training in the plan the site starts all the same.
    """
    i, again = at
    if w.levers[w.sites[i].area].training == 0.0:
        return
    for j in range(w.sites[i].first_person, w.sites[i].last_person):
        uniform = draws.attends_training(now.key, now.month, people.id[j])
        if uniform < p.practitioner.attendance and needs_training(people, j, again):
            w.sites[i].trained += people.trained[j] == 0
            w.sites[i].aware += people.aware[j] == 0
            people.trained[j] = 1
            people.taught[j] = now.month
            teach(people, p, w.levers[w.sites[i].area].training, j)
            people.aware[j] = 1
            w.sites[i].trained_now += 1
    w.sites[i].look_again = 1


@part
def least_generation(w: Actors, p: Parameters, a: int) -> int:
    """Fewest teams between external supporters and a local team of an area that can support others; 0 without any."""
    least = 0
    for t in range(w.core_count, w.teams.shape[0]):
        if w.teams[t].area == a and w.teams[t].formed == 1 and w.teams[t].capacity >= p.team.capacity_criterion:
            least = w.teams[t].generation if least == 0 else min(least, w.teams[t].generation)
    return least
