"""Teams that files name, and today's state (`start`): stages, fidelity, capacity, commitment, the calendar date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.organisation.files.check import check_known, check_teams
from sim.organisation.files.columns import Parsed

STATE = ("stage", "fidelity", "using", "capacity")


@dataclass
class Today:
    """What files say of teams and of today, by id.

    Attributes:
        local_team: local team of a site.
        core_team: core team of a site.
        sites: stage, fidelity, using and capacity of a site.
        commitment: of a leader, with the row that says so.
        core_capacity: of a core team, '' the only one.
        start_date: of month 0.
    """

    local_team: dict[str, str] = field(default_factory=dict)
    core_team: dict[str, str] = field(default_factory=dict)
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    commitment: dict[str, tuple[float, str]] = field(default_factory=dict)
    core_capacity: dict[str, float] = field(default_factory=dict)
    start_date: str = ""


def read_today(sites: Iterable[Parsed], teams: Parsed | None, start: Parsed | None, problems: list[str]) -> Today:
    """Join what the sites, teams and start tables say of teams and of today.

    Args:
        sites: the site tables.
        teams: the teams table, if any.
        start: the start table, if any.
        problems: grows by a sentence for each contradiction.

    Returns:
        Everything by id; later tables add to, and never overrule, what a site's own row says.
    """
    today = Today()
    tables = list(sites)
    ids: list[str] = []
    for table in tables:
        columns = (table.column(c) for c in ("site_id", "local_team", "core_team", *STATE))
        for site, local, core, *state in zip(*columns, strict=True):
            if site is None:
                continue
            ids.append(site)
            if local is not None:
                today.local_team[site] = local
            if core is not None:
                today.core_team[site] = core
            today.sites[site] = {name: value for name, value in zip(STATE, state, strict=True) if value is not None}
    capacity: dict[str, float] = {}
    wrong: list[str] = []
    if teams is not None:
        wrong = [*check_teams(teams, tables), *check_known(teams, "sites", ids, "site")]
        # A team that is wrong by itself would be reported twice.
        _read_teams(today, teams, capacity, wrong if not wrong else [])
    _check_parents(today, wrong if not wrong else [])
    problems.extend(wrong)
    if start is not None:
        _read_start(today, start, set(ids), capacity, problems)
    for site, team in today.local_team.items():
        if team in capacity:
            today.sites.setdefault(site, {}).setdefault("capacity", capacity[team])
    return today


def _read_teams(today: Today, teams: Parsed, capacity: dict[str, float], problems: list[str]) -> None:
    columns = (teams.column(c) for c in ("team_id", "kind", "supported_by", "sites", "capacity"))
    rows = list(zip(*columns, teams.rows, strict=True))
    for team, kind, _, members, able, row in rows:
        if kind == "core" and able is not None:
            today.core_capacity[team] = able
        if kind == "local" and able is not None:
            capacity[team] = able
        mine = today.core_team if kind == "core" else today.local_team
        for site in members or ():
            if mine.setdefault(site, team) != team:
                problems.append(f"{row}: site '{site}' names {kind} team '{mine[site]}' in its own row, not '{team}'")
    for team, kind, parent, _, _, row in rows:
        if kind != "local" or parent in (None, "external"):
            continue
        for site, own in today.local_team.items():
            if own == team and today.core_team.setdefault(site, parent) != parent:
                problems.append(
                    f"{row}: team '{team}' has two parents: '{parent}', and by its site '{site}' "
                    f"'{today.core_team[site]}'"
                )


def _check_parents(today: Today, problems: list[str]) -> None:
    parents: dict[str, str] = {}
    for site, team in today.local_team.items():
        core = today.core_team.get(site, "")
        if parents.setdefault(team, core) != core:
            problems.append(
                f"local team '{team}' has two parents: its sites name core teams '{parents[team]}' and '{core}'; "
                "sites that share a local team share its core team"
            )
            parents[team] = core


def _read_start(today: Today, start: Parsed, sites: set[str], capacity: dict[str, float], problems: list[str]) -> None:
    columns = (start.column(c) for c in ("kind", "id", *STATE, "commitment", "date"))
    for (kind, name, *state, commitment, day), row in zip(zip(*columns, strict=True), start.rows, strict=True):
        if any(told.startswith(f"{row},") for told in problems):
            continue
        given = {k: v for k, v in zip(STATE, state, strict=True) if v is not None}
        if kind == "site" and name not in sites:
            problems.append(f"{row}, column 'id': no site '{name}'; name a site of the list")
        elif kind == "site":
            today.sites[name] = {**given, **today.sites[name]}
        elif kind == "leader" and (commitment is None or name is None):
            problems.append(f"{row}: a leader's row needs an id and a commitment")
        elif kind == "leader":
            today.commitment[name] = (commitment, row)
        elif kind == "team":
            problems.extend(_team_start(today, (name or "", given.get("capacity"), row), capacity))
        elif kind == "date":
            problems.extend(_date_start(today, day, row))


def _team_start(today: Today, entry: tuple[str, float | None, str], capacity: dict[str, float]) -> list[str]:
    """Take over a team's row (its id, capacity and row number); returns what is wrong with it."""
    name, able, row = entry
    cores = (set(today.core_team.values()) | set(today.core_capacity)) - {""}
    locals_ = set(today.local_team.values())
    if able is None:
        return [f"{row}, column 'capacity': empty; a team's row needs its capacity"]
    if name in locals_:
        capacity[name] = able
    elif name in cores or not name:
        today.core_capacity[name] = able
    else:
        known = ", ".join(sorted(cores | locals_)) or "none; leave the id empty for an area's only core team"
        return [f"{row}, column 'id': no team '{name}'; known: {known}"]
    return []


def _date_start(today: Today, day: str | None, row: str) -> list[str]:
    """Take over the start date; returns what is wrong with it."""
    if day is None:
        return [f"{row}, column 'date': empty; write it like 2026-08-01"]
    if today.start_date not in ("", day):
        return [f"{row}: a second start date {day}; {today.start_date} was given already"]
    today.start_date = day
    return []


def state_column(today: Today, ids: list[str], name: str) -> list[Any]:
    """One column of today's state in the order of the sites; NaN (stage: -1) where nothing was given."""
    from sim.organisation.codes import STAGES

    if name == "stage":
        return [STAGES.index(s) if (s := today.sites.get(i, {}).get("stage")) is not None else -1 for i in ids]
    return [today.sites.get(i, {}).get(name, np.nan) for i in ids]
