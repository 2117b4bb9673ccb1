"""A plan that has begun: what is fixed of it, and the runs that give what was seen; a search goes on from today.

Of the runs of an update a pool is drawn by weight. Every plan that is tried keeps the zones that have opened and
changes levers from the next month on alone, so that each run of the pool has the same past under every plan, to the
bit: the past that gives what was seen. What comes after it has random numbers of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultError, ScenarioError
from sim.parameters import LEVERS
from sim.planning.question import Limits, Question
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.scenario import Scenario, Zone

if TYPE_CHECKING:
    from sim.levers import Levers
    from sim.observed.question import Question as Seen
    from sim.organisation.organisation import Organisation
    from sim.posterior import Row

POOL = 512
"""Runs that are drawn from an update by weight."""
FROM_NOW = "from today on"
AS_IT_STANDS, NO_MORE = "the plan as it stands", "no further zone"
_CHECKED = 64
"""Runs at a time in which it is looked up which zones have opened."""


@dataclass(frozen=True)
class Begun:
    """What is fixed of a plan that has begun; empty for one that has not.

    Attributes:
        month: the last month that was seen, -1 where nothing has begun.
        zones: the zones that have opened in some run by then, their sites by pseudonym.
        seed: of the update's runs.
        numbers: which run each row of the sample belongs to.
    """

    month: int = -1
    zones: tuple[Zone, ...] = ()
    seed: int = 0
    numbers: tuple[int, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return self.month >= 0

    @property
    def sites(self) -> frozenset[str]:
        """Sites of the zones that have opened."""
        return frozenset(site for zone in self.zones for site in zone.sites)

    @property
    def today(self) -> int:
        """The month that a plan has come to, 0 for one that has not begun."""
        return max(0, self.month)

    @property
    def past(self) -> tuple[int, int] | None:
        """Last month and seed of the runs whose past every run has."""
        return (self.month, self.seed) if self else None

    def still_open(self, levers: Sequence[str]) -> tuple[str, ...]:
        """Those of some levers that can still be chosen: the others shape how the plan was set up."""
        return tuple(n for n in levers if not (self and LEVERS[n].about.structural))

    def limits(self, asked: Limits, year_ends: Sequence[int]) -> Limits:
        """The limits of years that are not over; what is spent is spent."""
        if not self:
            return asked

        def left(figures: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(math.inf if end <= self.month else x for x, end in zip(figures, year_ends, strict=False))

        return Limits(left(asked.cash), left(asked.released), asked.chance)

    def carried_on(self, base: Scenario, zones: Sequence[Zone], levers: dict[str, float]) -> Scenario:
        """The scenario of a plan: what is fixed, then its own zones; its levers change from the next month on."""
        taken = {z.name for z in self.zones}
        new = tuple(replace(z, name=f"{z.name} (new)") if z.name in taken else z for z in zones)
        if not self:
            return replace(base, zones=new, levers={**base.levers, **levers})
        today = base.lever_values()
        changed = {n: v for n, v in levers.items() if getattr(today, n) != v}
        events = base.events
        if changed and self.month < base.months:
            events = (*events, Event(FROM_NOW, self.month + 1, (LeversChange(changed),)))
        return replace(base, zones=(*self.zones, *new), events=events)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe, without its zones, which stand in the base."""
        return {"month": self.month, "zones": len(self.zones), "seed": self.seed, "numbers": list(self.numbers)}


NOT_BEGUN = Begun()


def chosen_levers(scenario: Scenario) -> Levers:
    """The levers of a plan that was found, of one that has begun as they are from today on."""
    changed = next((e.levers for e in scenario.events if e.name == FROM_NOW), {})
    return scenario.lever_values()._replace(**changed)


@dataclass(frozen=True)
class Start:
    """All that a search takes from an update.

    Attributes:
        begun: what is fixed.
        scenario: the plan as it stands, sites of its opened zones by pseudonym.
        organisation: the place as it was given.
        rows: parameter rows of the pool, one for each of `begun.numbers`.
    """

    begun: Begun
    scenario: Scenario
    organisation: Organisation
    rows: list[Row]


def start_from(path: Path) -> Start:
    """Read an update's folder, or the file that it was kept in.

    Raises:
        ResultError: it is not one, not finished, or of another version of the model.
    """
    from sim.observed.folder import is_update, question_of, read_manifest
    from sim.observed.one_file import as_folder
    from sim.observed.tables import RUNS

    with as_folder(path) as folder:
        if not is_update(folder):
            raise ResultError(
                f"--from {path}: is neither the folder of an update nor one that was kept as a file; `zones update ... "
                f"--out DIR` makes a folder."
            )
        told = f"--from {path}"
        try:
            runs = (folder / RUNS).read_bytes()
        except OSError:
            runs = b""
        weights = _weights(read_manifest(folder), runs, told)
        seen, organisation = question_of(folder)
    return _start(seen, organisation, weights)


def start_of(content: bytes, name: str, place: Organisation) -> Start:
    """Read an update that was kept as a file and is of a place that is at hand; the place in the file is not read.

    Args:
        content: of the file.
        name: its name, for messages.
        place: what it must be an update of.

    Raises:
        ResultError: it is none, not finished, of another place or another version of the model, or was changed.
    """
    from sim.observed.contents import MANIFEST, manifest_of, question_digest, question_in
    from sim.observed.one_file import reader_of, unpacked
    from sim.observed.tables import RUNS

    files = unpacked(content, name)
    manifest = manifest_of(files[MANIFEST], name)
    weights = _weights(manifest, files[RUNS], name)
    seen = question_in(reader_of(files), name, place)
    if question_digest(seen, place) != manifest["question"]:
        raise ResultError(
            f"{name}: is an update of another place than the one on these pages, or was changed. Bring the list of "
            f"sites that it was made with on the page Start, or use zones plan --from."
        )
    return _start(seen, place, weights)


