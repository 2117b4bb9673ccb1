"""Zone by zone: each zone as a slice through all levels, when it opens, its early signs, stages and cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app import zone_words
from sim.app.curves import curve, drawn, spread
from sim.app.jobs import Jobs
from sim.app.question import Arm, title_of
from sim.app.site_list import members
from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.organisation.codes import AGENCIES
from sim.results.measures import BY_ZONE, KNOWN
from sim.results.series import divide, zone_names
from sim.scenarios.describe import describe
from sim.scenarios.scenario import REST

Array = NDArray[Any]
EARLY = (6, 12, 24)
YEAR = 12


def zones(jobs: Jobs, arm: Arm, ensemble: Ensemble, found: dict[str, Array]) -> dict[str, Any]:
    """Zone by zone, then what the whole plan asks of its core team and what it costs; the plan in words."""
    setup = jobs.prepared(arm, ensemble.months)
    rows = []
    for index, name in enumerate(zone_names(ensemble)[:-1]):
        if int(found["sites"][0, 0, index]) == 0:
            continue
        row = _zone(found, index, name)
        if index < len(ensemble.zones):
            opened = _opened(ensemble, found, index)
            row |= _slice(ensemble, setup, index)
            row["opening"] = zone_words.opening(opened, ensemble.months)
            row["seen"] = _seen(found, index, opened)
        rows.append(row | zone_words.of_zone(row, ensemble.months))
    attention = found["attention_core"][:, :, -1]
    mine = members(jobs.organisation, setup)
    return {
        "rows": rows,
        "lead": zone_words.lead(ensemble, jobs.organisation.name, title_of(arm)),
        "attention": zone_words.attention(curve(attention), _high(attention)),
        "told": describe(ensemble.scenario, None, jobs.organisation),
        "cost": zone_words.cost_of_plan(_costs(ensemble), ensemble.replicates),
        "members": mine,
        "possible": zone_words.possible([z.name for z in ensemble.scenario.zones], _rests(ensemble), mine),
        "zones": len(ensemble.zones),
        "within": sum(row["sites"] for row in rows if "seen" in row),
    }


def _rests(ensemble: Ensemble) -> list[bool]:
    """Which zones take all sites that are left."""
    return [REST in (z.choose, z.count) for z in ensemble.scenario.zones]


def comparison(plans: tuple[Any, Any], headlines: Sequence[dict[str, Any]], marked: dict[str, str]) -> list[list[Any]]:
    """Both plans at the end, a row a line: name, both arms, difference; and what they had by the marked month."""
    rows: list[list[Any]] = [
        ["zones", *(p["zones"] or "none" for p in plans), ""],
        ["sites in zones", *(p["within"] for p in plans), ""],
    ]
    last = [[""], [""]]
    for h in headlines:
        if h["id"] in zone_words.COMPARED:
            rows.append([f"{h['words']} ({h['standing']})", *(arm["text"] for arm in h["arms"]), h["difference"]])
            last.append([marked.get(h["id"], "")])
    return [row + more for row, more in zip(rows, last, strict=True)] if marked else rows


def _zone(found: dict[str, Array], index: int, name: str) -> dict[str, Any]:
    def at(column: str) -> Array:
        return found[column][:, :, index]

    return {
        "name": name,
        "sites": int(at("sites")[0, 0]),
        "sites_counted": counted(int(at("sites")[0, 0]), "site"),
        "practitioners": int(at("practitioners")[0, 0]),
        "families": int(at("families")[0, 0]),
        "ends": {k: spread(v[:, -1], KNOWN[k].unit) for k, v in _by_zone(found, index).items()},
        "stages": [curve(divide(at(f"sites_{s}"), at("sites")), mean=True) for s in zone_words.STAGES],
        "cost": {k: _yearly(at(c)) for k, c in (("cash", "cost_cash"), ("time", "cost_released_time"))},
    }


def _by_zone(found: dict[str, Array], index: int) -> dict[str, Array]:
    return {name: KNOWN[name].values.of(found, zone=index) for name in BY_ZONE}  # type: ignore[attr-defined]


def _yearly(so_far: Array) -> list[int]:
    """Mean cost of each year, GBP, from what was spent by the end of each month [R, T+1]."""
    mean = so_far.mean(axis=0)
    ends = [min(year, len(mean) - 1) for year in range(0, len(mean) - 1 + YEAR, YEAR)]
    return [round(float(mean[b] - mean[a])) for a, b in pairwise(ends) if b > a]


def _opened(ensemble: Ensemble, found: dict[str, Array], index: int) -> Array:
    """Month that the zone opened in each run, NaN never: the plan's, or when its first site was engaged."""
    zone = ensemble.scenario.zones[index]
    if zone.opens is not None:
        return np.full(ensemble.replicates, float(zone.opens) if zone.opens <= ensemble.months else np.nan)
    engaged = found["sites_not_engaged"][:, :, index] < found["sites"][:, :, index]
    return np.where(engaged.any(axis=1), engaged.argmax(axis=1).astype(np.float64), np.nan)


