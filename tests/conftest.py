"""For all tests: kernels are compiled once, before parallel workers would each compile them; interrupts are heard."""

from __future__ import annotations

import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let what tests start hear Ctrl-C, and warm the cache of compiled kernels where tests run in several processes."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background, whose children would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if (
        getattr(config.option, "numprocesses", None)
        and not hasattr(config, "workerinput")
        and not config.option.collectonly
    ):
        from sim.engine.kernel import is_warm

        if not is_warm():
            import sim

            sim.run("with-teams", replicates=1, months=1)
