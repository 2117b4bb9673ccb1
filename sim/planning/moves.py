"""One step from a plan to a neighbour: sites in and out, openings, zones divided and joined, levers up and down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sim.planning.candidate import Candidate, PlannedZone
from sim.planning.question import TERM_MONTHS
from sim.planning.space import Space

Random = np.random.Generator
Move = Callable[[Candidate, Space, Random], Candidate]


def neighbours(plan: Candidate, space: Space, random: Random, count: int, tried: set[str]) -> list[Candidate]:
    """Neighbours of a plan that keep the wishes and have not been tried.

    Args:
        plan: to begin from.
        space: what may be chosen.
        random: draws kinds of move and what they move.
        count: how many; fewer where none are left to be found.
        tried: keys of plans that are not wanted again; grows by those returned.
    """
    found: list[Candidate] = []
    for _ in range(20 * count):
        if len(found) == count:
            break
        new = step(plan, space, random)
        if new.key not in tried and not space.unmet(new):
            tried.add(new.key)
            found.append(new)
    return found


def step(plan: Candidate, space: Space, random: Random) -> Candidate:
    """The plan after one move; the same plan where the move had nothing to move."""
    moves = MOVES if space.levers else MOVES[:-2]
    return space.fitted(moves[int(random.integers(len(moves)))](plan, space, random))


def shaken(plan: Candidate, space: Space, random: Random, steps: int = 3) -> Candidate:
    """The plan after several moves, to begin a new search from."""
    for _ in range(steps):
        plan = step(plan, space, random)
    return plan


def _pick(plan: Candidate, random: Random) -> int:
    return int(random.integers(len(plan.zones)))


def _with(plan: Candidate, **changed: PlannedZone) -> Candidate:
    """The plan with zones replaced, by position ('z2')."""
    new = {int(name[1:]): zone for name, zone in changed.items()}
    return plan.with_zones(new.get(i, zone) for i, zone in enumerate(plan.zones))


def _free(plan: Candidate, space: Space) -> list[str]:
    taken = set(plan.sites)
    return [s for s in space.sites if s not in taken]


def _some(items: list[str], random: Random, most: int) -> list[str]:
    """One to `most` of the items, mostly few."""
    if not items:
        return []
    count = min(len(items), 1 + int(random.integers(max(1, most)) * random.random()))
    return [items[i] for i in sorted(random.permutation(len(items))[:count])]


def _block(space: Space) -> int:
    """Most sites that one move takes: more in a large area, where single sites would take for ever."""
    return max(2, len(space.sites) // 12)


def _take_in(plan: Candidate, space: Space, random: Random) -> Candidate:
    free = _free(plan, space)
    if not plan.zones or not free:
        return _found(plan, space, random)
    at = _pick(plan, random)
    more = _some(free, random, _block(space))
    return _with(plan, **{f"z{at}": replace(plan.zones[at], sites=(*plan.zones[at].sites, *more))})


def _let_go(plan: Candidate, space: Space, random: Random) -> Candidate:
    if not plan.zones:
        return plan
    at = _pick(plan, random)
    gone = set(_some(list(plan.zones[at].sites), random, _block(space)))
    kept = tuple(s for s in plan.zones[at].sites if s not in gone)
    return _with(plan, **{f"z{at}": replace(plan.zones[at], sites=kept)})


def _exchange(plan: Candidate, space: Space, random: Random) -> Candidate:
    free = _free(plan, space)
    if not plan.zones or not free:
        return plan
    at = _pick(plan, random)
    zone = plan.zones[at]
    out = _some(list(zone.sites), random, _block(space))
    into = [free[i] for i in random.permutation(len(free))[: len(out)]]
    return _with(plan, **{f"z{at}": replace(zone, sites=(*(s for s in zone.sites if s not in out), *into))})


def _pass_on(plan: Candidate, space: Space, random: Random) -> Candidate:
    if len(plan.zones) < 2:
        return plan
    one, other = (int(i) for i in random.permutation(len(plan.zones))[:2])
    moved = _some(list(plan.zones[one].sites), random, _block(space))
    rest = tuple(s for s in plan.zones[one].sites if s not in moved)
    there = (*plan.zones[other].sites, *moved)
    return _with(
        plan, **{f"z{one}": replace(plan.zones[one], sites=rest), f"z{other}": replace(plan.zones[other], sites=there)}
    )


def _trade(plan: Candidate, space: Space, random: Random) -> Candidate:
    """Two zones exchange one site each."""
    if len(plan.zones) < 2:
        return plan
    one, other = (int(i) for i in random.permutation(len(plan.zones))[:2])
    a, b = plan.zones[one], plan.zones[other]
    x, y = a.sites[int(random.integers(len(a.sites)))], b.sites[int(random.integers(len(b.sites)))]
    return _with(
        plan,
        **{
            f"z{one}": replace(a, sites=(*(s for s in a.sites if s != x), y)),
            f"z{other}": replace(b, sites=(*(s for s in b.sites if s != y), x)),
        },
    )


def _shift(plan: Candidate, space: Space, random: Random) -> Candidate:
    """A zone opens one to three terms earlier or later."""
    if not plan.zones:
        return plan
    at = _pick(plan, random)
    by = TERM_MONTHS * int(random.integers(1, 4)) * (1 if random.random() < 0.5 else -1)
    return _with(plan, **{f"z{at}": replace(plan.zones[at], opens=plan.zones[at].opens + by)})


def _shift_all(plan: Candidate, space: Space, random: Random) -> Candidate:
    """A zone and all that open after it move by a term."""
    if not plan.zones:
        return plan
    at = _pick(plan, random)
    by = TERM_MONTHS if random.random() < 0.5 else -TERM_MONTHS
    return plan.with_zones(replace(z, opens=z.opens + by) if i >= at else z for i, z in enumerate(plan.zones))


def _divide(plan: Candidate, space: Space, random: Random) -> Candidate:
    if not plan.zones:
        return plan
    at = _pick(plan, random)
    zone = plan.zones[at]
    if len(zone.sites) < 2:
        return plan
    order = [zone.sites[i] for i in random.permutation(len(zone.sites))]
    cut = int(random.integers(1, len(order)))
    later = replace(zone, sites=tuple(order[cut:]), opens=zone.opens + TERM_MONTHS * int(random.integers(1, 6)))
    return plan.with_zones(
        [*(z for i, z in enumerate(plan.zones) if i != at), replace(zone, sites=tuple(order[:cut])), later]
    )


def _join(plan: Candidate, space: Space, random: Random) -> Candidate:
    if len(plan.zones) < 2:
        return plan
    at = int(random.integers(len(plan.zones) - 1))
    one, other = plan.zones[at], plan.zones[at + 1]
    joined = replace(one if random.random() < 0.5 else other, sites=(*one.sites, *other.sites))
    return plan.with_zones([*(z for i, z in enumerate(plan.zones) if i not in (at, at + 1)), joined])


def _found(plan: Candidate, space: Space, random: Random) -> Candidate:
    """A new zone of sites that were left out."""
    free = _free(plan, space)
    least, most = space.question.choices.sizes
    if not free or len(plan.zones) >= space.question.choices.most_zones:
        return plan
    size = int(random.integers(least, max(least, min(most, len(free))) + 1))
    sites = tuple(free[i] for i in random.permutation(len(free))[:size])
    month = space.months[int(random.integers(len(space.months)))]
    choices = space.question.choices.resources
    return plan.with_zones([*plan.zones, PlannedZone(month, sites, choices[int(random.integers(len(choices)))])])


def _give_up(plan: Candidate, space: Space, random: Random) -> Candidate:
    if len(plan.zones) < 2:
        return plan
    at = _pick(plan, random)
    return plan.with_zones(z for i, z in enumerate(plan.zones) if i != at)


def _staff(plan: Candidate, space: Space, random: Random) -> Candidate:
    """Local teams of a zone get the next more or less time."""
    choices = space.question.choices.resources
    if not plan.zones or len(choices) < 2:
        return _shift(plan, space, random)
    at = _pick(plan, random)
    now = min(range(len(choices)), key=lambda i: abs(choices[i] - plan.zones[at].resources))
    new = now + (1 if random.random() < 0.5 else -1)
    new = 1 if new < 0 else len(choices) - 2 if new >= len(choices) else new
    return _with(plan, **{f"z{at}": replace(plan.zones[at], resources=choices[new])})


def _turn(plan: Candidate, space: Space, random: Random) -> Candidate:
    """A lever moves to its next value."""
    names = sorted(n for n, v in space.levers.items() if len(v) > 1)
    if not names:
        return _shift(plan, space, random)
    name = names[int(random.integers(len(names)))]
    values = space.levers[name]
    now = min(range(len(values)), key=lambda i: abs(values[i] - plan.lever(name)))
    new = now + (1 if random.random() < 0.5 else -1)
    new = 1 if new < 0 else len(values) - 2 if new >= len(values) else new
    return plan.with_levers(**{name: values[new]})


def _set(plan: Candidate, space: Space, random: Random) -> Candidate:
    """A lever takes any of its values."""
    names = sorted(n for n, v in space.levers.items() if len(v) > 1)
    if not names:
        return _shift(plan, space, random)
    name = names[int(random.integers(len(names)))]
    return plan.with_levers(**{name: space.levers[name][int(random.integers(len(space.levers[name])))]})


MOVES: tuple[Move, ...] = (
    _take_in, _let_go, _exchange, _pass_on, _trade, _shift, _shift_all, _divide, _join, _found, _give_up, _staff,
    _turn, _set,
)  # fmt: skip
