"""Many replicates at once: compiled months over arrays, blocks of replicates in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.measures import Ensemble
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario


def simulate(
    scenario: Scenario,
    organisation: Organisation,
    *,
    replicates: int = 200,
    months: int | None = None,
    seed: int = 1,
    first: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Ensemble:
    """Run a scenario on an organisation."""
    raise NotImplementedError
