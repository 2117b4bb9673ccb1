"""The organisation as a picture: layered by governance level, zones outlined, and one run as changes of state.

Positions are worked out once a plan; what moves is sent as (person, month, state) changes, so that play, pause and
scrub never ask the server. Families are not drawn as dots: a site's ring shows the share of its families reached.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.jobs import Jobs
from sim.app.question import Question
from sim.app.replicates import Pair
from sim.counts import counted
from sim.engine.setup import Setup
from sim.engine.trace import USING, WELL, Trace
from sim.organisation.codes import AGENCIES, MANAGER, OPERATIONAL, SENIOR, SITE_TYPES
from sim.organisation.organisation import Organisation
from sim.results.words import percent

Array = NDArray[Any]
WIDTH, HEIGHT = 640.0, 352.0
GROUP_X, GROUP_Y, SENIOR_Y, MIDDLE_Y = 200.0, 15.0, 44.0, 69.0
CORE_X, CORE_SPAN = 290.0, 340.0
TOP, BOTTOM, GAP = 82.0, 350.0, 7.0
HEAD = 34.0
LEFT = 128.0
SPREAD, LARGEST = 1.55, 4.6
GLYPHS, ASIDE, RIM = 9.0, 5.0, 2.0
SLIMMEST, FULL_SIZE, LEAST_SIZE = 0.2, 2.0, 0.2
READABLE = 2.4
DUST = 1.3
"""Dots with a radius below this are dust: then each site is one disc, filled by the share of its staff."""
DOT = "Each dot is a practitioner"
DISC = "Each disc is a site: grey its staff, blue those who use it, dark those who use it well"
MANY, SUMMED = 120, 0.25
"""More sites than so many in no zone are drawn as one block, of this width against that of all zones."""
NOT_OPEN = ["not open yet", "not yet"]
GOLDEN = math.pi * (3.0 - math.sqrt(5.0))


def network(jobs: Jobs, question: Question, pair: Pair, followed: tuple[Trace, Trace]) -> dict[str, Any]:
    """The picture of both arms' runs, JSON-safe; both use the zones of the first arm that has any."""
    setups = [jobs.prepared(a, e.months) for a, e in zip(question.arms, pair, strict=True)]
    lead = setups[0] if setups[0].scenario.zones or not setups[1].scenario.zones else setups[1]
    o = lead.organisation
    number = pair[0].first + int(followed[0].ensemble.first)
    boxes, cells, dots = _grid(lead)
    people = _people(o, cells, dots)
    block = np.flatnonzero(lead.course.site_zone == boxes[-1]["zone"]).tolist() if _summed(lead, boxes) else []
    shown = np.delete(dots, block)
    discs = bool(len(shown)) and float(shown.max()) < DUST
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "months": pair[0].months,
        "replicate": number,
        "captions": _captions(number, setups, pair, len(o.sites), DISC if discs else DOT),
        "now": f"one run, number {number}, nearest the median of {pair[0].replicates}",
        "people": packed(np.round(people * 10).astype(np.int16)),
        "dots": [round(float(d), 2) for d in dots],
        "marks": [round(marks(float(d)), 2) for d in dots],
        "group": [GROUP_X, GROUP_Y],
        "not_open": NOT_OPEN,
        "stretched": [f"overstretched: meets {share} % of need" for share in range(101)],
        "sites": _sites(o, cells),
        "boxes": boxes,
        "leaders": _leaders(o, cells, dots),
        "arms": [_arm(s, t, cells, block) for s, t in zip(setups, followed, strict=True)],
        "block": block,
        "discs": discs,
        "core_span": CORE_SPAN,
        "levels": [["group, core team", GROUP_Y], ["senior leaders", SENIOR_Y], ["managers", MIDDLE_Y]],
    }


