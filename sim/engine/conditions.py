"""How much of each thing that the practice needs a month had, as a share of what would be enough.

Every share is 0 (none) to 1 (nothing is lacking), and NaN where the plan has nothing of the kind.
"""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.world import World
from sim.rules.site import INSTALLATION

Array = NDArray[Any]

SHARES = ("support", "released", "attention", "taking_part", "capacity", "trained", "coaching", "barriers", "design",
          "time_left", "in_post", "paid", "places")  # fmt: skip
"""Of external support to the core teams; of the time that teams need; of the support that sites need of core teams; of
sites; of a local team's capacity; of the staff of sites that take part; of full coaching there; of local barriers, how
much is out of the way; how workable the design is; of attention that other initiatives leave; of the staff, who did not
join this month; of what budgets are asked for; of offers of service, for how many there is a place."""


def shares(world: World, month: int) -> dict[str, float]:
    """The shares at the end of a month."""
    w = world.actors
    sites, teams, areas = w.sites, w.teams, w.areas
    core, local = teams[: w.core_count], teams[w.core_count :]
    core, local = core[core["formed"] == 1], local[local["formed"] == 1]
    taking_part = (sites["stage"] >= INSTALLATION) & (sites["given_up"] < 0)
    staff = (sites["last_person"] - sites["first_person"]).astype(np.float64)
    there = sites[taking_part]
    return {
        "support": _mean(core["external"]),
        "released": _mean(np.concatenate([core["released"], local["released"]])),
        "attention": _mean(core["attention"], core["needed"]),
        "taking_part": float(taking_part.mean()) if len(world.plan.zones) else nan,
        "capacity": _mean(local["capacity"], local["served"]),
        "trained": _share(there["trained"], staff[taking_part]),
        "coaching": _mean(there["dose"], staff[taking_part]),
        "barriers": 1.0 - _mean(there["barrier"], staff[taking_part]),
        "design": _mean(areas["usability"]),
        "time_left": 1.0 - _mean(w.met["overloaded"], staff),
        "in_post": float((world.people.joined != month).mean()) if month else nan,
        "paid": float(min(areas["paid_cash"].min(), areas["paid_time"].min())) if w.limited and month else nan,
        "places": _mean(areas["place_share"]),
    }


def _mean(values: Array, weights: Array | None = None) -> float:
    weights = np.ones(len(values)) if weights is None else weights
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else nan


def _share(part: Array, whole: Array) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() > 0 else nan
