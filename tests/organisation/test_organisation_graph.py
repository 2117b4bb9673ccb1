"""The graph: its kinds of edges, agreement with the tables, order, and the way back."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from organisation_builders import differing

from sim.errors import OrganisationError
from sim.organisation.files.graph import EDGE_KINDS, to_graph, write_graphml
from sim.organisation.files.tables import from_graph, load
from sim.organisation.generate.synthetic import generate

AREA = generate({"sites": 10})
GRAPH = to_graph(AREA)


def edges(kind, graph=GRAPH):
    return [(a, b) for a, b, data in graph.edges(data=True) if data["kind"] == kind]


def test_every_kind_of_edge_is_there_and_counts_agree_with_the_tables():
    count = Counter(data["kind"] for _, _, data in GRAPH.edges(data=True))
    assert set(count) == set(EDGE_KINDS)
    assert count["serves"] == len(AREA.families)
    assert count["leads"] == len(AREA.practitioners)
    assert count["advises"] == len(AREA.practitioners.tie_indices)
    assert count["manages"] == (AREA.leaders.reports_to >= 0).sum()
    assert count["represented_on"] == (AREA.senior >= 0).sum()
    assert count["commissions"] == 1


def test_everybody_is_led_up_to_a_senior_leader_on_the_group():
    for site in AREA.sites.ids.tolist():
        up, node = [], f"leader:{site}/manager"
        while node:
            up.append(node)
            node = next((a for a, b in edges("manages") if b == node), None)
        assert len(up) == 3
        assert (up[-1], f"group:{AREA.areas[0]}") in edges("represented_on")


def test_support_cascades_from_core_team_to_every_site():
    core = next(b for _, b in edges("commissions"))
    supports = nx.DiGraph(edges("supports"))
    assert {f"site:{s}" for s in AREA.sites.ids.tolist()} <= nx.descendants(supports, core)


def test_families_are_nodes_only_up_to_the_limit_or_on_request(monkeypatch):
    monkeypatch.setattr("sim.organisation.files.graph.MOST_FAMILY_NODES", 10)
    assert edges("serves", to_graph(AREA)) == []
    assert len(edges("serves", to_graph(AREA, families=True))) == len(AREA.families)
    assert edges("serves", to_graph(AREA, families=False)) == []


def test_edges_are_sorted_and_ids_unique_and_the_file_is_the_same_twice(tmp_path):
    listed = [(d["kind"], a, b, d["id"]) for a, b, d in GRAPH.edges(data=True)]
    by_id = sorted(listed, key=lambda edge: int(edge[3][1:]))
    assert [edge[:3] for edge in by_id] == sorted(edge[:3] for edge in listed)
    assert len({edge[3] for edge in listed}) == len(listed)
    for name in ("a", "b"):
        write_graphml(to_graph(AREA), tmp_path / f"{name}.graphml")
    assert (tmp_path / "a.graphml").read_bytes() == (tmp_path / "b.graphml").read_bytes()


def test_attributes_are_safe_for_graphml():
    for _, data in GRAPH.nodes(data=True):
        assert all(isinstance(value, str | int | float | bool) for value in data.values())
        assert all(not isinstance(value, np.generic) for value in data.values())


def test_the_way_back_with_and_without_family_nodes(tmp_path):
    assert differing(from_graph(GRAPH), AREA) == []
    write_graphml(GRAPH, tmp_path / "with_families.graphml")
    assert differing(load(tmp_path / "with_families.graphml"), AREA) == []


def own_graph():
    graph = nx.MultiDiGraph()
    for site, kind, agency in (("a", "primary", "education"), ("b", "nursery", "private")):
        graph.add_node(site, kind="site", agency=agency, type=kind, roll=60, staff=7)
    graph.add_node("t", kind="team", team_kind="local")
    graph.add_node("c", kind="team", team_kind="core", capacity=0.3)
    graph.add_edge("c", "t", kind="supports")
    graph.add_edge("t", "a", kind="supports")
    graph.add_edge("t", "b", kind="supports")
    return graph


def test_anybodys_graph_with_these_kinds_is_read():
    place = from_graph(own_graph(), name="drawn", as_given=True)
    assert place.sites.ids.tolist() == ["a", "b"]
    assert place.sites.local_team.tolist() == ["t", "t"]
    assert place.sites.core_team.tolist() == ["c", "c"]
    assert place.core_capacity == {"c": 0.3}
    assert len(place.practitioners) == 14


def test_two_parents_in_a_graph_are_refused():
    graph = own_graph()
    graph.add_node("d", kind="team", team_kind="core")
    graph.add_edge("d", "t", kind="supports")
    with pytest.raises(OrganisationError, match="team 't' has two parents"):
        from_graph(graph)


def test_a_graph_without_sites_is_refused():
    with pytest.raises(OrganisationError, match="no node with kind='site'"):
        from_graph(nx.MultiDiGraph([("a", "b")]))
