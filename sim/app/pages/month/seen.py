"""A visitor's table of what was seen: it comes in parts, is read apart with the command line's checks, and held."""

from __future__ import annotations

import base64
import re
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from sim.app.jobs import Jobs
from sim.app.messages import Asked, text, whole
from sim.app.page import Reply
from sim.app.question import Arm
from sim.app.upload import LARGEST, Coming, Part
from sim.app.visit import Visit
from sim.counts import counted
from sim.errors import OrganisationError, ScenarioError
from sim.observed.apart import read_apart
from sim.observed.example import START, table
from sim.observed.guarding import may_be_shown
from sim.observed.months import read_start
from sim.observed.observables import BY_NAME
from sim.observed.predictions import AHEAD
from sim.observed.reader import ObservedFile
from sim.observed.reports import Place, data_of, place_of
from sim.observed.template import LONGEST, write_template
from sim.observed.words import place_words
from sim.organisation.files.cells import Upload

MOST_REMARKS = 40
INSTEAD = "save only the sheet with the table, or use zones update --observed FILE."
EXAMPLE = "made-up-data.csv"
TABLE = "what-we-have-seen.xlsx"
HERE = (
    (re.compile(r"; \w+ it: --start [0-9-]+"), "; give it above, under 'Month 0 was'"),
    (re.compile(r"is --start right\?"), "is 'Month 0 was' right?"),
    (re.compile(r"`zones observe new` writes"), "'A table to fill' above makes"),
)
"""What the command line says of its options, and what it is here."""


@dataclass(frozen=True)
class Wanted:
    """How the table is to be read: the plan on the page that it belongs to, and the date of month 0."""

    ask: Asked
    arm: Annotated[int, whole(0, 1)] = 0
    start: Annotated[str, text(20)] = ""


@dataclass(frozen=True)
class Under:
    """What a table was read under: another plan, horizon, date of month 0 or place reads it anew."""

    arm: Arm
    months: int
    start: str
    place: str


@dataclass
class Held:
    """What a visit holds of its table; nothing of it is written anywhere.

    Attributes:
        coming: the file on its way.
        upload: the file, once whole.
        under: what it was read under.
        file: what was read.
    """

    coming: Coming = field(default_factory=lambda: Coming("table", INSTEAD))
    upload: Upload | None = None
    under: Under | None = None
    file: ObservedFile | None = None

    def forget(self) -> None:
        """Let go of all of it."""
        self.coming.forget()
        self.upload = self.under = self.file = None


@dataclass
class Turn:
    """One table is read at a time on this server."""

    lock: threading.Lock = field(default_factory=threading.Lock)


def part(visit: Visit, message: Part) -> Reply:
    """Take a part of the file; the last one makes it whole.

    Raises:
        ScenarioError: not base64, out of order, or more than a table may have.
    """
    held = visit.hold(Held)
    held.upload = held.file = held.under = None
    held.upload = held.coming.take(message)
    return {"whole": held.upload is not None}


def place(jobs: Jobs, wanted: Wanted) -> Place:
    """Zones and sites that a table is read against.

    Raises:
        ScenarioError: month 0 is no date.
        OrganisationError: no site within scope.
    """
    start = read_start(wanted.start, "Month 0 was") or jobs.organisation.start_date
    setup = jobs.prepared(wanted.ask.arms[wanted.arm], wanted.ask.horizon)
    return place_of(setup, jobs.organisation, start)


def under(jobs: Jobs, wanted: Wanted) -> Under:
    """What decides how a table is read."""
    return Under(wanted.ask.arms[wanted.arm], wanted.ask.horizon, wanted.start, jobs.organisation.digest)


def read(visit: Visit, message: Wanted) -> Reply:
    """What was read of the table, and what is wrong with it.

    Raises:
        ScenarioError: no file has come, or month 0 is no date.
    """
    held = visit.hold(Held)
    if held.upload is None:
        raise ScenarioError("table: choose a file first.")
    held.file = held.under = None
    against = place(visit.jobs, message)
    try:
        with visit.shared().hold(Turn).lock:
            held.file = read_apart(held.upload, against)
    except OrganisationError as error:
        return {"view": {"file": held.upload.name, "problems": [here(p) for p in error.problems]}, "ready": False}
    held.under = under(visit.jobs, message)
    view = _view(held.file, against) | {"guess": _may_be_guessed(held.file, against)}
    return {"view": view, "ready": True}


