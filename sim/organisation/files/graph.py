"""The organisation as a graph people can look at: who leads, supports, advises and serves whom (networkx).

The graph is a view of the tables and goes back to them; a run never walks it. Node names are '<kind>:<id>'. Teams that
no file names are drawn as the rules would form them before any zone opens, and marked `assumed`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import OrganisationError, quoted
from sim.organisation.codes import MANAGER
from sim.organisation.files.cells import Upload, clean
from sim.organisation.files.check import SMALL_SITE
from sim.organisation.files.columns import COLUMNS, LIST_MARK, Table
from sim.organisation.files.export import export_tables
from sim.organisation.files.limits import MOST_GRAPH_PARTS
from sim.organisation.organisation import Organisation

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[str]

EDGE_KINDS = ("represented_on", "commissions", "manages", "leads", "supports", "member_of", "advises", "serves")
NODE_KINDS = ("site", "practitioner", "leader", "team", "area", "group", "family")
MOST_FAMILY_NODES = 50_000
_NODE_TABLES = {"sites": ("site", "site_id"), "staff": ("practitioner", "staff_id"), "leaders": ("leader", "leader_id")}


def to_graph(organisation: Organisation, *, families: bool | None = None) -> Graph:
    """The organisation as a directed multigraph with typed nodes and edges.

    Args:
        organisation: what to draw.
        families: draw each family as a node; by default up to 50,000 of them.

    Returns:
        Nodes with `kind` and the columns of their table; edges with `kind` (one of `EDGE_KINDS`) and a unique `id`, in
        sorted order. Unknown values are left out, so that everything can be written as GraphML.
    """
    import networkx as nx

    graph: Graph = nx.MultiDiGraph()
    tables = export_tables(organisation)
    about = tables["about"][1]
    graph.graph.update(
        name=organisation.name,
        start_date=organisation.start_date,
        digest=organisation.digest,
        assumptions="\n".join(str(value) for key, value in about if key == "assumption"),
    )
    for table, (kind, key) in _NODE_TABLES.items():
        header, rows = tables[table]
        place = header.index(key)
        for number, row in enumerate(rows):
            known = {name: value for name, value in zip(header, row, strict=True) if value is not None}
            graph.add_node(f"{kind}:{row[place]}", kind=kind, row=number, **known)
    for number, name in enumerate(organisation.areas):
        graph.add_node(f"area:{name}", kind="area", row=number, area=name, group=bool(organisation.group[number]))
        if organisation.group[number]:
            graph.add_node(f"group:{name}", kind="group", row=number, area=name)
    edges = [*_leader_edges(organisation), *_team_edges(organisation, graph), *_advice_edges(organisation)]
    wanted = len(organisation.families) <= MOST_FAMILY_NODES if families is None else families
    if wanted:
        edges.extend(_family_edges(organisation, graph))
    for number, (kind, source, target) in enumerate(sorted(edges)):
        graph.add_edge(source, target, key=kind, kind=kind, id=f"e{number}")
    return graph


def write_graphml(graph: Graph, path: Path) -> None:
    """Write a graph of `to_graph` as GraphML (UTF-8), each edge with its own id."""
    import networkx as nx

    nx.write_graphml_xml(graph, path, encoding="utf-8", edge_id_from_attribute="id")


def tables_from_graphml(file: Upload) -> tuple[list[Table], list[str]]:
    """Tables of text from a GraphML file, and sentences on what was left out.

    Raises:
        OrganisationError: not XML, not GraphML, too large, or with a document type or entities (they can do harm).
    """
    import io

    import defusedxml
    import networkx as nx

    try:
        _refuse_large(file)
        graph = nx.read_graphml(io.BytesIO(file.content), force_multigraph=True)
    except OrganisationError:
        raise
    except defusedxml.DefusedXmlException:
        raise OrganisationError(
            file.name, ["holds a document type or entities; write plain GraphML without them"]
        ) from None
    except Exception as error:  # the reader of graphs raises whatever a damaged file leads it to
        told = " ".join(str(error).split())[:200] or type(error).__name__
        raise OrganisationError(file.name, [f"not sound GraphML ({told}); export it again"]) from None
    return tables_from_graph(graph, file.name)


def _refuse_large(file: Upload) -> None:
    """Look for harm and count the elements before a graph is made of them."""
    import io

    from defusedxml import ElementTree

    for number, (_, element) in enumerate(ElementTree.iterparse(io.BytesIO(file.content), forbid_dtd=True)):
        element.clear()
        if number > MOST_GRAPH_PARTS:
            raise OrganisationError(
                file.name, [f"more than {MOST_GRAPH_PARTS:,} elements; give sites and teams as tables instead"]
            )


def _row(data: dict[str, Any], node: str, where: str) -> float:
    """A node's position among those of its kind; 0 where it does not say."""
    given = data.get("row", 0)
    try:
        value = float(given)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if isinstance(given, bool) or not math.isfinite(value) or value != int(value):
        raise OrganisationError(
            where, [f"node {quoted(node)}: row {quoted(given)} is not a whole number; give one, or leave 'row' out"]
        )
    return value