def packed(values: Array) -> str:
    """Little-endian bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _grid(setup: Setup) -> tuple[list[dict[str, Any]], Array, Array]:
    """A box a zone (last: no zone); for every site x, y and ring radius, [S, 3], and the radius of its dots, [S].

    Dots are of one size, unless a crowded box would make all of them too small to read: then the others keep theirs.
    """
    zone = np.asarray(setup.course.site_zone)
    staff = np.asarray(setup.organisation.sites.staff, np.float64)
    names = [*(z.name for z in setup.scenario.zones), "no zone"]
    there = [k for k in range(len(names)) if (zone == k).any()]
    weights = np.array([(staff[zone == k] + 8.0).sum() for k in there])
    if _summed(setup, [{"zone": k} for k in there]):
        weights[-1] = SUMMED * weights[:-1].sum()
    weights = np.maximum(weights, min(SLIMMEST, 1.0 / len(there)) * weights.sum())
    widths = (WIDTH - GAP * (len(there) + 1)) * weights / weights.sum()
    members = [np.flatnonzero(zone == k) for k in there]
    own = [_largest_dot(staff[m], w) for m, w in zip(members, widths.tolist(), strict=True)]
    boxes, cells, dots, left = [], np.zeros((len(zone), 3)), np.zeros(len(zone)), GAP
    for k, width, mine, largest in zip(there, widths.tolist(), members, own, strict=True):
        dots[mine] = dot = min(largest, max(min(own), READABLE))
        boxes.append({"name": names[k], "zone": k, "x": left, "y": TOP, "w": width, "h": BOTTOM - TOP})
        order = mine[np.argsort(-staff[mine], kind="stable")]
        cells[order] = _placed(_rings(staff[order], dot), left, width, marks(dot))
        left += width + GAP
    return boxes, cells, dots


def _summed(setup: Setup, boxes: list[dict[str, Any]]) -> bool:
    """Whether the sites in no zone are one block: there are many, and zones to look at instead."""
    outside = len(setup.scenario.zones)
    return len(boxes) > 1 and boxes[-1]["zone"] == outside and int((setup.course.site_zone == outside).sum()) > MANY


def _rings(staff: Array, dot: float) -> Array:
    """Radius of the ring about each site's practitioners."""
    rings: Array = dot * (SPREAD * np.sqrt(staff + 0.35) + 1.0) + RIM * marks(dot)
    return rings


def marks(dot: float) -> float:
    """How large signs of leaders and teams are drawn, 1 in full: where dots must be tiny, so are signs."""
    return min(1.0, max(LEAST_SIZE, dot / FULL_SIZE))


def _shelves(rings: Array, width: float, size: float) -> tuple[list[list[int]], float]:
    """Rings, largest first, filled into rows of a width; how high the rows are, infinite where one ring is too wide."""
    rows: list[list[int]] = []
    room = -1.0
    for i, ring in enumerate(rings.tolist()):
        wide = 2 * ring + ASIDE * size
        if wide > width:
            return [], math.inf
        if wide > room:
            rows.append([])
            room = width
        rows[-1].append(i)
        room -= wide
    return rows, sum(2 * float(rings[row[0]]) + GLYPHS * size for row in rows)


def _largest_dot(staff: Array, width: float) -> float:
    """The largest radius of a dot with which a zone's sites keep within its box."""
    low, high = 0.0, LARGEST
    inner = BOTTOM - TOP - HEAD
    for _ in range(24):
        dot = (low + high) / 2
        fits = _shelves(np.sort(_rings(staff, dot))[::-1], width, marks(dot))[1] <= inner
        low, high = (dot, high) if fits else (low, dot)
    return low


def _placed(rings: Array, left: float, width: float, size: float) -> Array:
    """X, y and radius of a zone's rings, largest first, spread evenly over its box, [n, 3]."""
    rows, tall = _shelves(rings, width, size)
    slack = max(0.0, BOTTOM - TOP - HEAD - tall) / (len(rows) + 1)
    cells, y = np.zeros((len(rings), 3)), TOP + HEAD + slack / 2
    for row in rows:
        gap = (width - sum(2 * float(rings[i]) for i in row)) / (len(row) + 1)
        x, high = left + gap, 2 * float(rings[row[0]])
        for i in row:
            ring = float(rings[i])
            cells[i] = (x + ring, y + GLYPHS * size + high / 2, ring)
            x += 2 * ring + gap
        y += high + GLYPHS * size + slack
    return cells


def _people(o: Organisation, cells: Array, dots: Array) -> Array:
    """X and y of every practitioner, [N, 2], in a spiral about its site."""
    site, slot = o.practitioners.site, o.practitioners.slot.astype(np.float64)
    away = dots[site] * SPREAD * np.sqrt(slot + 0.35)
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
        for (x, y, ring), kind, staff in zip(cells, o.sites.type, o.sites.staff, strict=True)
    ]