def _seen(found: dict[str, Array], index: int, opened: Array) -> list[dict[str, Any]]:
    """What one would see 6, 12 and 24 months after the zone's opening, counted in each run from its own opening."""
    rows = []
    for later in EARLY:
        when = opened + later
        last = found["sites"].shape[1] - 1
        there = np.isfinite(when) & (when <= last)
        at = np.where(there, when, 0).astype(np.int64)
        picked = {
            name: np.where(there, values[np.arange(len(at)), at], np.nan)
            for name, values in _by_zone(found, index).items()
        }
        values = {k: spread(v, KNOWN[k].unit) for k, v in picked.items()}
        rows.append({"months": later, "seen": drawn(there.mean()), "values": values})
    return rows


def _slice(ensemble: Ensemble, setup: Any, index: int) -> dict[str, Any]:
    from sim.organisation.slice import FAR, examine

    zone = ensemble.scenario.zones[index]
    report = examine(setup.organisation, setup.plan.site_zone == index, 0)
    levels = zone_words.levels(_levels(setup, index))
    return {
        "sentence": zone.sentence(ensemble.zones[index - 1] if index else ""),
        "slice": report.sentences(),
        "distance": drawn(report.distance),
        "far": FAR,
        "differences": {k: drawn(v) for k, v in report.differences.items()},
        "differences_words": zone_words.differences(report.differences),
        "missing": list(report.missing),
        "over": "" if report.fits else zone_words.over(report.sites, report.capacity),
        "capacity": report.capacity,
        "levels": levels,
        "levels_words": zone_words.slice_words(levels),
        "verdict": zone_words.verdict(report.distance <= FAR),
        "opens": zone.opens,
    }


def _levels(setup: Any, index: int) -> list[list[Any]]:
    """How many of each governance level a zone has."""
    o, mine = setup.organisation, setup.plan.site_zone == index
    agencies = sorted({int(a) for a in o.sites.agency[mine]})
    teams = {int(t) for t in setup.teams.of_site[mine] if t >= 0}
    cores = {int(t) for t in setup.teams.core_of_site[mine] if t >= 0}
    return [
        ["multi-agency group", int(o.group[:1].sum())],
        ["senior leader", sum(int(o.senior[0, a] >= 0) for a in agencies)],
        ["core team", len(cores)],
        ["site manager", int(mine.sum())],
        ["local team", len(teams)],
        ["practitioner", int(o.sites.staff[mine].sum())],
    ]


def _high(values: Array) -> list[float | None]:
    """Nine runs in ten lie below this, by month."""
    known = np.isfinite(values)
    return [
        drawn(float(np.quantile(values[known[:, m], m], 0.9))) if known[:, m].mean() >= 0.5 else None
        for m in range(values.shape[1])
    ]


def _costs(ensemble: Ensemble) -> dict[str, Any]:
    """Mean cost by agency and year: cash and released time."""
    mean = ensemble.cost.mean(axis=0)
    names = [*(a.replace("_", " ") for a in AGENCIES), "external support"]
    rows = [
        {"agency": n, "cash": [round(float(v)) for v in m[:, 0]], "time": [round(float(v)) for v in m[:, 1]]}
        for n, m in zip(names, mean, strict=True)
        if m.any()
    ]
    return {"years": mean.shape[1], "rows": rows}
