"""The place as the engines see it: flat arrays, permanent ids, only sites within the scenario's scope."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import OrganisationError
from sim.organisation.arrays import identity
from sim.organisation.codes import AGENCIES, MANAGER, SITE_TYPES
from sim.organisation.organisation import Organisation

Array = NDArray[Any]


class Place(NamedTuple):
    """Organisation as arrays: A areas, S sites, N practitioners, F families, M leaders (int32/int64, float64, uint64,
    uint8).

    Practitioners are sorted by site (`staff_ptr`), families by site (`family_ptr`); NaN is drawn at month 0.
    """

    area_senior: Array  # [A, agencies] leader or -1
    area_group: Array  # [A] has a multi-agency group
    area_chair: Array  # [A] leader who chairs it or -1
    area_id: Array  # [A]
    queue_id: Array  # [A, agencies + 1]
    site_area: Array  # [S]
    site_agency: Array
    site_secondary: Array
    site_deprivation: Array
    site_manager: Array  # leader
    site_operational: Array  # leader or -1
    site_senior: Array  # leader or -1
    site_id: Array
    site_stage: Array  # today's state, -1 / NaN unknown
    site_fidelity: Array
    site_using: Array
    site_capacity: Array
    staff_ptr: Array  # [S + 1]
    family_ptr: Array  # [S + 1]
    person_site: Array  # [N]
    person_care: Array
    person_readiness: Array
    person_id: Array
    tie_ptr: Array  # [N + 1]
    tie_index: Array
    person_family_ptr: Array  # [N + 1] families of each
    person_family: Array
    family_person: Array  # [F]
    family_fifth: Array
    family_id: Array
    leader_level: Array  # [M]
    leader_agency: Array
    leader_site: Array
    leader_commitment: Array
    leader_id: Array
    leader_area_ptr: Array  # [M + 1] areas a leader serves
    leader_area_index: Array


def in_scope(organisation: Organisation, scope: tuple[str, ...]) -> Organisation:
    """Only the sites of the types the practice is for.

    Raises:
        OrganisationError: no site is left.
    """
    wanted = np.isin(organisation.sites.type, [SITE_TYPES.index(t) for t in scope])
    if not wanted.any():
        raise OrganisationError(
            organisation.name, [f"no site is of a type within scope ({', '.join(scope)}): add sites or widen the scope"]
        )
    return organisation if wanted.all() else organisation.select(wanted)


def compile_place(o: Organisation) -> Place:
    """Arrays of an organisation that is already within scope."""
    sites, people, families, leaders = o.sites, o.practitioners, o.families, o.leaders
    count = len(sites)
    owner = np.array([identity.text_hash(str(i)) for i in sites.ids], dtype=np.uint64)
    areas = np.array([identity.text_hash("area/" + a) for a in o.areas], dtype=np.uint64)
    persons = identity.agent_ids(owner[people.site], identity.PRACTITIONER, people.slot.astype(np.int64))
    households = identity.agent_ids(
        owner[people.site[families.practitioner]], identity.FAMILY, families.slot.astype(np.int64)
    )
    site_id = identity.agent_ids(owner, identity.SITE, np.zeros(count, np.int64))
    leader_id = np.array([identity.text_hash("leader/" + str(i)) for i in leaders.ids], dtype=np.uint64)
    identity.refuse_duplicates(o.name, persons, households, site_id, leader_id, areas)
    queues = np.stack(
        [identity.agent_ids(areas, identity.QUEUE, np.full(len(areas), k)) for k in range(len(AGENCIES) + 1)], 1
    )
    manager = np.full(count, -1, np.int32)
    is_manager = leaders.level == MANAGER
    manager[leaders.site[is_manager]] = np.flatnonzero(is_manager)
    served_ptr, served = _areas_served(o)
    return Place(
        area_senior=o.senior.astype(np.int32),
        area_group=o.group.astype(np.uint8),
        area_chair=_chairs(o.senior),
        area_id=areas,
        queue_id=queues,
        site_area=sites.area.astype(np.int32),
        site_agency=sites.agency.astype(np.int32),
        site_secondary=(sites.type == SITE_TYPES.index("secondary")).astype(np.uint8),
        site_deprivation=np.nan_to_num(sites.deprivation.astype(np.float64)),
        site_manager=manager,
        site_operational=leaders.reports_to[manager].astype(np.int32),
        site_senior=o.senior[sites.area, sites.agency].astype(np.int32),
        site_id=site_id,
        site_stage=sites.stage.astype(np.int32),
        site_fidelity=sites.fidelity.astype(np.float64),
        site_using=sites.using.astype(np.float64),
        site_capacity=sites.capacity.astype(np.float64),
        staff_ptr=_pointer(people.site, count),
        family_ptr=_pointer(people.site[families.practitioner], count),
        person_site=people.site.astype(np.int32),
        person_care=people.care.astype(np.uint8),
        person_readiness=people.readiness.astype(np.float64),
        person_id=persons,
        tie_ptr=people.tie_indptr.astype(np.int64),
        tie_index=people.tie_indices.astype(np.int32),
        person_family_ptr=_pointer(np.sort(families.practitioner), len(people)),
        person_family=np.argsort(families.practitioner, kind="stable").astype(np.int32),
        family_person=families.practitioner.astype(np.int32),
        family_fifth=families.fifth.astype(np.uint8),
        family_id=households,
        leader_level=leaders.level.astype(np.int32),
        leader_agency=leaders.agency.astype(np.int32),
        leader_site=leaders.site.astype(np.int32),
        leader_commitment=leaders.commitment.astype(np.float64),
        leader_id=leader_id,
        leader_area_ptr=served_ptr,
        leader_area_index=served,
    )


def _pointer(sorted_index: Array, count: int) -> Array:
    return np.searchsorted(sorted_index, np.arange(count + 1)).astype(np.int64)


def _chairs(senior: Array) -> Array:
    there = senior >= 0
    first = np.argmax(there, axis=1)
    chairs: Array = np.where(there.any(axis=1), senior[np.arange(len(senior)), first], -1).astype(np.int32)
    return chairs


def _areas_served(o: Organisation) -> tuple[Array, Array]:
    """Areas each leader serves as CSR: their own, or, for one who spans several, every area that names them senior."""
    rows: list[list[int]] = [[int(a)] if a >= 0 else [] for a in o.leaders.area]
    for area, agency in zip(*np.nonzero(o.senior >= 0), strict=True):
        row = rows[int(o.senior[area, agency])]
        if int(area) not in row:
            row.append(int(area))
    return (
        np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64),
        np.array([a for r in rows for a in r], dtype=np.int32),
    )
