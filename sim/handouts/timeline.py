"""A plan as bars over the years: which zone is open from when, with how many sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.counts import counted
from sim.engine.sums import COUNTS, Ensemble
from sim.results.unnamed import scenario as without_names
from sim.results.words import moment_words
from sim.scenarios.scenario import Zone

MOST = 6
"""Bars of one plan that are drawn; zones beyond them share the last one."""

SITES, NOT_ENGAGED = COUNTS.index("sites"), COUNTS.index("sites_not_engaged")


@dataclass(frozen=True)
class Bar:
    """One zone.

    Attributes:
        name: of the zone.
        words: how many sites, and when it opens.
        begins: share of the run's months at which it opens, in the median run; None: it does not open.
    """

    name: str
    words: str
    begins: float | None


def bars(ensemble: Ensemble) -> list[Bar]:
    """The zones of a plan in order, as its runs opened them; [] where it has none."""
    zones = without_names(ensemble.scenario, ensemble.organisation).zones
    found = [_bar(ensemble, k, zone) for k, zone in enumerate(zones)]
    if len(found) <= MOST:
        return found
    rest = found[MOST - 1 :]
    opened = [one.begins for one in rest if one.begins is not None]
    sites = sum(int((ensemble.site_zone == k).sum()) for k in range(MOST - 1, len(zones)))
    name = f"{len(rest)} more zones"
    return [*found[: MOST - 1], Bar(name, f"{counted(sites, 'site')}, one after the other", min(opened, default=None))]


def _bar(ensemble: Ensemble, k: int, zone: Zone) -> Bar:
    sites = counted(int((ensemble.site_zone == k).sum()), "site")
    month = zone.opens if zone.gate is None else _opened(ensemble, k)
    if month is None or month > ensemble.months:
        return Bar(zone.name, f"{sites}, not open by then", None)
    when = "from the start" if month <= 1 else f"after {moment_words(month)}"
    how = "" if zone.gate is None else " (gate)"
    return Bar(zone.name, f"{sites}, {when}{how}", month / ensemble.months)


def _opened(ensemble: Ensemble, k: int) -> int | None:
    """The month in which work with a zone begins in the median run, None where that is never."""
    counts = ensemble.counts[:, :, k]
    begun = counts[..., NOT_ENGAGED] < counts[..., SITES]
    first = np.where(begun.any(axis=1), begun.argmax(axis=1), ensemble.months + 1)
    month = int(np.quantile(first, 0.5, method="lower"))
    return month if month <= ensemble.months else None
