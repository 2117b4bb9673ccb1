"""What is so inside the zones, beside the whole area: a plan for a few sites hardly moves a large area's figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.results.intervals import quantile
from sim.results.measures import CHARTED, KNOWN, SHARE
from sim.results.readers import Ratio
from sim.results.words import span

Array = NDArray[Any]
LOW, HIGH = 0.1, 0.9


def inside_words(ensemble: Ensemble, found: dict[str, Array]) -> dict[str, str]:
    """A sentence for each measure that is charted: inside and outside the zones at the end.

    Args:
        ensemble: raw results of one plan.
        found: the columns of its table, as `series.columns` gives them.

    Returns:
        By measure; {} where every site is in a zone, or none is.
    """
    zones = len(ensemble.zones)
    sites = found["sites"][0, 0]
    within, outside = int(sites[:zones].sum()), int(sites[zones])
    if not within or not outside:
        return {}
    told = {}
    for name in CHARTED:
        values = KNOWN[name].values
        if isinstance(values, Ratio):
            both = (_range(values, found, slice(0, zones)), _range(values, found, slice(zones, zones + 1)))
            of = f"{within:,} of {counted(within + outside, 'site')}"
            told[name] = f"Inside the zones ({of}), {both[0]} {KNOWN[name].sentence}; outside, {both[1]}."
    return told


def _range(values: Ratio, found: dict[str, Array], zones: slice) -> str:
    """8 runs in 10 at the end, of some zones together."""
    together = {name: found[name][:, :, zones].sum(axis=2, keepdims=True) for name in (values.part, values.whole)}
    last = values.of(together, zone=0)[:, -1]
    known = last[np.isfinite(last)]
    return span(quantile(known, LOW), quantile(known, HIGH), SHARE) if len(known) else "nobody"
