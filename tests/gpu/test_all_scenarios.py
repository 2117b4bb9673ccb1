"""Every shipped scenario, every kind of plan in which engines are compared, areas from five to six hundred sites: the
GPU's program against the CPU engine, every array to the bit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cpu_as_gpu import Driver, as_gpu, why_not

from sim import posterior
from sim.engine import batch as cpu
from sim.engine.gpu import driver
from sim.engine.pasts import Pasts
from sim.engine.sums import Ensemble, differing
from sim.organisation.generate import synthetic
from sim.scenarios.files import load, names

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from engine_builders import TIGHT, busy, place, surrounded
from test_engines_agree import VARIANTS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]
SIZES = {
    "a small area": ({"sites": 5}, 70),
    "two areas": ({"sites": 24, "areas": 2, "organisation_seed": 3}, 70),
    "a large area": ({"sites": 600}, 40),
}


def sharing() -> tuple[Any, Any]:
    """One external support team for three areas, under a budget, members recruited over months."""
    scenario = surrounded(months=45, budget=TIGHT)
    parameters = scenario.parameters | {"recruit_months": 5.0}
    levers = scenario.levers | {"external_teams": 1.0}
    return replace(scenario, levers=levers, parameters=parameters), place(sites=18, areas=3)


KINDS: dict[str, Callable[[], tuple[Any, Any]]] = {**VARIANTS, "a support team for three areas": sharing}


@pytest.fixture(scope="module")
def device() -> Iterator[Driver]:
    with as_gpu() as found:
        yield found


def both(scenario: Any, organisation: Any, **given: Any) -> tuple[Ensemble, Ensemble]:
    """On the processor and on the GPU."""
    asked = {"seed": 11, "sample": posterior.load().rows, **given}
    one, other = (run(scenario, organisation, **asked) for run in (cpu.simulate, driver.simulate))
    assert one.counts.any()
    return one, other


@pytest.mark.parametrize("name", names())
def test_every_scenario_gives_the_same_bits(device: Driver, name: str) -> None:
    assert differing(*both(load(name), synthetic.generate({}), replicates=200)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_plan_gives_the_same_bits(device: Driver, kind: str) -> None:
    scenario, organisation = KINDS[kind]()
    assert differing(*both(scenario, organisation, replicates=70, first=1000)) == []


@pytest.mark.parametrize("calibration", posterior.NAMES)
@pytest.mark.parametrize("size", SIZES)
def test_areas_of_every_size_give_the_same_bits(device: Driver, size: str, calibration: str) -> None:
    settings, replicates = SIZES[size]
    sample = posterior.load(calibration).rows
    asked = {"replicates": replicates, "months": 84, "seed": 5, "sample": sample}
    assert differing(*both(load("with-teams"), synthetic.generate(settings), **asked)) == []


@pytest.mark.parametrize("name", ["with-teams", "same-money", "nation", "three-zones"])
def test_runs_that_go_on_from_what_was_observed_give_the_same_bits(device: Driver, name: str) -> None:
    rows = [k % 7 for k in range(70)]
    pasts = Pasts(30, 99, tuple(5 * k for k in range(70)))
    one, other = both(load(name), synthetic.generate({"sites": 20}), replicates=70, rows=rows, pasts=pasts)
    assert differing(one, other) == []
    assert "counts" in differing(one, both(load(name), synthetic.generate({"sites": 20}), replicates=70, rows=rows)[0])


def test_defaults_without_draws_give_the_same_bits(device: Driver) -> None:
    asked = {"replicates": 70, "months": 130, "seed": 2**63 + 9, "sample": ()}
    assert differing(*both(busy(), place(sites=12), **asked)) == []
    assert differing(*both(load("with-teams"), synthetic.generate({"sites": 12}), **asked)) == []
