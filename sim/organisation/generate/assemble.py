"""From a table of sites to a whole organisation: generates what was not given, for files and for fictional areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.organisation.generate.chance import Chance
from sim.organisation.generate.governance import govern
from sim.organisation.generate.naming import digest_of
from sim.organisation.generate.people import families_of, fifths_of, practitioners_of
from sim.organisation.generate.ties import Nominations, Places, nominate, undirected
from sim.organisation.organisation import Ints, Leaders, Organisation, Practitioners, Sites


@dataclass(frozen=True)
class Given:
    """What a file says beyond its list of sites; None where it says nothing.

    Attributes:
        practitioners: posts, with ties if `tied`.
        tied: the ties are already in `practitioners`.
        leaders: all leaders.
        senior: senior leader by (area, agency), goes with `leaders`.
        fifths: families by site and fifth.
        group: areas that have a multi-agency group.
        core_capacity: capacity today by core team.
        start_date: calendar date of month 0.
    """

    practitioners: Practitioners | None = None
    tied: bool = False
    leaders: Leaders | None = None
    senior: Ints | None = None
    fifths: Ints | None = None
    group: NDArray[np.bool_] | None = None
    core_capacity: dict[str, float] | None = None
    start_date: str = ""


@dataclass(frozen=True)
class Outline:
    """Areas and sites, before there are people.

    Attributes:
        name: what to call the organisation.
        areas: names of the areas.
        boards: health board of each area, '' where it has its own.
        sites: the sites, complete.
        assumptions: what was assumed so far, in sentences.
    """

    name: str
    areas: Sequence[str]
    boards: Sequence[str]
    sites: Sites
    assumptions: Sequence[str] = ()


def assemble(outline: Outline, key: str, given: Given | None = None) -> Organisation:
    """Make the organisation whole.

    Args:
        outline: its areas and sites.
        key: what fixes the generated parts (source digest and organisation seed), never the run's seed.
        given: what the file says about people.

    Returns:
        An organisation with its digest.
    """
    given = given or Given()
    sites, areas = outline.sites, outline.areas
    people = given.practitioners
    if people is None or not given.tied:
        indptr, indices = _ties(sites, key)
        if people is None:
            people = practitioners_of(sites, indptr, indices)
        else:
            people = replace(people, tie_indptr=indptr, tie_indices=indices)
    if given.leaders is None or given.senior is None:
        leaders, senior = govern(sites, areas, outline.boards)
    else:
        leaders, senior = given.leaders, given.senior
    fifths = fifths_of(sites, len(areas)) if given.fifths is None else given.fifths
    organisation = Organisation(
        name=outline.name,
        areas=tuple(areas),
        sites=sites,
        practitioners=people,
        leaders=leaders,
        families=families_of(sites, fifths),
        senior=senior,
        group=np.ones(len(areas), dtype=np.bool_) if given.group is None else given.group,
        digest="",
        assumptions=tuple(outline.assumptions),
        start_date=given.start_date,
        core_capacity=dict(given.core_capacity or {}),
    )
    return replace(organisation, digest=digest_of(organisation))


def advice_draw(sites: Sites, key: str) -> Nominations:
    """The directed advice draw behind the generated ties (for comparison with published networks)."""
    locality = np.char.add(np.char.add(sites.area.astype(np.str_), "|"), sites.locality)
    _, place = np.unique(locality, return_inverse=True)
    places = Places(sites.staff, sites.area, sites.agency, place.astype(np.int32))
    return nominate(places, Chance(key).stream("ties"))


def _ties(sites: Sites, key: str) -> tuple[NDArray[np.int64], Ints]:
    draw = advice_draw(sites, key)
    return undirected(int(sites.staff.sum()), draw.source, draw.target)
