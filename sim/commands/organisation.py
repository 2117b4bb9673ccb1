"""`zones check` and `zones slice`."""

from __future__ import annotations

import math
from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.commands.console import show_json, tell

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.organisation.slice import Mask, SliceReport


def check(asked: Namespace) -> None:
    """Is the file sound, and what would be assumed?"""
    from sim.organisation.files.check import report

    place = _load(asked)
    lines = report(place)
    if not asked.json:
        tell(lines)
        return
    tables = {name: len(getattr(place, name)) for name in ("sites", "practitioners", "leaders", "families")}
    told = {"report": lines, "assumptions": list(place.assumptions)}
    show_json({"name": place.name, "areas": list(place.areas), **tables, "digest": place.digest, **told})


def slice_of(asked: Namespace) -> None:
    """Is this set of sites a vertical slice, or which sites would make one?"""
    import numpy as np

    from sim.organisation.codes import INTENDED_USERS, SITE_TYPES
    from sim.organisation.slice import choose, examine, mask_of

    place = _load(asked)
    intended = np.isin(place.sites.type, [SITE_TYPES.index(name) for name in INTENDED_USERS])
    if asked.sites:
        masks = [mask_of(place, asked.sites)]
        found = [examine(place, masks[0], within=intended | masks[0])]
    else:
        masks = [choose(place, intended & (place.sites.area == a), asked.size) for a in range(len(place.areas))]
        found = [examine(place, mask, within=intended) for mask in masks]
    if asked.json:
        show_json({"slices": [_plain(r, place, m, asked.show_names) for r, m in zip(found, masks, strict=True)]})
        return
    for report, mask in zip(found, masks, strict=True):
        listed = ["  " + "  ".join(site.values()) for site in _sites(place, mask, asked.show_names)]
        tell([*report.sentences(), *(["Its sites:", *listed] if asked.size else [])])


def _load(asked: Namespace) -> Organisation:
    from sim.organisation.files.tables import load

    return load(asked.area, as_given=asked.as_given, organisation_seed=asked.organisation_seed or 0)


def _sites(place: Organisation, mask: Mask, show_names: bool) -> list[dict[str, str]]:
    """Pseudonyms, which plans accept as they do ids; a real id would name the site, so it comes with the name only."""
    if not show_names:
        return [{"name": str(name)} for name in place.sites.pseudonyms[mask]]
    pairs = zip(place.sites.ids[mask], place.sites.names[mask], strict=True)
    return [{"id": str(site), "name": str(name)} for site, name in pairs]


def _plain(report: SliceReport, place: Organisation, mask: Mask, show_names: bool) -> dict[str, Any]:
    differences = {name: v if math.isfinite(v) else None for name, v in report.differences.items()}
    judged = {"differences": differences, "distance": report.distance, "vertical": report.vertical}
    chosen = {"chosen": _sites(place, mask, show_names)}
    return {**asdict(report), **judged, **chosen, "told": report.sentences()}
