"""A zone opens in an area: in its month, or once the zone before it has come far enough."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.agents.actor import total
from sim.rules import family as family_rules
from sim.rules import site as rules
from sim.rules.rule import share

if TYPE_CHECKING:
    from sim.agents.area import LocalArea
    from sim.agents.site import Site


class ZoneState(NamedTuple):
    """Of one zone's sites in an area, as assessed."""

    full: float
    certified: float
    certified_of_started: float
    capacity: float


def state_of(area: LocalArea, zone: int | None) -> ZoneState:
    """How far the sites of a zone (None: all sites) have come."""
    sites = [site for site in area.sites if zone is None or site.zone == zone]
    started = [site for site in sites if site.started]
    measured = [site.assessed_capacity for site in started if not isnan(site.assessed_capacity)]
    return ZoneState(
        full=share(sum(site.stage == rules.FULL for site in sites), len(sites)),
        certified=share(certified_now(sites), len(sites)),
        certified_of_started=share(certified_now(started), len(started)),
        capacity=share(total(measured), len(measured)),
    )


def open_zones(area: LocalArea) -> None:
    """Zones open in their month, or once their gate is met, unless the year's budget has run short; their sites
    begin to explore.
    """
    for number, zone in enumerate(area.model.question.zones):
        if area.opened[number] < 0 and not area.blocked[number] and zone_due(area, number, zone):
            if area.purse.year_short:
                continue
            area.opened[number] = area.model.month
            area.note(f"zone '{zone.name}' opened")
            for site in area.sites:
                if site.zone == number and site.stage == rules.NOT_ENGAGED:
                    site.enter(rules.EXPLORATION)


def zone_due(area: LocalArea, number: int, zone: Any) -> bool:
    """Is it time for a zone: its month, its gate, or the latest month?"""
    month: int = area.model.month
    if zone.opens is not None:
        return month >= int(zone.opens)
    if zone.latest is not None and month >= zone.latest:
        return True
    earlier = area.model.earlier_zone(number)
    if earlier is None or area.opened[earlier] < 0:
        return False
    state = state_of(area, earlier)
    met = rules.gate_met(state.certified_of_started, state.capacity, zone.gate.certified, zone.gate.capacity)
    return met and (zone.gate.outcome is None or benefit_shown(area, earlier, zone.gate.outcome))


def benefit_shown(area: LocalArea, zone: int, needed: float) -> bool:
    """Do a zone's own outcome data show the benefit that a gate asks for? Their error shrinks with numbers."""
    families = [family for site in area.sites if site.zone == zone for family in site.families]
    reached = sum(family.reached for family in families)
    if reached == 0:
        return False
    benefit = family_rules.mean_benefit(sum(family.benefit for family in families), reached)
    uniforms = area.model.uniforms.of_outcome(zone, area.index)
    seen = rules.outcome_seen(area.model.parameters.site, benefit, reached, *uniforms)
    area.note(f"its zone's own data show a benefit of {seen:.2f} SD; the gate asks for {needed:.2f}")
    return rules.outcome_met(seen, needed)


def certified_now(sites: list[Site]) -> int:
    """How many of these sites are certified."""
    return sum(site.certified for site in sites)
