"""Running a scenario on a GPU, as `sim.engine.batch` does on the processor.

Before the first run of a process a small one is made on both, and nothing is run where one bit differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sim.engine import batch
from sim.engine.gpu import same_bits
from sim.engine.gpu.batch import fill
from sim.engine.sums import Ensemble
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    keep: Collection[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    **given: Any,
) -> Ensemble:
    """Run a scenario on an organisation; the same bits as `sim.engine.batch.simulate` gives.

    Args:
        scenario: resolved scenario.
        organisation: the place.
        keep: months to write down, all others stay 0; None: all.
        progress: called with (done, total).
        cancelled: asked often; True stops the run.
        given: as `sim.engine.batch.begin` takes it; `threads` are of no effect.

    Raises:
        GpuError: there is no GPU that gives the same bits, or it stopped.
        ScenarioError, OrganisationError, Interrupted: as there.
    """
    given.pop("threads", None)
    run = batch.begin(scenario, organisation, **given)
    same_bits.ensure()
    fill(keep, run, progress, cancelled)
    return run.ensemble
