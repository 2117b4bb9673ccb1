"""The shipped scenarios: each loads, says why, and is what its name promises."""

from __future__ import annotations

import re
import tomllib

import pytest

from sim.parameters import LEVERS, REGISTRY, levers_from
from sim.scenarios.differences import differences
from sim.scenarios.files import HERE, ORDER, base_of, load, names
from sim.scenarios.plan import core_teams
from sim.scenarios.scenario import REST

SOURCE = re.compile(
    r"lit \d+(\.\d+)?( [A-D](/[A-D])?)?|2018 summary|assumed|with-teams|[Nn]o(body)? |[Nn]one |end of support"
)


def own(name):
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def test_the_catalogue_is_what_was_promised():
    assert names() == ORDER
    assert set(ORDER) >= {"without-teams", "train-and-hope", "with-teams", "three-zones", "nation"}


@pytest.mark.parametrize("name", names())
def test_each_shipped_scenario_has_a_title_a_description_and_a_reason_for_each_choice(name):
    table, scenario = own(name), load(name)
    assert 10 <= len(scenario.title) <= 70 or name in ("slow-data", "half-the-team")
    assert 1 <= len(re.findall(r"[.?]( |$)", " ".join(scenario.description.split()))) <= 3
    chosen = {*table.get("levers", {}), *table.get("parameters", {})}
    chosen |= {k for k in ("zones", "core_teams", "events", "initiatives", "area", "scope", "months") if k in table}
    assert chosen <= set(table["notes"]), "each choice it sets has its own note"
    assert set(table["notes"]) <= chosen, "no note on what it does not set"
    for key in ("zones", "core_teams", "events", "initiatives"):
        assert all(row["note"] for row in table.get(key, []))
    for text in (*table["notes"].values(), *(r["note"] for k in ("zones", "events") for r in table.get(k, []))):
        assert SOURCE.search(text), text
        assert text.endswith("."), text
    assert set(scenario.notes) <= {*REGISTRY, "months", "zones", "events", "initiatives", "area", "scope"}


@pytest.mark.parametrize("name", [n for n in names() if n != "with-teams"])
def test_each_other_scenario_differs_from_its_base(name):
    scenario = load(name)
    assert base_of(scenario) is not None
    assert differences(base_of(scenario), scenario)


def test_without_teams_has_no_zone_and_nothing_organised():
    scenario = load("without-teams")
    assert scenario.zones == () and scenario.events == () and scenario.months == 120
    levers = scenario.lever_values()
    assert (levers.teams, levers.training, levers.coaching, levers.external_level, levers.mandate) == (0, 0, 0, 0, 0)


def test_train_and_hope_keeps_plan_months_training_and_the_wish_that_it_is_used_and_nothing_else():
    arm, teams, nothing = load("train-and-hope"), load("with-teams"), load("without-teams")
    assert (arm.zones, arm.months, arm.events, arm.scope, arm.area) == (
        teams.zones,
        teams.months,
        teams.events,
        teams.scope,
        teams.area,
    )
    assert arm.lever_values().training == teams.lever_values().training == 3.0
    assert arm.lever_values() == nothing.lever_values()._replace(training=3.0, mandate=0.3)
    assert (arm.parameters, arm.lever_values().teams) == ({}, 0.0)


def test_with_teams_is_the_situation_that_evidence_reads():
    scenario = load("with-teams")
    levers = scenario.lever_values()
    first, *_, last = scenario.zones
    assert (first.of(40), first.opens, len(scenario.zones), last.size, scenario.months) == (6, 1, 4, REST, 120)
    assert (core_teams(levers, 40), levers.core_team_size, levers.external_level) == (1, 5, 1)
    assert (levers.external_taper, levers.external_end, scenario.area) == (0, 1200, {})


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("single-lead", {"teams"}),
        ("committee", {"teams"}),
        ("half-the-team", {"core_team_size", "local_team_size"}),
        ("slow-data", {"data_lag_months"}),
        ("support-withdrawn", {"external_end"}),
        ("everywhere-at-once", {"zones"}),
        ("three-zones", {"zones"}),
        ("senior-leader-leaves", {"events"}),
        ("nation", {"area.name", "area.sites", "area.areas", "area.organisation_seed"}),
    ],
)
def test_a_scenario_changes_only_what_its_name_says(name, keys):
    assert {d.key for d in differences(load("with-teams"), load(name))} == keys


def test_delay_a_year_moves_everything_by_twelve_months():
    late, usual = load("delay-a-year"), load("with-teams")
    assert [z.opens for z in late.zones] == [z.opens + 12 for z in usual.zones]
    assert [z.share for z in late.zones] == [z.share for z in usual.zones]
    assert late.lever_values() == usual.lever_values()._replace(external_start=12)


def test_support_withdrawn_runs_five_years_beyond_its_end():
    scenario = load("support-withdrawn")
    assert scenario.months >= scenario.lever_values().external_end + 60


def test_everywhere_at_once_takes_every_site_in_the_first_month():
    (zone,) = load("everywhere-at-once").zones
    assert (zone.size, zone.types, zone.opens) == (-1, (), 1)


def test_local_areas():
    one, two, three = (load(f"local-area-{i}") for i in (1, 2, 3))
    assert one.zones[0].choose == 3 and set(one.zones[0].types) <= {"primary", "secondary", "special"}
    assert one.events[0].levers["data_lag_months"] < one.levers["data_lag_months"]
    assert two.lever_values().core_team_size == 2 and two.zones[0].opens > 1
    assert "health_visiting" in two.zones[0].types and "family_support" in two.zones[0].types
    assert three.zones == () and three.parameters["commitment_mean"] < REGISTRY["commitment_mean"].default
    assert three.levers["turnover_factor"] > 1 and three.lever_values().training == 0
    assert len({s.area["organisation_seed"] for s in (one, two, three)}) == 3


def test_the_stored_values_are_levers():
    for name in names():
        assert set(load(name).levers) <= set(LEVERS)
        assert load(name).lever_values() == levers_from(load(name).levers)
