"""The runs that are weighed: made in batches, of each only what is compared, forecast or asked of a gate.

Every run's past and future come from its seed, number and row alone: a run can be made again, and continued under
another plan, from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.drivers import BATCH as BATCH_ENGINE
from sim.engine.drivers import driver
from sim.engine.sums import AREA, COUNTS, FAMILY, SUMS
from sim.observed.observables import BY_NAME
from sim.observed.prior import Widened
from sim.observed.reports import Datum
from sim.results.columns import ALL, OUTSIDE
from sim.results.leavers import by_zone
from sim.results.readers import Published, Ratio
from sim.results.series import divide

if TYPE_CHECKING:
    from sim.engine.setup import Setup
    from sim.engine.sums import Ensemble

Floats = NDArray[np.float64]
BATCH = 500
AT_ONCE = 50
"""Runs whose whole results are held at a time. Of five hundred they are so large that the system would give and take
back their memory each time, which costs a fifth of the runs' own time.
"""
_MEANS = {
    "fidelity_mean": ("fidelity", "practitioners_using"),
    "capacity_local_mean": ("capacity_local", "teams_local"),
}


class ZoneColumns(Mapping[str, Floats]):
    """The columns of the series that runs are read by, each made when it is asked for: [R, T+1, zones + outside + all].

    The whole of `series.columns` would take longer than the runs themselves.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        self._ensemble = ensemble
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        """One column."""
        if name not in self._made:
            self._made[name] = self._column(name)
        return self._made[name]

    def _column(self, name: str) -> Floats:
        e = self._ensemble
        if name in _MEANS:
            return divide(*(self[part] for part in _MEANS[name]))
        found: NDArray[Any]
        if name in COUNTS:
            found = e.counts[..., COUNTS.index(name)]
        elif name in SUMS:
            found = e.sums[..., SUMS.index(name)]
        elif name in FAMILY:
            found = _added(e.family[..., FAMILY.index(name)])
        else:
            area = e.area[:, :, AREA.index(name)]
            return np.asarray(np.repeat(area[:, :, None], len(e.zones) + 2, axis=2))
        made = np.empty((*found.shape[:2], found.shape[2] + 1))
        made[..., :-1], made[..., -1] = found, _added(found)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter((*COUNTS, *SUMS, *FAMILY, *AREA, *_MEANS))

    def __len__(self) -> int:
        return len(COUNTS) + len(SUMS) + len(FAMILY) + len(AREA) + len(_MEANS)


def _added(values: NDArray[Any]) -> NDArray[Any]:
    """The sum over a short last axis, slice by slice: four times as quick as numpy's own over a handful of numbers."""
    total = values[..., 0].copy()
    for k in range(1, values.shape[-1]):
        total += values[..., k]
    return total


@dataclass(frozen=True)
class Followed:
    """What is kept of every run.

    Attributes:
        series: pairs of observable and zone (ALL the area).
        gates: for each zone with one before it: its number, the number of the one before, shares and capacity asked.
    """

    series: tuple[tuple[str, str], ...]
    gates: tuple[tuple[int, int, float, float], ...] = ()


@dataclass(frozen=True)
class Bank:
    """R runs: what is kept of them.

    Attributes:
        followed: what is kept.
        values: float32 [R, F, T+1], in the order of `followed.series`.
        met: int32 [R, G], first month in which a gate was met, -1 never.
        opened: int32 [R, Z], first month in which a zone's sites were no longer all not engaged, -1 never.
        seed: of the runs.
        sample: their rows.
    """

    followed: Followed
    values: NDArray[np.float32]
    met: NDArray[np.int32]
    opened: NDArray[np.int32]
    seed: int
    sample: Widened

    @property
    def runs(self) -> int:
        """R."""
        return len(self.values)

    @property
    def months(self) -> int:
        """T."""
        return int(self.values.shape[2]) - 1

    def series(self, observable: str, zone: str) -> Floats:
        """One series of every run [R, T+1]."""
        return self.values[:, self.followed.series.index((observable, zone))].astype(np.float64)

    def at(self, observable: str, zone: str, month: int) -> Floats:
        """One value of every run [R]."""
        return self.values[:, self.followed.series.index((observable, zone)), month].astype(np.float64)

    def truths(self, errors: Mapping[str, Floats]) -> Callable[[Datum], tuple[Floats, Floats]]:
        """A datum to each run's own value, and the error it is judged with.

        Args:
            errors: by uncertainty, its value in every run [R].
        """

        def of(datum: Datum) -> tuple[Floats, Floats]:
            one = BY_NAME[datum.measure]
            error = errors[one.error] if one.error else np.full(self.runs, one.known_to)
            return self.at(datum.measure, datum.zone, datum.month), error

        return of

    def row(self, run: int) -> dict[str, float]:
        """The row of the sample that a run used."""
        return self.sample.of_run(self.seed, run)


