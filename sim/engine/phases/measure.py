"""The end of a month: everything is counted, by zone, by fifth and for governance (columns: `engine/sums.py`)."""

from __future__ import annotations

import numpy as np

from sim.engine import sums
from sim.engine.kernel import step
from sim.engine.phases.plan import core_capacity
from sim.engine.world import Actors, Books, Families, Now, Record
from sim.organisation.codes import MANAGER, SENIOR
from sim.parameters import Parameters
from sim.rules import family
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
_S = sums.SUMS.index
FIDELITY, FIDELITY_ASSESSED = _S("fidelity"), _S("fidelity_assessed")
LOCAL_BARRIER, LOCAL_CAPACITY = _S("barrier_local"), _S("capacity_local")
CASH, RELEASED_TIME = _S("cost_cash"), _S("cost_released_time")
_A = sums.AREA.index
CORE_CAPACITY, CORE_ATTENTION = _A("capacity_core"), _A("attention_core")
GROUP_COMMITMENT, SENIOR_COMMITMENT, MANAGER_COMMITMENT = (
    _A("commitment_group"),
    _A("commitment_senior"),
    _A("commitment_manager"),
)
SYSTEM_BARRIER, RAISED, REMOVED = _A("barrier_system"), _A("barriers_raised"), _A("barriers_removed")
PLAYBOOK, USABILITY, SHORT = _A("playbook"), _A("usability"), _A("budget_short")
GIVEN, THERE, FADING = (sums.FAMILY.index(name) for name in ("benefit", "benefit_here", "gain_fading"))


@step
def count_sites(w: Actors, books: Books, out: Record, now: Now) -> None:
    """Stages, certification, cycles, barriers and local capacity, by zone."""
    for i in range(w.sites.shape[0]):
        z = w.sites[i].zone
        out.counts[now.month, z, SITES] += 1
        out.counts[now.month, z, STAGE + w.sites[i].stage] += 1
        out.counts[now.month, z, STARTED] += w.sites[i].month_started >= 0
        out.counts[now.month, z, CERTIFIED] += w.sites[i].certified
        out.counts[now.month, z, EVER] += w.sites[i].ever_certified
        out.counts[now.month, z, CYCLES] += w.sites[i].cycles
        if not np.isnan(w.sites[i].assessed_fidelity):
            out.counts[now.month, z, ASSESSED] += 1
            out.sums[now.month, z, FIDELITY_ASSESSED] += w.sites[i].assessed_fidelity
        out.sums[now.month, z, LOCAL_BARRIER] += w.sites[i].barrier
        t = w.sites[i].team
        if t >= 0 and w.teams[t].formed == 1:
            out.counts[now.month, z, LOCAL] += 1
            out.sums[now.month, z, LOCAL_CAPACITY] += w.teams[t].capacity
    for z in range(books.cost_zone.shape[0]):
        out.sums[now.month, z, CASH] = books.cost_zone[z, 0]
        out.sums[now.month, z, RELEASED_TIME] = books.cost_zone[z, 1]


@step
def count_practitioners(w: Actors, out: Record, now: Now) -> None:
    """Aware, trained, using, at fidelity, stopped; sum of users' fidelity; by zone, as phase 5 keeps count of them."""
    for i in range(w.sites.shape[0]):
        z = w.sites[i].zone
        out.counts[now.month, z, PEOPLE] += w.sites[i].last_person - w.sites[i].first_person
        out.counts[now.month, z, AWARE] += w.sites[i].aware
        out.counts[now.month, z, TRAINED] += w.sites[i].trained
        out.counts[now.month, z, USING] += w.sites[i].users
        out.counts[now.month, z, AT_FIDELITY] += w.sites[i].at_fidelity
        out.counts[now.month, z, STOPPED] += w.sites[i].stopped
        out.sums[now.month, z, FIDELITY] += w.sites[i].fidelity


@step
def count_families(families: Families, p: Parameters, out: Record, now: Now) -> None:
    """Need, service and benefit, by zone and deprivation fifth, as phase 6 keeps count of them; gains fade."""
    for z in range(families.tally.shape[0]):
        for fifth in range(families.tally.shape[1]):
            if now.month > 0:
                before, tally = out.family[now.month - 1, z, fifth], families.tally[z, fifth]
                given, there = tally[GIVEN] - before[GIVEN], before[THERE]
                left = there + given - tally[THERE]
                tally[FADING] = family.fading(p.family, before[FADING], given, there, left)
            for column in range(families.tally.shape[2]):
                out.family[now.month, z, fifth, column] = families.tally[z, fifth, column]


@step
def survey_governance(w: Actors, out: Record, now: Now) -> None:
    """One value an area, averaged over areas; commitment over leaders of a level."""
    values = out.area[now.month]
    with_core = 0
    for a in range(w.areas.shape[0]):
        has_core = False
        for c in range(w.core_count):
            has_core = has_core or w.teams[c].area == a
        if has_core:
            with_core += 1
            values[CORE_CAPACITY] += core_capacity(w, a)
        values[GROUP_COMMITMENT] += w.areas[a].group
        values[SYSTEM_BARRIER] += w.areas[a].system_barrier
        values[RAISED] += w.areas[a].raised
        values[REMOVED] += w.areas[a].removed
        values[PLAYBOOK] += w.areas[a].playbook
        values[USABILITY] += w.areas[a].usability
        values[SHORT] = max(values[SHORT], float(w.areas[a].short))
    values[CORE_CAPACITY] = values[CORE_CAPACITY] / with_core if with_core > 0 else np.nan
    needed = available = 0.0
    for c in range(w.core_count):
        needed += w.teams[c].needed
        available += w.teams[c].available
    values[CORE_ATTENTION] = needed / available if available > 0.0 else np.nan
    for column in (GROUP_COMMITMENT, SYSTEM_BARRIER, PLAYBOOK, USABILITY):
        values[column] /= w.areas.shape[0]
    committed_seniors = committed_managers = 0.0
    seniors = managers = 0
    for i in range(w.leaders.shape[0]):
        if w.leaders[i].level == SENIOR:
            committed_seniors += w.leaders[i].commitment
            seniors += 1
        elif w.leaders[i].level == MANAGER:
            committed_managers += w.leaders[i].commitment
            managers += 1
    values[SENIOR_COMMITMENT] = committed_seniors / seniors if seniors > 0 else np.nan
    values[MANAGER_COMMITMENT] = share(committed_managers, managers)


@step
def count(w: Actors, books: Books, out: Record, now: Now) -> None:
    """Write one row of the record, which holds zeros."""
    count_sites(w, books, out, now)
    count_practitioners(w, out, now)
    survey_governance(w, out, now)
