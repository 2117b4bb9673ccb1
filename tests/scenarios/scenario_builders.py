"""A tiny organisation made by hand, and hypothesis strategies for scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from sim.organisation.codes import AGENCIES, LEADER_LEVELS, MANAGER, SITE_TYPES, STATUTORY
from sim.organisation.organisation import Families, Leaders, Organisation, Practitioners, Sites
from sim.parameters import LEVERS, UNCERTAINTIES, Parameter
from sim.scenarios.events import BY_ZONE, MEASURES, Condition, Event, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.read import NOTE_KEYS
from sim.scenarios.scenario import REST, FurtherCoreTeam, Gate, Scenario, Zone

AGENCY_OF = {"health_visiting": "health", "social_work": "social_work", "family_support": "third_sector"}


def tiny(types=("primary", "secondary", "nursery", "health_visiting"), areas=1, lacking_senior=(), group=True):
    """One site of each type in each of some areas, two practitioners and no family each; ids 'a0-primary', ..."""
    kinds = [(a, i, t) for a in range(areas) for i, t in enumerate(types)]
    count = len(kinds)
    ids = np.array([f"a{a}-{t}{i}" for a, i, t in kinds])
    agency = np.array([AGENCIES.index(AGENCY_OF.get(t, "education")) for _, _, t in kinds], np.int32)
    area = np.array([a for a, _, _ in kinds], np.int32)
    nothing = np.full(count, "")
    unknown = np.full(count, np.nan)
    sites = Sites(
        ids=ids, names=ids, pseudonyms=np.array([f"Site {i}" for i in range(count)]), area=area, agency=agency,
        type=np.array([SITE_TYPES.index(t) for _, _, t in kinds], np.int32),
        roll=np.full(count, 10, np.int32), staff=np.full(count, 2, np.int32), deprivation=np.linspace(0, 1, count),
        locality=nothing, latitude=unknown, longitude=unknown, local_team=nothing, core_team=nothing,
        stage=np.full(count, -1, np.int32), fidelity=unknown, using=unknown, capacity=unknown,
        generated=np.zeros(count, bool),
    )  # fmt: skip
    people = Practitioners(
        ids=np.array([f"{i}/{k}" for i in ids for k in range(2)]), site=np.repeat(np.arange(count), 2).astype(np.int32),
        slot=np.tile([0, 1], count).astype(np.int32), care=np.zeros(2 * count, bool),
        readiness=np.full(2 * count, np.nan),
        tie_indptr=np.zeros(2 * count + 1, np.int64), tie_indices=np.zeros(0, np.int32),
    )  # fmt: skip
    seniors = [(a, AGENCIES.index(g)) for a in range(areas) for g in STATUTORY if g not in lacking_senior]
    senior = np.full((areas, len(AGENCIES)), -1, np.int32)
    for row, (a, g) in enumerate(seniors):
        senior[a, g] = row
    first = len(seniors)
    leaders = Leaders(
        ids=np.array([f"leader{i}" for i in range(first + count)]),
        level=np.array([0] * first + [MANAGER] * count, np.int32),
        agency=np.concatenate([[g for _, g in seniors], agency]).astype(np.int32),
        area=np.concatenate([[a for a, _ in seniors], area]).astype(np.int32),
        site=np.concatenate([np.full(first, -1), np.arange(count)]).astype(np.int32),
        reports_to=np.full(first + count, -1, np.int32), commitment=np.full(first + count, np.nan),
    )  # fmt: skip
    families = Families(np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0, np.int32))
    return Organisation(
        name="Tiny", areas=tuple(f"Area {a}" for a in range(areas)), sites=sites, practitioners=people, leaders=leaders,
        families=families, senior=senior, group=np.full(areas, group), digest="0" * 64,
    )  # fmt: skip


def without_manager(organisation, site):
    """The organisation with one site's manager gone."""
    keep = organisation.leaders.site != site
    leaders = organisation.leaders
    rows = {name: getattr(leaders, name)[keep] for name in leaders.__dataclass_fields__}
    return replace(organisation, leaders=replace(leaders, **rows))


def values_of(parameter: Parameter):
    """Stored values that a lever or uncertainty may take."""
    about = parameter.about
    if about.choices:
        return st.integers(0, len(about.choices) - 1).map(float)
    if about.whole:
        return st.integers(int(about.low), int(about.high)).map(float)
    return st.floats(about.low, about.high)


