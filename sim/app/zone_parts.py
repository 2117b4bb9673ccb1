"""Zone by zone: what each zone is, how it went, what it cost; the plan told in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.curves import curve, share
from sim.app.desk import Desk
from sim.app.question import Arm
from sim.engine.measures import Ensemble
from sim.organisation.codes import AGENCIES
from sim.outcomes.series import divide, zone_names
from sim.scenarios.describe import describe

Array = NDArray[Any]


def zones(desk: Desk, arm: Arm, ensemble: Ensemble, found: dict[str, Array]) -> dict[str, Any]:
    """Zone by zone: medians over the months, early signs, cost; the plan told in words."""
    from sim.organisation.slice import examine

    setup = desk.laid(arm, ensemble.months)
    names = zone_names(ensemble)
    rows = []
    for index, name in enumerate(names[:-1]):
        if int(found["sites"][0, 0, index]) == 0:
            continue
        row = _zone(found, index, name)
        if index < len(ensemble.zones):
            zone = ensemble.scenario.zones[index]
            report = examine(setup.organisation, setup.plan.site_zone == index, 0)
            row |= {
                "sentence": zone.sentence(ensemble.zones[index - 1] if index else ""),
                "slice": report.sentences(),
                "alike": share(1.0 - min(1.0, report.distance)),
                "vertical": report.vertical,
                "levels": _levels(desk, setup, index),
                "opens": zone.opens,
            }
        rows.append(row)
    return {
        "rows": rows,
        "attention": curve(found["attention_core"][:, :, -1]),
        "core": curve(found["capacity_core"][:, :, -1]),
        "told": describe(ensemble.scenario, None, desk.organisation),
        "cost": _costs(ensemble),
        "stages": [curve(divide(found[f"sites_{s}"][:, :, -1], found["sites"][:, :, -1]), mean=True) for s in STAGES],
    }


STAGES = ("not_engaged", "exploration", "installation", "initial", "full", "not_sustained")


def _zone(found: dict[str, Array], index: int, name: str) -> dict[str, Any]:
    def at(column: str) -> Array:
        return found[column][:, :, index]

    curves = {
        "fidelity": at("fidelity_mean"),
        "capacity": at("capacity_local_mean"),
        "using": divide(at("practitioners_using"), at("practitioners")),
        "full": divide(at("sites_full"), at("sites")),
        "reached": divide(at("families_reached"), at("families_ever_in_need")),
    }
    return {
        "name": name,
        "sites": int(at("sites")[0, 0]),
        "practitioners": int(at("practitioners")[0, 0]),
        "families": int(at("families")[0, 0]),
        "curves": {k: curve(v) for k, v in curves.items()},
        "stages": [curve(divide(at(f"sites_{s}"), at("sites")), mean=True) for s in STAGES],
        "cost": [float(np.median(at(c)[:, -1])) for c in ("cost_cash", "cost_released_time")],
    }


def _levels(desk: Desk, setup: Any, index: int) -> list[list[Any]]:
    """How many of each governance level a zone has."""
    o, mine = setup.organisation, setup.plan.site_zone == index
    agencies = sorted({int(a) for a in o.sites.agency[mine]})
    teams = {int(t) for t in setup.teams.of_site[mine] if t >= 0}
    cores = {int(t) for t in setup.teams.core_of_site[mine] if t >= 0}
    staff = int(o.sites.staff[mine].sum())
    return [
        ["multi-agency group", int(o.group[:1].sum())],
        ["senior leaders", sum(int(o.senior[0, a] >= 0) for a in agencies)],
        ["core teams", len(cores)],
        ["site managers", int(mine.sum())],
        ["local teams", len(teams)],
        ["practitioners", staff],
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
