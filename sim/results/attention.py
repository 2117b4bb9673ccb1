"""Whether core teams can give the attention that is asked of them, and since when they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.counts import counted
from sim.engine.sums import AREA
from sim.scenarios.words import listed

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble


OFTEN = 0.5
"""Part of the months from which on a plan counts as one that cannot be staffed."""
_SHOWN = 3


@dataclass(frozen=True)
class Shortage:
    """Months in which more attention is needed than there is, in the median of the runs.

    Attributes:
        months: those months in order.
        worst: needed against available in the worst of them.
        worst_month: that month.
    """

    months: tuple[int, ...]
    worst: float
    worst_month: int


def shortage(ensemble: Ensemble) -> Shortage | None:
    """When attention is short; None where it never is, or where there is no core team."""
    by_run = ensemble.area[:, 1:, AREA.index("attention_core")]
    there = ~np.isnan(by_run).all(axis=0)
    course = np.zeros(by_run.shape[1])
    course[there] = np.nanmedian(by_run[:, there], axis=0)
    short = np.flatnonzero(course > 1.0)
    if not len(short):
        return None
    worst = int(course.argmax())
    return Shortage(tuple((short + 1).tolist()), float(course[worst]), worst + 1)


def lines(ensembles: Iterable[Ensemble]) -> Iterator[str]:
    """What a person reads of it, two sentences a scenario; nothing where attention suffices."""
    for ensemble in ensembles:
        found = shortage(ensemble)
        if found is not None:
            often = len(found.months) > OFTEN * ensemble.months
            yield (
                f"Core teams of {ensemble.scenario.name} are asked for more attention than they have in "
                f"{counted(len(found.months), 'month')} of {ensemble.months} ({_spans(found.months)}); at worst, in "
                f"month {found.worst_month}, for {found.worst:.1f} times as much. "
                + (
                    "So the plan cannot be staffed: it needs more core teams, more outside support, or smaller zones."
                    if often
                    else "Sites then get a part of it, or wait."
                )
            )


def _spans(months: tuple[int, ...]) -> str:
    """Months in a row, the longest few in their order: 'months 1 to 4 and 60 to 66'."""
    spans: list[list[int]] = []
    for month in months:
        if spans and month == spans[-1][1] + 1:
            spans[-1][1] = month
        else:
            spans.append([month, month])
    longest = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:_SHOWN])
    words = [f"{first} to {last}" if last > first else str(first) for first, last in longest]
    more = "mostly " if len(spans) > _SHOWN else ""
    return f"{more}{'months' if len(months) > 1 else 'month'} {listed(words)}"
