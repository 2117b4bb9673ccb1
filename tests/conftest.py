"""For all tests: nothing of the user's own is touched; kernels are compiled once, before parallel workers would each
compile them; interrupts are heard.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# On a slow or busy machine an example may take any time.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")

OWN = "ZONES_TESTS_HOME"
"""Set by the process that began the tests, for those that it starts."""


def settle(config: pytest.Config) -> None:
    """Give the tests, and all that they start, a home of their own, and keep compiled kernels beside pytest's cache."""
    if OWN in os.environ:
        return
    browsers = Path("~/.cache/ms-playwright").expanduser()
    home = Path(tempfile.mkdtemp(prefix="zones-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # after what was imported later has said its last
    os.environ[OWN] = os.environ["HOME"] = str(home)
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ.pop(variable, None)
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
    os.environ.setdefault("NUMBA_CACHE_DIR", str(config.rootpath / ".pytest_cache" / "compiled"))


def pytest_configure(config: pytest.Config) -> None:
    """Let what tests start hear Ctrl-C, and warm the cache of compiled kernels where tests run in several processes."""
    settle(config)
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
