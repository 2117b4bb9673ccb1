"""What the tests of the engines share: small organisations, scenarios in which much happens, equality to the bit."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from math import inf

import numpy as np
from hypothesis import strategies as st

from sim.engine.sums import Ensemble
from sim.organisation.codes import AGENCIES, LEADER_LEVELS
from sim.organisation.generate import synthetic
from sim.organisation.organisation import Organisation
from sim.parameters import LEVERS, UNCERTAINTIES, Parameter
from sim.scenarios.budget import Budget, Means
from sim.scenarios.events import BY_ZONE, Condition, Event, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.scenario import REST, FurtherCoreTeam, Gate, Initiative, Scenario, Zone

TIGHT = Budget(
    Means(cash=(20000.0, 9000.0), time=(900.0, 1500.0, 700.0)),
    {"education": Means(time=(300.0,)), "external": Means(cash=(inf, 3000.0))},
)
"""A budget that falls short in most years, of the whole area and of some who pay."""


@cache
def place(sites=10, areas=1, organisation_seed=0, practitioners=0, families=0) -> Organisation:
    """A generated organisation with few people (about six a site, so that small sites share teams) and families."""
    return synthetic.generate(
        {
            "sites": sites,
            "areas": areas,
            "organisation_seed": organisation_seed,
            "practitioners": practitioners or 6 * sites,
            "families": families or 30 * sites,
        }
    )


def with_today(organisation: Organisation, seed: int = 0) -> Organisation:
    """The same place with today's state given for about half of its sites, leaders and staff."""
    dice = np.random.default_rng(seed)
    sites, people, leaders = organisation.sites, organisation.practitioners, organisation.leaders

    def given(count: int, low: float = 0.0) -> np.ndarray:
        values = dice.uniform(low, 1.0, count)
        values[dice.random(count) < 0.5] = np.nan
        return values

    known = dice.random(len(sites)) < 0.6
    return replace(
        organisation,
        sites=replace(
            sites,
            stage=np.where(known, dice.integers(0, 6, len(sites)), -1).astype(np.int32),
            fidelity=given(len(sites)),
            using=given(len(sites)),
            capacity=given(len(sites), 0.3),
        ),
        practitioners=replace(people, readiness=given(len(people))),
        leaders=replace(leaders, commitment=given(len(leaders), 0.3)),
        core_capacity={"": float(dice.uniform(0.1, 0.9))},
    )


def spanning(organisation: Organisation) -> int:
    """How many areas the leader who serves most of them serves."""
    senior = organisation.senior
    return max(int((senior == one).any(axis=1).sum()) for one in np.unique(senior[senior >= 0]))


KEEN = {
    "readiness_mean": 0.7, "awareness_engaged": 0.5, "start_support": 1.2, "skill_coaching": 0.5, "level_mean": 0.9,
    "capacity_growth": 0.35, "capacity_start_core": 0.3, "commitment_mean": 0.8, "select": 2.0, "install": 0.5,
    "barrier_mean": 0.12, "system_barrier": 0.1, "cycle_months": 1.0, "raise_barrier": 0.9, "offer": 2.0,
    "fidelity_criterion": 0.7, "identify_practice": 0.5, "atrophy": 0.6, "turnover": 0.25, "member_turnover": 0.3,
    "barrier_return": 0.01, "capacity_criterion": 0.6,
}  # fmt: skip
"""Allowed parameters under which much happens in few months."""

FULL = {
    "teams": 4.0, "training": 3.0, "coaching": 1.0, "engagement_group": 0.7, "engagement_senior": 0.9,
    "engagement_manager": 0.9, "communication": 0.9, "data_lag_months": 1.0, "external_level": 1.0,
    "external_taper": 0.1, "mandate": 0.5, "peer_network": 0.6, "alignment": 0.7,
}  # fmt: skip
"""Levers that give everything."""

FIRST, SECOND = Zone("first", count=3, opens=0), Zone("second", count=3, gate=Gate(0.3, 0.2), latest=30)