def here(sentence: str) -> str:
    """A sentence of the reader as it is said on the page."""
    for pattern, words in HERE:
        sentence = pattern.sub(words, sentence)
    return sentence


def _view(file: ObservedFile, against: Place) -> Reply:
    months = sorted({r.month for r in file.reports})
    rows = []
    for name in dict.fromkeys(r.measure for r in file.reports):
        mine = [r for r in file.reports if r.measure == name]
        title = BY_NAME[name].entry.title if name in BY_NAME else "Stage of sites"
        sites = len({r.site for r in mine if r.site >= 0})
        where = f"{counted(sites, 'site')}, added up" if sites else "whole zones or the area"
        rows.append([title, counted(len(mine), "value"), ", ".join(str(m) for m in sorted({r.month for r in mine})),
                     where])  # fmt: skip
    said = [*file.said, *file.corrected, *file.left]
    more = [f"and {len(said) - MOST_REMARKS} more like these"] if len(said) > MOST_REMARKS else []
    values, span = counted(len(file.reports), "value"), f"months {months[0]} to {months[-1]}"
    when = span if len(months) > 1 else f"month {months[0]}"
    return {
        "file": file.name,
        "summary": f"{file.name}: {values} that can be used, {when}.",
        "rows": rows,
        "remarks": [_sentence(here(s)) for s in [*said[:MOST_REMARKS], *more]],
        "problems": [],
        "last": months[-1],
        "start": against.start[:7],
    }


def _may_be_guessed(file: ObservedFile, against: Place) -> Reply:
    """What the room may guess before it looks: each measure and zone that was seen and may be shown, and when."""
    pairs = dict.fromkeys((d.measure, d.zone) for d in data_of(file.reports, against) if may_be_shown(d.zone, against))
    named = sorted(pairs, key=lambda pair: pair[0] not in ("using", "at_fidelity"))
    series = [[f"{m}|{z}", f"{BY_NAME[m].entry.title}, {place_words(z)}"] for m, z in named if BY_NAME[m].weighed]
    return {
        "series": series,
        "months": [[file.last + ahead, f"month {file.last + ahead}"] for ahead in AHEAD],
        "words": "Give shares in percent, and numbers as they are. If you keep the forecast, this guess is kept with "
        "it and scored by the same rule.",
    }


def _sentence(told: str) -> str:
    return f"{told[:1].upper()}{told[1:]}."


def table_to_fill(visit: Visit, message: Wanted) -> Reply:
    """A table to fill for this area and plan, as an Excel workbook.

    Raises:
        ScenarioError: month 0 is no date.
    """
    against = place(visit.jobs, message)
    with tempfile.TemporaryDirectory(prefix="zones-table-") as folder:
        path = write_template(Path(folder) / TABLE, against, min(LONGEST, 24))
        content = path.read_bytes()
    return {"file": TABLE, "base64": base64.b64encode(content).decode("ascii")}


def example(visit: Visit, message: Wanted) -> Reply:
    """Bring made-up data for the place and plan on the page: the model makes them, with a twist the plan does not know.

    Raises:
        OrganisationError: no site within scope.
    """
    held = visit.hold(Held)
    held.forget()
    plan = message.ask.arms[message.arm].scenario()
    held.upload = Upload(EXAMPLE, table(plan, visit.jobs.organisation).encode())
    return {"start": START[:7]}


def about(jobs: Jobs) -> Reply:
    """What the page needs to know before anything is brought."""
    return {
        "seen": {
            "largest": LARGEST,
            "large": f"The file is larger than {LARGEST // 1024**2} MiB; save only the sheet with the table.",
            "start": jobs.organisation.start_date[:7],
            "log": jobs.log is not None,
            "kept": f"A CSV or Excel file, up to {LARGEST // 1024**2} MiB. It is read in the server's memory and "
            "forgotten when this page is closed. Rows of single sites are added up to their zone; no figure of a "
            "single site is shown, nor any number below five.",
        }
    }
