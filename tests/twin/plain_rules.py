"""The formulas of docs/odd.md (7.3 to 7.10), one function each, so that a test can change one and see it noticed."""

from __future__ import annotations

import plain_surroundings as around_teams
from plain_arithmetic import clip, either, hazard_of_yearly, prob, share


def released(m, s, budget):
    return share(2 * m * s, m + s) * budget


def successor_commitment(new_baseline, commitment, old_baseline, p):
    return clip(new_baseline + p["correlation"] * (commitment - old_baseline))


def group_commitment(mean, least, months_in_post, p):
    settled = min(1.0, (months_in_post + 1) / p["chair_settling"])
    return ((1 - p["weakest"]) * mean + p["weakest"] * least) * (0.5 + 0.5 * settled)


def selected(readiness, commitment, prepared, p):
    unaided = p["explore_unaided"]
    return prob(p["select"] * readiness * commitment * (unaided + (1 - unaided) * prepared))


def barrier_on_entry(barrier, playbook, similarity, p):
    return barrier * (1 - p["playbook_carry"] * playbook * similarity)


def hands(team, p):
    time = team["members"] * team["resources"]
    return time * p["committee_time"] if team["committee"] else time


def place_needed(team, p):
    return 1 - (1 - p["maintain"]) * min(1.0, team["capacity"] / p["capacity_criterion"])


def external_attention(external, core_teams, p):
    return external * min(1.0, p["external_span"] / core_teams)


def given_to_core(team, external, p):
    if team["needed"] <= 0:
        return external
    return external * (1 - p["overload_learning"] * (1 - team["attention"]))


def given_to_local(a, p):
    return a * a * (1 + p["thin_support"]) / (a + p["thin_support"]) if a > 0 else 0.0


def own_renewal(capacity, p):
    return capacity**4 / (capacity**4 + p["own_renewal"] ** 4)


def next_capacity(capacity, support, time, p):
    grown = p["capacity_growth"] * support * time * (1 - capacity)
    return clip(capacity + (grown - p["atrophy"] * (1 - support) * capacity) / 12)


def capacity_after_leaving(team, p):
    n, agencies = team["members"], team["agencies"]
    cover = clip(1.25 * p["cover"] * (1 - 1 / n) * agencies / (agencies + 1))
    return team["capacity"] * (1 - (1 - cover) / n)


def dose(coaching, team, staff, p):
    if staff <= 0:
        return 0.0
    return coaching * team["capacity"] * min(1.0, p["coach_span"] * hands(team, p) * team["released"] / staff)


def next_commitment(leader, felt, visible, misaligned, p):
    c = leader["commitment"]
    raised = (p["engage"] * felt + p["results"] * visible) * (1 - c)
    return clip(c + raised - p["drift"] * (1 + p["drift_misaligned"] * misaligned) * (c - leader["baseline"]))


def ease(zone_open, group, p):
    return 1 + p["zone_latitude"] * group if zone_open else 1.0


def quality(levers, agency, p):
    seen = p["data_half_lag"] / (p["data_half_lag"] + around_teams.lag_of(levers, agency, p))
    seen = seen if levers["collective"] else seen * p["data_isolated"]
    return seen * around_teams.learned(levers, p)


def overload(site, area, p):
    load = area["load"][site["agency"]] + (area["levers"]["data_burden"] if site["started"] >= 0 else 0.0)
    load = around_teams.relieved(load, area) + p["load_deprivation"] * site["deprivation"]
    load += p["load_secondary"] if site["secondary"] else 0.0
    return clip(load * (1 - area["aligned"]))


def leaves(person, site, factor, p):
    yearly = p["turnover_care"] if person["care"] else p["turnover_education"]
    hazard = hazard_of_yearly(yearly) * factor
    hazard *= 1 + p["turnover_deprivation"] * site["deprivation"]
    if person["using"]:
        hazard *= 1 - (1 - p["turnover_coached"]) * min(1.0, site["dose"] / p["dose_sufficient"])
    return prob(hazard)


def stops(site, peers, overloaded, p):
    held = (1 - p["lapse_manager"] * site["manager"]["commitment"]) * (1 - p["lapse_coaching"] * site["dose"])
    return prob(p["lapse"] * held * (1 - p["lapse_peers"] * peers) * (1 + overloaded))


KINDS = ("untrained", "theory", "demonstration", "practice")


def starts(person, site, levers, peers, overloaded, kind, p):
    c = site["manager"]["commitment"]
    drawn = (
        p["start_peers"] * around_teams.with_champions(peers, levers)
        + p["start_manager"] * c
        + p["start_support"] * site["dose"]
    )
    drawn += p["start_mandate"] * levers["mandate"] * c
    factor = 1.0 if kind == "practice" else p[f"start_{kind}"]
    return prob(person["readiness"] * drawn * (1 - overloaded) * factor)


def hears(site, peers, p):
    engaged = p["awareness_engaged"] if site["stage"] != 0 else 0.0
    return prob(p["awareness_mass"] + p["awareness_peers"] * peers + engaged)


def next_skill(person, site, levers, p):
    skill, heard = person["skill"], site["dose"] * levers["fidelity_feedback"]
    short = 0.0 if heard >= p["dose_sufficient"] else 1 - heard / p["dose_sufficient"]
    settling = prob(0.6931471805599453 / p["skill_half_life"]) * short * (person["level"] - skill)
    return skill + p["skill_coaching"] * site["dose"] * (1 - skill) + settling


def fidelity_of(skill, site, area):
    return skill * (1 - site["barrier"]) * (1 - area["system_barrier"]) * area["usability"]


def need_arises(family, p):
    q = p[f"need_fifth{family['fifth'] + 1}"]
    return prob(p["resolve"]) * q / (1 - q)


def need_resolves(served, fidelity, effect, p):
    return prob(p["resolve"] + (p["recover"] * effect * works(fidelity, p) if served else 0.0))


def works(fidelity, p):
    return fidelity * (1 - p["effect_convex"] * (1 - fidelity))


def family_leaves(p):
    return prob(p["families_leave"] / 12)


def drops_out(p):
    m = 1 - p["complete"]
    return prob(m * (1 + m * (1 / 2 + m * (1 / 3 + m * (1 / 4 + m * (1 / 5 + m / 6))))) / p["episode_months"])


def next_path(path, u, using, fidelity, offered, p):
    if path == 0:
        return 1 if u < prob(p["identify"] + p["identify_practice"] * fidelity) else 0
    if path == 1:
        if not using or u >= offered:
            return 1
        return 1 + int(p["episode_months"]) if u < offered * p["enrol"] else 100
    if path == 100:
        return 1 if u < prob(p["offer_again"]) else 100
    return 100 if path == 2 or u < drops_out(p) else path - 1


def supported(given, peers, team, levers, p):
    return either(either(given, p["peer_support"] * peers * levers["peer_network"]), own_renewal(team["capacity"], p))
