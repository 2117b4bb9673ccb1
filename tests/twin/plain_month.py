"""The model a second time, from docs/odd.md alone: dicts and lists, no numpy, no rule or phase of the project's own.

Uses the project only for what comes before the first month: the prepared arrays and the parameters' values.
"""

from __future__ import annotations

from math import isnan

import plain_budget as budget
import plain_joining as joining
import plain_rules as rules
import plain_surroundings as around_teams
import plain_teams as shaping
from plain_arithmetic import Luck, clip, either, hazard_of_yearly, mean, prob, share
from plain_count import assess_and_restage, book_cost, count
from plain_practice import practise, serve_families
from plain_start import (
    EXPLORATION,
    FULL,
    MANAGER,
    NOT_ENGAGED,
    SENIOR,
    first_states,
    people_of,
)


def simulate(setup, p, seed, replicate=0):
    """One replicate: the world at its end and a row of counts for each month."""
    luck, w, rows = Luck(seed, replicate), people_of(setup), []
    for month in range(setup.months + 1):
        luck.month = month
        if month == 0:
            first_states(w, p, luck)
        plan(w, p, luck, month)
        if month > 0:
            support_cascade(w, p, luck, month)
            move_leaders(w, p, luck, month)
            improve(w, p, luck)
            practise(w, p, luck)
            serve_families(w, p, luck)
            assess_and_restage(w, p, luck, month)
            book_cost(w, p, month)
        rows.append(count(w, p))
    return w, rows


# 7.3 plan


def plan(w, p, luck, month):
    course = w["setup"].course
    for e in range(len(course.event_month)):
        for area in w["areas"]:
            if e not in area["happened"] and falls_due(w, area, course, e, month):
                area["happened"].add(e)
                happen(w, area, course, e, p, luck, month)
    for area in w["areas"]:
        if course.external_end == month and area["support_ended"] < 0:
            area["support_ended"] = month
    gather_groups(w, p, month)
    around_teams.read_month(w, month)
    remember_certified(w, month)
    if month > 0:
        budget.open_month(w, p, month)
        for area in w["areas"]:
            area["in_use"] = rules.share_in_use(area["sites"])
        for site in w["sites"]:
            joining.reconsider(w, site, p, luck, month)
        for site in w["sites"]:
            joining.advance(w, site, p, luck, month)
    for area in w["areas"]:
        open_zones(area, w["setup"], p, luck, month)
    shaping.shape(w, p, month)


def falls_due(w, area, course, e, month):
    if course.event_month[e] >= 0:
        return course.event_month[e] == month
    zone = course.event_zone[e]
    sites = [s for s in area["sites"] if zone < 0 or s["zone"] == zone]
    measure = ("full_share", "certified_share", "capacity_core", "capacity_local")[course.event_measure[e]]
    values = {
        "full_share": mean(s["stage"] == FULL for s in sites),
        "certified_share": mean(s["certified"] for s in sites),
        "capacity_local": assessed_capacity(sites),
        "capacity_core": core_capacity(w, area),
    }
    return values[measure] >= course.event_threshold[e]


def assessed_capacity(sites):
    return mean(s["assessed_capacity"] for s in sites if s["started"] >= 0 and not isnan(s["assessed_capacity"]))


def cores_of(w, area):
    return [team for team in shaping.at_work(w["cores"]) if team["area"] == area["index"]]


def core_capacity(w, area):
    return mean(team["capacity"] for team in cores_of(w, area))


def happen(w, area, course, e, p, luck, month):
    names = list(area["levers"])
    for k in range(course.event_ptr[e], course.event_ptr[e + 1]):
        name, value = names[course.event_lever[k]], float(course.event_value[k])
        shaping.change_lever(area, name, value, course.event_where[k])
    for leader in w["leaders"]:
        gone = leader["level"] == course.event_leaves[e] and area["index"] in leader["areas"]
        gone = gone and course.event_agency[e] in (-1, leader["agency"])
        if gone and leader["in_post_since"] != month:
            succeed(leader, p, luck, month)
    if course.event_withdraws[e] and area["support_ended"] < 0:
        area["support_ended"] = month


