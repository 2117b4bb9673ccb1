"""One is never written as many."""

from __future__ import annotations

import pytest

import sim
from sim.counts import counted


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("run",), "0 runs"),
        (1, ("run",), "1 run"),
        (1200, ("family", "families"), "1,200 families"),
        (1, ("site has", "sites have"), "1 site has"),
    ],
)
def test_a_count_and_its_noun(number, words, said):
    assert counted(number, *words) == said


def test_one_run_of_one_month_is_written_as_one():
    said = repr(sim.run("with-teams", replicates=1, months=1))
    assert "1 simulated run of 1 month each" in said
    assert "2 simulated runs of 2 months each" in repr(sim.run("with-teams", replicates=2, months=2))
