"""The end of a month: everything is counted, by zone, by fifth and for governance (columns: `engine/measures.py`)."""

from __future__ import annotations

import numpy as np

from sim.engine import measures
from sim.engine.kernel import kernel
from sim.engine.phases.families import EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY
from sim.engine.phases.plan import core_capacity
from sim.engine.setup import Course, Teams
from sim.engine.state import Record, State
from sim.organisation.codes import MANAGER, SENIOR
from sim.organisation.compile import Place
from sim.parameters import PractitionerParameters
from sim.rules import family
from sim.rules.rule import share

_C = measures.COUNTS.index
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
def count_sites(place: Place, teams: Teams, course: Course, s: State, out: Record, row: int) -> None:
    """Stages, certification, cycles, barriers and local capacity, by zone."""
    for i in range(place.site_id.shape[0]):
        z = course.site_zone[i]
        out.counts[row, z, SITES] += 1
        out.counts[row, z, STAGE + s.stage[i]] += 1
        out.counts[row, z, STARTED] += s.milestones[i, 0] >= 0
        out.counts[row, z, CERTIFIED] += s.certified[i]
        out.counts[row, z, EVER] += s.ever_certified[i]
        out.counts[row, z, CYCLES] += s.cycles[i]
        if not np.isnan(s.assessed_fidelity[i]):
            out.counts[row, z, ASSESSED] += 1
            out.sums[row, z, 1] += s.assessed_fidelity[i]
        out.sums[row, z, 2] += s.barrier[i]
        t = teams.of_site[i]
        if t >= 0 and s.formed[t] == 1:
            out.counts[row, z, LOCAL] += 1
            out.sums[row, z, 3] += s.capacity[t]
    for z in range(s.cost_zone.shape[0]):
        out.sums[row, z, 4] = s.cost_zone[z, 0]
        out.sums[row, z, 5] = s.cost_zone[z, 1]


@kernel
def count_practitioners(
    place: Place, course: Course, pp: PractitionerParameters, s: State, out: Record, row: int
) -> None:
    """Aware, trained, using, at fidelity, stopped; sum of users' fidelity; by zone."""
    for i in range(place.site_id.shape[0]):
        aware = trained = using = at_fidelity = stopped = 0
        total = 0.0
        first, last = place.staff_ptr[i], place.staff_ptr[i + 1]
        for j in range(first, last):
            aware += s.aware[j]
            trained += s.trained[j]
            using += s.using[j]
            stopped += s.ever_used[j] > s.using[j]
            at_fidelity += s.using[j] == 1 and s.fidelity[j] >= pp.fidelity_criterion
            total += s.fidelity[j]
        z = course.site_zone[i]
        out.counts[row, z, PEOPLE] += last - first
        out.counts[row, z, AWARE] += aware
        out.counts[row, z, TRAINED] += trained
        out.counts[row, z, USING] += using
        out.counts[row, z, AT_FIDELITY] += at_fidelity
        out.counts[row, z, STOPPED] += stopped
        out.sums[row, z, 0] += total


@kernel
def count_families(place: Place, course: Course, s: State, out: Record, row: int) -> None:
    """Need, service and benefit, by zone and deprivation fifth."""
    for i in range(place.site_id.shape[0]):
        z = course.site_zone[i]
        for h in range(place.family_ptr[i], place.family_ptr[i + 1]):
            counts = out.family[row, z, place.family_fifth[h]]
            need = s.need[h]
            path = s.path[h]
            history = s.history[h]
            counts[0] += 1
            counts[1] += need
            counts[2] += need == 1 and path != family.UNKNOWN
            counts[3] += need == 1 and path == family.WAITING
            counts[4] += (history & EVER_IN_NEED) != 0
            counts[5] += (history & REACHED) != 0
            counts[6] += (history & REACHED_AT_FIDELITY) != 0
            counts[7] += s.benefit[h]
            counts[8] += s.benefit[h] * need
            counts[9] += need == 1 and (history & REACHED) != 0


@kernel
def survey_governance(place: Place, teams: Teams, s: State, out: Record, row: int) -> None:
    """One value an area, averaged over areas; commitment over leaders of a level."""
    areas = place.area_id.shape[0]
    values = out.area[row]
    with_core = 0
    values[:] = 0.0
    for a in range(areas):
        has_core = False
        for c in range(teams.core_count):
            has_core = has_core or teams.area[c] == a
        if has_core:
            with_core += 1
            values[0] += core_capacity(teams, s, a)
        values[2] += s.group[a]
        values[5] += s.system_barrier[a]
        values[6] += s.raised[a]
        values[7] += s.removed[a]
        values[8] += s.playbook[a]
        values[9] += s.usability[a]
    values[0] = values[0] / with_core if with_core > 0 else np.nan
    needed = available = 0.0
    for c in range(teams.core_count):
        needed += s.needed[c]
        available += s.available[c]
    values[1] = needed / available if available > 0.0 else np.nan
    for column in (2, 5, 8, 9):
        values[column] /= areas
    totals = np.zeros(3)
    counts = np.zeros(3, np.int64)
    for i in range(place.leader_id.shape[0]):
        totals[place.leader_level[i]] += s.commitment[i]
        counts[place.leader_level[i]] += 1
    values[3] = totals[SENIOR] / counts[SENIOR] if counts[SENIOR] > 0 else np.nan
    values[4] = share(totals[MANAGER], counts[MANAGER])


@kernel
def count(
    place: Place, teams: Teams, course: Course, pp: PractitionerParameters, s: State, out: Record, row: int
) -> None:
    """Write one row of the record."""
    out.counts[row] = 0
    out.sums[row] = 0.0
    out.family[row] = 0
    count_sites(place, teams, course, s, out, row)
    count_practitioners(place, course, pp, s, out, row)
    count_families(place, course, s, out, row)
    survey_governance(place, teams, s, out, row)
