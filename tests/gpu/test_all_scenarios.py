"""Every shipped scenario, in areas from five to six hundred sites, on the GPU's program and on the CPU engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cpu_as_gpu import Driver, as_gpu, why_not

from sim import posterior
from sim.engine import batch as cpu
from sim.engine.gpu import driver
from sim.engine.gpu.driver import differing
from sim.organisation.generate import synthetic
from sim.scenarios.files import load, names

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]
AREAS = {
    "a small area": ({"sites": 5}, 70),
    "two areas": ({"sites": 24, "areas": 2, "organisation_seed": 3}, 33),
    "a large area": ({"sites": 600}, 3),
}


@pytest.fixture(scope="module")
def device() -> Iterator[Driver]:
    with as_gpu() as found:
        yield found


@pytest.mark.parametrize("name", names())
def test_every_scenario_gives_the_same_bits(device: Driver, name: str) -> None:
    scenario, place = load(name), synthetic.generate({})
    given = {"replicates": 48, "seed": 11, "sample": posterior.load().rows}
    one, other = (run(scenario, place, **given) for run in (cpu.simulate, driver.simulate))
    assert one.counts.any()
    assert differing(one, other) == []


@pytest.mark.parametrize("calibration", posterior.NAMES)
@pytest.mark.parametrize("area", AREAS)
def test_areas_of_every_size_give_the_same_bits(device: Driver, area: str, calibration: str) -> None:
    settings, replicates = AREAS[area]
    scenario, place = load("with-teams"), synthetic.generate(settings)
    given = {"replicates": replicates, "months": 84, "seed": 5, "sample": posterior.load(calibration).rows}
    one, other = (run(scenario, place, **given) for run in (cpu.simulate, driver.simulate))
    assert differing(one, other) == []


def test_defaults_without_draws_give_the_same_bits(device: Driver) -> None:
    given = {"replicates": 33, "months": 130, "seed": 2**63 + 9}
    scenario, place = load("with-teams"), synthetic.generate({"sites": 12})
    one, other = (run(scenario, place, **given) for run in (cpu.simulate, driver.simulate))
    assert differing(one, other) == []
