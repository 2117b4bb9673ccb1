"""The engine against the second model written from docs/odd.md: every count equal, every number to 1e-5."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import plain_arithmetic
import plain_count
import plain_month
import plain_rules
import pytest
from twin_builders import (
    EAGER,
    as_of_today,
    asking_for,
    disagreements,
    left_alone,
    lively,
    place,
    surrounded,
    values_of,
    wavering,
)

from sim.engine.batch import simulate
from sim.engine.sums import AREA, COUNTS, FAMILY, SUMS
from sim.parameters import UNCERTAINTIES
from sim.scenarios.events import Event, LeadersLeave, SupportWithdrawn
from sim.scenarios.files import load, names
from sim.scenarios.scenario import Scenario


@pytest.mark.parametrize("name", names())
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
    withdrawn = (Event("support ends", 30, (SupportWithdrawn(),)),)
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


def test_they_agree_where_families_leave_gains_fade_and_the_effect_is_convex():
    scenario = replace(lively(), parameters=EAGER | SECOND)
    assert simulate(scenario, place(), replicates=1, seed=3).family[..., -1].max() > 0
    assert disagreements(scenario, place()) == []
    crowded = replace(lively(support_places=20.0, misidentification=0.3), parameters=EAGER | SECOND)
    assert disagreements(crowded, as_of_today(place(sites=14, families=80))) == []


SECOND = {"effect_convex": 0.56, "families_leave": 0.3, "gain_lasts": 0.5, "gain_half_life": 6.0}


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("works", lambda fidelity, p: fidelity),
        ("family_leaves", lambda p: plain_arithmetic.prob(p["families_leave"] / 11)),
    ],
)
def test_a_changed_rule_of_families_is_noticed(monkeypatch, rule, other):
    monkeypatch.setattr(plain_rules, rule, other)
    assert disagreements(replace(lively(), parameters=EAGER | SECOND), place())


def leaders_go() -> Scenario:
    """Leaders are replaced by an event every month, and many would leave by chance besides."""
    events = tuple(Event(f"month {m}", m, (LeadersLeave(("manager", "senior")[m % 2]),)) for m in range(1, 25))
    return replace(lively(turnover_factor=4.0), events=events)


def test_they_agree_where_leaders_go_by_events_and_by_chance():
    assert disagreements(leaders_go(), place(areas=3, sites=18)) == []


def test_the_lively_scenario_leaves_nothing_out():
    """Else agreement would mean little: each column must take several values."""
    ensembles = [simulate(replace(lively(), months=90), place(sites=12), replicates=4, seed=7)]
    ensembles.append(simulate(lively(), as_of_today(place(sites=14)), replicates=4, seed=7))
    fixed = {"sites", "practitioners", "families", "families_ever", "gain_fading", "budget_short"}
    for array, columns in (("counts", COUNTS), ("sums", SUMS), ("area", AREA), ("family", FAMILY[:10])):
        for column, name in enumerate(columns):
            values = np.concatenate([np.unique(getattr(e, array)[..., column]) for e in ensembles])
            assert name in fixed or len(np.unique(values)) > 2, name


def _forget(*_args, **_kwargs):
    return 0.0


CHANGED_RULES = {
    "overload without the secondary's load": (plain_rules, "overload", lambda s, area, p: plain_arithmetic.clip(
        (area["load"][s["agency"]] + p["load_deprivation"] * s["deprivation"]) * (1 - area["aligned"]))),
    "no renewal": (plain_rules, "own_renewal", _forget),
    "support is not thinned": (plain_rules, "given_to_local", lambda a, p: a),
    "leavers take all": (plain_rules, "capacity_after_leaving", lambda t, p: t["capacity"] * (1 - 1 / t["members"])),
    "everybody is selected": (plain_rules, "hazard_of_taking_part", lambda *_: 32.0),
    "the weakest do not weigh": (plain_rules, "group_commitment", lambda mean, least, months, p: mean),
    "nobody lapses": (plain_rules, "stops", _forget),
    "nobody leaves": (plain_rules, "leaves", _forget),
    "no latitude": (plain_rules, "ease", lambda *_: 1.0),
    "the playbook is forgotten": (plain_rules, "barrier_on_entry", lambda barrier, *_: barrier),
    "need never ends": (plain_rules, "need_resolves", _forget),
    "nobody drops out": (plain_rules, "drops_out", _forget),
    "conditions are not seen": (plain_month, "falls_due", lambda w, a, c, e, month: c.event_month[e] == month),
    "assessed without sampling error": (plain_count, "with_error", lambda v, *_: v),
    "the first zone carries the common cost": (plain_count, "parts_of", lambda area: {0: 1.0}),
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
    """Those of outcome data have work in the months about which a zone's data show what is asked."""
    word, half = plain_arithmetic.DECISIONS[decision]
    monkeypatch.setitem(plain_arithmetic.DECISIONS, decision, (word + 64, half))
    scenario = asking_for(0.15) if "outcome" in decision else lively()
    seeds = range(3, 9) if "outcome" in decision else (3,)
    assert any(disagreements(scenario, as_of_today(place(sites=14)), seed=seed) for seed in seeds)


SEEN_WITH = {
    "start_theory": {"training": 1.0},
    "skill_theory": {"training": 1.0},
    "start_demonstration": {"training": 2.0},
    "skill_demonstration": {"training": 2.0},
    "data_isolated": {"collective": 0.0},
    "external_span": {"collective": 0.0},
    "committee_time": {"teams": 2.0},
    "linkage_mends": {"displacement": 3.0, "data_linkage": 1.0, "backfill": 0.0, "new_posts": 0.0, "coaching": 1.0},
    "terms_speed": {"released_time": 0.3, "terms_of_reference": 1.0},
    "seen": {"teams": 1.0, "mandate": 0.0, "give_up": 0.0, "communication": 1.0},
    "relationship_loss": {"relationships": 1.0, "relationship_start": 1.0},
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
    levers = SEEN_WITH.get(name, {})
    questions = (
        (scenario, place(sites=12)),
        (replace(scenario, parameters=EAGER | {"span": 3.0}), crowded),
        (surrounded(**({"turnover_factor": 2.0} | levers)), place(sites=12)),
        (asking_for(0.1), place(sites=12)),
        (wavering(**levers), place(sites=12)),
        (left_alone(**levers), place(sites=12)),
        (wavering(**levers), as_of_today(place(sites=14))),
    )
    assert any(disagreements(asked, where, changed=changed) for asked, where in questions)


def test_the_second_model_borrows_nothing_of_the_first():
    for path in sorted(Path(__file__).parent.glob("plain_*.py")):
        borrowed = re.findall(r"^\s*(?:from|import) (sim\S*|numpy|numba)", path.read_text("utf-8"), flags=re.MULTILINE)
        assert borrowed in ([], ["sim.parameters"]), path.name
