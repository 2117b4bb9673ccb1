"""Phase 1: events fall due; zones open."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.start import gather_group
from sim.engine.world import Actors, Families, Now, PlanState
from sim.parameters import Parameters
from sim.rules import family, leader, site
from sim.rules.rule import share

REACHED = 2
FULL_SHARE, CERTIFIED_SHARE, CAPACITY_CORE, CAPACITY_LOCAL = range(4)


@part
def zone_state(w: Actors, a: int, z: int) -> tuple[float, float, float, float]:
    """Of one zone in one area (z = -1: the whole area), as assessed: share of its sites in full implementation and
    certified, share of its started sites certified, mean local capacity of its started sites.
    """
    there = full = certified = started = measured = 0
    capacity = 0.0
    for i in range(w.areas[a].first_site, w.areas[a].last_site):
        if z >= 0 and w.sites[i].zone != z:
            continue
        there += 1
        full += w.sites[i].stage == site.FULL
        certified += w.sites[i].certified
        if w.sites[i].month_started >= 0:
            started += 1
            if not np.isnan(w.sites[i].assessed_capacity):
                capacity += w.sites[i].assessed_capacity
                measured += 1
    return (share(full, there), share(certified, there), share(certified, started), share(capacity, measured))


@part
def core_capacity(w: Actors, a: int) -> float:
    """Mean capacity of an area's core teams at work."""
    total = 0.0
    count = 0
    for t in range(w.core_count):
        if w.teams[t].area == a and w.teams[t].formed == 1:
            total += w.teams[t].capacity
            count += 1
    return share(total, count)


@part
def condition_met(w: Actors, plan: PlanState, e: int, a: int) -> bool:
    """Is an undated event's condition true in this area?"""
    measure = plan.events[e].measure
    if measure == CAPACITY_CORE:
        value = core_capacity(w, a)
    else:
        full, certified, _, capacity = zone_state(w, a, plan.events[e].zone)
        value = full if measure == FULL_SHARE else certified if measure == CERTIFIED_SHARE else capacity
    return bool(value >= plan.events[e].threshold)


@part
def replace_leaders(w: Actors, p: Parameters, now: Now, event: Any, a: int) -> None:
    """Leaders of an event's level (and agency) in an area leave and are replaced; nobody twice in a month."""
    for i in range(w.leaders.shape[0]):
        if w.leaders[i].level != event.leaves or (event.agency >= 0 and w.leaders[i].agency != event.agency):
            continue
        serves = False
        for k in range(w.leaders[i].first_area, w.leaders[i].last_area):
            serves = serves or w.leader_areas[k] == a
        if serves and w.leaders[i].in_post_since != now.month:
            succeed(w, p, now, i)


@part
def succeed(w: Actors, p: Parameters, now: Now, i: int) -> None:
    """A successor takes leader i's post."""
    old, uniform = w.leaders[i].baseline, draws.successor(now.key, now.month, w.leaders[i].id)
    w.leaders[i].baseline = leader.successor_baseline(p.leader, old, uniform)
    w.leaders[i].commitment = leader.successor_commitment(p.leader, w.leaders[i].commitment, old, w.leaders[i].baseline)
    w.leaders[i].in_post_since = now.month


@part
def change_lever(plan: PlanState, a: int, k: int) -> None:
    """A lever takes a new value: in one zone, or in the area and all its zones."""
    zone, place = plan.change_zone[k], plan.change_place[k]
    if zone < 0:
        plan.lever_table[a, plan.change_lever[k]] = plan.change_value[k]
        plan.planned[a, plan.change_lever[k]] = plan.change_value[k]
    if place >= 0:
        for z in range(plan.zone_table.shape[1]):
            if zone < 0 or zone == z:
                plan.zone_table[a, z, place] = plan.change_value[k]


