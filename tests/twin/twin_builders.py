"""What tests of the second model share: lively scenarios, small places, and where the two models differ."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import plain_month
from plain_count import STAGE_NAMES, generation_of

from sim.engine.batch import simulate
from sim.engine.diary import DIARIES
from sim.engine.setup import prepare
from sim.engine.sums import AREA, COUNTS, FAMILY, MARKED, MARKS, SUMS
from sim.organisation.generate import synthetic
from sim.parameters import Parameters
from sim.scenarios.events import Condition, Event, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.scenario import FurtherCoreTeam, Gate, Initiative, Scenario, Zone

EAGER = {
    "readiness_mean": 0.7, "awareness_engaged": 0.5, "start_support": 1.2, "level_mean": 0.9, "capacity_growth": 0.35,
    "capacity_start_core": 0.3, "commitment_mean": 0.8, "select": 2.0, "install": 0.5, "barrier_mean": 0.12,
    "system_barrier": 0.1, "cycle_months": 1.0, "raise_barrier": 0.9, "offer": 2.0, "fidelity_criterion": 0.7,
    "identify_practice": 0.5, "atrophy": 0.6, "turnover": 0.25, "member_turnover": 0.3, "barrier_return": 0.01,
    "mentor_places": 2.0, "lapse": 0.03, "assess_sample": 4.0, "staff_per_member": 5.0,
}  # fmt: skip
EVERYTHING = {
    "teams": 4.0, "training": 3.0, "coaching": 1.0, "engagement_group": 0.7, "engagement_senior": 0.9,
    "engagement_manager": 0.9, "communication": 0.9, "data_lag_months": 1.0, "external_level": 1.0,
    "external_taper": 0.1, "mandate": 0.5, "peer_network": 0.6, "alignment": 0.7,
}  # fmt: skip
ZONES = (
    Zone("first", count=5, opens=0),
    Zone("second", count=3, gate=Gate(0.3, 0.2), latest=30),
    Zone("third", choose=2, opens=10, resources=1.5),
)
EVENTS = (
    Event("cut", 25, (LeversChange({"released_time": 0.3, "coaching": 0.1, "turnover_factor": 3.0}),)),
    Event("drive", Condition("full_share", 0.2, "first"), (LeversChange({"initiative_load": 0.8}),)),
    Event("proud", Condition("certified_share", 0.2), (LeversChange({"mandate": 0.0}),)),
    Event("able", Condition("capacity_core", 0.4), (LeversChange({"external_level": 0.5}),)),
    Event("local", Condition("capacity_local", 0.2, "second"), (LeversChange({"peer_network": 1.0}),)),
    Event("heads go", 15, (LeadersLeave("manager", "education"),)),
    Event("health chief goes", 15, (LeadersLeave("senior", "health"),)),
    Event("alone", 18, (SupportWithdrawn(),)),
)


def lively(**changed) -> Scenario:
    """A scenario in which every rule has something to do; `changed` levers."""
    return Scenario("lively", months=40, levers=EVERYTHING | changed, parameters=EAGER, zones=ZONES, events=EVENTS)


@cache
def place(areas=1, sites=10, seed=0, families=25):
    settings = {"sites": sites, "areas": areas, "organisation_seed": seed}
    return synthetic.generate(settings | {"practitioners": 7 * sites, "families": families * sites})


def as_of_today(organisation):
    """The same place with part of today's state given, gaps among it: no group, no chief, no operational manager."""
    dice = np.random.default_rng(1)
    sites, people, leaders = organisation.sites, organisation.practitioners, organisation.leaders

    def given(count, low=0.0):
        return np.where(dice.random(count) < 0.5, np.nan, dice.uniform(low, 1.0, count))

    senior = organisation.senior.copy()
    senior[0, 3:] = -1
    return replace(
        organisation,
        sites=replace(
            sites,
            stage=(np.arange(len(sites)) % 7 - 1).astype(np.int32),
            fidelity=given(len(sites)),
            using=given(len(sites)),
            capacity=given(len(sites), 0.3),
        ),
        practitioners=replace(people, readiness=given(len(people))),
        leaders=replace(
            leaders,
            commitment=given(len(leaders), 0.3),
            reports_to=np.where(leaders.level == 2, -1, leaders.reports_to).astype(np.int32),
        ),
        senior=senior,
        core_capacity={"": 0.35},
    )


