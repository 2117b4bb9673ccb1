"""The system around the teams, as docs/odd.md describes it (7.12): what each mechanism puts in the core's place."""

from __future__ import annotations

from math import sqrt

from plain_arithmetic import clip, either, mean, prob, share

AGENCIES = ("education", "social_work", "health", "private", "third_sector")
EDUCATION = 0
PERSON, POLICY = 1, 2
NO_LIMIT = 200


def begin(area, levers):
    """What surrounds the teams before the first month."""
    both = [g for g in range(5) if area["seniors"][g]]
    area["shift"] = area["posts"] = area["bought"] = area["taught"] = area["money"] = 0.0
    area["relationship"] = {(g, h): levers["relationship_start"] for g in both for h in both if g < h}


def read_month(w, month):
    """The calendar, loads, alignment and what passes between agencies."""
    for area in w["areas"]:
        lv = area["levers"]
        area["calendar"] = (int(lv["start_month"]) - 1 + month) % 12 + 1
        area["aligned"] = clip(lv["alignment"] + area["shift"])
        others = w["setup"].scenario.initiatives
        area["fresh"] = sum(extra(i) for i in others if i.begins == month)
        area["load"] = [
            lv["initiative_load"] + sum(extra(i) for i in others if concerns(i, name) and runs(i, month))
            for name in AGENCIES
        ]
        known = area["relationship"]
        area["between"] = [lv["relationships"] * mean(known[pair] for pair in known if g in pair) for g in range(5)]
        kept_quiet = lv["relationships"] * (1 - mean(known.values())) * (1 - lv["neutral_partner"])
        area["surfaces"] = 1 - kept_quiet


def extra(initiative):
    return initiative.load * (1 - initiative.overlap)


def concerns(initiative, agency):
    return initiative.agency in ("", agency)


def runs(initiative, month):
    return initiative.begins <= month and (initiative.ends is None or month < initiative.ends)


def relate(w, p, month):
    """Relationships and alignment a month on."""
    for area in w["areas"]:
        lv = area["levers"]
        together = max((t["agencies"] for t in w["cores"] if t["area"] == area["index"]), default=1)
        table = lv["engagement_group"] * area["group"]
        for g, h in area["relationship"]:
            met = either(area["work"], table) if together > 1 and max(g, h) < together else table
            area["relationship"][g, h] += p["relationship_growth"] * met * (1 - area["relationship"][g, h])
            for one in (g, h):
                if area["seniors"][one]["in_post_since"] == month:
                    area["relationship"][g, h] *= 1 - p["relationship_loss"]
        a, funding = area["aligned"], lv["funding"]
        gain = p["align_gain"] * (lv["alignment_work"] * area["work"] + max(funding, 0)) * (1 - a)
        area["shift"] += gain - (p["align_gain"] * max(-funding, 0) + p["align_new"] * area["fresh"]) * a


def peers_with_partners(person, used, through):
    """Share of those one listens to who use the practice."""
    ties, partners = person["ties"], person["partners"]
    using = sum(used[k] for k in ties) + through * sum(used[k] for k in partners)
    return share(using, len(ties) + through * len(partners))


def best_partner(person, people):
    return max((people[k]["skill"] for k in person["partners"] if people[k]["trained"]), default=0.0)


def delivered(skill, best, joint):
    return (1 - joint) * skill + joint * min(skill, best)


def with_champions(peers, levers):
    return peers * (1 + levers["champions"])


def felt(engagement, area):
    return engagement * (1 + area["levers"]["dissatisfaction"] * (1 - area["visible"]))


def attention_kept(levers, p):
    return 1 + p["terms_attention"] * levers["terms_of_reference"]


def installs_faster(site, levers, p):
    return 1 + p["terms_speed"] * levers["terms_of_reference"] if site["core"] else 1.0


def mapped(levers, p):
    return 1 - p["mapping_gain"] * levers["data_mapping"]


def budget(area):
    """Share of released time that budgets allow this month."""
    lv = area["levers"]
    return lv["released_time"] * (1 - lv["budget_squeeze"] if area["calendar"] <= 3 else 1)


def time_they_have(released, levers):
    return levers["new_posts"] + (1 - levers["new_posts"]) * released


def lag_of(levers, agency, p):
    lag = levers["data_lag_months"]
    return lag if agency < levers["data_agencies"] else max(p["reporting_lag"], lag)


def learned(levers, p):
    """What burden and judgement leave of what can be learned from data."""
    return (1 - p["burden_missing"] * levers["data_burden"]) * (1 - p["judgement_hides"] * levers["data_judgement"])


def told(value, levers, p):
    return value + p["judgement_bias"] * levers["data_judgement"] * (1 - value)


