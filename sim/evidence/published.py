"""Is the model to be believed? Every published figure against what the model gives in the situation it describes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim import posterior
from sim.evidence.situations.laboratory import Laboratory
from sim.evidence.situations.readings import Reading
from sim.evidence.situations.table import SITUATIONS, Situation

DEFAULTS = "defaults"
WITHIN, MISSED = "within", "missed"


@dataclass(frozen=True)
class Finding:
    """One published figure and what the model gives.

    Attributes:
        situation: the figure.
        kind: fitted, predicted or assumed, under the calibration in use.
        readings: what was simulated; the first is the one that summaries use.
    """

    situation: Situation
    kind: str
    readings: tuple[Reading, ...]

    @property
    def within(self) -> bool:
        """Is every reading's simulated median inside its band?"""
        return all(r.within for r in self.readings)

    @property
    def deciding(self) -> Reading:
        """The reading to show where there is room for one: the first that is missed, else the first."""
        return next((r for r in self.readings if not r.within), self.readings[0])

    def as_row(self) -> dict[str, Any]:
        """JSON-safe, one number for the figure: the deciding reading's, which `measure` names."""
        s, one = self.situation, self.deciding
        read = _reading_dict(one)
        return {
            "id": s.id, "measure": f"{s.measure}: {one.name}" if one.name else s.measure, "target": s.target,
            "source": s.source, "grade": s.grade, **{k: read[k] for k in ("median", "p10", "p90")},
            "within": self.within,
        }  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; `median`, `p10`, `p90` are the first reading's, `readings` holds all."""
        s = self.situation
        parts = [_reading_dict(r) for r in self.readings]
        figures = {k: parts[0][k] for k in ("median", "p10", "p90")}
        return {
            "id": s.id, "measure": s.measure, "target": s.target, "source": s.source, "grade": s.grade,
            **figures, "within": self.within, "kind": self.kind, "rows": s.rows, "bears": s.bears, "readings": parts,
        }  # fmt: skip


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def _reading_dict(r: Reading) -> dict[str, Any]:
    return {
        "name": r.name, "unit": r.unit, "low": r.low, "high": r.high, "median": _finite(r.median),
        "p10": _finite(r.quantile(0.1)), "p90": _finite(r.quantile(0.9)), "mean": _finite(r.mean), "within": r.within,
    }  # fmt: skip


def laboratory(
    calibration: str,
    replicates: int,
    seed: int = 1,
    threads: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Laboratory:
    """A laboratory that draws from a shipped posterior, or none for DEFAULTS."""
    rows = () if calibration == DEFAULTS else tuple(posterior.load(calibration).rows)
    return Laboratory(rows, replicates, seed, threads, cancelled=cancelled)


def find(situation: Situation, calibration: str, lab: Laboratory) -> Finding:
    """One published figure, simulated in a laboratory.

    Raises:
        Interrupted: the laboratory was asked to stop.
    """
    kind = situation.kind_under("" if calibration == DEFAULTS else calibration)
    return Finding(situation, kind, tuple(situation.simulate(lab)))


def gather(
    calibration: str,
    lab: Laboratory,
    *,
    progress: Callable[[int, int], None] | None = None,
    situations: Sequence[Situation] = SITUATIONS,
) -> list[Finding]:
    """Simulate the situation of every published figure.

    Args:
        calibration: a shipped posterior's name, or DEFAULTS.
        lab: where situations are run, as `laboratory` makes it.
        progress: called with (done, of how many situations).
        situations: which, all by default.
    """
    found = []
    for done, situation in enumerate(situations, start=1):
        found.append(find(situation, calibration, lab))
        if progress:
            progress(done, len(situations))
    return found


def figure(r: Reading) -> str:
    """A reading's median and 10-90 % range."""
    digits = 1 if r.unit in ("years", "months", "ratio") else 2
    if not math.isfinite(r.median):
        return "no value in any run"
    return f"{r.median:.{digits}f} [{r.quantile(0.1):.{digits}f}, {r.quantile(0.9):.{digits}f}]"


def band(r: Reading) -> str:
    """A reading's published band."""
    return f"{r.low:g} to {r.high:g}"


def lines(findings: Iterable[Finding], calibration: str) -> list[str]:
    """The table as text."""
    findings = list(findings)
    met = sum(f.within for f in findings)
    out = [
        f"Published figures against the model, calibration {calibration}: {met} of {len(findings)} within.",
        "Simulated: median over runs [10 % and 90 % of runs]. A figure is within when every one of its medians is.",
    ]
    for f in findings:
        s = f.situation
        verdict = WITHIN if f.within else MISSED.upper()
        out += [
            "",
            f"{s.id}  {verdict}  ({f.kind}; grade {s.grade}; {s.source})",
            f"  {s.measure}",
            f"  published: {s.target}",
        ]
        for r in f.readings:
            name = f"{r.name}: " if r.name else ""
            out.append(f"  simulated: {name}{figure(r)}, band {band(r)}: {WITHIN if r.within else MISSED}")
        out.append(f"  {s.bears}")
    return out


def markdown(findings: Iterable[Finding]) -> list[str]:
    """The table for docs/evidence.md."""
    out = [
        "| id | what, in which situation | published | source (grade) | simulated: median [10 %, 90 %] | | kind |",
        "|---|---|---|---|---|---|---|",
    ]
    for f in findings:
        s = f.situation
        simulated = "<br>".join(
            f"{r.name + ': ' if r.name else ''}{figure(r)}{'' if r.within else ' (missed)'}" for r in f.readings
        )
        verdict = WITHIN if f.within else "**missed**"
        target = s.target.replace("<=", "≤").replace(">=", "≥")
        out.append(f"| {s.id} | {s.measure} | {target} | {s.source} ({s.grade}) | {simulated} | {verdict} | {f.kind} |")
    return out
