"""The world of one replicate: every agent a record, with what it is and what it remembers; made once a thread.

Sites, teams, leaders, areas, zones and events are records (`sites[i].barrier`), and so is what families remember;
practitioners are columns (`people.skill[j]`), as is what every month reads of all families. `building.build`
lays the fixed traits in; `phases.start` fills the rest.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.levers import Levers, ZoneLevers
from sim.parameters import REGISTRY, Parameters
from sim.rules.practitioner import Setting

Array = NDArray[Any]

Place = int | np.uint64
"""A position in a column. numba asks of a signed one whether it counts from the end, and not of an unsigned one."""


def _record(fixed: str, state: str) -> np.dtype[Any]:
    fields = []
    for part in (fixed + " " + state).split():
        name, kind = part.split(":")
        fields.append((name, kind))
    return np.dtype(fields, align=True)


AREA_RECORD = _record(
    "id:u8 has_group:i4 chair:i4 first_site:i4 last_site:i4",
    "system_barrier:f8 playbook:f8 usability:f8 rounds:i4 round_progress:f8 raised:i8 removed:i8 group:f8 work:f8 "
    "visible:f8 external:f8 support_ended:i4 calendar:i4 alignment:f8 shift:f8 fresh:f8 surfaces:f8 "
    "in_need_at_first:i8 taken:i8 place_share:f8 lost:f8 help:f8 posts:f8 bought:f8 taught:f8 look_again:i4 "
    "barrier_met:f8 in_use:f8 local_capacity:f8 local_teams:i8 paid_cash:f8 paid_time:f8 short:i4 year_short:i4",
)
"""`group`: commitment of the multi-agency group; `work`: what core teams and external support can take on; `visible`:
results that leaders see; `external`: strength of external support this month; `support_ended`: month, -1 not yet.
`shift`: of alignment since the start; `fresh`: load of initiatives that begin this month; `surfaces`: share of
barriers between agencies that surface; `taken`: places in support that families occupy; `place_share`: share of
offers for which there is a place; `lost`: chance of giving up the wait; `help`: money for other help this month,
and the `posts`, dose (`bought`) and training (`taught`) it buys; `look_again`: a lever has changed, so everybody's
limits are set again; `paid_cash`, `paid_time`: share of the month's claims that budgets pay to the agency that is paid
least (of cash, external support apart); `short`: they do not reach this month, `year_short`: they did not in some
month of this year;
`barrier_met`: the system's barrier as phase 4 began; `in_use`: share of its sites whose use speaks for the practice;
`local_...`: of formed local teams as capacities move."""

SITE_RECORD = _record(
    "id:u8 area:i4 agency:i4 secondary:i4 deprivation:f8 manager:i4 operational:i4 senior:i4 zone:i4 team:i4 core:i4 "
    "first_person:i8 last_person:i8 first_family:i8 last_family:i8 given_stage:i4 given_fidelity:f8 given_using:f8",
    "stage:i4 barrier:f8 barrier_start:f8 readiness:f8 level:f8 install:f8 cycle:f8 cycles:i8 idle:i4 streak:i4 "
    "certified:i4 ever_certified:i4 users:i4 trained_now:i4 dose:f8 able:f8 assessed_fidelity:f8 assessed_share:f8 "
    "assessed_capacity:f8 month_started:i4 month_initial:i4 month_full:i4 month_certified:i4 certified_at_36:i4 "
    "certified_at_end:i4 kept:i4 service:f8 look_again:i4 aware:i4 trained:i4 stopped:i4 at_fidelity:i4 fidelity:f8 "
    "skills:f8 skilled:i4 trust:f8 given_up:i4 month_given_up:i4 month_returned:i4 coached:i4",
)
"""`able`: capacity that supports the site; `service`: what time released leaves of its service; `streak`: assessments
in a row that found full implementation; `look_again`: its practitioners' limits must be set again
(`phases/outlook.py`). `aware` to `at_fidelity` (and `users`) count its practitioners, `fidelity` sums the
users' own; `skills` sums the skill of the `skilled`, who used it a month before; `coached`: users as the month
began. `given_up`: month in which the site gave the practice up, -1 while it has not or has joined again;
`month_...`: of the first time."""

TEAM_RECORD = _record(
    "id:u8 area:i4 zone:i4 own_size:i4 sharing:i4 most_agencies:i4 committee:i4 resources:f8 staff:i8 "
    "given_capacity:f8 first_site:i8 last_site:i8 founded:i4 first_taken:i8 last_taken:i8",
    "parent:i4 agencies:i4 capacity:f8 members:i4 places:i4 recruiting:i4 formed:i4 attention:f8 needed:f8 "
    "available:f8 released:f8 direct_staff:i8 taking_part:i4 served:i8 external:f8 met:i8 generation:i4 paid:f8 "
    "lent:f8",
)
"""Core teams first. `zone`: of a local team; `own_size`: members, -1 as the plan says; `sharing`: agencies that share
the plan's number; `founded`: month, -1 there from the start, and `..._taken`: sites it then takes over; `recruiting`:
new places that were never filled yet; `attention`: share of what is needed that a core team gives (a local team: gets);
`direct_staff`: of the sites that it supports without a local team; `taking_part`: sites of a local team that do, and
`served`: their practitioners (all, while none does); `external`: strength of external support to it; `met`: people of
its sites whom external supporters meet; `generation`: how many teams lie between it and the external supporters;
`paid`: share of its time that budgets pay; `lent`: places of attention it lends."""

LEADER_RECORD = _record(
    "id:u8 level:i4 agency:i4 site:i4 given_commitment:f8 first_area:i8 last_area:i8",
    "commitment:f8 baseline:f8 engaged:f8 in_post_since:i4",
)

ZONE_RECORD = _record("opens:i4 gate_certified:f8 gate_capacity:f8 gate_outcome:f8 gate_of:i4 latest:i4", "")

INITIATIVE_RECORD = _record("agency:i4 load:f8 overlap:f8 first:i4 last:i4", "")

EVENT_RECORD = _record(
    "month:i4 measure:i4 zone:i4 threshold:f8 first_change:i8 last_change:i8 leaves:i4 agency:i4 withdraws:i4", ""
)

LEVER_RECORD = np.dtype([(name, "f8") for name in Levers._fields])
ZONE_LEVER_RECORD = np.dtype([(name, "f8") for name in ZoneLevers._fields])
SETTING_RECORD = np.dtype([(name, "f8") for name in Setting._fields])
USABILITY_START = Levers._fields.index("usability_start")

HOME_RECORD = _record("person:i4 benefit:i4 fifth:u1", "need:u1 path:u1 history:u1")
"""One family. `history`, bits: 1 ever in need, 2 reached, 4 reached at fidelity, 8 gave up waiting, 16 identified
wrongly, 32 completed an episode; `benefit`: millionths of an SD. One that leaves is followed by another in its
place."""

FAMILY_KINDS = 7
"""Kinds of families to whom something may happen in a month (`phases/listing.py`)."""

BLOCK = 16_384
"""Families gone through at a time, so that they are still near the processor when those due among them are asked."""

MONTHS = ("month_started", "month_initial", "month_full", "month_certified")


class Actors(NamedTuple):
    """Areas, leaders, teams and sites: A areas, S sites, T teams, L leaders, K things met at a site."""

    areas: Array
    area_senior: Array  # [A, agencies] leader or -1
    queue: Array  # [A, agencies + 1] raised barriers waiting for a decision; last: every agency
    queue_id: Array
    levers: Array  # [A] records, as they are in force
    planned: Array  # [A] records, as they were chosen
    zone_levers: Array  # [A, Z + 1] records, of those levers that may differ by zone
    paid: Array  # [A, agencies + 1, 2] share of this month's claims that budgets pay (last: external): cash, time
    paid_hours: Array  # [A, agencies + 1] share of coaching, and of what is left to leaders, that is paid
    limited: int  # 1 where a budget limits anything
    left: Array  # [A, payers, 2] of the year's budget, GBP: cash, time
    taken: Array  # [A, payers, 2] of it set aside this month
    sites: Array
    met: Array  # [S] records: what everybody at a site meets this month (`rules.practitioner.Setting`)
    best: Array  # [S] records: the same, as favourable to use as it may become before limits are set again
    worst: Array  # [S] records: the same, as unfavourable
    settings: Array  # [3, S, K] the same numbers by position: met, best, worst
    teams: Array
    core_count: int
    team_sites: Array
    handed_over: Array  # sites that core teams take over when they are founded
    leaders: Array
    leader_areas: Array
    between: Array  # [A, agencies] how far advice of partners in other agencies is heard
    load: Array  # [A, agencies] of all initiatives


class People(NamedTuple):
    """Practitioners [N] and their ties (CSR)."""

    id: Array
    site: Array
    care: Array
    given_readiness: Array
    tie_ptr: Array
    tie_index: Array
    partners: Array  # [N, partners] of other agencies, -1 nobody
    family_ptr: Array  # their families (CSR)
    family_index: Array
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
    taught: Array  # month they were trained
    waiting: Array  # families in need who wait for them
    partner: Array  # skill of a user's best trained partner when the phase began
    skilled: Array  # skill of the trained when the phase began
    used: Array  # used it when the phase began
    open: Array  # training may reach them
    flag: Array  # their families' limits must be set again
    marks: Array  # [N / 64] a bit each: anything may happen to them this month
    due: Array  # [N + 1] those marked or flagged, listed
    leaving: Array  # those who may leave, listed
    moving: Array  # those who may hear, start or stop, listed
    limits: Array  # of both their uniforms (`phases/due.py`)
    relied: Array  # fidelity that the limits of their families allow for, -1: they use nothing


class Families(NamedTuple):
    """Families [F]."""

    id: Array
    home: Array  # records
    marks: Array  # [F / 64] a bit each: anything may happen to it this month
    due: Array  # [BLOCK + 1] those marked, listed
    order: Array  # [kinds, BLOCK] places among those listed, by kind (`phases/listing.py`)
    lengths: Array  # [kinds] how many of each kind
    limits: Array  # of both its uniforms (`phases/due.py`)
    bits: Array  # of those listed: the month's random bits
    person: Array  # of those listed: the practitioner
    practice: Array  # of those listed: their practitioner's fidelity, -1 where the practice is not used
    arises: Array  # [5] monthly probability that need arises, by deprivation fifth
    prevalence: Array  # [5] share in need at the start and of those who come
    tally: Array  # [Z + 1, 5, measures] families counted now


class PlanState(NamedTuple):
    """The plan as it goes, events and what surrounds the teams: A areas, Z zones, E events."""

    lever_table: Array  # [A, levers] the same numbers as `Actors.levers`, by position
    planned: Array  # [A, levers] the same numbers as `Actors.planned`, by position
    zone_table: Array  # [A, Z + 1, zone levers] the same numbers as `Actors.zone_levers`, by position
    zones: Array
    opened: Array  # [A, Z] month a zone opened, -1
    blocked: Array  # [A, Z]
    similarity: Array  # [A, Z]
    events: Array
    fired: Array  # [A, E]
    change_lever: Array
    change_value: Array
    change_zone: Array  # the zone it changes in, -1 everywhere
    change_place: Array  # its position among the levers that may differ by zone, -1 it may not
    external_end: int  # month external support ends by plan, -1 never
    taper: Array  # [T + 1] external support by month
    relationship: Array  # [A, agencies, agencies] 0-1
    initiatives: Array


class Books(NamedTuple):
    """What is counted and paid as the months go by."""

    marked: Array  # [S, marks, 4]
    weights: Array  # [A, Z + 1] share of zones in their area's common cost
    cost_zone: Array  # [Z + 1, 2] GBP so far
    cost_agency: Array  # [agencies + 1, years, 2]
    limits: Array  # [payers, years, 2] of an area: GBP cash, hours; payers: agencies, external, the whole
    claims: Array  # [A, payers, 2] of this month
    allowed: Array  # [A, payers, 2] to this month
    later: Array  # [A, payers] coaching and leaders' time of last month, if all had been paid


class World(NamedTuple):
    """Everybody and everything of one replicate. A step of the month takes by name the parts it needs."""

    actors: Actors
    people: People
    families: Families
    plan: PlanState
    books: Books


CHANGING = {
    "actors": ("areas", "queue", "sites", "settings", "teams", "leaders", "paid", "paid_hours", "left", "taken"),
    "plan": ("lever_table", "planned", "zone_table", "opened", "fired"),
    "books": ("marked", "cost_zone", "cost_agency", "later"),
}
"""Arrays that a replicate changes and the next needs as they were; columns of people and families are drawn again."""


PARAMETERS_RECORD = np.dtype(
    [(group, [(name, np.float64) for name in values._fields]) for group, values in Parameters()._asdict().items()],
    align=True,
)


def as_record(parameters: Parameters) -> Any:
    """The parameters as compiled months take them: a record with the same names, which steps read in place.

    A tuple of its 131 numbers would be copied to every step of every month.
    """
    return np.array([value for group in parameters for value in group], np.float64).view(PARAMETERS_RECORD)[0]


def records_of(own: Parameters, drawn: Sequence[dict[str, float]], fixed: Container[str]) -> Array:
    """Parameters of many replicates as records.

    Args:
        own: those of a replicate without a draw.
        drawn: drawn values of each replicate, by name; {}: none.
        fixed: names that keep their own value.
    """
    records = np.full(len(drawn), as_record(own))
    for name in dict.fromkeys(name for row in drawn for name in row if name not in fixed):
        group = REGISTRY[name].group
        mine = records[group][name]
        mine[:] = [row.get(name, own_value) for row, own_value in zip(drawn, mine.tolist(), strict=True)]
    return records


class Record(NamedTuple):
    """What a replicate writes down: one row for each month; shapes as in `sums.Ensemble` without its first axis."""

    counts: Array
    sums: Array
    area: Array
    family: Array


class Now(NamedTuple):
    """The month, and the key of this replicate's random numbers."""

    key: np.uint64
    month: int


class Span(NamedTuple):
    """Which months to run (`first` to before `last`), with which random numbers, and a flag that ends the run."""

    key: np.uint64
    first: int
    last: int
    stop: Array  # [1]
