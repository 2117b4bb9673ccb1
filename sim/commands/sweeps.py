"""`zones sweep`, `zones status`, `zones resume`, `zones sensitivity`, `zones discover`."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.console import clear_line, draw_over, say, show, show_json, tell
from sim.commands.runs import command_line, warn_if_cold
from sim.counts import counted
from sim.errors import Interrupted, SweepError
from sim.platforms.signals import undisturbed

if TYPE_CHECKING:
    from sim.sweeps.design import Design
    from sim.sweeps.folder import Sweep
    from sim.sweeps.runner import Pool, Standing
    from sim.sweeps.store import Store

PLAIN_EVERY = 10.0
STOP_WITHIN = 0.5


def sweep(asked: Namespace) -> None:
    """Run a design, or complete and extend the folder that holds it."""
    from sim.results.record import dated_folder
    from sim.sweeps import folder as folders
    from sim.sweeps.store import locked

    design = _design(asked)
    if asked.dry_run:
        _dry_run(design, asked)
        return
    out = Path(asked.out) if asked.out else dated_folder([design.name])
    if (out / folders.MANIFEST).is_file():
        found = folders.open_folder(out)
        with locked(out):
            found = folders.extend(found, design)
    else:
        found = folders.create(design, out, command_line(asked.words))
    _go(found, asked)


def resume(asked: Namespace) -> None:
    """Run what is missing."""
    from sim.sweeps.folder import open_folder

    _go(open_folder(Path(asked.folder)), asked, retry_failed=asked.retry_failed)


def status(asked: Namespace) -> None:
    """How far is it?"""
    from sim.sweeps import schedule, seal
    from sim.sweeps.folder import open_folder
    from sim.sweeps.store import Store, locked

    found = open_folder(Path(asked.folder))
    store = Store(found.folder, found.design.outcomes)
    keys = {key for *_, key in schedule.expected(found, store.rows)}
    done = sum(1 for key in keys if key in store.rows)
    failed = sum(1 for key in keys if key in store.rows and store.rows[key].error)
    if asked.tables:
        with locked(found.folder):
            _write_tables(found, store, figure=done == len(keys))
    wrong = seal.amiss(found, store) if done == len(keys) or asked.tables else {}
    facts = {
        "sweep": str(found.folder),
        "question": found.design.question,
        "points": len(found.points),
        "runs_done": done,
        "runs_wanted": len(keys),
        "runs_not_run": failed,
        "complete": done == len(keys) and not store.damaged and not wrong,
        "tables_amiss": wrong,
        "damaged_parts": store.damaged,
    }
    if asked.json:
        show_json(facts)
        return
    lines = [found.design.question] if found.design.question else []
    lines.append(
        f"{done:,} of {counted(len(keys), 'run')} done, {counted(len(found.points), 'point')}; {failed:,} ended "
        f"in an error."
    )
    lines += [f"Damaged part, to be run again: {name}" for name in store.damaged]
    lines += [f"Table: {name} is {what}." for name, what in wrong.items()]
    if done < len(keys) or store.damaged:
        lines.append(f"Continue with: zones resume {found.folder}")
    elif wrong:
        lines.append(f"All runs are there; write the tables again with: zones status --tables {found.folder}")
    else:
        lines.append("It is complete.")
    tell(lines)


def _write_tables(found: Sweep, store: Store, *, figure: bool) -> None:
    """Tables, the figure where all runs are there, and the seal that tells whether they are whole."""
    from sim.sweeps import seal, tables
    from sim.sweeps.figure import save_figure

    try:
        tables.write_tables(found, store)
        if figure:
            save_figure(found)
        seal.seal(found, store)
    except OSError as error:
        raise SweepError(
            f"{error.filename or found.folder}: cannot be written ({error.strerror or error}). All runs are kept; make "
            f"room, then: zones status --tables {found.folder}"
        ) from error


def sensitivity(asked: Namespace) -> None:
    """What matters, and how much of the spread is plan, parameters and chance."""
    from sim.sweeps import sensitivity as analysis
    from sim.sweeps.folder import open_folder

    found = analysis.analyse(
        open_folder(Path(asked.folder)), asked.outcome, scenario=asked.scenario, method=asked.method
    )
    paths = analysis.save(found)
    if asked.json:
        show_json(found.as_dict())
        return
    show(found.lines())
    say("", f"Kept in {', '.join(str(p) for p in paths)}.")


def discover(asked: Namespace) -> None:
    """Where an outcome comes about."""
    from sim.sweeps import discovery
    from sim.sweeps.folder import open_folder

    found = discovery.discover(open_folder(Path(asked.folder)), asked.when, scenario=asked.scenario)
    path = discovery.save(found)
    if asked.json:
        show_json(found.as_dict())
        return
    tell(found.sentences())
    say("", f"Kept in {path}.")


def _design(asked: Namespace) -> Design:
    from sim.sweeps.design import load, with_options

    options = {name.replace("_", "-"): value for name, value in vars(asked).items()}
    return with_options(load(asked.design), options)


def pool_of(asked: Namespace) -> Callable[[], Pool]:
    """Threads of this machine, or workers elsewhere."""
    if asked.cluster and asked.engine != "batch":
        raise SweepError("--cluster: its workers have no GPU engine; leave out --cluster or --engine.")
    if asked.cluster:
        from sim.sweeps.cluster import Workers

        return lambda: Workers(asked.cluster, asked.workers)
    from sim.sweeps.runner import Threads

    return lambda: Threads(asked.workers, asked.engine)


def _go(found: Sweep, asked: Namespace, *, retry_failed: bool = False) -> None:
    from sim.sweeps import runner

    warn_if_cold("batch")
    watch = Watch(found.design.name)
    saved: list[str] = []

    def finish(done: Sweep, store: Store) -> None:
        clear_line()
        with undisturbed():
            _write_tables(done, store, figure=True)
        saved.extend(savings(done, store))

    try:
        standing = runner.run(found, pool_of(asked), runner.Conduct(retry_failed, watch=watch, finish=finish))
    except Interrupted as error:
        leave(error, at_once=bool(asked.cluster))
        raise
    if asked.json:
        show_json({"sweep": str(found.folder), **_facts(standing)})
    else:
        show([_told(standing), *saved])
    if standing.failed:
        say(
            f"{counted(standing.failed, 'run')} ended in an error (not_run.csv says why); once that is mended: "
            f"zones resume --retry-failed {found.folder}"
        )
    say(f"Kept in {found.folder}: runs.parquet, summary.csv, figure.png and data-dictionary.md.")


def leave(error: Interrupted, *, at_once: bool) -> None:
    """End without waiting for the cluster or a thread that compiles: everything is kept, and both are slow."""
    until = time.monotonic() + (0.0 if at_once else STOP_WITHIN)
    while time.monotonic() < until:
        if not any(t.name.startswith(("zones", "ThreadPool")) and t.is_alive() for t in threading.enumerate()):
            return
        time.sleep(0.02)
    clear_line()
    say("", f"Interrupted. {error}")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(130)


def _told(standing: Standing) -> str:
    rate = standing.new / standing.seconds if standing.seconds > 0 else 0.0
    return (
        f"{counted(standing.done, 'run')} done, {standing.new:,} of them now, in {span(standing.seconds)} "
        f"({rate:,.0f} a second); {standing.failed:,} ended in an error."
    )


def _facts(standing: Standing) -> dict[str, Any]:
    return {
        "runs": standing.done,
        "new": standing.new,
        "not_run": standing.failed,
        "seconds": round(standing.seconds, 3),
    }


def savings(found: Sweep, store: Store) -> list[str]:
    """What the stopping rule saved, and where it did not get as narrow as asked."""
    from sim.sweeps import schedule, stopping

    rule = found.design.stop
    if rule is None:
        return []
    wants = schedule.replay_wants(found, store.rows)
    arms = len(found.design.scenarios)
    spent, most = sum(wants) * arms, len(wants) * arms * found.design.replicates
    wide = 0
    for point, runs in enumerate(wants):
        e = stopping.estimate(rule.outcome, *schedule.pair(found, store.rows, schedule.Seen(point, runs, rule.outcome)))
        wide += not e.high - e.low <= rule.width
    lines = [
        f"Until the interval of {rule.outcome} was {rule.width:g} wide: {counted(spent, 'run')} instead of {most:,}, "
        f"{100 * (1 - spent / most):.0f} % saved."
    ]
    if wide:
        lines.append(
            f"At {wide:,} of {counted(len(wants), 'point')} {counted(found.design.replicates, 'run')} were not "
            f"enough for that."
        )
    return lines


class Watch:
    """Progress: a line drawn over on a terminal, a plain line now and then elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._terminal = sys.stderr.isatty()
        self._next = 1.0
        self._drawn = False

    def __call__(self, standing: Standing) -> None:
        """Show how far it is, if it is time to."""
        over = standing.done >= standing.total
        if standing.seconds < self._next and not (over and self._drawn):
            return
        self._next = standing.seconds + (0.2 if self._terminal else PLAIN_EVERY)
        self._drawn = True
        if self._terminal:
            draw_over(self._line(standing), end="\n" if over else "")
        else:
            say(self._line(standing))

    def _line(self, standing: Standing) -> str:
        rate = standing.new / standing.seconds if standing.seconds else 0.0
        left = (standing.total - standing.done) / rate if rate else math.inf
        text = f"{self._name}: {standing.done:,} of {counted(standing.total, 'run')}, {rate:,.1f} a second"
        if standing.done < standing.total and math.isfinite(left):
            text += f", {span(left)} left"
        return text + (f", {standing.failed:,} ended in an error" if standing.failed else "")


def span(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _dry_run(design: Design, asked: Namespace) -> None:
    from sim.sweeps.forecast import forecast

    warn_if_cold("batch")
    found = forecast(design, asked.workers)
    if asked.json:
        show_json(found.as_dict())
        return
    tell(found.lines())
    if found.runs == 0:
        raise SweepError(f"{design.name}: nothing to run.")
