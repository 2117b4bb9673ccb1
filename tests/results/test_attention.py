"""Attention of core teams that does not suffice is told in a sentence, and the lack of outside support shows in it."""

from __future__ import annotations

import pytest

from sim.engine.batch import simulate
from sim.organisation.generate import synthetic
from sim.results.attention import lines, shortage
from sim.results.report import report
from sim.scenarios.files import load, override

NATION = {"sites": 40, "areas": 8, "practitioners": 400, "families": 400}


@pytest.fixture(scope="module")
def nation():
    return synthetic.generate(NATION)


def ran(nation, *levers, name="with-teams"):
    return simulate(override(load(name), levers), nation, replicates=6, months=72, seed=2)


def test_a_shared_external_team_is_short_of_attention_and_costs_less(nation):
    shared, enough = ran(nation, "external_teams=1"), ran(nation)
    assert shortage(shared).worst > 1.3 * getattr(shortage(enough), "worst", 0.0)
    cash = [float(e.cost[:, -1, :, 0].sum(axis=1).mean()) for e in (shared, enough)]
    assert cash[1] == pytest.approx(cash[0] * 8 / 3)


def test_what_is_short_is_told_and_nothing_else(nation):
    short, plenty = ran(nation, "span=3", "external_level=0"), ran(nation, "span=15")
    none = ran(nation, name="without-teams")
    found = shortage(short)
    assert found.worst_month in found.months
    assert found.worst > 2.0
    [sentence] = lines([plenty, short, none])
    assert f"{found.worst:.1f} times as much" in sentence
    assert "cannot be staffed" in sentence
    assert "asked for more attention than they have" in report([short], nation)
    assert "asked for more attention than they have" not in report([plenty], nation)
    assert shortage(none) is None
