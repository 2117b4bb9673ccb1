"""Two studies of plans found under a budget: how the best one changes with the budget, and what its first zone is like.

    python experiments/plan_studies.py [RUNS] [FOLDER]

Each budget is searched with RUNS runs (20,000) in a folder of its own below FOLDER (results/plan-studies). The tables
go to plan-figures.md beside this file; nothing in it is written by hand.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.organisation.codes import SITE_TYPES
from sim.planning.asking import loads
from sim.planning.decision import good_plans
from sim.planning.folder import Asked, create, open_folder
from sim.planning.search import search
from sim.planning.study import find, prepare
from sim.planning.template import template
from sim.sweeps.runner import Threads

HERE = Path(__file__).resolve().parent
BUDGETS = (0.5, 0.75, 1.0, 1.5, 2.0)
MEASURE = "need_served_at_fidelity_share"


def made(runs: int, folder: Path) -> dict[float, Path]:
    """A folder for each budget; those that are there go on."""
    question = loads(template("study"), "study")
    found = {}
    for factor in BUDGETS:
        path = folder / f"budget-{factor:g}"
        if not path.exists():
            create(replace(question, limits=question.limits.scaled(factor)), path, Asked(runs, 1, ""))
        found[factor] = path
    return found


def by_budget(folders: dict[float, Path]) -> list[str]:
    """The best plan of each budget."""
    lines = [
        "| budget | need served, gain (points) | zones: month and sites | levers | cost |",
        "|---|---|---|---|---|",
    ]
    for factor, path in folders.items():
        answer = find(open_folder(path), Threads).answer
        if not answer.plans:
            lines.append(f"| {factor:g} | no plan | | | |")
            continue
        best = answer.plans[0]
        gain = best.gains[MEASURE]
        zones = ", ".join(f"{z.opens}: {len(z.sites)}" for z in best.scenario.zones)
        values = best.scenario.lever_values()
        levers = ", ".join(f"{n} {getattr(values, n):g}" for n in answer.question.choices.levers)
        cost = next(f.median for f in best.figures if f.outcome == "cost_total")
        ends = f"{100 * gain.low:.1f} to {100 * gain.high:.1f}"
        lines.append(f"| {factor:g} | {100 * gain.value:.1f} ({ends}) | {zones} | {levers} | £{cost / 1e6:.2f}m |")
    return lines


def first_zones(folders: dict[float, Path]) -> list[str]:
    """What the first zones of good plans are like, beside the whole area."""
    lines = [
        "| budget | good plans | month | sites | staff a site | deprivation | mix |",
        "|---|---|---|---|---|---|---|",
    ]
    for factor, path in folders.items():
        given, runs = prepare(open_folder(path), Threads)
        found = search(given)
        runs.close()
        plans = good_plans(found.archive, given.purposes[0], given.division.pace.confirm)
        rows = [[given.space.row_of[s] for s in plan.zones[0].sites] for plan in plans if plan.zones]
        if rows:
            months = [plan.zones[0].opens for plan in plans if plan.zones]
            lines.append(
                f"| {factor:g} | {len(rows)} | {_spread(months)} | {_spread(map(len, rows))} | {_like(given, rows)} |"
            )
    sites = given.space.place.sites
    lines.append(f"| the area | | | {len(sites)} | {_like(given, [list(range(len(sites)))])} |")
    return lines


def _like(given, rows) -> str:  # type: ignore[no-untyped-def]
    """Staff, deprivation and mix of types of some sets of sites, on average."""
    sites = given.space.place.sites
    staff = np.mean([sites.staff[r].mean() for r in rows])
    deprivation = np.mean([np.nan_to_num(sites.deprivation[r]).mean() for r in rows])
    kinds = np.concatenate([sites.type[r] for r in rows])
    mix = ", ".join(
        f"{name.replace('_', ' ')} {100 * (kinds == code).mean():.0f} %"
        for code, name in enumerate(SITE_TYPES)
        if (kinds == code).any()
    )
    return f"{staff:.0f} | {deprivation:.2f} | {mix}"


def _spread(values) -> str:  # type: ignore[no-untyped-def]
    found = sorted(values)
    return f"{found[0]} to {found[-1]}" if found[0] != found[-1] else f"{found[0]}"


def main() -> None:
    """Run both studies."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folders = made(runs, Path(sys.argv[2]) if len(sys.argv) > 2 else Path("results/plan-studies"))
    text = [
        "# Figures of the studies of plans", "",
        f"Made by `experiments/plan_studies.py` with {runs:,} runs for each budget; budgets are times the limits of "
        "the question that `zones plan new` writes.",
        "", "## How the best plan changes with the budget", "", *by_budget(folders),
        "", "## What the first zone of good plans is like", "", *first_zones(folders), "",
    ]  # fmt: skip
    (HERE / "plan-figures.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
