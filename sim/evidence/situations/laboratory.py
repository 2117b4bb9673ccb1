"""Where published situations are simulated: the fictional area, the plans they need, one seed, nothing run twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.drivers import BATCH, driver
from sim.parameters import REGISTRY
from sim.scenarios.files import load
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import REST, Scenario, Zone

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.organisation.organisation import Organisation

Values = NDArray[np.float64]
Row = dict[str, float]
COMMITMENT = "commitment_mean"
FIRST_ZONE = 0


@cache
def area() -> Organisation:
    """The default fictional area: 40 sites, about 900 practitioners."""
    from sim.organisation.generate.synthetic import generate

    return generate({})


@cache
def area_of_staff() -> Organisation:
    """The same area without its families: nothing that staff, sites or leaders do depends on them."""
    families = area().families
    none = replace(families, practitioner=families.practitioner[:0], fifth=families.fifth[:0], slot=families.slot[:0])
    return replace(area(), families=none)


@dataclass
class Laboratory:
    """Runs situations with one parameter sample and one seed, and remembers what it ran.

    Attributes:
        sample: rows of a posterior (or one row to judge); () for the defaults.
        replicates: runs of a situation.
        seed: of the random numbers.
        threads: threads, None for all cores.
        engine: one of `drivers.COMPILED`.
        cancelled: asked often; True stops the run with `Interrupted`, and what was run before is kept.
    """

    sample: Sequence[Row] = ()
    replicates: int = 200
    seed: int = 1
    threads: int | None = None
    engine: str = BATCH
    cancelled: Callable[[], bool] | None = None
    _known: dict[Any, Ensemble] = field(default_factory=dict, repr=False)

    def run(
        self, scenario: Scenario, months: int, *, families: bool = False, sample: Sequence[Row] | None = None
    ) -> Ensemble:
        """A situation's ensemble; the same scenario object's name and horizon are run once.

        Args:
            scenario: the situation; its name identifies it in this laboratory.
            months: horizon.
            families: simulate families too.
            sample: rows to use instead of the laboratory's (kept apart under the scenario's name and their number).
        """
        rows = self.sample if sample is None else sample
        key = (scenario.name, months, families, sample is not None)
        if key not in self._known:
            self._known[key] = driver(self.engine)(
                scenario,
                area() if families else area_of_staff(),
                replicates=self.replicates,
                months=months,
                seed=self.seed,
                sample=rows,
                threads=self.threads,
                cancelled=self.cancelled,
            )
        return self._known[key]

    def shipped(
        self, name: str, months: int, *, families: bool = False, sample: Sequence[Row] | None = None
    ) -> Ensemble:
        """The same for a scenario that ships with the tool."""
        return self.run(load(name), months, families=families, sample=sample)

    def committed_rows(self) -> list[Row]:
        """The sample with leaders' baseline commitment spread evenly over its prior, in another order."""
        about = REGISTRY[COMMITMENT].about
        count = max(240, len(self.sample))
        golden = (np.arange(count) * 0.6180339887498949 + 0.5) % 1.0
        base = self.sample or ({},)
        return [
            {**base[i % len(base)], COMMITMENT: float(about.low + (about.high - about.low) * golden[i])}
            for i in range(count)
        ]


def open_zone() -> Scenario:
    """All sites may join one zone from the first month, as far as their managers' commitment allows."""
    return replace(load("with-teams"), name="open-zone", zones=(Zone("open zone", choose=REST, opens=1),))


def site_by_site(name: str, only: int | None = None) -> Scenario:
    """A shipped scenario with every site of its plan a zone of its own, so that sites are counted apart.

    Args:
        name: the scenario.
        only: keep this zone of the plan alone; None: all.
    """
    scenario = load(name)
    where = resolve(scenario, area()).site_zone
    zones = tuple(
        Zone(f"site {site}", sites=(str(area().sites.ids[site]),), opens=scenario.zones[zone].opens)
        for site, zone in enumerate(where)
        if zone >= 0 and only in (None, zone)
    )
    return replace(scenario, name=f"{name}, site by site", zones=zones)


def coalition() -> Scenario:
    """A coalition: core team, training, alignment, communication; no coaching, data system, site cycles or briefing."""
    teams, without = load("with-teams"), load("without-teams")
    off = ("coaching", "data_lag_months", "improvement_cycles", "usability_testing", "fidelity_feedback",
           "engagement_group", "engagement_senior", "engagement_manager", "peer_network", "mentoring")  # fmt: skip
    levers = {**teams.levers, **{k: without.levers[k] for k in off}, "teams": 3.0}
    return replace(teams, name="coalition", levers=levers)
