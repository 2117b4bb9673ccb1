"""A visitor's update: a process of its own makes the runs, a first answer comes soon, the page looks at both."""

from __future__ import annotations

import base64
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

from sim.apart import follow, sent
from sim.app.jobs import Jobs
from sim.app.kept_update import Kept, Updates, name_of
from sim.app.kept_update import sent as file_of
from sim.app.messages import Asked, one_of, text, whole
from sim.app.page import Reply
from sim.app.pages.month import seen
from sim.app.update_job import Order
from sim.app.visit import Visit
from sim.errors import ScenarioError
from sim.observed.one_file import END
from sim.observed.question import AHEAD, UpdateSettings
from sim.observed.reader import ObservedFile
from sim.platforms.processes import Process, end, has_ended, start
from sim.problems import LAST_MONTH

RUNS = {"short": 4_000, "usual": 16_000}
SECONDS = 900.0
JOB = ("-m", "sim.app.update_job")
UPDATING, DONE, STOPPED = "updating", "done", "stopped"


@dataclass(frozen=True)
class Begun:
    """Asks for an update by the table that was read."""

    ask: Asked
    arm: Annotated[int, whole(0, 1)] = 0
    start: Annotated[str, text(20)] = ""
    runs: Annotated[str, one_of(*RUNS)] = "usual"


@dataclass
class Running:
    """An update, as far as it has told.

    Attributes:
        process: that makes the runs.
        updates: where the visit holds what may be gone on from.
        state: UPDATING, DONE, STOPPED or what went wrong.
        line: how far it said it was last.
        first: what the page shows of the first answer.
        found: everything, once it is done.
        begun: when, by the clock that only runs on.
    """

    process: Process
    updates: Updates
    state: str = UPDATING
    line: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] | None = None
    found: dict[str, Any] | None = None
    begun: float = field(default_factory=time.monotonic)


@dataclass
class Mine:
    """A visit's update, None before the first; and the process that waits for the next, if it is this visit's."""

    update: Running | None = None
    waiting: Process | None = None


@dataclass
class Turn:
    """One update at a time on this server, and one process that waits for the next."""

    running: Running | None = None
    waiting: Process | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def read(visit: Visit, message: seen.Wanted) -> Reply:
    """Read a table; a process begins to wait for the update, which is then answered sooner.

    Raises:
        ScenarioError: as `seen.read`.
    """
    reply = seen.read(visit, message)
    turn = visit.shared().hold(Turn)
    with turn.lock:
        if reply["ready"] and turn.waiting is None and (turn.running is None or turn.running.state != UPDATING):
            turn.waiting = visit.hold(Mine).waiting = start(JOB, heard=True)
    return reply


def begin(visit: Visit, message: Begun) -> Reply:
    """Begin to update by the table that was read; an earlier update of this visit ends.

    Raises:
        ScenarioError: nothing sound was read, another visitor's update is running, or no process can be begun.
    """
    held = visit.hold(seen.Held)
    wanted = seen.Wanted(message.ask, message.arm, message.start)
    if held.file is not None and held.under != seen.under(visit.jobs, wanted):
        seen.read(visit, wanted)
    if held.file is None:
        raise ScenarioError("table: choose a file first, and put right what is wrong with it.")
    _end_mine(visit)
    turn = visit.shared().hold(Turn)
    with turn.lock:
        if turn.running is not None and turn.running.state == UPDATING:
            raise ScenarioError("update: another visitor's update is running on this server; try again in a minute.")
        order = _order(visit.jobs, message, held.file)
        process, turn.waiting = turn.waiting, None
        if process is not None and has_ended(process, 0.0):
            end(process)
            process = None
        process = process or start(JOB, heard=True)
        if process is None:
            raise ScenarioError("update: the system allows no further process just now; try again.")
        running = Running(process, visit.hold(Updates))
        turn.running = visit.hold(Mine).update = running
    threading.Thread(target=_follow, args=(running, sent(order)), name="zones-update", daemon=True).start()
    return look(visit, None)


def _order(jobs: Jobs, message: Begun, file: ObservedFile) -> Order:
    ask = message.ask
    months = min(LAST_MONTH, max(ask.horizon, file.last + AHEAD))
    settings = UpdateSettings(
        RUNS[message.runs], months, ask.seed, ask.calibration, parameter_uncertainty=bool(jobs.sample)
    )
    against = seen.place(jobs, seen.Wanted(ask, message.arm, message.start))
    scenario = ask.arms[message.arm].scenario()
    return Order(scenario, jobs.organisation, tuple(file.reports), against.start, settings)


def _follow(running: Running, order: bytes) -> None:
    """Hear what the process says until it ends."""

    def heard(said: dict[str, Any]) -> bool:
        _heard(running, said)
        return running.state == UPDATING

    follow(running.process, order, heard)
    if running.state == UPDATING:
        running.state = "The update ended before it had an answer; start it again."
    with suppress(OSError):
        end(running.process)


def _heard(running: Running, said: dict[str, Any]) -> None:
    if running.state != UPDATING:
        return
    if "done" in said:
        found = said["done"]
        content = base64.b64decode(found.pop("kept"))
        running.updates.month = Kept(f"{name_of(found['last'])}{END}", content, found["last"])
        running.found, running.state = found, DONE
    elif "error" in said:
        running.state = str(said["error"])
    elif "first" in said:
        running.first = said["first"]
    else:
        running.line = said


def look(visit: Visit, _message: object) -> Reply:
    """How far the visit's update is, or what it found."""
    running = visit.hold(Mine).update
    if running is None:
        return {"state": ""}
    if running.state == UPDATING and time.monotonic() - running.begun > SECONDS:
        _end(running)
    reply: Reply = {"state": running.state, "progress": _progress(running)}
    if running.found is not None:
        return reply | {"view": running.found["view"], "story": running.found["story"],
                        "report": running.found["report"]}  # fmt: skip
    return reply | ({"view": running.first} if running.first is not None else {})


def _progress(running: Running) -> Reply:
    line = running.line
    if not line:
        return {"words": "The update is starting …", "part": 0.0}
    soon = "" if running.first is None else " This is a first answer; it will become more precise."
    words = f"{line['runs']:,} of at most {line['most']:,} runs.{soon}"
    return {"words": words, "part": min(1.0, line["runs"] / max(1, line["most"]))}


def _end(running: Running) -> None:
    if running.state == UPDATING:
        running.state = STOPPED
        with suppress(OSError):
            running.process.kill()


def stop(visit: Visit, _message: object) -> Reply:
    """End the visit's update; its first answer stays."""
    running = visit.hold(Mine).update
    if running is not None:
        _end(running)
    return look(visit, None)


def _end_mine(visit: Visit) -> None:
    stop(visit, None)
    visit.hold(Mine).update = visit.hold(Updates).month = None


def save(visit: Visit, _message: object) -> Reply:
    """The update as a file to keep.

    Raises:
        ScenarioError: there is no full answer.
    """
    kept = visit.hold(Updates).month
    if kept is None:
        raise ScenarioError("update: wait for the full answer, then keep it.")
    return file_of(kept)


def close(visit: Visit, _message: object) -> Reply:
    """Forget the table and what came of it."""
    forget(visit)
    return {}


def forget(visit: Visit) -> None:
    """End the visit's update, and let go of the table and of what it found."""
    _end_mine(visit)
    turn, mine = visit.shared().hold(Turn), visit.hold(Mine)
    with turn.lock:
        if turn.waiting is not None and turn.waiting is mine.waiting:
            with suppress(OSError):
                end(turn.waiting)
            turn.waiting = None
    visit.hold(seen.Held).forget()
