"""What is asked of an update: plan, place, data and settings brought together, and how runs are made for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim import posterior
from sim.engine.setup import prepare
from sim.errors import ScenarioError
from sim.observed.bank import BATCH, Bank, Followed, How, errors_of, run_batch
from sim.observed.forecast import FORECAST
from sim.observed.gates import gates_of
from sim.observed.prior import Widened
from sim.observed.reports import Datum, Place, Report, data_of, place_of
from sim.observed.weighed import Weighed, weighed
from sim.problems import LAST_MONTH
from sim.results.columns import ALL
from sim.results.simulate import Settings
from sim.sweeps.runs import organisation_digest

if TYPE_CHECKING:
    from sim.engine.setup import Setup
    from sim.organisation.organisation import Organisation
    from sim.scenarios.scenario import Scenario

MOST_RUNS = 16_000
"""Runs that are made at most, unless told."""
FEWEST_RUNS = 1_000
ENOUGH = 200.0
"""Effective number of runs with which no more are made."""
AHEAD = 24
"""Months after the last data that are run at least."""


@dataclass(frozen=True)
class UpdateSettings:
    """How to update.

    Attributes:
        runs: most runs to make; fewer are made where they are enough.
        months: horizon; None: the scenario's own, and at least two years after the last data.
        seed: of the random numbers.
        calibration: posterior sample that runs begin from.
        parameter_uncertainty: False: begin from defaults; what differs from place to place varies all the same.
        threads: threads, None for all cores; results do not depend on it.
        engine: 'batch', or 'gpu' for an NVIDIA GPU; nor on this.
    """

    runs: int = MOST_RUNS
    months: int | None = None
    seed: int = 1
    calibration: str = posterior.DEFAULT
    parameter_uncertainty: bool = True
    threads: int | None = None
    engine: str = "batch"

    def run_settings(self) -> Settings:
        """The same as settings of a run, checked."""
        found = Settings(
            replicates=self.runs, months=self.months, seed=self.seed, threads=self.threads, engine=self.engine,
            calibration=self.calibration, parameter_uncertainty=self.parameter_uncertainty,
        )  # fmt: skip
        found.check()
        if self.runs < FEWEST_RUNS // 10:
            raise ScenarioError(f"runs must be at least {FEWEST_RUNS // 10}; got {self.runs}.")
        return found


@dataclass(frozen=True)
class Question:
    """What is to be updated, brought together.

    Attributes:
        setup: scenario and organisation, prepared for the horizon.
        place: zones and sites.
        reports: what was read.
        data: the same by zone.
        settings: how.
        rows: the sample that runs begin from.
    """

    setup: Setup
    place: Place
    reports: tuple[Report, ...]
    data: tuple[Datum, ...]
    settings: UpdateSettings
    rows: tuple[posterior.Row, ...]

    @cached_property
    def place_digest(self) -> str:
        """What tells this place from another."""
        return organisation_digest(self.setup.organisation)

    @cached_property
    def followed(self) -> Followed:
        """What is kept of every run."""
        seen = [(d.measure, d.zone) for d in self.data]
        area = [(name, ALL) for name in FORECAST]
        more = [(d.measure, ALL) for d in self.data]
        return Followed(tuple(dict.fromkeys([*seen, *area, *more])), gates_of(self.setup.scenario))

    @cached_property
    def sample(self) -> Widened:
        """Rows that runs draw from."""
        return Widened(self.rows, self.settings.seed, tuple(self.setup.scenario.parameters))


def ask(
    scenario: Scenario,
    organisation: Organisation,
    reports: Sequence[Report],
    settings: UpdateSettings,
    start: str = "",
) -> Question:
    """Bring together what an update needs.

    Raises:
        ScenarioError: settings out of range, or a month beyond the horizon.
        OrganisationError: no site within scope.
    """
    run = settings.run_settings()
    last = max(r.month for r in reports)
    months = settings.months or min(LAST_MONTH, max(scenario.months, last + AHEAD))
    if months <= last:
        raise ScenarioError(
            f"--months {months}: what was seen reaches month {last}; give more months, or leave --months out."
        )
    setup = prepare(scenario, organisation, months)
    place = place_of(setup, organisation, start)
    rows = run.rows()
    return Question(setup, place, tuple(reports), data_of(reports, place), settings, rows)


def soon(question: Question) -> Question:
    """The same question for a first answer: few runs, and no further than two years after what was seen."""
    last = max(d.month for d in question.data)
    months = min(question.setup.months, last + AHEAD)
    setup = prepare(question.setup.scenario, question.setup.organisation, months)
    runs = min(FEWEST_RUNS, question.settings.runs)
    return replace(question, setup=setup, settings=replace(question.settings, runs=runs, months=months))


def make(question: Question, first: int, count: int, how: How) -> Bank:
    """So many runs from number `first` on."""
    span = (question.settings.seed, first, count)
    return run_batch(question.setup, question.followed, question.sample, span, how)


def weigh_bank(question: Question, bank: Bank) -> Weighed:
    """The runs weighed by what was seen."""
    names = sorted({d.observable.error for d in question.data if d.observable.error})
    return weighed(bank, errors_of(bank, question.setup, names), question.data)


def next_size(question: Question, found: Weighed | None) -> int:
    """How many runs there are to be next: twice as many while they count as too few; 0: enough."""
    most = question.settings.runs
    if found is None:
        return min(FEWEST_RUNS, most)
    there = found.bank.runs
    if there >= most or found.weights.untempered >= ENOUGH:
        return 0
    return min(2 * there, most)


def batches(there: int, wanted: int) -> list[int]:
    """Sizes of the batches from so many runs to so many."""
    whole, rest = divmod(wanted - there, BATCH)
    return [BATCH] * whole + ([rest] if rest else [])
