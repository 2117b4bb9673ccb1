"""`zones check` and `zones slice`."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict, is_dataclass
from typing import Any

from sim.commands.console import show, show_json


def check(asked: Namespace) -> None:
    """Is the file sound, and what would be assumed?"""
    from sim.organisation.check import report
    from sim.organisation.tables import load

    place = load(asked.area, as_given=asked.as_given, organisation_seed=asked.organisation_seed or 0)
    lines = report(place)
    if asked.json:
        show_json(
            {
                "name": place.name,
                "areas": list(place.areas),
                "sites": len(place.sites),
                "practitioners": len(place.practitioners),
                "leaders": len(place.leaders),
                "families": len(place.families),
                "digest": place.digest,
                "report": lines,
                "assumptions": list(place.assumptions),
            }
        )
        return
    show(lines)


def slice_of(asked: Namespace) -> None:
    """Is this set of sites a vertical slice?"""
    raise NotImplementedError


def plain(value: Any) -> Any:
    """Dataclasses and tuples as JSON-safe data."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value