def _leaders(o: Organisation, cells: Array, dots: Array) -> list[dict[str, Any]]:
    """The position of each leader: senior leaders and operational managers in rows, site managers above their site."""
    leaders = o.leaders
    rows = []
    for level, y in ((SENIOR, SENIOR_Y), (OPERATIONAL, MIDDLE_Y)):
        mine = np.flatnonzero(leaders.level == level)
        mine = mine[np.argsort(leaders.agency[mine], kind="stable")]
        for place, leader in enumerate(mine):
            x = LEFT + (WIDTH - LEFT) * (place + 0.12) / len(mine)
            rows.append((int(leader), x, y, int(level)))
    for leader in np.flatnonzero(leaders.level == MANAGER):
        (x, y, ring), size = cells[leaders.site[leader]], marks(float(dots[leaders.site[leader]]))
        rows.append((int(leader), float(x) - 4.0 * size, float(y) - float(ring) - 4.0 * size, MANAGER))
    rows.sort()
    return [
        {
            "x": round(x, 1),
            "y": round(y, 1),
            "level": level,
            "site": int(leaders.site[leader]) if level == MANAGER else -1,
            "agency": AGENCIES[int(leaders.agency[leader])].replace("_", " "),
            "to": int(leaders.reports_to[leader]),
        }
        for leader, x, y, level in rows
    ]


def _arm(setup: Setup, found: Trace, cells: Array, block: list[int]) -> dict[str, Any]:
    ensemble = found.ensemble
    families = np.maximum(np.bincount(
        setup.organisation.practitioners.site[setup.organisation.families.practitioner],
        minlength=len(setup.organisation.sites)), 1)  # fmt: skip
    opened = [int(m) for m in found.opened.min(axis=0)] if found.opened.size else []
    return {
        "zones": bool(setup.scenario.zones),
        "opened": opened,
        "opened_words": [[f"since month {m}", f"month {m}"] if m >= 0 else NOT_OPEN for m in opened],
        "people": changes(found.people),
        "stages": changes(found.stages),
        "reach": packed(np.round(255 * np.minimum(found.reached / families, 1.0)).astype(np.uint8)),
        "reached": [f"{int(v):,}" for v in found.reached.sum(axis=1)],
        "using": _using(found.people),
        "block_words": _block_words(setup, found, block),
        "teams": _teams(setup, cells),
        "capacity": packed(np.round(255 * np.clip(found.capacity, 0, 1)).astype(np.uint8)),
        "attention": packed(np.round(100 * np.clip(np.nan_to_num(found.attention), 0, 2.5)).astype(np.uint8)),
        "commitment": packed(np.round(255 * np.clip(found.commitment, 0, 1)).astype(np.uint8)),
        "number": int(ensemble.first),
    }


def _captions(number: int, setups: list[Setup], pair: Pair, sites: int, what: str) -> list[str]:
    """The caption of each arm's picture."""
    alone = "" if setups[1].scenario.zones else ": same sites, no zone"
    return [
        f"One run, number {number}, nearest the median of {pair[0].replicates}. {what}; {counted(sites, 'site')}.",
        f"The same run number {number}, with the same random numbers{alone}.",
    ]


def _using(people: Array) -> list[str]:
    """Share of practitioners who use the practice, in words month by month, from states [T+1, N]."""
    shares = np.isin(people, (USING, WELL)).mean(axis=1)
    return [f"{percent(float(v))} % use it" for v in shares]


def _block_words(setup: Setup, found: Trace, block: list[int]) -> list[list[str]]:
    """What a block of sites in no zone says of itself, month by month."""
    if not block:
        return []
    mine = np.isin(setup.organisation.practitioners.site, block)
    return [[counted(len(block), "site"), "in no zone", words] for words in _using(found.people[:, mine])]


def _teams(setup: Setup, cells: Array) -> list[dict[str, Any]]:
    teams = setup.teams
    rows = []
    for team in range(len(teams.area)):
        core = team < teams.core_count
        if core:
            x, y = CORE_X + CORE_SPAN * (team + 0.5) / max(teams.core_count, 3), GROUP_Y
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
