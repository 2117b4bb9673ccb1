"""The search for plans beside NSGA-II of pymoo, at equal runs: `python tests/benchmarks/rival.py [--seeds N]`.

The rival has everything that is not the search itself: the same question and place, the same starts, the same moves
for its mutations, repair to the same wishes, paired random numbers, limits judged alike, and the same choice among its
finalists on fresh random numbers. What both chose is then held side by side on numbers that neither has seen.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from sim.planning.asking import loads
from sim.planning.candidate import Candidate, candidate
from sim.planning.folder import Asked, create
from sim.planning.fresh import choose
from sim.planning.front import ever_more_cautious
from sim.planning.moves import step
from sim.planning.purposes import Standing, standing
from sim.planning.race import Archive, Race
from sim.planning.search import Search
from sim.planning.starts import starts
from sim.planning.study import prepare
from sim.planning.template import template
from sim.planning.trials import REPORT, SEARCH, Ask
from sim.sweeps.runner import Threads

REPLICATES, CHECKED = 8, 200


def racing(given: Search, seed: int) -> Archive:
    """Our own search."""
    begin = starts(given.space, given.division.pace.starts, seed)
    return Race(given.space, given.trials, given.purposes, given.division.pace).run(begin, seed)


def nsga2(given: Search, seed: int) -> Archive:
    """The rival: two objectives, the first measure and cost, limits as a constraint."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.crossover import Crossover
    from pymoo.core.duplicate import ElementwiseDuplicateElimination
    from pymoo.core.mutation import Mutation
    from pymoo.core.problem import Problem
    from pymoo.core.sampling import Sampling
    from pymoo.optimize import minimize

    archive, aim, pace = Archive(), given.purposes[0].measure, given.division.pace
    size, random = pace.starts, np.random.default_rng([seed, 9])

    class Plans(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=1, n_obj=2, n_ieq_constr=1)

        def _evaluate(self, x, out, *_args, **_more) -> None:  # type: ignore[no-untyped-def]
            asks = [Ask(row[0], REPLICATES, SEARCH) for row in x]
            found = [standing(t, given.question) for t in given.trials.ask(asks)]
            archive.add(found)
            out["F"] = np.array([[-s.mean(aim), s.mean("cost_total")] for s in found])
            out["G"] = np.array([[0.0 if s.judged.likely else s.judged.excess + 1e-6] for s in found])

    class Begin(Sampling):  # type: ignore[misc]
        def _do(self, _problem, n_samples, **_more):  # type: ignore[no-untyped-def]
            return as_column(starts(given.space, n_samples, seed))

    class Mix(Crossover):  # type: ignore[misc]
        """Zones of one parent, levers of the other; then the other way round."""

        def __init__(self) -> None:
            super().__init__(2, 2)

        def _do(self, _problem, x, **_more):  # type: ignore[no-untyped-def]
            child = np.empty_like(x)
            for i in range(x.shape[1]):
                a, b = x[0, i, 0], x[1, i, 0]
                zones = [z for z in (*a.zones, *b.zones) if random.random() < 0.5] or list(a.zones)
                child[0, i, 0] = given.space.fitted(candidate(zones, dict(b.levers)))
                child[1, i, 0] = given.space.fitted(candidate(b.zones, dict(a.levers)))
            return child

    class Move(Mutation):  # type: ignore[misc]
        def _do(self, _problem, x, **_more):  # type: ignore[no-untyped-def]
            return as_column([step(row[0], given.space, random) for row in x])

    class Same(ElementwiseDuplicateElimination):  # type: ignore[misc]
        def is_equal(self, a, b) -> bool:  # type: ignore[no-untyped-def]
            return bool(a.X[0].key == b.X[0].key)

    rounds = max(2, (pace.runs - given.trials.runs) // (size * REPLICATES))
    algorithm = NSGA2(
        pop_size=size, sampling=Begin(), crossover=Mix(), mutation=Move(), eliminate_duplicates=Same()
    )  # fmt: skip
    minimize(Plans(), algorithm, ("n_gen", rounds), seed=seed, verbose=False)
    return archive


def as_column(plans: list[Candidate]) -> np.ndarray:
    """Plans as pymoo holds them: one object a row."""
    column = np.empty((len(plans), 1), dtype=object)
    column[:, 0] = plans
    return column


def found_by(method: object, seed: int, runs: int) -> tuple[Standing | None, int]:
    """The best plan of a method that holds on fresh numbers, on the reporting set, and the runs of its search."""
    question = replace(loads(template("rival"), "rival"), text="")
    with tempfile.TemporaryDirectory() as temporary:
        made = create(question, Path(temporary) / "plan", Asked(runs, seed))
        given, kept = prepare(made, lambda: Threads(None))
        try:
            archive = method(given, seed)  # type: ignore[operator]
            searched = kept.runs
            pace, aim, count = given.division.pace, given.purposes[:1], given.division.finalists
            if method is not racing:
                pace = replace(pace, confirm=REPLICATES, rungs=(REPLICATES,))
            for last in ever_more_cautious(archive, given.purposes, count, pace):
                chosen = choose([s.trial.plan for s in last], kept, given.question, aim, given.division.choice)
                if chosen.plans:
                    break
            else:
                return None, searched
            asks = [Ask(chosen.plans[0].trial.plan, CHECKED, REPORT)]
            return standing(kept.ask(asks)[0], given.question), searched
        finally:
            kept.close()


def main() -> None:
    """Print the median of each over the seeds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--first", type=int, default=1)
    asked.add_argument("--seeds", type=int, default=10)
    asked.add_argument("--runs", type=int, default=3000)
    given = asked.parse_args()
    if find_spec("pymoo") is None:
        print("pymoo is not installed; for the rival: pip install -c .ci/constraints.txt -e '.[rival]'")
        return
    warnings.filterwarnings("ignore")
    served: dict[str, list[float]] = {"racing": [], "NSGA-II": []}
    for seed in range(given.first, given.first + given.seeds):
        for name, method in (("racing", racing), ("NSGA-II", nsga2)):
            best, runs = found_by(method, seed, given.runs)
            value = 0.0 if best is None else best.mean("need_served_at_fidelity_share")
            served[name].append(value)
            print(f"seed {seed:2d}  {name:8s} {100 * value:5.1f} % of need served, {runs:,} runs", flush=True)
    for name, values in served.items():
        print(f"median   {name:8s} {100 * float(np.median(values)):5.1f} % (from {100 * min(values):.1f} to "
              f"{100 * max(values):.1f})")  # fmt: skip


if __name__ == "__main__":
    main()
