"""The place: sites, staff, leaders and families of one or more areas, as plain arrays.

One table a kind, a numpy array a column, rows aligned; indices point to rows of the named table and -1 means none.
NaN means "not known": the model then draws the value at month 0 of each replicate. Whatever reads files or invents
people ends in an `Organisation`; whatever simulates, draws a graph or checks a slice begins with one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Sites:
    """One row a site, sorted by area, then in the file's order.

    Attributes:
        ids: stable identifier, unique.
        names: real name; shown only when asked for.
        pseudonyms: what results, charts and links call it.
        area: index into `Organisation.areas`.
        agency: index into `codes.AGENCIES`.
        type: index into `codes.SITE_TYPES`.
        roll: children, registered places or caseload (families of the site).
        staff: practitioners, at least 1.
        deprivation: share of families in the most deprived fifth.
        locality: ward or neighbourhood, '' unknown.
        latitude: degrees, NaN unknown.
        longitude: degrees, NaN unknown.
        local_team: key of the local team that the file names for it, '' to be formed by the rule.
        core_team: key of the core team that the file names for it, '' to be decided by the scenario.
        stage: stage today, index into `codes.STAGES`, -1 not given.
        fidelity: mean fidelity of users today, NaN not given.
        using: share of practitioners using the practice today, NaN not given.
        capacity: capacity of its local team today, NaN not given.
        generated: True where the site itself was generated (no row in the file).
    """

    ids: Texts
    names: Texts
    pseudonyms: Texts
    area: Ints
    agency: Ints
    type: Ints
    roll: Ints
    staff: Ints
    deprivation: Floats
    locality: Texts
    latitude: Floats
    longitude: Floats
    local_team: Texts
    core_team: Texts
    stage: Ints
    fidelity: Floats
    using: Floats
    capacity: Floats
    generated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Practitioners:
    """One row a post, sorted by site; `slot` counts posts within the site from 0.

    Attributes:
        ids: identifier, unique ('<site id>/<slot>' when generated).
        site: index into sites.
        slot: position within the site, part of the permanent id.
        care: True for a social-care or health role (its turnover differs from a teacher's).
        readiness: 0-1, NaN to be drawn.
        tie_indptr: CSR row pointer of the undirected `advises` ties (len + 1).
        tie_indices: CSR neighbours, sorted within each row; every tie is in both rows; no self ties.
    """

    ids: Texts
    site: Ints
    slot: Ints
    care: NDArray[np.bool_]
    readiness: Floats
    tie_indptr: NDArray[np.int64]
    tie_indices: Ints

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class Leaders:
    """One row a leader: senior leaders first, then operational managers, then one manager for each site in site order.

    Attributes:
        ids: identifier, unique.
        level: codes.SENIOR, OPERATIONAL or MANAGER.
        agency: index into `codes.AGENCIES`.
        area: index into areas; -1 where the leader spans several (a health board).
        site: index into sites for a site manager, else -1.
        reports_to: index into leaders, -1 for a senior leader.
        commitment: baseline commitment 0-1, NaN to be drawn.
    """

    ids: Texts
    level: Ints
    agency: Ints
    area: Ints
    site: Ints
    reports_to: Ints
    commitment: Floats

    def __len__(self) -> int:
        return len(self.level)


@dataclass(frozen=True)
class Families:
    """One row a family (a child's household), sorted by site, then by deprivation fifth.

    Attributes:
        practitioner: index into practitioners: its named practitioner, at the same site.
        fifth: 0 most deprived ... 4 least deprived.
        slot: position within the site, part of the permanent id.
    """

    practitioner: Ints
    fifth: NDArray[np.uint8]
    slot: Ints

    def __len__(self) -> int:
        return len(self.practitioner)


@dataclass(frozen=True, repr=False)
class Organisation:
    """Everything known, generated or assumed about one or more local areas.

    Attributes:
        name: what to call it.
        areas: one name a local area (a nation has many).
        sites: table of sites.
        practitioners: table of posts and their ties.
        leaders: table of leaders.
        families: table of families.
        senior: leader index by (area, agency), -1 where the area lacks one.
        group: True where the area has a multi-agency group.
        digest: SHA-256 of what defines it (file contents, or the generator's settings) as hex.
        assumptions: sentences on what was missing and how it was made up.
        start_date: calendar date of month 0 as ISO text, '' not given.
        core_capacity: capacity today by core team key ('' for an area's only team).
    """

    name: str
    areas: tuple[str, ...]
    sites: Sites
    practitioners: Practitioners
    leaders: Leaders
    families: Families
    senior: Ints
    group: NDArray[np.bool_]
    digest: str
    assumptions: tuple[str, ...] = ()
    start_date: str = ""
    core_capacity: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"Organisation({self.name!r}: {counted(len(self.sites), 'site')}, "
            f"{counted(len(self.practitioners), 'practitioner')}, "
            f"{counted(len(self.families), 'family', 'families')}, {counted(len(self.leaders), 'leader')}, "
            f"{counted(len(self.areas), 'local area')})"
        )

    def with_assumptions(self, *sentences: str) -> Organisation:
        """The same organisation with more sentences on what was assumed."""
        return replace(self, assumptions=self.assumptions + sentences)

    def select(self, keep: NDArray[np.bool_]) -> Organisation:
        """Only the sites marked, with their staff, managers, families and ties among them; governance stays whole."""
        site_of = np.cumsum(keep, dtype=np.int64) - 1
        person_kept = keep[self.practitioners.site]
        person_of = (np.cumsum(person_kept, dtype=np.int64) - 1).astype(np.int32)
        leader_kept = (self.leaders.site < 0) | keep[np.maximum(self.leaders.site, 0)]
        leader_of = (np.cumsum(leader_kept, dtype=np.int64) - 1).astype(np.int32)
        family_kept = person_kept[self.families.practitioner]
        people, leaders, families = self.practitioners, self.leaders, self.families
        indptr, indices = _select_ties(people, person_kept, person_of)
        return replace(
            self,
            sites=_rows(self.sites, keep),
            practitioners=replace(
                people,
                ids=people.ids[person_kept],
                site=site_of[people.site[person_kept]].astype(np.int32),
                slot=people.slot[person_kept],
                care=people.care[person_kept],
                readiness=people.readiness[person_kept],
                tie_indptr=indptr,
                tie_indices=indices,
            ),
            leaders=replace(
                _rows(leaders, leader_kept),
                site=_renumber(leaders.site[leader_kept], site_of),
                reports_to=_renumber(leaders.reports_to[leader_kept], leader_of),
            ),
            families=replace(_rows(families, family_kept), practitioner=person_of[families.practitioner[family_kept]]),
            senior=_renumber(self.senior, leader_of),
        )


def _rows(table: Any, keep: NDArray[np.bool_]) -> Any:
    return replace(table, **{name: getattr(table, name)[keep] for name in table.__dataclass_fields__})


def _renumber(index: NDArray[Any], new: NDArray[Any]) -> Ints:
    result: Ints = np.where(index >= 0, new[np.maximum(index, 0)], -1).astype(np.int32)
    return result


def _select_ties(people: Practitioners, kept: NDArray[np.bool_], new: Ints) -> tuple[NDArray[np.int64], Ints]:
    rows = np.repeat(np.arange(len(people)), np.diff(people.tie_indptr))
    stay = kept[rows] & kept[people.tie_indices]
    counts = np.bincount(rows[stay], minlength=len(people))[kept]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), new[people.tie_indices[stay]]
