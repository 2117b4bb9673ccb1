"""An organisation as tables of cells, a header and rows a table (`writing.py` makes files of them)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.organisation.codes import AGENCIES, FIFTHS, LEADER_LEVELS, SENIOR, SITE_TYPES, STAGES
from sim.organisation.files.columns import LIST_MARK
from sim.organisation.organisation import Ints, Organisation

Rows = list[list[Any]]


def family_counts(organisation: Organisation) -> Ints:
    """Families by site and fifth, shape (sites, 5)."""
    site = organisation.practitioners.site[organisation.families.practitioner].astype(np.int64)
    cell = site * FIFTHS + organisation.families.fifth
    counts = np.bincount(cell, minlength=len(organisation.sites) * FIFTHS)
    return counts.reshape(-1, FIFTHS).astype(np.int32)


def export_tables(organisation: Organisation) -> dict[str, tuple[list[str], Rows]]:
    """Every table: its headings, and rows of text, numbers, booleans and None."""
    return {
        "sites": _sites(organisation),
        "staff": _staff(organisation),
        "leaders": _leaders(organisation),
        "teams": _teams(organisation),
        "ties": _ties(organisation),
        "areas": _areas(organisation),
        "start": _start(organisation),
        "about": _about(organisation),
    }


def _known(values: Any) -> list[float | None]:
    return [None if math.isnan(v) else v for v in values.tolist()]


def _words(codes: Ints, words: Sequence[str]) -> list[str | None]:
    return [words[code] if code >= 0 else None for code in codes.tolist()]


def _rows(columns: dict[str, list[Any]]) -> tuple[list[str], Rows]:
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


def _sites(organisation: Organisation) -> tuple[list[str], Rows]:
    sites = organisation.sites
    fifths = family_counts(organisation)
    return _rows(
        {
            "site_id": sites.ids.tolist(),
            "name": sites.names.tolist(),
            "pseudonym": sites.pseudonyms.tolist(),
            "area": _words(sites.area, organisation.areas),
            "agency": _words(sites.agency, AGENCIES),
            "type": _words(sites.type, SITE_TYPES),
            "roll": sites.roll.tolist(),
            "staff": sites.staff.tolist(),
            "simd_q1_share": _known(sites.deprivation),
            "locality": [name or None for name in sites.locality.tolist()],
            "lat": _known(sites.latitude),
            "lon": _known(sites.longitude),
            "local_team": [name or None for name in sites.local_team.tolist()],
            "core_team": [name or None for name in sites.core_team.tolist()],
            "stage": _words(sites.stage, STAGES),
            "fidelity": _known(sites.fidelity),
            "using": _known(sites.using),
            "capacity": _known(sites.capacity),
            "generated": sites.generated.tolist(),
            **{f"families_fifth{k + 1}": fifths[:, k].tolist() for k in range(FIFTHS)},
        }
    )


def _staff(organisation: Organisation) -> tuple[list[str], Rows]:
    people = organisation.practitioners
    return _rows(
        {
            "staff_id": people.ids.tolist(),
            "site_id": organisation.sites.ids[people.site].tolist(),
            "care": people.care.tolist(),
            "readiness": _known(people.readiness),
        }
    )


def _leaders(organisation: Organisation) -> tuple[list[str], Rows]:
    leaders = organisation.leaders
    area: list[str | None] = _words(leaders.area, organisation.areas)
    for row in np.flatnonzero(leaders.level == SENIOR).tolist():
        spans = np.flatnonzero((organisation.senior == row).any(axis=1)).tolist()
        area[row] = f"{LIST_MARK} ".join(organisation.areas[a] for a in spans) or area[row]
    return _rows(
        {
            "leader_id": leaders.ids.tolist(),
            "level": _words(leaders.level, LEADER_LEVELS),
            "agency": _words(leaders.agency, AGENCIES),
            "area": area,
            "site_id": _words(leaders.site, organisation.sites.ids.tolist()),
            "reports_to": _words(leaders.reports_to, leaders.ids.tolist()),
            "commitment": _known(leaders.commitment),
        }
    )


def _ties(organisation: Organisation) -> tuple[list[str], Rows]:
    people = organisation.practitioners
    one = np.repeat(np.arange(len(people)), np.diff(people.tie_indptr))
    once = one < people.tie_indices
    ids = people.ids
    return _rows({"source": ids[one[once]].tolist(), "target": ids[people.tie_indices[once]].tolist()})


def _teams(organisation: Organisation) -> tuple[list[str], Rows]:
    """Core teams with a capacity; which sites a team supports is in the sites' own rows."""
    named = sorted(item for item in organisation.core_capacity.items() if item[0])
    return ["team_id", "kind", "capacity"], [[key, "core", able] for key, able in named]


def _areas(organisation: Organisation) -> tuple[list[str], Rows]:
    return _rows({"area": list(organisation.areas), "group": organisation.group.tolist()})


def _start(organisation: Organisation) -> tuple[list[str], Rows]:
    only = organisation.core_capacity.get("")
    rows: Rows = [] if only is None else [["team", None, only, None]]
    if organisation.start_date:
        rows.append(["date", None, None, organisation.start_date])
    return ["kind", "id", "capacity", "date"], rows


def _about(organisation: Organisation) -> tuple[list[str], Rows]:
    rows: Rows = [["name", organisation.name], ["complete", "yes"]]
    rows.extend(["assumption", sentence] for sentence in organisation.assumptions)
    return ["key", "value"], rows
