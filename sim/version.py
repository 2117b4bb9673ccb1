"""The package's version, from its installed metadata."""

from __future__ import annotations


def version() -> str:
    """Version of the installed package, 'unknown' when run from a folder that was never installed."""
    from importlib import metadata

    try:
        return metadata.version("transformation-zones")
    except metadata.PackageNotFoundError:
        return "unknown"
