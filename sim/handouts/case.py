"""What a handout is about: plans on one place with common random numbers, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sim.engine.batch import simulate
from sim.engine.sums import Ensemble, Sample
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario

RUNS = 200
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Case:
    """Plans to be put side by side.

    Attributes:
        plans: two to five scenarios; the first is the one proposed.
        names: what each is called, in order.
        organisation: the place.
        place: the place in words, its name only where names may show.
        months: how long all run.
        seed: of the random numbers.
        sample: rows of a parameter sample.
        calibration: which sample that is, '' where no name is known.
        command: gives every number again.
        notes: what was assumed of the place.
        doubts: which of the leading figures rest on a published figure that the model does not meet.
        runs: replicates of each plan.
    """

    plans: tuple[Scenario, ...]
    names: tuple[str, ...]
    organisation: Organisation
    place: str
    months: int
    seed: int = 1
    sample: Sample = ()
    calibration: str = ""
    command: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    runs: int = RUNS
    threads: int | None = field(default=None, compare=False)

    def run(self, plan: Scenario, count: int, first: int = 0, cancelled: Cancelled | None = None) -> Ensemble:
        """Replicates `first` to `first + count` of a plan, with the random numbers that every plan has."""
        return simulate(
            plan, self.organisation, replicates=count, first=first, months=self.months, seed=self.seed,
            sample=self.sample, threads=self.threads, cancelled=cancelled,
        )  # fmt: skip

    def ensembles(self, cancelled: Cancelled | None = None) -> tuple[Ensemble, ...]:
        """All plans, `runs` replicates each."""
        return tuple(self.run(plan, self.runs, cancelled=cancelled) for plan in self.plans)


def with_values(plan: Scenario, values: Sequence[tuple[str, float]]) -> Scenario:
    """The plan with levers set to these values, stored as in `Levers`."""
    return replace(plan, levers={**plan.levers, **dict(values)})
