"""Zones, teams and permanent ids as docs/odd.md describes them (5.1, 5.2, 7.2), in plain Python."""

from __future__ import annotations

from hashlib import blake2b
from math import isnan, log, sqrt

from plain_arithmetic import ALL_BITS, G, mean, mix

AGENCIES = ("education", "social_work", "health", "private", "third_sector")
STATUTORY = 3


def rows_of(organisation):
    """Sites in scope as dicts."""
    s = organisation.sites
    names = ("ids", "area", "agency", "type", "staff", "roll", "deprivation", "locality", "local_team", "core_team")
    columns = [getattr(s, name).tolist() for name in (*names, "capacity")]
    return [dict(zip((*names, "capacity"), values, strict=True)) for values in zip(*columns, strict=True)]


# 5.1 zones


def lay_plan(sites, zones, types, areas):
    """The zone of each site by position, len(zones) outside; `types`: names of the types by number."""
    outside = len(zones)
    zone_of = [outside] * len(sites)
    for z, zone in enumerate(zones):
        for name in zone.sites:
            zone_of[[site["ids"] for site in sites].index(name)] = z
    for area in range(areas):
        for z, zone in enumerate(zones):
            if zone.sites:
                continue
            here = [i for i, site in enumerate(sites) if site["area"] == area and zone_of[i] == outside]
            here = [i for i in here if not zone.types or types[sites[i]["type"]] in zone.types]
            asked = zone.count or zone.choose
            if asked == -1 or asked >= len(here):
                taken = here
            elif zone.count:
                taken = here[:asked]
            else:
                taken = [here[k] for k in representative([sites[i] for i in here], asked)]
            for i in taken:
                zone_of[i] = z
    return zone_of


def spread(values):
    centre = mean(values)
    return sqrt(mean((v - centre) ** 2 for v in values))


def features(sites):
    columns = [[log(s["staff"]) for s in sites], [s["deprivation"] for s in sites]]
    columns.append([log(s["staff"] / max(s["roll"], 1)) for s in sites])
    weights = [1.0, 1.0, 1.0]
    for kind in ("type", "agency"):
        present = sorted({s[kind] for s in sites})
        columns += [[float(s[kind] == code) for s in sites] for code in present]
        weights += [1 / sqrt(len(present))] * len(present)
    standard = []
    for values, weight in zip(columns, weights, strict=True):
        centre, sd = mean(values), spread(values)
        standard.append([weight * (v - centre) / sd if sd > 0 else 0.0 for v in values])
    return list(zip(*standard, strict=True))


def representative(sites, size):
    """Positions of the chosen sites."""
    rows, chosen = features(sites), []

    def length(positions):
        return round(sum(sum(rows[i][c] for i in positions) ** 2 for c in range(len(rows[0]))), 9)

    def take_best(allowed):
        free = [i for i in allowed if i not in chosen]
        chosen.append(min(free, key=lambda i: (length([*chosen, i]), i)))

    def members(agency):
        return [i for i, s in enumerate(sites) if s["agency"] == agency]

    present = sorted({s["agency"] for s in sites}, key=lambda a: (-len(members(a)), a))
    for agency in present[:size]:
        take_best(members(agency))
    while len(chosen) < size:
        take_best(range(len(sites)))
    for _ in range(4 * size + 50):
        now, best = length(chosen), None
        for out in sorted(chosen):
            agency = sites[out]["agency"]
            last = sum(sites[i]["agency"] == agency for i in chosen) == 1
            for into in range(len(sites)):
                if into in chosen or (last and sites[into]["agency"] != agency):
                    continue
                after = length([i for i in chosen if i != out] + [into])
                if after < now - 1e-9 and (best is None or after < best[0] - 1e-8):
                    best = (after, out, into)
        if best is None:
            break
        chosen.remove(best[1])
        chosen.append(best[2])
    return sorted(chosen)


def similarity(one, other):
    """How two sets of sites resemble each other."""
    if not one or not other:
        return 0.0
    parts = []
    for kind in ("type", "agency"):
        codes = {s[kind] for s in one + other}
        parts.append(sum(min(mean(s[kind] == c for s in one), mean(s[kind] == c for s in other)) for c in codes))
    for value in (lambda s: log(s["staff"]), lambda s: s["deprivation"]):
        sd = spread([value(s) for s in one + other])
        apart = abs(mean(value(s) for s in one) - mean(value(s) for s in other))
        parts.append(max(0.0, 1 - apart / (2 * sd)) if sd > 0 else 1.0)
    return mean(parts)


# 5.2 teams


def found_teams(sites, zone_of, scenario, area_names, given):
    """Core teams first, then local teams; a dict each. Writes `core` and `local` (position or -1) into the sites."""
    teams, zones, levers = [], scenario.zones, scenario.lever_values()
    for site in sites:
        site["core"] = site["local"] = -1
    if levers.teams == 0:
        return teams
    for area, name in enumerate(area_names):
        here = [s for s in sites if s["area"] == area]
        keys = core_keys(here, levers)
        for key in sorted(set(keys)):
            mine = [s for s, k in zip(here, keys, strict=True) if k == key]
            capacity = given.get(key, given.get("", float("nan")))
            for site in mine:
                site["core"] = len(teams)
            teams.append(core_team(area, here, levers) | {
                "sites": mine, "capacity": capacity, "id": text_hash(f"core/{name}/{key}"), "founded": -1, "taken": []
            })  # fmt: skip
    groups = local_groups(sites, zone_of, len(zones)) if levers.teams == 4 else []
    teams += founded_later(scenario, sites, zone_of, groups, area_names, len(teams))
    for group in groups:
        first = group[0]
        known = [s["capacity"] for s in group if not isnan(s["capacity"])]
        team = {"area": first["area"], "parent": first["core"], "sites": group, "committee": False}
        team["agencies"] = len({s["agency"] for s in group})
        team["zone"] = zone_of[sites.index(first)]
        team["resources"] = zones[team["zone"]].resources
        team["capacity"] = mean(known) if known else float("nan")
        for site in group:
            site["local"] = len(teams)
        id_ = text_hash("local/" + min(s["ids"] for s in group))
        teams.append(team | {"id": id_, "own_size": -1, "sharing": 1, "founded": -1, "taken": []})
    return teams


