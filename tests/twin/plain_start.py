"""The population and its first states, as docs/odd.md describes them (2, 5.3): one dict an agent, lists of them."""

from __future__ import annotations

from math import isnan, nan

import plain_budget as budget
import plain_rules as rules
import plain_surroundings as around_teams
import plain_teams as shaping
from plain_arithmetic import around, clip

from sim.parameters import Levers

NEW_FAMILY = {"path": 0, "reached": False, "at_fidelity": False, "benefit": 0, "gave_up": False, "mistaken": False,
              "completed": False, "benefit_completed": 0}  # fmt: skip
ONCE = ("ever", "reached", "at_fidelity", "benefit", "gave_up", "mistaken", "completed", "benefit_completed")

NOT_ENGAGED, EXPLORATION, INSTALLATION, INITIAL, FULL, NOT_SUSTAINED = range(6)
SENIOR, OPERATIONAL, MANAGER = range(3)


def people_of(setup):
    """Everybody with their traits, from the prepared arrays; nothing drawn yet."""
    place, teams, course = setup.place, setup.teams, setup.course
    levers = dict(zip(Levers._fields, setup.levers.tolist(), strict=True))
    w = {
        "setup": setup,
        "leaders": [leader_of(place, i) for i in range(len(place.leader_id))],
        "teams": [team_of(teams, t) for t in range(len(teams.area))],
        "people": [person_of(place, j) for j in range(len(place.person_id))],
        "families": [
            {"id": int(i), "person": int(j), "fifth": int(f)}
            for i, j, f in zip(place.family_id, place.family_person, place.family_fifth, strict=True)
        ],
        "cost_zone": [[0.0, 0.0] for _ in range(len(course.opens) + 1)],
        "cost_agency": [[[0.0, 0.0] for _ in range(max(1, -(-setup.months // 12)))] for _ in range(6)],
    }
    w["sites"] = [site_of(setup, w, i) for i in range(len(place.site_id))]
    w["areas"] = [area_of(setup, w, a, dict(levers)) for a in range(len(place.area_id))]
    for t, team in enumerate(w["teams"]):
        index = teams.site_index[teams.site_ptr[t] : teams.site_ptr[t + 1]]
        team["sites"] = [w["sites"][i] for i in index.tolist()]
    for person, partners in zip(w["people"], setup.partners.tolist(), strict=True):
        person["partners"] = [k for k in partners if k >= 0]
    w["cores"] = w["teams"][: teams.core_count]
    w["locals"] = w["teams"][teams.core_count :]
    return w


def leader_of(place, i):
    areas = place.leader_area_index[place.leader_area_ptr[i] : place.leader_area_ptr[i + 1]].tolist()
    return {
        "id": int(place.leader_id[i]),
        "level": int(place.leader_level[i]),
        "agency": int(place.leader_agency[i]),
        "site": int(place.leader_site[i]),
        "given": float(place.leader_commitment[i]),
        "areas": areas,
        "engaged": 0.0,
        "in_post_since": -24,
    }


def team_of(teams, t):
    names = ("area", "parent", "zone", "own_size", "sharing", "agencies", "staff", "id", "founded")
    team = {name: int(getattr(teams, name)[t]) for name in names}
    return team | {
        "core": t < teams.core_count,
        "most_agencies": int(teams.agencies[t]),
        "taken": teams.taken_index[teams.taken_ptr[t] : teams.taken_ptr[t + 1]].tolist(),
        "committee": bool(teams.committee[t]),
        "resources": float(teams.resources[t]),
        "given": float(teams.capacity[t]),
        **dict.fromkeys(("attention", "needed", "available", "released", "external"), 0.0),
    }


def person_of(place, j):
    return {
        "id": int(place.person_id[j]),
        "care": bool(place.person_care[j]),
        "given": float(place.person_readiness[j]),
        "ties": place.tie_index[place.tie_ptr[j] : place.tie_ptr[j + 1]].tolist(),
        "best": 0.0,
    }


def site_of(setup, w, i):
    place, teams = setup.place, setup.teams

    def leader(index):
        return w["leaders"][index] if index >= 0 else None

    def team(index):
        return w["teams"][index] if index >= 0 else None

    return {
        "id": int(place.site_id[i]),
        "area": int(place.site_area[i]),
        "agency": int(place.site_agency[i]),
        "secondary": bool(place.site_secondary[i]),
        "deprivation": float(place.site_deprivation[i]),
        "manager": leader(place.site_manager[i]),
        "operational": leader(place.site_operational[i]),
        "senior": leader(place.site_senior[i]),
        "zone": int(setup.course.site_zone[i]),
        "local": team(teams.of_site[i]),
        "core": team(teams.core_of_site[i]),
        "staff": w["people"][place.staff_ptr[i] : place.staff_ptr[i + 1]],
        "families": w["families"][place.family_ptr[i] : place.family_ptr[i + 1]],
        "given_stage": int(place.site_stage[i]),
        "given_fidelity": float(place.site_fidelity[i]),
        "given_using": float(place.site_using[i]),
        **dict.fromkeys(("install", "cycle", "able", "dose"), 0.0),
        **dict.fromkeys(("cycles", "idle", "streak", "certified", "ever_certified", "trained_now", "users"), 0),
        "coached": 0,
        **dict.fromkeys(("started", "month_initial", "month_full", "month_certified"), -1),
        **dict.fromkeys(("given_up", "month_given_up", "month_returned"), -1),
        "trust": 1.0,
        **dict.fromkeys(("assessed_share", "assessed_fidelity", "assessed_capacity"), nan),
        "certified_at_36": -1,
        "certified_at_end": 0,
        "kept": -1,
        "marked": {},
    }


def area_of(setup, w, a, levers):
    place, course = setup.place, setup.course
    seniors = [w["leaders"][i] if i >= 0 else None for i in place.area_senior[a].tolist()]
    return {
        "index": a,
        "levers": levers,
        "seniors": seniors,
        "has_group": bool(place.area_group[a]),
        "chair": w["leaders"][place.area_chair[a]] if place.area_chair[a] >= 0 else None,
        "id": int(place.area_id[a]),
        "queue_ids": [int(q) for q in place.queue_id[a]],
        "queue": [0] * 6,
        "sites": [s for s in w["sites"] if s["area"] == a],
        "blocked": [bool(b) for b in course.blocked[a]],
        "similarity": course.similarity[a].tolist(),
        "opened": [-1] * len(course.opens),
        "happened": set(),
        "usability": levers["usability_start"],
        **dict.fromkeys(("playbook", "round_progress", "group", "work", "visible", "external", "in_use"), 0.0),
        **dict.fromkeys(("rounds", "raised", "removed"), 0),
        "support_ended": -1,
        "by_zone": shaping.levers_by_zone(setup.scenario.zones, levers),
    }


def first_states(w, p, luck):
    for area in w["areas"]:
        area["system_barrier"] = p["system_barrier"]
    for leader in w["leaders"]:
        drawn = around(p["commitment_mean"], p["commitment_spread"], luck("baseline", leader["id"]))
        leader["baseline"] = drawn if isnan(leader["given"]) else leader["given"]
        leader["commitment"] = leader["baseline"]
    for team in w["teams"]:
        known = not isnan(team["given"])
        new = p["capacity_start_core"] if team["core"] else p["capacity_start_local"]
        team["capacity"] = team["given"] if known else new
        team["formed"] = (team["core"] and team["founded"] < 0) or known
        team["generation"] = int(known and not team["core"])
        shaping.gather(team, w["areas"][team["area"]], p, at_work=known)
    for site in w["sites"]:
        first_state_of_site(site, w["areas"][site["area"]], p, luck)
        for person in site["staff"]:
            first_state_of_person(person, site, w["areas"][site["area"]], p, luck)
        site["users"] = sum(person["using"] for person in site["staff"])
        site["norm"] = rules.norm_of(site)
    for family in w["families"]:
        need = luck("in need on the first day", family["id"]) < p[f"need_fifth{family['fifth'] + 1}"]
        family.update(NEW_FAMILY, need=need, ever=need, earlier=[])
    for area in w["areas"]:
        around_teams.begin(area, area["levers"])
        budget.begin(area, w["setup"].course)
        area["needy_at_first"] = sum(f["need"] for site in area["sites"] for f in site["families"])


def first_state_of_site(site, area, p, luck):
    site["barrier"] = around(p["barrier_mean"], p["barrier_spread"], luck("barriers at first", site["id"]))
    site["barrier_start"] = site["barrier"]
    site["readiness"] = around(p["readiness_mean"], p["readiness_spread"], luck("readiness of staff", site["id"]))
    site["level"] = around(p["level_mean"], p["level_spread"], luck("level of skill of staff", site["id"]))
    site["stage"] = max(site["given_stage"], NOT_ENGAGED)
    if site["stage"] >= INITIAL:
        site["started"] = site["month_initial"] = 0
    if site["stage"] == FULL:
        site["month_full"] = 0
        site["streak"] = 1
    if site["stage"] >= INSTALLATION and site["local"]:
        site["local"].update(formed=True, generation=1)
        shaping.gather(site["local"], area, p, at_work=True)


def first_state_of_person(person, site, area, p, luck):
    me = person["id"]
    person["level"] = around(site["level"], p["level_spread"], luck("own level of skill", me))
    drawn = around(site["readiness"], p["readiness_spread"], luck("own readiness", me))
    person["readiness"] = drawn if isnan(person["given"]) else person["given"]
    usual = 1.0 if site["stage"] in (INITIAL, FULL) else 0.0
    using = usual if isnan(site["given_using"]) else site["given_using"]
    person["using"] = luck("uses it on the first day", me) < using
    person["ever_used"] = person["using"]
    person["trained"] = site["stage"] >= INITIAL
    person["aware"] = person["using"] or person["trained"]
    person["skill"] = person["fidelity"] = 0.0
    person["taught"] = 0
    if person["using"]:
        person["skill"] = rules.unaided(person["level"], p)
        if not isnan(site["given_fidelity"]):
            room = rules.room(person["level"], site, area, p)
            person["skill"] = clip(site["given_fidelity"] / room) if room > 0 else 0.0
        person["fidelity"] = person["skill"] * rules.room(person["level"], site, area, p)
