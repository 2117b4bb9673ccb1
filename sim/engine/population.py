"""The population: agents made from a setup (the organisation and its teams), and tied to one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.agents.actor import Actor
from sim.agents.area import LocalArea
from sim.agents.external_support import ExternalSupport
from sim.agents.family import Family
from sim.agents.group import MultiAgencyGroup
from sim.agents.leader import Leader
from sim.agents.practitioner import Practitioner
from sim.agents.site import Site
from sim.agents.team import CoreTeam, LocalTeam
from sim.engine.setup import Setup
from sim.errors import ScenarioError

AgentClasses = Mapping[type[Actor], type[Actor]]
KINDS: tuple[type[Actor], ...] = (
    LocalArea, MultiAgencyGroup, Leader, ExternalSupport, CoreTeam, LocalTeam, Site, Practitioner, Family,
)  # fmt: skip


def chosen_classes(given: AgentClasses | None) -> dict[type[Actor], Any]:
    """The class to use for each kind of agent: its own, or the subclass given for it.

    Raises:
        ScenarioError: a key that is not a kind of agent, or a class that is not a subclass of its key.
    """
    classes: dict[type[Actor], Any] = {kind: kind for kind in KINDS}
    for kind, mine in (given or {}).items():
        if kind not in classes:
            known = ", ".join(k.__name__ for k in KINDS)
            raise ScenarioError(f"agent_classes: {kind!r} is not a kind of agent; use one of {known} as key.")
        if not (isinstance(mine, type) and issubclass(mine, kind)):
            raise ScenarioError(f"agent_classes: {mine!r} must be a subclass of {kind.__name__}.")
        classes[kind] = mine
    return classes


class Population:
    """All agents of a model in the order of their tables.

    Attributes:
        areas, groups, leaders, core_teams, local_teams, sites, practitioners, families: lists of agents.
        external_support: the experts from outside.
    """

    def __init__(self, model: Any, setup: Setup, classes: Mapping[type[Actor], Any]) -> None:
        self._model, self._setup, self._classes = model, setup, classes
        self.areas: list[LocalArea] = self._make_areas()
        self.groups: list[MultiAgencyGroup] = [area.group for area in self.areas]
        self.leaders: list[Leader] = self._make_leaders()
        self.external_support: ExternalSupport = classes[ExternalSupport](
            model, 0, taper=setup.course.external.tolist()
        )
        self.sites: list[Site] = self._make_sites()
        self.core_teams: list[CoreTeam] = []
        self.local_teams: list[LocalTeam] = []
        self._make_teams()
        self.practitioners: list[Practitioner] = self._make_practitioners()
        self.families: list[Family] = self._make_families()

    def _make_areas(self) -> list[LocalArea]:
        setup, place = self._setup, self._setup.place
        queues = np.arange(place.queue_id.size).reshape(place.queue_id.shape)
        areas = []
        for index, label in enumerate(setup.organisation.areas):
            area = self._classes[LocalArea](
                self._model,
                index,
                label=label,
                blocked=[bool(b) for b in setup.course.blocked[index]],
                similarity=setup.course.similarity[index].tolist(),
            )
            area.group = self._classes[MultiAgencyGroup](
                self._model, index, area=area, meets=bool(place.area_group[index]), rows=queues[index].tolist()
            )
            areas.append(area)
        return areas

    def _make_leaders(self) -> list[Leader]:
        place = self._setup.place
        edges, served = place.leader_area_ptr.tolist(), place.leader_area_index.tolist()
        columns = (place.leader_level, place.leader_agency, place.leader_commitment)
        leaders: list[Leader] = []
        for index, (level, agency, commitment) in enumerate(_rows(*columns)):
            areas = [self.areas[a] for a in served[edges[index] : edges[index + 1]]]
            leader = self._classes[Leader](
                self._model, index, level=level, agency=agency, areas=areas, given_commitment=commitment
            )
            for area in areas:
                area.leaders.append(leader)
            leaders.append(leader)
        for area, seniors, chair in zip(self.areas, place.area_senior.tolist(), place.area_chair.tolist(), strict=True):
            area.group.seniors = [leaders[i] if i >= 0 else None for i in seniors]
            area.group.chair = leaders[chair] if chair >= 0 else None
        return leaders

    def _make_sites(self) -> list[Site]:
        place, labels = self._setup.place, self._setup.organisation.sites.pseudonyms.tolist()
        names = (
            "area",
            "agency",
            "secondary",
            "deprivation",
            "manager",
            "operational",
            "senior",
            "stage",
            "fidelity",
            "using",
        )
        columns = [getattr(place, f"site_{name}").tolist() for name in names]
        sites: list[Site] = []
        for index, values in enumerate(zip(*columns, strict=True)):
            row = dict(zip(names, values, strict=True))
            site = self._classes[Site](
                self._model,
                index,
                label=labels[index],
                zone=int(self._setup.course.site_zone[index]),
                area=self.areas[row["area"]],
                agency=row["agency"],
                secondary=bool(row["secondary"]),
                deprivation=row["deprivation"],
                manager=self.leaders[row["manager"]],
                operational=self._leader(row["operational"]),
                senior=self._leader(row["senior"]),
                given_stage=row["stage"],
                given_fidelity=row["fidelity"],
                given_using=row["using"],
            )
            site.manager.site = site
            site.area.sites.append(site)
            sites.append(site)
        return sites

    def _leader(self, index: int) -> Leader | None:
        return self.leaders[index] if index >= 0 else None

    def _make_teams(self) -> None:
        t = self._setup.teams
        columns = (t.area, t.agencies, t.committee, t.resources, t.capacity)
        for index, (area, agencies, committee, resources, capacity) in enumerate(_rows(*columns)):
            traits = {
                "area": self.areas[area],
                "agencies": agencies,
                "committee": bool(committee),
                "resources": resources,
                "given_capacity": capacity,
            }
            if index < t.core_count:
                core = self._core_team(index, traits)
                core.area.core_teams.append(core)
                self.external_support.core_teams.append(core)
                self.core_teams.append(core)
            else:
                parent = self.core_teams[int(t.parent[index])]
                traits |= {"parent": parent, "zone": int(t.zone[index]), "staff": int(t.staff[index])}
                team = self._classes[LocalTeam](self._model, index, **traits)
                team.area.local_teams.append(team)
                parent.local_teams.append(team)
                team.sites = [self.sites[i] for i in t.site_index[t.site_ptr[index] : t.site_ptr[index + 1]]]
                self.local_teams.append(team)
        for site, own, core in zip(self.sites, t.of_site.tolist(), t.core_of_site.tolist(), strict=True):
            site.team = self.local_teams[own - t.core_count] if own >= 0 else None
            if core >= 0:
                site.core = self.core_teams[core]
                site.core.sites.append(site)

    def _core_team(self, index: int, traits: dict[str, Any]) -> CoreTeam:
        t = self._setup.teams
        own = {name: int(getattr(t, name)[index]) for name in ("own_size", "sharing", "founded")}
        core: CoreTeam = self._classes[CoreTeam](self._model, index, **own, **traits)
        core.taken = [self.sites[i] for i in t.taken_index[t.taken_ptr[index] : t.taken_ptr[index + 1]]]
        return core

    def _make_practitioners(self) -> list[Practitioner]:
        place, slots = self._setup.place, self._setup.organisation.practitioners.slot
        make, people = self._classes[Practitioner], []
        columns = (place.person_site, slots, place.person_care, place.person_readiness)
        for index, (where, slot, care, readiness) in enumerate(_rows(*columns)):
            site = self.sites[where]
            person = make(self._model, index, site=site, slot=slot, care=bool(care), given_readiness=readiness)
            site.staff.append(person)
            people.append(person)
        edges, ties = place.tie_ptr.tolist(), place.tie_index.tolist()
        for index, person in enumerate(people):
            person.ties = [people[k] for k in ties[edges[index] : edges[index + 1]]]
        for person, partners in zip(people, self._setup.partners.tolist(), strict=True):
            person.partners = [people[k] for k in partners if k >= 0]
        return people

    def _make_families(self) -> list[Family]:
        place = self._setup.place
        make, families = self._classes[Family], []
        for index, (who, fifth) in enumerate(_rows(place.family_person, place.family_fifth)):
            helper = self.practitioners[who]
            family = make(self._model, index, practitioner=helper, fifth=fifth)
            helper.site.families.append(family)
            families.append(family)
        return families


def _rows(*columns: Any) -> Any:
    return zip(*(column.tolist() for column in columns), strict=True)
