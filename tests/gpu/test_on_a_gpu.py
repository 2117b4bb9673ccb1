"""The GPU engine on a GPU: skipped, with the reason, where there is none."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from sim import posterior
from sim.engine import batch as cpu
from sim.engine.batch import Wanted
from sim.engine.gpu import driver
from sim.engine.gpu.device import gpu
from sim.engine.gpu.driver import ensure
from sim.engine.sums import differing
from sim.errors import GpuError, Interrupted
from sim.organisation.generate import synthetic
from sim.scenarios.files import load, names


def why_not() -> str:
    """Why nothing can be run on a GPU here, '' where it can."""
    try:
        gpu()
    except GpuError as error:
        return str(error)
    return ""


pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


def given(**more: Any) -> dict[str, Any]:
    return {"replicates": 256, "seed": 11, "sample": posterior.load().rows, **more}


@pytest.mark.parametrize("name", names())
def test_every_scenario_gives_the_same_bits(name: str) -> None:
    scenario, place = load(name), synthetic.generate({})
    assert differing(cpu.simulate(scenario, place, **given()), driver.simulate(scenario, place, **given())) == []


@pytest.mark.parametrize(("sites", "replicates"), [(5, 2000), (40, 1000), (600, 64)])
def test_areas_of_every_size_give_the_same_bits(sites: int, replicates: int) -> None:
    scenario, place = load("with-teams"), synthetic.generate({"sites": sites})
    asked = given(replicates=replicates, months=84)
    assert differing(cpu.simulate(scenario, place, **asked), driver.simulate(scenario, place, **asked)) == []


def test_more_replicates_than_fit_at_a_time() -> None:
    ensure()
    scenario, place = load("with-teams"), synthetic.generate({"sites": 600})
    found = driver.simulate(scenario, place, wanted=Wanted(frozenset({12})), **given(replicates=60_000, months=12))
    expected = cpu.simulate(scenario, place, **given(replicates=8, months=12))
    assert np.array_equal(found.counts[:8, 12], expected.counts[:, 12])


def test_a_run_stops_within_a_second() -> None:
    ensure()
    scenario, place = load("with-teams"), synthetic.generate({})
    end, wanted = time.monotonic() + 2.0, Wanted(frozenset({60}))
    with pytest.raises(Interrupted):
        driver.simulate(
            scenario, place, wanted=wanted, cancelled=lambda: time.monotonic() > end, **given(replicates=200_000)
        )
    assert time.monotonic() - end < 1.0
