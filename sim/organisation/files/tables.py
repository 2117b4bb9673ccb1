"""Organisation files in and out: the one door for `zones --area`, notebooks and tests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import OrganisationError
from sim.organisation.files.check import refuse
from sim.organisation.files.columns import Parsed, Table, parse
from sim.organisation.files.reading import read_tables
from sim.organisation.files.resolve import Source, resolve
from sim.organisation.organisation import Organisation

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def load(
    paths: Path | str | Sequence[Path | str], *, as_given: bool = False, organisation_seed: int = 0
) -> Organisation:
    """Read one organisation from one or more files.

    Args:
        paths: .csv, .xlsx or .graphml files, or folders of CSV; several are joined (several areas, or one in parts).
        as_given: keep to the file: generate no health-visiting or social-work teams.
        organisation_seed: another draw of what must be generated (ties, missing people); never the run's seed.

    Returns:
        The organisation; what was made up stands in its `assumptions`.

    Raises:
        OrganisationError: with every problem found in a file.
    """
    files = [Path(p) for p in ([paths] if isinstance(paths, str | Path) else paths)]
    if not files:
        raise OrganisationError("organisation", ["no file given; name at least one"])
    sources, problems = [], []
    for number, file in enumerate(files):
        if file in files[:number]:
            problems.append(f"{file} is given twice; name each file once")
            continue
        try:
            tables, notes = read_tables(file)
        except OSError as error:
            problems.append(f"{file} cannot be read: {error.strerror}; check that you may open it")
            continue
        except OrganisationError as error:
            if len(files) == 1:
                raise
            problems.extend(f"{file.name}: {p}" if file.name not in p else p for p in error.problems)
            continue
        sources.append(_source(file, tables, notes, problems))
    where = ", ".join(str(f) for f in files)
    if not sources:
        refuse(where, problems)
    return resolve(sources, where, problems, as_given=as_given, organisation_seed=organisation_seed)


def from_tables(
    tables: Sequence[Table], *, name: str = "organisation", as_given: bool = False, organisation_seed: int = 0
) -> Organisation:
    """The same from tables of text in memory (what a GraphML graph or an upload becomes).

    Raises:
        OrganisationError: with every problem found.
    """
    problems: list[str] = []
    source = _source(Path(name), tables, [], problems)
    return resolve([source], name, problems, as_given=as_given, organisation_seed=organisation_seed)


def from_graph(
    graph: MultiDiGraph[str], *, name: str = "graph", as_given: bool = False, organisation_seed: int = 0
) -> Organisation:
    """The organisation a graph stands for: one made by `to_graph`, or anyone's with the same kinds and columns.

    Args:
        graph: nodes with `kind` (site, practitioner, leader, team, area) and columns; edges with `kind`.
        name: what to call it in messages, and its area where the graph names none.
        as_given: generate no teams that the graph lacks.
        organisation_seed: another draw of what must be generated.

    Raises:
        OrganisationError: with every problem found.
    """
    from sim.organisation.files.graph import tables_from_graph

    return from_tables(
        tables_from_graph(graph, name), name=name, as_given=as_given, organisation_seed=organisation_seed
    )


def write(organisation: Organisation, path: Path | str) -> Path:
    """Write an organisation so that `load` gives the same one back.

    Args:
        organisation: what to write; sites' real names are written, it is the user's own file.
        path: ends in .csv (more tables go next to it as `<stem>.<table>.csv`), .xlsx, .graphml, or names a new folder.

    Returns:
        The path written.

    Raises:
        OrganisationError: something stands there already, or the format is not known.
    """
    from sim.organisation.files.writing import write_organisation

    return write_organisation(organisation, Path(path))


def area_name(path: Path) -> str:
    """What to call a file's area when the file does not say: 'dundee_city_sites.csv' is 'Dundee City'."""
    words = re.sub(r"[\s_\-]+sites?$", "", path.stem, flags=re.IGNORECASE)
    spaced = re.sub(r"[\s_]+", " ", words.replace("/", " ").replace(";", " ")).strip()
    return spaced.title() if spaced == spaced.lower() else spaced


def _source(file: Path, tables: Sequence[Table], notes: Sequence[str], problems: list[str]) -> Source:
    parsed: dict[str, Parsed] = {}
    for table in tables:
        parsed[table.kind] = parse(table, problems)
    remarks = [*notes, *(note for one in parsed.values() for note in one.notes)]
    return Source(area_name(file), parsed, remarks, _content(parsed))


def _content(parsed: dict[str, Parsed]) -> str:
    """Digest of what a file says, alike for CSV, Excel and GraphML and for any order of columns."""
    state = hashlib.sha256()
    for kind in sorted(parsed):
        for column in sorted(parsed[kind].values):
            state.update(f"{kind}.{column}\x1e".encode())
            state.update("\x1f".join("" if v is None else str(v) for v in parsed[kind].values[column]).encode("utf-8"))
    return state.hexdigest()
