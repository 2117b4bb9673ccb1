"""The published tables: their columns, their sums, their nulls."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from outcome_builders import ensemble, organisation, scenario

from sim.engine.sums import AREA, COUNTS, COURSE, FAMILY
from sim.results import series
from sim.results.columns import FAMILY_COLUMNS, SERIES, SITES, names
from sim.results.series import columns, series_table, sites_table

KEYS = ("scenario", "replicate", "month", "zone", "draw")
STAGES = (
    "sites_not_engaged",
    "sites_exploration",
    "sites_installation",
    "sites_initial",
    "sites_full",
    "sites_not_sustained",
)


@pytest.fixture(scope="module")
def run():
    return ensemble(replicates=3, months=30)


@pytest.fixture(scope="module")
def rows(run):
    return series_table([run]).to_pylist()


def test_columns_are_those_of_the_specification_in_order():
    head = [
        "scenario",
        "replicate",
        "month",
        "zone",
        "draw",
        "sites",
        "sites_not_engaged",
        "sites_exploration",
        "sites_installation",
        "sites_initial",
        "sites_full",
        "sites_not_sustained",
        "sites_started",
        "sites_certified",
        "sites_ever_certified",
        "practitioners",
        "practitioners_aware",
        "practitioners_trained",
        "practitioners_using",
        "practitioners_at_fidelity",
        "fidelity_mean",
        "fidelity_assessed",
        "capacity_core",
        "capacity_local_mean",
        "attention_core",
        "commitment_group",
        "commitment_senior",
        "commitment_manager",
        "barrier_local_mean",
        "barrier_system",
        "barriers_raised",
        "barriers_removed",
        "playbook",
        "usability",
        "cycles",
        "families",
        "families_in_need",
        "families_identified",
        "families_waiting",
        "families_ever_in_need",
        "families_reached",
        "families_reached_at_fidelity",
        "wellbeing_all",
        "wellbeing_in_need",
        "wellbeing_reached",
        "cost_cash",
        "cost_released_time",
    ]
    assert list(names(SERIES))[: len(head)] == head
    fifths = [f"{c.name}_fifth{k}" for c in FAMILY_COLUMNS for k in range(1, 6)]
    later = ["families_completed", "wellbeing_completed", "sites_given_up", "sites_returned", "budget_short"]
    assert list(names(SERIES))[len(head) :] == [*fifths, *later]
    assert len(fifths) == 50


def test_site_columns_are_those_of_the_specification():
    head = "scenario replicate site_id zone month_started month_initial month_full month_certified"
    head += " certified_at_36 not_sustained"
    marks = [f"{what}_m{mark}" for mark in (12, 24, 36, 60) for what in ("fidelity", "capacity", "data_use", "using")]
    assert list(names(SITES)) == [*head.split(), *marks, "month_given_up", "month_returned", "generation"]


def test_rows_are_sorted_and_complete(run, rows):
    zones = ["first zone", "second zone", "outside", "all"]
    expected = [("with-teams", r, m, z) for r in range(3) for m in range(31) for z in zones]
    assert [(x["scenario"], x["replicate"], x["month"], x["zone"]) for x in rows] == expected
    assert {x["draw"] for x in rows} == {-1}


def test_replicates_are_numbered_from_the_first():
    later = ensemble(replicates=2, months=12, first=100)
    assert set(series_table([later]).column("replicate").to_pylist()) == {100, 101}
    assert set(sites_table([later]).column("replicate").to_pylist()) == {100, 101}


def test_all_is_the_sum_of_the_zones_and_stages_sum_to_sites(rows):
    whole = [*names(SERIES)[5:20], "cycles", "cost_cash", *(c.name for c in FAMILY_COLUMNS[:7])]
    for start in range(0, len(rows), 4):
        *zones, everything = rows[start : start + 4]
        for name in whole:
            assert everything[name] == pytest.approx(sum(z[name] for z in zones)), name
    for row in rows:
        assert sum(row[stage] for stage in STAGES) == row["sites"]


def test_fifths_sum_to_the_whole(rows):
    for row in rows[:: 4 * 7]:
        for column in FAMILY_COLUMNS[:7]:
            assert row[column.name] == sum(row[f"{column.name}_fifth{k}"] for k in range(1, 6))


def test_means_are_recomputed_from_sums_not_averaged(run, rows):
    everything = [x for x in rows if x["zone"] == "all" and x["replicate"] == 0]
    by_zone = [x for x in rows if x["zone"] != "all" and x["replicate"] == 0]
    for row in everything:
        zones = [z for z in by_zone if z["month"] == row["month"]]
        using = sum(z["practitioners_using"] for z in zones)
        if using:
            total = sum(z["fidelity_mean"] * z["practitioners_using"] for z in zones if z["practitioners_using"])
            assert row["fidelity_mean"] == pytest.approx(total / using)


def test_undefined_is_null():
    nobody = ensemble(strength=0, replicates=1, months=5)
    for row in series_table([nobody]).to_pylist():
        for name in ("fidelity_mean", "fidelity_assessed", "capacity_local_mean", "capacity_core", "wellbeing_reached"):
            assert row[name] is None
        assert (row["barrier_local_mean"] is None) == (row["sites"] == 0)


def test_wellbeing_by_hand(run):
    """Where all of a gain lasts."""
    run = replace(run, family=run.family.copy(), scenario=replace(run.scenario, parameters={"gain_lasts": 1.0}))
    run.family[..., FAMILY.index("gain_fading")] = 0
    at, family = columns(run), dict(zip(FAMILY, run.family[1, 20, 0].sum(axis=0), strict=True))
    families, in_need = family["families"], family["families_in_need"]
    reached, benefit = family["reached_here"], family["benefit_here"]
    benefit_in_need, reached_in_need = family["benefit_in_need"], family["reached_in_need"]
    gap = 1.2
    assert at["wellbeing_all"][1, 20, 0] == pytest.approx((benefit / 1e6 - gap * in_need) / families)
    assert at["wellbeing_in_need"][1, 20, 0] == pytest.approx(benefit_in_need / 1e6 / in_need - gap)
    assert at["wellbeing_reached"][1, 20, 0] == pytest.approx((benefit / 1e6 - gap * reached_in_need) / reached)


def test_completers_by_hand(run):
    at = columns(run)
    assert (at["families_completed"][..., -1] == run.family[..., 12].sum(axis=(2, 3))).all()
    some = at["families_completed"] > 0
    assert at["wellbeing_completed"][some] == pytest.approx(0.3)
    assert np.isnan(at["wellbeing_completed"][~some]).all()


def test_wellbeing_counts_what_is_left_of_gains(run):
    """A quarter lasts, and of the rest a third is still there: half is kept; those who left count for nothing."""
    half = replace(run, family=run.family.copy(), scenario=replace(run.scenario, parameters={"gain_lasts": 0.25}))
    half.family[..., 17] = run.family[..., 16] // 4
    half.family[..., 7] *= 3
    at, gap = columns(half), 1.2
    in_need, benefit_in_need = (run.family[1, 20, 0, :, k].sum() for k in (1, 8))
    assert at["wellbeing_in_need"][1, 20, 0] == pytest.approx(0.5 * benefit_in_need / 1e6 / in_need - gap)
    families, benefit = (run.family[1, 20, 0, :, k].sum() for k in (0, 16))
    assert at["wellbeing_all"][1, 20, 0] == pytest.approx((0.5 * benefit / 1e6 - gap * in_need) / families)


def test_wellbeing_follows_a_need_gap_set_by_hand(run):
    wider = replace(run, scenario=replace(run.scenario, parameters={"need_gap": 2.0}))
    assert (columns(wider)["wellbeing_all"] < columns(run)["wellbeing_all"]).all()


def test_area_values_repeat_in_every_zone(run):
    at = columns(run)
    for i, name in enumerate(AREA):
        assert (at[name] == run.area[:, :, None, i]).all()


def test_types_are_those_declared(run):
    kinds = {"text": pa.string(), "whole number": pa.int64(), "number": pa.float64(), "true or false": pa.bool_()}
    for table, declared in ((series_table([run]), SERIES), (sites_table([run]), SITES)):
        assert [f.type for f in table.schema] == [kinds[c.kind] for c in declared]


def test_sites_table_by_hand(run):
    rows = sites_table([run]).to_pylist()
    count = len(run.organisation.sites)
    assert len(rows) == 3 * count
    for number in (0, 5, count, 2 * count + 9):
        r, s = divmod(number, count)
        row = rows[number]
        assert row["site_id"] == run.organisation.sites.ids[s]
        assert row["month_certified"] == run.site_month[r, s, 3]
        expected = run.certified_at_36[r, s]
        assert row["certified_at_36"] == (None if expected < 0 else bool(expected))
        assert [row[name] for name in COURSE] == run.site_course[r, s].tolist()
        value = run.marked[r, s, 2, 3]
        assert row["using_m36"] == (None if np.isnan(value) else value)


def test_sites_that_gave_up_and_returned_are_counted_from_their_month_on(run):
    found = columns(run)
    for number, name in enumerate(("sites_given_up", "sites_returned")):
        month = run.site_course[..., number]
        assert (month >= 0).any() and (month < 0).any()
        for zone in range(len(run.zones) + 2):
            here = run.site_zone == zone if zone <= len(run.zones) else np.ones(len(run.site_zone), bool)
            for at in (0, 12, run.months):
                expected = ((month[:, here] >= 0) & (month[:, here] <= at)).sum(axis=1)
                assert (found[name][:, at, zone] == expected).all()
    assert (found["sites_returned"] <= found["sites_given_up"]).all()


def test_several_scenarios_come_one_after_the_other(run):
    other = replace(run, scenario=scenario("without-teams"))
    table = series_table([run, other])
    assert table.column("scenario").to_pylist() == ["with-teams"] * 372 + ["without-teams"] * 372


def test_the_same_results_give_the_same_bytes(tmp_path: Path):
    from sim.results.record import write_tables

    first = write_tables([ensemble(replicates=2, months=20)], _folder(tmp_path, "a"), sites=True, show_names=False)
    again = write_tables([ensemble(replicates=2, months=20)], _folder(tmp_path, "b"), sites=True, show_names=False)
    other = write_tables(
        [ensemble(replicates=2, months=20, seed=2)], _folder(tmp_path, "c"), sites=True, show_names=False
    )
    assert first == again
    assert set(first) == {"series.parquet", "sites.parquet", "summary.csv", "costs.csv"}
    assert all(first[name] != other[name] for name in first)


def test_more_replicates_leave_the_first_rows_as_they_were():
    few, many = (series_table([ensemble(replicates=r, months=12, place=organisation())]) for r in (2, 5))
    skip = [n for n in few.schema.names if n in AREA or n.startswith(("cost", "fidelity"))]
    assert many.slice(0, few.num_rows).drop_columns(skip).equals(few.drop_columns(skip))


def test_csv_has_no_exponents_or_nan(tmp_path: Path):
    from sim.results.record import write_tables

    write_tables([ensemble(strength=0, replicates=2, months=20)], tmp_path, sites=False, show_names=False)
    text = (tmp_path / "summary.csv").read_text() + (tmp_path / "costs.csv").read_text()
    assert not re.search(r"\b(nan|inf|NaN)\b|\de[+-]\d", text)
    assert pq.read_table(tmp_path / "series.parquet").num_rows == 2 * 21 * 4


def test_every_raw_count_is_published_or_said_why():
    not_columns = {"practitioners_stopped", "sites_assessed", "teams_local"}
    assert set(COUNTS) - set(names(SERIES)) == not_columns


def _folder(root: Path, name: str) -> Path:
    (root / name).mkdir()
    return root / name


@pytest.mark.parametrize("guarded", [False, True])
def test_a_table_made_some_replicates_at_a_time_is_the_same(monkeypatch, guarded):
    run = ensemble(replicates=7, months=12, place=organisation())
    whole = series_table([run], guarded=guarded)
    monkeypatch.setattr(series, "AT_ONCE", 3)
    parts = [part.num_rows for part in series.series_parts(run, guarded=guarded)]
    assert len(parts) == 3 and sum(parts) == whole.num_rows
    assert series_table([run], guarded=guarded).equals(whole)
