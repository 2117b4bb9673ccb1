"""The state of one replicate: what every agent remembers, one array a trait; made once a thread and used again."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.measures import AREA, COUNTS, FAMILY, MARKED, MARKS, SUMS
from sim.engine.setup import Setup
from sim.organisation.codes import AGENCIES, FIFTHS

Array = NDArray[Any]


class State(NamedTuple):
    """Arrays that the phases of a month read and write; sizes as in `Place`, `Teams` and `Course`."""

    # practitioners [N]
    aware: Array
    trained: Array
    using: Array
    ever_used: Array
    skill: Array
    level: Array
    readiness: Array
    fidelity: Array  # true, 0 where not using
    peers: Array  # neighbours who used it when the phase began
    flips: Array  # practitioners whose use changed this month
    joined: Array  # month they came into post
    # families [F]
    need: Array
    path: Array
    history: Array  # bits: 1 ever in need, 2 reached, 4 reached at fidelity
    benefit: Array  # millionths of an SD
    # sites [S]
    stage: Array
    barrier: Array
    barrier_start: Array
    site_readiness: Array
    install: Array
    cycle: Array
    cycles: Array
    idle: Array
    streak: Array
    certified: Array
    ever_certified: Array
    users: Array
    trained_now: Array  # trained this month
    dose: Array
    able: Array  # capacity that supports the site
    assessed_fidelity: Array
    assessed_share: Array
    assessed_capacity: Array
    milestones: Array  # [S, 4] first start, initial, full, certified; -1
    marked: Array  # [S, marks, 4]
    certified_at_36: Array
    certified_at_end: Array
    kept: Array
    # teams [T]
    capacity: Array
    members: Array
    places: Array  # members in a full team
    formed: Array
    attention: Array  # share of what is needed that a core team gives; a local team: what it gets
    needed: Array
    available: Array
    released: Array
    # leaders [M]
    commitment: Array
    baseline: Array
    engaged: Array  # engagement a leader met this month
    in_post_since: Array
    # areas [A]
    system_barrier: Array
    playbook: Array
    usability: Array
    rounds: Array
    round_progress: Array
    queue: Array  # [A, agencies + 1] raised barriers waiting for a decision; last: every agency
    raised: Array
    removed: Array
    group: Array  # commitment of the multi-agency group
    work: Array  # what core teams and external support can take on
    visible: Array  # results that leaders see
    external: Array  # external support's strength this month
    opened: Array  # [A, Z] month a zone opened, -1
    levers: Array  # [A, levers]
    support_ended: Array  # month external support ended, -1
    fired: Array  # [A, E]
    # money
    cost_zone: Array  # [Z + 1, 2] cumulative
    cost_agency: Array  # [agencies + 1, years, 2]


class Record(NamedTuple):
    """What a replicate writes down: one row a month; shapes as in `measures.Ensemble` without its first axis."""

    counts: Array
    sums: Array
    area: Array
    family: Array


def new_state(setup: Setup) -> State:
    """An empty state of the right sizes; `start.begin` fills it."""
    place, teams, course = setup.place, setup.teams, setup.course
    n, f, s = len(place.person_site), len(place.family_person), len(place.site_area)
    t, m, a = len(teams.area), len(place.leader_level), len(place.area_id)
    z, e = len(course.opens), len(course.event_month)
    years = max(1, -(-setup.months // 12))

    def byte(*shape: int) -> Array:
        return np.zeros(shape, np.uint8)

    def whole(*shape: int) -> Array:
        return np.zeros(shape, np.int32)

    def real(*shape: int) -> Array:
        return np.zeros(shape, np.float64)

    return State(
        aware=byte(n), trained=byte(n), using=byte(n), ever_used=byte(n), skill=real(n), level=real(n),
        readiness=real(n), fidelity=real(n), peers=whole(n), flips=whole(n), joined=whole(n),
        need=byte(f), path=byte(f), history=byte(f), benefit=whole(f),
        stage=whole(s), barrier=real(s), barrier_start=real(s), site_readiness=real(s), install=real(s), cycle=real(s),
        cycles=np.zeros(s, np.int64), idle=whole(s), streak=whole(s), certified=byte(s), ever_certified=byte(s),
        users=whole(s), trained_now=whole(s), dose=real(s), able=real(s), assessed_fidelity=real(s), assessed_share=real(s),
        assessed_capacity=real(s), milestones=whole(s, 4), marked=real(s, len(MARKS), len(MARKED)),
        certified_at_36=np.zeros(s, np.int8), certified_at_end=byte(s), kept=np.zeros(s, np.int8),
        capacity=real(t), members=whole(t), places=whole(t), formed=byte(t), attention=real(t), needed=real(t),
        available=real(t), released=real(t),
        commitment=real(m), baseline=real(m), engaged=real(m), in_post_since=whole(m),
        system_barrier=real(a), playbook=real(a), usability=real(a), rounds=whole(a), round_progress=real(a),
        queue=whole(a, len(AGENCIES) + 1), raised=np.zeros(a, np.int64), removed=np.zeros(a, np.int64), group=real(a),
        work=real(a), visible=real(a), external=real(a), opened=whole(a, z), levers=real(a, len(setup.levers)),
        support_ended=whole(a), fired=byte(a, e),
        cost_zone=real(z + 1, 2), cost_agency=real(len(AGENCIES) + 1, years, 2),
    )  # fmt: skip


def new_record(setup: Setup) -> Record:
    """Room for the months of one replicate."""
    rows, zones = setup.months + 1, len(setup.course.opens) + 1
    return Record(
        counts=np.zeros((rows, zones, len(COUNTS)), np.int64),
        sums=np.zeros((rows, zones, len(SUMS)), np.float64),
        area=np.zeros((rows, len(AREA)), np.float64),
        family=np.zeros((rows, zones, FIFTHS, len(FAMILY)), np.int64),
    )
