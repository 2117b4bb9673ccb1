"""A visitor's search for plans: the form becomes a question, a process of its own searches, the page looks at it."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

from sim.apart import follow, sent
from sim.app import kept_update
from sim.app.jobs import Jobs
from sim.app.kept_update import FILE, MONTH, Updates
from sim.app.messages import Asked, flag, one_of, whole
from sim.app.page import Reply
from sim.app.plan_search import Order
from sim.app.question import Question
from sim.app.visit import Visit
from sim.errors import ScenarioError, quoted
from sim.planning.asking import MOST_POUNDS
from sim.platforms.processes import Process, end, start
from sim.results.words import percent
from sim.strict import number_in

RUNS = {"short": 2_000, "usual": 6_000, "long": 20_000}
YEARS = 4
SECONDS = 1_800.0


def _yearly(value: object, name: str) -> tuple[float, ...]:
    """One figure a year, the last for all later years; nothing for no limit."""
    if not isinstance(value, list) or len(value) > YEARS:
        raise ScenarioError(f"{name} must be a list of at most {YEARS} figures.")
    found = [number_in(v, 0.0, MOST_POUNDS) for v in value]
    if None in found:
        raise ScenarioError(f"{name} must be numbers of GBP in [0, {MOST_POUNDS:,.0f}]; got {quoted(value)}.")
    return tuple(v for v in found if v is not None)


def _sites(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 1000 or not all(isinstance(v, str) and len(v) < 200 for v in value):
        raise ScenarioError(f"{name} must be a list of sites, named as on the page.")
    return tuple(value)


@dataclass(frozen=True)
class Form:
    """What the form says. Money in GBP a year; 0 for 'no limit' where a number may be missing."""

    ask: Asked
    cash: Annotated[tuple[float, ...], _yearly]
    released: Annotated[tuple[float, ...], _yearly]
    chance: Annotated[int, whole(50, 99)] = 90
    people: Annotated[int, whole(0, 100)] = 0
    people_from: Annotated[int, whole(0, 600)] = 0
    support_ends: Annotated[int, whole(0, 600)] = 0
    zones: Annotated[int, whole(1, 12)] = 4
    fewest: Annotated[int, whole(1, 1000)] = 2
    most: Annotated[int, whole(1, 1000)] = 20
    most_a_term: Annotated[int, whole(0, 1000)] = 0
    must: Annotated[tuple[str, ...], _sites] = ()
    never: Annotated[tuple[str, ...], _sites] = ()
    first: Annotated[tuple[str, ...], _sites] = ()
    own: Annotated[bool, flag] = False
    update: Annotated[str, one_of("", MONTH, FILE)] = ""
    runs: Annotated[str, one_of(*RUNS)] = "short"


@dataclass
class Running:
    """A search, as far as it has told.

    Attributes:
        process: that searches.
        folder: private; removed with the search.
        state: 'searching', 'done', 'stopped' or what went wrong.
        line: what it said last.
        history: runs and the best so far, as it went.
        found: the answer's view.
        begun: when, by the clock that only runs on.
    """

    process: Process
    folder: str
    state: str = "searching"
    line: dict[str, Any] = field(default_factory=dict)
    history: list[tuple[int, float]] = field(default_factory=list)
    found: dict[str, Any] | None = None
    begun: float = field(default_factory=time.monotonic)


@dataclass
class Mine:
    """A visit's search, None before the first."""

    search: Running | None = None


@dataclass
class Turn:
    """One search at a time on this server."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: Running | None = None


def about(jobs: Jobs) -> Reply:
    """What the form begins with."""
    return {
        "plan": {
            "cash": [60_000, 60_000, 60_000, 50_000],
            "released": [150_000, 250_000, 400_000, 600_000],
            "runs": [["short", "a first look (2,000 runs, about a minute)"], ["usual", "6,000 runs, some minutes"],
                     ["long", "20,000 runs, ten minutes or more"]],
            "one_area": len(jobs.organisation.areas) == 1,
            "kept": kept_update.about(),
        }
    }  # fmt: skip


def question_text(form: Form) -> str:
    """The question's file, as `zones plan` reads it."""
    ask: Question = form.ask
    limits = [
        f"{key} = {json.dumps(list(values))}"
        for key, values in (("cash", form.cash), ("released_time", form.released))
        if values
    ]
    people = f'[[people]]\nrole = "core team"\ncount = {form.people}\nstart = {form.people_from}' if form.people else ""
    support = f"[support]\nends = {form.support_ends}" if form.support_ends else ""
    term = f"\nmost_a_term = {form.most_a_term}" if form.most_a_term else ""
    sites = "\n".join(f"{key} = {json.dumps(list(getattr(form, key)))}" for key in ("must", "never", "first"))
    months, (base, against) = ask.horizon, scenario_names(ask)
    plans = "" if form.update else f'base = "{base}.toml"\nagainst = "{against}.toml"'
    lines = [
        'question = "Which zones, which sites first, when, with how large a team?"',
        f"months = {months}",
        plans,
        f'own = "{base}.toml"' if form.own and not form.update else "",
        f"[limits]\nchance = {form.chance / 100}",
        *limits,
        people,
        support,
        f"[sites]\n{sites}{term}",
        f"[choices]\nzones = {form.zones}\nsizes = [{form.fewest}, {form.most}]\nopens = [1, {min(84, months)}]",
    ]
    return "\n".join(line for line in lines if line)


