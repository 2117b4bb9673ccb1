"""Health-visiting and social-work teams for a list without any: no open list of them exists, so they are assumed.

Health visiting: one post (all grades) for 150 children under five; social work with children: one for 300 children.
Children under five are 5/7, and all children 18/7, of the primary roll (seven year groups). A team has about nine or
ten posts, serves neighbouring localities, and takes its deprivation and place from the sites there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.organisation.generate.chance import apportion
from sim.organisation.generate.people import TYPE_DEFAULTS
from sim.organisation.organisation import Floats, Ints

GENERATED = "generated/"
UNDER_FIVES_A_PRIMARY_PUPIL = 5 / 7
CHILDREN_A_PRIMARY_PUPIL = 18 / 7
TEAMS = {
    "health_visiting": ("health", UNDER_FIVES_A_PRIMARY_PUPIL / 150, 9.0),
    "social_work": ("social_work", CHILDREN_A_PRIMARY_PUPIL / 300, 10.0),
}


@dataclass(frozen=True)
class Made:
    """One generated team."""

    id: str
    name: str
    agency: int
    type: int
    staff: int
    roll: int
    deprivation: float
    locality: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Neighbourhood:
    """What is known of one area's sites: columns aligned, shape (sites,)."""

    type: Ints
    roll: Ints
    deprivation: Floats
    locality: Sequence[str]
    latitude: Floats
    longitude: Floats

    def part(self, rows: Ints) -> Neighbourhood:
        """Some of the sites, by row."""
        return Neighbourhood(
            self.type[rows],
            self.roll[rows],
            self.deprivation[rows],
            [self.locality[row] for row in rows.tolist()],
            self.latitude[rows],
            self.longitude[rows],
        )


def missing_teams(area: str, known: Neighbourhood) -> list[Made]:
    """The health-visiting and social-work teams an area's list lacks.

    Args:
        area: its name, part of the generated ids.
        known: its listed sites.

    Returns:
        Generated teams, none of a type that the list holds already.
    """
    made: list[Made] = []
    present = {SITE_TYPES[kind] for kind in known.type.tolist()}
    primary = known.type == SITE_TYPES.index("primary")
    # Without primaries in the list, all its children count as the seven year groups: better than no team.
    pupils = np.where(primary, known.roll, 0) if primary.any() else known.roll
    for kind, (_, posts_a_pupil, team_size) in TEAMS.items():
        if kind in present:
            continue
        posts = max(1, int(np.rint(pupils.sum() * posts_a_pupil)))
        groups = _neighbours(known, pupils, max(1, int(np.rint(posts / team_size))))
        weights = np.array([pupils[group].sum() for group in groups], dtype=np.float64)
        staff = apportion(max(posts, len(groups)), weights, 1)
        for number, (group, size) in enumerate(zip(groups, staff.tolist(), strict=True), start=1):
            made.append(_team(area, kind, number, known.part(group), size))
    return made


def _neighbours(known: Neighbourhood, pupils: Ints, teams: int) -> list[Ints]:
    """Split the sites into `teams` groups of whole localities of about equal rolls, west to east."""
    names = sorted(set(known.locality))
    members = [np.flatnonzero([place == name for place in known.locality]) for name in names]
    east = [_mean(known.longitude[m]) for m in members]
    order = sorted(
        range(len(names)), key=lambda i: (np.isnan(east[i]), 0.0 if np.isnan(east[i]) else east[i], names[i])
    )
    reach = np.cumsum([max(float(pupils[members[i]].sum()), 1e-9) for i in order])
    middle = reach - np.diff(reach, prepend=0.0) / 2.0
    bins = np.minimum((middle / reach[-1] * teams).astype(int), teams - 1)
    groups = [np.concatenate([members[i] for i, b in zip(order, bins, strict=True) if b == k]) for k in np.unique(bins)]
    return [np.sort(group).astype(np.int32) for group in groups]


def _team(area: str, kind: str, number: int, served: Neighbourhood, staff: int) -> Made:
    weights = np.maximum(served.roll, 1)
    default = TYPE_DEFAULTS[kind]
    return Made(
        id=f"{GENERATED}{area}/{kind}/{number}",
        name=f"{kind.replace('_', ' ').capitalize()} team {number} (generated)",
        agency=AGENCIES.index(TEAMS[kind][0]),
        type=SITE_TYPES.index(kind),
        staff=staff,
        roll=int(np.rint(staff / default.staff_per_roll)),
        deprivation=round(float(np.average(served.deprivation, weights=weights)), 4),
        locality=served.locality[int(np.argmax(weights))],
        latitude=round(_mean(served.latitude), 6),
        longitude=round(_mean(served.longitude), 6),
    )


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
