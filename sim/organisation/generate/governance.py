"""Leaders and groups when nobody listed them: who governs, who manages whom, which health board spans which areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.organisation.codes import AGENCIES, MANAGER, OPERATIONAL, SENIOR, STATUTORY
from sim.organisation.organisation import Ints, Leaders, Sites

SITES_A_MANAGER = 12


class LeaderRow(NamedTuple):
    """One leader of a list; -1 where there is no area, site or superior."""

    id: str
    level: int
    agency: int
    area: int
    site: int = -1
    reports_to: int = -1


class LeaderRows(list[LeaderRow]):
    """Leaders being listed."""

    def add(self, leader: LeaderRow) -> int:
        """Append one leader and return its row."""
        self.append(leader)
        return len(self) - 1

    @property
    def ids(self) -> list[str]:
        """Their ids, in order."""
        return [leader.id for leader in self]

    def table(self, commitment: Sequence[float] | None = None) -> Leaders:
        """The rows as arrays; commitment NaN (to be drawn) unless given."""
        known = np.full(len(self), np.nan) if commitment is None else np.array(commitment, dtype=np.float64)
        columns = np.array([leader[1:] for leader in self], dtype=np.int32).reshape(len(self), 5)
        level, agency, area, site, boss = columns.T.copy()
        return Leaders(np.array(self.ids, dtype=np.str_), level, agency, area, site, boss, known)


def govern(sites: Sites, areas: Sequence[str], boards: Sequence[str]) -> tuple[Leaders, Ints]:
    """Everybody who leads, generated: seniors, then operational managers, then one manager for each site.

    Each statutory agency has a senior leader in every area, each partner agency with sites a partnership lead; areas
    of one health board share its senior leader, whose own area is then -1. An operational manager looks after about
    twelve sites of one agency, neighbours by locality.

    Args:
        sites: the sites.
        areas: names of the areas.
        boards: health board of each area, '' where it has its own.

    Returns:
        The leaders, and the senior leader by (area, agency), -1 where there is none.
    """
    rows = LeaderRows()
    senior = seniors(rows, sites, areas, boards)
    manager_of = operational_managers(rows, sites, areas, senior)
    site_managers(rows, sites, manager_of)
    return rows.table(), senior


def seniors(rows: LeaderRows, sites: Sites, areas: Sequence[str], boards: Sequence[str]) -> Ints:
    """Add the senior leaders and partnership leads; returns their rows by (area, agency)."""
    present = np.zeros((len(areas), len(AGENCIES)), dtype=np.bool_)
    present[sites.area, sites.agency] = True
    senior: Ints = np.full(present.shape, -1, dtype=np.int32)
    spanning = {board for board in boards if board and list(boards).count(board) > 1}
    of_board: dict[str, int] = {}
    for area, area_name in enumerate(areas):
        for agency, agency_name in enumerate(AGENCIES):
            if agency_name not in STATUTORY and not present[area, agency]:
                continue
            board = boards[area] if agency_name == "health" else ""
            if board in spanning:
                if board not in of_board:
                    of_board[board] = rows.add(LeaderRow(f"{board}/health/senior", SENIOR, agency, -1))
                senior[area, agency] = of_board[board]
            else:
                name = f"{area_name}/{agency_name}/senior"
                senior[area, agency] = rows.add(LeaderRow(name, SENIOR, agency, area))
    return senior


def operational_managers(
    rows: LeaderRows,
    sites: Sites,
    areas: Sequence[str],
    senior: Ints,
    listed: Mapping[tuple[int, int], Sequence[int]] | None = None,
) -> Ints:
    """Add operational managers, about one to twelve sites of an agency, where none are listed.

    Args:
        rows: leaders so far; grows.
        sites: the sites.
        areas: names of the areas.
        senior: senior leader by (area, agency).
        listed: rows of the operational managers a file names, by (area, agency): they share those sites.

    Returns:
        The row of each site's operational manager.
    """
    manager_of: Ints = np.full(len(sites), -1, dtype=np.int32)
    _, first, place = np.unique(sites.locality, return_index=True, return_inverse=True)
    seen = first[place]
    for area, area_name in enumerate(areas):
        for agency, agency_name in enumerate(AGENCIES):
            mine = np.flatnonzero((sites.area == area) & (sites.agency == agency))
            if not len(mine):
                continue
            mine = mine[np.argsort(seen[mine], kind="stable")]
            known = (listed or {}).get((area, agency), ())
            for number, some in enumerate(np.array_split(mine, len(known) or -(-len(mine) // SITES_A_MANAGER))):
                if known:
                    manager_of[some] = known[number]
                    continue
                name = f"{area_name}/{agency_name}/operational/{number + 1}"
                boss = int(senior[area, agency])
                manager_of[some] = rows.add(LeaderRow(name, OPERATIONAL, agency, area, reports_to=boss))
    return manager_of


def site_managers(rows: LeaderRows, sites: Sites, manager_of: Ints) -> None:
    """Add one manager for each site, in site order, who reports to its operational manager."""
    for site, name in enumerate(sites.ids.tolist()):
        agency, area = int(sites.agency[site]), int(sites.area[site])
        rows.add(LeaderRow(f"{name}/manager", MANAGER, agency, area, site, int(manager_of[site])))
