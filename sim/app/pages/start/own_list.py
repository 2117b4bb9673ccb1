"""A visitor's own list of sites: it comes in parts, is read apart with every check of the command line, and is used."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from sim.app.jobs import Jobs
from sim.app.messages import flag, table, text
from sim.app.page import Reply
from sim.app.upload import LARGEST, Coming, Part
from sim.app.visit import Visit
from sim.counts import counted
from sim.errors import ScenarioError
from sim.organisation.files.apart import read_apart
from sim.organisation.files.cells import Upload
from sim.organisation.files.choices import Choices
from sim.organisation.files.columns import COLUMNS
from sim.organisation.files.survey import STATE, Today
from sim.organisation.files.vocabulary import key
from sim.organisation.organisation import Organisation

MOST_SITES, MOST_PRACTITIONERS = 1_000, 40_000
MOST_SETTLED = 2_000
MOST_OPEN = 8
OPTIONS = re.compile(
    r"(?:Write one of these, or say|Say|say)[^.;]*--[a-z-]+[^.;]*(?:'[^']*')?[^.;]*[.;]?|[;,.] ?[^.;,]*--[a-z-]+[^.;]*"
)
"""What a sentence of the command line says of its options."""
INSTEAD = "save the sheet with the list alone, or open it with zones app --area FILE."


@dataclass
class Held:
    """What a visit holds of its list; nothing of it is written anywhere.

    Attributes:
        coming: the file on its way.
        upload: the file, once whole.
        found: what it describes, once nothing must be settled.
    """

    coming: Coming = field(default_factory=lambda: Coming("list", INSTEAD))
    upload: Upload | None = None
    found: Organisation | None = None


@dataclass
class Readers:
    """What all visits share: one list is read at a time, and so many are open at most."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    open: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Wanted:
    """How the list is to be read: what was settled by choice lists, and today's state."""

    columns: Annotated[Mapping[str, Any], table] = field(default_factory=dict)
    words: Annotated[Mapping[str, Any], table] = field(default_factory=dict)
    today: Annotated[Mapping[str, Any], table] = field(default_factory=dict)
    sheet: Annotated[str, text(200)] = ""
    type: Annotated[str, text(60)] = ""
    agency: Annotated[str, text(60)] = ""
    unknown: Annotated[bool, flag] = False
    as_given: Annotated[bool, flag] = False


@dataclass(frozen=True)
class Opened:
    """The list is used from now on."""

    names: Annotated[bool, flag] = False


def part(visit: Visit, message: Part) -> Reply:
    """Take a part of the file; the last one makes it whole.

    Raises:
        ScenarioError: not base64, out of order, or more than a list may have.
    """
    held = visit.hold(Held)
    held.upload = held.found = None
    held.upload = held.coming.take(message)
    return {"whole": held.upload is not None}


def read(visit: Visit, message: Wanted) -> Reply:
    """What the list was taken for, and what must be settled; the organisation is held where nothing must be.

    Raises:
        ScenarioError: no file has come, or an unknown choice.
        OrganisationError: it takes too much time or memory.
    """
    held = visit.hold(Held)
    if held.upload is None:
        raise ScenarioError("list: choose a file first.")
    held.found = None
    choices = Choices(
        sheets=(message.sheet,) if message.sheet else (), columns=_columns(message.columns),
        words={key(word): code for word, code in _texts(message.words, "words").items()},
        type=message.type, agency=message.agency, unknown=message.unknown,
    )  # fmt: skip
    with visit.shared().hold(Readers).turn:
        found = read_apart(held.upload, choices, _today(message.today), as_given=message.as_given)
    view = dict(found.view)
    view["problems"] = [_here(problem) for problem in view["problems"]]
    if found.organisation is not None:
        view["problems"] = _too_large(found.organisation)
        held.found = None if view["problems"] else found.organisation
        view["summary"] = _summary(found.organisation)
    return {"view": view, "ready": held.found is not None}


def _here(problem: str) -> str:
    """A problem's sentence without the options of a command line: here one settles it by the choice lists below."""
    without = OPTIONS.sub("", problem)
    return f"{without.rstrip(' .;:,')}. Settle it below." if without != problem else problem


