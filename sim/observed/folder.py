"""An update's folder: what was asked, runs made so far, the answer when it is done; made again by replay.

Batches are kept as they come, each whole or not at all and under the digest of its bytes, so that whatever stops the
work costs at most one batch: the same command goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.atomic import write_whole
from sim.errors import GpuError, Interrupted, ResultError, ScenarioError
from sim.observed.bank import Bank, How, joined
from sim.observed.findings import Findings
from sim.observed.kept import reports_of, rows_of
from sim.observed.months import read_start
from sim.observed.question import Question, UpdateSettings, ask, batches, make, next_size, weigh_bank
from sim.observed.tables import tables
from sim.observed.weighed import Weighed
from sim.organisation.organisation import Organisation
from sim.platforms.locks import Held, Lock
from sim.results import record, unnamed
from sim.results.kept_organisation import keep, recall
from sim.results.replay import CHANGED, DIFFERENT, IDENTICAL, MISSING, Replayed
from sim.scenarios.write import from_dict, to_dict
from sim.strict import kept_table
from sim.sweeps.runs import digest_of, model_digest, organisation_digest

FORMAT = 1
KEPT: dict[str, type] = {
    "format": int, "kind": str, "command": str, "start": str, "versions": dict, "model": str, "question": str,
    "settings": dict, "months": int, "month_0": str, "scenario": dict, "tables": dict,
}  # fmt: skip
"""What a manifest holds, and of what kind."""
MANIFEST, PARTS, OBSERVED, ROWS, LOCK = "update.json", "parts", "observed.json", "parameters.json", ".lock"
NAMES = ("values", "met", "opened")

Progress = Callable[[int, int], None]


class Work:
    """Runs made until they are enough.

    Attributes:
        question: what is asked.
        folder: where batches are kept as they come, None: nowhere.
        progress: called with (done, the most there may be).
        cancelled: asked often; True ends with `Interrupted`.
        first: called once with a first answer, where more runs are to be made.
    """

    def __init__(
        self,
        question: Question,
        folder: Path | None = None,
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        first: Callable[[Weighed], None] | None = None,
    ) -> None:
        self.question = question
        self.folder = folder
        self.progress = progress
        self.cancelled = cancelled
        self.first = first

    def done(self) -> Weighed:
        """All runs, weighed by what was seen.

        Raises:
            Interrupted: `cancelled` said so; the batches that were made are kept.
        """
        parts: list[Bank] = []
        found: Weighed | None = None
        while size := next_size(self.question, found):
            if found is not None and parts and self.first is not None:
                self.first(found)
                self.first = None
            for count in batches(sum(p.runs for p in parts), size):
                parts.append(self._batch(sum(p.runs for p in parts), count))
            parts = [joined(parts)]
            found = weigh_bank(self.question, parts[0])
        if found is None:
            raise ResultError("runs: an update needs at least one; give more (--runs).")
        if self.progress:
            self.progress(self.question.settings.runs, self.question.settings.runs)
        return found

    def _batch(self, first: int, count: int) -> Bank:
        path = None if self.folder is None else self.folder / PARTS / f"{first:07d}-{count}.npz"
        kept = None if path is None else self._recalled(path)
        if kept is not None:
            return kept
        most = self.question.settings.runs
        told = self.progress

        def shown(done: int, _total: int) -> None:
            if told is not None:
                told(min(first + done, most - 1), most)

        try:
            how = How(self.question.settings.threads, self.question.settings.engine, shown, self.cancelled)
            made = make(self.question, first, count, how)
        except (Interrupted, GpuError) as stopped:
            kept_words = f"{first} runs are kept in {self.folder}" if self.folder else "nothing is kept"
            said = f"Stopped after {first} runs; {kept_words}."
            raise GpuError(f"{stopped} {said}") if isinstance(stopped, GpuError) else Interrupted(said) from None
        if path is not None:
            _write_batch(path, made)
        return made

    def _recalled(self, path: Path) -> Bank | None:
        """A batch kept before; None where there is none, or it is not what was written."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        digest, content = data[:32], data[32:]
        if hashlib.sha256(content).digest() != digest:
            return None
        with np.load(io.BytesIO(content)) as found:
            values, met, opened = (found[name] for name in NAMES)
        question = self.question
        return Bank(question.followed, values, met, opened, question.settings.seed, question.sample)


