"""Practitioners and families, as docs/odd.md describes them (7.7, 7.8)."""

from __future__ import annotations

import plain_budget as budget
import plain_rules as rules
import plain_surroundings as around_teams
from plain_arithmetic import around, prob
from plain_start import NEW_FAMILY, ONCE

# 7.7 practitioners


def practise(w, p, luck):
    used = [person["using"] for person in w["people"]]
    for person in w["people"]:
        person["best"] = around_teams.best_partner(person, w["people"])
    for site in w["sites"]:
        area = w["areas"][site["area"]]
        overloaded, through = rules.overload(site, area, p), area["between"][site["agency"]]
        factor = around_teams.turnover_now(site, area, p)
        for person in site["staff"]:
            peers = around_teams.peers_with_partners(person, used, through)
            if luck("leaves the post", person["id"]) < rules.leaves(person, site, factor, p):
                replace(person, site, p, luck)
            else:
                move(person, site, area, peers, overloaded, p, luck)
            skill = around_teams.delivered(person["skill"], person["best"], area["levers"]["joint_share"])
            room = rules.room(person["level"], site, area, p)
            person["fidelity"] = skill * room if person["using"] else 0.0
        site["users"] = sum(person["using"] for person in site["staff"])
        site["norm"] = rules.norm_of(site)


def replace(person, site, p, luck):
    person.update(aware=False, trained=False, using=False, ever_used=False, skill=0.0)
    person["level"] = around(site["level"], p["level_spread"], luck("own level of skill", person["id"]))
    person["readiness"] = around(site["readiness"], p["readiness_spread"], luck("own readiness", person["id"]))


def move(person, site, area, peers, overloaded, p, luck):
    me, was_trained, levers = person["id"], person["trained"], area["levers"]
    age = luck.month - person["taught"]
    inducts = site["started"] >= 0 and levers["training"] > 0
    inducted = prob(p["induction"] * site["able"]) if inducts else 0.0
    if not was_trained and luck("is inducted", me) < inducted:
        if budget.can_train(area, site["agency"], 1, p):
            person.update(trained=True, taught=luck.month)
            site["trained_now"] += 1
    elif not was_trained and luck("is inducted", me) < inducted + area["taught"]:
        person.update(trained=True, taught=luck.month)
    u = luck("moves", me)
    used = person["using"]
    if used:
        if u < rules.stops(site, area, peers, overloaded, p):
            person["using"] = False
    elif person["aware"]:
        kind = rules.KINDS[int(levers["training"])] if was_trained else "untrained"
        if u < rules.starts(person, site, area, peers, overloaded, rules.carries(kind, age, p), p):
            person["using"] = person["ever_used"] = True
            person["skill"] = max(person["skill"], p[f"skill_{kind}"])
    elif u < rules.hears(site, peers, p):
        person["aware"] = True
    person["aware"] = person["aware"] or person["trained"]
    if person["trained"] and not was_trained:
        person["skill"] = rules.trained_skill(person, levers, p)
    if used and person["using"]:
        person["skill"] = rules.next_skill(person, site, levers, p)


# 7.8 families


def serve_families(w, p, luck):
    around_teams.find_places(w, p)
    for site in w["sites"]:
        area = w["areas"][site["area"]]
        effect, q = area["levers"]["true_effect"], area["place_share"]
        offered = prob(p["offer"]) * q * site["service"]
        for family in site["families"]:
            helper = w["people"][family["person"]]
            u = luck("need arises or resolves", family["id"])
            f, using = helper["fidelity"], helper["using"]
            way = luck("way through service", family["id"])
            if u < rules.family_leaves(p):
                family["earlier"].append({name: family[name] for name in ONCE})
                need = u / rules.family_leaves(p) < p[f"need_fifth{family['fifth'] + 1}"]
                family.update(NEW_FAMILY, need=need, ever=need)
                continue
            u = (u - rules.family_leaves(p)) / (1 - rules.family_leaves(p))
            if not family["need"]:
                family["path"] = 0
                if u < rules.need_arises(family, p):
                    family["need"] = family["ever"] = True
                elif way < around_teams.mistaken(f, area["levers"], p):
                    family["path"], family["mistaken"] = 1, True
                continue
            served = using and 2 <= family["path"] <= 99
            if served:
                family["reached"] = True
                family["at_fidelity"] = family["at_fidelity"] or f >= p["fidelity_criterion"]
                family["benefit"] += int(1_000_000 * effect * rules.works(f, p) / p["episode_months"] + 0.5)
                if family["path"] == 2 and way >= rules.drops_out(p) and not family["completed"]:
                    family["completed"], family["benefit_completed"] = True, family["benefit"]
            if u < rules.need_resolves(served, f, effect, p):
                family["need"], family["path"] = False, 0
            elif around_teams.gives_up(family["path"], way, q, p):
                family["path"], family["gave_up"] = 100, True
            else:
                family["path"] = rules.next_path(family["path"], way, using, f, offered, p)
