"""An update's folder: what was asked, runs made so far, the answer when it is done; made again by replay.

Batches are kept as they come, each whole or not at all and under the digest of its bytes, so that whatever stops the
work costs at most one batch: the same command goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from sim.atomic import write_whole
from sim.errors import GpuError, Interrupted, ResultError
from sim.observed.bank import Bank, How, joined
from sim.observed.contents import MANIFEST, OBSERVED, first_files, last_files, manifest_of, question_in
from sim.observed.findings import Findings
from sim.observed.question import FEWEST_RUNS, Question, batches, make, next_size, soon, weigh_bank
from sim.observed.tables import tables
from sim.observed.weighed import Weighed
from sim.organisation.organisation import Organisation
from sim.platforms.locks import Held, Lock
from sim.results import record
from sim.results.kept_organisation import recall
from sim.results.replay import CHANGED, DIFFERENT, IDENTICAL, MISSING, Replayed

PARTS, LOCK = "parts", ".lock"
NAMES = ("values", "met", "opened")

Progress = Callable[[int, int], None]


class Work:
    """Runs made until they are enough.

    Attributes:
        question: what is asked.
        folder: where batches are kept as they come, None: nowhere.
        progress: called with (done, the most there may be).
        cancelled: asked often; True ends with `Interrupted`.
        first: called once with a first answer, where more runs may be made: from few, and a short while ahead.
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
        self._tell_first()
        parts: list[Bank] = []
        found: Weighed | None = None
        while size := next_size(self.question, found):
            for count in batches(sum(p.runs for p in parts), size):
                parts.append(self._batch(sum(p.runs for p in parts), count))
            parts = [joined(parts)]
            found = weigh_bank(self.question, parts[0])
        if found is None:
            raise ResultError("runs: an update needs at least one; give more (--runs).")
        if self.progress:
            self.progress(self.question.settings.runs, self.question.settings.runs)
        return found

    def _tell_first(self) -> None:
        """A first answer, from few runs and a short while ahead."""
        settings = self.question.settings
        if self.first is None or settings.runs <= FEWEST_RUNS:
            return
        asked = soon(self.question)
        how = How(settings.threads, settings.engine, None, self.cancelled)
        self.first(weigh_bank(asked, make(asked, 0, asked.settings.runs, how)))

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
    first = first_files(question, organisation, origin)
    if (folder / MANIFEST).is_file():
        there = read_manifest(folder)
        if there["question"] != manifest_of(first[MANIFEST], MANIFEST)["question"]:
            raise ResultError(
                f"--out {folder}: holds another update (other data, plan, place, settings or model); give another "
                "folder."
            )
        if there["tables"]:
            raise ResultError(f"--out {folder}: is finished; `zones replay {folder}` makes it again.")
        return
    record.check_free(folder)
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        write_files(first, folder)
    except OSError as error:
        raise ResultError(f"--out {folder}: cannot be written ({error.strerror or error}).") from error


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their names in a folder, in order; what was seen is for its owner's eyes alone.

    Raises:
        OSError: the folder cannot be written.
    """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content, private=name == OBSERVED)


def finish(folder: Path, update: Findings) -> None:
    """Write the answer; the manifest, which says that it is whole, comes last.

    Raises:
        ResultError: the folder cannot be written.
    """
    try:
        write_files(last_files(read_manifest(folder), update), folder)
        shutil.rmtree(folder / PARTS, ignore_errors=True)
    except OSError as error:
        raise ResultError(
            f"--out {folder}: cannot be written ({error.strerror or error}); make room, then give the same command "
            "again."
        ) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an update.

    Raises:
        ResultError: none, or not one that this version can read.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({error}); give a folder that `zones update` wrote.") from None
    return manifest_of(content, str(path))


def is_update(folder: Path) -> bool:
    """Whether a folder is that of an update."""
    return (folder / MANIFEST).is_file()


def question_of(folder: Path, threads: int | None = None) -> tuple[Question, Organisation]:
    """What was asked, from the folder alone.

    Raises:
        ResultError: something in it is missing or was changed.
    """
    read_manifest(folder)
    organisation = recall(folder / record.ORGANISATION)
    return question_in(lambda name: (folder / name).read_bytes(), str(folder), organisation, threads), organisation


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
