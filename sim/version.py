"""Which version this is: of the package, of the model, of the calibration, of the libraries that can move a figure."""

from __future__ import annotations

EDITION = "second edition"
"""The model as docs/odd.md describes it; a new edition moves figures, and CHANGELOG.md says how far."""
LIBRARIES = ("mesa", "numba", "llvmlite", "numpy", "networkx", "pyarrow")
"""Those that can move a bit of a result."""


def version() -> str:
    """Version of the installed package, 'unknown' when run from a folder that was never installed."""
    return of("transformation-zones", "unknown")


def of(library: str, missing: str = "not installed") -> str:
    """Version of an installed library."""
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return missing