def latitude_of(area, opened):
    """Are rules relaxed in a zone that opened then, and what backs them?"""
    rests_on, chair = area["levers"]["relaxed_rules"], area["chair"]
    gone = rests_on == PERSON and (chair is None or chair["in_post_since"] > opened)
    return opened >= 0 and not gone, 1.0 if rests_on == POLICY else area["group"]


def closed(calendar):
    return {7: 1.0, 4: 0.5, 8: 0.5, 1: 0.25, 10: 0.25, 12: 0.25}.get(calendar, 0.0)


def cycles_run(site, area):
    lv = area["levers"]
    pause = lv["school_year"] * closed(area["calendar"]) if site["agency"] == EDUCATION else 0.0
    return lv["improvement_cycles"] * (1 - pause)


def turnover_now(site, area, p):
    factor = area["levers"]["turnover_factor"]
    if site["agency"] != EDUCATION:
        return factor
    peak = p["turnover_august"] if area["calendar"] == 8 else (12 - p["turnover_august"]) / 11
    return factor * (1 + area["levers"]["school_year"] * (peak - 1))


def buy_help(w, p):
    """What other help buys this month."""
    for area in w["areas"]:
        lv = area["levers"]
        staff = [person for site in area["sites"] for person in site["staff"]]
        ask_for_help(area)
        area["money"] = money = area["money"] * min(area["least"])
        trained = sum(person["trained"] for person in staff)
        people = money * lv["budget_training"] / (p["training_cash"] + p["training_hours"] * p["staff_hour"])
        area["taught"] = min(1.0, share(people, len(staff) - trained))
        post = p["post_hours"] * p["staff_hour"]
        area["posts"] = money * min(lv["budget_posts"], 1 - lv["budget_training"]) / post
        left = max(0.0, 1 - lv["budget_training"] - lv["budget_posts"])
        hands = money * left / post / p["share_of_post_local"]
        area["bought"] = p["coach_alone"] * full(share(p["coach_span"] * hands, len(staff)))


def ask_for_help(area):
    """Money for other help if all of it is paid."""
    area["money"] = area["levers"]["budget"] * sum(len(site["staff"]) for site in area["sites"]) / 12


def full(x):
    """In proportion at first, ever less, at most 1."""
    return x * (1 + x) / (1 + x + x * x)


def relieved(load, area):
    if area["posts"] <= 0:
        return load
    everyone = sum(len(site["staff"]) for site in area["sites"])
    return load * everyone / (everyone + area["posts"])


def cost_of_help(site, area, p):
    """Cash and released time of a site's part."""
    mine = area["money"] * share(len(site["staff"]), sum(len(s["staff"]) for s in area["sites"]))
    time = p["training_hours"] * p["staff_hour"]
    released = mine * area["levers"]["budget_training"] * time / (p["training_cash"] + time)
    return mine - released, released


def service_left(site, levers, hands_each, p):
    """Service that a site with a local team still gives."""
    team = site["local"]
    gone = hands_each * p["share_of_post_local"] * (team["released"] - team["paid"] * levers["new_posts"])
    seen = p["linkage_mends"] * levers["data_linkage"]
    return clip(1 - levers["displacement"] * gone * (1 - levers["backfill"]) * (1 - seen))


def find_places(w, p):
    """Share of this month's offers for which each area has a place."""
    for area in w["areas"]:
        lv, families = area["levers"], [f for site in area["sites"] for f in site["families"]]
        area["place_share"] = 1.0
        if lv["support_places"] >= NO_LIMIT:
            continue
        places = area["needy_at_first"] * (lv["support_places"] + lv["community_places"]) / 100
        taken = sum(2 <= f["path"] <= 99 if f["need"] else f["path"] == 1 for f in families)
        waiting = sum(f["need"] and f["path"] == 1 and w["people"][f["person"]]["using"] for f in families)
        asked = waiting * prob(p["offer"]) * p["enrol"]
        area["place_share"] = clip((places - taken) / asked) if asked > 0 else 1.0


def gives_up(path, u, place_share, p):
    return path == 1 and u >= 1 - prob(p["lost_waiting"]) * (1 - place_share)


def mistaken(fidelity, levers, p):
    return levers["misidentification"] * (p["identify"] + p["identify_practice"] * fidelity)


def benefit_shown(sites, error, needed, p):
    """Does the earlier zone's own data show the benefit asked for? `error`: the error in its data."""
    families = [f for site in sites for f in site["families"]]
    reached = sum(f["reached"] for f in families)
    if not reached:
        return False
    benefit = sum(f["benefit"] for f in families) / reached / 1_000_000
    spread = p["outcome_deviation"] * sqrt(2 / reached)
    return benefit + 2.449489742783178 * spread * (error - 1) >= needed
