"""How long whole answers take and how cost grows: `python tests/benchmarks/batch.py [answer threads growth nation]`.

`nation` reads the published Scottish lists from the folder named by `ZONES_DATA` (schools_2024.csv and
children_services_2024.csv under scotland/). Times are medians of rounds, or of one where a round is long.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from pathlib import Path

from sim.engine.batch import simulate
from sim.engine.setup import prepare
from sim.organisation.generate import synthetic
from sim.scenarios.files import load


def median_of(rounds, *tasks, clock=time.perf_counter):
    """Median seconds of each task, run alternately; each ran once before."""
    for task in tasks:
        task()
    found = [[] for _ in tasks]
    for _ in range(rounds):
        for task, spent in zip(tasks, found, strict=True):
            start = clock()
            task()
            spent.append(clock() - start)
    return [statistics.median(spent) for spent in found]


def laid(name, organisation, months):
    """A scenario that ships, laid on a place."""
    return prepare(load(name), organisation, months)


def run(setup, replicates, threads):
    """The ensemble of a setup."""
    return simulate(setup.scenario, setup.organisation, replicates=replicates, setup=setup, threads=threads)


def answer():
    """With and without teams, 64 replicates each, 60 months, default area."""
    area = synthetic.generate({})
    arms = [laid(name, area, 60) for name in ("with-teams", "without-teams")]
    both = [lambda n=n: [run(arm, 64, n) for arm in arms] for n in (1, 2)]
    one, two = median_of(15, *both)
    print(
        f"answer, default area: {1000 * one:.0f} ms on one thread, {1000 * two:.0f} ms on two ({one / two:.2f} times)"
    )


def threads():
    """Two threads against one: 10,000 practitioners with their families, 100 replicates."""
    area = synthetic.generate({"sites": 400, "practitioners": 10_000, "families": 100_000})
    setup = laid("with-teams", area, 12)
    one, two = median_of(3, *(lambda n=n: run(setup, 100, n) for n in (1, 2)))
    print(f"threads, 1e4 practitioners, 100 replicates of 12 months: {one:.2f} s, {two:.2f} s, {one / two:.2f} times")


def growth():
    """Processor time an agent and month, two families a practitioner; the limits of generated areas are raised."""
    synthetic.MOST = 10**6
    synthetic._WHOLE.update(sites=(5, 10**6), practitioners=(0, 10**7), families=(0, 10**8), areas=(1, 10**4))
    for people in (1_000, 10_000, 100_000, 1_000_000):
        asked = {"sites": people // 25, "areas": max(1, people // 25_000), "practitioners": people}
        setup = laid("with-teams", synthetic.generate(asked | {"families": 2 * people}), 24)
        many, families = len(setup.place.person_id), len(setup.place.family_id)
        replicates = max(1, min(40, 200_000 // people))
        (spent,) = median_of(3, lambda s=setup, r=replicates: run(s, r, 1), clock=time.process_time)
        each = 1e9 * spent / replicates / setup.months
        print(
            f"growth, {many:9,} practitioners: {each / (many + families):6.2f} ns an agent and month, "
            f"{each / many:6.2f} ns a practitioner and two families",
            flush=True,
        )


def nation():
    """Every school and service of the published lists, 120 months."""
    from sim.organisation.files.tables import load as read

    folder = Path(os.environ.get("ZONES_DATA", "data")) / "scotland"
    if not folder.exists():
        print(f"nation: no lists under {folder}; name their folder in ZONES_DATA")
        return
    start = time.perf_counter()
    place = read([folder / "schools_2024.csv", folder / "children_services_2024.csv"])
    print(f"nation: read in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    setup = laid("nation", place, 120)
    laid_in = time.perf_counter() - start
    sizes = (len(setup.place.site_id), len(setup.place.person_id), len(setup.place.family_id))
    print("nation: laid in {:.1f} s; {} sites, {} practitioners, {} families".format(laid_in, *sizes))
    (one,) = median_of(3, lambda: run(setup, 1, 1))
    (busy,) = median_of(3, lambda: run(setup, 1, 1), clock=time.process_time)
    print(f"nation, one replicate of 120 months: {one:.2f} s, {busy:.2f} s of them processor time", flush=True)
    start = time.perf_counter()
    run(setup, 100, 2)
    spent, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"nation, 100 replicates on two threads: {spent:.1f} s; peak memory of the process {peak:.2f} GiB")


PARTS = {"answer": answer, "threads": threads, "growth": growth, "nation": nation}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
