"""Running scenarios side by side on one place with common random numbers, by either engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import posterior
from sim.declare import SEEDS_BELOW
from sim.engine.drivers import ENGINES, driver
from sim.errors import ScenarioError, UnknownName, quoted
from sim.problems import LAST_MONTH
from sim.strict import WHOLE_BELOW, whole_in

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

MOST_REPLICATES = 1_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """How to run.

    Attributes:
        replicates: how many runs of each scenario.
        months: horizon; None: the longest of the scenarios' own.
        seed: of the random numbers; 0 is a seed like any other.
        first: number of the first replicate.
        engine: one of ENGINES.
        threads: threads of the batch engine, None for all cores.
        calibration: posterior sample that the uncertain parameters are drawn from.
        parameter_uncertainty: False: no draws, every parameter at its default or as set.
        sample: rows to draw from instead of a shipped posterior (a result that is run again brings its own).
        diaries: what is written down month by month: of `engine.diary.DIARIES`.
    """

    replicates: int = 200
    months: int | None = None
    seed: int = 1
    first: int = 0
    engine: str = "batch"
    threads: int | None = None
    calibration: str = posterior.DEFAULT
    parameter_uncertainty: bool = True
    sample: tuple[posterior.Row, ...] = ()
    diaries: tuple[str, ...] = ()

    def rows(self) -> tuple[posterior.Row, ...]:
        """Rows that replicates draw from; () where there is no parameter uncertainty."""
        if not self.parameter_uncertainty:
            return ()
        return self.sample or posterior.load(self.calibration).rows

    def check(self) -> None:
        """Refuse what cannot be run.

        Raises:
            ScenarioError: a number out of range.
            UnknownName: no such engine.
        """
        limits = {
            "replicates": (1, MOST_REPLICATES, f"in [1, {MOST_REPLICATES:,}]"),
            "months": (1, LAST_MONTH, f"in [1, {LAST_MONTH}]"),
            "seed": (0, SEEDS_BELOW - 1, "in [0, 2^63)"),
            "first": (0, MOST_REPLICATES, f"in [0, {MOST_REPLICATES:,}]"),
            "threads": (1, WHOLE_BELOW - 1, "of at least 1"),
        }
        for name, (low, high, words) in limits.items():
            value = getattr(self, name)
            if value is None and name in ("months", "threads"):
                continue
            if whole_in(value, low, high) is None:
                raise ScenarioError(f"{name} must be a whole number {words}; got {quoted(value)}.")
        if self.engine not in ENGINES:
            raise UnknownName("engine", "engine", self.engine, ENGINES)
        if self.calibration not in posterior.NAMES:
            raise UnknownName("calibration", "calibration", self.calibration, posterior.NAMES)


def horizon(scenarios: Sequence[Scenario], months: int | None) -> int:
    """The months to run: as asked, else the longest of the scenarios' own."""
    return months if months is not None else max(s.months for s in scenarios)


def simulate_all(
    scenarios: Sequence[Scenario],
    organisation: Organisation,
    settings: Settings,
    progress: Callable[[str], Progress] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Ensemble]:
    """Run every scenario on the same place with the same random numbers and horizon.

    Args:
        scenarios: one or more, with different names.
        organisation: the place.
        settings: how to run.
        progress: given a scenario's name, returns what to call with (done, total) while it runs.
        cancelled: asked now and then; True ends the run with `Interrupted`.

    Returns:
        One ensemble a scenario, in order.
    """
    settings.check()
    names = [s.name for s in scenarios]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ScenarioError(
            f"two scenarios are called {', '.join(twice)}; rename one file, so that results show which is which."
        )
    months = horizon(scenarios, settings.months)
    ensembles, simulate = [], driver(settings.engine)
    for scenario in scenarios:
        ensembles.append(
            simulate(
                scenario,
                organisation,
                replicates=settings.replicates,
                months=months,
                seed=settings.seed,
                first=settings.first,
                sample=settings.rows(),
                threads=settings.threads,
                progress=None if progress is None else progress(scenario.name),
                cancelled=cancelled,
                diaries=settings.diaries,
            )
        )
    return ensembles
