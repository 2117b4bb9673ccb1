"""Teams take shape, as docs/odd.md tells it (5.2, 7.4): places, members, core teams founded later, zones' levers."""

from __future__ import annotations

import plain_rules as rules
from plain_arithmetic import clip, either, mean, share

BY_ZONE = ("coaching", "external_level", "local_team_size")


def levers_by_zone(zones, levers):
    """What each zone states, else the area's; the last is what is outside."""
    stated = [{name: getattr(zone, name) for name in BY_ZONE} for zone in zones]
    return [{n: levers[n] if v is None else v for n, v in one.items()} for one in [*stated, dict.fromkeys(BY_ZONE)]]


def change_lever(area, name, value, zone):
    """An event sets a lever: in one zone, or (-1) everywhere."""
    if zone < 0:
        area["levers"][name] = area["chosen"][name] = value
    if name in BY_ZONE:
        for z, levers in enumerate(area["by_zone"]):
            if zone in (-1, z):
                levers[name] = value


def places_of(team, area, p):
    if team["core"]:
        return (
            team["own_size"]
            if team["own_size"] > 0
            else max(1, int(area["levers"]["core_team_size"]) // team["sharing"])
        )
    size = int(area["by_zone"][team["zone"]]["local_team_size"])
    return max(1, min(team["staff"], size), int(team["staff"] / p["staff_per_member"]))


def gather(team, area, p, *, at_work):
    team["places"] = places_of(team, area, p)
    team["members"] = 1 if p["recruit_months"] > 0 and not at_work else team["places"]
    team["recruiting"] = team["places"] - team["members"]
    share_out(team)


def share_out(team):
    if team["core"]:
        team["agencies"] = min(team["most_agencies"], team["places"])


def shape(w, p, month):
    for team in w["teams"]:
        area = w["areas"][team["area"]]
        if team["founded"] == month:
            found(w, team, area, p)
        elif team["formed"]:
            resize(team, places_of(team, area, p), p)


def found(w, team, area, p):
    handed = p["handed_on"] * area["playbook"] * area["levers"]["mentoring"]
    team.update(formed=True, capacity=either(p["capacity_start_core"], handed))
    gather(team, area, p, at_work=False)
    for i in team["taken"]:
        site = w["sites"][i]
        site["core"] = team
        if site["local"]:
            site["local"]["parent"] = w["teams"].index(team)


def resize(team, places, p):
    more, team["places"] = places - team["places"], places
    if more > 0:
        team["recruiting" if p["recruit_months"] > 0 else "members"] += more
    while team["members"] > places:
        team["capacity"] = rules.capacity_after_leaving(team, p)
        team["members"] -= 1
    team["recruiting"] = min(team["recruiting"], places - team["members"])
    share_out(team)


def sharing(w):
    """Core teams at work in all areas, and external teams that share them."""
    return len(at_work(w["cores"])), w["areas"][0]["levers"]["external_teams"]


def at_work(cores):
    return [core for core in cores if core["formed"]]


def support_from_outside(w, month):
    for area in w["areas"]:
        lv = area["levers"]
        there = lv["external_start"] <= month < lv["external_end"] and area["support_ended"] < 0
        years = (month - lv["external_start"]) / 12
        taper = (1 - lv["external_taper"]) ** years if there else 0.0
        area["external"] = lv["external_level"] * taper
        cores = [core for core in w["cores"] if core["area"] == area["index"]]
        for core in cores:
            core["external"] = level_for(core, area) * taper
        more = mean(core["external"] - area["external"] for core in at_work(cores))
        area["external"] = clip(area["external"] + more)


def level_for(core, area):
    met = [s for s in area["sites"] if s["core"] is core and s["stage"] > 0 and s["given_up"] < 0]
    level = area["levers"]["external_level"]
    more = sum(len(s["staff"]) * (area["by_zone"][s["zone"]]["external_level"] - level) for s in met)
    return clip(level + share(more, sum(len(s["staff"]) for s in met)))


def fills_a_place(team, p):
    """Hazard."""
    if team["recruiting"] > 0 and p["recruit_months"] > 0:
        return team["released"] * team["recruiting"] / p["recruit_months"]
    return team["released"] / p["refill_months"]
