"""What is shown of families beside the headlines: reached, their gain, who gave up, who was identified wrongly."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from outcome_builders import ensemble

import sim
from sim.engine.sums import FAMILY
from sim.evidence import mechanisms
from sim.results.measures import FAMILIES, of_families, read
from sim.results.report import report

GAVE_UP, WRONGLY = "gave_up_waiting_share", "identified_wrongly_share"


def without(run, *columns):
    family = run.family.copy()
    for name in columns:
        family[..., FAMILY.index(name)] = 0
    return replace(run, family=family)


def test_by_hand():
    run = ensemble(replicates=3, months=12)
    last = run.family[:, -1].sum(axis=(1, 2))
    column = {name: last[:, i] for i, name in enumerate(FAMILY)}
    ever = column["families_ever_in_need"]
    assert read(run, "families_reached_share")[2] == pytest.approx(column["families_reached"] / ever)
    assert read(run, "family_gain")[2] == pytest.approx(column["benefit"] / 1e4 / ever)
    assert read(run, GAVE_UP)[2] == pytest.approx(column["families_gave_up_waiting"] / ever)
    assert read(run, WRONGLY)[2] == pytest.approx(column["families_identified_wrongly"] / column["families_ever"])


def test_what_occurs_in_no_run_is_not_shown():
    run = ensemble(replicates=3, months=12)
    calm = without(run, "families_gave_up_waiting", "families_identified_wrongly")
    assert [x.id for x in of_families([calm])] == ["families_reached_share", "family_gain"]
    one = run.family.copy()
    one[..., FAMILY.index("families_gave_up_waiting")] = 0
    one[1, -1, 0, 0, FAMILY.index("families_gave_up_waiting")] = 1
    rare = replace(without(run, "families_identified_wrongly"), family=one)
    assert GAVE_UP in [x.id for x in of_families([calm, rare])], "shown where one scenario has it"
    assert "gave up waiting" not in report([calm], calm.organisation)
    assert "gave up waiting" in report([rare], rare.organisation)


def test_nobody_in_need_has_no_share():
    run = ensemble(replicates=2, months=5)
    nobody = replace(run, family=np.zeros_like(run.family))
    assert np.isnan(read(nobody, "family_gain")[2]).all()
    assert len(of_families([nobody])) == len(FAMILIES) - 2


def test_a_user_sees_who_gives_up_and_who_is_taken_wrongly(tmp_path):
    few = ["support_places=2", "misidentification=0.1"]
    answer = sim.run("with-teams", replicates=4, months=40, overrides=few)
    assert "families who gave up waiting" in repr(answer)
    assert "families identified wrongly" in repr(answer)
    found = {row["id"]: row for row in answer.as_dict()["families"]}
    assert found[GAVE_UP]["median"] > 0
    assert found[WRONGLY]["median"] > 0
    json.dumps(answer.as_dict(), allow_nan=False)
    folder = answer.save(tmp_path / "kept")
    with (folder / "summary.csv").open() as stream:
        names = {row["id"] for row in csv.DictReader(stream)}
    assert {GAVE_UP, WRONGLY, "family_gain"} <= names
    usual = sim.run("with-teams", replicates=4, months=40)
    assert "gave up" not in repr(usual)
    assert "wrongly" not in repr(usual)


def test_the_table_of_mechanisms_is_made_of_paired_differences():
    rows = mechanisms.effects(replicates=4, months=30).splitlines()
    assert len(rows) == len(mechanisms.MECHANISMS) + 3
    assert all(row.count("|") == len(mechanisms.COLUMNS) + 2 for row in rows)
    assert "0 |" in next(row for row in rows if "new initiative" in row or "relaxed" in row)


def test_a_design_that_works_passes_the_gate_more_often():
    rows = mechanisms.gates(replicates=20, months=50).splitlines()[2:]
    opened = [[float(cell.strip(" %")) for cell in row.split("|")[2:-1]] for row in rows]
    nothing, works = opened[0], opened[-1]
    assert works[1] > nothing[1]
    assert nothing[0] >= nothing[2], "a gate that asks for more lets less pass"
