"""The evidence ledger for the page: published figures against the model, measured in the background and then kept."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import posterior
from sim.app import evidence_words
from sim.app.jobs import Jobs
from sim.atomic import write_whole
from sim.counts import counted
from sim.errors import Interrupted, ZonesError
from sim.platforms.sources import as_they_count
from sim.posterior.words import SHORT
from sim.strict import from_json

REPLICATES = 200
PAUSE = 0.05
TAILS = {"months": " months", "years": " years", "share": " %", "difference": " points", "ratio": " times"}
HUNDREDTHS = ("share", "difference")
"""Units that are shown with a reading, and those that are said in hundredths; the others are plain numbers."""
MADE_OF = (".py", ".toml", ".csv", ".json")


def kept_file(calibration: str) -> Path | None:
    """Where findings are kept: named by everything that they are made of, so that no old one is ever shown."""
    from sim.engine.kernel import cache_folder

    folder = cache_folder()
    if folder is None:
        return None
    root = Path(__file__).resolve().parents[1]
    made = hashlib.sha256(f"{calibration} {REPLICATES}".encode())
    sources = (p for p in root.rglob("*") if p.suffix in MADE_OF and root / "app" not in p.parents)
    for chunk in as_they_count(root, sources):
        made.update(chunk)
    return folder / f"evidence-{made.hexdigest()[:16]}.json"


@dataclass
class EvidenceJob:
    """What is known so far, filled figure by figure by one background job, and kept on disk for the next start.

    Attributes:
        calibration: what the model draws its parameters from.
        found: measured findings by id.
        state: '' not asked, 'measuring', 'done', or what went wrong.
        kept: file of what was measured, None to keep nothing.
    """

    calibration: str = posterior.DEFAULT
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: str = ""
    kept: Path | None = field(default_factory=lambda: kept_file(posterior.DEFAULT))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Take what an earlier start has measured with the same sources and calibration."""
        from sim.evidence.situations.table import SITUATIONS

        with suppress(OSError, ValueError):
            found = from_json(self.kept.read_bytes(), "evidence") if self.kept else {}
            whole = isinstance(found, dict) and all(isinstance(one, dict) for one in found.values())
            if whole and set(found) == {s.id for s in SITUATIONS}:
                self.found, self.state = found, "done"

    def start(self, heavy: threading.Lock, asked: Callable[[], bool] = lambda: False) -> None:
        """Begin, unless it has begun.

        Args:
            heavy: held while it measures.
            asked: does a visitor wait? What is being run is then dropped and run again later.
        """
        with self._lock:
            if self.state in ("measuring", "done"):
                return
            self.state = "measuring"
        threading.Thread(target=self._measure, args=(heavy, asked), name="zones-evidence", daemon=True).start()

    def _measure(self, heavy: threading.Lock, asked: Callable[[], bool]) -> None:
        from sim.evidence.published import find, laboratory
        from sim.evidence.situations.table import SITUATIONS

        lab = laboratory(self.calibration, REPLICATES, threads=1, cancelled=asked)
        waiting = list(SITUATIONS)
        try:
            while waiting:
                while asked():
                    time.sleep(PAUSE)
                with suppress(Interrupted), heavy:
                    self.found[waiting[0].id] = find(waiting[0], self.calibration, lab).as_dict()
                    waiting.pop(0)
            self.state = "done"
            self._keep()
        except ZonesError as error:
            self.state = str(error)

    def _keep(self) -> None:
        if self.kept is None:
            return
        with suppress(OSError):
            write_whole(self.kept, json.dumps(self.found))


class OtherReadings(dict[str, EvidenceJob]):
    """A job for each calibration that is not the usual one."""

    def __missing__(self, calibration: str) -> EvidenceJob:
        """The job, made when it is first asked for."""
        return self.setdefault(calibration, EvidenceJob(calibration, kept=kept_file(calibration)))