def busy(**more) -> Scenario:
    """Zones by month and by gate, all teams, dated and conditional events, support withdrawn."""
    settings = {
        "name": "busy",
        "months": 80,
        "levers": FULL,
        "parameters": KEEN,
        "zones": (FIRST, SECOND, Zone("third", choose=2, opens=20, resources=1.5)),
        "events": (
            Event("cut", 40, (LeversChange({"released_time": 0.3, "coaching": 0.1, "turnover_factor": 3.0}),)),
            Event("drive", Condition("full_share", 0.2, "first"), (LeversChange({"initiative_load": 0.8}),)),
            Event("proud", Condition("certified_share", 0.2), (LeversChange({"mandate": 0.0}),)),
            Event("able", Condition("capacity_core", 0.4), (LeversChange({"external_level": 0.5}),)),
            Event("local", Condition("capacity_local", 0.2, "second"), (LeversChange({"peer_network": 1.0}),)),
            Event("heads go", 15, (LeadersLeave("manager", "education"),)),
            Event("health chief goes", 15, (LeadersLeave("senior", "health"),)),
            Event("alone", 18, (SupportWithdrawn(),)),
        ),
    }
    return Scenario(**{**settings, **more})


AROUND = {
    "relationships": 0.8, "relationship_start": 0.3, "neutral_partner": 0.4, "terms_of_reference": 0.7,
    "dissatisfaction": 0.6, "champions": 0.5, "joint_share": 0.1, "alignment_work": 0.6, "funding": -0.5,
    "support_places": 20.0, "community_places": 5.0, "misidentification": 0.3, "data_agencies": 2.0, "data_burden": 0.2,
    "data_judgement": 0.4, "data_linkage": 0.3, "data_mapping": 0.7, "new_posts": 0.3, "displacement": 1.5,
    "backfill": 0.2, "relaxed_rules": 1.0, "school_year": 0.8, "budget_squeeze": 0.4, "start_month": 3.0,
    "budget": 2500.0, "budget_training": 0.3, "budget_posts": 0.4,
}  # fmt: skip
"""Every lever of the system around the teams in use."""


def surrounded(**more) -> Scenario:
    """A busy scenario with the whole system around its teams: other initiatives, a gate on outcomes, all levers."""
    gate = Gate(certified=0.1, capacity=0.1, outcome=0.05)
    settings = {
        "levers": FULL | AROUND,
        "zones": (FIRST, Zone("second", count=3, gate=gate, latest=30), Zone("third", choose=2, opens=20)),
        "initiatives": (
            Initiative("attainment", 0.3, "education", overlap=0.2, begins=5, ends=30),
            Initiative("a new plan", 0.2, begins=12),
        ),
    }
    return busy(**{**settings, **more})


