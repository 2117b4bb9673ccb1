"""The plan laid on an organisation: who is in which zone, what blocks one, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scenario_builders import tiny, without_manager

from sim.errors import ScenarioError
from sim.organisation.codes import SITE_TYPES
from sim.organisation.generate import synthetic
from sim.scenarios.files import load, names
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import REST, Scenario, Zone


def plan_of(organisation, *zones, **more):
    return resolve(Scenario("mine", zones=zones, **more), organisation)


def test_no_zone_leaves_everybody_outside():
    plan = plan_of(tiny())
    assert (plan.zones, plan.site_zone.tolist(), plan.site_zone.dtype) == ((), [-1] * 4, np.int32)
    assert plan.blocked.shape == plan.similarity.shape == (1, 0)


def test_named_sites_first_then_those_counted_in_the_file_s_order():
    plan = plan_of(tiny(), Zone("a", count=2, opens=1), Zone("b", sites=("a0-primary0",), opens=2))
    assert plan.site_zone.tolist() == [1, 0, 0, -1]
    assert plan.warnings == ()


def test_types_scope_and_the_rest():
    kinds = ("primary", "fostering", "secondary", "primary")
    plan = plan_of(tiny(kinds), Zone("a", count=1, types=("secondary",), opens=1), Zone("b", choose=REST, opens=1))
    assert plan.site_zone.tolist() == [1, -1, 0, 1], "fostering is out of scope"
    plan = plan_of(tiny(kinds), Zone("a", count=REST, opens=1), scope=("fostering",))
    assert plan.site_zone.tolist() == [-1, 0, -1, -1]


def test_a_nation_applies_the_plan_to_each_area():
    plan = plan_of(tiny(areas=3), Zone("a", count=1, opens=1), Zone("b", count=REST, opens=1))
    assert plan.site_zone.tolist() == [0, 1, 1, 1] * 3
    assert plan.blocked.shape == (3, 2) and not plan.blocked.any()


def test_too_few_sites_are_all_taken_and_it_is_said():
    plan = plan_of(tiny(), Zone("a", choose=9, opens=1), Zone("b", count=1, types=("nursery",), opens=5))
    assert plan.site_zone.tolist() == [0] * 4
    assert plan.warnings == (
        "Zone 'a' asks for 9 sites; Area 0 has 4 left: it takes all of them.",
        "Zone 'b' asks for 1 site of type nursery; Area 0 has 0 left: it stays empty.",
    )
    assert plan.missing == ((((), ("sites",))),)
    assert plan.blocked.tolist() == [[False, True]]
    assert plan.similarity.tolist() == [[0.0, 0.0]]


def test_missing_levels_block_and_are_named():
    zones = (Zone("a", count=3, opens=1), Zone("b", count=REST, opens=1))
    assert not plan_of(tiny(), *zones).blocked.any()
    plan = plan_of(tiny(lacking_senior=("health",)), *zones)
    assert plan.missing == (((), ("senior leader of health",)),)
    assert plan.blocked.tolist() == [[False, True]]
    plan = plan_of(tiny(lacking_senior=("social_work",)), *zones)
    assert not plan.blocked.any(), "no social-work site in the zone, so its leader is not needed"
    plan = plan_of(without_manager(tiny(group=False), 1), *zones)
    assert plan.missing == ((("manager of Site 1", "multi-agency group"), ("multi-agency group",)),)


def test_partner_providers_need_no_senior_leader():
    assert not plan_of(tiny(("primary", "family_support")), Zone("a", count=REST, opens=1)).blocked.any()


def test_sites_that_cannot_be_placed_are_refused_all_at_once():
    zones = (
        Zone("a", sites=("a0-primary0", "a0-primry0"), opens=1),
        Zone("b", sites=("a0-primary0", "a0-fostering1", "zzz"), opens=1),
    )
    with pytest.raises(ScenarioError) as caught:
        plan_of(tiny(("primary", "fostering")), *zones)
    assert str(caught.value) == (
        "mine: 4 problems\n"
        "  - zones[1].sites (a): no site 'a0-primry0' among the 2 sites in scope of Tiny. Did you mean 'a0-primary0'?\n"
        "  - zones[2].sites (b): 'a0-primary0' is in zone 'a' already; a site belongs to one zone.\n"
        "  - zones[2].sites (b): 'a0-fostering1' is of type fostering, which the scope leaves out; add it to 'scope'.\n"
        "  - zones[2].sites (b): no site 'zzz' among the 2 sites in scope of Tiny. 'zones check' lists the ids."
    )


@pytest.mark.parametrize("name", names())
def test_shipped_plans_on_their_own_areas(name):
    scenario = load(name)
    organisation = synthetic.generate(scenario.area)
    plan = resolve(scenario, organisation)
    again = resolve(scenario, synthetic.generate(scenario.area))
    assert (plan.site_zone == again.site_zone).all() and (plan.similarity == again.similarity).all()
    assert not plan.blocked.any()
    assert not plan.warnings
    assert (plan.similarity[:, :1] == 0).all()
    assert ((plan.similarity[:, 1:] > 0) & (plan.similarity[:, 1:] <= 1)).all()
    for i, zone in enumerate(scenario.zones):
        mine = plan.site_zone == i
        per_area = np.bincount(organisation.sites.area[mine], minlength=len(organisation.areas))
        if zone.size != REST:
            there = np.bincount(organisation.sites.area, minlength=len(organisation.areas))
            assert per_area.tolist() == [zone.of(int(sites)) for sites in there] or zone.types
        if zone.types:
            assert {SITE_TYPES[t] for t in organisation.sites.type[mine]} <= set(zone.types)