def evidence_of(jobs: Jobs, calibration: str = posterior.DEFAULT) -> EvidenceJob:
    """What is known of a calibration behind these jobs."""
    if calibration == posterior.DEFAULT:
        return jobs.hold(EvidenceJob)
    return jobs.hold(OtherReadings)[calibration]


def ledger(job: EvidenceJob) -> dict[str, Any]:
    """Every published figure, with what the model gives where it has been measured."""
    from sim.evidence.situations.table import SITUATIONS
    from sim.posterior.words import TWO_READINGS

    rows = []
    for s in SITUATIONS:
        row: dict[str, Any] = {
            "id": s.id,
            "measure": s.measure,
            "target": s.target,
            "source": s.source,
            "grade": s.grade,
            "kind": s.kind_under(job.calibration),
            "bears": s.bears,
        }
        found = _in_words(job.found.get(s.id))
        rows.append(row | {"found": found} | _said(row, found))
    return {
        "rows": rows,
        "state": job.state,
        "status": _status(job, rows),
        "finding": _finding(rows),
        "calibration": job.calibration,
        "readings": TWO_READINGS,
        "runs": REPLICATES,
    }


def _said(row: dict[str, Any], found: dict[str, Any] | None) -> dict[str, str]:
    """A row in plain words: heading, what was published and where, whether the model meets it."""
    plain = evidence_words.PLAIN[row["id"]]
    source = evidence_words.source_words(row["source"], row["grade"])
    return {
        "heading": plain.heading,
        "said": f"Published: {plain.published}. {source}",
        "source_words": source,
        "verdict": evidence_words.verdict(found["within"] if found else None),
        "text": found["text"] if found else evidence_words.UNMEASURED,
    }


def _status(job: EvidenceJob, rows: list[dict[str, Any]]) -> str:
    """How far the measuring has come."""
    state = job.state
    if state == "measuring":
        done = sum(row["found"] is not None for row in rows)
        far = f"{done} of {counted(len(rows), 'figure')} so far"
        return f"The model is being measured on this machine: {far}. It takes some seconds, once."
    if state == "done":
        return f"Measured on this machine with {REPLICATES} runs for each figure; the study {SHORT[job.calibration]}."
    return state


def _finding(rows: list[dict[str, Any]]) -> str:
    """How many published figures the model meets, and how many of those that it was never adjusted to meet."""
    from sim.evidence.situations.table import PREDICTED

    known = [row for row in rows if row["found"]]
    if not known:
        return ""
    met = sum(row["found"]["within"] for row in known)
    predicted = [row["found"]["within"] for row in known if row["kind"] == PREDICTED]
    said = f"The model meets {met} of {counted(len(known), 'published figure')}."
    if not predicted:
        return said
    return f"{said} It was never adjusted to meet {len(predicted)} of them, and it meets {sum(predicted)} of those."


def _in_words(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """A measured figure with every reading and its band in words."""
    if found is None:
        return None
    readings = []
    for reading in found.get("readings", []):
        text = _reading(reading)
        readings.append(reading | {"text": text, "label": f"{text}; published {_band(reading)}"})
    return found | {"readings": readings, "text": "; ".join(r["text"] for r in readings)}


def _reading(reading: dict[str, Any]) -> str:
    name = evidence_words.READINGS.get(reading["name"], reading["name"])
    name = f"{name}: " if name else ""
    unit = reading["unit"]
    if reading["median"] is None:
        return f"{name}no value in any run"
    low, high, middle = (_number(reading[k], unit) for k in ("p10", "p90", "median"))
    return f"{name}{low} to {high} ({middle}){TAILS.get(unit, '')}"


def _band(reading: dict[str, Any]) -> str:
    unit = reading["unit"]
    return f"{_number(reading['low'], unit)} to {_number(reading['high'], unit)}{TAILS.get(unit, '')}"


def _number(value: float | None, unit: str) -> str:
    from sim.results.words import two_figures

    return "" if value is None else two_figures(100 * value if unit in HUNDREDTHS else value)
