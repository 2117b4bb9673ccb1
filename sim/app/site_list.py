"""The sites of an area for choosing and for the map: pseudonym, kind, size and position. Never a result."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.organisation.organisation import Organisation

Array = NDArray[Any]
WIDE = 1000
OUT_OF_SCOPE = -2


def sites(organisation: Organisation, *, show_names: bool = False) -> list[dict[str, Any]]:
    """A row a site, in the file's order, by pseudonym unless real names were asked for on this machine.

    Returns:
        [] for a nation of several areas, where plans name no site.
    """
    if len(organisation.areas) != 1:
        return []
    o = organisation.sites
    placed = positions(o.latitude, o.longitude)
    rows = []
    for i in range(len(o)):
        pseudonym, name = str(o.pseudonyms[i]), str(o.names[i]) if show_names else ""
        kind, staff = SITE_TYPES[int(o.type[i])].replace("_", " "), int(o.staff[i])
        rows.append(
            {
                "id": pseudonym,
                "type": kind,
                "agency": AGENCIES[int(o.agency[i])].replace("_", " "),
                "staff": staff,
                **({"name": name} if name else {}),
                "words": f"{name or pseudonym}, {kind}, {counted(staff, 'practitioner')}",
                "at": None if np.isnan(placed[i]).any() else [round(float(v)) for v in placed[i]],
            }
        )
    return rows


def map_words(organisation: Organisation) -> str:
    """The name of the map for a screen reader, with the keys that work it."""
    o = organisation.sites
    known = int((np.isfinite(o.latitude) & np.isfinite(o.longitude)).sum())
    return f"Map of {counted(known, 'site')}. The arrow keys move from one to the next; Enter moves a site."


def positions(latitude: Array, longitude: Array) -> Array:
    """X to the right and y down in a frame 1,000 wide, [S, 2]; NaN where unknown. No degree leaves the server."""
    known = np.isfinite(latitude) & np.isfinite(longitude)
    found = np.full((len(latitude), 2), np.nan)
    if known.sum() < 2:
        return found
    middle = np.deg2rad(float(latitude[known].mean()))
    x, y = longitude * np.cos(middle), -latitude
    x, y = x - x[known].min(), y - y[known].min()
    span = max(float(x[known].max()), 1e-9)
    found[known] = np.stack([x, y], axis=1)[known] * (WIDE / span)
    return found


def members(organisation: Organisation, setup: Any) -> list[int]:
    """The zone of every site of `sites`: its index in the plan, -1 in no zone, -2 out of the practice's scope."""
    if len(organisation.areas) != 1:
        return []
    row_of = {str(name): i for i, name in enumerate(setup.organisation.sites.pseudonyms)}
    rows = [row_of.get(str(name)) for name in organisation.sites.pseudonyms]
    return [OUT_OF_SCOPE if row is None else int(setup.plan.site_zone[row]) for row in rows]
