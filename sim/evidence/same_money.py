"""The same money spent otherwise: yearly budgets for other help that make one scenario cost what another costs.

`python -m sim.evidence.same_money sim/scenarios/same-money.toml` writes them again after costs have changed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim import posterior
from sim.engine.batch import simulate
from sim.organisation.arrays.compile import in_scope
from sim.organisation.generate import synthetic
from sim.organisation.organisation import Organisation
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

ROUNDS = 4
"""Other help moves what it is bought beside (users coached, people trained), so budgets are found in rounds."""


def yearly_cost(
    scenario: Scenario, organisation: Organisation, *, replicates: int = 200, seed: int = 1
) -> NDArray[np.float64]:
    """Mean cost of each year [years], cash and released time together, GBP; parameters drawn as runs draw them."""
    sample = posterior.load().rows
    found = simulate(scenario, organisation, replicates=replicates, seed=seed, sample=sample)
    cost: NDArray[np.float64] = found.cost.sum(axis=(1, 3)).mean(axis=0)
    return cost


def with_budgets(scenario: Scenario, budgets: NDArray[np.float64]) -> Scenario:
    """The scenario with these budgets, GBP per practitioner in each year; its other events stay."""
    others = tuple(e for e in scenario.events if "budget" not in e.levers)
    mine = tuple(
        Event(f"money of year {year + 1}", 12 * year + 1, (LeversChange({"budget": float(budget)}),))
        for year, budget in enumerate(budgets)
        if year > 0
    )
    levers = {**scenario.levers, "budget": float(budgets[0])}
    return replace(scenario, levers=levers, events=(*mine, *others))


def matched(
    scenario: Scenario, like: Scenario, organisation: Organisation, *, replicates: int = 200, seed: int = 1
) -> NDArray[np.float64]:
    """Budgets [years], GBP per practitioner and year, with which `scenario` costs in each year what `like` costs.

    Where the scenario costs more without any other help, the budget is 0.
    """
    wanted = yearly_cost(like, organisation, replicates=replicates, seed=seed)
    people = len(in_scope(organisation, scenario.scope).practitioners)
    budgets = np.zeros(len(wanted))
    for _ in range(ROUNDS):
        cost = yearly_cost(with_budgets(scenario, budgets), organisation, replicates=replicates, seed=seed)
        budgets = np.maximum(budgets + (wanted - cost) / people, 0.0)
    return budgets


def rewrite(text: str, budgets: NDArray[np.float64]) -> str:
    """The scenario file's text with new budgets, in their order in the file."""
    left = iter(budgets)
    return re.sub(r"\bbudget = [0-9.]+", lambda _: f"budget = {next(left):.1f}", text)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        teams = load("with-teams")
        found = matched(load(path), teams, synthetic.generate(dict(teams.area)))
        path.write_text(rewrite(path.read_text(encoding="utf-8"), found), encoding="utf-8", newline="\n")
