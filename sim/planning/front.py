"""From all that was tried to the few plans worth choosing among: the best for each purpose, thinned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.planning.purposes import COST, KEEPS, Purpose, Standing, rank
from sim.planning.race import Archive, Pace

SAFE = 0.001
"""A chance of a breach that is as good as none."""
CHEAPER = 0.02
"""Plans whose cost differs by less than this share do not differ in cost."""
ROOMS = (0.8, 0.6, 0.4, 0.2)
"""Shares of a limit that no replicate may use more of, tried in turn where nothing else holds."""
FEW = 2
"""Plans that are looked at for each of them."""


def ever_more_cautious(
    archive: Archive, purposes: Sequence[Purpose], count: int, pace: Pace
) -> Iterator[list[Standing]]:
    """Plans to be chosen among, until some surely keep the limits: no plan twice.

    First those that are best, then those that seem safe. Where neither holds, what was seen in a few replicates says
    too little of a plan near its limits: so the best of those that leave more and more room, and last the plan that
    uses least of its limits. Only where that plan does not hold either is there none.

    Args:
        archive: what was tried.
        purposes: what counts.
        count: most plans of the first and of the second.
        pace: how they were tried.
    """
    aim, known = purposes[0].measure, archive.known.values()
    groups = [
        finalists(archive, purposes, count, pace.confirm),
        safest(archive, aim, count, min(pace.rungs)),
        *(_with_room(archive, aim, room) for room in ROOMS),
        sorted(known, key=lambda s: (s.judged.most_used, -s.mean(aim), s.key))[:1],
    ]
    seen: set[str] = set()
    for group in groups:
        if new := [s for s in group if s.key not in seen]:
            seen.update(s.key for s in new)
            yield new


def _with_room(archive: Archive, measure: str, room: float) -> list[Standing]:
    """The best of those that use no more than a share of any limit in any replicate."""
    inside = [s for s in archive.known.values() if s.judged.most_used <= room]
    return sorted(inside, key=lambda s: (-s.mean(measure), s.key))[:FEW]


def finalists(archive: Archive, purposes: Sequence[Purpose], count: int, least: int) -> list[Standing]:
    """Plans to be chosen among on fresh random numbers, no two that differ in nothing worth having.

    Args:
        archive: what was tried.
        purposes: what counts.
        count: most plans.
        least: fewest replicates that a plan must have had.

    Returns:
        In turn the best, second best ... for each purpose, and the cheapest of those that keep most of the gain.
    """
    orders = [archive.best(p.measure, 6 * count, least) for p in purposes]
    if orders:
        orders.insert(1, safest(archive, purposes[0].measure, 6 * count, least))
        orders.append(cheapest(orders[0], purposes[0].measure))
    found: list[Standing] = []
    for place in range(6 * count):
        for order in orders:
            if place < len(order) and len(found) < count and not _near(order[place], found, purposes):
                found.append(order[place])
    return found


def safest(archive: Archive, measure: str, count: int, least: int) -> list[Standing]:
    """The best of the plans that stay well inside their limits; where there are none, those with the least risk."""
    seen = [s for s in archive.known.values() if len(s.trial) >= least]
    order = sorted(seen, key=lambda s: (max(s.judged.risk, SAFE), s.judged.share, -s.mean(measure), s.key))
    return order[:count]


def cheapest(among: Sequence[Standing], measure: str) -> list[Standing]:
    """Those that keep most of what the best of them reaches, the cheapest first."""
    inside = [s for s in among if s.judged.likely] or list(among)
    if not inside:
        return []
    most = max(s.mean(measure) for s in inside)
    enough = KEEPS * most if most > 0.0 else most
    return sorted((s for s in inside if s.mean(measure) >= enough), key=lambda s: (s.mean(COST), s.key))


def _near(new: Standing, found: Sequence[Standing], purposes: Sequence[Purpose]) -> bool:
    """Whether a plan differs from one that is there by less than is worth having in everything that counts."""
    return any(new.key == old.key or _same(new, old, purposes) for old in found)


def _same(one: Standing, other: Standing, purposes: Sequence[Purpose]) -> bool:
    both = min(len(one.trial), len(other.trial))
    for p in purposes:
        if abs(float((one.column(p.measure)[:both] - other.column(p.measure)[:both]).mean())) >= p.worth / 2.0:
            return False
    a, b = one.mean(COST), other.mean(COST)
    return abs(a - b) <= CHEAPER * max(a, b, 1.0)


def best_of(chosen: Sequence[Standing], measure: str) -> Standing:
    """The best of some plans for a measure."""
    return min(chosen, key=lambda s: rank(s, measure))
