"""Generated areas: sizes, determinism, soundness of every table, clear refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from organisation_builders import differing

from sim.errors import ScenarioError, UnknownName
from sim.organisation.codes import AGENCIES, INTENDED_USERS, MANAGER, OPERATIONAL, SENIOR, SITE_TYPES, STATUTORY
from sim.organisation.generate.chance import apportion
from sim.organisation.generate.synthetic import generate, read_settings
from sim.organisation.organisation import Organisation


def assert_sound(area: Organisation) -> None:
    sites, people, families, leaders = area.sites, area.practitioners, area.families, area.leaders
    assert len(set(sites.ids.tolist())) == len(sites)
    assert len(set(sites.pseudonyms.tolist())) == len(sites)
    assert (np.diff(sites.area) >= 0).all()
    assert sites.staff.min() >= 1
    assert sites.roll.min() >= 0
    assert np.array_equal(np.bincount(people.site, minlength=len(sites)), sites.staff)
    assert (np.diff(people.site) >= 0).all()
    home = people.site[families.practitioner]
    assert np.array_equal(np.bincount(home, minlength=len(sites)), sites.roll)
    assert (np.diff(home.astype(np.int64) * 5 + families.fifth) >= 0).all()
    assert len(set(leaders.ids.tolist())) == len(leaders)
    assert (np.diff(leaders.level) >= 0).all()
    assert np.array_equal(leaders.site[leaders.level == MANAGER], np.arange(len(sites)))
    bosses = leaders.reports_to[leaders.level == MANAGER]
    assert (leaders.level[bosses] == OPERATIONAL).all()
    assert np.array_equal(leaders.agency[bosses], sites.agency)
    assert (leaders.level[leaders.reports_to[leaders.level == OPERATIONAL]] == SENIOR).all()
    rows = np.repeat(np.arange(len(people)), np.diff(people.tie_indptr))
    ties = set(zip(rows.tolist(), people.tie_indices.tolist(), strict=True))
    assert len(ties) == len(people.tie_indices)
    assert all((b, a) in ties and a != b for a, b in ties)


def test_the_default_area_has_the_size_it_promises():
    area = generate({})
    assert len(area.sites) == 40
    assert abs(len(area.practitioners) - 900) <= 45
    assert abs(len(area.families) - 9000) <= 450
    assert {SITE_TYPES[k] for k in area.sites.type.tolist()} == set(INTENDED_USERS)
    assert set(area.sites.agency.tolist()) == set(range(len(AGENCIES)))
    assert np.isnan(area.practitioners.readiness).all()
    assert np.isnan(area.leaders.commitment).all()
    assert (area.senior >= 0).all()
    assert_sound(area)


def test_the_same_settings_give_the_same_area_and_another_seed_another():
    assert differing(generate({"sites": 30}), generate({"sites": 30})) == []
    one, other = generate({"sites": 30}), generate({"sites": 30, "organisation_seed": 1})
    assert one.digest != other.digest
    assert not np.array_equal(one.sites.staff, other.sites.staff)


def test_numpys_global_random_state_is_left_alone():
    np.random.seed(7)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    first = generate({}).digest
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    np.random.seed(8)  # noqa: NPY002
    assert generate({}).digest == first


@settings(max_examples=25, deadline=None)
@given(
    areas=st.integers(1, 4),
    spare=st.integers(0, 60),
    deprivation=st.floats(0.05, 0.8),
    rural=st.floats(0, 1),
    seed=st.integers(0, 2**40),
)
def test_every_area_is_sound(areas, spare, deprivation, rural, seed):
    asked = {"areas": areas, "sites": 5 * areas + spare, "deprivation": deprivation, "rural": rural}
    area = generate({**asked, "organisation_seed": seed})
    assert len(area.sites) == asked["sites"]
    assert len(area.areas) == areas
    assert_sound(area)
    reached = float((area.sites.deprivation * area.sites.roll).sum() / area.sites.roll.sum())
    assert abs(reached - deprivation) < 0.01


def test_asked_totals_are_met_exactly():
    area = generate({"sites": 50, "practitioners": 700, "families": 5000})
    assert len(area.practitioners) == 700
    assert len(area.families) == 5000


def test_a_nations_health_boards_span_areas():
    nation = generate({"areas": 7, "sites": 70})
    health = AGENCIES.index("health")
    shared_by = [nation.senior[:, health].tolist().count(row) for row in set(nation.senior[:, health].tolist())]
    assert sorted(shared_by) == [1, 3, 3]
    for row in set(nation.senior[:, health].tolist()):
        spans = int((nation.senior[:, health] == row).sum())
        assert (nation.leaders.area[row] == -1) == (spans > 1)
    for name in STATUTORY:
        assert (nation.senior[:, AGENCIES.index(name)] >= 0).all()
    assert len(set(nation.areas)) == 7


def test_partner_agencies_have_a_lead_only_where_they_have_sites():
    area = generate({"sites": 5})
    for agency, name in enumerate(AGENCIES):
        present = (area.sites.agency == agency).any()
        assert (area.senior[0, agency] >= 0) == (present or name in STATUTORY)


def test_three_thousand_sites():
    area = generate({"sites": 3000})
    assert len(area.practitioners) > 50_000


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"sites": 4}, "5, 3000"),
        ({"sites": "40"}, "whole number"),
        ({"sites": 40.5}, "whole number"),
        ({"sites": True}, "whole number"),
        ({"sites": 10, "areas": 3}, "sites = 15"),
        ({"deprivation": 1.2}, "0.95"),
        ({"deprivation": float("nan")}, "number"),
        ({"name": 3}, "text"),
        ({"sites": 40, "practitioners": 12}, "fewer than one"),
    ],
)
def test_impossible_settings_are_refused_in_words(asked, word):
    with pytest.raises(ScenarioError, match=word):
        read_settings(asked)


def test_an_unknown_setting_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'deprivation'") as caught:
        generate({"depravation": 0.3})
    assert caught.value.nearest == "deprivation"


@given(
    total=st.integers(0, 500),
    weights=st.lists(st.floats(0, 100), min_size=1, max_size=12),
    least=st.integers(0, 3),
)
def test_apportioning_keeps_the_total_and_the_least(total, weights, least):
    total = max(total, least * len(weights))
    shares = apportion(total, np.array(weights), least)
    assert shares.sum() == total
    assert shares.min() >= least
