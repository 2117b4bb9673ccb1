"""Building the world: fixed traits are laid in from a setup; `phases.start` draws the rest in every replicate."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.setup import Course, Setup
from sim.engine.sums import AREA, COUNTS, FAMILY, MARKED, MARKS, SUMS
from sim.engine.world import (
    AREA_RECORD,
    BLOCK,
    EVENT_RECORD,
    FAMILY_KINDS,
    HOME_RECORD,
    INITIATIVE_RECORD,
    LEADER_RECORD,
    LEVER_RECORD,
    MONTHS,
    SETTING_RECORD,
    SITE_RECORD,
    TEAM_RECORD,
    USABILITY_START,
    ZONE_LEVER_RECORD,
    ZONE_RECORD,
    Actors,
    Array,
    Books,
    Families,
    People,
    PlanState,
    Record,
    World,
)
from sim.levers import Levers, ZoneLevers
from sim.organisation.codes import AGENCIES, FIFTHS
from sim.rules.budget import KEPT


def build(setup: Setup, block: int = BLOCK) -> World:
    """The world before anything was drawn; `phases.start` draws the rest. `block`: families gone through at a time."""
    areas = len(setup.place.area_id)
    table, planned = (np.tile(setup.levers, (areas, 1)) for _ in range(2))
    of_area = setup.levers[[Levers._fields.index(name) for name in ZoneLevers._fields]]
    own = setup.course.zone_levers
    by_zone = np.tile(np.where(np.isnan(own), of_area, own), (areas, 1, 1))
    return World(
        actors=_actors(setup, table, planned, by_zone),
        people=_people(setup),
        families=_families(setup, block),
        plan=_plan(setup, table, planned, by_zone),
        books=_books(setup),
    )


def _actors(setup: Setup, table: Array, chosen: Array, by_zone: Array) -> Actors:
    place = setup.place
    areas, sites = len(place.area_id), len(place.site_id)
    levers, planned = (one.view(LEVER_RECORD).reshape(areas) for one in (table, chosen))
    settings = np.full((3, sites, len(SETTING_RECORD.names or ())), np.nan)
    met, best, worst = (one.view(SETTING_RECORD).reshape(sites) for one in settings)
    return Actors(
        areas=_areas(setup),
        area_senior=place.area_senior,
        queue=np.zeros((areas, len(AGENCIES) + 1), np.int32),
        queue_id=place.queue_id,
        levers=levers,
        planned=planned,
        zone_levers=by_zone.view(ZONE_LEVER_RECORD).reshape(by_zone.shape[:2]),
        paid=np.ones((areas, len(AGENCIES) + 1, 2)),
        paid_hours=np.ones((areas, len(AGENCIES) + 1)),
        limited=int(np.isfinite(setup.course.limits).any()),
        left=np.full((areas, len(setup.course.limits), 2), np.inf),
        taken=np.zeros((areas, len(setup.course.limits), 2)),
        sites=_sites(setup),
        met=met,
        best=best,
        worst=worst,
        settings=settings,
        teams=_teams(setup),
        core_count=setup.teams.core_count,
        team_sites=setup.teams.site_index,
        handed_over=setup.teams.taken_index,
        leaders=_leaders(setup),
        leader_areas=place.leader_area_index,
        between=np.zeros((areas, len(AGENCIES))),
        load=np.zeros((areas, len(AGENCIES))),
    )


def _plan(setup: Setup, table: Array, planned: Array, by_zone: Array) -> PlanState:
    plan = setup.course
    areas, zones, events = len(table), len(plan.opens), len(plan.event_month)
    return PlanState(
        lever_table=table,
        planned=planned,
        zone_table=by_zone,
        zones=_zones(plan),
        opened=np.full((areas, zones), -1, np.int32),
        blocked=plan.blocked,
        similarity=plan.similarity,
        events=_events(plan),
        fired=np.zeros((areas, events), np.uint8),
        change_lever=plan.event_lever,
        change_value=plan.event_value,
        change_zone=plan.event_where,
        change_place=plan.event_place,
        external_end=plan.external_end,
        taper=plan.external,
        relationship=np.zeros((areas, len(AGENCIES), len(AGENCIES))),
        initiatives=_filled(
            INITIATIVE_RECORD,
            len(plan.initiative_agency),
            agency=plan.initiative_agency,
            load=plan.initiative_load,
            overlap=plan.initiative_overlap,
            first=plan.initiative_first,
            last=plan.initiative_last,
        ),
    )


def _books(setup: Setup) -> Books:
    areas, sites, zones = len(setup.place.area_id), len(setup.place.site_id), len(setup.course.opens)
    years = max(1, -(-setup.months // 12))
    limits = setup.course.limits
    payers = (areas, len(limits), 2)
    return Books(
        marked=np.full((sites, len(MARKS), len(MARKED)), np.nan),
        weights=np.zeros((areas, zones + 1)),
        cost_zone=np.zeros((zones + 1, 2)),
        cost_agency=np.zeros((len(AGENCIES) + 1, years, 2)),
        limits=limits * KEPT,
        claims=np.zeros(payers),
        allowed=np.full(payers, np.inf),
        later=np.zeros(payers[:2]),
    )


def _filled(kind: np.dtype[Any], count: int, **columns: Array) -> Array:
    table = np.zeros(count, kind)
    for name, values in columns.items():
        table[name] = values
    return table


def _zones(course: Course) -> Array:
    return _filled(
        ZONE_RECORD,
        len(course.opens),
        opens=course.opens,
        gate_certified=course.gate[:, 0],
        gate_capacity=course.gate[:, 1],
        gate_outcome=course.gate_outcome,
        gate_of=course.gate_of,
        latest=course.latest,
    )


def _events(course: Course) -> Array:
    return _filled(
        EVENT_RECORD,
        len(course.event_month),
        month=course.event_month,
        measure=course.event_measure,
        zone=course.event_zone,
        threshold=course.event_threshold,
        first_change=course.event_ptr[:-1],
        last_change=course.event_ptr[1:],
        leaves=course.event_leaves,
        agency=course.event_agency,
        withdraws=course.event_withdraws,
    )


def _areas(setup: Setup) -> Array:
    place = setup.place
    count = len(place.area_id)
    edges = np.searchsorted(place.site_area, np.arange(count + 1))
    return _filled(
        AREA_RECORD,
        count,
        id=place.area_id,
        has_group=place.area_group,
        chair=place.area_chair,
        first_site=edges[:-1],
        last_site=edges[1:],
        usability=np.full(count, setup.levers[USABILITY_START]),
        support_ended=np.full(count, -1),
        paid_cash=np.ones(count),
        paid_time=np.ones(count),
    )


def _sites(setup: Setup) -> Array:
    place, teams = setup.place, setup.teams
    never, unknown = np.full(len(place.site_id), -1), np.full(len(place.site_id), np.nan)
    return _filled(
        SITE_RECORD,
        len(place.site_id),
        id=place.site_id,
        area=place.site_area,
        agency=place.site_agency,
        secondary=place.site_secondary,
        deprivation=place.site_deprivation,
        manager=place.site_manager,
        operational=place.site_operational,
        senior=place.site_senior,
        zone=setup.course.site_zone,
        team=teams.of_site,
        core=teams.core_of_site,
        first_person=place.staff_ptr[:-1],
        last_person=place.staff_ptr[1:],
        first_family=place.family_ptr[:-1],
        last_family=place.family_ptr[1:],
        given_stage=place.site_stage,
        given_fidelity=place.site_fidelity,
        given_using=place.site_using,
        **dict.fromkeys(MONTHS, never),
        certified_at_36=never,
        kept=never,
        assessed_fidelity=unknown,
        assessed_share=unknown,
        assessed_capacity=unknown,
    )


def _people(setup: Setup) -> People:
    place = setup.place
    n = len(place.person_id)
    return People(
        id=place.person_id,
        site=place.person_site,
        care=place.person_care,
        given_readiness=place.person_readiness,
        tie_ptr=place.tie_ptr,
        tie_index=place.tie_index,
        partners=setup.partners,
        family_ptr=place.person_family_ptr,
        family_index=place.person_family,
        **_zeros(n, np.uint8, "aware trained using ever_used used open flag"),
        **_zeros(n, np.float64, "skill level readiness fidelity partner skilled relied"),
        **_zeros(n, np.int32, "peers flips joined taught waiting leaving moving"),
        **_zeros(n + 1, np.int32, "due"),
        **_zeros(n, np.uint32, "limits"),
        **_zeros(-(-n // 64), np.uint64, "marks"),
    )


def _zeros(count: int, kind: Any, names: str) -> dict[str, Array]:
    """Columns of one kind, by name."""
    return {name: np.zeros(count, kind) for name in names.split()}


def _families(setup: Setup, block: int) -> Families:
    place = setup.place
    n = len(place.family_id)
    return Families(
        id=place.family_id,
        home=_filled(HOME_RECORD, n, person=place.family_person, fifth=place.family_fifth),
        **_zeros(-(-n // 64), np.uint64, "marks"),
        **_zeros(n, np.uint32, "limits"),
        **_zeros(block + 1, np.int32, "due"),
        **_zeros(block, np.int32, "person"),
        order=np.zeros((FAMILY_KINDS, block), np.int32),
        **_zeros(FAMILY_KINDS, np.uint64, "lengths"),
        **_zeros(block, np.uint64, "bits"),
        **_zeros(block, np.float64, "practice"),
        **_zeros(FIFTHS, np.float64, "arises prevalence"),
        tally=np.zeros((len(setup.course.opens) + 1, FIFTHS, len(FAMILY)), np.int64),
    )


def _teams(setup: Setup) -> Array:
    t = setup.teams
    return _filled(
        TEAM_RECORD,
        len(t.area),
        id=t.id,
        area=t.area,
        zone=t.zone,
        parent=t.parent,
        own_size=t.own_size,
        sharing=t.sharing,
        most_agencies=t.agencies,
        agencies=t.agencies,
        committee=t.committee,
        resources=t.resources,
        staff=t.staff,
        given_capacity=t.capacity,
        first_site=t.site_ptr[:-1],
        last_site=t.site_ptr[1:],
        paid=np.ones(len(t.area)),
        founded=t.founded,
        first_taken=t.taken_ptr[:-1],
        last_taken=t.taken_ptr[1:],
    )


def _leaders(setup: Setup) -> Array:
    place = setup.place
    return _filled(
        LEADER_RECORD,
        len(place.leader_id),
        id=place.leader_id,
        level=place.leader_level,
        agency=place.leader_agency,
        site=place.leader_site,
        given_commitment=place.leader_commitment,
        first_area=place.leader_area_ptr[:-1],
        last_area=place.leader_area_ptr[1:],
        in_post_since=np.full(len(place.leader_id), -24),
    )


def new_record(setup: Setup) -> Record:
    """Room for the months of one replicate."""
    rows, zones = setup.months + 1, len(setup.course.opens) + 1
    return Record(
        counts=np.zeros((rows, zones, len(COUNTS)), np.int64),
        sums=np.zeros((rows, zones, len(SUMS)), np.float64),
        area=np.zeros((rows, len(AREA)), np.float64),
        family=np.zeros((rows, zones, FIFTHS, len(FAMILY)), np.int64),
    )