def succeed(leader, p, luck, month):
    old = leader["baseline"]
    centre = p["commitment_mean"] + p["correlation"] * (old - p["commitment_mean"])
    leader["baseline"] = clip(centre + p["commitment_spread"] * (2 * luck("successor", leader["id"]) - 1))
    leader["commitment"] = rules.successor_commitment(leader["baseline"], leader["commitment"], old, p)
    leader["in_post_since"] = month


def gather_groups(w, p, month):
    for area in w["areas"]:
        members = [leader["commitment"] for leader in area["seniors"] if leader]
        area["group"] = 0.0
        if members and area["has_group"]:
            in_post = month - area["chair"]["in_post_since"]
            area["group"] = rules.group_commitment(mean(members), min(members), in_post, p)


def remember_certified(w, month):
    for site in w["sites"]:
        ended = w["areas"][site["area"]]["support_ended"]
        if ended == month:
            site["certified_at_end"] = site["certified"]
            site["kept"] = -2 if site["certified"] else -1
        elif ended >= 0 and month == ended + 60 and site["certified_at_end"]:
            site["kept"] = site["certified"]


def open_zones(area, setup, p, luck, month):
    course, zones = setup.course, setup.scenario.zones
    for z in range(len(area["opened"])):
        if area["opened"][z] >= 0 or area["blocked"][z]:
            continue
        if course.opens[z] >= 0:
            due = month >= course.opens[z]
        else:
            due = course.latest[z] >= 0 and month >= course.latest[z]
            earlier = int(course.gate_of[z])
            if earlier >= 0 and area["opened"][earlier] >= 0:
                there = [s for s in area["sites"] if s["zone"] == earlier]
                started = [s for s in there if s["started"] >= 0]
                certified, capacity = course.gate[z]
                enough = mean(s["certified"] for s in started) >= certified
                enough = enough and assessed_capacity(started) >= capacity
                asked = zones[z].gate.outcome
                if enough and asked is not None:
                    error = luck("error in outcome data", area["id"], earlier)
                    error += luck("second error in outcome data", area["id"], earlier)
                    enough = around_teams.benefit_shown(there, error, asked, p)
                due = due or enough
        if due and not area["year_short"]:
            area["opened"][z] = month
            for site in area["sites"]:
                if site["zone"] == z and site["stage"] == NOT_ENGAGED:
                    site["stage"] = EXPLORATION


# 7.4 support cascade


def support_cascade(w, p, luck, month):
    shaping.support_from_outside(w, month)
    for team in w["teams"]:
        release_time(team, w["areas"][team["area"]], p, month)
    budget.share_means(w, p, month)
    divide_attention(w, p)
    grow(w, p)
    for team in w["teams"]:
        if team["formed"]:
            change_members(team, w["areas"][team["area"]]["levers"], p, luck)
    around_teams.buy_help(w, p)
    reach_sites(w, p)


def divide_attention(w, p):
    for core in w["cores"]:
        external = rules.external_attention(core["external"], *shaping.sharing(w), p)
        hands = rules.hands(core, p) if core["formed"] else 0.0
        core["available"] = p["span"] * (core["capacity"] + external) * hands / 5
        core["available"] *= around_teams.attention_kept(w["areas"][core["area"]]["levers"], p)
        core["needed"] = 0.0
    for site in w["sites"]:
        if site["core"] and site["stage"] == EXPLORATION:
            site["core"]["needed"] += p["explore_need"] * rules.people_to_support(len(site["staff"]), p)
        elif site["core"] and not site["local"] and rules.takes_part(site):
            site["core"]["needed"] += rules.people_to_support(len(site["staff"]), p)
    for team in w["locals"]:
        if team["formed"]:
            core = w["teams"][team["parent"]]
            core["needed"] += rules.place_needed(team, p) * rules.people_to_support(rules.people_served(team), p)
            if team["capacity"] >= p["capacity_criterion"]:
                mentoring = w["areas"][team["area"]]["levers"]["mentoring"]
                core["available"] += p["mentor_places"] * team["capacity"] * mentoring
    for core in w["cores"]:
        core["attention"] = min(1.0, core["available"] / core["needed"]) if core["needed"] > 0 else 0.0


