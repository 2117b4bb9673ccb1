"""Phase 4: the three improvement cycles: rapid cycles at sites, usability testing of the design, the practice-policy loop."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.setup import Course, Teams
from sim.engine.state import State
from sim.organisation.codes import AGENCIES
from sim.organisation.compile import Place
from sim.parameters import Levers, SiteParameters
from sim.rules import site

COLLECTIVE = Levers._fields.index("collective")
COMMUNICATION = Levers._fields.index("communication")
DATA_LAG = Levers._fields.index("data_lag_months")
IMPROVEMENT_CYCLES = Levers._fields.index("improvement_cycles")
USABILITY_TESTING = Levers._fields.index("usability_testing")
CROSS = len(AGENCIES)


@kernel
def in_open_zone(place: Place, course: Course, s: State, i: int) -> bool:
    """Does site i belong to a zone that has opened?"""
    z = course.site_zone[i]
    return z < course.opens.shape[0] and s.opened[place.site_area[i], z] >= 0


@kernel
def practice_policy_loop(place: Place, ps: SiteParameters, s: State, key: np.uint64, month: int) -> None:
    """Each leader (the group, where every agency is needed) decides on one raised barrier at most."""
    word = draws.word_key(key, draws.QUEUE, month)
    for a in range(place.area_id.shape[0]):
        opened = False
        for z in range(s.opened.shape[1]):
            opened = opened or s.opened[a, z] >= 0
        ease = site.latitude(ps, opened, s.group[a])
        for q in range(CROSS + 1):
            if s.queue[a, q] == 0:
                continue
            senior = -1 if q == CROSS else place.area_senior[a, q]
            commitment = s.commitment[senior] if senior >= 0 else s.group[a]
            uniform = draws.upper(draws.bits(word, place.queue_id[a, q]))
            if uniform < site.decides(s.levers[a, COMMUNICATION], commitment):
                s.queue[a, q] -= 1
                s.removed[a] += 1
                s.system_barrier[a] = site.system_after_decision(ps, s.system_barrier[a], ease)


@kernel
def rapid_cycles(
    place: Place, course: Course, ps: SiteParameters, s: State, before: np.ndarray, key: np.uint64, month: int
) -> None:
    """Site teams remove local barriers and raise those beyond the site (met in proportion to what stood `before`)."""
    word = draws.word_key(key, draws.SITE, month)
    kind = draws.word_key(key, draws.SITE_BARRIER, month)
    for i in range(place.site_id.shape[0]):
        a = place.site_area[i]
        if s.milestones[i, 0] >= 0 and s.able[i] > 0.0:
            lag = s.levers[a, DATA_LAG]
            s.cycle[i] += site.cycle_progress(ps, lag, s.levers[a, IMPROVEMENT_CYCLES])
            if s.cycle[i] >= 1.0:
                s.cycle[i] -= 1.0
                s.cycles[i] += 1
                quality = site.data_quality(ps, lag, s.levers[a, COLLECTIVE] != 0.0)
                ease = site.latitude(ps, in_open_zone(place, course, s, i), s.group[a])
                s.barrier[i] = site.barrier_after_cycle(ps, s.barrier[i], s.able[i], quality, ease)
                s.playbook[a] = site.playbook_after_cycle(ps, s.playbook[a], s.able[i], quality)
                over = place.site_operational[i]
                passed_up = s.commitment[over] if over >= 0 else s.commitment[place.site_manager[i]]
                if draws.lower(draws.bits(word, place.site_id[i])) < site.raises(ps, before[a], passed_up):
                    cross = draws.upper(draws.bits(kind, place.site_id[i])) < ps.cross_agency
                    s.queue[a, CROSS if cross else place.site_agency[i]] += 1
                    s.raised[a] += 1
        s.barrier[i] = site.barrier_returning(ps, s.barrier[i], s.barrier_start[i])


@kernel
def usability_testing(place: Place, ps: SiteParameters, s: State) -> None:
    """Rounds of testing while sites install the practice or begin to use it, until the planned rounds are done."""
    for a in range(place.area_id.shape[0]):
        trying = False
        for i in range(place.site_id.shape[0]):
            early = s.stage[i] == site.INSTALLATION or s.stage[i] == site.INITIAL
            trying = trying or (place.site_area[i] == a and early)
        if not trying or s.work[a] <= 0.0 or s.rounds[a] >= ps.usability_rounds:
            continue
        s.round_progress[a] += s.levers[a, USABILITY_TESTING] / ps.usability_months
        if s.round_progress[a] >= 1.0:
            s.round_progress[a] -= 1.0
            s.rounds[a] += 1
            s.usability[a] = site.usability_after_round(ps, s.usability[a], s.work[a])


@kernel
def improve(
    place: Place, teams: Teams, course: Course, ps: SiteParameters, s: State, key: np.uint64, month: int
) -> None:
    """The three cycles in turn; what a site meets is the system as it stood when the phase began."""
    before = s.system_barrier.copy()
    practice_policy_loop(place, ps, s, key, month)
    rapid_cycles(place, course, ps, s, before, key, month)
    usability_testing(place, ps, s)
    for a in range(place.area_id.shape[0]):
        s.system_barrier[a] = site.system_returning(ps, s.system_barrier[a])
