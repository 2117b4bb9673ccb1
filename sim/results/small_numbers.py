"""Sites and zones with so few people that a figure could reveal one of them: their figures are left empty.

Only in what is handed on, that is where names are not to be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.organisation.organisation import Organisation

LEAST = 5
"""Practitioners, and families, that a site or zone must have for its figures to be shown."""

Flags = NDArray[np.bool_]


def small_sites(organisation: Organisation) -> Flags:
    """Whether a site has some, but fewer than LEAST, practitioners or families: [sites]."""
    count = len(organisation.sites)
    people = np.bincount(organisation.practitioners.site, minlength=count)
    families = np.bincount(organisation.practitioners.site[organisation.families.practitioner], minlength=count)
    return _few(people) | _few(families)


def small_sites_of_zones(organisation: Organisation, site_zone: NDArray[Any]) -> Flags:
    """As `small_sites`, for counts by site: [sites].

    Where too little is left empty in a zone, its next smallest site goes as well: what the zone has, less what its
    other sites have, would tell.
    """
    count = len(organisation.sites)
    people = np.bincount(organisation.practitioners.site, minlength=count)
    hidden = small_sites(organisation)
    for zone in np.unique(site_zone[hidden]):
        here = site_zone == zone
        while (hidden & here).sum() < 2 or people[hidden & here].sum() < LEAST:
            others = np.flatnonzero(here & ~hidden & (people > 0))
            if not len(others):
                break
            hidden[others[np.argmin(people[others])]] = True
    return hidden


def small_zones(practitioners: NDArray[Any], families: NDArray[Any]) -> Flags:
    """Whether a zone's figures are left empty: [zones + outside + all], the last never.

    Where too little is left empty in all, the next smallest goes as well: what all have, less what the others have,
    would tell.

    Args:
        practitioners: posts in scope [replicates, months + 1, zones + outside + all].
        families: families in scope, same shape.
    """
    people, homes = practitioners.max(axis=(0, 1)), families.max(axis=(0, 1))
    hidden = _few(people) | _few(homes)
    hidden[-1] = False
    while hidden.any() and (hidden.sum() < 2 or people[hidden].sum() < LEAST or homes[hidden].sum() < LEAST):
        others = np.flatnonzero(~hidden[:-1] & (people[:-1] > 0))
        if not len(others):
            break
        hidden[others[np.argmin(people[others])]] = True
    return hidden


def _few(counts: NDArray[Any]) -> Flags:
    return np.asarray((counts > 0) & (counts < LEAST))
