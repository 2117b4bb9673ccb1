"""Situations that an experienced adviser would ask about, on the default area, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from sim import posterior
from sim.engine.batch import simulate
from sim.engine.sums import COUNTS, SUMS, Ensemble
from sim.evidence.situations.laboratory import area_of_staff
from sim.scenarios.events import Event
from sim.scenarios.files import load
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import Scenario, Zone

RUNS = 48
MANY_ZONES = 10
SUPPORT = {
    "coaching": 0.0,
    "external_level": 0.0,
    "engagement_group": 0.0,
    "engagement_senior": 0.0,
    "engagement_manager": 0.0,
    "released_time": 0.0,
    "improvement_cycles": 0.0,
    "mentoring": 0.0,
    "peer_network": 0.0,
    "fidelity_feedback": 0.0,
    "communication": 0.2,
}
"""Levers as they stand when everything stops."""

_known: dict[object, Ensemble] = {}


@cache
def shipped() -> tuple[dict[str, float], ...]:
    """The parameters that ship."""
    return tuple(posterior.load(posterior.NAMES[0]).rows)


def run(scenario: Scenario, months: int, without: Mapping[str, float] | None = None) -> Ensemble:
    """Runs of a scenario with the parameters that ship, or with some of them set (`without` a mechanism)."""
    fixed = dict(without or {})
    key = (repr(scenario), months, tuple(sorted(fixed.items())))
    if key in _known:
        return _known[key]
    rows = [{**row, **fixed} for row in shipped()]
    found = simulate(scenario, area_of_staff(), replicates=RUNS, months=months, seed=7, sample=rows)
    if len(scenario.zones) < MANY_ZONES:  # with every site a zone, runs take hundreds of megabytes
        _known[key] = found
    return found


def with_levers(name: str, **levers: float) -> Scenario:
    """A shipped scenario with some levers set."""
    scenario = load(name)
    return replace(scenario, levers={**scenario.levers, **levers})


def with_events(scenario: Scenario, *events: Event) -> Scenario:
    """A scenario to which something happens."""
    return replace(scenario, events=(*scenario.events, *events))


def apart(scenario: Scenario) -> Scenario:
    """The same plan with every site a zone of its own, so that sites are counted apart."""
    where = resolve(scenario, area_of_staff()).site_zone
    zones = tuple(
        Zone(f"site {site}", sites=(str(area_of_staff().sites.ids[site]),), opens=scenario.zones[zone].opens)
        for site, zone in enumerate(where)
        if 0 <= zone < len(scenario.zones)
    )
    return replace(scenario, zones=zones)


def count(e: Ensemble, name: str, month: int) -> np.ndarray:
    """A count of the whole area, one value for each run."""
    return e.counts[:, month, :, COUNTS.index(name)].sum(axis=1).astype(float)


def share(e: Ensemble, name: str, month: int) -> float:
    """Mean share of practitioners."""
    return float((count(e, name, month) / count(e, "practitioners", month)).mean())


def using(e: Ensemble, month: int) -> float:
    return share(e, "practitioners_using", month)


def at_fidelity(e: Ensemble, month: int) -> float:
    return share(e, "practitioners_at_fidelity", month)


def delivered(e: Ensemble, month: int) -> float:
    """Mean delivered share of the practice over all staff."""
    total = e.sums[:, month, :, SUMS.index("fidelity")].sum(axis=1)
    return float((total / count(e, "practitioners", month)).mean())


def users_fidelity(e: Ensemble, month: int) -> float:
    total = e.sums[:, month, :, SUMS.index("fidelity")].sum(axis=1)
    return float(total.sum() / count(e, "practitioners_using", month).sum())


def by_site(e: Ensemble, name: str) -> np.ndarray:
    """A count of every site [R, T + 1, sites of the plan], where every site is a zone of its own."""
    return e.counts[:, :, :-1, COUNTS.index(name)].astype(float)


def fidelity_by_site(e: Ensemble) -> np.ndarray:
    """Users' mean fidelity of every site [R, T + 1, sites of the plan], NaN without users."""
    users = by_site(e, "practitioners_using")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(users > 0, e.sums[:, :, :-1, SUMS.index("fidelity")] / users, np.nan)


def starts_by_site(e: Ensemble) -> np.ndarray:
    """Month in which every site of the plan started [R, sites], -1 never, where every site is a zone of its own."""
    first = [int(np.flatnonzero(e.site_zone == zone)[0]) for zone in range(len(e.zones))]
    return e.site_month[:, first, 0]
