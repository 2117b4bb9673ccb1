"""Organisation files in and out: the one door for `zones --area`, notebooks, pages and tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import OrganisationError, WrongArgument, quoted
from sim.organisation.files.cells import Upload
from sim.organisation.files.check import refuse
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import Table
from sim.organisation.files.frames import Frame, as_file, is_frame
from sim.organisation.files.reader import FileRead, Reading, read_file
from sim.organisation.files.resolve import Step, resolve
from sim.organisation.organisation import Organisation

if TYPE_CHECKING:
    from networkx import MultiDiGraph

File = Path | str | Upload | Frame
Files = File | Sequence[File]


def load(
    paths: Files,
    *,
    as_given: bool = False,
    organisation_seed: int = 0,
    choices: Choices | None = None,
    step: Step | None = None,
) -> Organisation:
    """Read one organisation from one or more files.

    Args:
        paths: .csv, .xlsx or .graphml files, folders of CSV, or files in memory; several are joined (several areas, or
            one in parts).
        as_given: keep to the file: generate no health-visiting or social-work teams.
        organisation_seed: another draw of what must be generated (ties, missing people); never the run's seed.
        choices: what a person has settled about the lists of sites.
        step: called with what is being done, and how much of it is done.

    Returns:
        The organisation; its `assumptions` say what was made up.

    Raises:
        OrganisationError: with every problem found in a file.
    """
    reading = read(paths, choices=choices, step=step)
    return build(reading, as_given=as_given, organisation_seed=organisation_seed, step=step)


def read(paths: Files, *, choices: Choices | None = None, step: Step | None = None) -> Reading:
    """Read files as far as they can be read: what was taken from where, what is worth a look, what must be settled.

    Args:
        paths: as in `load`.
        choices: what a person has settled about the lists of sites.
        step: called with what is being done, and how much of it is done.

    Returns:
        The reading, also where it has problems; `build` makes the organisation of one without.

    Raises:
        OrganisationError: no file given.
    """
    listed = paths if isinstance(paths, list | tuple) and not isinstance(paths, Upload) else [paths]
    given = [_file(p) for p in listed]
    if not given:
        raise OrganisationError("organisation", ["no file given; name at least one"])
    reading = Reading(", ".join(_shown(p) for p in given))
    seen: list[object] = []
    for number, file in enumerate(given):
        if file in seen:
            reading.lost.append(f"{_shown(file)} is given twice; name each file once")
            continue
        seen.append(file)
        if step:
            step(f"Reading {file.name}", number, len(given))
        try:
            reading.files.append(read_file(file, area_name(Path(file.name)), choices or Choices()))
        except OSError as error:
            reading.lost.append(f"{file} cannot be read: {error.strerror}; check that you may open it")
        except OrganisationError as error:
            alone = len(given) == 1
            reading.lost.extend(p if alone or file.name in p else f"{file.name}: {p}" for p in error.problems)
    return reading


def build(
    reading: Reading, *, as_given: bool = False, organisation_seed: int = 0, step: Step | None = None
) -> Organisation:
    """The organisation that a reading describes.

    Args:
        reading: of all files.
        as_given: generate no teams that the files lack.
        organisation_seed: another draw of what must be generated.
        step: called with what is being done, and how much of it is done.

    Raises:
        OrganisationError: with every problem found, and what was read so far.
    """
    problems = reading.problems
    if not reading.files:
        refuse(reading.where, problems)
    try:
        return resolve(
            [file.source for file in reading.files],
            reading.where,
            problems,
            as_given=as_given,
            organisation_seed=organisation_seed,
            step=step,
        )
    except OrganisationError as error:
        raise OrganisationError(error.where, error.problems, so_far=reading.remarks()) from None


def from_tables(
    tables: Sequence[Table], *, name: str = "organisation", as_given: bool = False, organisation_seed: int = 0
) -> Organisation:
    """The same from tables of text in memory (what a GraphML graph becomes).

    Raises:
        OrganisationError: with every problem found.
    """
    file = FileRead.of(name, area_name(Path(name)), tables, [], Choices())
    return build(Reading(name, [file]), as_given=as_given, organisation_seed=organisation_seed)


def _file(given: object) -> Path | Upload:
    if is_frame(given):
        return as_file(given)
    if isinstance(given, str | Path | Upload):
        return Path(given) if isinstance(given, str) else given
    kind = type(given).__name__
    raise WrongArgument(
        f"an organisation is read from a path, a list of paths or a pandas DataFrame; got {quoted(given)} ({kind})."
    )


def _shown(path: object) -> str:
    return path.name if isinstance(path, Upload) else str(path)


def from_graph(
    graph: MultiDiGraph[str], *, name: str = "graph", as_given: bool = False, organisation_seed: int = 0
) -> Organisation:
    """The organisation that a graph describes: one made by `to_graph`, or anyone's with the same kinds and columns.

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
        tables_from_graph(graph, name)[0], name=name, as_given=as_given, organisation_seed=organisation_seed
    )


def write(organisation: Organisation, path: Path | str) -> Path:
    """Write an organisation so that `load` gives the same one back.

    Args:
        organisation: what to write; sites' real names are written, it is the user's own file.
        path: ends in .csv (more tables go next to it as `<stem>.<table>.csv`), .xlsx, .graphml, or names a new folder.

    Returns:
        The path written.

    Raises:
        OrganisationError: there is already something there, or the format is not known.
    """
    from sim.organisation.files.writing import write_organisation

    return write_organisation(organisation, Path(path))


def area_name(path: Path) -> str:
    """What to call a file's area when the file does not say: 'dundee_city_sites.csv' is 'Dundee City'."""
    words = re.sub(r"[\s_\-]+sites?$", "", path.stem, flags=re.IGNORECASE)
    spaced = re.sub(r"[\s_]+", " ", words.replace("/", " ").replace(";", " ")).strip()
    return spaced.title() if spaced == spaced.lower() else spaced
