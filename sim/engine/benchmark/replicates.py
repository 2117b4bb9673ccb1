"""What replicates cost: against the Mesa model, by threads, by size, for the default area and for a nation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sim.engine.batch import simulate
from sim.engine.benchmark.row import Row, medians, processor_seconds, seconds
from sim.engine.setup import Setup, prepare
from sim.organisation.generate import synthetic
from sim.organisation.organisation import Organisation
from sim.platforms.cores import cores
from sim.platforms.memory import peak_memory
from sim.scenarios.files import load

PEOPLE_A_SITE, FAMILIES_A_PERSON = 25, 10
NATION = {"sites": 3_000, "practitioners": 84_500, "families": 890_000}
"""A generated area with as many practitioners and families as the schools and services of Scotland (which are more)."""
SCENARIO = "with-teams"
MOST_SITES = NATION["sites"]
LARGEST = 400_000
"""The largest area that is generated."""


def area(practitioners: int) -> Organisation:
    """A generated area with so many practitioners and ten families each."""
    return synthetic.generate(
        {
            "sites": max(5, min(MOST_SITES, practitioners // PEOPLE_A_SITE)),
            "practitioners": practitioners,
            "families": practitioners * FAMILIES_A_PERSON,
        }
    )


def steps(model: Any, months: int) -> None:
    """Months of a Mesa model."""
    for _ in range(months):
        model.step()


def run(setup: Setup, replicates: int, threads: int | None = None) -> None:
    """Replicates of a setup, measures included."""
    simulate(setup.scenario, setup.organisation, replicates=replicates, threads=threads, setup=setup)


def against_mesa(quick: bool) -> Iterator[Row]:
    """One replicate's months in the compiled engine and in the Mesa model; a step of the Mesa model."""
    from sim.engine.model import TransformationModel

    months = 6 if quick else 24
    small = prepare(load(SCENARIO), synthetic.generate({}), months)
    model = TransformationModel(prepared=small, history=False)
    step = processor_seconds(lambda: steps(model, months)) / months
    note = f"mean of months 1 to {months}, without history, processor time"
    yield Row("a month of the Mesa model, 900 practitioners, 9,000 families", 0.5, step, "s", note=note)
    large = prepare(load(SCENARIO), area(10_000), months)
    replicates = 20
    run(large, 1, 1)
    ours = medians([lambda: run(large, replicates, 1)], 3, processor_seconds)[0] / replicates
    model = TransformationModel(prepared=large, history=False)
    theirs = processor_seconds(lambda: steps(model, months))
    count = len(large.place.person_id)
    note = (
        f"{count:,} practitioners, {len(large.place.family_id):,} families, months 1 to {months}, building the world "
        f"apart, processor time of one core: {1e3 * ours / months:.2f} ms a month against {theirs / months:.3f} s"
    )
    yield Row("batch engine against our own Mesa model", 1_000.0, theirs / ours, "times", False, note)


def threads(quick: bool) -> Iterator[Row]:
    """Two threads against one."""
    if cores() < 2:
        yield Row("two threads against one", 1.8, float("nan"), "times", False, "one core")
        return
    replicates = 20 if quick else 100
    setup = prepare(load(SCENARIO), area(10_000), 12 if quick else 60)
    run(setup, 2, 2)
    one, two = medians([lambda: run(setup, replicates, 1), lambda: run(setup, replicates, 2)], 3)
    note = f"10,000 practitioners, {replicates} replicates, {setup.months} months, wall time"
    yield Row("two threads against one", 1.8, one / two, "times", False, note)


def growth(quick: bool) -> Iterator[Row]:
    """Cost of a practitioner and ten families a month by the size of the area."""
    months = 24
    sizes = (1_000, 10_000) if quick else (1_000, 10_000, 100_000, LARGEST)
    each = []
    for size in sizes:
        setup = prepare(load(SCENARIO), area(size), months)
        replicates = max(1, min(20, 100_000 // size))
        run(setup, 1, 1)
        taken = medians([partial(run, setup, replicates, 1)], 3, processor_seconds)[0]
        each.append(1e9 * taken / replicates / months / len(setup.place.person_id))
        people = f"{size:,} practitioners"
        yield Row(
            f"a practitioner and ten families a month, {people}", float("nan"), each[-1], "ns", note="processor time"
        )
    name = f"the same, {sizes[-1]:,} against {sizes[0]:,} practitioners"
    yield Row(name, 2.0, each[-1] / each[0], "times", note="1,000,000: tests/benchmarks/batch.py growth")


def default_area(quick: bool) -> Iterator[Row]:
    """What a slider waits for."""
    place, replicates = synthetic.generate({}), 64
    arms = [prepare(load(name), place, 60) for name in ("with-teams", "without-teams")]
    run(arms[0], 1)
    rounds = 5 if quick else 15
    both = sum(medians([partial(run, arm, replicates) for arm in arms], rounds))
    alone = sum(medians([partial(run, arm, replicates, 1) for arm in arms], rounds, processor_seconds))
    note = f"{min(cores(), 2 * replicates)} threads, wall time; on one, {1e3 * alone:.0f} ms of processor time"
    yield Row("with and without teams, 64 replicates each, 60 months, default area", 150.0, 1e3 * both, "ms", note=note)


def nation(quick: bool, place: Organisation | None = None) -> Iterator[Row]:
    """A whole country; generated of the same size where no files are given."""
    found = place or synthetic.generate(NATION)
    setup = prepare(load("nation" if place else SCENARIO), found, 120)
    note = f"{len(found.sites):,} sites, {len(found.practitioners):,} practitioners, {len(found.families):,} families"
    run(setup, 1, 1)
    rounds = 1 if quick else 3
    one = medians([lambda: run(setup, 1, 1)], rounds)[0]
    busy = medians([lambda: run(setup, 1, 1)], rounds, processor_seconds)[0]
    note += f"; {busy:.2f} s of processor time"
    yield Row("nation, 120 months, one replicate", 1.5, one, "s", note=note)
    many = float("nan") if quick else seconds(lambda: run(setup, 100))
    note = "left out to be quick" if quick else f"{cores()} threads, wall time"
    yield Row("nation, 120 months, 100 replicates", 90.0, many, "s", note=note)
    yield Row("peak memory of all so far", 2_048.0, peak_memory(), "MiB")
