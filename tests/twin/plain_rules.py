"""The formulas of docs/odd.md (7.3 to 7.10), one function each, so that a test can change one and see it noticed."""

from __future__ import annotations

import plain_surroundings as around_teams
from plain_arithmetic import clip, either, hazard_of_yearly, mean, prob, share, thin


def released(m, s, budget):
    return share(2 * m * s, m + s) * budget


def successor_commitment(new_baseline, commitment, old_baseline, p):
    return clip(new_baseline + p["correlation"] * (commitment - old_baseline))


def group_commitment(mean, least, months_in_post, p):
    settled = min(1.0, (months_in_post + 1) / p["chair_settling"])
    return ((1 - p["weakest"]) * mean + p["weakest"] * least) * (0.5 + 0.5 * settled)


def share_in_use(sites):
    """What an area's sites see of one another."""
    using = sum(s["started"] >= 0 and s["users"] > 0 and s["given_up"] < 0 for s in sites)
    return max(0, using - sum(s["given_up"] >= 0 for s in sites)) / len(sites)


def takes_part(site):
    return site["stage"] >= 2 and site["given_up"] < 0


def prepared(site, p):
    return thin(site["core"]["attention"], p["thin_support"]) if site["core"] else 0.0


def seen(area, p):
    return p["seen"] * area["in_use"] * area["levers"]["communication"]


def signs_up(site, p):
    return 0.0 if site["core"] else p["sign_up"]


def hazard_of_taking_part(site, area, p):
    ready = mean(person["readiness"] for person in site["staff"])
    undrawn = (1 - p["explore_unaided"]) * (1 - prepared(site, p)) * (1 - seen(area, p))
    undrawn *= (1 - area["levers"]["mandate"]) * (1 - signs_up(site, p))
    return p["select"] * ready * site["manager"]["commitment"] * site["trust"] * (1 - undrawn)


def trust_waiting(trust, attention, p):
    return trust * (1 - p["trust_wears"] * (1 - attention))


def trust_elsewhere(trust, p):
    return trust + p["trust_returns"] * (1 - trust)


def trust_after_giving_up(trust, p):
    return trust * (1 - p["trust_lost"])


def data_holds(site, area, p):
    return p["capacity_holds"] * quality(area["levers"], site["agency"], p) * area["levers"]["improvement_cycles"]


def unsettled(months, p):
    return 1 + p["new_head"] * max(0.0, 1 - months / 12)


def gives_up(site, area, month, p):
    held = (1 - p["capacity_holds"] * site["able"]) * (1 - data_holds(site, area, p) * site["able"])
    held *= 1 - p["peers_hold"] * area["in_use"]
    lack = (1 - site["manager"]["commitment"]) ** 2
    new = unsettled(month - site["manager"]["in_post_since"], p)
    return prob(area["levers"]["give_up"] * p["give_up_hazard"] * lack * held * new)


def won_again(site, area, p):
    new_head = site["manager"]["in_post_since"] > site["given_up"]
    return prob(hazard_of_taking_part(site, area, p) * (1 if new_head else p["same_head"]))


def handed_on(area, similarity, p):
    return p["handed_on"] * area["playbook"] * similarity * area["levers"]["mentoring"]


def would_release(leader, month, p):
    return leader["commitment"] * settled(month - leader["in_post_since"], p)


def settled(months, p):
    return 0.5 + 0.5 * min(1.0, (months + 1) / p["post_settling"])


def time_worth(released, p):
    return thin(released, p["thin_time"])


def served(team):
    """Sites of a local team that count there."""
    return [site for site in team["sites"] if takes_part(site)] or team["sites"]


def people_served(team):
    return sum(len(site["staff"]) for site in served(team))


def can_be_engaged(site):
    return site["stage"] > 0 and site["given_up"] < 0


def people_to_support(staff, p):
    return p["place_base"] + (1 - p["place_base"]) * staff / p["place_staff"]


def barrier_on_entry(barrier, playbook, similarity, p):
    return barrier * (1 - p["playbook_carry"] * playbook * similarity)


def hands(team, p):
    time = team["members"] * team["resources"]
    return time * p["committee_time"] if team["committee"] else time


def place_needed(team, p):
    return 1 - (1 - p["maintain"]) * min(1.0, team["capacity"] / p["capacity_criterion"])


def external_attention(external, core_teams, external_teams, p):
    if external_teams == 0:
        return external
    return external * min(1.0, p["external_span"] / (core_teams / external_teams))


def given_to_core(team, external, p):
    if team["needed"] <= 0:
        return external
    return external * (1 - p["overload_learning"] * (1 - team["attention"]))


def given_to_local(a, p):
    return thin(a, p["thin_support"])


def own_renewal(capacity, p):
    return capacity**4 / (capacity**4 + p["own_renewal"] ** 4)


def next_capacity(capacity, support, time, p):
    grown = p["capacity_growth"] * support * time_worth(time, p) * (1 - capacity)
    return clip(capacity + (grown - p["atrophy"] * (1 - support) * capacity) / 12)


