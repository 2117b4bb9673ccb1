"""Figures a list of sites lacks: staff from roll, roll from staff, deprivation from the area; and what was said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.organisation.codes import SITE_TYPES
from sim.organisation.generate.people import TYPE_DEFAULTS
from sim.organisation.organisation import Floats, Ints

ENOUGH = 5
NATIONAL_SHARE = 0.2
ALONE = ("grant_aided",)


def as_floats(values: Sequence[float | None]) -> Floats:
    """Numbers with NaN where nothing was given."""
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def fill_people(
    types: Ints, roll: Floats, staff: Floats, suspect: NDArray[np.bool_], notes: list[str]
) -> tuple[Ints, Ints]:
    """Complete roll and staff; a site has max(1, round(FTE)) practitioners.

    Args:
        types: index into SITE_TYPES, shape (sites,).
        roll: families, NaN not given.
        staff: full-time equivalents, NaN not given.
        suspect: staff figures that are not believed.
        notes: sentences on what was made up are added to it.

    Returns:
        Roll and staff as whole numbers.
    """
    believed = np.isfinite(staff) & (staff > 0) & ~suspect
    ratio = np.array([TYPE_DEFAULTS[name].staff_per_roll for name in SITE_TYPES])
    usual = np.array([float(TYPE_DEFAULTS[name].roll) for name in SITE_TYPES])
    filled_roll = np.where(np.isfinite(roll), roll, np.where(believed, staff / ratio[types], usual[types]))
    filled = np.where(believed, staff, np.nan)
    for kind in np.unique(types[~believed]).tolist():
        known = believed & (types == kind) & np.isfinite(roll) & (roll > 0)
        own = int(known.sum()) >= ENOUGH
        median = float(np.median(staff[known] / roll[known])) if own else float(ratio[kind])
        mine = ~believed & (types == kind)
        filled[mine] = filled_roll[mine] * median
        source = f"the median of {int(known.sum())} such sites here" if own else "the type's default"
        notes.append(
            f"{_sites(int(mine.sum()), kind)}: staff missing, zero or suspect, set to {median:.3g} practitioners for "
            f"each child, place or family ({source})."
        )
    for kind in np.unique(types[~np.isfinite(roll)]).tolist():
        mine = ~np.isfinite(roll) & (types == kind)
        notes.append(
            f"{_sites(int(mine.sum()), kind)}: no roll, set to {1 / ratio[kind]:.3g} families for each practitioner, "
            f"or {usual[kind]:.0f} where staff is unknown too (the type's default)."
        )
    whole_roll = np.rint(filled_roll).astype(np.int32)
    return whole_roll, np.maximum(1, np.rint(filled)).astype(np.int32)


def fill_deprivation(share: Floats, roll: Ints, area: Ints, notes: list[str]) -> Floats:
    """Complete the share in the most deprived fifth from the rest of the area (weighted by roll), else one in five."""
    filled = share.copy()
    missing = ~np.isfinite(share)
    if not missing.any():
        return filled
    for one in np.unique(area[missing]).tolist():
        known = ~missing & (area == one)
        mean = NATIONAL_SHARE
        if known.any():
            weights = np.maximum(roll[known], 1)
            mean = float(np.average(share[known], weights=weights))
        filled[missing & (area == one)] = round(mean, 4)
    notes.append(
        f"{counted(int(missing.sum()), 'site')}: share of families in the most deprived fifth not given, set to "
        f"the area's mean "
        f"({NATIONAL_SHARE:g}, the definition of a fifth, where the area gives none)."
    )
    return filled


def settle_alone(area: list[str], latitude: Floats, longitude: Floats, notes: list[str]) -> list[str]:
    """Put sites that belong to no council ('Grant aided') into the area of their nearest neighbour.

    Args:
        area: area of each site.
        latitude: degrees, NaN unknown.
        longitude: degrees, NaN unknown.
        notes: a sentence is added to it.

    Returns:
        Areas, with such sites settled where coordinates allow.
    """
    alone = np.array([name.strip().lower().replace(" ", "_") in ALONE for name in area], dtype=np.bool_)
    placed = np.isfinite(latitude) & np.isfinite(longitude)
    homes = np.flatnonzero(~alone & placed)
    if not alone.any() or not len(homes):
        return area
    settled = list(area)
    for site in np.flatnonzero(alone & placed).tolist():
        north = latitude[homes] - latitude[site]
        east = (longitude[homes] - longitude[site]) * np.cos(np.deg2rad(latitude[site]))
        settled[site] = area[int(homes[int(np.argmin(north * north + east * east))])]
    notes.append(
        f"{counted(int((alone & placed).sum()), 'site')} of no council (grant aided): placed in the council area "
        f"of the "
        "nearest listed site."
    )
    return settled


def _sites(number: int, kind: int) -> str:
    return f"{counted(number, 'site')} of type {SITE_TYPES[kind].replace('_', ' ')}"