def _refuse_no_sites(graph: Any, by_kind: Mapping[str, Sequence[object]], where: str) -> None:
    if by_kind.get("site"):
        return
    found = sorted({str(name) for _, data in graph.nodes(data=True) for name in data})
    shown = f"attributes found: {', '.join(quoted(name, 40) for name in found[:12])}" if found else "no attributes"
    kinds = ", ".join(f"{len(nodes):,} of kind {quoted(kind, 40)}" for kind, nodes in by_kind.items() if kind)
    raise OrganisationError(
        where,
        [
            f"no node with kind='site' among {len(graph):,} nodes ({shown}{'; ' + kinds if kinds else ''}); add to "
            "each site's node the attributes kind='site', type, agency, and roll or staff (labels in the "
            "drawing are not read)"
        ],
    )


def tables_from_graph(graph: Any, where: str) -> tuple[list[Table], list[str]]:
    """Tables of text from a graph, nodes in the order of their `row` where they have one.

    Returns:
        The tables, and sentences on what was left out.

    Raises:
        OrganisationError: no site among the nodes, or a `row` that is not a whole number.
    """
    by_kind: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for node, data in graph.nodes(data=True):
        by_kind.setdefault(str(data.get("kind", "")), []).append((str(node), data))
    for nodes in by_kind.values():
        nodes.sort(key=lambda item: _row(item[1], item[0], where))
    _refuse_no_sites(graph, by_kind, where)
    notes = [
        f"{where}: {len(nodes):,} {'node' if len(nodes) == 1 else 'nodes'} "
        f"{'of unknown kind ' + quoted(kind, 40) if kind else 'without a kind'} left out; known kinds: "
        f"{', '.join(NODE_KINDS)}."
        for kind, nodes in by_kind.items()
        if kind not in NODE_KINDS
    ]
    names = {str(n): _own_id(str(n), d) for n, d in graph.nodes(data=True)}
    linked: dict[str, list[tuple[str, str]]] = {kind: [] for kind in EDGE_KINDS}
    for source, target, data in graph.edges(data=True):
        if data.get("kind") in linked:
            linked[data["kind"]].append((str(source), str(target)))
    tables = [_node_table("sites", "site_id", by_kind["site"], where)]
    if by_kind.get("practitioner"):
        tables.append(_node_table("staff", "staff_id", by_kind["practitioner"], where))
        ties = sorted({(names[a], names[b]) for a, b in linked["advises"]})
        if ties or graph.graph.get("digest"):
            tables.append(_text_table("ties", ["source", "target"], [list(pair) for pair in ties], where))
    if by_kind.get("leader"):
        tables.append(_leader_table(by_kind["leader"], linked["manages"], names, where))
    teams = [(node, data) for node, data in by_kind.get("team", []) if not data.get("assumed")]
    if teams:
        tables.append(_team_table(teams, linked["supports"], graph, names, where))
    if by_kind.get("area"):
        tables.append(_node_table("areas", "area", by_kind["area"], where))
    return [*tables, *_graph_tables(graph, where)], notes