def scenario_names(ask: Question) -> tuple[str, str]:
    """What the two scenarios of the page are called in the answer."""
    first, other = (f"{arm.preset}-changed" if arm.changed else arm.preset for arm in ask.arms)
    return f"{first}-as-shown", other if other != first else f"{other}-compared"


def begin(visit: Visit, form: Form) -> Reply:
    """Begin to search; an earlier search of this visit ends.

    Raises:
        ScenarioError: another visitor's search is running, or no process can be begun.
    """
    from sim.planning.asking import loads
    from sim.scenarios.write import copy_for_editing

    text, update = question_text(form), _update(visit, form)
    loads(text, "question")
    forget(visit)
    turn = visit.shared().hold(Turn)
    with turn.lock:
        if turn.running is not None and turn.running.state == "searching":
            raise ScenarioError("plan: another visitor's search is running on this server; try again in a minute.")
        scenarios = {
            f"{name}.toml": copy_for_editing(arm.scenario(), name)
            for name, arm in zip(scenario_names(form.ask), form.ask.arms, strict=True)
        }
        folder = tempfile.mkdtemp(prefix="zones-plan-")
        order = Order(text, scenarios, visit.jobs.organisation, folder, RUNS[form.runs], form.ask.seed or 1,
                      update)  # fmt: skip
        process = start(["-m", "sim.app.plan_search"], heard=True)
        if process is None or process.stdin is None:
            shutil.rmtree(folder, ignore_errors=True)
            raise ScenarioError("plan: the system allows no further process just now; try again.")
        running = Running(process, folder)
        turn.running = visit.hold(Mine).search = running
    threading.Thread(target=_follow, args=(running, sent(order)), name="zones-plan", daemon=True).start()
    return look(visit, None)


def _update(visit: Visit, form: Form) -> tuple[str, bytes] | None:
    """Name and content of the update that a search goes on from, None: nothing has begun.

    Raises:
        ScenarioError: it is no longer there, or reaches beyond the years on the page.
    """
    kept = visit.hold(Updates).chosen(form.update)
    if kept is None:
        return None
    if form.ask.horizon <= kept.last:
        raise ScenarioError(
            f"plan: what was seen reaches month {kept.last}, and the years on these pages end in month "
            f"{form.ask.horizon}; choose more years."
        )
    return kept.name, kept.content


def _follow(running: Running, order: bytes) -> None:
    """Hear what the process says until it ends."""

    def heard(said: dict[str, Any]) -> bool:
        _heard(running, said)
        return running.state == "searching"

    follow(running.process, order, heard)
    if running.state == "searching":
        running.state = "The search ended before it had an answer; start it again."
    _end(running)


def _heard(running: Running, said: dict[str, Any]) -> None:
    if "done" in said:
        running.found, running.state = said["done"], "done"
    elif "error" in said:
        running.state = str(said["error"])
    else:
        running.line = said
        if said["best"] is not None:
            running.history.append((said["runs"], said["best"]))


def _end(running: Running) -> None:
    with suppress(OSError):
        end(running.process)
    shutil.rmtree(running.folder, ignore_errors=True)


def look(visit: Visit, _message: object) -> Reply:
    """How far the visit's search is, or what it found."""
    running, may = visit.hold(Mine).search, {"from": kept_update.choices(visit)}
    if running is None:
        return {"state": "", **may}
    if running.state == "searching" and time.monotonic() - running.begun > SECONDS:
        stop(visit, None)
    history = _thinned(running.history)
    reply: Reply = {**may, "state": running.state, "progress": _progress(running), "history": history}
    return reply | ({"found": running.found} if running.found is not None else {})


def _thinned(history: Sequence[tuple[int, float]]) -> list[list[float]]:
    step = max(1, len(history) // 120)
    kept = [list(h) for h in history[::step]]
    return [*kept, list(history[-1])] if history and kept[-1] != list(history[-1]) else kept


def _progress(running: Running) -> Reply:
    line = running.line
    if not line:
        return {"words": "The search is starting …", "part": 0.0}
    best = "" if line["best"] is None else f" Best so far: {percent(line['best'])} % of need served at fidelity."
    words = f"{line['what'].capitalize()}: {line['runs']:,} of at most {line['most']:,} runs.{best}"
    return {"words": words, "part": min(1.0, line["runs"] / max(1, line["most"]))}


def stop(visit: Visit, _message: object) -> Reply:
    """End the visit's search."""
    running = visit.hold(Mine).search
    if running is not None and running.state == "searching":
        running.state = "stopped"
        with suppress(OSError):
            running.process.kill()
    return {"state": "" if running is None else running.state}


def forget(visit: Visit) -> None:
    """End the visit's search and let go of what it found."""
    stop(visit, None)
    visit.hold(Mine).search = None