def core_team(area, here, levers):
    """What core teams of an area have in common; `sharing`: agencies that share `core_team_size`."""
    alone = not any(s["core_team"] for s in here) and levers.collective == 0
    team = {"area": area, "parent": -1, "zone": -1, "own_size": -1, "sharing": 1, "resources": 1.0}
    team |= {"agencies": int(levers.core_team_agencies), "committee": levers.teams == 2}
    if alone:
        team |= {"sharing": len({s["agency"] for s in here}), "agencies": 1}
    return team | ({"own_size": 1, "agencies": 1} if levers.teams == 1 else {})


def founded_later(scenario, sites, zone_of, groups, area_names, count):
    """Core teams founded later, with the sites they take over."""
    levers, names = scenario.lever_values(), [zone.name for zone in scenario.zones]
    place_of = {site["ids"]: i for i, site in enumerate(sites)}
    core = [site["core"] for site in sites]
    whole = [[place_of[s["ids"]] for s in group] for group in groups]
    if not groups:
        whole = [[i] for i in range(len(sites)) if zone_of[i] < len(names)]
    made = []
    for n, further in sorted(enumerate(scenario.core_teams, 1), key=lambda pair: pair[1].founded):
        for area, name in enumerate(area_names):
            mine = [g for g in whole if sites[g[0]]["area"] == area]
            if further.zones:
                taken = [g for g in mine if names[zone_of[g[0]]] in further.zones]
            else:
                taken = equal_part(mine, core, zone_of, sites)
            moved = [i for group in taken for i in group]
            if not moved:
                continue
            for i in moved:
                core[i] = count + len(made)
            team = core_team(area, [s for s in sites if s["area"] == area], levers)
            if levers.teams != 1:
                team["own_size"] = further.size or -1
                team["agencies"] = further.agencies or team["agencies"]
            id_ = text_hash(f"core/{name}/founded {n}")
            known = {"sites": [], "capacity": float("nan"), "id": id_, "founded": further.founded, "taken": moved}
            made.append(team | known)
    return made


def equal_part(groups, core, zone_of, sites):
    holders = sorted({core[g[0]] for g in groups})
    taken = []
    for holder in holders:
        mine = [(zone_of[g[0]], k, g) for k, g in enumerate(groups) if core[g[0]] == holder]
        people = {k: sum(sites[i]["staff"] for i in g) for _, k, g in mine}
        room = sum(people.values()) / (len(holders) + 1)
        for _, k, group in sorted(mine, reverse=True):
            if people[k] <= room:
                room -= people[k]
                taken.append(group)
    return taken


def core_keys(sites, levers):
    if any(s["core_team"] for s in sites):
        return [s["core_team"] for s in sites]
    agencies = [AGENCIES[s["agency"]] for s in sites]
    if levers.collective == 0:
        return agencies
    teams = int(levers.core_teams) or max(1, -(-len(sites) // int(levers.core_team_sites)))
    if teams == 1:
        return [""] * len(sites)
    labels = agencies if levers.split_core_by == 0 else [s["locality"] for s in sites]
    if levers.core_teams == 0 and levers.split_core_by != 0:
        labels = pieces(labels, int(levers.core_team_sites))
    load, team_of = [0] * teams, {}
    for label in sorted(set(labels), key=lambda k: (-labels.count(k), k)):
        team = load.index(min(load))
        team_of[label] = str(team)
        load[team] += labels.count(label)
    return [team_of[label] for label in labels]


def pieces(labels, most):
    found, seen = [], {}
    for label in labels:
        part = seen.get(label, 0) // most
        seen[label] = seen.get(label, 0) + 1
        found.append(f"{label}/{part}" if part else label)
    return found


def local_groups(sites, zone_of, outside):
    groups, now = [], {}
    for site, zone in zip(sites, zone_of, strict=True):
        if zone == outside:
            continue
        if site["local_team"]:
            key = ("named", site["area"], site["local_team"])
        elif site["staff"] >= 6:
            key = ("own", site["ids"])
        else:
            key = ("cluster", site["core"], zone, site["locality"])
        group = now.get(key)
        full = group is not None and not site["local_team"] and sum(s["staff"] for s in group) + site["staff"] > 24
        if group is None or full:
            group = now[key] = []
            groups.append(group)
        group.append(site)
    return groups


# 7.12 partners


def partners(sites, homes, ids):
    """Three partners of everybody by position, none where the area has one agency; `homes`: each one's site."""
    found = []
    for home, me in zip(homes, ids, strict=True):
        mine = sites[home]
        area = [j for j, h in enumerate(homes) if sites[h]["area"] == mine["area"]]
        others = [j for j in area if sites[homes[j]]["agency"] != mine["agency"]]
        near = [j for j in others if sites[homes[j]]["locality"] == mine["locality"]]
        pool = near or others
        found.append([pool[mix((me + (k + 1) * G) & ALL_BITS) % len(pool)] for k in range(3)] if pool else [])
    return found


# 7.2 ids


def text_hash(text):
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def agent_id(owner, kind, slot):
    return mix((mix((owner + kind * G) & ALL_BITS) + slot * G) & ALL_BITS)
