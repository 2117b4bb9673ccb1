"""What a month of a practitioner and of a family costs against its random numbers.

The world is taken from a run at the start of every sixth month; from each, the phase alone runs on for three months
(what other phases set does not change), with what it adds to the counts. The floor fills one 64-bit word for every
two decisions taken. All alternate in one process; figures are medians over rounds, mean over the months of a run, in
processor time, so that other work on the machine disturbs less.
"""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.batch import empty_ensemble
from sim.engine.benchmark.row import Row
from sim.engine.building import build, new_record
from sim.engine.kernel import kernel
from sim.engine.phases import families, measure, practitioners
from sim.engine.schedule import run_months
from sim.engine.setup import prepare
from sim.engine.world import Now, Span, as_record
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

MONTHS, EVERY, AHEAD, ROUNDS, FLOOR = 60, 6, 3, 9, 300
SIZES = {"default area": {}, "1e4 practitioners": {"sites": 400, "practitioners": 10_000, "families": 100_000}}


class Moment(NamedTuple):
    """A world at the start of a month, and the parameters."""

    month: int
    world: Any
    parameters: Any


@kernel
def fill(key: Any, ids: Any, out: Any, months: int) -> None:
    """One random word an agent and month."""
    for month in range(months):
        word = draws.word_key(key, draws.PERSON, month)
        for i in range(ids.shape[0]):
            out[i] = draws.bits(word, ids[i])


@kernel
def practise(w: Any, p: Any, span: Any, out: Any) -> None:
    """The practitioners' step and its counts."""
    for month in range(span.first, span.last):
        practitioners.practise(w.actors, w.people, p, Now(span.key, month))
        measure.count_practitioners(w.actors, out, Now(span.key, month - span.first))


@kernel
def serve(w: Any, p: Any, span: Any, out: Any) -> None:
    """The families' step and its counts."""
    for month in range(span.first, span.last):
        families.serve(w.actors, w.people, w.families, p, Now(span.key, month))
        measure.count_families(w.families, p, out, Now(span.key, month - span.first))


def months_from(key: Any, first: int, months: int) -> Span:
    """So many months."""
    return Span(key, first, first + months, np.zeros(1, np.uint8))


def copied(world: Any) -> Any:
    """The world with arrays of its own."""
    return copy.deepcopy(world)


def moments(scenario: str, organisation: Any) -> tuple[Any, Any, list[Moment]]:
    """Worlds on the way of one replicate, and the room for counts."""
    setup = prepare(load(scenario), organisation, MONTHS)
    world, p, out = build(setup), as_record(empty_ensemble(setup, 1, 1, 0, ()).parameters(0)), new_record(setup)
    key, kept = np.uint64(draws.run_key(np.uint64(1), np.uint64(0))), []
    for month in range(MONTHS + 1):
        if month % EVERY == 1:
            kept.append(Moment(month, copied(world), p))
        run_months(world, p, out, months_from(key, month, 1))
    return setup, key, kept


def decisions(moment: Moment, key: Any, out: Any) -> int:
    """Decisions that practitioners take in the months ahead: leave and move, train where that is open, be new."""
    world, taken = copied(moment.world), 0
    for month in range(moment.month, moment.month + AHEAD):
        people, sites = world.people, world.actors.sites
        taught = world.actors.areas["taught"][sites["area"]] > 0
        training = world.actors.levers["training"][sites["area"]] > 0
        open_to_all = ((sites["month_started"] >= 0) & training) | taught
        staff = sites["last_person"] - sites["first_person"]
        taken += 2 * len(people.id) + int((np.repeat(open_to_all, staff) & (people.trained == 0)).sum())
        practise(world, moment.parameters, months_from(key, month, 1), out)
        taken += 2 * int((people.joined == month).sum())
    return taken


def seconds(task: Callable[[int, int], Any], months: int = AHEAD) -> float:
    """Processor time of a month: of a call for so many, less that of a call for none (handing over the world). A month
    goes before, untimed: the world was just copied, while in a run the months before have left it near the processor.
    """
    task(0, 1)
    start = time.thread_time()
    task(1, 0)
    middle = time.thread_time()
    task(1, months)
    return ((time.thread_time() - middle) - (middle - start)) / months


def measured(scenario: str, size: str) -> tuple[list[float], float]:
    """Nanoseconds of a practitioner's and a family's month and of their floors; words a practitioner month takes."""
    setup, key, kept = moments(scenario, synthetic.generate(SIZES[size]))
    people, homes = setup.place.person_id, setup.place.family_id
    room, out = np.empty(max(len(people), len(homes)), np.uint64), new_record(setup)
    words = sum(decisions(moment, key, out) for moment in kept) / 2 / AHEAD / len(kept) / len(people)
    spare = copied(kept[0].world)
    serve(spare, kept[0].parameters, months_from(key, kept[0].month, 1), out)
    fill(key, people, room, 1)
    found: dict[str, list[float]] = {name: [] for name in ("practitioner", "its floor", "family", "floor")}
    for _ in range(ROUNDS):
        spent = dict.fromkeys(found, 0.0)
        for m in kept:
            spent["practitioner"] += seconds(_months_of(practise, m, key, out)) / len(people)
            spent["its floor"] += words * seconds(lambda _, n: fill(key, people, room, n), FLOOR) / len(people)
            spent["family"] += seconds(_months_of(serve, m, key, out)) / len(homes)
            spent["floor"] += seconds(lambda _, n: fill(key, homes, room, n), FLOOR) / len(homes)
        for name, total in spent.items():
            found[name].append(1e9 * total / len(kept))
    return [statistics.median(values) for values in found.values()], words


def _months_of(step: Callable[..., Any], moment: Moment, key: Any, out: Any) -> Callable[[int, int], Any]:
    """A step's months from a moment on, in a world of their own: (months later, how many)."""
    world = copied(moment.world)
    return lambda later, months: step(world, moment.parameters, months_from(key, moment.month + later, months), out)


def rows(quick: bool) -> Iterator[Row]:
    """Nanoseconds and floors, with and without teams; the default area alone where it must be quick."""
    for size in list(SIZES)[: 1 if quick else 2]:
        for scenario in ("with-teams", "without-teams"):
            (person, floor, family, its), words = measured(scenario, size)
            note = f"{size}, {scenario}: {person:.2f} ns against {floor:.2f} ns, {words:.2f} words a month"
            yield Row("a practitioner's month against its random words", 8.0, person / floor, "times", note=note)
            note = f"{size}, {scenario}: {family:.2f} ns against {its:.2f} ns"
            yield Row("a family's month against its random word", 6.0, family / its, "times", note=note)
