"""Questions on a small generated area, and trials whose truth is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from sim.organisation.arrays.compile import in_scope
from sim.organisation.generate.synthetic import generate
from sim.planning.asking import loads
from sim.planning.candidate import Candidate, PlannedZone, candidate, from_scenario, to_scenario
from sim.planning.division import divide
from sim.planning.limits import spending_outcomes
from sim.planning.purposes import COST, purposes
from sim.planning.question import Question
from sim.planning.report import readings
from sim.planning.search import Found, Search, search
from sim.planning.space import Space, lay_space
from sim.planning.trials import Ask, Trial
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

SMALL = """
question = "Where do we begin?"
months = {months}
second_reading = 12

[limits]
cash = {cash}
released_time = {released}

[choices]
zones = 2
sizes = [2, 5]
opens = [1, 13]
levers = {{ core_team_size = [3, 4, 5], coaching = [0.5, 1.0] }}

[area]
settings = {{ sites = 12 }}
"""


def small(months: int = 24, cash: object = 60_000, released: object = 300_000, more: str = "") -> Question:
    """A question on twelve sites."""
    return loads(SMALL.format(months=months, cash=cash, released=released) + more, "small")


def write_small(folder: Path, name: str = "small", **given: object) -> Path:
    """The same as a file."""
    path = folder / f"{name}.toml"
    path.write_text(SMALL.format(**{"months": 24, "cash": 60_000, "released": 300_000, **given}), encoding="utf-8")
    return path


def space_of(question: Question) -> Space:
    """Its space on the small area."""
    base = load(question.base)
    place = in_scope(generate(dict(question.area.get("settings", {"sites": 12}))), base.scope)
    return lay_space(question, place, base)


Worth = Callable[[Candidate], float]


@dataclass
class KnownTruth:
    """Trials whose truth is known: what a plan serves, what it costs, and noise that all plans share in part.

    Attributes:
        question: what is asked.
        worth: mean of the first measure.
        cost: released time a year, GBP.
        shared: standard deviation of what all plans of a replicate share.
        own: standard deviation of what each plan has for itself.
        spread: standard deviation of a year's cost, as a share of it.
    """

    question: Question
    worth: Worth
    cost: Callable[[Candidate], float] = lambda plan: 1000.0
    shared: float = 0.026
    own: float = 0.008
    spread: float = 0.05
    runs: int = 0
    _asked: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[str, ...]:
        counted = [n for p in purposes(self.question) for n in readings(p.measure, self.question)]
        return tuple(dict.fromkeys((*counted, COST, *spending_outcomes(self.question.year_ends))))

    def ask(self, asks: Sequence[Ask]) -> list[Trial]:
        found = []
        for one in asks:
            name = (one.plan.key, one.numbers + one.future)
            before = self._asked.get(name, 0)
            self.runs += max(0, one.replicates - before)
            self._asked[name] = max(before, one.replicates)
            found.append(Trial(one.plan, self.outcomes, self._table(one)))
        return found

    def _table(self, one: Ask) -> np.ndarray:
        n = one.replicates
        common = _normal(f"{one.numbers}{one.future}/{self.question.name}", n) * self.shared
        mine = _normal(f"{one.plan.key}/{one.numbers}{one.future}/{self.question.name}", n) * self.own
        served = self.worth(one.plan) + common + mine
        dearer = _normal(f"cost/{one.plan.key}/{one.numbers}", n) * self.spread
        yearly = self.cost(one.plan) * (1.0 + dearer)
        columns = []
        for name in self.outcomes:
            if name.startswith("cost_released_time@"):
                columns.append(yearly * (self.question.year_ends.index(int(name.partition("@")[2])) + 1))
            elif name.startswith("cost_cash@"):
                columns.append(np.zeros(n))
            elif name == COST:
                columns.append(yearly * self.question.years)
            else:
                columns.append(served)
        return np.column_stack(columns)


def _normal(name: str, count: int) -> np.ndarray:
    seed = int(hashlib.sha256(name.encode()).hexdigest()[:15], 16)
    return np.random.default_rng(seed).standard_normal(max(count, 1000))[:count]


def named(question: Question, name: str) -> Question:
    """The question under another name: other noise in `KnownTruth`."""
    return replace(question, name=name)


GRID = """
months = 96
second_reading = 48

[limits]
released_time = {limit}

[sites]
must = {must}

[choices]
zones = 1
sizes = [4, 4]
opens = [1, 81]
levers = {{ core_team_size = [3, 4, 5, 6], coaching = [0.25, 0.5, 0.75, 1.0] }}

[area]
settings = {{ sites = 12 }}
"""
MONTHS = range(1, 82, 4)


@cache
def grid_space(limit: float = 1000.0) -> Space:
    """336 plans: one zone of four given sites, its month, the size of the core team and coaching."""
    must = list(space_of(small()).sites[:4])
    return space_of(loads(GRID.format(limit=limit, must=json.dumps(must)), "grid"))


def all_plans(space: Space) -> list[Candidate]:
    """Every plan of the grid."""
    sites = tuple(sorted(space.question.sites.must))
    sizes, doses = space.levers["core_team_size"], space.levers["coaching"]
    return [
        candidate([PlannedZone(month, sites)], {"core_team_size": size, "coaching": dose})
        for month in MONTHS
        for size in sizes
        for dose in doses
    ]


def hill(plan: Candidate) -> float:
    """What a plan of the grid serves: one smooth top, choices that help one another; nothing without zones."""
    if not plan.zones:
        return 0.0
    size, dose, month = plan.lever("core_team_size"), plan.lever("coaching"), plan.zones[0].opens
    apart = ((month - 29) / 30) ** 2 + 0.5 * ((size - 5) / 2) ** 2 + ((dose - 0.75) / 0.5) ** 2
    return float(0.3 * np.exp(-apart + 0.3 * (size - 5) * (dose - 0.75)))


def dear(plan: Candidate) -> float:
    """What a plan of the grid costs in a year."""
    return 150 * plan.lever("core_team_size") + 300 * plan.lever("coaching") if plan.zones else 0.0


def searched(truth: KnownTruth, runs: int, seed: int = 0, own: Scenario | None = None) -> Found:
    """A search where the truth is known."""
    space = replace(grid_space(), question=truth.question)
    base = load("with-teams")

    def scenario(plan: Candidate) -> Scenario:
        return base if plan.verbatim else to_scenario(plan, base, "plan")

    own_plan = None if own is None else from_scenario(own, space.place, space.levers)
    return search(Search(space, truth, divide(runs), seed, 0, scenario, own, own_plan))
