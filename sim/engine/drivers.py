"""What runs replicates: threads of this processor, Mesa's agents, or a GPU. All give the same results."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

BATCH, MESA, GPU = "batch", "mesa", "gpu"
ENGINES = (BATCH, MESA, GPU)
COMPILED = (BATCH, GPU)
"""Those that sweeps, plans, updates and calibrations may use."""

GPU_JOBS = 128
"""Jobs on a GPU at a time: one of a few hundred replicates leaves most of it idle."""


def driver(engine: str) -> Callable[..., Ensemble]:
    """The function that runs a scenario on an organisation; arguments as in `sim.engine.batch.simulate`.

    Args:
        engine: one of ENGINES.

    Raises:
        GpuError: a GPU is asked for, and there is none that can be used.
    """
    if engine == GPU:
        from sim.engine.gpu.device import gpu
        from sim.engine.gpu.driver import simulate as on_gpu

        gpu()
        return on_gpu
    if engine == MESA:
        from sim.engine.model import simulate as by_agents  # type: ignore[import-not-found,unused-ignore]

        return by_agents
    from sim.engine.batch import simulate

    return simulate