def _graph_tables(graph: Any, where: str) -> Iterator[Table]:
    if graph.graph.get("digest"):
        about = [["name", str(graph.graph.get("name", ""))], ["complete", "yes"]]
        about += [["assumption", line] for line in str(graph.graph.get("assumptions", "")).split("\n") if line]
        yield _text_table("about", ["key", "value"], about, where)
    start = []
    if graph.graph.get("start_date"):
        start.append(["date", "", "", str(graph.graph["start_date"])])
    if "only_core_capacity" in graph.graph:
        start.append(["team", "", _text(graph.graph["only_core_capacity"]), ""])
    if start:
        yield _text_table("start", ["kind", "id", "capacity", "date"], start, where)


def _leader_edges(organisation: Organisation) -> Iterator[tuple[str, str, str]]:
    leaders, people = organisation.leaders, organisation.practitioners
    names = [f"leader:{name}" for name in leaders.ids.tolist()]
    for area, agency in np.argwhere(organisation.senior >= 0).tolist():
        if organisation.group[area]:
            yield "represented_on", names[organisation.senior[area, agency]], f"group:{organisation.areas[area]}"
    for row, boss in enumerate(leaders.reports_to.tolist()):
        if boss >= 0:
            yield "manages", names[boss], names[row]
    manager = {int(leaders.site[row]): names[row] for row in np.flatnonzero(leaders.level == MANAGER)}
    for person, site in zip(people.ids.tolist(), people.site.tolist(), strict=True):
        if site in manager:
            yield "leads", manager[site], f"practitioner:{person}"


def _advice_edges(organisation: Organisation) -> Iterator[tuple[str, str, str]]:
    people = organisation.practitioners
    names = [f"practitioner:{name}" for name in people.ids.tolist()]
    rows = np.repeat(np.arange(len(people)), np.diff(people.tie_indptr)).tolist()
    for one, other in zip(rows, people.tie_indices.tolist(), strict=True):
        yield "advises", names[one], names[other]


def _family_edges(organisation: Organisation, graph: Graph) -> Iterator[tuple[str, str, str]]:
    people, families, sites = organisation.practitioners, organisation.families, organisation.sites
    for person, fifth, slot in zip(
        families.practitioner.tolist(), families.fifth.tolist(), families.slot.tolist(), strict=True
    ):
        node = f"family:{sites.ids[people.site[person]]}/{slot}"
        graph.add_node(node, kind="family", fifth=fifth + 1)
        yield "serves", f"practitioner:{people.ids[person]}", node