def some_of(declared):
    """A few of the declared parameters with allowed values."""
    return st.lists(st.sampled_from(sorted(declared)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({n: values_of(declared[n]) for n in names})
    )


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=30)
LONG_TEXT = st.lists(TEXT, max_size=3).map("\n\t".join)
SHARES = st.floats(0, 1)
TYPES = st.lists(st.sampled_from(SITE_TYPES), min_size=1, max_size=3, unique=True).map(tuple)
NAMES = TEXT.filter(lambda t: t.strip() and t not in ("outside", "all"))


@st.composite
def zones(draw):
    made = []
    for i, name in enumerate(draw(st.lists(NAMES, max_size=3, unique=True))):
        how = draw(st.sampled_from(("sites", "count", "choose")))
        number = st.one_of(st.integers(1, 50), st.just(REST))
        size = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple) if how == "sites" else number)
        gated = i > 0 and draw(st.booleans())
        earlier = st.sampled_from(["", *(z.name for z in made)])
        gate = Gate(draw(SHARES), draw(SHARES), draw(earlier)) if gated else None
        made.append(
            Zone(
                name=name,
                **{how: size},
                types=() if how == "sites" else draw(st.one_of(st.just(()), TYPES)),
                opens=None if gated else draw(st.integers(0, 300)),
                gate=gate,
                latest=draw(st.one_of(st.none(), st.integers(0, 300))) if gated else None,
                resources=draw(st.floats(0, 4)),
                coaching=draw(st.one_of(st.none(), SHARES)),
                external_level=draw(st.one_of(st.none(), SHARES)),
                local_team_size=draw(st.one_of(st.none(), st.integers(1, 12))),
                note=draw(TEXT),
            )
        )
    return tuple(made)


@st.composite
def events(draw, plan):
    made = []
    free = {n: p for n, p in LEVERS.items() if not p.about.structural}
    for name in draw(st.lists(TEXT, max_size=2)):
        dated = draw(st.booleans())
        where = st.sampled_from(["", *(z.name for z in plan)])
        condition = Condition(draw(st.sampled_from(tuple(MEASURES))), draw(SHARES), draw(where))
        leave = st.builds(LeadersLeave, st.sampled_from(LEADER_LEVELS), st.sampled_from(("", *AGENCIES)))
        kinds = (st.builds(LeversChange, some_of(free).filter(bool)), leave, st.just(SupportWithdrawn()))
        if plan and draw(st.booleans()):
            by_zone = some_of({n: LEVERS[n] for n in BY_ZONE}).filter(bool)
            kinds = (st.builds(LeversChange, by_zone, st.sampled_from(plan).map(lambda z: z.name)), *kinds[1:])
        chosen = draw(st.sets(st.sampled_from(range(3)), min_size=1))
        made.append(
            Event(
                name=name,
                when=draw(st.integers(0, 300)) if dated else condition,
                effects=tuple(draw(kinds[k]) for k in sorted(chosen)),
                note=draw(TEXT),
            )
        )
    return tuple(made)


def further_core_teams(plan):
    """Up to two core teams founded later."""
    taken = st.lists(st.sampled_from([z.name for z in plan]), unique=True).map(tuple) if plan else st.just(())
    size, agencies = (st.one_of(st.none(), st.integers(1, most)) for most in (12, 5))
    made = st.builds(FurtherCoreTeam, st.integers(1, 1200), size, agencies, taken, TEXT)
    return st.lists(made, max_size=2).map(tuple)


@st.composite
def scenarios(draw, name="drawn"):
    plan = draw(zones())
    settings = {"sites": st.integers(5, 3000), "deprivation": st.floats(0.01, 0.95), "name": TEXT}
    return Scenario(
        name=name,
        title=draw(LONG_TEXT),
        description=draw(LONG_TEXT),
        base=draw(st.sampled_from(("", "with-teams", "nowhere"))),
        months=draw(st.integers(1, 240)),
        levers=draw(some_of(LEVERS)),
        parameters=draw(some_of(UNCERTAINTIES)),
        zones=plan,
        core_teams=draw(further_core_teams(plan)),
        events=draw(events(plan)),
        scope=draw(TYPES),
        area=draw(st.fixed_dictionaries({}, optional=settings)),
        notes=draw(st.dictionaries(st.sampled_from(NOTE_KEYS), TEXT, max_size=3)),
    )