def _write_batch(path: Path, bank: Bank) -> None:
    content = io.BytesIO()
    np.savez(content, **{name: getattr(bank, name) for name in NAMES})
    data = content.getvalue()
    try:
        write_whole(path, hashlib.sha256(data).digest() + data)
    except OSError as error:
        raise ResultError(
            f"{path.parent}: cannot be written ({error.strerror or error}). What was written before is safe; make "
            "room, then give the same command with --out and this folder."
        ) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder's lock.

    Raises:
        ResultError: another process works on it.
    """
    lock = Lock(folder / LOCK)
    try:
        lock.take()
    except Held:
        raise ResultError(f"--out {folder}: another process is working on it; wait for it, or stop it.") from None
    except OSError as error:
        raise ResultError(f"--out {folder}: cannot be written ({error.strerror or error}).") from error
    try:
        yield
    finally:
        lock.let_go()
        (folder / LOCK).unlink(missing_ok=True)


def begin(folder: Path, question: Question, organisation: Organisation, origin: dict[str, Any]) -> None:
    """Make a folder ready to work in, or take up one where the same was begun.

    Args:
        folder: absent, empty, or begun with the same question.
        question: what is asked.
        organisation: the place as it was given.
        origin: command and source of the place, for the manifest.

    Raises:
        ResultError: it holds something else, is finished, or cannot be written.
    """
    digest = question_digest(question, organisation)
    if (folder / MANIFEST).is_file():
        there = read_manifest(folder)
        if there["question"] != digest:
            raise ResultError(
                f"--out {folder}: holds another update (other data, plan, place, settings or model); give another "
                "folder."
            )
        if there["tables"]:
            raise ResultError(f"--out {folder}: is finished; `zones replay {folder}` makes it again.")
        return
    record.check_free(folder)
    manifest = {
        "format": FORMAT,
        "kind": "update",
        "command": unnamed.command(str(origin["command"])),
        "start": record.now(),
        "versions": record.versions(),
        "model": model_digest(),
        "question": digest,
        "settings": {k: v for k, v in asdict(question.settings).items() if k not in HOW},
        "months": question.setup.months,
        "month_0": question.place.start,
        "scenario": to_dict(unnamed.scenario(question.setup.scenario, organisation)),
        "organisation": unnamed.source(origin["place"]),
        "tables": {},
    }
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        keep(organisation, folder / record.ORGANISATION)
        reports = [asdict(r) for r in question.reports]
        write_whole(folder / record.ORGANISATION / OBSERVED, _json([{**r, "row": ""} for r in reports]), private=True)
        write_whole(folder / ROWS, _json(list(question.rows)))
        write_whole(folder / MANIFEST, _json(manifest))
    except OSError as error:
        raise ResultError(f"--out {folder}: cannot be written ({error.strerror or error}).") from error


def finish(folder: Path, update: Findings) -> None:
    """Write the answer; the manifest, which says that it is whole, comes last.

    Raises:
        ResultError: the folder cannot be written.
    """
    manifest = read_manifest(folder)
    try:
        for name, text in tables(update).items():
            write_whole(folder / name, text)
            manifest["tables"][name] = record.file_digest(folder / name)
        write_whole(folder / MANIFEST, _json({**manifest, "end": record.now(), "runs": update.found.bank.runs}))
        shutil.rmtree(folder / PARTS, ignore_errors=True)
    except OSError as error:
        raise ResultError(
            f"--out {folder}: cannot be written ({error.strerror or error}); make room, then give the same command "
            "again."
        ) from error


def question_digest(question: Question, organisation: Organisation) -> str:
    """SHA-256 of all that the answer depends on."""
    settings = {k: v for k, v in asdict(question.settings).items() if k not in HOW}
    reports = [{**asdict(r), "row": ""} for r in question.reports]
    scenario = to_dict(unnamed.scenario(question.setup.scenario, organisation))
    parts = [scenario, organisation_digest(organisation), reports, settings, question.setup.months, list(question.rows)]
    return digest_of([*parts, question.place.start, model_digest()])


HOW = ("threads", "engine")
"""Settings on which no result depends."""

_SETTINGS = tuple(name for name in UpdateSettings.__dataclass_fields__ if name not in HOW)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an update.

    Raises:
        ResultError: none, or not one that this version can read.
    """
    path = folder / MANIFEST
    try:
        manifest = kept_table(path.read_bytes(), MANIFEST, KEPT)
    except (OSError, ScenarioError) as error:
        raise ResultError(f"{path}: cannot be read ({error}); give a folder that `zones update` wrote.") from None
    if manifest["format"] != FORMAT or manifest["kind"] != "update":
        raise ResultError(f"{path}: is not the manifest of an update that this version can read.")
    return manifest


def is_update(folder: Path) -> bool:
    """Whether a folder is that of an update."""
    return (folder / MANIFEST).is_file()


def question_of(folder: Path, threads: int | None = None) -> tuple[Question, Organisation]:
    """What was asked, from the folder alone.

    Raises:
        ResultError: something in it is missing or was changed.
    """
    manifest = read_manifest(folder)
    try:
        organisation = recall(folder / record.ORGANISATION)
        reports = reports_of((folder / record.ORGANISATION / OBSERVED).read_bytes(), OBSERVED)
        settings = UpdateSettings(**{name: manifest["settings"][name] for name in _SETTINGS}, threads=threads)
        read_start(manifest["month_0"], "month_0")
        scenario = from_dict(manifest["scenario"])
        rows = rows_of((folder / ROWS).read_bytes(), ROWS)
        asked = replace(settings, months=int(manifest["months"]))
        question = replace(ask(scenario, organisation, reports, asked, manifest["month_0"]), rows=rows)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ResultError(f"{folder}: cannot be made again ({error}); was a file changed or taken out?") from error
    return replace(question, settings=settings), organisation


def replay(folder: Path, *, threads: int | None = None, progress: Progress | None = None) -> Replayed:
    """Make an update again from its folder, and say table by table whether it is the same to the byte.

    Raises:
        ResultError: it is not finished, or cannot be made again.
    """
    manifest = read_manifest(folder)
    if not manifest["tables"]:
        raise ResultError(f"{folder}: is not finished; give again the command that began it.")
    question, organisation = question_of(folder, threads)
    again = tables(Findings(question, Work(question, progress=progress).done(), organisation))
    verdicts = {}
    for name, digest in manifest["tables"].items():
        path = folder / name
        same = hashlib.sha256(again.get(name, "").encode("utf-8")).hexdigest() == digest
        if not path.is_file():
            verdicts[name] = MISSING
        else:
            verdicts[name] = CHANGED if record.file_digest(path) != digest else IDENTICAL if same else DIFFERENT
    today = record.versions()
    moved = {n: f"{v} -> {today.get(n)}" for n, v in manifest["versions"].items() if today.get(n) != v}
    return Replayed(folder, verdicts, moved)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