def _team_edges(organisation: Organisation, graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Core and local teams: those named, and in their absence those the rules would form (marked assumed)."""
    sites, leaders = organisation.sites, organisation.leaders
    if "" in organisation.core_capacity:
        graph.graph["only_core_capacity"] = organisation.core_capacity[""]
    for key in sorted(set(organisation.core_capacity) - {""}):
        able = organisation.core_capacity[key]
        able = organisation.core_capacity[key]
        graph.add_node(f"team:core:{key}", kind="team", team_kind="core", team_id=key, assumed=False, capacity=able)
    manager = {int(leaders.site[row]): str(leaders.ids[row]) for row in np.flatnonzero(leaders.level == MANAGER)}
    local_of: set[tuple[str, str]] = set()
    commissioned: set[tuple[str, str]] = set()
    for site, name in enumerate(sites.ids.tolist()):
        area = organisation.areas[sites.area[site]]
        core = str(sites.core_team[site])
        core_node = f"team:core:{core or area}"
        if core_node not in graph:
            graph.add_node(core_node, kind="team", team_kind="core", team_id=core or area, assumed=True)
        commissioned.add((area, core_node))
        local = _local_team(organisation, site)
        node = f"team:local:{local}"
        if node not in graph:
            graph.add_node(node, kind="team", team_kind="local", team_id=local, assumed=True)
        local_of.add((core_node, node))
        yield "supports", node, f"site:{name}"
        if site in manager:
            yield "member_of", f"leader:{manager[site]}", node
    for core_node, node in sorted(local_of):
        yield "supports", core_node, node
    has_group = {name for name, group in zip(organisation.areas, organisation.group.tolist(), strict=True) if group}
    for area, core_node in sorted(commissioned):
        if area in has_group:
            yield "commissions", f"group:{area}", core_node


def _local_team(organisation: Organisation, site: int) -> str:
    sites = organisation.sites
    if sites.local_team[site]:
        return str(sites.local_team[site])
    if sites.staff[site] >= SMALL_SITE or not sites.locality[site]:
        return str(sites.ids[site])
    return f"{organisation.areas[sites.area[site]]}/{sites.locality[site]} cluster"


def _own_id(node: str, data: dict[str, Any]) -> str:
    for key in ("site_id", "staff_id", "leader_id", "team_id", "area"):
        if key in data and data.get("kind") == _KIND_OF[key]:
            return str(data[key])
    return node


_KIND_OF = {"site_id": "site", "staff_id": "practitioner", "leader_id": "leader", "team_id": "team", "area": "area"}


def _node_table(kind: str, key: str, nodes: list[tuple[str, dict[str, Any]]], where: str) -> Table:
    words = {h for column in COLUMNS[kind].values() for h in column.headings}
    header = [key, *sorted({name for _, data in nodes for name in data if name in words and name != key})]
    rows = [[_own_id(node, data), *(_text(data.get(name)) for name in header[1:])] for node, data in nodes]
    return _text_table(kind, header, rows, where)


def _leader_table(
    nodes: list[tuple[str, dict[str, Any]]], manages: list[tuple[str, str]], names: dict[str, str], where: str
) -> Table:
    """Leaders with the boss their `manages` edge names; two bosses make two rows, which the check refuses."""
    table = _node_table("leaders", "leader_id", [(n, {**d, "reports_to": ""}) for n, d in nodes], where)
    bosses: dict[str, list[str]] = {}
    for boss, leader in manages:
        bosses.setdefault(names[leader], []).append(names[boss])
    place = table.header.index("reports_to")
    rows = []
    for row in table.rows:
        for boss in sorted(set(bosses.get(row[0], []))) or [""]:
            rows.append([*row[:place], boss, *row[place + 1 :]])
    return _text_table("leaders", table.header, rows, where)


def _team_table(
    nodes: list[tuple[str, dict[str, Any]]],
    supports: list[tuple[str, str]],
    graph: Any,
    names: dict[str, str],
    where: str,
) -> Table:
    """Teams that somebody drew, a row for each that supports them: two parents make two, which the check refuses."""
    kinds = {str(node): data.get("kind") for node, data in graph.nodes(data=True)}
    rows = []
    for node, data in nodes:
        sites = sorted(names[b] for a, b in supports if a == node and kinds[b] == "site")
        parents = sorted({names[a] for a, b in supports if b == node and kinds[a] == "team"}) or [""]
        for parent in parents:
            kind, able = str(data.get("team_kind", "")), _text(data.get("capacity"))
            rows.append([names[node], kind, parent, f"{LIST_MARK} ".join(sites), able])
    return _text_table("teams", ["team_id", "kind", "supported_by", "sites", "capacity"], rows, where)


def _text_table(kind: str, header: list[str], rows: list[list[str]], where: str) -> Table:
    return Table(kind, f"{where} [{kind}]", header, rows, list(range(1, len(rows) + 1)))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else clean(str(value))
