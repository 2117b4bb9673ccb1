"""Who asks whom for advice: a directed draw like published teacher networks, and the undirected ties the model uses.

Mechanism: everybody belongs to a small working group (a year group, a department); some colleagues are much asked;
part of the nominations close triangles (one asks whom one's adviser asks), part are returned. A few cross the site's
walls, mostly within agency and neighbourhood: silos are few cross-agency ties. The constants were set so that sites
fall in the ranges of ten schools' advice networks (Pitts & Spillane 2009); see docs/synthetic-areas.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.organisation.generate.chance import Chance
from sim.organisation.organisation import Floats, Ints

GROUP_SIZE = 5.0
MEAN_ASKED = 2.7
SITE_SPREAD = 0.30
POPULARITY_SPREAD = 0.85
WITHIN_GROUP = 0.30
CLOSED = 0.50
RETURNED = 0.10
CROSS_SITE = 0.10
CROSS_SMALL = 0.60
CROSS_SAME_PLACE = 0.60
CROSS_SAME_AGENCY = 0.85
MOST_ASKED = 15


@dataclass(frozen=True)
class Nominations:
    """A directed draw of advice: `source` asks `target`; sorted by source, then target, no pair twice, none to itself.

    Attributes:
        source: practitioner who asks.
        target: practitioner who is asked.
        working_group: working group of each practitioner, numbered over the whole organisation.
    """

    source: Ints
    target: Ints
    working_group: Ints


@dataclass(frozen=True)
class Places:
    """What the draw must know of each site, shape (sites,): its number of posts and three keys.

    Attributes:
        posts: practitioners of the site; practitioners are numbered site by site in this order.
        area: area index.
        agency: agency index.
        locality: any number that is equal for sites of one locality of one area.
    """

    posts: Ints
    area: Ints
    agency: Ints
    locality: Ints


def nominate(places: Places, chance: Chance) -> Nominations:
    """Draw who asks whom in all sites at once.

    Args:
        places: the sites.
        chance: stream for this draw.

    Returns:
        The directed nominations, inside sites and across them.
    """
    posts = places.posts.astype(np.int64)
    people = int(posts.sum())
    start = np.cumsum(posts) - posts
    site = np.repeat(np.arange(len(posts)), posts)
    slot = np.arange(people) - start[site]
    groups = np.maximum(1, np.rint(posts / GROUP_SIZE)).astype(np.int64)
    local = slot * groups[site] // np.maximum(posts[site], 1)
    group = (np.cumsum(groups) - groups)[site] + local
    asked = _number_asked(posts, site, chance.stream("number"))
    weight = np.exp(POPULARITY_SPREAD * chance.stream("popularity").normal(people))
    source = np.repeat(np.arange(people), asked)
    target = _first_choice(source, site, group, weight, chance.stream("choice"))
    source, target = _distinct(source, target, people)
    source, target = _close_triangles(source, target, people, chance.stream("close"))
    back = chance.stream("return").uniform(len(source)) < RETURNED
    across = _across(site, places, chance.stream("across"))
    source, target = _distinct(
        np.concatenate([source, target[back], across[0]]), np.concatenate([target, source[back], across[1]]), people
    )
    return Nominations(source.astype(np.int32), target.astype(np.int32), group.astype(np.int32))


def undirected(people: int, source: Ints, target: Ints) -> tuple[NDArray[np.int64], Ints]:
    """The undirected union of nominations as CSR: every tie in both rows, neighbours sorted, no self ties.

    Args:
        people: number of practitioners.
        source: one end of each tie.
        target: the other end.

    Returns:
        Row pointer (people + 1) and neighbours.
    """
    one, other = _distinct(
        np.concatenate([source, target]).astype(np.int64), np.concatenate([target, source]).astype(np.int64), people
    )
    counts = np.bincount(one, minlength=people)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), other.astype(np.int32)


def tie_statistics(nominations: Nominations, members: NDArray[np.intp]) -> dict[str, float]:
    """Structure of the advice network among some practitioners, as in the published tables.

    Args:
        nominations: a directed draw.
        members: practitioners to look at (one site's), shape (n,), n >= 3.

    Returns:
        n, density, mean_out, reciprocity (share of nominations returned), indeg_cv, outdeg_cv, transitivity and
        avg_clustering (of the undirected union), group_odds_ratio (a tie inside the working group against outside it,
        NaN where either is empty).
    """
    position = np.full(len(nominations.working_group), -1)
    position[members] = np.arange(len(members))
    one, other = position[nominations.source], position[nominations.target]
    inside = (one >= 0) & (other >= 0)
    matrix = np.zeros((len(members), len(members)))
    matrix[one[inside], other[inside]] = 1.0
    group = nominations.working_group[members]
    return {**matrix_statistics(matrix), "group_odds_ratio": _odds_ratio(matrix, group)}


def matrix_statistics(matrix: Floats) -> dict[str, float]:
    """The same figures for any directed 0/1 matrix with an empty diagonal, shape (n, n); row asks column."""
    count = len(matrix)
    ties = float(matrix.sum())
    either = np.maximum(matrix, matrix.T)
    degree = either.sum(axis=1)
    triangles = np.diag(either @ either @ either) / 2.0
    pairs = degree * (degree - 1.0) / 2.0
    local = np.divide(triangles, pairs, out=np.zeros_like(triangles), where=pairs > 0)
    into, out = matrix.sum(axis=0), matrix.sum(axis=1)
    mean = ties / count
    return {
        "n": float(count),
        "density": ties / (count * (count - 1.0)),
        "mean_out": mean,
        "reciprocity": float((matrix * matrix.T).sum()) / ties if ties else 0.0,
        "indeg_cv": float(into.std(ddof=1)) / mean if ties else 0.0,
        "outdeg_cv": float(out.std(ddof=1)) / mean if ties else 0.0,
        "transitivity": float(triangles.sum() / pairs.sum()) if pairs.sum() else 0.0,
        "avg_clustering": float(local.mean()),
    }


def _odds_ratio(matrix: Floats, group: Ints) -> float:
    same = group[:, None] == group[None, :]
    np.fill_diagonal(same, False)
    apart = group[:, None] != group[None, :]
    if not same.any() or not apart.any():
        return float("nan")
    near, far = float(matrix[same].mean()), float(matrix[apart].mean())
    if far in (0.0, 1.0) or near == 1.0:
        return float("nan")
    return (near / (1.0 - near)) / (far / (1.0 - far))


def _number_asked(posts: NDArray[np.int64], site: NDArray[np.intp], chance: Chance) -> NDArray[np.int64]:
    habit = np.clip(MEAN_ASKED * np.exp(SITE_SPREAD * chance.normal(len(posts))), 0.8, 4.5)
    wish = np.floor(habit[site] * chance.exponential(len(site)) + chance.uniform(len(site)))
    return np.minimum(np.minimum(wish, MOST_ASKED), posts[site] - 1).astype(np.int64)


def _first_choice(
    source: NDArray[np.intp],
    site: NDArray[np.intp],
    group: NDArray[np.int64],
    weight: Floats,
    chance: Chance,
) -> NDArray[np.intp]:
    reach = np.cumsum(weight)
    near = chance.uniform(len(source)) < WITHIN_GROUP
    low, high = np.empty(len(source)), np.empty(len(source))
    for chosen, key in ((near, group), (~near, site)):
        sizes = np.bincount(key)
        last = np.cumsum(sizes) - 1
        who = key[source[chosen]]
        high[chosen] = reach[last[who]]
        low[chosen] = reach[last[who]] - np.bincount(key, weights=weight)[who]
    picked = np.searchsorted(reach, low + chance.uniform(len(source)) * (high - low), side="right")
    return np.minimum(picked, len(site) - 1)


def _close_triangles(
    source: NDArray[np.intp], target: NDArray[np.intp], people: int, chance: Chance
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Add nominations of one's adviser's adviser: friends of friends meet."""
    counts = np.bincount(source, minlength=people)
    first = np.cumsum(counts) - counts
    bold = (chance.uniform(len(source)) < CLOSED) & (counts[target] > 0)
    via = target[bold]
    step = np.minimum((chance.uniform(len(via)) * counts[via]).astype(np.int64), counts[via] - 1)
    return _distinct(
        np.concatenate([source, source[bold]]), np.concatenate([target, target[first[via] + step]]), people
    )


def _across(site: NDArray[np.intp], places: Places, chance: Chance) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    small = places.posts[site] < 3
    bold = np.flatnonzero(chance.uniform(len(site)) < np.where(small, CROSS_SMALL, CROSS_SITE))
    kind = chance.uniform(len(bold))
    agencies = int(places.agency.max(initial=0)) + 1
    home = places.locality * agencies + places.agency
    wider = places.area * agencies + places.agency
    sources, targets = [], []
    for key, low, high in (
        (home, 0.0, CROSS_SAME_PLACE),
        (wider, CROSS_SAME_PLACE, CROSS_SAME_AGENCY),
        (places.locality, CROSS_SAME_AGENCY, 1.0),
    ):
        who = bold[(kind >= low) & (kind < high)]
        _, compact = np.unique(key, return_inverse=True)
        crowd = compact[site]
        order = np.argsort(crowd, kind="stable")
        counts = np.bincount(crowd, minlength=int(compact.max(initial=0)) + 1)
        first = np.cumsum(counts) - counts
        found = order[first[crowd[who]] + chance.below(counts[crowd[who]].astype(np.int32))]
        elsewhere = site[found] != site[who]
        sources.append(who[elsewhere])
        targets.append(found[elsewhere])
    return np.concatenate(sources), np.concatenate(targets)


def _distinct(
    source: NDArray[np.intp], target: NDArray[np.intp], people: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    keep = source != target
    keys = source[keep].astype(np.int64) * max(people, 1) + target[keep]
    keys.sort()  # numpy's own unique goes by a table that takes several times as long
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    return keys // max(people, 1), keys % max(people, 1)
