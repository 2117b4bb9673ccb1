"""The run that is shown is the run that was counted."""

import numpy as np
import pytest

from sim.engine import trace as tracing
from sim.engine.batch import simulate
from sim.engine.setup import prepare
from sim.engine.sums import COUNTS
from sim.engine.trace import STOPPED, USING, WELL, nearest_to_median, trace
from sim.errors import Interrupted
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load

RAW = ("counts", "sums", "area", "family", "site_month", "certified_at_36", "kept", "not_sustained", "marked", "cost")


@pytest.fixture(scope="module")
def place():
    return generate({"sites": 12, "organisation_seed": 4})


@pytest.mark.parametrize("name", ["with-teams", "without-teams"])
def test_the_traced_run_has_the_same_bits_as_in_the_batch(place, name):
    scenario = load(name)
    batch = simulate(scenario, place, replicates=3, months=30, seed=5, threads=1)
    found = trace(prepare(scenario, place, 30), seed=5, replicate=2)
    for column in RAW:
        expected, got = getattr(batch, column)[2:3], getattr(found.ensemble, column)
        assert expected.tobytes() == got.tobytes(), column


def test_what_is_shown_counts_to_what_was_counted(place):
    found = trace(prepare(load("with-teams"), place, 40), seed=1, replicate=0)
    counts = found.ensemble.counts[0].sum(axis=1)
    using = (found.people == USING).sum(axis=1) + (found.people == WELL).sum(axis=1)
    assert counts[:, COUNTS.index("practitioners_using")].tolist() == using.tolist()
    assert counts[:, COUNTS.index("practitioners_at_fidelity")].tolist() == (found.people == WELL).sum(axis=1).tolist()
    assert counts[:, COUNTS.index("practitioners_stopped")].tolist() == (found.people == STOPPED).sum(axis=1).tolist()
    assert counts[:, COUNTS.index("sites_full")].tolist() == (found.stages == 4).sum(axis=1).tolist()
    assert using.max() > 0
    assert found.opened[0, 0] == 1


def test_another_replicate_is_another_run(place):
    setup = prepare(load("with-teams"), place, 40)
    assert (trace(setup, seed=1, replicate=0).people != trace(setup, seed=1, replicate=1).people).any()


def test_it_can_be_stopped(place):
    with pytest.raises(Interrupted):
        trace(prepare(load("with-teams"), place, 40), seed=1, replicate=0, cancelled=lambda: True)


def test_the_nearest_run_to_the_median(place):
    ensemble = simulate(load("with-teams"), place, replicates=5, months=3, seed=5, threads=1)
    course = np.array([[0, 9.0], [0, 1.0], [0, 5.0], [0, 8.0], [0, 0.5]])
    assert nearest_to_median(ensemble, [course]) == 2


def test_states_have_words():
    assert len(tracing.PERSON_STATES) == STOPPED + 1


def test_families_reached_are_those_counted(place):
    from sim.engine.sums import FAMILY

    found = trace(prepare(load("with-teams"), place, 40), seed=1, replicate=0)
    counted = found.ensemble.family[0].sum(axis=(1, 2))[:, FAMILY.index("reached_here")]
    assert found.reached.sum(axis=1).tolist() == counted.tolist()
    assert counted[-1] > 0