def values_of(parameters: Parameters) -> dict[str, float]:
    return {name: value for group in parameters for name, value in group._asdict().items()}


def spells_of(rows):
    """Person, first month, months, coached months and whether it ended of each spell, in the diary's order."""
    people = [[use for site in row["sites"] for use in site["using"]] for row in rows]
    coached = [[site["coached"] for site in row["sites"] for _ in site["using"]] for row in rows]
    found = []
    for j in range(len(people[0])):
        months = [m for m in range(len(rows)) if people[m][j]]
        for first in (m for m in months if m - 1 not in months):
            end = next((m for m in range(first, len(rows)) if m not in months), len(rows))
            helped = sum(coached[m][j] for m in range(first, end))
            found.append([j, first, end - first, helped, int(end < len(rows))])
    return sorted(found, key=lambda spell: (spell[1] + spell[2], spell[0]))


def disagreements(scenario, organisation, *, months=None, seed=3, replicate=0, changed=None) -> list[str]:
    """Where the two models differ, in words; `changed` parameters are the second model's alone."""
    how = {"replicates": 1, "months": months, "seed": seed, "first": replicate, "threads": 1}
    e = simulate(scenario, organisation, **how, diaries=DIARIES)
    assert e.months >= 24
    setup = prepare(scenario, organisation, months)
    values = values_of(scenario.parameter_values()) | (changed or {})
    w, rows = plain_month.simulate(setup, values, seed, replicate)
    found: list[str] = []

    def same(what, mine, theirs):
        mine, theirs = np.array(mine), np.asarray(theirs)
        exact = theirs.dtype.kind in "iu"
        equal = mine == theirs if exact else np.isclose(mine, theirs, rtol=1e-5, atol=1e-5, equal_nan=True)
        if mine.shape != theirs.shape or not equal.all():
            found.append(f"{what} at {np.argwhere(~equal)[0].tolist()}: {mine[~equal][0]}, engine {theirs[~equal][0]}")

    for column, name in enumerate(COUNTS):
        same(name, [[zone[name] for zone in row["zones"]] for row in rows], e.counts[0, :, :, column])
    for column, name in enumerate(SUMS):
        same(name, [[zone[name] for zone in row["zones"]] for row in rows], e.sums[0, :, :, column])
    for column, name in enumerate(FAMILY):
        mine = [[[fifth[name] for fifth in zone] for zone in row["families"]] for row in rows]
        same(name, mine, e.family[0, :, :, :, column])
    for column, name in enumerate(AREA):
        same(name, [row["governance"][name] for row in rows], e.area[0, :, column])
    sites, unknown = w["sites"], (np.nan,) * len(MARKED)
    for column, name in enumerate(("started", "month_initial", "month_full", "month_certified")):
        same(name, [site[name] for site in sites], e.site_month[0, :, column])
    same("certified_at_36", [site["certified_at_36"] for site in sites], e.certified_at_36[0])
    same("kept", [site["kept"] for site in sites], e.kept[0])
    same("not sustained", [int(STAGE_NAMES[s["stage"]] == "not_sustained") for s in sites], e.not_sustained[0])
    same("marks", [[site["marked"].get(mark, unknown) for mark in MARKS] for site in sites], e.marked[0])
    same("cost by agency", w["cost_agency"], e.cost[0])
    course = [[site["month_given_up"], site["month_returned"], generation_of(site)] for site in sites]
    same("course of sites", course, e.site_course[0])
    for name, values in e.diary.site_months.items():
        same(f"{name} of sites", [[site[name] for site in row["sites"]] for row in rows], values[0])
    if spells_of(rows) != [list(spell) for spell in e.diary.spells[0].tolist()]:
        found.append("spells of use")
    return found


