"""A made-up `Ensemble`: random, but consistent in every count, so that the outcomes can be tested without an engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engine.sums import AREA, COUNTS, FAMILY, MARKED, MARKS, SUMS, Ensemble
from sim.organisation.codes import AGENCIES, FIFTHS
from sim.organisation.generate.synthetic import generate
from sim.organisation.organisation import Organisation
from sim.scenarios.scenario import Scenario, Zone

ZONES = (Zone("first zone", choose=4, opens=1), Zone("second zone", choose=4, opens=13))


def organisation() -> Organisation:
    return generate({"sites": 12})


def scenario(name: str = "with-teams", **changes: object) -> Scenario:
    return replace(Scenario(name=name, title="made up", zones=ZONES, months=24), **changes)


def ensemble(
    name: str = "with-teams",
    *,
    strength: float = 1.0,
    replicates: int = 20,
    months: int = 48,
    seed: int = 1,
    first: int = 0,
    place: Organisation | None = None,
    asked: Scenario | None = None,
) -> Ensemble:
    """Counts that grow with `strength`; 0 gives an arm in which nothing starts."""
    place = place or organisation()
    asked = asked or scenario(name)
    zones = tuple(z.name for z in asked.zones)
    z, s, r, t = len(zones), len(place.sites), replicates, months + 1
    site_zone = np.minimum(np.arange(s) // 4, z).astype(np.int32)
    rows = [
        _replicate(np.random.default_rng([seed, first + i]), strength, months, site_zone, z, place) for i in range(r)
    ]
    counts = np.stack([row["counts"] for row in rows])
    family = np.stack([row["family"] for row in rows])
    luck = np.random.default_rng(seed)
    sums = np.zeros((r, t, z + 1, len(SUMS)))
    using = counts[..., COUNTS.index("practitioners_using")]
    sums[..., 0] = using * (0.5 + 0.3 * strength)
    sums[..., 1] = counts[..., COUNTS.index("sites_assessed")] * 0.6
    sums[..., 2] = counts[..., COUNTS.index("sites")] * 0.3
    sums[..., 3] = counts[..., COUNTS.index("teams_local")] * 0.4
    sums[..., 4:] = np.cumsum(1000 * strength * luck.random((r, t, z + 1, 2)), axis=1)
    area = luck.random((r, t, len(AREA)))
    if strength == 0:
        area[..., :2] = np.nan
    cost = luck.random((r, len(AGENCIES) + 1, -(-months // 12), 2)) * 1000 * strength
    return Ensemble(
        scenario=asked,
        organisation=place,
        zones=zones,
        site_zone=site_zone,
        months=months,
        seed=seed,
        first=first,
        rows=np.full(r, -1, dtype=np.int64),
        sample=(),
        counts=counts,
        sums=sums,
        area=area,
        family=family,
        site_month=np.stack([row["site_month"] for row in rows]),
        certified_at_36=np.stack([row["at_36"] for row in rows]),
        kept=np.full((r, s), -1, dtype=np.int8),
        not_sustained=np.zeros((r, s), dtype=np.int8),
        marked=np.where(luck.random((r, s, len(MARKS), len(MARKED))) < 0.5, np.nan, 0.5),
        cost=cost,
        site_course=np.stack([_course(row["site_month"], months) for row in rows]),
    )


def _course(site_month, months):
    """Some sites that started give up within a year, and some of them return."""
    started = site_month[:, 0]
    gone = np.where((started >= 0) & (started % 2 == 0) & (started + 9 <= months), started + 9, -1)
    back = np.where((gone >= 0) & (gone % 3 > 0) & (gone + 3 <= months), gone + 3, -1)
    return np.stack([gone, back, started >= 0], axis=-1).astype(np.int32)


def _replicate(luck, strength, months, site_zone, z, place):
    s, t = len(site_zone), months + 1
    takes_part = (luck.random(s) < strength) & (site_zone < z)
    start = np.where(takes_part, 1 + 12 * site_zone + luck.integers(0, 4, s), -1)
    start = np.where(start <= months, start, -1)
    certified = np.where((start >= 0) & (luck.random(s) < 0.8), start + luck.integers(12, 40, s), -1)
    certified = np.where(certified <= months, certified, -1)
    initial, full = np.where(start >= 0, start, -1), np.where(certified >= 0, certified - 6, -1)
    at_36 = np.where((start < 0) | (start + 36 > months), -1, (certified >= 0) & (certified - start <= 36))
    month = np.arange(t)[:, None]
    started = (start >= 0) & (month >= start)
    is_certified = (certified >= 0) & (month >= certified)
    is_full = (full >= 0) & (month >= full)
    staff = np.bincount(place.practitioners.site, minlength=s)
    by_site = {
        "sites": np.ones((t, s)),
        "sites_not_engaged": ~started,
        "sites_exploration": np.zeros((t, s)),
        "sites_installation": np.zeros((t, s)),
        "sites_initial": started & ~is_full,
        "sites_full": started & is_full,
        "sites_not_sustained": np.zeros((t, s)),
        "sites_started": started,
        "sites_certified": is_certified,
        "sites_ever_certified": is_certified,
        "practitioners": np.ones((t, 1)) * staff,
        "practitioners_aware": started * staff,
        "practitioners_trained": started * staff,
        "practitioners_using": (started * staff) // 2,
        "practitioners_at_fidelity": (is_full * staff) // 3,
        "cycles": started * month,
        "practitioners_stopped": (started * staff) // 5,
        "sites_assessed": started,
        "teams_local": started,
    }
    counts = np.zeros((t, z + 1, len(COUNTS)), dtype=np.int64)
    for k, what in enumerate(COUNTS):
        for zone in range(z + 1):
            counts[:, zone, k] = np.asarray(by_site[what])[:, site_zone == zone].sum(axis=1)
    return {
        "counts": counts,
        "family": _families(luck, strength, months, site_zone, z, place, started),
        "site_month": np.stack([start, initial, full, certified], axis=1).astype(np.int32),
        "at_36": at_36.astype(np.int8),
    }


def _families(luck, strength, months, site_zone, z, place, started):
    zone_of = site_zone[place.practitioners.site[place.families.practitioner]]
    found = np.zeros((months + 1, z + 1, FIFTHS, len(FAMILY)), dtype=np.int64)
    for zone in range(z + 1):
        running = started[:, site_zone == zone].mean(axis=1)
        for fifth in range(FIFTHS):
            n = int(((zone_of == zone) & (place.families.fifth == fifth)).sum())
            need = int(n * (0.22 - 0.04 * fifth))
            ever = need + np.cumsum(luck.integers(0, 2, months + 1))
            reached = np.floor(np.maximum.accumulate(ever * running * strength * 0.5)).astype(np.int64)
            row = found[:, zone, fifth]
            row[:, 0], row[:, 1], row[:, 2], row[:, 3] = n, need, need // 2, need // 4
            row[:, 4] = np.minimum(ever, n) if n else 0
            row[:, 5] = np.minimum(reached, row[:, 4])
            row[:, 6] = row[:, 5] // 2
            row[:, 7] = row[:, 5] * 100_000
            row[:, 8] = np.minimum(row[:, 5], need) * 50_000
            row[:, 9] = np.minimum(row[:, 5], need)
            row[:, 12], row[:, 13] = row[:, 5] // 3, (row[:, 5] // 3) * 300_000
            row[:, 14], row[:, 15], row[:, 16] = row[:, 0], row[:, 5], row[:, 7]
    return found
