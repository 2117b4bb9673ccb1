"""Ensembles of the same run taken apart and put together by their replicates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.engine.sums import Ensemble

PER_REPLICATE = (
    *("rows", "counts", "sums", "area", "family", "site_month", "certified_at_36"),
    *("kept", "not_sustained", "marked", "cost", "site_course"),
)

FEW, FEWEST, USUAL_SITES = 24, 8, 40

Pair = tuple[Ensemble, Ensemble]


def few_runs(sites: int) -> int:
    """How many runs show what a change brings: fewer where a place is large, so that a visitor need not wait."""
    return max(FEWEST, min(FEW, FEW * USUAL_SITES // max(1, sites)))


def head(ensemble: Ensemble, count: int) -> Ensemble:
    """Its first replicates."""
    if ensemble.replicates <= count:
        return ensemble
    return replace(ensemble, **{name: getattr(ensemble, name)[:count] for name in PER_REPLICATE})


def joined(parts: list[Ensemble]) -> Ensemble:
    """Ensembles of the same run, one after the other."""
    if len(parts) == 1:
        return parts[0]
    whole: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in PER_REPLICATE}
    return replace(parts[0], **whole)