def joined(parts: Sequence[Bank]) -> Bank:
    """Batches that follow one another as one."""
    first = parts[0]
    values, met, opened = (np.concatenate([getattr(p, n) for p in parts]) for n in ("values", "met", "opened"))
    return Bank(first.followed, values, met, opened, first.seed, first.sample)


@dataclass(frozen=True)
class How:
    """How runs are made; what comes of them does not depend on it.

    Attributes:
        threads: worker threads, None for all cores.
        engine: one of `drivers.COMPILED`.
        progress: called with (done, total) of a batch.
        cancelled: asked often; True ends with `Interrupted`.
    """

    threads: int | None = None
    engine: str = "batch"
    progress: Callable[[int, int], None] | None = None
    cancelled: Callable[[], bool] | None = None


def run_batch(
    setup: Setup,
    followed: Followed,
    sample: Widened,
    span: tuple[int, int, int],
    how: How,
) -> Bank:
    """Make runs.

    Args:
        setup: scenario and organisation, prepared for the months that are wanted.
        followed: what to keep.
        sample: rows that runs draw from.
        span: seed, number of the first run, how many.
        how: threads, progress and whom to ask whether to stop.
    """
    seed, first, count = span
    step = AT_ONCE if how.engine == BATCH_ENGINE else count
    parts = []
    for done in range(0, count, step):
        ensemble = driver(how.engine)(
            setup.scenario, setup.organisation, replicates=min(step, count - done), months=setup.months, seed=seed,
            first=first + done, sample=sample, threads=how.threads, progress=_further(how.progress, done, count),
            cancelled=how.cancelled, setup=setup,
        )  # fmt: skip
        parts.append(kept_of(ensemble, followed, sample))
    return joined(parts)


def _further(progress: Callable[[int, int], None] | None, before: int, total: int) -> Callable[[int, int], None] | None:
    """Progress of a part, told as that of the whole."""
    return None if progress is None else lambda done, _part: progress(before + done, total)


def kept_of(ensemble: Ensemble, followed: Followed, sample: Widened) -> Bank:
    """What is kept of an ensemble's runs."""
    columns = ZoneColumns(ensemble)
    zones = [*ensemble.zones, OUTSIDE, ALL]
    shape = (ensemble.replicates, len(followed.series), ensemble.months + 1)
    values = np.empty(shape, np.float32)
    for k, (name, zone) in enumerate(followed.series):
        at = zones.index(zone)
        values[:, k] = by_zone(ensemble)[:, :, at] if name == "left" else _reader(name).of(columns, at)
    met = np.full((shape[0], len(followed.gates)), -1, np.int32)
    for g, (_, before, certified, capacity) in enumerate(followed.gates):
        share = divide(columns["sites_certified"], columns["sites_started"])[:, :, before]
        able = columns["capacity_local_mean"][:, :, before]
        with np.errstate(invalid="ignore"):
            met[:, g] = first_month((share >= certified) & (able >= capacity))
    return Bank(followed, values, met, opened_in(ensemble), ensemble.seed, sample)


def opened_in(ensemble: Ensemble) -> NDArray[np.int32]:
    """First month in which a zone's sites were no longer all not engaged, by run and zone [R, Z], -1 never."""
    columns, zones = ZoneColumns(ensemble), len(ensemble.zones)
    there = (columns["sites"] - columns["sites_not_engaged"])[:, :, :zones] > 0
    return first_month(there)


def first_month(true: NDArray[np.bool_]) -> NDArray[np.int32]:
    """First month of each run [R, T+1, ...] in which something is true, -1 never."""
    return np.where(true.any(axis=1), true.argmax(axis=1), -1).astype(np.int32)


def _reader(observable: str) -> Ratio | Published:
    values = BY_NAME[observable].entry.values
    return values if isinstance(values, Ratio | Published) else Published(_COSTS[observable])


_COSTS = {"cost_cash": "cost_cash", "cost_time": "cost_released_time"}


def errors_of(bank: Bank, setup: Setup, names: Sequence[str]) -> dict[str, Floats]:
    """Uncertainties that are the error of an observation, in every run [R]."""
    scenario = setup.scenario
    if not any(n in row for row in (bank.row(0),) for n in names):
        values = scenario.parameter_values()
        return {n: np.full(bank.runs, _value(values, n)) for n in names}
    each = [scenario.parameter_values(bank.row(r)) for r in range(bank.runs)]
    return {n: np.array([_value(values, n) for values in each]) for n in names}


def _value(parameters: object, name: str) -> float:
    return float(next(getattr(group, name) for group in parameters if hasattr(group, name)))  # type: ignore[attr-defined]
