"""The organisation as a picture: layered by governance level, zones outlined, and one run as changes of state.

Positions are worked out once a plan; what moves is sent as (person, month, state) changes, so that play, pause and
scrub never ask the server. Families are no dots: a site's ring shows the share of its families reached so far.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.desk import Desk, Pair
from sim.app.question import Question
from sim.engine.setup import Setup
from sim.engine.trace import PERSON_STATES, Trace
from sim.organisation.codes import AGENCIES, MANAGER, OPERATIONAL, SENIOR, SITE_TYPES
from sim.organisation.organisation import Organisation

Array = NDArray[Any]
WIDTH, HEIGHT = 640.0, 560.0
GROUP_X, GROUP_Y, SENIOR_Y, MIDDLE_Y = 215.0, 22.0, 66.0, 100.0
TOP, BOTTOM, GAP = 124.0, 554.0, 8.0
HEAD = 42.0
LEFT = 128.0
SPREAD, SMALLEST, LARGEST = 2.05, 0.9, 4.2
GOLDEN = math.pi * (3.0 - math.sqrt(5.0))


def network(desk: Desk, question: Question, pair: Pair, followed: tuple[Trace, Trace]) -> dict[str, Any]:
    """The picture of both arms' runs, JSON-safe; both stand on the zones of the first arm that has any."""
    setups = [desk.laid(a, e.months) for a, e in zip(question.arms, pair, strict=True)]
    lead = setups[0] if setups[0].scenario.zones or not setups[1].scenario.zones else setups[1]
    o = lead.organisation
    boxes, cells = _grid(lead)
    people = _people(o, cells)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "months": pair[0].months,
        "replicate": pair[0].first + int(followed[0].ensemble.first),
        "people": packed(np.round(people * 10).astype(np.int16)),
        "dots": [round(float(d), 2) for d in _dots(o, cells)],
        "group": [GROUP_X, GROUP_Y],
        "sites": _sites(o, cells),
        "boxes": boxes,
        "leaders": _leaders(o, cells),
        "states": list(PERSON_STATES),
        "arms": [_arm(s, t, cells) for s, t in zip(setups, followed, strict=True)],
        "levels": [["group, core team", GROUP_Y], ["senior leaders", SENIOR_Y], ["managers", MIDDLE_Y]],
    }


def packed(values: Array) -> str:
    """Little-endian bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _grid(setup: Setup) -> tuple[list[dict[str, Any]], Array]:
    """A box a zone (last: no zone), and for every site x, y and half width of its cell, [S, 3]."""
    zone = np.asarray(setup.course.site_zone)
    names = [*(z.name for z in setup.scenario.zones), "no zone"]
    there = [k for k in range(len(names)) if (zone == k).any()]
    sizes = np.array([math.sqrt((zone == k).sum() + 1.0) * math.sqrt((zone == k).sum()) for k in there])
    widths = (WIDTH - GAP * (len(there) + 1)) * sizes / sizes.sum()
    boxes, cells, left = [], np.zeros((len(zone), 3)), GAP
    for k, width in zip(there, widths, strict=True):
        mine = np.flatnonzero(zone == k)
        boxes.append({"name": names[k], "zone": k, "x": left, "y": TOP, "w": width, "h": BOTTOM - TOP})
        inner = BOTTOM - TOP - HEAD
        across = max(1, round(math.sqrt(len(mine) * width / inner)))
        down = math.ceil(len(mine) / across)
        step, rise = width / across, inner / down
        for place, site in enumerate(mine):
            row, column = divmod(place, across)
            last = len(mine) - row * across
            shift = (across - last) * step / 2 if last < across else 0.0
            cells[site] = (left + shift + (column + 0.5) * step, TOP + HEAD + (row + 0.5) * rise, min(step, rise) / 2)
        left += width + GAP
    return boxes, cells


def _dots(o: Organisation, cells: Array) -> Array:
    """Radius of a practitioner's dot by site: as large as lets all of them keep within the site's cell."""
    fit = 0.8 * cells[:, 2] / (SPREAD * np.sqrt(np.maximum(o.sites.staff, 1)))
    radius: Array = np.clip(fit, SMALLEST, LARGEST)
    return radius


def _rings(o: Organisation, cells: Array) -> Array:
    """Radius of the ring about each site's practitioners."""
    dots = _dots(o, cells)
    rings: Array = dots * SPREAD * np.sqrt(o.sites.staff + 0.35) + dots + 2.0
    return rings


