"""The compiled engine against a second model written from docs/odd.md: every count equal, every number to 1e-5."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import plain_arithmetic
import plain_count
import plain_month
import plain_rules
import pytest
from plain_count import STAGE_NAMES

from sim.engine.batch import simulate
from sim.engine.measures import AREA, COUNTS, FAMILY, MARKED, MARKS, SUMS
from sim.engine.setup import prepare
from sim.organisation import synthetic
from sim.parameters import UNCERTAINTIES, Parameters
from sim.scenarios.files import load, names
from sim.scenarios.scenario import Condition, Event, Gate, Scenario, Zone
from sim.scenarios.surroundings import surroundings

CORE_FAMILY = FAMILY[:10]
"""The second model is of the core alone; what surrounds the teams is neutral here."""


def of_the_core(scenario: Scenario) -> bool:
    """Does it use nothing but the core: no lever around the teams, no gate on outcomes?"""
    asked = any(zone.gate is not None and zone.gate.outcome is not None for zone in scenario.zones)
    return not surroundings(scenario) and not asked


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
    Event("cut", month=25, set={"released_time": 0.3, "coaching": 0.1, "turnover_factor": 3.0}),
    Event("drive", when=Condition("full_share", 0.2, "first"), set={"initiative_load": 0.8}),
    Event("proud", when=Condition("certified_share", 0.2), set={"mandate": 0.0}),
    Event("able", when=Condition("capacity_core", 0.4), set={"external_level": 0.5}),
    Event("local", when=Condition("capacity_local", 0.2, "second"), set={"peer_network": 1.0}),
    Event("heads go", month=15, leaves="manager", agency="education"),
    Event("health chief goes", month=15, leaves="senior", agency="health"),
    Event("alone", month=18, withdraw_support=True),
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


def disagreements(scenario, organisation, *, months=None, seed=3, replicate=0, changed=None) -> list[str]:
    """Where the two models differ, in words; `changed` parameters are the second model's alone."""
    e = simulate(scenario, organisation, replicates=1, months=months, seed=seed, first=replicate, threads=1)
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
    for column, name in enumerate(CORE_FAMILY):
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
    return found


@pytest.mark.parametrize("name", [name for name in names() if of_the_core(load(name))])
def test_they_agree_on_every_shipped_scenario(name):
    scenario = load(name)
    organisation = place(areas=2, sites=14) if name == "nation" else place()
    assert disagreements(scenario, organisation, months=max(26, min(50, scenario.months))) == []


VARIANTS = {
    "as it is": {},
    "no teams": {"teams": 0.0},
    "a lead": {"teams": 1.0},
    "a committee": {"teams": 2.0},
    "core only": {"teams": 3.0},
    "two core teams by agency": {"core_teams": 2.0, "split_core_by": 0.0},
    "three core teams by locality": {"core_teams": 3.0},
    "isolated": {"collective": 0.0},
    "no training": {"training": 0.0},
    "theory": {"training": 1.0},
    "demonstration": {"training": 2.0, "data_lag_months": 0.0},
    "support by plan": {"external_start": 3.0, "external_end": 12.0},
    "deaf to data": {"fidelity_feedback": 0.0, "coaching": 0.2, "mentoring": 0.0},
}


@pytest.mark.parametrize("changed", VARIANTS.values(), ids=VARIANTS)
def test_they_agree_where_every_rule_has_work(changed):
    assert disagreements(lively(**changed), place(sites=12)) == []


def test_they_agree_on_what_the_advisor_knows_of_today():
    for seed in range(3):
        assert disagreements(lively(), as_of_today(place(sites=14, seed=seed)), seed=seed) == []


def test_they_agree_on_a_nation():
    assert disagreements(lively(), place(areas=3, sites=18), replicate=4) == []
    assert disagreements(lively(core_teams=2.0), as_of_today(place(areas=3, sites=18))) == []


def test_they_agree_over_many_years():
    withdrawn = (Event("support ends", month=30, withdraw_support=True),)
    scenario = replace(lively(), months=95, events=withdrawn)
    e = simulate(scenario, place(sites=12), replicates=1, seed=7)
    assert (e.kept >= 0).any()
    assert (e.certified_at_36 == 1).any()
    assert np.isfinite(e.marked[0, :, -1]).all(axis=1).any()
    assert disagreements(scenario, place(sites=12), seed=7) == []


def test_they_agree_at_the_edges_of_the_parameters():
    low_sample = {"assess_months": 5.0, "assess_sample": 3.0, "thin_support": 0.0, "usability_rounds": 0.0}
    sudden = {"capacity_criterion": 0.8, "dose_sufficient": 0.8, "refill_months": 12.0, "chair_settling": 24.0}
    for changed in (low_sample, sudden, {"commitment_spread": 0.3, "weakest": 1.0, "correlation": 0.7}):
        scenario = replace(lively(), parameters=EAGER | changed)
        assert disagreements(scenario, place(sites=12)) == []


def leaders_go() -> Scenario:
    """Leaders are replaced by an event every month, and many would leave by chance besides."""
    events = tuple(Event(f"month {m}", month=m, leaves=("manager", "senior")[m % 2]) for m in range(1, 25))
    return replace(lively(turnover_factor=4.0), events=events)


