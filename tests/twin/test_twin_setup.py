"""Zones, teams and permanent ids against what docs/odd.md says of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import plain_setup as plain
import pytest

from sim.engine.setup import prepare
from sim.organisation.codes import SITE_TYPES
from sim.organisation.generate import synthetic
from sim.scenarios.scenario import REST, FurtherCoreTeam, Scenario, Zone


@cache
def place(sites=24, areas=1, seed=0):
    """Most sites have fewer than six posts, so that local teams are shared."""
    settings = {"sites": sites, "areas": areas, "organisation_seed": seed}
    return synthetic.generate(settings | {"practitioners": 6 * sites, "families": 20 * sites})


def asking(**levers) -> Scenario:
    zones = (
        Zone("chosen", choose=7, opens=1, resources=0.5),
        Zone("counted", count=4, types=("primary", "nursery"), opens=2),
        Zone("rest", choose=REST, types=("nursery", "secondary", "social_work"), opens=3),
    )
    later = (
        FurtherCoreTeam(30),
        FurtherCoreTeam(12, 3, 2, ("rest", "counted")),
        FurtherCoreTeam(40, zones=("chosen",)),
    )
    return Scenario("asking", levers={"teams": 4.0} | levers, zones=zones, core_teams=later)


def named(organisation):
    """The same place where the file names some teams and capacities."""
    sites = organisation.sites
    keys = np.where(np.arange(len(sites)) % 3 == 0, "west", "east")
    shared = np.where(np.arange(len(sites)) % 5 == 0, "a team", "")
    capacity = np.where(np.arange(len(sites)) % 2 == 0, 0.1 + 0.02 * np.arange(len(sites)), np.nan)
    return replace(
        organisation,
        sites=replace(sites, core_team=keys, local_team=shared, capacity=capacity),
        core_capacity={"west": 0.4, "": 0.2},
    )


def told(scenario, organisation):
    """Sites, zone of each and teams, as the page describes them."""
    sites = plain.rows_of(organisation)
    zone_of = plain.lay_plan(sites, scenario.zones, SITE_TYPES, len(organisation.areas))
    given = organisation.core_capacity
    return sites, zone_of, plain.found_teams(sites, zone_of, scenario, organisation.areas, given)


LEVERS = {
    "one core team": {},
    "a lead": {"teams": 1.0},
    "a committee": {"teams": 2.0},
    "core only": {"teams": 3.0},
    "none": {"teams": 0.0},
    "isolated": {"collective": 0.0, "core_team_size": 7.0},
    "by agency": {"core_teams": 3.0, "split_core_by": 0.0},
    "by locality": {"core_teams": 2.0, "local_team_size": 9.0},
    "small": {"core_team_size": 2.0, "core_team_agencies": 5.0},
}


@pytest.mark.parametrize("change", [named, lambda o: o], ids=["teams named", "nothing named"])
@pytest.mark.parametrize("areas", [1, 3])
@pytest.mark.parametrize("levers", LEVERS.values(), ids=LEVERS)
def test_zones_and_teams_are_formed_as_described(levers, areas, change):
    scenario, organisation = asking(**levers), change(place(sites=24 if areas == 1 else 36, areas=areas))
    setup = prepare(scenario, organisation)
    sites, zone_of, teams = told(scenario, setup.organisation)
    built = setup.teams
    assert setup.course.site_zone.tolist() == zone_of
    assert built.of_site.tolist() == [s["local"] for s in sites]
    assert built.core_of_site.tolist() == [s["core"] for s in sites]
    further = [team for team in teams if team["founded"] >= 0]
    assert built.core_count == len({s["core"] for s in sites} - {-1}) + len(further)
    assert (len(further) >= 2 * areas) == (scenario.levers["teams"] > 0)
    taken = [built.taken_index[a:b].tolist() for a, b in pairwise(built.taken_ptr)]
    assert taken == [team["taken"] for team in teams]
    columns = ("area", "parent", "zone", "own_size", "sharing", "agencies", "committee", "resources", "id", "founded")
    for name in columns:
        assert getattr(built, name).tolist() == [team[name] for team in teams], name
    assert np.allclose(built.capacity, [team["capacity"] for team in teams], equal_nan=True)
    assert built.staff.tolist() == [sum(s["staff"] for s in team["sites"]) for team in teams]


def test_the_place_has_what_the_rules_of_teams_are_about():
    _, zone_of, teams = told(asking(), place())
    assert {0, 1, 2, 3} == set(zone_of)
    assert any(len(team["sites"]) > 1 for team in teams[1:]), "no team is shared"
    assert any(len(team["sites"]) == 1 for team in teams[1:])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [1, 3, 9])
def test_the_most_representative_sites_are_chosen_as_described(seed, size):
    scenario = Scenario("chosen", zones=(Zone("chosen", choose=size, opens=1),))
    setup = prepare(scenario, place(seed=seed))
    _, zone_of, _ = told(scenario, setup.organisation)
    assert setup.course.site_zone.tolist() == zone_of
    assert zone_of.count(0) == size


def test_another_choice_of_sites_is_noticed(monkeypatch):
    monkeypatch.setattr(plain, "representative", lambda sites, size: list(range(size)))
    _, zone_of, _ = told(asking(), place())
    assert prepare(asking(), place()).course.site_zone.tolist() != zone_of


def test_zones_resemble_and_are_blocked_as_described():
    organisation = place(sites=36, areas=3)
    senior, group = organisation.senior.copy(), organisation.group.copy()
    senior[1, 1] = -1
    group[2] = False
    scenario = asking()
    setup = prepare(scenario, replace(organisation, senior=senior, group=group))
    sites, zone_of, _ = told(scenario, setup.organisation)
    for area in range(3):
        for z in range(3):
            here = [(s, k) for s, k in zip(sites, zone_of, strict=True) if s["area"] == area]
            mine = [s for s, k in here if k == z]
            earlier = [s for s, k in here if k < z]
            assert setup.course.similarity[area, z] == pytest.approx(plain.similarity(earlier, mine)), (area, z)
            headless = any(s["agency"] < plain.STATUTORY and senior[area, s["agency"]] < 0 for s in mine)
            assert setup.course.blocked[area, z] == (not mine or headless or not group[area])
    assert setup.course.blocked[1].any()
    assert not setup.course.blocked[0].any()


def test_permanent_ids_are_as_described():
    setup = prepare(asking(), place())
    o, made = setup.organisation, setup.place
    owner = [plain.text_hash(i) for i in o.sites.ids.tolist()]
    people = o.practitioners
    assert made.person_id.tolist() == [
        plain.agent_id(owner[s], 1, k) for s, k in zip(people.site.tolist(), people.slot.tolist(), strict=True)
    ]
    homes = people.site[o.families.practitioner].tolist()
    assert made.family_id.tolist() == [
        plain.agent_id(owner[s], 2, k) for s, k in zip(homes, o.families.slot.tolist(), strict=True)
    ]
    assert made.site_id.tolist() == [plain.agent_id(h, 3, 0) for h in owner]
    assert made.leader_id.tolist() == [plain.text_hash(f"leader/{i}") for i in o.leaders.ids.tolist()]
    area = plain.text_hash(f"area/{o.areas[0]}")
    assert made.queue_id.tolist() == [[plain.agent_id(area, 6, q) for q in range(6)]]


@pytest.mark.parametrize("areas", [1, 3])
def test_partners_are_found_as_described(areas):
    """One site lies by itself, so that its partners are found elsewhere in its area."""
    made = place(sites=24 if areas == 1 else 36, areas=areas)
    apart = np.array(["far out", *made.sites.locality.tolist()[1:]])
    setup = prepare(asking(), replace(made, sites=replace(made.sites, locality=apart)))
    sites, _, _ = told(asking(), setup.organisation)
    homes = setup.organisation.practitioners.site.tolist()
    mine = plain.partners(sites, homes, setup.place.person_id.tolist())
    assert [[k for k in row if k >= 0] for row in setup.partners.tolist()] == mine
    near = [sites[homes[row[0]]]["locality"] == sites[home]["locality"] for home, row in zip(homes, mine, strict=True)]
    assert 0 < sum(near) < len(near), "both ways of finding them have work"


def test_a_place_with_one_agency_has_no_partners():
    organisation = place()
    sites = replace(organisation.sites, agency=np.zeros_like(organisation.sites.agency))
    setup = prepare(asking(), replace(organisation, sites=sites))
    assert (setup.partners == -1).all()