def _people(o: Organisation, cells: Array) -> Array:
    """X and y of every practitioner, [N, 2], in a spiral about its site."""
    site, slot = o.practitioners.site, o.practitioners.slot.astype(np.float64)
    away = _dots(o, cells)[site] * SPREAD * np.sqrt(slot + 0.35)
    turn = slot * GOLDEN
    return np.stack([cells[site, 0] + away * np.cos(turn), cells[site, 1] + away * np.sin(turn)], axis=1)


def _sites(o: Organisation, cells: Array) -> list[dict[str, Any]]:
    """Sites by type and size; never by name, as what is shown is a single run."""
    return [
        {
            "x": round(float(x), 1),
            "y": round(float(y), 1),
            "r": round(float(ring), 1),
            "type": SITE_TYPES[kind].replace("_", " "),
            "staff": int(staff),
        }
        for (x, y, _), kind, staff, ring in zip(cells, o.sites.type, o.sites.staff, _rings(o, cells), strict=True)
    ]


def _leaders(o: Organisation, cells: Array) -> list[dict[str, Any]]:
    """Where each leader stands: senior leaders and operational managers in rows, site managers above their site."""
    leaders = o.leaders
    rows = []
    for level, y in ((SENIOR, SENIOR_Y), (OPERATIONAL, MIDDLE_Y)):
        mine = np.flatnonzero(leaders.level == level)
        mine = mine[np.argsort(leaders.agency[mine], kind="stable")]
        for place, leader in enumerate(mine):
            x = LEFT + (WIDTH - LEFT) * (place + 0.25) / len(mine)
            rows.append((int(leader), x, y, int(level)))
    rings = _rings(o, cells)
    for leader in np.flatnonzero(leaders.level == MANAGER):
        x, y, _ = cells[leaders.site[leader]]
        rows.append((int(leader), float(x) - 4.0, float(y) - float(rings[leaders.site[leader]]) - 4.0, MANAGER))
    rows.sort()
    return [
        {
            "x": round(x, 1),
            "y": round(y, 1),
            "level": level,
            "agency": AGENCIES[int(leaders.agency[leader])].replace("_", " "),
            "to": int(leaders.reports_to[leader]),
        }
        for leader, x, y, level in rows
    ]


def _arm(setup: Setup, found: Trace, cells: Array) -> dict[str, Any]:
    ensemble = found.ensemble
    families = np.maximum(np.bincount(
        setup.organisation.practitioners.site[setup.organisation.families.practitioner],
        minlength=len(setup.organisation.sites)), 1)  # fmt: skip
    return {
        "zones": bool(setup.scenario.zones),
        "opened": [int(m) for m in found.opened.min(axis=0)] if found.opened.size else [],
        "people": changes(found.people),
        "stages": changes(found.stages),
        "reach": packed(np.round(255 * np.minimum(found.reached / families, 1.0)).astype(np.uint8)),
        "reached": [int(v) for v in found.reached.sum(axis=1)],
        "teams": _teams(setup, cells),
        "capacity": packed(np.round(255 * np.clip(found.capacity, 0, 1)).astype(np.uint8)),
        "attention": packed(np.round(100 * np.clip(np.nan_to_num(found.attention), 0, 2.5)).astype(np.uint8)),
        "commitment": packed(np.round(255 * np.clip(found.commitment, 0, 1)).astype(np.uint8)),
        "number": int(ensemble.first),
    }


def _teams(setup: Setup, cells: Array) -> list[dict[str, Any]]:
    teams = setup.teams
    rows = []
    for team in range(len(teams.area)):
        core = team < teams.core_count
        if core:
            x, y = 330.0 + 300.0 * (team + 0.5) / teams.core_count, GROUP_Y
            sites: list[int] = []
        else:
            sites = teams.site_index[teams.site_ptr[team] : teams.site_ptr[team + 1]].tolist()
            x, y = float(cells[sites[0], 0]) + 6.0, float(cells[sites[0], 1])
        rows.append({"core": core, "x": round(x, 1), "y": round(y, 1), "sites": sites, "to": int(teams.parent[team])})
    return rows


def changes(states: Array) -> dict[str, Any]:
    """First states and every later change, so that a browser can lay out each month by itself.

    Args:
        states: uint8 [T+1, N].

    Returns:
        'first' uint8 [N], 'who' uint32, 'month' uint16 and 'state' uint8, sorted by month; base64.
    """
    month, who = np.nonzero(states[1:] != states[:-1])
    return {
        "first": packed(states[0]),
        "who": packed(who.astype(np.uint32)),
        "month": packed((month + 1).astype(np.uint16)),
        "state": packed(states[month + 1, who]),
    }
