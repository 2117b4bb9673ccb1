"""Posts and families: how many a site has when nobody said, who they are, and in which deprivation fifth.

Defaults by type are medians of the 2024 school census and care-service returns where such returns exist; those for
health visiting, social work and family support are assumed (no open list of sites was found).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.organisation.codes import FIFTHS, SITE_TYPES
from sim.organisation.organisation import Families, Floats, Ints, Practitioners, Sites, Texts

TEACHING = ("primary", "secondary", "special")


class TypeDefault(NamedTuple):
    """What replaces a missing figure: families of a site, and posts for each family."""

    roll: int
    staff_per_roll: float


TYPE_DEFAULTS: dict[str, TypeDefault] = {
    "primary": TypeDefault(180, 0.067),
    "secondary": TypeDefault(890, 0.080),
    "special": TypeDefault(60, 0.25),
    "nursery": TypeDefault(48, 0.13),
    "health_visiting": TypeDefault(150, 1 / 15),
    "social_work": TypeDefault(100, 1 / 10),
    "family_support": TypeDefault(60, 1 / 6),
    "residential": TypeDefault(5, 2.5),
    "school_accommodation": TypeDefault(32, 1.0),
    "secure": TypeDefault(19, 4.0),
    "fostering": TypeDefault(30, 0.3),
    "adoption": TypeDefault(15, 0.33),
    "care_agency": TypeDefault(10, 0.25),
}

# Share of the area's children outside the most deprived fifth who live in fifth 2, 3, 4, 5, as a line in the area's
# share in fifth 1; least squares over 29 council areas, 2024 school census.
REMAINDER_AT_ZERO = np.array([0.138, 0.290, 0.326, 0.246])
REMAINDER_SLOPE = np.array([0.623, -0.186, -0.323, -0.114])


def posts_of(staff: Ints, ids: Texts, types: Ints) -> tuple[Texts, Ints, Ints, NDArray[np.bool_]]:
    """Generated posts of all sites: ids '<site id>/<slot>', site, slot, care role (every role but a teacher's)."""
    site = np.repeat(np.arange(len(staff), dtype=np.int32), staff)
    start = np.cumsum(staff, dtype=np.int64) - staff
    slot = (np.arange(len(site)) - start[site]).astype(np.int32)
    names: Texts = np.strings.add(np.strings.add(ids[site], "/"), slot.astype(np.str_)) if len(site) else ids[:0]
    teaching = np.array([name in TEACHING for name in SITE_TYPES])
    return names, site, slot, ~teaching[types[site]]


def practitioners_of(sites: Sites, indptr: NDArray[np.int64], indices: Ints) -> Practitioners:
    """Generated posts with the given ties; readiness is left to be drawn."""
    names, site, slot, care = posts_of(sites.staff, sites.ids, sites.type)
    return Practitioners(names, site, slot, care, np.full(len(site), np.nan), indptr, indices)


def remainder_weights(area_share: Floats) -> Floats:
    """How families outside the most deprived fifth spread over the other four.

    Args:
        area_share: share in the most deprived fifth by area, shape (areas,).

    Returns:
        Weights that sum to 1 in each row, shape (areas, 4).
    """
    weights = np.maximum(REMAINDER_AT_ZERO + np.outer(np.clip(area_share, 0.0, 0.9), REMAINDER_SLOPE), 0.02)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def area_shares(sites: Sites, areas: int) -> Floats:
    """Roll-weighted share of families in the most deprived fifth by area, shape (areas,); 0.2 for an empty area."""
    total = np.bincount(sites.area, weights=sites.roll, minlength=areas)
    poor = np.bincount(sites.area, weights=sites.roll * sites.deprivation, minlength=areas)
    return np.asarray(np.divide(poor, total, out=np.full(areas, 0.2), where=total > 0))


def fifths_of(sites: Sites, areas: int) -> Ints:
    """Families by site and fifth: the site's share in fifth 1, the rest by its area's remainder, shape (sites, 5)."""
    poorest = np.rint(sites.deprivation * sites.roll).astype(np.int64)
    weights = remainder_weights(area_shares(sites, areas))[sites.area]
    ideal = (sites.roll - poorest)[:, None] * weights
    counts = np.floor(ideal).astype(np.int64)
    rank = np.argsort(np.argsort(counts - ideal, axis=1, kind="stable"), axis=1, kind="stable")
    counts += rank < (sites.roll - poorest - counts.sum(axis=1))[:, None]
    return np.column_stack([poorest, counts]).astype(np.int32)


def families_of(sites: Sites, counts: Ints) -> Families:
    """One row a family, sorted by site and fifth, shared over the site's practitioners in turn.

    Args:
        sites: the sites; `staff` posts each, in site order.
        counts: families by site and fifth, shape (sites, 5).
    """
    fifth = np.repeat(np.tile(np.arange(FIFTHS, dtype=np.uint8), len(sites)), counts.ravel())
    per_site = counts.sum(axis=1, dtype=np.int32)
    site = np.repeat(np.arange(len(sites), dtype=np.int32), per_site)
    slot = np.arange(len(site), dtype=np.int32)
    slot -= (np.cumsum(per_site, dtype=np.int32) - per_site)[site]
    practitioner = slot % sites.staff[site]
    practitioner += (np.cumsum(sites.staff, dtype=np.int32) - sites.staff)[site]
    return Families(practitioner, fifth, slot)
