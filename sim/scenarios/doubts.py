"""What is allowed in a scenario but probably not meant: one check for each function, each yielding whole sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.counts import counted
from sim.levers import Levers
from sim.organisation.codes import AGENCIES
from sim.organisation.organisation import Organisation
from sim.rules import team as rules
from sim.scenarios.events import LeadersLeave, SupportWithdrawn
from sim.scenarios.plan import Plan, core_teams, core_teams_in_all, resolve
from sim.scenarios.scenario import Scenario
from sim.scenarios.words import listed, number, shown

CERTIFICATION_MONTHS = 12
"""Least time from a zone's opening to a certified site: two assessments in a row, the first after six months."""

_SHOWN_AREAS = 3


def doubts(scenario: Scenario, organisation: Organisation | None = None) -> list[str]:
    """Sentences on what can be run but is probably not meant, which `describe` prints as warnings; [] where nothing is.

    Args:
        scenario: the scenario.
        organisation: the place, already within the scenario's scope (`organisation.compile.in_scope`); None leaves out
            what depends on it.

    Raises:
        ScenarioError: the plan does not fit the organisation.
    """
    plan = None if organisation is None else resolve(scenario, organisation)
    checks = (_zones, _gates, _teams, _training, _support, _founded, _events, _around)
    found = [sentence for check in checks for sentence in check(scenario)]
    found += [*_shared(scenario, organisation), *_crowded(scenario, plan, organisation)]
    if plan is not None and organisation is not None:
        found += [*plan.warnings, *_blocked(plan, organisation), *_nobody_leaves(scenario, organisation)]
    return found


def earliest_openings(scenario: Scenario) -> list[int | None]:
    """The first month each zone can possibly open in, None where it never can.

    A gate on certified sites takes at least CERTIFICATION_MONTHS from the earlier zone's opening; without local teams
    no local capacity is reached.
    """
    months: list[int | None] = []
    names = [z.name for z in scenario.zones]
    for i, zone in enumerate(scenario.zones):
        if zone.gate is None:
            months.append(zone.opens)
            continue
        start = months[names.index(zone.gate.of) if zone.gate.of else i - 1]
        met = None if start is None or _no_way_through(scenario, i) else start + _wait(scenario, i)
        possible = [m for m in (met, zone.latest) if m is not None]
        months.append(min(possible) if possible else None)
    return months


def _wait(scenario: Scenario, zone: int) -> int:
    gate = scenario.zones[zone].gate
    return CERTIFICATION_MONTHS if gate is not None and gate.certified > 0 else 0


def _teams_kind(levers: Levers) -> str:
    return shown("teams", levers.teams)


def _no_way_through(scenario: Scenario, zone: int) -> str:
    """Why the zone's gate can never be met, '' where it can."""
    gate, kind = scenario.zones[zone].gate, _teams_kind(scenario.lever_values())
    if gate is None or (gate.certified <= 0 and gate.capacity <= 0):
        return ""
    if kind == "none":
        return "there are no teams whose work it could read"
    if kind != "core+local" and gate.capacity > 0:
        return f"teams = {kind} has no local teams whose capacity it could read"
    return ""


def _zones(scenario: Scenario) -> Iterator[str]:
    for zone, month in zip(scenario.zones, earliest_openings(scenario), strict=True):
        if month is not None and month > scenario.months:
            yield (
                f"Zone '{zone.name}' cannot open before month {month}, "
                f"after the {counted(scenario.months, 'month')} that are run: nobody reaches it."
            )
        elif month is not None and month + CERTIFICATION_MONTHS > scenario.months:
            yield (
                f"Zone '{zone.name}' opens in month {month} at the earliest, "
                f"less than {CERTIFICATION_MONTHS} months before the end: none of its sites can be certified in time."
            )


def _gates(scenario: Scenario) -> Iterator[str]:
    earliest, names = earliest_openings(scenario), [z.name for z in scenario.zones]
    for i, zone in enumerate(scenario.zones):
        if zone.gate is None:
            continue
        gate, reason = f"The gate of zone '{zone.name}'", _no_way_through(scenario, i)
        before = names.index(zone.gate.of) if zone.gate.of else i - 1
        start = earliest[before]
        if not reason and start is None:
            reason = f"zone '{names[before]}' never opens"
        if reason and zone.latest is None:
            yield f"{gate} can never be met ({reason}), and no latest month opens the zone."
        elif reason:
            yield f"{gate} can never be met ({reason}); it opens in month {zone.latest} all the same."
        elif start is not None and zone.latest is not None and zone.latest < start + _wait(scenario, i):
            yield (
                f"{gate} decides nothing: it opens in month {zone.latest} at the latest, "
                f"before zone '{names[before]}' can have a certified site (month {start + _wait(scenario, i)})."
            )


