"""`zones check`, `zones new-list` and `zones slice`."""

from __future__ import annotations

import math
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands import list_options
from sim.commands.console import Steps, say, show_json, tell

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation
    from sim.organisation.slice import Mask, SliceReport


def check(asked: Namespace) -> None:
    """Is the file sound, what was read from where, and what would be assumed?"""
    from sim.organisation.files.check import report
    from sim.organisation.files.tables import build, read

    steps = Steps()
    reading = read(asked.area, choices=list_options.choices(asked), step=steps)
    place = build(reading, as_given=asked.as_given, organisation_seed=asked.organisation_seed or 0, step=steps)
    lines, read_so, look = report(place), reading.so_far(), reading.look
    if asked.save:
        from sim.organisation.files.clean_list import write_list

        write_list(reading, Path(asked.save))
    if asked.json:
        tables = {name: len(getattr(place, name)) for name in ("sites", "practitioners", "leaders", "families")}
        told = {"report": lines, "assumptions": list(place.assumptions), "reading": read_so, "worth_a_look": look}
        show_json({"name": place.name, "areas": list(place.areas), **tables, "digest": place.digest, **told})
        return
    tell(lines)
    if read_so:
        tell(["", "How the list was read:", *(f"  {line}" for line in read_so)])
    if look:
        tell(["", "Worth a look:", *(f"  - {line}" for line in look)])
    if asked.save:
        say("", f"The list as it was understood is in {asked.save}.")


def new_list(asked: Namespace) -> None:
    """An example list to fill."""
    from sim.organisation.files.clean_list import write_example

    path = write_example(Path(asked.file))
    say(f"Wrote {path}: put your own sites into it, one row each. Then: zones check {path}")


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

    return load(
        asked.area,
        as_given=asked.as_given,
        organisation_seed=asked.organisation_seed or 0,
        choices=list_options.choices(asked),
        step=Steps(),
    )


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
