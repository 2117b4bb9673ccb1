"""What a search would take: what is searched, its runs, and the time they need from a few timed here and now."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.counts import counted
from sim.parameters import LEVERS
from sim.planning.begun import Start
from sim.planning.folder import Asked, create
from sim.planning.prices import price_of
from sim.planning.question import MONEY, Question
from sim.planning.space import Space
from sim.planning.starts import starts
from sim.planning.study import prepare
from sim.planning.trials import SEARCH, Ask
from sim.platforms.cores import cores
from sim.scenarios.words import listed, shown
from sim.sweeps.runner import Threads

TIMED, EACH = 6, 8


@dataclass(frozen=True)
class Forecast:
    """What a search asks for.

    Attributes:
        sites: sites that zones may take.
        zones: most zones.
        levers: values of each searched lever, by name.
        limits: limits by kind of money, one for each year.
        wishes: wishes for sites and people, in words.
        runs: runs in all, at most.
        seconds: expected time with so many threads.
        threads: threads.
    """

    sites: int
    zones: int
    levers: dict[str, list[float]]
    limits: dict[str, list[float]]
    wishes: list[str]
    runs: int
    seconds: float
    threads: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        found = [f"It searches up to {counted(self.zones, 'zone')} among {counted(self.sites, 'site')}, and:"]
        for name, values in self.levers.items():
            price = price_of(name)
            allowed = ", ".join(shown(name, v) for v in values)
            found.append(f"  {LEVERS[name].about.words}: {allowed} (charged: {price.charged if price else 'nothing'})")
        for kind, figures in self.limits.items():
            found.append(f"{kind.capitalize()}, GBP a year: {', '.join(f'{x:,.0f}' for x in figures)}")
        found += self.wishes
        found.append(f"Runs: {self.runs:,} at most.")
        found.append(f"Time: about {_span(self.seconds)} with {counted(self.threads, 'thread')} of this machine.")
        return found


def forecast(
    question: Question, asked: Asked, threads: int | None, lists: Any = None, start: Start | None = None
) -> Forecast:
    """Set the question up in a temporary folder, time a few runs, and estimate.

    Raises:
        ZonesError: a question that cannot be searched.
    """
    threads = threads or cores()
    with tempfile.TemporaryDirectory() as temporary:
        made = create(question, Path(temporary) / "plan", asked, lists, start)
        given, kept = prepare(made, lambda: Threads(1))
        plans = starts(given.space, TIMED + 1, asked.seed)
        try:
            kept.ask([Ask(plans[0], 1, SEARCH)])
            began = time.perf_counter()
            kept.ask([Ask(plan, EACH, SEARCH) for plan in plans[1:]])
            taken = (time.perf_counter() - began) / max(1, kept.runs - 1)
        finally:
            kept.close()
        return Forecast(
            sites=len(given.space.sites),
            zones=question.choices.most_zones,
            levers={n: list(v) for n, v in given.space.levers.items()},
            limits={k: list(question.limits.of(k)) for k in MONEY if question.limits.of(k)},
            wishes=_wishes(given.space),
            runs=asked.runs,
            seconds=taken * asked.runs / threads,
            threads=threads,
        )


def _wishes(space: Space) -> list[str]:
    wishes, found = space.question.sites, []
    for key, words in (("must", "In a zone"), ("never", "In no zone"), ("first", "In the first zone")):
        if names := getattr(wishes, key):
            found.append(f"{words}: {listed(names)}.")
    if wishes.most_a_term is not None:
        found.append(f"At most {counted(wishes.most_a_term, 'site')} open in a school term.")
    for people in space.question.people:
        found.append(f"{counted(people.count, 'person', 'people')} for the core team from month {people.start}.")
    return found


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 7200 else f"{seconds / 3600:,.1f} h"