def test_they_agree_where_leaders_go_by_events_and_by_chance():
    assert disagreements(leaders_go(), place(areas=3, sites=18)) == []


def test_the_lively_scenario_leaves_nothing_out():
    """Else agreement would mean little: each column must take several values."""
    ensembles = [simulate(replace(lively(), months=90), place(sites=12), replicates=4, seed=7)]
    ensembles.append(simulate(lively(), as_of_today(place(sites=14)), replicates=4, seed=7))
    fixed = {"sites", "practitioners", "families"}
    for array, columns in (("counts", COUNTS), ("sums", SUMS), ("area", AREA), ("family", CORE_FAMILY)):
        for column, name in enumerate(columns):
            values = np.concatenate([np.unique(getattr(e, array)[..., column]) for e in ensembles])
            assert name in fixed or len(np.unique(values)) > 2, name


def _forget(*_args, **_kwargs):
    return 0.0


CHANGED_RULES = {
    "overload without the secondary's load": (plain_rules, "overload", lambda s, lv, p: plain_arithmetic.clip(
        (lv["initiative_load"] + p["load_deprivation"] * s["deprivation"]) * (1 - lv["alignment"]))),
    "no renewal": (plain_rules, "own_renewal", _forget),
    "support is not thinned": (plain_rules, "given_to_local", lambda a, p: a),
    "leavers take all": (plain_rules, "capacity_after_leaving", lambda t, p: t["capacity"] * (1 - 1 / t["members"])),
    "everybody is selected": (plain_rules, "selected", lambda *_: 1.0),
    "the weakest do not weigh": (plain_rules, "group_commitment", lambda mean, least, months, p: mean),
    "nobody lapses": (plain_rules, "stops", _forget),
    "nobody leaves": (plain_rules, "leaves", _forget),
    "no latitude": (plain_rules, "ease", lambda *_: 1.0),
    "the playbook is forgotten": (plain_rules, "barrier_on_entry", lambda barrier, *_: barrier),
    "need never ends": (plain_rules, "need_resolves", _forget),
    "nobody drops out": (plain_rules, "drops_out", _forget),
    "conditions are not seen": (plain_month, "falls_due", lambda w, a, c, e, month: c.event_month[e] == month),
    "assessed without sampling error": (plain_count, "with_error", lambda v, *_: v),
    "common cost stands with the first zone": (plain_count, "parts_of", lambda area: {0: 1.0}),
    "sites are certified at once": (plain_count, "restage", lambda site, *_: site.update(certified=1)),
    "groups gather once a month": (plain_month, "gather_groups", lambda *_: None),
}  # fmt: skip
"""Each changes one rule of the second model; none of them may pass unnoticed."""


@pytest.mark.parametrize("change", CHANGED_RULES.values(), ids=CHANGED_RULES)
def test_a_changed_rule_is_noticed(monkeypatch, change):
    module, name, wrong = change
    assert getattr(module, name) is not wrong
    monkeypatch.setattr(module, name, wrong)
    assert disagreements(lively(), place(sites=12)) != []


@pytest.mark.parametrize("decision", sorted(plain_arithmetic.DECISIONS))
def test_each_decision_has_its_own_uniform(monkeypatch, decision):
    word, half = plain_arithmetic.DECISIONS[decision]
    monkeypatch.setitem(plain_arithmetic.DECISIONS, decision, (word + 64, half))
    assert disagreements(lively(), as_of_today(place(sites=14))) != []


SEEN_WITH = {
    "start_theory": {"training": 1.0},
    "skill_theory": {"training": 1.0},
    "start_demonstration": {"training": 2.0},
    "skill_demonstration": {"training": 2.0},
    "data_isolated": {"collective": 0.0},
    "external_span": {"collective": 0.0},
    "committee_time": {"teams": 2.0},
}
"""Levers under which a parameter has work, where the lively scenario's own do not give it any."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(UNCERTAINTIES) - {"need_gap"}))
def test_a_changed_parameter_is_noticed(name):
    """No parameter is idle in what is compared (`need_gap` enters after the run)."""
    about, used = UNCERTAINTIES[name].about, values_of(lively().parameter_values())[name]
    step = 1.0 if about.whole else 0.25 * (about.high - about.low)
    changed = {name: used - step if used - step >= about.low else used + step}
    scenario = lively(**SEEN_WITH.get(name, {}))
    crowded = as_of_today(place(sites=14, families=80))
    assert disagreements(scenario, place(sites=12), changed=changed) or disagreements(
        replace(scenario, parameters=EAGER | {"span": 3.0}), crowded, changed=changed
    )


def test_the_second_model_borrows_nothing_of_the_first():
    for path in sorted(Path(__file__).parent.glob("plain_*.py")):
        borrowed = re.findall(r"^\s*(?:from|import) (sim\S*|numpy|numba)", path.read_text("utf-8"), flags=re.MULTILINE)
        assert borrowed in ([], ["sim.parameters"]), path.name