def _teams(scenario: Scenario) -> Iterator[str]:
    levers = scenario.lever_values()
    kind = _teams_kind(levers)
    if kind == "none":
        if scenario.core_teams:
            yield "teams = none: no core team is founded later either."
        if levers.coaching > 0:
            yield f"coaching is {number(levers.coaching)}, but there are no teams to coach."
        if levers.external_level > 0:
            yield f"external_level is {number(levers.external_level)}, but there is no core team to support."
        if levers.peer_network > 0:
            yield f"peer_network is {number(levers.peer_network)}, but there are no teams to form a network."
    elif not scenario.zones:
        yield f"teams = {kind}, but the plan has no zone for them to work in."
    if kind == "core+local" and levers.released_time == 0:
        yield "released_time is 0: core and local teams exist, but none of their members has time for the work."


def _training(scenario: Scenario) -> Iterator[str]:
    levers = scenario.lever_values()
    trained, kind = levers.training > 0, _teams_kind(levers)
    coached = levers.coaching > 0 or any(zone.coaching for zone in scenario.zones)
    if scenario.zones and trained and not _coaches_bought(levers) and (kind == "none" or not coached):
        why = "there are no teams" if kind == "none" else "coaching is 0"
        yield f"People are trained and nobody coaches them ({why}): few will use what they learned."
    if scenario.zones and not trained:
        yield "Zones open but training is none: nobody at their sites is trained."
    if trained and not scenario.zones:
        yield f"training is {shown('training', levers.training)}, but no zone opens in which anybody would be trained."
    if levers.mandate > 0 and not trained:
        yield f"mandate is {number(levers.mandate)} but training is none: use is required of untrained people."


def _support(scenario: Scenario) -> Iterator[str]:
    levers = scenario.lever_values()
    if not _supported(scenario) or _teams_kind(levers) == "none":
        return
    begin, end = int(levers.external_start), int(levers.external_end)
    openings = [m for m in earliest_openings(scenario) if m is not None]
    if end <= begin:
        yield f"External support ends in month {end}, not after it begins (month {begin}): there is none."
    elif openings and end <= min(openings):
        yield f"External support ends in month {end}, before the first zone opens (month {min(openings)})."
    elif begin > scenario.months:
        yield f"External support begins in month {begin}, after the {counted(scenario.months, 'month')} that are run."


def _supported(scenario: Scenario) -> bool:
    """Is there any external support at first, in the area or for a zone?"""
    return scenario.lever_values().external_level > 0 or any(zone.external_level for zone in scenario.zones)


def _founded(scenario: Scenario) -> Iterator[str]:
    opens = dict(zip((z.name for z in scenario.zones), earliest_openings(scenario), strict=True))
    for team in scenario.core_teams:
        if team.founded > scenario.months:
            yield (
                f"A core team is founded in month {team.founded}, after the {counted(scenario.months, 'month')} that "
                "are run."
            )
        elif not scenario.zones:
            yield f"A core team is founded in month {team.founded}, but the plan has no zone that it could take over."
        never = [name for name in team.zones if opens[name] is None]
        if never:
            yield f"The core team founded in month {team.founded} takes over zone '{never[0]}', which never opens."


def _events(scenario: Scenario) -> Iterator[str]:
    opens = dict(zip((z.name for z in scenario.zones), earliest_openings(scenario), strict=True))
    for event in scenario.events:
        if event.month is not None and event.month > scenario.months:
            yield (
                f"'{event.name}' falls in month {event.month}, after the {counted(scenario.months, 'month')} that "
                "are run."
            )
        if event.condition is not None and event.condition.zone:
            month = opens[event.condition.zone]
            if month is None or month > scenario.months:
                yield f"'{event.name}' waits for zone '{event.condition.zone}', which does not open within the run."
        if event.effect(SupportWithdrawn) and not _supported(scenario):
            yield f"'{event.name}' withdraws external support, but there is none (external_level is 0)."


def _coaches_bought(levers: Levers) -> bool:
    return levers.budget > 0 and levers.budget_training + levers.budget_posts < 1


