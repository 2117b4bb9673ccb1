"""A scenario and its plan in plain sentences; nothing is run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from sim.counts import counted
from sim.declare import Parameter
from sim.organisation.arrays.compile import in_scope
from sim.organisation.codes import SITE_TYPES
from sim.organisation.organisation import Organisation
from sim.parameters import LEVERS, REGISTRY, UNCERTAINTIES
from sim.scenarios.differences import differences
from sim.scenarios.doubts import doubts
from sim.scenarios.plan import Plan, resolve
from sim.scenarios.scenario import Scenario
from sim.scenarios.surroundings import surroundings
from sim.scenarios.words import listed, measured, shown


def describe(scenario: Scenario, base: Scenario | None = None, organisation: Organisation | None = None) -> list[str]:
    """Describe a scenario: question, place, plan and events, choices or differences, and what is probably not meant.

    Args:
        scenario: the scenario.
        base: what to compare with (`files.base_of`); None lists every choice instead.
        organisation: the place it would run on; None leaves out what depends on it.

    Returns:
        Lines; a heading ends with a colon, what belongs to it is indented by two spaces.

    Raises:
        ScenarioError: the plan does not fit the organisation.
        OrganisationError: no site is within scope.
    """
    place = None if organisation is None else in_scope(organisation, scenario.scope)
    plan = None if place is None else resolve(scenario, place)
    title = f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name
    lines = [title, *([" ".join(scenario.description.split())] if scenario.description else []), ""]
    lines += [_horizon(scenario), *([_place_sentence(place)] if place is not None else []), ""]
    lines += _section("Plan", _zone_lines(scenario, plan, place), "No zone opens: no site is selected or trained.")
    lines += _section("Core teams founded later", [_with_note(t.sentence(), t.note) for t in scenario.core_teams])
    lines += _section("Events", [_with_note(e.sentence(), e.note) for e in scenario.events])
    lines += _section("Budget", scenario.budget.sentences())
    lines += _section("Around the teams", surroundings(scenario))
    if base is None:
        lines += _section("Choices", _choice_lines(scenario))
    else:
        lines += _section(
            f"Different from {base.name}", _difference_lines(base, scenario), "Nothing that affects the run."
        )
    lines += _section("Warnings", doubts(scenario, place))
    return lines[:-1]


def plan_lines(scenario: Scenario, organisation: Organisation | None = None) -> list[str]:
    """The scenario's zones, a sentence each; with the organisation, what each takes there."""
    place = None if organisation is None else in_scope(organisation, scenario.scope)
    return _zone_lines(scenario, None if place is None else resolve(scenario, place), place)


def lever_lines() -> list[str]:
    """Every lever with its words, allowed values, default, price and source: choices, then conditions."""
    choices = [_lever_line(n) for n, p in LEVERS.items() if not p.is_condition]
    conditions = [_lever_line(n) for n, p in LEVERS.items() if p.is_condition]
    return ["What people choose:", *choices, "", "Conditions, which nobody chooses or can buy:", *conditions]


def _lever_line(name: str) -> str:
    lever = LEVERS[name]
    told = f"{name}: {lever.about.words}; {lever.allowed()}; default {shown(name, lever.default)}"
    if not lever.is_condition:
        told += f"; {price_of(lever)}"
        told += (
            f"; {shown(name, lever.ceiling)} is the most that is plausible" if lever.about.ceiling is not None else ""
        )
    return f"{told} [{lever.about.source}]".replace(" ;", ";")


def price_of(lever: Parameter) -> str:
    """What a choice is paid with, in words."""
    if not lever.prices:
        return "a decision that takes no hours by itself"
    words = [f"{UNCERTAINTIES[n].about.words} ({shown(n, UNCERTAINTIES[n].default)})" for n in lever.prices]
    above = f", for what is above {shown(lever.name, lever.about.found)}" if lever.about.found > 0 else ""
    return f"paid with {' and '.join(words)}{above}"


def _section(heading: str, sentences: list[str], nothing: str = "") -> list[str]:
    if not sentences and not nothing:
        return []
    return [f"{heading}:", *(f"  {s}" for s in sentences or [nothing]), ""]


def _with_note(sentence: str, note: str) -> str:
    return f"{sentence} {note}" if note else sentence


def _horizon(scenario: Scenario) -> str:
    return f"It runs {counted(scenario.months, 'month')}; the practice is for sites of type {listed(scenario.scope)}."


def _place_sentence(place: Organisation) -> str:
    areas = (
        ""
        if len(place.areas) == 1
        else f" in {counted(len(place.areas), 'area')}, each applying the plan to its own sites"
    )
    counts = (counted(len(place.sites), "site"), counted(len(place.practitioners), "practitioner"))
    families = f"{counted(len(place.families), 'family', 'families')}"
    return f"On {place.name}: {listed([*counts, families])} within scope{areas}."


def _zone_lines(scenario: Scenario, plan: Plan | None, place: Organisation | None) -> list[str]:
    lines, before = [], ""
    for i, zone in enumerate(scenario.zones):
        here = "" if plan is None or place is None else f" {_here(i, plan, place)}"
        lines.append(_with_note(zone.sentence(before) + here, zone.note))
        before = zone.name
    return lines


def _here(zone: int, plan: Plan, place: Organisation) -> str:
    mine = plan.site_zone == zone
    if not mine.any():
        return "Here: no site."
    kinds = Counter(SITE_TYPES[t].replace("_", " ") for t in place.sites.type[mine])
    made_of = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    size = counted(int(mine.sum()), "site")
    if len(place.areas) > 1:
        counts = np.bincount(place.sites.area[mine], minlength=len(place.areas))
        return f"Here: {size}, {counts.min()} to {counts.max()} an area ({made_of})."
    alike = f"; {100 * plan.similarity[0, zone]:.0f} % similar to the zones before it" if zone > 0 else ""
    return f"Here: {size} ({made_of}){alike}."


def _difference_lines(base: Scenario, scenario: Scenario) -> list[str]:
    """A sentence a difference; the note of a group (the plan, the generated area) comes once, after its last one."""
    found = differences(base, scenario)
    groups = [d.key.split(".")[0] for d in found]
    lines = []
    for i, (difference, group) in enumerate(zip(found, groups, strict=True)):
        note = "" if group in groups[i + 1 :] else scenario.notes.get(group, "")
        lines.append(_with_note(f"{difference.sentence().removesuffix('.')}.", note))
    return lines


def _choice_lines(scenario: Scenario) -> list[str]:
    return [_with_note(sentence, note) for sentence, note in _choices(scenario)]


def _choices(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for name, value in (*scenario.levers.items(), *scenario.parameters.items()):
        about = REGISTRY[name].about
        yield f"{measured(about.words, shown(name, value), about.unit)}.", scenario.notes.get(name, "")