def _weights(manifest: dict[str, Any], runs: bytes, told: str) -> NDArray[np.float64]:
    """The weight of every run, from the table of runs of an update that can be gone on from."""
    from sim.observed.tables import RUNS
    from sim.sweeps.runs import model_digest

    if not manifest["tables"]:
        raise ResultError(f"{told}: the update is not finished; give its command again with the same --out.")
    if manifest["model"] != model_digest():
        raise ResultError(f"{told}: was made with another version of the model; make the update again with this one.")
    if hashlib.sha256(runs).hexdigest() != manifest["tables"].get(RUNS):
        raise ResultError(f"{told}: its table of runs ({RUNS}) is missing or was changed; make the update again.")
    return weights_of(runs.decode("utf-8", "replace"), told)


def _start(seen: Seen, organisation: Organisation, weights: NDArray[np.float64]) -> Start:
    """All that a search takes from an update with weighed runs."""
    numbers = drawn(weights, seen.settings.seed)
    month, seed = max(d.month for d in seen.data), seen.settings.seed
    zones = _named(seen, _opened_by(seen, month, numbers))
    scenario = seen.setup.scenario
    begun = Begun(month, zones, seed, numbers)
    stands = replace(scenario, zones=(*zones, *scenario.zones[len(zones) :]))
    return Start(begun, stands, organisation, [seen.sample.of_run(seed, n) for n in numbers])


def weights_of(text: str, told: str) -> NDArray[np.float64]:
    """The weight of every run of an update.

    Args:
        text: its table of runs.
        told: the update, for messages.

    Raises:
        ResultError: the table was changed.
    """
    try:
        weights = np.array([float(row["weight"]) for row in csv.DictReader(io.StringIO(text, newline=""))])
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        raise ResultError(f"{told}: its table of runs cannot be read ({error}); make the update again.") from None
    if not len(weights) or not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise ResultError(f"{told}: its table of runs does not hold weights; make the update again.")
    return weights


def drawn(weights: NDArray[np.float64], seed: int) -> tuple[int, ...]:
    """Numbers of POOL runs, each drawn as often as its weight says, at most one more or less (systematic)."""
    offset = np.random.default_rng([seed, 3]).random()
    at = (np.arange(POOL) + offset) / POOL * weights.sum()
    return tuple(int(i) for i in np.searchsorted(np.cumsum(weights), at, side="right").clip(0, len(weights) - 1))


def _opened_by(seen: Seen, month: int, numbers: tuple[int, ...]) -> int:
    """How many zones, from the first, have opened by a month in some of an update's runs, or are dated so."""
    from sim.engine.batch import simulate
    from sim.engine.pasts import Pasts
    from sim.engine.setup import prepare
    from sim.observed.bank import opened_in

    setup, seed = prepare(seen.setup.scenario, seen.setup.organisation, max(1, month)), seen.settings.seed
    runs, gone = tuple(dict.fromkeys(numbers)), 0
    for first in range(0, len(runs), _CHECKED):
        some = runs[first : first + _CHECKED]
        found = simulate(
            setup.scenario, setup.organisation, replicates=len(some), months=setup.months, setup=setup,
            sample=tuple(seen.sample.of_run(seed, n) for n in some), rows=range(len(some)),
            pasts=Pasts(month, seed, some),
        )  # fmt: skip
        there = (opened_in(found) >= 0).any(axis=0)
        gone = max([gone, *(int(z) + 1 for z in np.flatnonzero(there))])
    dated = [i + 1 for i, z in enumerate(setup.scenario.zones) if z.opens is not None and z.opens <= month]
    return max([gone, *dated])


def _named(seen: Seen, count: int) -> tuple[Zone, ...]:
    """The first zones with their sites by pseudonym, however the plan chooses them."""
    names = seen.setup.organisation.sites.pseudonyms
    laid = seen.setup.course.site_zone
    return tuple(
        replace(
            zone, sites=tuple(str(s) for s in names[np.flatnonzero(laid == i)]), count=0, choose=0, share=0.0, types=()
        )
        for i, zone in enumerate(seen.setup.scenario.zones[:count])
    )


def asked_from(question: Question, start: Start) -> Question:
    """The question as it is asked of a plan that has begun.

    Raises:
        ScenarioError: it names what the update has settled, or a horizon that is over.
    """
    month = start.begun.month
    for key in ("own", "area"):
        if getattr(question, key):
            raise ScenarioError(
                f"{question.name}.toml: {key}: with --from, the plan and the area are those of the update; take it out."
            )
    if question.months <= month:
        raise ScenarioError(f"{question.name}.toml: months: the observations reach month {month}; give more months.")
    names = dict(zip(*(getattr(start.organisation.sites, n).tolist() for n in ("ids", "pseudonyms")), strict=True))
    there = {*start.begun.sites, *(i for i, p in names.items() if p in start.begun.sites)}
    levers = start.begun.still_open(tuple(question.choices.levers))
    wishes = question.sites
    if gone := sorted(set(wishes.never) & there):
        raise ScenarioError(
            f"{question.name}.toml: sites.never: {', '.join(gone)} is in a zone that has opened; take it out."
        )
    return replace(
        question,
        base=start.scenario.name,
        against=NO_MORE,
        own=AS_IT_STANDS,
        second=max(question.second, min(month + 12, question.months)),
        choices=replace(question.choices, levers={n: question.choices.levers[n] for n in levers}),
        sites=replace(
            wishes,
            must=tuple(s for s in wishes.must if s not in there),
            first=tuple(s for s in wishes.first if s not in there),
        ),
    )
