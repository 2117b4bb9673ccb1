"""What an update's folder holds, file by file: the question it begins with, the answer it ends with, both read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sim.errors import ResultError, ScenarioError
from sim.observed.findings import Findings
from sim.observed.kept import reports_of, rows_of
from sim.observed.months import read_start
from sim.observed.question import Question, UpdateSettings, ask
from sim.observed.tables import tables
from sim.organisation.organisation import Organisation
from sim.results import record, unnamed
from sim.results.kept_organisation import files as kept_files
from sim.scenarios.write import from_dict, to_dict
from sim.strict import kept_table
from sim.sweeps.runs import digest_of, model_digest, organisation_digest

FORMAT = 1
KEPT: dict[str, type] = {
    "format": int, "kind": str, "command": str, "start": str, "versions": dict, "model": str, "question": str,
    "settings": dict, "months": int, "month_0": str, "scenario": dict, "tables": dict,
}  # fmt: skip
"""What a manifest holds, and of what kind."""
MANIFEST, ROWS, OBSERVED = "update.json", "parameters.json", f"{unnamed.APART}/observed.json"
LAST_SEEN = "last_seen"
HOW = ("threads", "engine")
"""Settings on which no result depends."""

_SETTINGS = tuple(name for name in UpdateSettings.__dataclass_fields__ if name not in HOW)

Read = Callable[[str], bytes]
"""A file's content by its name in the folder, its parts divided by '/'; OSError where there is none."""


def first_files(question: Question, organisation: Organisation, origin: Mapping[str, Any]) -> dict[str, bytes]:
    """All that a folder begins with: the place and what was seen in a folder apart, the rows, the manifest last.

    Args:
        question: what is asked.
        organisation: the place as it was given.
        origin: command and source of the place, for the manifest.
    """
    reports = [{**asdict(r), "row": ""} for r in question.reports]
    manifest = {
        "format": FORMAT,
        "kind": "update",
        "command": unnamed.command(str(origin["command"])),
        "start": record.now(),
        "versions": record.versions(),
        "model": model_digest(),
        "question": question_digest(question, organisation),
        "settings": {k: v for k, v in asdict(question.settings).items() if k not in HOW},
        "months": question.setup.months,
        "month_0": question.place.start,
        LAST_SEEN: max(r.month for r in question.reports),
        "scenario": to_dict(unnamed.scenario(question.setup.scenario, organisation)),
        "organisation": unnamed.source(origin["place"]),
        "tables": {},
    }
    place = {f"{unnamed.APART}/{name}": content for name, content in kept_files(organisation).items()}
    return {**place, OBSERVED: as_json(reports), ROWS: as_json(list(question.rows)), MANIFEST: as_json(manifest)}


def last_files(manifest: Mapping[str, Any], update: Findings) -> dict[str, bytes]:
    """The tables of an answer and, last, the manifest that says that it is whole.

    Args:
        manifest: as it stands in the folder.
        update: the answer.
    """
    found = {name: text.encode("utf-8") for name, text in tables(update).items()}
    kept = {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    whole = {**manifest, "tables": kept, "end": record.now(), "runs": update.found.bank.runs}
    return {**found, MANIFEST: as_json(whole)}


def all_files(update: Findings, origin: Mapping[str, Any]) -> dict[str, bytes]:
    """A finished update's whole folder, without writing anything: contents by name."""
    first = first_files(update.question, update.organisation, origin)
    return first | last_files(manifest_of(first[MANIFEST], MANIFEST), update)


def manifest_of(content: bytes, where: str) -> dict[str, Any]:
    """A manifest read back.

    Args:
        content: of the file.
        where: the file, for messages.

    Raises:
        ResultError: not one that this version can read.
    """
    try:
        manifest = kept_table(content, MANIFEST, KEPT, {LAST_SEEN: int})
    except ScenarioError as error:
        raise ResultError(f"{where}: cannot be read ({error}); give a folder that `zones update` wrote.") from None
    if manifest["format"] != FORMAT or manifest["kind"] != "update":
        raise ResultError(f"{where}: is not the manifest of an update that this version can read.")
    return manifest


def question_in(read: Read, where: str, organisation: Organisation, threads: int | None = None) -> Question:
    """What was asked, from the files of an update.

    Args:
        read: gives the files.
        where: the folder, for messages.
        organisation: the place that was kept with them.
        threads: for the settings.

    Raises:
        ResultError: something is missing or was changed.
    """
    try:
        manifest = manifest_of(read(MANIFEST), where)
        reports = reports_of(read(OBSERVED), OBSERVED)
        settings = UpdateSettings(**{name: manifest["settings"][name] for name in _SETTINGS}, threads=threads)
        read_start(manifest["month_0"], "month_0")
        scenario = from_dict(manifest["scenario"])
        rows = rows_of(read(ROWS), ROWS)
        asked = replace(settings, months=int(manifest["months"]))
        question = replace(ask(scenario, organisation, reports, asked, manifest["month_0"]), rows=rows)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ResultError(f"{where}: cannot be made again ({error}); was a file changed or taken out?") from error
    return replace(question, settings=settings)


def question_digest(question: Question, organisation: Organisation) -> str:
    """SHA-256 of all that the answer depends on."""
    settings = {k: v for k, v in asdict(question.settings).items() if k not in HOW}
    reports = [{**asdict(r), "row": ""} for r in question.reports]
    scenario = to_dict(unnamed.scenario(question.setup.scenario, organisation))
    parts = [scenario, organisation_digest(organisation), reports, settings, question.setup.months, list(question.rows)]
    return digest_of([*parts, question.place.start, model_digest()])


def as_json(value: Any) -> bytes:
    """JSON as it is kept."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
