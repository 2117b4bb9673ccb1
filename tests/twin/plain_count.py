"""Cost, assessment and what is counted, as docs/odd.md describes them (7.9 to 7.11)."""

from __future__ import annotations

from math import isnan, nan

import plain_budget as budget
import plain_rules as rules
import plain_surroundings as around_teams
import plain_teams as shaping
from plain_arithmetic import mean, prob, with_error
from plain_start import EXPLORATION, FULL, INITIAL, INSTALLATION, MANAGER, NOT_ENGAGED, NOT_SUSTAINED, SENIOR

STAGE_NAMES = ("not_engaged", "exploration", "installation", "initial", "full", "not_sustained")
CASH, TIME = 0, 1
EXTERNAL = 5


# 7.9 cost


def book_cost(w, p, month):
    year = max(0, (month - 1) // 12)

    def charge(area, zones, agency, cash, time):
        """`zones`: part of the amount by zone."""
        for column, amount in ((CASH, cash), (TIME, time)):
            w["cost_agency"][agency][year][column] += amount
            for payer in (agency, budget.WHOLE):
                area["left"][payer][column] -= amount
            for zone, part in zones.items():
                w["cost_zone"][zone][column] += amount * part

    parts = [parts_of(area) for area in w["areas"]]
    for site in w["sites"]:
        area = w["areas"][site["area"]]
        for cash, time in site_bills(site, area, p):
            charge(area, {site["zone"]: 1.0}, site["agency"], cash, time)
        site["trained_now"] = 0
    for team in w["teams"]:
        if team["formed"]:
            area, lv = w["areas"][team["area"]], w["areas"][team["area"]]["levers"]
            cash, time = budget.team_bill(
                team, team["members"], team["released"], team["paid"] * lv["new_posts"], lv, p
            )
            time += budget.team_hours(team, team["members"], lv, w, p) * p["staff_hour"]
            n = len(budget.payers(team))
            for k, agency in enumerate(budget.payers(team)):
                zones = parts[team["area"]] if team["core"] else {rules.served(team)[k]["zone"]: 1.0}
                charge(area, zones, agency, cash / n, time / n)
            if team["core"]:
                given = rules.external_attention(team["external"], *shaping.sharing(w), p)
                charge(area, parts[team["area"]], EXTERNAL, p["external_cash"] * given, 0.0)
    for a, area in enumerate(w["areas"]):
        for agency, cash, time in budget.area_bills(area, w, area["levers"], area["least"][1], p):
            charge(area, parts[a], agency, cash, time)
    for leader in w["leaders"]:
        time = p["leader_hours"] * p["staff_hour"] * leader["engaged"]
        if leader["level"] == MANAGER:
            site = w["sites"][leader["site"]]
            charge(w["areas"][site["area"]], {site["zone"]: 1.0}, leader["agency"], 0.0, time)
        for a in leader["areas"] if leader["level"] != MANAGER else ():
            charge(w["areas"][a], parts[a], leader["agency"], 0.0, time / len(leader["areas"]))


def site_bills(site, area, p):
    """Cash and time of a site this month."""
    hour, trained = p["staff_hour"], site["trained_now"]
    yield p["training_cash"] * trained, p["training_hours"] * hour * trained
    yield 0.0, p["coaching_hours"] * hour * site["coached"] * site["dose"]
    yield around_teams.cost_of_help(site, area, p)
    if site["started"] >= 0 and site["able"] > 0:
        yield budget.data_bill(site, area["chosen"], p) * area["least"][0], 0.0
    yield 0.0, budget.site_hours(site, area["levers"], p) * hour


def parts_of(area):
    """Each zone's part of what is common to the area."""
    taking_part = [site["zone"] for site in area["sites"] if site["stage"] != NOT_ENGAGED]
    if not taking_part:
        return {0: 1.0}
    return {zone: taking_part.count(zone) / len(taking_part) for zone in set(taking_part)}


# 7.10 assessment, stages, certification


def assess_and_restage(w, p, luck, month):
    for site in w["sites"]:
        if site["started"] < 0:
            continue
        e = month - site["started"]
        due = e > 0 and e % int(p["assess_months"]) == 0
        assessed = due and assess(site, w["areas"][site["area"]]["levers"], e, p, luck)
        restage(site, assessed, p, month)
        if e == 36:
            site["certified_at_36"] = site["certified"]


def assess(site, levers, e, p, luck):
    chance = min(1.0, p["assess_sample"] / len(site["staff"]))
    observed = [person for person in site["staff"] if luck("is observed", person["id"]) < chance]
    if not observed:
        return False
    seen = []
    for person in observed:
        if person["using"]:
            u, v = luck("error of observation", person["id"]), luck("second error of observation", person["id"])
            told = around_teams.told(person["fidelity"], levers, p)
            seen.append(with_error(told, p["assess_error"], u, v))
    site["assessed_share"] = sum(f >= p["fidelity_criterion"] for f in seen) / len(observed)
    site["assessed_fidelity"] = mean(seen) if seen else nan
    u, v = luck("error in capacity", site["id"]), luck("second error in capacity", site["id"])
    site["assessed_capacity"] = with_error(around_teams.told(site["able"], levers, p), p["assessment_error"], u, v)
    u, v = luck("error in data use", site["id"]), luck("second error in data use", site["id"])
    use = rules.quality(levers, site["agency"], p) * site["able"] * levers["improvement_cycles"]
    if e in (12, 24, 36, 60):
        site["marked"][e] = (
            site["assessed_fidelity"],
            site["assessed_capacity"],
            with_error(use, p["assessment_error"], u, v),
            len(seen) / len(observed),
        )
    return True


def restage(site, assessed, p, month):
    site["idle"] = 0 if site["users"] else site["idle"] + 1
    if site["idle"] >= 6:
        site["stage"], site["streak"] = NOT_SUSTAINED, 0
    elif site["users"] and site["stage"] in (INSTALLATION, NOT_SUSTAINED) and site["given_up"] < 0:
        site["stage"] = INITIAL
        first(site, "month_initial", month)
    if assessed and site["stage"] in (INITIAL, FULL):
        if site["assessed_share"] >= p["full_share"]:
            site["stage"] = FULL
            site["streak"] += 1
            first(site, "month_full", month)
        else:
            site["stage"], site["streak"] = INITIAL, 0
    site["certified"] = int(site["streak"] >= 2)
    if site["certified"]:
        site["ever_certified"] = 1
        first(site, "month_certified", month)


def first(site, name, month):
    if site[name] < 0:
        site[name] = month


# 7.11 what is counted


def count(w, p):
    zones = range(len(w["cost_zone"]))
    by_zone = []
    for z in zones:
        sites = [s for s in w["sites"] if s["zone"] == z]
        people = [person for site in sites for person in site["staff"]]
        cash, time = w["cost_zone"][z]
        by_zone.append(count_sites(sites) | count_people(people, p) | {"cost_cash": cash, "cost_released_time": time})
    families = [
        [
            count_families([f for s in w["sites"] if s["zone"] == z for f in s["families"] if f["fifth"] == k])
            for k in range(5)
        ]
        for z in zones
    ]
    for z in zones:
        for k in range(5):
            before = w["families_before"][z][k] if "families_before" in w else None
            families[z][k]["gain_fading"] = fading(families[z][k], before, p)
    w["families_before"] = families
    return {
        "zones": by_zone,
        "families": families,
        "governance": governance(w),
        "sites": [month_of(s, w, p) for s in w["sites"]],
    }


def month_of(site, w, p):
    """A site's month, as the diaries write it down; and who uses the practice there."""
    area, core = w["areas"][site["area"]], site["core"]
    own = site["able"] > 0 and area["by_zone"][site["zone"]]["coaching"] > 0
    waits_or_takes_part = site["stage"] != NOT_ENGAGED and site["given_up"] < 0
    return {
        "stage": site["stage"],
        "users": sum(x["using"] for x in site["staff"]),
        "at_fidelity": sum(x["using"] and x["fidelity"] >= p["fidelity_criterion"] for x in site["staff"]),
        "fidelity": sum(x["fidelity"] for x in site["staff"]),
        "capacity": site["able"],
        "attention": core["attention"] if core and waits_or_takes_part else 0.0,
        "commitment": site["manager"]["commitment"],
        "given_up": int(site["month_given_up"] >= 0),
        "returned": int(site["month_returned"] >= 0),
        "coached": own or area["bought"] > 0,
        "using": [bool(x["using"]) for x in site["staff"]],
    }


def generation_of(site):
    """How many teams lie between a site and the external supporters."""
    if site["stage"] in (NOT_ENGAGED, EXPLORATION):
        return 0
    return site["local"]["generation"] if site["local"] else int(bool(site["core"]))


def count_sites(sites):
    known = [s["assessed_fidelity"] for s in sites if not isnan(s["assessed_fidelity"])]
    teamed = [s["local"]["capacity"] for s in sites if s["local"] and s["local"]["formed"]]
    return {f"sites_{name}": sum(s["stage"] == k for s in sites) for k, name in enumerate(STAGE_NAMES)} | {
        "sites": len(sites),
        "sites_started": sum(s["started"] >= 0 for s in sites),
        "sites_certified": sum(s["certified"] for s in sites),
        "sites_ever_certified": sum(s["ever_certified"] for s in sites),
        "cycles": sum(s["cycles"] for s in sites),
        "sites_assessed": len(known),
        "fidelity_assessed": sum(known),
        "barrier_local": sum(s["barrier"] for s in sites),
        "teams_local": len(teamed),
        "capacity_local": sum(teamed),
    }


def count_people(people, p):
    return {
        "practitioners": len(people),
        "practitioners_aware": sum(x["aware"] for x in people),
        "practitioners_trained": sum(x["trained"] for x in people),
        "practitioners_using": sum(x["using"] for x in people),
        "practitioners_at_fidelity": sum(x["using"] and x["fidelity"] >= p["fidelity_criterion"] for x in people),
        "practitioners_stopped": sum(x["ever_used"] and not x["using"] for x in people),
        "fidelity": sum(x["fidelity"] for x in people),
    }


def count_families(families):
    needy = [f for f in families if f["need"]]
    ever = families + [one for f in families for one in f["earlier"]]
    return {
        "families": len(families),
        "families_in_need": len(needy),
        "families_identified": sum(f["path"] != 0 for f in needy),
        "families_waiting": sum(f["path"] == 1 for f in needy),
        "families_ever_in_need": sum(f["ever"] for f in ever),
        "families_reached": sum(f["reached"] for f in ever),
        "families_reached_at_fidelity": sum(f["at_fidelity"] for f in ever),
        "benefit": sum(f["benefit"] for f in ever),
        "benefit_in_need": sum(f["benefit"] for f in needy),
        "reached_in_need": sum(f["reached"] for f in needy),
        "families_gave_up_waiting": sum(f["gave_up"] for f in ever),
        "families_identified_wrongly": sum(f["mistaken"] for f in ever),
        "families_completed": sum(f["completed"] for f in ever),
        "benefit_completed": sum(f["benefit_completed"] for f in ever),
        "families_ever": len(ever),
        "reached_here": sum(f["reached"] for f in families),
        "benefit_here": sum(f["benefit"] for f in families),
    }


def fading(now, before, p):
    """What is left of the gains that fade."""
    if before is None:
        return 0
    given = now["benefit"] - before["benefit"]
    left = before["benefit_here"] + given - now["benefit_here"]
    stay = 1 - left / before["benefit_here"] if before["benefit_here"] else 1
    kept = 1 - prob(0.6931471805599453 / p["gain_half_life"])
    return int(before["gain_fading"] * kept * stay + (1 - p["gain_lasts"]) * given + 0.5)


def governance(w):
    areas = w["areas"]
    capacities = [[t["capacity"] for t in w["cores"] if t["formed"] and t["area"] == a["index"]] for a in areas]
    teamed = [mean(c) for c in capacities if c]
    available = sum(t["available"] for t in w["cores"])
    seniors = [leader["commitment"] for leader in w["leaders"] if leader["level"] == SENIOR]
    return {
        "capacity_core": mean(teamed) if teamed else nan,
        "attention_core": sum(t["needed"] for t in w["cores"]) / available if available > 0 else nan,
        "commitment_group": mean(a["group"] for a in areas),
        "commitment_senior": mean(seniors) if seniors else nan,
        "commitment_manager": mean(x["commitment"] for x in w["leaders"] if x["level"] == MANAGER),
        "barrier_system": mean(a["system_barrier"] for a in areas),
        "barriers_raised": sum(a["raised"] for a in areas),
        "barriers_removed": sum(a["removed"] for a in areas),
        "playbook": mean(a["playbook"] for a in areas),
        "usability": mean(a["usability"] for a in areas),
        "budget_short": float(any(a["short"] for a in areas)),
    }