@step
def fall_due(w: Actors, plan: PlanState, p: Parameters, now: Now) -> None:
    """Dated events of this month and undated ones whose condition has come true; each once in an area."""
    for e in range(plan.events.shape[0]):
        for a in range(w.areas.shape[0]):
            if plan.fired[a, e] == 1:
                continue
            dated = plan.events[e].month
            due = dated == now.month if dated >= 0 else condition_met(w, plan, e, a)
            if not due:
                continue
            plan.fired[a, e] = 1
            for k in range(plan.events[e].first_change, plan.events[e].last_change):
                change_lever(plan, a, k)
                w.areas[a].look_again = 1
            if plan.events[e].leaves >= 0:
                replace_leaders(w, p, now, plan.events[e], a)
            if plan.events[e].withdraws == 1 and w.areas[a].support_ended < 0:
                w.areas[a].support_ended = now.month
    if plan.external_end == now.month:
        for a in range(w.areas.shape[0]):
            if w.areas[a].support_ended < 0:
                w.areas[a].support_ended = now.month
    gather_group(w, p, now)


@step
def remember_support_end(w: Actors, now: Now) -> None:
    """Which sites were certified when external support ended, and which of them still are 60 months later."""
    for i in range(w.sites.shape[0]):
        ended = w.areas[w.sites[i].area].support_ended
        if ended == now.month:
            w.sites[i].certified_at_end = w.sites[i].certified
            w.sites[i].kept = -2 if w.sites[i].certified == 1 else -1
        elif ended >= 0 and now.month == ended + 60 and (w.sites[i].certified_at_end == 1):
            w.sites[i].kept = w.sites[i].certified


@part
def benefit_shown(w: Actors, families: Families, p: Parameters, now: Now, at: tuple[int, int]) -> float:
    """Benefit that the own outcome data of a zone in an area (`at`) show; nothing where nobody was reached."""
    a, z = at
    reached = 0
    total = 0
    for i in range(w.areas[a].first_site, w.areas[a].last_site):
        if w.sites[i].zone == z:
            for h in range(w.sites[i].first_family, w.sites[i].last_family):
                reached += (families.home[h].history & REACHED) != 0
                total += families.home[h].benefit
    if reached == 0:
        return -np.inf
    first = draws.error_in_outcome(now.key, z, w.areas[a].id)
    second = draws.error_in_outcome_too(now.key, z, w.areas[a].id)
    return float(site.outcome_seen(p.site, family.mean_benefit(total, reached), reached, first, second))


@step
def open_zones(w: Actors, families: Families, plan: PlanState, p: Parameters, now: Now) -> None:
    """A zone opens in its month or once its gate is met (at the latest by `latest`), unless the year's budget has run
    short; its sites begin to explore.
    """
    for a in range(w.areas.shape[0]):
        for z in range(plan.zones.shape[0]):
            if plan.opened[a, z] >= 0 or plan.blocked[a, z] == 1:
                continue
            if plan.zones[z].opens >= 0:
                due = now.month >= plan.zones[z].opens
            else:
                due = plan.zones[z].latest >= 0 and now.month >= plan.zones[z].latest
                earlier = plan.zones[z].gate_of
                if not due and earlier >= 0 and (plan.opened[a, earlier] >= 0):
                    _, _, certified, capacity = zone_state(w, a, earlier)
                    due = site.gate_met(certified, capacity, plan.zones[z].gate_certified, plan.zones[z].gate_capacity)
                    if due and plan.zones[z].gate_outcome >= 0.0:
                        seen = benefit_shown(w, families, p, now, (a, earlier))
                        due = site.outcome_met(seen, plan.zones[z].gate_outcome)
            if due and w.areas[a].year_short == 0:
                plan.opened[a, z] = now.month
                for i in range(w.areas[a].first_site, w.areas[a].last_site):
                    if w.sites[i].zone == z and w.sites[i].stage == site.NOT_ENGAGED:
                        w.sites[i].stage = site.EXPLORATION