def _columns(given: Mapping[str, Any]) -> dict[str, str]:
    found = _texts(given, "columns")
    for item in found:
        if item not in COLUMNS["sites"]:
            raise ScenarioError(f"list: no item '{item[:40]}' of a list of sites.")
    return found


def _texts(given: Mapping[str, Any], what: str) -> dict[str, str]:
    if len(given) > MOST_SETTLED or not all(isinstance(v, str) and len(v) <= 300 for v in (*given, *given.values())):
        raise ScenarioError(f"list: {what} must be at most {MOST_SETTLED:,} short texts by name.")
    return dict(given)


def _today(given: Mapping[str, Any]) -> Today:
    if len(given) > MOST_SETTLED:
        raise ScenarioError(f"list: today's state may name at most {MOST_SETTLED:,} sites.")
    sites = {}
    for site, state in given.items():
        if not isinstance(state, dict) or not set(state) <= set(STATE):
            raise ScenarioError(f"list: today's state of a site has {', '.join(STATE)}.")
        kept = {k: v for k, v in _texts(state, "today's state").items() if v}
        if kept:
            sites[site] = kept
    return Today(sites)


def _too_large(o: Organisation) -> list[str]:
    if len(o.sites) <= MOST_SITES and len(o.practitioners) <= MOST_PRACTITIONERS:
        return []
    return [
        f"{counted(len(o.sites), 'site')} and {counted(len(o.practitioners), 'practitioner')}; this page "
        f"takes at most {MOST_SITES:,} and {MOST_PRACTITIONERS:,}, so that it can serve others too. Take one area, or "
        f"start the pages with zones app --area FILE."
    ]


def _summary(o: Organisation) -> str:
    areas = "" if len(o.areas) == 1 else f" in {counted(len(o.areas), 'area')}"
    return (
        f"{o.name}: {counted(len(o.sites), 'site')}{areas}, {counted(len(o.practitioners), 'practitioner')}, "
        f"{counted(len(o.families), 'family', 'families')}."
    )


def about(jobs: Jobs) -> Reply:
    """What the first screen says of the place, and of what may be brought."""
    place = _summary(jobs.organisation)
    invented = "" if jobs.again[:1] == ("--area",) else " Invented people in an invented place."
    listed = (
        f"A list of sites as CSV or Excel, up to {LARGEST // 1024**2} MiB. It is read in the server's memory and "
        f"forgotten when this page is closed. Nothing is kept, and no name leaves, unless you say so."
    )
    return {
        "start": {
            "own": jobs.own,
            "place": f"{place}{invented}",
            "list": listed,
            "large": f"The file is larger than {LARGEST // 1024**2} MiB; save the sheet with the list alone.",
        }
    }


def use(visit: Visit, message: Opened) -> Reply:
    """Go on with the list that was read.

    Raises:
        ScenarioError: nothing was read, or too many lists are open.
    """
    held, shared = visit.hold(Held), visit.shared()
    if held.found is None or held.upload is None:
        raise ScenarioError("list: answer the questions first.")
    readers = shared.hold(Readers)
    if id(visit) not in readers.open and len(readers.open) >= MOST_OPEN:
        raise ScenarioError(f"list: {MOST_OPEN} lists are open on this server; try again in ten minutes.")
    readers.open.add(id(visit))
    own = Jobs(
        held.found, shared.first, show_names=message.names, sample=shared.sample, log=shared.log,
        again=("--area", held.upload.name), heavy=shared.heavy, own=True,
    )  # fmt: skip
    held.found = None
    visit.move_to(own)
    return {}


def close(visit: Visit, _message: object) -> Reply:
    """Back to the area that the server was started with; the list is forgotten."""
    forget(visit)
    visit.move_to(visit.shared())
    return {}


def forget(visit: Visit) -> None:
    """Let go of the visit's list."""
    held = visit.hold(Held)
    held.coming.forget()
    held.upload = held.found = None
    visit.shared().hold(Readers).open.discard(id(visit))