def release_time(team, area, p, month):
    if team["core"]:
        manager = area["group"]
        senior = mean(rules.would_release(leader, month, p) for leader in area["seniors"] if leader)
    else:
        manager = mean(rules.would_release(site["manager"], month, p) for site in rules.served(team))
        leader = team["sites"][0]["senior"]
        senior = rules.would_release(leader, month, p) if leader else manager
    time = rules.released(manager, senior, around_teams.budget(area))
    team["released"] = around_teams.time_they_have(time, area["levers"])


def grow(w, p):
    grown = []
    for team in w["teams"]:
        area = w["areas"][team["area"]]
        if not team["formed"]:
            continue
        if team["core"]:
            peers = 0.0
            external = rules.external_attention(team["external"], *shaping.sharing(w), p)
            given = rules.given_to_core(team, external, p)
        else:
            others = [t for t in w["locals"] if t["formed"] and t is not team and t["area"] == team["area"]]
            peers = mean(t["capacity"] for t in others)
            given = rules.given_to_local(w["teams"][team["parent"]]["attention"], p)
        support = rules.supported(given, peers, team, area["levers"], p)
        grown.append((team, rules.next_capacity(team["capacity"], support, team["released"], p)))
    for team, capacity in grown:
        team["capacity"] = capacity


def change_members(team, levers, p, luck):
    hazard = hazard_of_yearly(p["member_turnover"]) * team["members"] * levers["turnover_factor"]
    if luck("member leaves", team["id"]) < prob(hazard):
        team["capacity"] = rules.capacity_after_leaving(team, p)
        team["members"] -= 1
    else:
        found = luck("place is filled", team["id"]) < prob(shaping.fills_a_place(team, p))
        if found and team["members"] < team["places"]:
            team["members"] += 1
            team["recruiting"] = max(0, team["recruiting"] - 1)


def reach_sites(w, p):
    chosen = [s for s in w["sites"] if rules.takes_part(s)]
    for site in w["sites"]:
        site["able"], site["dose"], site["service"] = 0.0, 0.0, 1.0
    for site in chosen:
        levers = w["areas"][site["area"]]["levers"]
        coaching = w["areas"][site["area"]]["by_zone"][site["zone"]]["coaching"]
        local, core = site["local"], site["core"]
        if local:
            site["able"] = local["capacity"]
            site["dose"] = rules.dose(coaching, local, rules.people_served(local), p)
            site["service"] = around_teams.service_left(
                site, levers, rules.hands(local, p) / rules.people_served(local), p
            )
        elif core:
            staff = sum(len(s["staff"]) for s in chosen if s["core"] is core and not s["local"])
            site["able"] = core["capacity"] * core["attention"]
            site["dose"] = rules.dose(coaching, core, staff, p)
    for site in chosen:
        if site["started"] >= 0:
            site["dose"] = either(site["dose"], rules.head_leads(site, p))
    for site in w["sites"]:
        site["dose"] = either(site["dose"], w["areas"][site["area"]]["bought"])


# 7.5 leaders


def engagement_of(leader, w):
    """How far a leader is engaged, and what that moves, if all of it is paid."""
    met, felt = [], []
    for a in leader["areas"]:
        area = w["areas"][a]
        lv, senior = area["levers"], leader["level"] == SENIOR
        own = lv["engagement_senior"] if senior else lv["engagement_manager"]
        met.append(either(own, lv["engagement_group"] if senior else 0.0) * area["work"])
        felt.append(around_teams.felt(met[-1], area))
    if leader["level"] == MANAGER and not rules.can_be_engaged(w["sites"][leader["site"]]):
        return 0.0, 0.0
    return mean(met), mean(felt)


