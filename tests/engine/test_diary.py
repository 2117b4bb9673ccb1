"""What is written down month by month: both engines write it alike, it changes nothing, and it adds up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_builders import FIRST, TIGHT, busy, differing, place, same_bits, surrounded, with_today

from sim.engine import batch
from sim.engine import model as mesa_engine
from sim.engine.diary import DIARIES, SITE_MONTHS, SPELLS
from sim.engine.setup import prepare
from sim.engine.sums import COUNTS, COURSE, SUMS
from sim.errors import ScenarioError
from sim.organisation.codes import STAGES
from sim.scenarios.scenario import Zone

WAVERING = {"give_up_hazard": 0.3, "commitment_mean": 0.4, "select": 2.0, "install": 0.5, "turnover": 0.25}
"""Sites give up and are won again."""


def wavering():
    asked = busy()
    return replace(asked, parameters=asked.parameters | WAVERING, months=60)


QUESTIONS = {
    "busy": lambda: (busy(), place(sites=12)),
    "from today's state": lambda: (surrounded(), with_today(place(sites=15, areas=3), 1)),
    "wavering": lambda: (wavering(), place(sites=12)),
    "by zone, within a budget": lambda: (
        busy(months=60, budget=TIGHT, zones=(FIRST, Zone("second", count=4, opens=6, coaching=0.0))),
        place(sites=12),
    ),
    "nobody's team": lambda: (replace(wavering(), levers=wavering().levers | {"teams": 0.0}), place(sites=12)),
}


def kept(name, engine=batch, **how):
    scenario, organisation = QUESTIONS[name]()
    return engine.simulate(scenario, organisation, **{"replicates": 2, "seed": 4, "diaries": DIARIES} | how)


@pytest.mark.parametrize("name", QUESTIONS)
def test_both_engines_write_the_same(name):
    one, other = kept(name), kept(name, mesa_engine)
    assert differing(one, other) == []
    assert [n for n, values in one.diary.site_months.items() if not same_bits(values, other.diary.site_months[n])] == []
    for mine, theirs in zip(one.diary.spells, other.diary.spells, strict=True):
        assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("name", QUESTIONS)
def test_writing_changes_nothing(name):
    assert differing(kept(name), kept(name, diaries=())) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_months_of_sites_add_up_to_what_is_counted(name):
    e = kept(name)
    months = e.diary.site_months
    for zone in range(len(e.zones) + 1):
        here = e.site_zone == zone
        for column, what in (("practitioners_using", "users"), ("practitioners_at_fidelity", "at_fidelity")):
            assert (months[what][..., here].sum(axis=2) == e.counts[:, :, zone, COUNTS.index(column)]).all()
        for number, stage in enumerate(STAGES):
            counted = e.counts[:, :, zone, COUNTS.index(f"sites_{stage}")]
            assert ((months["stage"][..., here] == number).sum(axis=2) == counted).all()
        fidelity = e.sums[:, :, zone, SUMS.index("fidelity")]
        assert np.allclose(months["fidelity"][..., here].sum(axis=2), fidelity, rtol=1e-12)


@pytest.mark.parametrize("name", QUESTIONS)
def test_spells_add_up_to_those_who_use_it(name):
    e = kept(name)
    using = e.counts[..., COUNTS.index("practitioners_using")].sum(axis=2)
    for run, spells in enumerate(e.diary.spells):
        assert spells["months"].sum() == using[run].sum()
        assert (spells["ended"] == 0).sum() == using[run, -1]
        assert (spells["months"] >= 1).all() and (spells["coached"] <= spells["months"]).all()
        one_month_less = spells["months"][1:].sum()
        assert one_month_less != using[run].sum(), "a spell that is left out must show"


def test_sites_give_up_and_return_in_the_months_that_are_kept():
    e = kept("wavering")
    for column, name in enumerate(("given_up", "returned")):
        first = e.site_course[:, :, COURSE.index(f"month_{name}")]
        assert (first >= 0).any(), "else this test shows nothing"
        month = np.arange(e.months + 1)[:, None]
        assert (e.diary.site_months[name] == ((first >= 0)[:, None] & (month >= first[:, None]))).all(), column
    assert not (kept("busy", seed=4, months=1).site_course[..., :2] >= 0).any()


def test_coaching_is_a_team_s_or_bought():
    assert all(s["coached"].sum() == 0 for s in kept("nobody's team").diary.spells)
    assert any(s["coached"].sum() > 0 for s in kept("wavering").diary.spells)
    scenario, organisation = QUESTIONS["nobody's team"]()
    bought = replace(scenario, levers=scenario.levers | {"budget": 3000.0, "budget_training": 0.0})
    found = batch.simulate(bought, organisation, replicates=1, diaries=(SPELLS,)).diary.spells[0]
    assert (found["coached"] >= found["months"] - 1).all()


def test_generation_is_nought_without_a_team_and_grows_with_mentoring():
    alone = kept("nobody's team")
    assert (alone.site_course[..., 2] == 0).all()
    scenario, organisation = QUESTIONS["wavering"]()
    core = replace(scenario, levers=scenario.levers | {"teams": 3.0})
    found = batch.simulate(core, organisation, replicates=2).site_course[..., 2]
    assert set(np.unique(found)) == {0, 1}


def test_only_what_is_asked_for_is_kept():
    assert kept("busy", diaries=()).diary is None
    months, spells = (kept("busy", diaries=(one,), replicates=1).diary for one in (SITE_MONTHS, SPELLS))
    assert (months.keeps(SITE_MONTHS), months.keeps(SPELLS)) == (True, False)
    assert (spells.keeps(SITE_MONTHS), spells.keeps(SPELLS)) == (False, True)


def test_too_little_memory_is_told(monkeypatch):
    scenario, organisation = QUESTIONS["busy"]()
    setup = prepare(scenario, organisation)

    def none_left(*_args):
        raise MemoryError

    monkeypatch.setattr("sim.engine.diary.np.zeros", none_left)
    from sim.engine.diary import empty

    with pytest.raises(ScenarioError, match="write every site's month down; ask for fewer replicates or months"):
        empty(setup, 10, DIARIES)
