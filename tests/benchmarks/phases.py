"""What a month of a practitioner and of a family costs against its random numbers: `python tests/benchmarks/phases.py`.

The world is taken from a run at the start of every sixth month; from each, the phase alone runs on for three months
(what other phases set stands still), with what it adds to the counts. The floor fills one 64-bit random word for every
two decisions taken. All alternate in one process; figures are medians over rounds, mean over the months of a run, in
processor time, so that other work on the machine disturbs less.
"""

from __future__ import annotations

import copy
import statistics
import sys
import time
from typing import NamedTuple

import numpy as np

from sim.engine import draws
from sim.engine.batch import empty_ensemble
from sim.engine.kernel import kernel
from sim.engine.phases import families, measure, practitioners
from sim.engine.schedule import run_replicate
from sim.engine.setup import prepare
from sim.engine.world import build, new_record
from sim.organisation import synthetic
from sim.scenarios.files import load

MONTHS, EVERY, AHEAD, ROUNDS, FLOOR = 60, 6, 3, 9, 300
SIZES = {"default area": {}, "1e4 practitioners": {"sites": 400, "practitioners": 10_000, "families": 100_000}}


class Moment(NamedTuple):
    """A world at the start of a month, and the two groups of parameters that the phases need."""

    month: int
    world: object
    pp: object
    pf: object


@kernel
def fill(key, ids, out, months):
    """One random word an agent and month."""
    for month in range(months):
        word = draws.word_key(key, draws.PERSON, month)
        for i in range(ids.shape[0]):
            out[i] = draws.bits(word, ids[i])


@kernel
def practise(w, pp, key, month, months, out):
    """The practitioners' phase and its counts."""
    for m in range(month, month + months):
        practitioners.practise(w.areas, w.levers, w.sites, w.people, w.leaders, w.load, w.between, pp, key, m)
        measure.count_practitioners(w.sites, out, m - month)


@kernel
def serve(w, pp, pf, key, month, months, out):
    """The families' phase and its counts."""
    for m in range(month, month + months):
        families.serve(w.areas, w.levers, w.sites, w.people, w.families, w.tally, pp, pf, key, m)
        measure.count_families(w.tally, out, m - month)


class Keep:
    """Stands in for the stop flag, which is asked at the start of every month: keeps the world of some."""

    def __init__(self, world):
        self.world, self.month, self.kept = world, 0, {}

    def __getitem__(self, _):
        if self.month % EVERY == 1:
            self.kept[self.month] = copied(self.world)
        self.month += 1
        return 0


def copied(world):
    """The world with arrays of its own."""
    return copy.deepcopy(world)


def moments(scenario, organisation):
    """Worlds on the way of one replicate, and the room for counts."""
    setup = prepare(load(scenario), organisation, MONTHS)
    e = empty_ensemble(setup, 1, 1, 0, ())
    keep, p = Keep(build(setup)), e.parameters(0)
    key = np.uint64(draws.run_key(np.uint64(1), np.uint64(0)))
    with np.errstate(all="ignore"):
        run_replicate.py_func(
            keep.world, setup.teams.core_count, setup.course.external_end, p, new_record(setup), key, keep
        )
    return setup, key, [Moment(month, world, p.practitioner, p.family) for month, world in keep.kept.items()]


def decisions(moment, key, out):
    """Decisions that practitioners take in the months ahead: leave and move, train where that is open, be new."""
    world, taken = copied(moment.world), 0
    for month in range(moment.month, moment.month + AHEAD):
        people, sites = world.people, world.sites
        taught = world.areas["taught"][sites["area"]] > 0
        training = world.levers["training"][sites["area"]] > 0
        open_to_all = ((sites["month_started"] >= 0) & training) | taught
        staff = sites["last_person"] - sites["first_person"]
        taken += 2 * len(people.id) + int((np.repeat(open_to_all, staff) & (people.trained == 0)).sum())
        practise(world, moment.pp, key, month, 1, out)
        taken += 2 * int((people.joined == month).sum())
    return taken


def seconds(task, months=AHEAD):
    """Processor time of a month: of a call for so many, less that of a call for none (handing over the world)."""
    start = time.thread_time()
    task(0)
    middle = time.thread_time()
    task(months)
    return ((time.thread_time() - middle) - (middle - start)) / months


def measured(scenario, size):
    """Nanoseconds of a practitioner's and a family's month and of their floors; words a practitioner month takes."""
    setup, key, kept = moments(scenario, synthetic.generate(SIZES[size]))
    people, homes = setup.place.person_id, setup.place.family_id
    room, out = np.empty(max(len(people), len(homes)), np.uint64), new_record(setup)
    words = sum(decisions(moment, key, out) for moment in kept) / 2 / AHEAD / len(kept) / len(people)
    spare = copied(kept[0].world)
    serve(spare, kept[0].pp, kept[0].pf, key, kept[0].month, 1, out)
    fill(key, people, room, 1)
    found = {name: [] for name in ("practitioner", "its floor", "family", "floor")}
    for _ in range(ROUNDS):
        spent = dict.fromkeys(found, 0.0)
        for m in kept:
            w = copied(m.world)
            spent["practitioner"] += seconds(lambda n, w=w, m=m: practise(w, m.pp, key, m.month, n, out)) / len(people)
            spent["its floor"] += words * seconds(lambda n: fill(key, people, room, n), FLOOR) / len(people)
            spent["family"] += seconds(lambda n, w=w, m=m: serve(w, m.pp, m.pf, key, m.month, n, out)) / len(homes)
            spent["floor"] += seconds(lambda n: fill(key, homes, room, n), FLOOR) / len(homes)
        for name, total in spent.items():
            found[name].append(1e9 * total / len(kept))
    return [statistics.median(values) for values in found.values()], words


def main():
    """The table."""
    heads = ("practit.", "floor", "times", "family", "floor", "times")
    print(f"{'nanoseconds a month':34}" + "".join(f"{head:>9}" for head in heads))
    for size in SIZES:
        for scenario in ("with-teams", "without-teams"):
            (person, floor, family, its), words = measured(scenario, size)
            cells = (person, floor, person / floor, family, its, family / its)
            told = "".join(f"{cell:9.2f}" for cell in cells)
            print(f"{size + ', ' + scenario:34}{told}   ({words:.3f} words a practitioner)")


if __name__ == "__main__":
    sys.exit(main())
