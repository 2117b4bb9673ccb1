"""People that files name: posts, ties and leaders; what they leave open is generated beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.counts import counted
from sim.organisation.codes import AGENCIES, MANAGER, OPERATIONAL, SENIOR
from sim.organisation.files.check import check_known
from sim.organisation.files.columns import Parsed
from sim.organisation.generate.fill import as_floats
from sim.organisation.generate.governance import LeaderRow, LeaderRows, operational_managers, seniors
from sim.organisation.generate.people import posts_of
from sim.organisation.generate.ties import undirected
from sim.organisation.organisation import Ints, Leaders, Practitioners, Sites


def count_posts(staff: Parsed, ids: Sequence[str], posts: Ints, notes: list[str]) -> Ints:
    """Posts of each site: the rows of the staff table where it names the site, else what was counted."""
    listed = dict.fromkeys(ids, 0)
    for site in staff.column("site_id"):
        if site in listed:
            listed[site] += 1
    found = np.array([listed[name] or own for name, own in zip(ids, posts.tolist(), strict=True)], dtype=np.int32)
    without = sum(number == 0 for number in listed.values())
    if without:
        notes.append(
            f"{counted(without, 'site has', 'sites have')} no row in the staff table: the posts there are generated "
            f"from the site's staff."
        )
    return found


def practitioners_given(
    sites: Sites, staff: Parsed | None, ties: Parsed | None, problems: list[str]
) -> tuple[Practitioners, bool] | None:
    """Posts and ties from the staff and ties tables.

    Args:
        sites: all sites; `staff` counts the posts.
        staff: the staff table, None where all posts are generated.
        ties: the ties table, None where ties are to be generated.
        problems: grows by a sentence for each problem.

    Returns:
        The practitioners and whether their ties are the file's; None where files say nothing.
    """
    if staff is None and ties is None:
        return None
    names, site, slot, care = posts_of(sites.staff, sites.ids, sites.type)
    readiness = np.full(len(site), np.nan)
    ids = names.tolist()
    if staff is not None:
        start = (np.cumsum(sites.staff, dtype=np.int64) - sites.staff).tolist()
        row_of = {name: row for row, name in enumerate(sites.ids.tolist())}
        columns = (staff.column(c) for c in ("staff_id", "site_id", "care", "readiness"))
        for person, home, role, ready in zip(*columns, strict=True):
            if home not in row_of or person is None:
                continue
            place = start[row_of[home]]
            start[row_of[home]] += 1
            ids[place] = person
            readiness[place] = np.nan if ready is None else ready
            care[place] = care[place] if role is None else role
    indptr, indices = undirected(len(ids), np.empty(0, np.int32), np.empty(0, np.int32))
    if ties is not None:
        position = {person: row for row, person in enumerate(ids)}
        for end in ("source", "target"):
            problems.extend(check_known(ties, end, ids, "staff_id"))
        if len(position) == len(ids) and not problems:
            one, other = (np.array([position[p] for p in ties.column(e)], np.int32) for e in ("source", "target"))
            indptr, indices = undirected(len(ids), one, other)
    people = Practitioners(np.array(ids, dtype=np.str_), site, slot, care, readiness, indptr, indices)
    return people, ties is not None


class Whole(NamedTuple):
    """What leaders lead.

    Attributes:
        sites: all sites.
        areas: names of the areas.
        boards: health board of each area.
    """

    sites: Sites
    areas: Sequence[str]
    boards: Sequence[str]


@dataclass
class _Listed:
    """Leaders as listed: their entries, and the rows made so far, by id."""

    entries: list[dict[str, object]]
    rows: LeaderRows = field(default_factory=LeaderRows)
    where: dict[str, int] = field(default_factory=dict)


def leaders_given(table: Parsed, whole: Whole, *, problems: list[str], notes: list[str]) -> tuple[Leaders, Ints] | None:
    """Leaders from the leaders table; levels it leaves out are generated.

    Where it names any senior leader, the agencies and areas it leaves out have none: a zone there cannot open.

    Args:
        table: the leaders table, checked.
        whole: the sites and areas that they lead.
        problems: grows by a sentence for each problem.
        notes: sentences on what was generated are added to it.

    Returns:
        Leaders and the senior leader by (area, agency); None where there are problems.
    """
    names = ("leader_id", "level", "agency", "area", "site_id", "reports_to", "commitment")
    listed = [dict(zip(names, row, strict=True)) for row in zip(*(table.column(n) for n in names), strict=True)]
    sites = whole.sites
    problems.extend(check_known(table, "site_id", sites.ids.tolist(), "site"))
    if problems:
        return None
    making = _Listed(listed)
    rows, where = making.rows, making.where
    senior = _seniors(making, whole)
    manager_of = _operational(making, whole, senior)
    by_site = {entry["site_id"]: entry for entry in listed if entry["level"] == "manager"}
    for site, name in enumerate(sites.ids.tolist()):
        entry = by_site.get(name, {"leader_id": f"{name}/manager", "reports_to": None})
        boss = where.get(entry["reports_to"] or "", int(manager_of[site]))
        agency, area = int(sites.agency[site]), int(sites.area[site])
        manager = LeaderRow(entry["leader_id"], MANAGER, agency, area, site, boss)
        where[manager.id] = rows.add(manager)
    if len(set(rows.ids)) < len(rows.ids):
        twice = sorted({name for name in rows.ids if rows.ids.count(name) > 1})
        problems.append(f"{table.where}: leader_id '{twice[0]}' is also the id of a generated leader; choose another")
        return None
    generated = len(rows.ids) - len(listed)
    if generated:
        notes.append(f"{counted(generated, 'leader')} not in the leaders table: generated.")
    commitment = {entry["leader_id"]: entry["commitment"] for entry in listed}
    return rows.table(as_floats([commitment.get(name) for name in rows.ids]).tolist()), senior


def _seniors(making: _Listed, whole: Whole) -> Ints:
    rows, areas = making.rows, whole.areas
    mine = [entry for entry in making.entries if entry["level"] == "senior"]
    if not mine:
        return seniors(rows, whole.sites, areas, whole.boards)
    senior: Ints = np.full((len(areas), len(AGENCIES)), -1, dtype=np.int32)
    for entry in mine:
        agency = AGENCIES.index(str(entry["agency"]))
        named = entry["area"] or (areas[0],)
        spans = [areas.index(name) for name in named]  # type: ignore[attr-defined]
        row = rows.add(LeaderRow(str(entry["leader_id"]), SENIOR, agency, spans[0] if len(spans) == 1 else -1))
        making.where[str(entry["leader_id"])] = row
        senior[spans, agency] = row
    return senior


def _operational(making: _Listed, whole: Whole, senior: Ints) -> Ints:
    rows, where, areas = making.rows, making.where, whole.areas
    by_place: dict[tuple[int, int], list[int]] = {}
    for entry in making.entries:
        if entry["level"] != "operational":
            continue
        agency = AGENCIES.index(str(entry["agency"]))
        area = areas.index(entry["area"][0]) if entry["area"] else 0  # type: ignore[index]
        boss = where.get(str(entry["reports_to"] or ""), int(senior[area, agency]))
        name = str(entry["leader_id"])
        where[name] = rows.add(LeaderRow(name, OPERATIONAL, agency, area, reports_to=boss))
        by_place.setdefault((area, agency), []).append(where[name])
    return operational_managers(rows, whole.sites, areas, senior, by_place)
