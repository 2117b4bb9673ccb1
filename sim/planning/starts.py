"""Where a search begins: known shapes of plans, the user's own, and a design that fills the space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import qmc

from sim.organisation import slice as slices
from sim.planning.candidate import Candidate, PlannedZone, candidate
from sim.planning.space import Space

Pick = Callable[[Space, int, tuple[str, ...]], tuple[str, ...]]

KNOWN_SHAPES = ((6,), (6, 10, 12), (12,), (4, 8), (6, 10), (4, 8, 12, 12), (3, 5, 8, 12), (5, 5, 5, 5), (10, 14))
"""Sites of each zone in known plans: the shipped three zones and their beginnings, slower and faster growth."""
KNOWN_MONTHS = ((1, 24, 42, 60), (13, 37, 61, 73), (1, 12, 24, 36))
KNOWN_SHARE = 2 / 3
"""Of the starts; the others fill the space."""
MODEST_SHARE = 4
"""One start in so many is a small zone with support, for limits that no known shape keeps."""
MODEST_SHAPES = ((3, 3), (2,), (4, 4), (6,))
MODEST_MONTHS = (13, 37)


def starts(space: Space, count: int, seed: int, own: Candidate | None = None) -> list[Candidate]:
    """Plans to begin with, each within the wishes, none twice.

    Args:
        space: what may be chosen.
        count: how many in all; the user's own and the leanest are always there.
        seed: of the space-filling part.
        own: the user's own plan in canonical form.
    """
    found = [leanest(space), *([space.fitted(own)] if own is not None else [])]
    modest = _modest(space)[: count // MODEST_SHARE]
    most = max(len(found), round(KNOWN_SHARE * count)) + len(modest)
    known = (plan for plan in (*found, *modest, *_known(space)) if not space.unmet(plan))
    kept = dict.fromkeys(list(dict.fromkeys(known))[:most])
    for plan in _filling(space, 4 * count, seed):
        if len(kept) >= count:
            break
        if not space.unmet(plan):
            kept[plan] = None
    return list(kept)


def leanest(space: Space) -> Candidate:
    """The smallest plan that the wishes allow: the plan that is cheapest as far as can be told without running it."""
    wishes, choices = space.question.sites, space.question.choices
    wanted = tuple(dict.fromkeys((*wishes.first, *wishes.must)))
    sites = wanted or representative(space, choices.sizes[0], space.sites)
    levers = {n: v[0] for n, v in space.levers.items()}
    if "data_lag_months" in levers:
        levers["data_lag_months"] = space.levers["data_lag_months"][-1]
    zone = PlannedZone(space.months[-1] if not wishes.first else space.months[0], tuple(sites), choices.resources[0])
    return space.fitted(candidate([zone], levers))


def representative(space: Space, size: int, among: tuple[str, ...]) -> tuple[str, ...]:
    """Sites of one area that resemble those among which they are chosen."""
    rows = [space.row_of[name] for name in among]
    if not rows:
        return ()
    mask = np.zeros(len(space.place.sites), np.bool_)
    mask[rows] = True
    chosen = slices.choose(space.place, mask, max(1, min(size, len(rows))))
    return tuple(str(s) for s in space.place.sites.pseudonyms[np.flatnonzero(chosen)])


def most_families(space: Space, size: int, among: tuple[str, ...]) -> tuple[str, ...]:
    """Sites with most families or children for each practitioner: those whose time reaches furthest."""
    sites, row_of = space.place.sites, space.row_of
    order = sorted(among, key=lambda name: (-sites.roll[row_of[name]] / max(1, sites.staff[row_of[name]]), name))
    return tuple(order[:size])


def _known(space: Space) -> list[Candidate]:
    """Known shapes, laid on the organisation as slices that resemble it, the likeliest first."""
    slices_of = {shape: _sliced(space, shape, representative) for shape in KNOWN_SHAPES}
    usual = _nearest(space, space.usual)
    middle = {n: v[len(v) // 2] for n, v in space.levers.items()}
    less = {**usual, **{n: v for n, v in middle.items() if n.startswith("external")}}
    found = []
    for months in ([m + space.begun.today for m in known] for known in KNOWN_MONTHS):
        for shape in KNOWN_SHAPES:
            for levers in (usual, less, middle):
                zones = [PlannedZone(m, s) for m, s in zip(months, slices_of[shape], strict=False)]
                found.append(space.fitted(candidate(zones, levers)))
    return found


def _modest(space: Space) -> list[Candidate]:
    """One or two small zones with full coaching and little or much external support: under tight limits plans without
    support are all that known shapes leave, and no step leads on from them.
    """
    found = []
    for pick in (most_families, representative):
        for level, members in ((0.5, 3.0), (1.0, 5.0)):
            wanted = {"external_level": level, "coaching": 1.0, "core_team_size": members}
            levers = _nearest(space, {**space.usual, **wanted})
            for shape in MODEST_SHAPES:
                opens = [month + space.begun.today for month in MODEST_MONTHS]
                zones = [PlannedZone(m, s) for m, s in zip(opens, _sliced(space, shape, pick), strict=False)]
                found.append(space.fitted(candidate(zones, levers)))
    return found


def _nearest(space: Space, values: dict[str, float]) -> dict[str, float]:
    return {n: min(v, key=lambda x: (abs(x - values[n]), x)) for n, v in space.levers.items()}


def _sliced(space: Space, shape: tuple[int, ...], pick: Pick) -> list[tuple[str, ...]]:
    left = space.sites
    found = []
    for size in shape:
        mine = pick(space, size, left)
        found.append(mine)
        left = tuple(s for s in left if s not in mine)
    return found


def _filling(space: Space, count: int, seed: int) -> list[Candidate]:
    """Plans spread over number of zones, sizes, openings, order of sites and levers (a Latin hypercube)."""
    names = list(space.levers)
    most = space.question.choices.most_zones
    width = 3 + 2 * most + len(names)
    design = qmc.LatinHypercube(d=width, rng=np.random.default_rng([seed, 1])).random(count)
    return [_at(space, row, names, most) for row in design]


def _at(space: Space, row: np.ndarray, names: list[str], most: int) -> Candidate:  # type: ignore[type-arg]
    zones_wanted = 1 + int(row[0] * most)
    least, largest = space.question.choices.sizes
    order = _order(space, float(row[1]), float(row[2]))
    months = sorted(space.months[int(u * len(space.months))] for u in row[3 : 3 + zones_wanted])
    months[0] = space.months[int(float(row[3]) * min(3, len(space.months)))]
    zones, at = [], 0
    for number, month in enumerate(sorted(months)):
        share = float(row[3 + most + number])
        size = least + int(share * (min(largest, max(least, len(order) // zones_wanted)) - least + 1))
        zones.append(PlannedZone(month, tuple(order[at : at + size]), 1.0))
        at += size
    levers = {
        n: space.levers[n][int(float(u) * len(space.levers[n]))]
        for n, u in zip(names, row[3 + 2 * most :], strict=True)
    }
    return space.fitted(candidate(zones, levers))


def _order(space: Space, kind: float, shuffle: float) -> list[str]:
    """Sites in one of four orders: as in the file, largest first, most deprived first, shuffled."""
    sites = space.place.sites
    row_of = space.row_of
    if kind < 0.25:
        return list(space.sites)
    if kind < 0.5:
        return sorted(space.sites, key=lambda s: (-int(sites.staff[row_of[s]]), s))
    if kind < 0.75:
        return sorted(space.sites, key=lambda s: (-float(np.nan_to_num(sites.deprivation[row_of[s]])), s))
    random = np.random.default_rng([int(shuffle * 2**31), 7])
    return [space.sites[i] for i in random.permutation(len(space.sites))]