def move_leaders(w, p, luck, month):
    for area in w["areas"]:
        started = [s for s in area["sites"] if s["started"] >= 0]
        full = sum(s["stage"] == FULL for s in started)
        area["visible"] = area["levers"]["communication"] * share(full, len(started))
        there = bool(cores_of(w, area))
        area["work"] = either(core_capacity(w, area), area["external"]) if there else 0.0
    budget.share_hours(w, lambda leader: engagement_of(leader, w)[0], p)
    for leader in w["leaders"]:
        areas = [w["areas"][a] for a in leader["areas"]]
        paid = budget.least_paid(leader, w)
        leader["engaged"], moved = (paid * one for one in engagement_of(leader, w))
        factor = mean(area["levers"]["turnover_factor"] for area in areas)
        newly = leader["in_post_since"] == month
        if not newly and luck("leader leaves", leader["id"]) < prob(hazard_of_yearly(p["turnover"]) * factor):
            succeed(leader, p, luck, month)
        else:
            pulled = mean(area["load"][leader["agency"]] * (1 - area["aligned"]) for area in areas)
            leader["commitment"] = rules.next_commitment(leader, moved, mean(a["visible"] for a in areas), pulled, p)
    gather_groups(w, p, month)
    around_teams.relate(w, p, month)


# 7.6 improvement


def improve(w, p, luck):
    before = [area["system_barrier"] for area in w["areas"]]
    for area in w["areas"]:
        decide(area, p, luck)
    for site in w["sites"]:
        area = w["areas"][site["area"]]
        if site["started"] >= 0 and site["able"] > 0:
            lag = around_teams.lag_of(area["levers"], site["agency"], p)
            site["cycle"] += around_teams.cycles_run(site, area) / rules.cycle_length(lag, p)
            if site["cycle"] >= 1:
                complete_cycle(site, area, before[site["area"]], p, luck)
        site["barrier"] += p["barrier_return"] * (site["barrier_start"] - site["barrier"])
    for area in w["areas"]:
        if rules.testable(area["sites"], p) and area["work"] > 0 and area["rounds"] < p["usability_rounds"]:
            area["round_progress"] += area["levers"]["usability_testing"] / p["usability_months"]
            if area["round_progress"] >= 1:
                area["round_progress"] -= 1
                area["rounds"] += 1
                area["usability"] += p["usability_gain"] * area["work"] * (1 - area["usability"])
        area["system_barrier"] += p["system_return"] * (p["system_barrier"] - area["system_barrier"])


def decide(area, p, luck):
    relaxed = [around_teams.latitude_of(area, month)[0] for month in area["opened"]]
    ease = rules.ease(any(relaxed), around_teams.latitude_of(area, -1)[1], p)
    for q in range(6):
        senior = area["seniors"][q] if q < 5 else None
        c = senior["commitment"] if senior else area["group"]
        chance = area["levers"]["communication"] * c
        if area["queue"][q] and luck("barrier is decided on", area["queue_ids"][q]) < chance:
            area["queue"][q] -= 1
            area["removed"] += 1
            area["system_barrier"] *= 1 - clip(p["system_removal"] * ease)


def complete_cycle(site, area, before, p, luck):
    site["cycle"] -= 1
    site["cycles"] += 1
    quality = rules.quality(area["levers"], site["agency"], p)
    opened = area["opened"][site["zone"]] if site["zone"] < len(area["opened"]) else -1
    ease = rules.ease(*around_teams.latitude_of(area, opened), p)
    site["barrier"] *= 1 - clip(p["cycle_removal"] * site["able"] * quality * ease)
    area["playbook"] += p["playbook_cycle"] * site["able"] * quality * (1 - area["playbook"])
    c = (site["operational"] or site["manager"])["commitment"]
    every = luck("barrier needs every agency", site["id"]) < p["cross_agency"]
    raised = p["raise_barrier"] * c * min(1.0, before / p["system_barrier"])
    if luck("meets a barrier beyond", site["id"]) < raised * (area["surfaces"] if every else 1):
        area["queue"][5 if every else site["agency"]] += 1
        area["raised"] += 1
