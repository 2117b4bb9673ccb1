"""Budgets and the work of what was chosen, as docs/odd.md tells them (7.9, 7.13)."""

from __future__ import annotations

from math import inf

import plain_rules as rules
import plain_surroundings as around_teams
import plain_teams as shaping

NOT_ENGAGED, EXPLORATION = 0, 1
EXTERNAL, WHOLE = 5, 6
THIRD_SECTOR = 4
FOUND = {"communication": 0.2, "alignment": 0.5}
FALLING = (
    "fidelity_feedback", "improvement_cycles", "usability_testing", "communication", "mentoring", "peer_network",
    "alignment", "terms_of_reference", "champions", "alignment_work", "community_places",
    "data_agencies", "data_linkage", "data_mapping",
)  # fmt: skip


# The hours of what was chosen


def site_hours(site, lv, p):
    takes_part = site["stage"] != NOT_ENGAGED and site["given_up"] < 0
    started = takes_part and site["started"] >= 0
    hours = 0.0
    if takes_part:
        hours += p["communication_hours"] * max(0, lv["communication"] - FOUND["communication"])
        hours += p["alignment_hours"] * max(0, lv["alignment"] - FOUND["alignment"])
    if site["stage"] == EXPLORATION:
        hours += p["mapping_hours"] * lv["data_mapping"]
    if started:
        hours += p["champion_hours"] * lv["champions"] + p["linkage_hours"] * lv["data_linkage"]
    if started and (site["local"] or site["core"]):
        hours += p["cycle_hours"] * lv["improvement_cycles"]
        hours += p["feedback_hours"] * site["coached"] * lv["fidelity_feedback"]
    return hours


def team_hours(team, members, lv, w, p):
    if not team["core"]:
        lent = p["mentor_places"] * team["mentoring_capacity"] * lv["mentoring"]
        return p["network_hours"] * lv["peer_network"] + p["mentoring_hours"] * lent
    hours = p["terms_hours"] * members * lv["terms_of_reference"] + p["alignment_work_hours"] * lv["alignment_work"]
    area = w["areas"][team["area"]]
    if area["rounds"] < p["usability_rounds"] and any(s["started"] >= 0 for s in area["sites"]):
        hours += p["testing_hours"] * lv["usability_testing"]
    return hours


def payers(team):
    return list(range(team["agencies"])) if team["core"] else [site["agency"] for site in rules.served(team)]


def area_bills(area, w, lv, paid, p):
    """(agency, cash, time) that an area as a whole pays for; `paid`: the share of the data system's hours."""
    covered = area["chosen"]["data_agencies"]
    teamed = any(team["area"] == area["index"] for team in w["cores"])
    if teamed:
        yield EXTERNAL, p["partner_hours"] * p["staff_hour"] * lv["neutral_partner"], 0.0
    if teamed and any(site["started"] >= 0 for site in area["sites"]):
        for agency in range(5):
            yield agency, 0.0, p["coverage_hours"] * p["staff_hour"] * min(1, max(0, covered - agency)) * paid
    if lv["support_places"] < around_teams.NO_LIMIT:
        places = area["needy_at_first"] * lv["community_places"] / 100
        yield THIRD_SECTOR, 0.0, p["place_hours"] * p["staff_hour"] * places


def team_bill(team, members, released, new_posts, lv, p):
    post = p["share_of_post"] if team["core"] else p["share_of_post_local"]
    full = p["post_hours"] * p["staff_hour"] * rules.hands(team | {"members": members}, p) * post
    time = full * (released - new_posts)
    return full * new_posts + time * lv["backfill"], time


def data_bill(site, lv, p):
    return p["data_cash"] / (1 + around_teams.lag_of(lv, site["agency"], p))


# Budgets


def begin(area, course):
    area["chosen"] = dict(area["levers"])
    area["limits"] = course.limits.tolist()
    area["left"] = [[inf, inf] for _ in range(7)]
    area["taken"] = [[0.0, 0.0] for _ in range(7)]
    area["later"] = [0.0] * 7
    area["paid"], area["paid_hours"] = [[1.0, 1.0] for _ in range(6)], [1.0] * 6
    area["least"] = [1.0, 1.0]  # cash, time
    area["short"] = area["year_short"] = False


