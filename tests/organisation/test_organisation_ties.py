"""Advice ties against ten schools' published networks, with negative controls that the same checks must refuse."""

from __future__ import annotations

import csv

import networkx as nx
import numpy as np
import pytest
from organisation_builders import shared

from sim.organisation.generate.assemble import advice_draw
from sim.organisation.generate.chance import Chance
from sim.organisation.generate.synthetic import generate, generator_key, read_settings
from sim.organisation.generate.ties import Places, matrix_statistics, nominate, tie_statistics, undirected

MEASURES = ("density", "mean_out", "reciprocity", "indeg_cv", "outdeg_cv", "transitivity", "avg_clustering")
# Ranges of the ten published networks (12-49 teachers), docs/synthetic-areas.md.
PUBLISHED = {
    "density": (0.069, 0.281),
    "mean_out": (1.25, 4.905),
    "reciprocity": (0.098, 0.522),
    "indeg_cv": (0.513, 1.212),
    "outdeg_cv": (0.507, 1.115),
    "transitivity": (0.20, 0.569),
    "avg_clustering": (0.175, 0.615),
}
SIZES = (30, 21, 19, 26, 49, 42, 29, 12, 14, 14)


def drawn(sizes, copies: int = 20, key: str = "ties"):
    posts = np.array(list(sizes) * copies, dtype=np.int32)
    zero = np.zeros(len(posts), dtype=np.int32)
    places = Places(posts, zero, zero, (np.arange(len(posts)) // len(sizes)).astype(np.int32))
    nominations = nominate(places, Chance(key))
    start = np.cumsum(posts) - posts
    return [tie_statistics(nominations, np.arange(s, s + n)) for s, n in zip(start, posts, strict=True)]


def random_graphs(sizes, density: float, copies: int = 20):
    rng = np.random.default_rng(5)
    found = []
    for size in list(sizes) * copies:
        matrix = (rng.random((size, size)) < density).astype(float)
        np.fill_diagonal(matrix, 0.0)
        found.append(matrix_statistics(matrix))
    return found


def in_range(found, ranges) -> dict[str, bool]:
    """The check itself: is the median over sites of each measure inside the published range?"""
    medians = {name: float(np.median([f[name] for f in found])) for name in ranges}
    return {name: low <= medians[name] <= high for name, (low, high) in ranges.items()}


def test_generated_ties_fall_in_the_published_ranges():
    assert all(in_range(drawn(SIZES), PUBLISHED).values())


def test_most_single_sites_fall_in_the_ranges_too():
    found = drawn(SIZES)
    for name, (low, high) in PUBLISHED.items():
        share = np.mean([low <= f[name] <= high for f in found])
        assert share > 0.7, name


def test_a_random_graph_of_equal_density_fails_the_check():
    sizes = (30, 26, 42, 49)
    density = float(np.mean([f["density"] for f in drawn(sizes)]))
    told = in_range(random_graphs(sizes, density), PUBLISHED)
    assert told["density"]
    assert not told["avg_clustering"]
    assert not told["indeg_cv"]
    assert not told["reciprocity"]


def test_ties_prefer_the_working_group_and_shuffled_groups_do_not():
    odds = [f["group_odds_ratio"] for f in drawn((30, 42, 49)) if np.isfinite(f["group_odds_ratio"])]
    assert 1.3 < np.median(odds) < 4.6
    posts = np.full(60, 30, dtype=np.int32)
    zero = np.zeros(60, dtype=np.int32)
    nominations = nominate(Places(posts, zero, zero, zero), Chance("shuffled"))
    rng = np.random.default_rng(1)
    mixed = nominations.working_group.copy()
    for site in range(60):
        rng.shuffle(mixed[site * 30 : site * 30 + 30])
    shuffled = type(nominations)(nominations.source, nominations.target, mixed)
    controls = [tie_statistics(shuffled, np.arange(s * 30, s * 30 + 30))["group_odds_ratio"] for s in range(60)]
    assert abs(np.nanmedian(controls) - 1.0) < 0.25


def test_most_ties_stay_inside_a_site_and_few_cross_agencies():
    area = generate({"sites": 120})
    people, sites = area.practitioners, area.sites
    one = np.repeat(np.arange(len(people)), np.diff(people.tie_indptr))
    homes, others = people.site[one], people.site[people.tie_indices]
    across = (homes != others).mean()
    silo = (sites.agency[homes] != sites.agency[others]).mean()
    assert 0.01 < across < 0.15
    assert 0.0 < silo < 0.35 * across


def test_our_measures_agree_with_networkx():
    rng = np.random.default_rng(3)
    matrix = (rng.random((25, 25)) < 0.2).astype(float)
    np.fill_diagonal(matrix, 0.0)
    ours = matrix_statistics(matrix)
    graph = nx.from_numpy_array(matrix, create_using=nx.DiGraph)
    either = nx.Graph(graph.to_undirected())
    assert ours["reciprocity"] == pytest.approx(nx.overall_reciprocity(graph))
    assert ours["avg_clustering"] == pytest.approx(nx.average_clustering(either))
    assert ours["transitivity"] == pytest.approx(nx.transitivity(either))
    assert ours["density"] == pytest.approx(nx.density(graph))


def test_the_undirected_union_is_symmetric_and_sorted():
    indptr, indices = undirected(4, np.array([2, 2, 0]), np.array([0, 3, 2]))
    assert indptr.tolist() == [0, 1, 1, 3, 4]
    assert indices.tolist() == [2, 0, 3, 2]


def test_the_model_uses_the_union_of_the_directed_draw():
    area = generate({"sites": 20})
    draw = advice_draw(area.sites, generator_key(read_settings({"sites": 20})))
    indptr, indices = undirected(len(area.practitioners), draw.source, draw.target)
    assert np.array_equal(indptr, area.practitioners.tie_indptr)
    assert np.array_equal(indices, area.practitioners.tie_indices)
    assert len(draw.source) < len(indices)


def test_published_ranges_are_those_of_the_published_table():
    with shared("networks", "network_stats.csv").open(encoding="utf-8") as file:
        schools = [row for row in csv.DictReader(file) if row["group"] == "teacher_advice"]
    assert sorted(int(row["n"]) for row in schools) == sorted(SIZES)
    for name, (low, high) in PUBLISHED.items():
        values = [float(row[name]) for row in schools]
        assert low == pytest.approx(min(values), abs=0.002), name
        assert high == pytest.approx(max(values), abs=0.002), name