AROUND = {
    "relationships": 0.8, "relationship_start": 0.3, "neutral_partner": 0.4, "terms_of_reference": 0.7,
    "dissatisfaction": 0.6, "champions": 0.5, "joint_share": 0.1, "alignment_work": 0.6, "funding": -0.5,
    "support_places": 20.0, "community_places": 5.0, "misidentification": 0.3, "data_agencies": 2.0, "data_burden": 0.2,
    "data_judgement": 0.4, "data_linkage": 0.3, "data_mapping": 0.7, "new_posts": 0.3, "displacement": 1.5,
    "backfill": 0.2, "relaxed_rules": 1.0, "school_year": 0.8, "budget_squeeze": 0.4, "start_month": 3.0,
    "budget": 2500.0, "budget_training": 0.3, "budget_posts": 0.4,
}  # fmt: skip
"""Every lever of the system around the teams in use."""
OTHERS = (
    Initiative("attainment", 0.3, "education", overlap=0.2, begins=5, ends=30),
    Initiative("a new plan", 0.2, begins=12),
    Initiative("there already", 0.1, "health"),
)


def surrounded(**changed) -> Scenario:
    """Everything of the lively scenario and everything around its teams; `changed` levers."""
    gated = replace(ZONES[1], gate=Gate(0.1, 0.1, outcome=0.05))
    zones = (ZONES[0], gated, ZONES[2])
    return replace(lively(**(AROUND | changed)), zones=zones, initiatives=OTHERS)


def asking_for(benefit) -> Scenario:
    """Later zones open as soon as the first one's data show so much benefit."""
    gated = replace(ZONES[1], gate=Gate(0.0, 0.0, outcome=benefit), latest=None)
    third = Zone("third", choose=2, gate=Gate(0.0, 0.0, "first", benefit + 0.05))
    return replace(lively(), zones=(ZONES[0], gated, third))


UNDECIDED = EAGER | {
    "commitment_mean": 0.4, "commitment_spread": 0.3, "give_up_hazard": 0.3, "turnover": 0.25, "trust_wears": 0.2,
    "trust_returns": 0.05, "barrier_mean": 0.3, "lapse_given_up": 0.3, "lapse": 0.05, "fidelity_criterion": 0.7,
    "playbook_cycle": 0.1, "usability_gain": 0.6,
}  # fmt: skip
"""Parameters under which sites give up and are won again."""


def wavering(**changed) -> Scenario:
    """Sites join, give up and return, with hardly any support at times; `changed` levers."""
    levers = {"usability_start": 0.5, "give_up": 2.0, "engagement_manager": 0.4, "mandate": 0.1, "released_time": 0.6}
    zones = (ZONES[0], replace(ZONES[1], gate=Gate(0.0, 0.0), latest=12), replace(ZONES[2], opens=24))
    events = (
        Event("heads go", 20, (LeadersLeave("manager", "education"),)),
        Event("heads go again", 36, (LeadersLeave("manager"),)),
    )
    return replace(lively(**(levers | changed)), months=60, zones=zones, events=events, parameters=UNDECIDED)


def left_alone(**changed) -> Scenario:
    """The same without any team: training is all that is offered."""
    return wavering(**({"teams": 0.0, "external_level": 0.0} | changed))


def growing(**changed) -> Scenario:
    """Teams grow: sizes, coaching and support by zone and by event, members recruited, core teams founded later."""
    first, second, third = ZONES
    zones = (first, replace(second, coaching=0.5, local_team_size=7), replace(third, external_level=0.2))
    events = (
        *EVENTS,
        Event("more", 9, (LeversChange({"core_team_size": 8.0, "local_team_size": 6.0}),)),
        Event("less", 28, (LeversChange({"core_team_size": 2.0}),)),
        Event(
            "one zone", 20, (LeversChange({"coaching": 0.3, "local_team_size": 1.0, "external_level": 0.6}, "first"),)
        ),
    )
    later = (FurtherCoreTeam(14), FurtherCoreTeam(6, 3, 2, ("third",)))
    recruited = EAGER | {"recruit_months": 5.0}
    return replace(lively(**changed), zones=zones, events=events, core_teams=later, parameters=recruited)