def capacity_after_leaving(team, p):
    n, agencies = team["members"], team["agencies"]
    cover = clip(1.25 * p["cover"] * (1 - 1 / n) * agencies / (agencies + 1))
    return team["capacity"] * (1 - (1 - cover) / n)


def dose(coaching, team, staff, p):
    if staff <= 0:
        return 0.0
    time = hands(team, p) * time_worth(team["released"], p)
    return coaching * team["capacity"] * around_teams.full(p["coach_span"] * time / staff)


def head_leads(site, p):
    return p["head_leads"] * site["manager"]["commitment"] ** 4


def next_commitment(leader, felt, visible, misaligned, p):
    c = leader["commitment"]
    raised = (p["engage"] * heard(felt, c) + p["results"] * visible) * (1 - c)
    return clip(c + raised - p["drift"] * (1 + p["drift_misaligned"] * misaligned) * (c - leader["baseline"]))


def heard(felt, commitment):
    return felt * commitment


def cycle_length(lag, p):
    return p["cycle_months"] + p["cycle_waits"] * lag


def testable(sites, p):
    return sum(s["users"] for s in sites if s["stage"] == 3) >= p["usability_users"]


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
    return (1 - p["spare"]) * clip(load * (1 - area["aligned"]))


def leaves(person, site, factor, p):
    yearly = p["turnover_care"] if person["care"] else p["turnover_education"]
    hazard = hazard_of_yearly(yearly) * factor
    hazard *= 1 + p["turnover_deprivation"] * site["deprivation"]
    if person["using"]:
        hazard *= 1 - (1 - p["turnover_coached"]) * min(1.0, site["dose"] / p["dose_sufficient"])
    return prob(hazard)


def stops(site, area, peers, overloaded, p):
    held = (1 - p["lapse_manager"] * site["manager"]["commitment"]) * (1 - p["lapse_coaching"] * site["dose"])
    held *= 1 - p["lapse_peers"] * peers
    return prob(p["lapse"] * held * strain(area, overloaded, p) + dropped(site, p))


def strain(area, overloaded, p):
    return (1 + p["lapse_overload"] * overloaded) * (1 + p["lapse_design"] * (1 - area["usability"]))


def dropped(site, p):
    return p["lapse_given_up"] if site["given_up"] >= 0 else 0.0


KINDS = ("untrained", "theory", "demonstration", "practice")


def fresh(age, p):
    return 1 / (1 + (age / p["training_half_life"]) ** 2)


def carries(kind, age, p):
    """How far training carries into use today."""
    at_first = 1.0 if kind == "practice" else p[f"start_{kind}"]
    return p["start_untrained"] + (at_first - p["start_untrained"]) * fresh(age, p)


def workable(area):
    return area["usability"]


def starts(person, site, area, peers, overloaded, carried, p):
    c, levers = site["manager"]["commitment"], area["levers"]
    asked = p["start_manager"] * c + p["start_support"] * site["dose"] + p["start_mandate"] * levers["mandate"] * c
    drawn = p["start_peers"] * around_teams.with_champions(peers, levers) + carried * asked
    return prob(person["readiness"] * drawn * (1 - overloaded) * workable(area))


def hears(site, peers, p):
    engaged = p["awareness_engaged"] if site["stage"] != 0 else 0.0
    return prob(p["awareness_mass"] + p["awareness_peers"] * peers + engaged)


def next_skill(person, site, levers, p):
    skill, told = person["skill"], site["dose"] * levers["fidelity_feedback"]
    coached = p["skill_coaching"] * site["dose"] * (attainable(person["level"], p) - skill)
    settling = prob(0.6931471805599453 / p["skill_half_life"]) * (1 - told)
    return clip(skill + coached + settling * (settles_at(person["level"], site["norm"], p) - skill))


def trained_skill(person, levers, p):
    """Skill of somebody trained just now: a user is the better for it."""
    learned = p[f"skill_{KINDS[int(levers['training'])]}"] if person["using"] else 0.0
    return max(person["skill"], learned)


def attainable(level, p):
    return p["ceiling"] * (1 - p["adaptation"] * (1 - level))


def unaided(level, p):
    return level * (1 - p["fall_back"] * (1 - level))


def settles_at(level, norm, p):
    own = unaided(level, p)
    return own if norm is None else own + p["norm"] * (norm - own)


def norm_of(site):
    """Mean skill of a site's users; None without any."""
    skills = [person["skill"] for person in site["staff"] if person["using"]]
    return mean(skills) if skills else None


def hindered(level, p):
    return 1 - p["workaround"] * (2 * level - 1)


def room(level, site, area, p):
    b = hindered(level, p)
    left = (1 - clip(b * site["barrier"])) * (1 - clip(b * area["system_barrier"]))
    return left * (1 - clip(b * (1 - area["usability"])))


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
