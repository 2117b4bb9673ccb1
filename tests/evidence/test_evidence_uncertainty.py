"""Runs draw their parameters from the shipped sample: the same row in every arm and engine, settings by hand first."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim import posterior
from sim.cli import main
from sim.engine.draws import row_of
from sim.errors import ResultError
from sim.evidence.published import Finding
from sim.evidence.situations.readings import Reading
from sim.evidence.situations.table import SITUATIONS
from sim.organisation.generate.synthetic import generate
from sim.results.measures import standing
from sim.results.replay import replay

SMALL = {"replicates": 4, "months": 6}


@pytest.fixture(scope="module")
def place():
    return generate({"sites": 6, "practitioners": 36, "families": 60})


def test_every_arm_uses_the_row_of_its_seed_and_replicate(place):
    found = sim.compare("with-teams", "without-teams", area=place, seed=7, **SMALL)
    expected = [row_of(7, r, len(posterior.rows())) for r in range(4)]
    assert [e.rows.tolist() for e in found.ensembles] == [expected, expected]
    assert found.ensembles[0].parameters(0).leader.engage == posterior.rows()[expected[0]]["engage"]


def test_both_engines_use_the_same_rows(place):
    batch, mesa = (sim.run("with-teams", area=place, engine=n, **SMALL).ensembles[0] for n in ("batch", "mesa"))
    assert np.array_equal(batch.rows, mesa.rows)
    assert np.array_equal(batch.counts, mesa.counts)


def test_what_is_set_by_hand_comes_first(place):
    found = sim.run("with-teams", area=place, overrides=["engage=0.2"], **SMALL).ensembles[0]
    assert {found.parameters(r).leader.engage for r in range(4)} == {0.2}
    assert len({found.parameters(r).leader.drift for r in range(4)}) > 1


def test_without_parameter_uncertainty_every_run_has_the_defaults(place):
    found = sim.run("with-teams", area=place, parameter_uncertainty=False, **SMALL).ensembles[0]
    assert (found.rows == -1).all()


def test_the_sample_matters(place):
    drawn, plain = (
        sim.run("with-teams", area=place, replicates=6, months=60, parameter_uncertainty=u).ensembles[0]
        for u in (True, False)
    )
    assert not np.array_equal(drawn.sums, plain.sums)


@pytest.mark.parametrize("name", posterior.NAMES)
def test_a_result_says_what_it_drew_from_and_runs_again_from_its_folder(place, tmp_path, name):
    folder = sim.run("with-teams", area=place, calibration=name, **SMALL).save(tmp_path / "out")
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["calibration"]["name"] == name
    assert told["calibration"]["shipped"] == posterior.load(name).digest
    assert told["calibration"]["rows"] == len(posterior.rows(name))
    assert told["draws"]["with-teams"] == [row_of(1, r, len(posterior.rows(name))) for r in range(4)]
    assert replay(folder).identical


def test_draws_that_were_changed_are_noticed(place, tmp_path):
    folder = sim.run("with-teams", area=place, **SMALL).save(tmp_path / "out")
    (folder / "parameters.csv").write_text("engage\n0.1\n", encoding="utf-8")
    with pytest.raises(ResultError, match="has been changed since the run"):
        replay(folder)


def test_only_the_run_that_was_aimed_at_is_fitted():
    short = {"replicates": 2, "months": 48, "sites": False, "calibration": "as-cited"}
    run = sim.run("with-teams", **short).ensembles[0]
    assert standing("certified_36_share", run) == "fitted"
    assert standing("sites_full_share", run) == "predicted"
    assert standing("certified_36_share", run, 12) == "predicted", "another month"
    assert standing("certified_36_share", replace(run, rows=np.array([-1, -1]))) == "predicted", "no calibration"
    assert standing("certified_36_share", replace(run, sample=posterior.load("as-published").rows)) == "predicted"
    by_hand = sim.run("with-teams", overrides=["coaching=0.5"], **short).ensembles[0]
    assert standing("certified_36_share", by_hand) == "predicted", "set by hand"
    elsewhere = sim.run("with-teams", area=generate({"sites": 30}), **short).ensembles[0]
    assert standing("certified_36_share", elsewhere) == "predicted", "another place"


def test_evidence_gives_every_figure_as_a_program_reads_it(capsys):
    assert main(["evidence", "--json", "--replicates", "10"]) == 0
    found = json.loads(capsys.readouterr().out)
    ids = [one["id"] for one in found]
    assert {"C1", "C2", "C3", "C4", *(f"V{k}" for k in range(1, 10))} <= set(ids)
    for one in found:
        assert list(one) == ["id", "measure", "target", "source", "grade", "median", "p10", "p90", "within"]
        assert one["grade"] in ("A", "B")


def test_a_figure_of_several_readings_is_shown_by_one_that_is_missed():
    inside, outside = (Reading(n, np.full(3, v), 0.0, 0.5) for n, v in (("first", 0.2), ("second", 0.9)))
    missed = Finding(SITUATIONS[0], "fitted", (inside, outside)).as_row()
    assert (missed["median"], missed["within"]) == (0.9, False)
    assert missed["measure"].endswith(": second")
    met = Finding(SITUATIONS[0], "fitted", (inside, inside)).as_row()
    assert (met["median"], met["within"]) == (0.2, True)


def test_a_miss_is_printed_as_a_miss(capsys):
    from sim.evidence.published import lines

    values = np.array([0.1, 0.2, 0.3])
    for low, word in ((0.15, "within"), (0.25, "MISSED")):
        text = "\n".join(lines([Finding(SITUATIONS[0], "fitted", (Reading("", values, low, 0.9),))], "as-cited"))
        assert f"C1  {word}" in text
    nothing = Reading("", np.array([np.nan]), 0.0, 1.0)
    assert not nothing.within
