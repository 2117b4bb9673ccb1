"""What may be shown of few people: nothing of a single site, and no number below five."""

from __future__ import annotations

from sim.observed.observables import NUMBERS, PEOPLE
from sim.observed.reports import Datum, Place
from sim.results.columns import ALL
from sim.results.small_numbers import LEAST


def may_be_shown(zone: str, place: Place) -> bool:
    """Whether figures of a zone may be shown at all: it has two sites or more, and five people or more."""
    sites = place.sites_of(zone)
    return zone == ALL or (len(sites) >= 2 and sum(place.staff[i] for i in sites) >= LEAST)


def shows_site(datum: Datum) -> bool:
    """Whether a datum is that of a single site."""
    return datum.sites == 1


def too_few(datum: Datum) -> bool:
    """Whether a datum stands for some people or families, but fewer than five."""
    return datum.observable.kind in (PEOPLE, *NUMBERS) and 0.5 < datum.count < LEAST - 0.5