def _around(scenario: Scenario) -> Iterator[str]:
    """Levers of the surroundings that do nothing without another."""
    levers = scenario.lever_values()
    set_by_event = {name for event in scenario.events for name in event.levers}
    needs = {"neutral_partner": "relationships", "data_linkage": "displacement", "budget_training": "budget"}
    for name, other in needs.items():
        if getattr(levers, name) > 0 and getattr(levers, other) == 0 and other not in set_by_event:
            yield f"{name} is {number(getattr(levers, name))}, but does nothing while {other} is 0."
    if levers.budget_training + levers.budget_posts > 1:
        yield "budget_training and budget_posts come to more than 1: training is paid first, posts with what is left."
    if levers.alignment_work > 0 and _teams_kind(levers) == "none":
        yield f"alignment_work is {number(levers.alignment_work)}, but there is no core team to do it."
    for initiative in scenario.initiatives:
        if initiative.begins > scenario.months:
            yield (
                f"'{initiative.name}' begins in month {initiative.begins}, after the "
                f"{counted(scenario.months, 'month')} run."
            )


def _shared(scenario: Scenario, organisation: Organisation | None) -> Iterator[str]:
    """External teams that have more core teams to support than they can."""
    levers, parameters = scenario.lever_values(), scenario.parameter_values()
    if organisation is None or levers.external_teams == 0 or not _supported(scenario) or _teams_kind(levers) == "none":
        return
    cores, teams = core_teams_in_all(levers, organisation), int(levers.external_teams)
    places = parameters.team.external_span * teams
    if cores > places:
        yield (
            f"{counted(cores, 'core team')} share {counted(teams, 'external support team')} with places for "
            f"{number(round(places, 1))}: each gets {places / cores:.0%} of the support planned. "
            f'external_teams = "as core teams need" supports all of them, at £{parameters.cost.external_cash:,.0f} a '
            "month each."
        )


def _crowded(scenario: Scenario, plan: Plan | None, organisation: Organisation | None) -> Iterator[str]:
    levers, team = scenario.lever_values(), scenario.parameter_values().team
    kind = _teams_kind(levers)
    if kind == "none":
        return
    most = 0 if organisation is None else int(np.bincount(organisation.sites.area).max())
    cores = core_teams(levers, most)
    everywhere = cores if organisation is None else core_teams_in_all(levers, organisation)
    opens = earliest_openings(scenario)
    earlier = 0
    for i, zone in enumerate(scenario.zones):
        later = [t.size or int(levers.core_team_size) for t in scenario.core_teams if t.founded <= (opens[i] or 0)]
        people = int(levers.core_team_size * cores) + sum(later)
        hands = rules.hands(team, 1 + len(later) if kind == "lead" else people, kind == "committee", 1.0)
        level = zone.own_levers().get("external_level", levers.external_level)
        together = rules.core_teams_each(everywhere + len(later), levers.external_teams)
        external = rules.external_attention(team, level, together)
        size = _largest(plan, organisation, i) if plan is not None and organisation is not None else max(0, zone.size)
        mentors = earlier * rules.mentors(team, 1.0, levers.mentoring) if kind == "core+local" else 0.0
        places = rules.places(team, 1.0, external, hands) + mentors
        if size > places:
            yield (
                f"Zone '{zone.name}' brings on {counted(size, 'site')} at once; with teams = {kind} there are places "
                f"for about {number(round(places, 1))} at a time even at full capacity: all get less support, or wait."
            )
        earlier += size


def _largest(plan: Plan, organisation: Organisation, zone: int) -> int:
    """Sites of the zone in the area that has most of them."""
    counts = np.bincount(organisation.sites.area[plan.site_zone == zone], minlength=1)
    return int(counts.max())


def _blocked(plan: Plan, organisation: Organisation) -> Iterator[str]:
    for zone, name in enumerate(plan.zones):
        reasons: dict[str, list[str]] = {}
        for area, area_name in enumerate(organisation.areas):
            if plan.blocked[area, zone]:
                reasons.setdefault(listed(plan.missing[area][zone]), []).append(area_name)
        for missing, areas in reasons.items():
            more = f" and {counted(len(areas) - _SHOWN_AREAS, 'more area')}" if len(areas) > _SHOWN_AREAS else ""
            yield f"Zone '{name}' cannot open in {', '.join(areas[:_SHOWN_AREAS])}{more}: missing {missing}."


def _nobody_leaves(scenario: Scenario, organisation: Organisation) -> Iterator[str]:
    for event in scenario.events:
        leave = event.effect(LeadersLeave)
        if leave is None or leave.level != "senior" or not leave.agency:
            continue
        if not (organisation.senior[:, AGENCIES.index(leave.agency)] >= 0).any():
            agency = leave.agency.replace("_", " ")
            yield f"'{event.name}': {organisation.name} has no senior leader of {agency}, so nobody leaves."
