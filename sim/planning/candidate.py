"""One plan in canonical form, and the scenario that it stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.organisation.organisation import Organisation
from sim.planning.begun import NOT_BEGUN, Begun
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import Scenario, Zone

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
KEY_LENGTH = 16


@dataclass(frozen=True, order=True)
class PlannedZone:
    """One zone of a plan.

    Attributes:
        opens: month in which it opens.
        sites: its sites by pseudonym, sorted.
        resources: times the usual that its local teams have.
    """

    opens: int
    sites: tuple[str, ...]
    resources: float = 1.0


@dataclass(frozen=True)
class Candidate:
    """A plan: zones in the order in which they open, levers by name.

    Attributes:
        zones: none empty, none sharing a site; `candidate` puts them in order.
        levers: name and stored value of each searched lever, sorted by name.
        verbatim: name of a scenario that is run as it stands, '' for a plan that is made of the two above.
    """

    zones: tuple[PlannedZone, ...]
    levers: tuple[tuple[str, float], ...] = ()
    verbatim: str = ""

    @cached_property
    def key(self) -> str:
        """Digest of all that it is; equal for equal plans."""
        data = [[[z.opens, list(z.sites), z.resources] for z in self.zones], [list(x) for x in self.levers]]
        text = json.dumps([*data, self.verbatim], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]

    @property
    def sites(self) -> tuple[str, ...]:
        """All its sites."""
        return tuple(site for zone in self.zones for site in zone.sites)

    def lever(self, name: str) -> float:
        """The value of a searched lever."""
        return dict(self.levers)[name]

    def with_levers(self, **values: float) -> Candidate:
        """The plan with other values of levers."""
        return candidate(self.zones, {**dict(self.levers), **values})

    def with_zones(self, zones: Iterable[PlannedZone]) -> Candidate:
        """The plan with other zones."""
        return candidate(zones, dict(self.levers))


def candidate(zones: Iterable[PlannedZone], levers: Mapping[str, float]) -> Candidate:
    """The canonical plan: empty zones left out, sites sorted, zones in order of opening, then of their sites."""
    tidy = (replace(z, sites=tuple(sorted(z.sites))) for z in zones if z.sites)
    return Candidate(tuple(sorted(tidy)), tuple(sorted((n, float(v)) for n, v in levers.items())))


def to_scenario(plan: Candidate, base: Scenario, name: str, begun: Begun = NOT_BEGUN) -> Scenario:
    """The scenario that runs the plan: the base with the plan's zones and levers.

    Args:
        plan: not one that is run verbatim.
        base: everything else is taken from it; its zones go, and with them the notes on what is replaced.
        name: of the scenario.
        begun: what is fixed of a plan that has begun.
    """
    zones = tuple(
        Zone(name=zone_name(len(begun.zones) + i), sites=zone.sites, opens=zone.opens, resources=zone.resources)
        for i, zone in enumerate(plan.zones)
    )
    replaced = {"zones", "months", *dict(plan.levers)}
    return replace(
        begun.carried_on(base, zones, dict(plan.levers)),
        name=name,
        title="",
        description="",
        base=base.name,
        notes={k: v for k, v in base.notes.items() if k not in replaced},
    )


def zone_name(position: int) -> str:
    """What the zone at a position is called."""
    return f"{ORDINALS[position]} zone" if position < len(ORDINALS) else f"zone {position + 1}"


def from_scenario(
    scenario: Scenario, place: Organisation, levers: Iterable[str], begun: Begun = NOT_BEGUN
) -> Candidate:
    """The plan nearest to a scenario: its zones as they fall on the organisation, gates at their latest month.

    Args:
        scenario: any; a zone that only a gate can open is taken to open in a quarter of its horizon.
        place: the organisation within scope.
        levers: names of the levers that are searched.
        begun: what is fixed of a plan that has begun, and so no longer chosen.

    Raises:
        ScenarioError: its zones cannot be laid on the organisation.
    """
    laid = resolve(scenario, place)
    names = place.sites.pseudonyms
    zones = []
    for index, zone in list(enumerate(scenario.zones))[len(begun.zones) :]:
        mine = names[np.flatnonzero(laid.site_zone == index)]
        opens = zone.opens if zone.opens is not None else zone.latest
        month = scenario.months // 4 if opens is None else opens
        zones.append(PlannedZone(month, tuple(str(s) for s in mine), zone.resources))
    values = scenario.lever_values()
    return candidate(zones, {name: getattr(values, name) for name in levers})
