"""The end of a month: everything is counted, by zone, by fifth and for governance (columns: `engine/sums.py`)."""

from __future__ import annotations

import numpy as np

from sim.engine import sums
from sim.engine.kernel import kernel
from sim.engine.phases.plan import core_capacity
from sim.engine.world import Array, Record
from sim.organisation.codes import MANAGER, SENIOR
from sim.rules.rule import share

_C = sums.COUNTS.index
SITES, STAGE, STARTED, CERTIFIED, EVER = (
    _C("sites"),
    _C("sites_not_engaged"),
    _C("sites_started"),
    _C("sites_certified"),
    _C("sites_ever_certified"),
)
PEOPLE, AWARE, TRAINED, USING, AT_FIDELITY = (
    _C("practitioners"),
    _C("practitioners_aware"),
    _C("practitioners_trained"),
    _C("practitioners_using"),
    _C("practitioners_at_fidelity"),
)
CYCLES, STOPPED, ASSESSED, LOCAL = _C("cycles"), _C("practitioners_stopped"), _C("sites_assessed"), _C("teams_local")


@kernel
def count_sites(sites: Array, teams: Array, cost_zone: Array, out: Record, row: int) -> None:
    """Stages, certification, cycles, barriers and local capacity, by zone."""
    for i in range(sites.shape[0]):
        z = sites[i].zone
        out.counts[row, z, SITES] += 1
        out.counts[row, z, STAGE + sites[i].stage] += 1
        out.counts[row, z, STARTED] += sites[i].month_started >= 0
        out.counts[row, z, CERTIFIED] += sites[i].certified
        out.counts[row, z, EVER] += sites[i].ever_certified
        out.counts[row, z, CYCLES] += sites[i].cycles
        if not np.isnan(sites[i].assessed_fidelity):
            out.counts[row, z, ASSESSED] += 1
            out.sums[row, z, 1] += sites[i].assessed_fidelity
        out.sums[row, z, 2] += sites[i].barrier
        t = sites[i].team
        if t >= 0 and teams[t].formed == 1:
            out.counts[row, z, LOCAL] += 1
            out.sums[row, z, 3] += teams[t].capacity
    for z in range(cost_zone.shape[0]):
        out.sums[row, z, 4] = cost_zone[z, 0]
        out.sums[row, z, 5] = cost_zone[z, 1]


@kernel
def count_practitioners(sites: Array, out: Record, row: int) -> None:
    """Aware, trained, using, at fidelity, stopped; sum of users' fidelity; by zone, as phase 5 keeps count of them."""
    for i in range(sites.shape[0]):
        z = sites[i].zone
        out.counts[row, z, PEOPLE] += sites[i].last_person - sites[i].first_person
        out.counts[row, z, AWARE] += sites[i].aware
        out.counts[row, z, TRAINED] += sites[i].trained
        out.counts[row, z, USING] += sites[i].users
        out.counts[row, z, AT_FIDELITY] += sites[i].at_fidelity
        out.counts[row, z, STOPPED] += sites[i].stopped
        out.sums[row, z, 0] += sites[i].fidelity


@kernel
def count_families(tally: Array, out: Record, row: int) -> None:
    """Need, service and benefit, by zone and deprivation fifth, as phase 6 keeps count of them."""
    for z in range(tally.shape[0]):
        for fifth in range(tally.shape[1]):
            for column in range(tally.shape[2]):
                out.family[row, z, fifth, column] = tally[z, fifth, column]


@kernel
def survey_governance(areas: Array, teams: Array, core_count: int, leaders: Array, out: Record, row: int) -> None:
    """One value an area, averaged over areas; commitment over leaders of a level."""
    values = out.area[row]
    with_core = 0
    for a in range(areas.shape[0]):
        has_core = False
        for c in range(core_count):
            has_core = has_core or teams[c].area == a
        if has_core:
            with_core += 1
            values[0] += core_capacity(teams, core_count, a)
        values[2] += areas[a].group
        values[5] += areas[a].system_barrier
        values[6] += areas[a].raised
        values[7] += areas[a].removed
        values[8] += areas[a].playbook
        values[9] += areas[a].usability
    values[0] = values[0] / with_core if with_core > 0 else np.nan
    needed = available = 0.0
    for c in range(core_count):
        needed += teams[c].needed
        available += teams[c].available
    values[1] = needed / available if available > 0.0 else np.nan
    for column in (2, 5, 8, 9):
        values[column] /= areas.shape[0]
    committed_seniors = committed_managers = 0.0
    seniors = managers = 0
    for i in range(leaders.shape[0]):
        if leaders[i].level == SENIOR:
            committed_seniors += leaders[i].commitment
            seniors += 1
        elif leaders[i].level == MANAGER:
            committed_managers += leaders[i].commitment
            managers += 1
    values[3] = committed_seniors / seniors if seniors > 0 else np.nan
    values[4] = share(committed_managers, managers)


@kernel
def count(
    areas: Array,
    sites: Array,
    tally: Array,
    teams: Array,
    core_count: int,
    leaders: Array,
    cost_zone: Array,
    out: Record,
    row: int,
) -> None:
    """Write one row of the record, which holds zeros."""
    count_sites(sites, teams, cost_zone, out, row)
    count_practitioners(sites, out, row)
    count_families(tally, out, row)
    survey_governance(areas, teams, core_count, leaders, out, row)
