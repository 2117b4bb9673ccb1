"""Practitioners and families, as docs/odd.md tells them (7.7, 7.8)."""

from __future__ import annotations

import plain_rules as rules
from plain_arithmetic import around, mean, prob

# 7.7 practitioners


def practise(w, p, luck):
    used = [person["using"] for person in w["people"]]
    for site in w["sites"]:
        area = w["areas"][site["area"]]
        overloaded = rules.overload(site, area["levers"], p)
        for person in site["staff"]:
            peers = mean(used[k] for k in person["ties"])
            if luck("leaves the post", person["id"]) < rules.leaves(person, site, area["levers"], p):
                replace(person, site, p, luck)
            else:
                move(person, site, area["levers"], peers, overloaded, p, luck)
            person["fidelity"] = rules.fidelity_of(person["skill"], site, area) if person["using"] else 0.0
        site["users"] = sum(person["using"] for person in site["staff"])


def replace(person, site, p, luck):
    person.update(aware=False, trained=False, using=False, ever_used=False, skill=0.0)
    person["level"] = around(p["level_mean"], p["level_spread"], luck("own level of skill", person["id"]))
    person["readiness"] = around(site["readiness"], p["readiness_spread"], luck("own readiness", person["id"]))


def move(person, site, levers, peers, overloaded, p, luck):
    me, was_trained = person["id"], person["trained"]
    inducts = site["started"] >= 0 and levers["training"] > 0
    if inducts and not was_trained and luck("is inducted", me) < prob(p["induction"] * site["able"]):
        person["trained"] = True
        site["trained_now"] += 1
    u = luck("moves", me)
    if person["using"]:
        if u < rules.stops(site, peers, overloaded, p):
            person["using"] = False
        else:
            person["skill"] = rules.next_skill(person, site, levers, p)
    elif person["aware"]:
        kind = rules.KINDS[int(levers["training"])] if was_trained else "untrained"
        if u < rules.starts(person, site, levers, peers, overloaded, kind, p):
            person["using"] = person["ever_used"] = True
            person["skill"] = max(person["skill"], p[f"skill_{kind}"])
    elif u < rules.hears(site, peers, p):
        person["aware"] = True
    person["aware"] = person["aware"] or person["trained"]


# 7.8 families


def serve_families(w, p, luck):
    for site in w["sites"]:
        effect = w["areas"][site["area"]]["levers"]["true_effect"]
        for family in site["families"]:
            helper = w["people"][family["person"]]
            u = luck("need arises or resolves", family["id"])
            if not family["need"]:
                if u < rules.need_arises(family, p):
                    family["need"] = family["ever"] = True
                continue
            f, using = helper["fidelity"], helper["using"]
            served = using and 2 <= family["path"] <= 99
            if served:
                family["reached"] = True
                family["at_fidelity"] = family["at_fidelity"] or f >= p["fidelity_criterion"]
                family["benefit"] += int(1_000_000 * effect * f / p["episode_months"] + 0.5)
            if u < rules.need_resolves(served, f, effect, p):
                family["need"], family["path"] = False, 0
            else:
                way = luck("way through service", family["id"])
                family["path"] = rules.next_path(family["path"], way, using, f, p)