def differing(one: Ensemble, other: Ensemble) -> list[str]:
    """Names of the arrays in which two ensembles differ in any bit, shape or kind; [] for equal ones."""
    found = []
    for field in fields(Ensemble):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray) and not same_bits(a, b):
            found.append(field.name)
    return found


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal in shape, kind and every value (NaN equals NaN)."""
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def values_of(parameter: Parameter):
    """Stored values that a lever or uncertainty may take; months within what tests run."""
    about = parameter.about
    if parameter.name in ("external_start", "external_end"):
        return st.one_of(st.just(parameter.default), st.integers(0, 40).map(float))
    if about.choices:
        return st.integers(0, len(about.choices) - 1).map(float)
    if about.whole:
        return st.integers(int(about.low), int(about.high)).map(float)
    return st.one_of(st.sampled_from((about.low, about.high)), st.floats(about.low, about.high))


ALL_LEVERS = st.fixed_dictionaries({name: values_of(lever) for name, lever in LEVERS.items()})
SOME_PARAMETERS = st.one_of(
    st.just(KEEN), st.fixed_dictionaries({}, optional={name: values_of(p) for name, p in UNCERTAINTIES.items()})
)
SHARES = st.sampled_from((0.0, 0.1, 0.3, 0.6, 1.0))


@st.composite
def plans(draw) -> tuple[Zone, ...]:
    """Up to three zones, counted or chosen, opening in a month or by a gate."""
    made: list[Zone] = []
    for number in range(draw(st.integers(0, 3))):
        size = {draw(st.sampled_from(("count", "choose"))): draw(st.sampled_from((1, 2, 4, REST)))}
        gated = number > 0 and draw(st.booleans())
        of = draw(st.sampled_from(["", *(z.name for z in made)]))
        gate = Gate(draw(SHARES), draw(SHARES), of, draw(st.sampled_from((None, 0.0, 0.1)))) if gated else None
        made.append(
            Zone(
                f"zone {number + 1}",
                opens=None if gated else draw(st.integers(0, 15)),
                gate=gate,
                latest=draw(st.sampled_from((None, 10, 25))) if gated else None,
                resources=draw(st.sampled_from((0.5, 1.0, 2.0))),
                coaching=draw(st.sampled_from((None, None, 0.0, 0.4, 1.0))),
                external_level=draw(st.sampled_from((None, None, 0.0, 0.3, 1.0))),
                local_team_size=draw(st.sampled_from((None, None, 1, 3, 7))),
                **size,
            )
        )
    return tuple(made)


@st.composite
def effects(draw, changes, plan=()):
    """Effects of any kinds, none or one of each; levers change as `changes` says, or in one zone."""
    if plan and draw(st.booleans()):
        by_zone = st.fixed_dictionaries({}, optional={name: values_of(LEVERS[name]) for name in BY_ZONE})
        return (LeversChange(draw(by_zone), draw(st.sampled_from(plan)).name),)
    leave = st.builds(LeadersLeave, st.sampled_from(LEADER_LEVELS), st.sampled_from(("", *AGENCIES)))
    kinds = (st.builds(LeversChange, changes), leave, st.just(SupportWithdrawn()))
    return tuple(draw(kind) for kind in kinds if draw(st.booleans()))


@st.composite
def happenings(draw, plan) -> tuple[Event, ...]:
    """Up to three events of any kind."""
    free = {name: values_of(p) for name, p in LEVERS.items() if not p.about.structural}
    made = []
    for number in range(draw(st.integers(0, 3))):
        measure = st.sampled_from(("full_share", "certified_share", "capacity_core", "capacity_local"))
        where = st.sampled_from(["", *(z.name for z in plan)])
        dated = draw(st.booleans())
        made.append(
            Event(
                f"event {number + 1}",
                draw(st.integers(0, 30)) if dated else Condition(draw(measure), draw(SHARES), draw(where)),
                draw(effects(st.fixed_dictionaries({}, optional=free), plan)),
            )
        )
    return tuple(made)


@st.composite
def further_teams(draw, plan) -> tuple[FurtherCoreTeam, ...]:
    """Up to two core teams founded later."""
    zones = st.lists(st.sampled_from([z.name for z in plan]), unique=True).map(tuple) if plan else st.just(())
    sizes = (st.integers(1, 30), st.sampled_from((None, 1, 3, 9)), st.sampled_from((None, 1, 5)), zones)
    return tuple(draw(st.lists(st.builds(FurtherCoreTeam, *sizes), max_size=2)))


@st.composite
def scenarios(draw) -> Scenario:
    """Any levers in combination, any plan, any events, some parameters."""
    plan = draw(plans())
    begins = draw(st.integers(0, 20))
    other = Initiative("other", draw(SHARES), draw(st.sampled_from(("", *AGENCIES))), draw(SHARES), begins, begins + 9)
    return Scenario(
        "drawn",
        initiatives=(other,) if draw(st.booleans()) else (),
        levers=draw(st.one_of(ALL_LEVERS, st.just(FULL))),
        parameters=draw(SOME_PARAMETERS),
        zones=plan,
        core_teams=draw(further_teams(plan)),
        events=draw(happenings(plan)),
    )


@st.composite
def organisations(draw) -> Organisation:
    """One area or three with a spanning health leader; with or without today's state."""
    areas = draw(st.sampled_from((1, 1, 3)))
    made = place(sites=draw(st.sampled_from((6, 9, 12))) if areas == 1 else 15, areas=areas,
                 organisation_seed=draw(st.integers(0, 3)))  # fmt: skip
    return with_today(made, draw(st.integers(0, 9))) if draw(st.booleans()) else made
