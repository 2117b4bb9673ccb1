"""Inside the zones beside the whole area: said where a plan takes in some of the sites, and summed over its zones."""

from dataclasses import replace

import pytest

from sim.app.inside import inside_words
from sim.engine.batch import simulate
from sim.organisation.generate.synthetic import generate
from sim.results.intervals import quantile
from sim.results.measures import SHARE
from sim.results.series import columns
from sim.results.words import span
from sim.scenarios.files import load


@pytest.fixture(scope="module")
def found():
    some = replace(load("with-teams"), zones=load("with-teams").zones[:2])
    ensemble = simulate(some, generate({"sites": 40}), replicates=10, months=48, seed=1)
    return ensemble, columns(ensemble)


def test_sites_inside_and_outside_are_set_apart(found):
    ensemble, table = found
    told = inside_words(ensemble, table)["practitioners_using_share"]
    zones = len(ensemble.zones)
    using = table["practitioners_using"][:, -1, :zones].sum(axis=1) / table["practitioners"][:, -1, :zones].sum(axis=1)
    assert f"({int(table['sites'][0, 0, :zones].sum())} of 40 sites)" in told
    outside = table["practitioners_using"][:, -1, zones] / table["practitioners"][:, -1, zones]
    inside, others = (span(quantile(v, 0.1), quantile(v, 0.9), SHARE) for v in (using, outside))
    assert told.endswith(f", {inside} of practitioners use the practice; outside, {others}.")
    assert inside != others


@pytest.mark.parametrize("name", ["with-teams", "without-teams"])
def test_nothing_is_said_where_all_sites_are_inside_or_none(name):
    ensemble = simulate(load(name), generate({"sites": 12}), replicates=2, months=12, seed=1)
    assert inside_words(ensemble, columns(ensemble)) == {}
