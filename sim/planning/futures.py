"""Futures in which plans are tried: shocks by name, and worlds whose assumed parameters lie anywhere in their range.

Regret is what a plan falls short of the best of the plans in a future.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.parameters import UNCERTAINTIES
from sim.planning.candidate import Candidate
from sim.planning.purposes import standing
from sim.planning.question import Question
from sim.planning.trials import FUTURES, Ask, Trials
from sim.scenarios.events import Effect, Event, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.scenario import Scenario

Change = Callable[[Scenario], Scenario]
SUPPORT_MONTH, LEADERS_MONTH, CUT_MONTH, CUT = 24, 30, 36, 0.75
WORLD_RUNS = 4
"""Replicates of a plan in each drawn world: many worlds tell more than many replicates of one."""
SHOCKS = {
    "support ends early": (SUPPORT_MONTH, "external support ends in month {}"),
    "leaders leave": (LEADERS_MONTH, "all leaders leave and are replaced in month {}"),
    "budget cut": (CUT_MONTH, "a quarter of released time and of external support is lost from month {} on"),
}
"""When each comes, in months from today, and its words."""


def shocks(today: int = 0) -> dict[str, Change]:
    """What each named future changes in a scenario that has come to a month."""

    def support_ends(scenario: Scenario) -> Scenario:
        return _with(scenario, "support ends early", today + SUPPORT_MONTH, SupportWithdrawn())

    def leaders_leave(scenario: Scenario) -> Scenario:
        for level in ("senior", "operational", "manager"):
            scenario = _with(scenario, f"{level} leaders leave", today + LEADERS_MONTH, LeadersLeave(level, ""))
        return scenario

    def budget_cut(scenario: Scenario) -> Scenario:
        values = scenario.lever_values()
        new = {"released_time": CUT * values.released_time, "external_level": CUT * values.external_level}
        return _with(scenario, "budget cut", today + CUT_MONTH, LeversChange(new))

    return {"support ends early": support_ends, "leaders leave": leaders_leave, "budget cut": budget_cut}


def _with(scenario: Scenario, name: str, month: int, effect: Effect) -> Scenario:
    if month > scenario.months:
        return scenario
    return replace(scenario, events=(*scenario.events, Event(name, month, (effect,))))


def assumed(fitted: Sequence[str]) -> tuple[str, ...]:
    """Uncertainties that nobody has measured and no calibration fits."""
    return tuple(
        name
        for name, about in UNCERTAINTIES.items()
        if "assumed" in about.about.source and name not in fitted and about.about.low < about.about.high
    )


@dataclass(frozen=True)
class Worlds:
    """Drawn worlds.

    Attributes:
        names: of the parameters.
        table: a row for each world [worlds, parameters], a Latin hypercube over the whole of each range.
    """

    names: tuple[str, ...]
    table: NDArray[np.float64]

    def changes(self) -> dict[str, Change]:
        """What each world changes in a scenario, by its name."""
        return {f"world {i}": self._change(row) for i, row in enumerate(self.table)}

    def _change(self, row: NDArray[np.float64]) -> Change:
        values = {
            name: float(round(v)) if UNCERTAINTIES[name].about.whole else float(v)
            for name, v in zip(self.names, row, strict=True)
        }

        def change(scenario: Scenario) -> Scenario:
            return replace(scenario, parameters={**values, **scenario.parameters})

        return change


def worlds(count: int, seed: int, fitted: Sequence[str]) -> Worlds:
    """So many worlds.

    Args:
        count: 0 or more.
        seed: of the design.
        fitted: parameters that a posterior sample draws, which keep its values.
    """
    names = assumed(fitted)
    low = np.array([UNCERTAINTIES[n].about.low for n in names])
    high = np.array([UNCERTAINTIES[n].about.high for n in names])
    unit = qmc.LatinHypercube(d=len(names), rng=np.random.default_rng([seed, 2])).random(count)
    return Worlds(names, low + unit * (high - low))


@dataclass(frozen=True)
class Regrets:
    """How plans do in futures.

    Attributes:
        plans: names.
        futures: names, the drawn worlds last.
        served: mean of the first measure [plans, futures].
    """

    plans: tuple[str, ...]
    futures: tuple[str, ...]
    served: NDArray[np.float64]

    @property
    def regret(self) -> NDArray[np.float64]:
        """What each plan falls short of the best in each future [plans, futures]."""
        found: NDArray[np.float64] = self.served.max(axis=0) - self.served
        return found

    @property
    def largest(self) -> NDArray[np.float64]:
        """The largest regret of each plan [plans]."""
        found: NDArray[np.float64] = self.regret.max(axis=1)
        return found

    def as_dict(self) -> dict[str, object]:
        """JSON-safe."""
        return {"plans": list(self.plans), "futures": list(self.futures), "served": self.served.tolist()}


def try_futures(
    plans: Sequence[tuple[str, Candidate]], names: Sequence[str], trials: Trials, question: Question, replicates: int
) -> Regrets:
    """Try every plan in every future, all on the same random numbers.

    Args:
        plans: name and candidate.
        names: of the futures; drawn worlds begin with 'world'.
        trials: what runs them.
        question: what was asked.
        replicates: of each plan in a named future.
    """
    asks = [
        Ask(plan, WORLD_RUNS if name.startswith("world ") else replicates, FUTURES, name)
        for _, plan in plans
        for name in names
    ]
    measure = question.counts[0].measure
    means = [standing(t, question).mean(measure) for t in trials.ask(asks)]
    return Regrets(tuple(n for n, _ in plans), tuple(names), np.array(means).reshape(len(plans), len(names)))


def sentences(found: Regrets, drawn: Worlds, worth: float, today: int = 0) -> list[str]:
    """How the plans do in the futures, and in which part of the assumed ranges the first falls behind."""
    lines = []
    regret = found.regret
    for name, (after, text) in SHOCKS.items():
        if name not in found.futures:
            continue
        words = text.format(today + after)
        column = found.futures.index(name)
        best = int(found.served[:, column].argmax())
        line = f"If {words}, {_title(found.plans[0])} serves {100 * found.served[0, column]:.1f} % of need"
        if regret[0, column] > worth:
            line += f"; {_title(found.plans[best])} serves {100 * regret[0, column]:.1f} points more"
        lines.append(f"{line}.")
    count = len(drawn.table)
    if count:
        alike = int((regret[0, -count:] <= worth).sum())
        lines.append(
            f"With the assumed parameters drawn from their whole ranges, {_title(found.plans[0])} is the best or as "
            f"good as the best in {alike} of {count} worlds."
        )
        lines += _where(found, drawn, worth)
    least = int(found.largest.argmin())
    if len(found.plans) > 1:
        lines.append(
            f"{_capital(_title(found.plans[least]))} has the least regret: at most "
            f"{100 * found.largest[least]:.1f} points in any future that was tried."
        )
    return lines


def _where(found: Regrets, drawn: Worlds, worth: float) -> list[str]:
    """A part of the ranges in which the first plan falls behind, where chance could not have made it."""
    from sim.sweeps.boxes import Cases, find_boxes

    behind = (found.regret[0, -len(drawn.table) :] > worth).astype(np.float64)[:, None]
    cases = Cases(drawn.table, np.zeros((1, 0)), behind, np.ones_like(behind))
    lines = []
    for box in find_boxes(cases, most=1):
        parts = []
        for limit in box.limits:
            about = UNCERTAINTIES[drawn.names[limit.column]].about
            if np.isfinite(limit.above):
                parts.append(f"{about.words} is above {limit.above:.3g}")
            if np.isfinite(limit.most):
                parts.append(f"{about.words} is at most {limit.most:.3g}")
        lines.append(
            f"It falls behind most often where {' and '.join(parts)}: in {100 * box.density:.0f} of 100 such worlds."
        )
    return lines


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _title(name: str) -> str:
    if name.startswith("rival-"):
        return "another plan that was tried"
    return f"plan {name.removeprefix('plan-')}" if name.startswith("plan-") else "your own plan"
