"""Sites decide, as docs/odd.md tells it (7.3): to take part, to give up, to return; they install the practice."""

from __future__ import annotations

import plain_budget as budget
import plain_rules as rules
import plain_surroundings as around_teams
import plain_teams as shaping
from plain_arithmetic import either, prob
from plain_count import first
from plain_start import EXPLORATION, INSTALLATION, NOT_SUSTAINED


def reconsider(w, site, p, luck, month):
    area = w["areas"][site["area"]]
    if site["stage"] == EXPLORATION or (site["stage"] == INSTALLATION and site["started"] < 0):
        attention = site["core"]["attention"] if site["core"] else 0.0
        site["trust"] = rules.trust_waiting(site["trust"], attention, p)
    else:
        site["trust"] = rules.trust_elsewhere(site["trust"], p)
    u = luck("is selected", site["id"])
    if site["given_up"] >= 0:
        if u < rules.won_again(site, area, p):
            site.update(given_up=-1, stage=INSTALLATION, idle=0)
            first(site, "month_returned", month)
            if site["started"] >= 0:
                train_again(site, area, p, luck, month)
            if site["local"] and not site["local"]["formed"]:
                form(w, site["local"], area, alike(site, area), p)
    elif rules.takes_part(site) and u < rules.gives_up(site, area, month, p):
        site.update(given_up=month, stage=NOT_SUSTAINED, streak=0)
        site["trust"] = rules.trust_after_giving_up(site["trust"], p)
        first(site, "month_given_up", month)
        if site["local"] and not any(rules.takes_part(other) for other in site["local"]["sites"]):
            site["local"]["formed"] = False


def train_again(site, area, p, luck, month):
    """Those who are not trained, or no longer use the practice, and attend."""
    coming = [x for x in site["staff"] if luck("attends the training", x["id"]) < p["attendance"]]
    coming = [x for x in coming if not (x["using"] and x["trained"])]
    if area["levers"]["training"] > 0 and budget.can_train(area, site["agency"], len(coming), p):
        for person in coming:
            train(person, area, month, p)
        site["trained_now"] += len(coming)


def train(person, area, month, p):
    person.update(trained=True, aware=True, taught=month)
    person["skill"] = rules.trained_skill(person, area["levers"], p)


def alike(site, area):
    return area["similarity"][site["zone"]] if site["zone"] < len(area["opened"]) else 0.0


def form(w, team, area, likeness, p):
    """A local team comes together; a new one begins with what earlier zones hand on."""
    there = [t for t in w["locals"] if t["area"] == team["area"] and t["formed"]]
    able = [t["generation"] for t in there if t["capacity"] >= p["capacity_criterion"]]
    team["generation"] = 1 + min(able, default=0) if area["levers"]["mentoring"] > 0 else 1
    team["formed"] = True
    shaping.gather(team, area, p, at_work=False)
    team["capacity"] = either(p["capacity_start_local"], rules.handed_on(area, likeness, p))


def advance(w, site, p, luck, month):
    area = w["areas"][site["area"]]
    if site["stage"] == EXPLORATION:
        if luck("is selected", site["id"]) < prob(rules.hazard_of_taking_part(site, area, p)):
            site["stage"] = INSTALLATION
            likeness = alike(site, area)
            site["barrier"] = rules.barrier_on_entry(site["barrier"], area["playbook"], likeness, p)
            site["barrier"] *= around_teams.mapped(area["levers"], p)
            if site["local"] and not site["local"]["formed"]:
                form(w, site["local"], area, likeness, p)
    elif site["stage"] == INSTALLATION and site["started"] < 0:
        manager = rules.would_release(site["manager"], month, p)
        senior = rules.would_release(site["senior"], month, p) if site["senior"] else manager
        time = rules.time_worth(rules.released(manager, senior, around_teams.budget(area)), p)
        site["install"] += p["install"] * time * around_teams.installs_faster(site, area["levers"], p)
        if site["install"] >= 1:
            coming = []
            if area["levers"]["training"] > 0:
                coming = [x for x in site["staff"] if luck("attends the training", x["id"]) < p["attendance"]]
                coming = [x for x in coming if not x["trained"]]
            if budget.can_train(area, site["agency"], len(coming), p):
                site["started"] = month
                site["trained_now"] += len(coming)
                for person in coming:
                    train(person, area, month, p)