def open_month(w, p, month):
    for area in w["areas"]:
        area["taken"], area["short"] = [[0.0, 0.0] for _ in range(7)], False
        if month % 12 == 1:
            area["year_short"] = False
            year = [limits[month // 12] for limits in area["limits"]]
            area["left"] = [[cash, hours * p["staff_hour"]] for cash, hours in year]


def take(area, agency, cash, time):
    for payer in (agency, WHOLE):
        area["taken"][payer][0] += cash
        area["taken"][payer][1] += time


def can_train(area, agency, people, p):
    """Set the cost of training aside, or run short."""
    cost = p["training_cash"] * people, p["training_hours"] * p["staff_hour"] * people
    lacking = any(
        area["taken"][payer][k] + cost[k] > area["left"][payer][k] for payer in (agency, WHOLE) for k in (0, 1)
    )
    if lacking:
        area["short"] = area["year_short"] = True
    else:
        take(area, agency, *cost)
    return not lacking


def funded(allowed, claimed):
    return 1.0 if claimed <= allowed else max(0.0, allowed) / claimed


def claims_of(area, w, p):
    """What an area claims this month for all but coaching and leaders' time: by payer, cash and time."""
    found = [[0.0, 0.0] for _ in range(7)]

    def claim(agency, cash, time):
        for payer in (agency, WHOLE):
            found[payer][0] += cash
            found[payer][1] += time

    lv = area["chosen"]
    for site in area["sites"]:
        supported = site["stage"] != NOT_ENGAGED and site["given_up"] < 0 and site["started"] >= 0
        supported = supported and (site["local"] or site["core"])
        claim(site["agency"], data_bill(site, lv, p) if supported else 0.0, site_hours(site, lv, p) * p["staff_hour"])
        claim(site["agency"], *around_teams.cost_of_help(site, area, p))
    for team in w["teams"]:
        if team["area"] == area["index"] and team["formed"]:
            members = min(team["places"], team["members"] + 1)
            members = max(members, team["members"])
            cash, time = team_bill(team, members, team["released"], lv["new_posts"], lv, p)
            time += team_hours(team, members, lv, w, p) * p["staff_hour"]
            for agency in payers(team):
                claim(agency, cash / len(payers(team)), time / len(payers(team)))
            if team["core"]:
                given = rules.external_attention(team["external"], *shaping.sharing(w), p)
                claim(EXTERNAL, p["external_cash"] * given, 0.0)
    for bill in area_bills(area, w, lv, 1.0, p):
        claim(*bill)
    return found


def share_means(w, p, month):
    for site in w["sites"]:
        site["coached"] = site["users"]
    for team in w["locals"]:
        able = team["formed"] and team["capacity"] >= p["capacity_criterion"]
        team["mentoring_capacity"] = team["capacity"] if able else 0.0
    for area in w["areas"]:
        around_teams.ask_for_help(area)
        claims = claims_of(area, w, p)
        months = 12 - (month - 1) % 12
        area["allowed"] = [
            [max(0.0, area["left"][payer][k] - area["taken"][payer][k]) / months for k in (0, 1)] for payer in range(7)
        ]
        for agency in range(6):
            area["paid"][agency] = [
                min(
                    funded(area["allowed"][payer][k], claims[payer][k] + k * area["later"][payer])
                    for payer in (agency, WHOLE)
                )
                for k in (0, 1)
            ]
        lowest = [[area["paid"][n][k] for n in range(6) if claims[n][k] > 0] for k in (0, 1)]
        if min([1.0, *lowest[0], *lowest[1]]) < 1:
            area["short"] = area["year_short"] = True
        # support from outside stands apart: sites' data do not come later because it is short of cash
        inside = [area["paid"][n][0] for n in range(EXTERNAL) if claims[n][0] > 0]
        area["least"] = [min([1.0, *inside]), min([1.0, *lowest[1]])]
        for agency in range(6):
            cash, time = (claims[agency][k] * area["paid"][agency][k] for k in (0, 1))
            take(area, agency, cash, time)
            area["allowed"][agency][1] -= time
            area["allowed"][WHOLE][1] -= time
        area["external"] *= area["paid"][EXTERNAL][0]
        for core in w["cores"]:
            core["external"] *= area["paid"][EXTERNAL][0] if core["area"] == area["index"] else 1.0
        put_in_force(area)
    for team in w["teams"]:
        area = w["areas"][team["area"]]
        with_cash = area["chosen"]["new_posts"] > 0 or area["chosen"]["backfill"] > 0
        team["paid"] = min(min(area["paid"][n]) if with_cash else area["paid"][n][1] for n in payers(team))
        team["released"] *= team["paid"]


def put_in_force(area):
    chosen, (cash, time) = area["chosen"], area["least"]
    for name in FALLING:
        found = min(FOUND.get(name, 0.0), chosen[name])
        area["levers"][name] = found + (chosen[name] - found) * time
    area["levers"]["neutral_partner"] = chosen["neutral_partner"] * area["paid"][EXTERNAL][0]
    lag = chosen["data_lag_months"]
    area["levers"]["data_lag_months"] = lag if cash == 1 else (1 + lag) / max(cash, 0.02) - 1


def hours_asked(area, w, engaged, p):
    """(agency, time, what it would be if all was paid) of coaching and of engaged leaders."""
    for site in area["sites"]:
        time = p["coaching_hours"] * p["staff_hour"] * site["coached"] * site["dose"]
        paid = area["paid"][site["agency"]][1]
        yield site["agency"], time, time / paid if paid > 0 else time
    for leader in w["leaders"]:
        if area["index"] in leader["areas"]:
            time = p["leader_hours"] * p["staff_hour"] * engaged(leader) / len(leader["areas"])
            yield leader["agency"], time * area["paid"][leader["agency"]][1], time


def share_hours(w, engaged, p):
    """`engaged`: what a leader is engaged if all is paid."""
    for area in w["areas"]:
        claims, in_full = [0.0] * 7, [0.0] * 7
        for agency, time, full in hours_asked(area, w, engaged, p):
            claims[agency] += time
            in_full[agency] += full
        claims[WHOLE], in_full[WHOLE] = sum(claims), sum(in_full)
        for agency in range(5):
            share = min(funded(area["allowed"][payer][1], claims[payer]) for payer in (agency, WHOLE))
            area["paid_hours"][agency] = share
            if claims[agency] > 0:
                take(area, agency, 0.0, claims[agency] * share)
                if share < 1:
                    area["short"] = area["year_short"] = True
        area["later"] = in_full
        for site in area["sites"]:
            site["dose"] *= area["paid_hours"][site["agency"]]


def least_paid(leader, w):
    areas, agency = [w["areas"][a] for a in leader["areas"]], leader["agency"]
    return min(area["paid"][agency][1] * area["paid_hours"][agency] for area in areas)
