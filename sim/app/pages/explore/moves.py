"""How much each lever moves the outcome: from its lowest to its highest, the rest as it is, in a few paired runs."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

from sim.app.cache import Cache
from sim.app.controls import CONDITIONS, LEVERS_FIRST, lever_words
from sim.app.jobs import Jobs, Run, runs_of
from sim.app.messages import Asked, whole
from sim.app.question import Arm, read_arm
from sim.app.replicates import few_runs
from sim.counts import counted
from sim.engine.batch import simulate
from sim.engine.setup import prepare
from sim.engine.sums import Ensemble
from sim.errors import Interrupted, ScenarioError
from sim.parameters import LEVERS
from sim.results import compare as comparing
from sim.results.measures import CHARTED, KNOWN
from sim.results.words import difference_words, figure

SHOWN = (*LEVERS_FIRST, *CONDITIONS)
PAUSE, LET_GO = 0.05, 6.0
"""Seconds between two looks at whether a visitor waits, and after which nobody asks any more."""


@dataclass(frozen=True)
class MovesAsked:
    """Asks what the levers of one of the two plans move; asked again until it is ready."""

    ask: Asked
    plan: Annotated[int, whole(0, 1)]


@dataclass
class Found:
    """What the levers of one plan move, filled lever by lever.

    Attributes:
        levers: by lever, then by what the pages chart: the words, and how far it moves.
        asked: when somebody last asked for it, by the clock that only goes on.
    """

    levers: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    asked: float = 0.0

    @property
    def done(self) -> bool:
        """Every lever was looked at."""
        return len(self.levers) == len(SHOWN)


class Moves:
    """What levers move, worked out in the background: one plan at a time, and never while a visitor waits."""

    def __init__(self) -> None:
        self._kept = Cache(12)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def look(self, jobs: Jobs, run: Run) -> Found:
        """What is known so far of a plan; begins to look where nothing else is being looked at."""
        with self._lock:
            found: Found = self._kept.get(run) or Found()
            found.asked = time.monotonic()
            self._kept.put(run, found)
            if not found.done and not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(target=_fill, args=(jobs, run, found), name="zones-moves", daemon=True)
                self._thread.start()
            return found


def _fill(jobs: Jobs, run: Run, found: Found) -> None:
    left = [name for name in SHOWN if name not in found.levers]
    while left and not jobs.closing and time.monotonic() - found.asked < LET_GO:
        if jobs.asked_meanwhile():
            time.sleep(PAUSE)
            continue
        with suppress(Interrupted), jobs.heavy:
            found.levers[left[0]] = _moved(jobs, run, left[0])
            left.pop(0)


def _moved(jobs: Jobs, run: Run, lever: str) -> dict[str, dict[str, Any]]:
    """What one lever moves, by measure; {} where the plan cannot be with it at an end."""
    ends = _ends(lever)
    try:
        arms = [_with(run.arm, lever, value) for value in ends]
    except ScenarioError:
        return {}
    low, high = (_run(jobs, run, arm) for arm in arms)
    return {name: _words(lever, ends, (low, high), KNOWN[name].told_by) for name in CHARTED}


def _ends(lever: str) -> tuple[float, float]:
    about = LEVERS[lever].about
    return (0.0, float(len(about.choices) - 1)) if about.choices else (about.low, about.high)


def _with(arm: Arm, lever: str, value: float) -> Arm:
    given = arm.as_dict()
    return read_arm(given | {"set": {**json.loads(arm.changes), lever: LEVERS[lever].show(value)}})


def _run(jobs: Jobs, run: Run, arm: Arm) -> Ensemble:
    alike = arm.structure == run.arm.structure
    setup = jobs.prepared(arm, run.months) if alike else prepare(arm.scenario(), jobs.organisation, run.months)
    return simulate(
        arm.scenario(), jobs.organisation, replicates=few_runs(len(jobs.organisation.sites)), months=run.months,
        seed=run.seed, sample=jobs.rows(run.calibration), cancelled=jobs.asked_meanwhile, setup=setup,
    )  # fmt: skip


def _words(lever: str, ends: tuple[float, float], runs: tuple[Ensemble, Ensemble], measure: str) -> dict[str, Any]:
    paired = comparing.difference(runs[1], runs[0], measure)
    low, high = (comparing.summarise(e, measure).median for e in runs)
    unit, said = paired.measure.unit, difference_words(paired)
    first, last = (lever_words(lever, value) for value in ends)
    if paired.verdict is not comparing.Verdict.APART:
        pairs = counted(paired.estimate.pairs, "run")
        return {
            "part": 0.0,
            "short": "no clear effect",
            "told": f"From {first} to {last}: {said}, in {pairs}.",
            "most": "",
        }
    low_words, high_words = figure(low, unit), figure(high, unit)
    tail = low_words.removeprefix(low_words.rstrip(" %"))
    alike = bool(tail) and high_words.endswith(tail)
    moved = comparing.finite((paired.p10 + paired.p90) / 2) or 0.0
    return {
        "part": moved,
        "short": f"{low_words.removesuffix(tail) if alike else low_words} → {high_words}",
        "told": f"From {first} to {last}: {low_words}, then {high_words}; difference {said}.",
        "most": f"{first}: {low_words}; {last}: {high_words}",
    }


def told(jobs: Jobs, message: MovesAsked) -> dict[str, Any]:
    """What each lever moves, as far as it is known; the one that moves most in a sentence, by measure."""
    found = jobs.hold(Moves).look(jobs, runs_of(message.ask)[message.plan])
    done = found.done  # looked at first: whatever is added while this answers is in the next reply
    levers = {lever: by for lever, by in dict(found.levers).items() if by}
    runs = counted(few_runs(len(jobs.organisation.sites)), "paired run")
    return {
        "ready": done,
        "levers": {lever: {name: _scaled(levers, lever, name) for name in CHARTED} for lever in levers},
        "most": {name: _most(levers, name) for name in CHARTED} if done else {},
        "small": f"Each lever by itself from its lowest to its highest, the rest as it is now: medians of {runs}. "
        "So few runs miss small effects; effects of two levers do not add up.",
    }  # fmt: skip


def _scaled(levers: dict[str, dict[str, dict[str, Any]]], lever: str, name: str) -> dict[str, Any]:
    """A lever's words, and how far it moves against the one that moves most."""
    most = max(abs(by[name]["part"]) for by in levers.values()) or 1.0
    mine = levers[lever][name]
    return {"part": mine["part"] / most, "short": mine["short"], "told": mine["told"]}


def _most(levers: dict[str, dict[str, dict[str, Any]]], name: str) -> str:
    """Which lever moves a measure most."""
    moving = {lever: by[name] for lever, by in levers.items() if by[name]["most"]}
    title = KNOWN[name].title.split(",")[0]
    if not moving:
        return f"{title}: no single lever here clearly moves this by itself."
    first = max(moving, key=lambda lever: abs(moving[lever]["part"]))
    words = LEVERS[first].about.words
    return f"{title}: moved most by '{words[:1].upper()}{words[1:]}' ({moving[first]['most']})."
