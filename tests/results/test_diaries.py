"""Tables of sites' months and spells of use: as declared, without what could reveal somebody, kept and replayed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.engine import diary
from sim.engine.batch import simulate
from sim.errors import ResultError
from sim.organisation.generate import synthetic
from sim.results import diaries
from sim.results.columns import SITE_MONTHS, SPELLS, names
from sim.results.record import DIARY_TABLES
from sim.results.replay import replay
from sim.results.small_numbers import LEAST, small_sites, small_sites_of_zones
from sim.scenarios.files import load

KINDS = {"text": pa.string(), "whole number": pa.int64(), "number": pa.float64()}
QUICK = {"replicates": 3, "months": 30, "seed": 2}


@pytest.fixture(scope="module")
def run():
    """Thirty sites, some of them with fewer than five practitioners."""
    place = synthetic.generate({"sites": 30, "practitioners": 200, "families": 1500})
    assert 0 < small_sites(place).sum() < 30
    return simulate(load("with-teams"), place, diaries=diary.DIARIES, **QUICK)


def frame(run, what, *, show_names):
    return diaries.whole([run], what, show_names=show_names).to_pandas()


@pytest.mark.parametrize(("what", "declared"), [(diary.SITE_MONTHS, SITE_MONTHS), (diary.SPELLS, SPELLS)])
def test_columns_and_types_are_those_declared(run, what, declared):
    table = diaries.whole([run], what)
    assert tuple(table.schema.names) == names(declared)
    assert [f.type for f in table.schema] == [KINDS[c.kind] for c in declared]


def test_rows_follow_replicate_month_and_site(run):
    found = frame(run, diary.SITE_MONTHS, show_names=True)
    sites = len(run.organisation.sites)
    assert len(found) == 3 * 31 * sites
    row = found.iloc[(2 * 31 + 17) * sites + 5]
    assert (row.replicate, row.month, row.site_id) == (2, 17, run.organisation.sites.ids[5])
    kept = run.diary.site_months
    assert row.users == kept["users"][2, 17, 5] and row.capacity == kept["capacity"][2, 17, 5]
    users = found[found.users > 0]
    assert np.allclose(users.fidelity_mean * users.users, kept["fidelity"].ravel()[users.index])
    assert found.fidelity_mean[found.users == 0].isna().all()


def test_many_parts_make_the_same_table(run, monkeypatch):
    whole = [diaries.whole([run], what) for what in diary.DIARIES]
    monkeypatch.setattr(diaries, "ROWS", 10)
    assert [diaries.whole([run], what) for what in diary.DIARIES] == whole


def test_so_small_sites_show_nothing_that_could_reveal_somebody(run):
    hidden = small_sites_of_zones(run.organisation, run.site_zone)
    labels = set(np.array(run.organisation.sites.pseudonyms)[hidden])
    months = frame(run, diary.SITE_MONTHS, show_names=False)
    figures = ["users", "staff", "at_fidelity", "fidelity_mean", "capacity", "attention", "commitment_manager"]
    small = months.site_id.isin(labels)
    assert months.loc[small, figures].isna().all(axis=None)
    assert months.loc[~small, "staff"].notna().all() and (months.loc[~small, "staff"] >= LEAST).all()
    spells, shown = (frame(run, diary.SPELLS, show_names=flag) for flag in (False, True))
    assert not set(spells.site_id.dropna()) & labels
    assert spells.months_used.tolist() == shown.months_used.tolist()
    at_small = np.isin(shown.site_id, np.array(run.organisation.sites.ids)[hidden])
    assert at_small.any() and (spells.site_id.isna() == at_small).all() and (spells.zone.isna() == at_small).all()
    assert frame(run, diary.SITE_MONTHS, show_names=True).staff.notna().all(), "else nothing is shown to anybody"


def test_what_a_zone_has_less_its_other_sites_tells_nothing():
    place = synthetic.generate({"sites": 30, "practitioners": 200, "families": 1500})
    small = small_sites(place)
    staff = np.bincount(place.practitioners.site, minlength=30)
    one_small = np.where(np.arange(30) == np.flatnonzero(small)[0], 0, np.where(small, 2, 1)).astype(np.int32)
    one_small[np.flatnonzero(~small)[:5]] = 0
    hidden = small_sites_of_zones(place, one_small)
    assert small[one_small == 0].sum() == 1 and hidden[one_small == 0].sum() >= 2
    for zone in np.unique(one_small[hidden]):
        assert staff[hidden & (one_small == zone)].sum() >= LEAST


def test_a_result_keeps_and_replays_what_was_asked_for(tmp_path: Path):
    found = sim.run("with-teams", site_months=True, spells=True, **QUICK)
    folder = found.save(tmp_path / "kept", chart=False)
    assert set(DIARY_TABLES) <= {p.name for p in folder.iterdir()}
    assert replay(folder).identical
    assert len(pq.read_table(folder / "spells.parquet")) == len(found.spells())
    plain = sim.run("with-teams", **QUICK)
    assert not set(DIARY_TABLES) & {p.name for p in plain.save(tmp_path / "plain", chart=False).iterdir()}
    with pytest.raises(ResultError, match="ask for it with spells=True"):
        plain.spells()
    pd.testing.assert_frame_equal(plain.frame(), found.frame())
    (folder / "spells.parquet").write_bytes(b"changed")
    assert not replay(folder).identical


def test_several_scenarios_stand_one_after_the_other():
    found = sim.compare("with-teams", "without-teams", spells=True, **QUICK).spells()
    assert found.scenario.unique().tolist() == ["with-teams", "without-teams"]
    assert (found[found.scenario == "without-teams"].coached == 0).all()
    assert (found[found.scenario == "with-teams"].coached > 0).any()
