"""`zones --version`: all that a figure can depend on."""

from __future__ import annotations

import platform

from sim.version import EDITION, LIBRARIES, of, version


def lines() -> list[str]:
    """Versions of package, model, calibration, Python and libraries, a line each."""
    from sim import posterior
    from sim.engine.kernel import source_digest

    samples = [posterior.load(name) for name in posterior.NAMES]
    calibrations = [
        f"{s.name}{' (the default)' if s.name == posterior.DEFAULT else ''}, {len(s.rows)} rows, {s.digest[:16]}"
        for s in samples
    ]
    libraries = ", ".join(f"{name} {of(name)}" for name in LIBRARIES)
    return [
        f"zones {version()}",
        f"model: {EDITION}, sources {source_digest()[:16]}",
        f"calibration: {'; '.join(calibrations)}",
        f"Python {platform.python_version()} on {platform.machine()}: {libraries}",
    ]
