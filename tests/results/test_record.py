"""The result folder: complete, never overwritten, without names, and gone when something goes wrong."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from outcome_builders import ensemble, organisation, scenario

from sim.errors import ResultError
from sim.organisation.generate.naming import digest_of
from sim.results import record, unnamed
from sim.results.kept_organisation import keep, recall
from sim.results.study import ChosenOrganisation, Comparison, Result
from sim.scenarios.write import from_dict

ORIGIN = record.Origin("zones compare a b", "batch", True, False, {"generated": {"sites": 12}}, record.now())


@pytest.fixture
def answer():
    place = organisation()
    pair = [ensemble(place=place, replicates=4, months=24)]
    pair.append(
        ensemble("without-teams", strength=0, place=place, replicates=4, months=24, asked=scenario("without-teams"))
    )
    return Comparison(pair, ChosenOrganisation(place, ORIGIN.place), ORIGIN)


def test_a_folder_holds_everything(answer, tmp_path: Path):
    out = answer.save(tmp_path / "new")
    files = {p.name for p in out.iterdir()}
    assert files == {
        "manifest.json",
        "series.parquet",
        "sites.parquet",
        "summary.csv",
        "costs.csv",
        "chart.png",
        "chart.svg",
        "replay-only",
    }
    assert answer.folder == out
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


def test_the_manifest_says_what_was_run(answer, tmp_path: Path):
    out = answer.save(tmp_path / "new")
    manifest = json.loads((out / "manifest.json").read_text())
    assert [from_dict(s) for s in manifest["scenarios"]] == [e.scenario for e in answer.ensembles]
    assert manifest["tables"] == {n: record.file_digest(out / n) for n in record.TABLES[:-1]}
    assert "digest" not in manifest["organisation"]
    assert (manifest["seed"], manifest["replicates"], manifest["months"], manifest["engine"]) == (1, 4, 24, "batch")
    assert manifest["start"] <= manifest["end"]
    assert {"zones", "sources", "python", "numpy", "numba"} <= set(manifest["versions"])
    assert manifest["draws"] == {"with-teams": [-1] * 4, "without-teams": [-1] * 4}


def test_sites_only_on_request(answer, tmp_path: Path):
    plain = Comparison(answer.ensembles, ChosenOrganisation(answer.organisation, {}), replace(ORIGIN, sites=False))
    assert not (plain.save(tmp_path / "new") / "sites.parquet").exists()


def test_an_empty_folder_is_taken_and_a_full_one_never(answer, tmp_path: Path):
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    answer.save(empty)
    with pytest.raises(ResultError, match="never overwritten; give another folder"):
        answer.save(full)
    with pytest.raises(ResultError, match="never overwritten"):
        answer.save(empty)
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="is a file or link"):
        answer.save(tmp_path / "file")
    assert [p.name for p in full.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, MemoryError, OSError])
def test_nothing_half_written_stays(answer, tmp_path: Path, monkeypatch, fault):
    def stop(*_args, **_options):
        raise fault

    monkeypatch.setattr("sim.results.charts.save_chart", stop)
    with pytest.raises((fault, ResultError)):
        answer.save(tmp_path / "deep" / "new")
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_folder_taken_meanwhile_is_left_alone(tmp_path: Path):
    def race() -> None:
        with record.beside(tmp_path / "new") as part:
            (part / "ours.txt").write_text("ours")
            (tmp_path / "new").mkdir()
            (tmp_path / "new" / "theirs.txt").write_text("theirs")

    with pytest.raises(ResultError, match="cannot be written"):
        race()
    assert [p.name for p in tmp_path.rglob("*.txt")] == ["theirs.txt"]


def test_dated_folders_never_meet(tmp_path: Path):
    first = record.dated_folder(["a", "b", "c"], tmp_path)
    assert first.name.endswith("-a-vs-b-and-more")
    first.mkdir()
    assert record.dated_folder(["a", "b", "c"], tmp_path) != first


def test_summary_and_costs(answer, tmp_path: Path):
    out = answer.save(tmp_path / "new")
    summary = list(csv.DictReader((out / "summary.csv").read_text().splitlines()))
    assert {(r["scenario"], r["id"]) for r in summary} >= {
        ("with-teams", "practitioners_stopped"),
        ("without-teams", "months_to_80"),
    }
    assert next(r for r in summary if r["id"] == "months_to_80" and r["scenario"] == "without-teams")["median"] == ""
    costs = list(csv.DictReader((out / "costs.csv").read_text().splitlines()))
    mine = [float(r["cash"]) for r in costs if r["scenario"] == "with-teams" and r["agency"] == "external"]
    assert mine == pytest.approx(answer.ensembles[0].cost[:, -1, :, 0].mean(axis=0), abs=0.01)
    assert {r["year"] for r in costs} == {"1", "2"}


def test_no_name_reaches_a_folder_unless_asked_for(answer, tmp_path: Path):
    sites = replace(answer.organisation.sites, names=np.array([f"Sekret Street {i}" for i in range(12)]))
    people = answer.organisation.practitioners
    staff = replace(people, ids=np.array([f"Jane Doe {i}" for i in range(len(people))]))
    named = replace(answer.organisation, sites=sites, practitioners=staff)
    for shown in (False, True):
        place = ChosenOrganisation(named, {})
        out = Comparison(answer.ensembles, place, replace(ORIGIN, show_names=shown)).save(tmp_path / str(shown))
        kept = recall(out / "replay-only")
        assert ("Sekret Street 3" in kept.sites.names) == shown
        assert ("Jane Doe 3" in kept.practitioners.ids) == shown
        if not shown:
            assert not [p for p in out.rglob("*") if p.is_file() and b"Sekret" in p.read_bytes()]


def test_an_organisation_comes_back_as_it_was(tmp_path: Path):
    place = organisation()
    keep(place, tmp_path / "kept", show_names=True)
    again = recall(tmp_path / "kept")
    assert digest_of(again) == digest_of(place)
    for table in ("sites", "practitioners", "leaders", "families"):
        for name in getattr(place, table).__dataclass_fields__:
            one, other = getattr(getattr(place, table), name), getattr(getattr(again, table), name)
            assert one.dtype == other.dtype or one.dtype.kind == other.dtype.kind == "U", (table, name)
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    assert (again.areas, again.digest, again.assumptions) == (place.areas, place.digest, place.assumptions)
    assert (again.senior == place.senior).all()
    assert (unnamed.organisation(place).sites.names == place.sites.pseudonyms).all()


def test_a_damaged_organisation_is_said_so(tmp_path: Path):
    keep(organisation(), tmp_path / "kept")
    (tmp_path / "kept" / "sites.parquet").write_bytes(b"nonsense")
    with pytest.raises(ResultError, match="cannot be read"):
        recall(tmp_path / "kept")


def test_results_are_readable(answer):
    one = Result(answer.ensembles[:1], ChosenOrganisation(answer.organisation, {}), ORIGIN)
    assert "simulated runs" in repr(one)
    assert "sites in full implementation" in repr(answer)
    assert len(answer.frame()) == 2 * 4 * 25 * 4
    assert {r["scenario"] for r in answer.headlines()} == {"with-teams", "without-teams"}
    assert len(answer.differences()) == 7
    assert len(answer.sites()) == 2 * 4 * 12
