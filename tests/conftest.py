"""For all tests: kernels are compiled once, before parallel workers would each compile them."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Warm the cache of compiled kernels where tests run in several processes."""
    if (
        getattr(config.option, "numprocesses", None)
        and not hasattr(config, "workerinput")
        and not config.option.collectonly
    ):
        from sim.engine.kernel import is_warm

        if not is_warm():
            import sim

            sim.run("with-teams", replicates=1, months=1)
