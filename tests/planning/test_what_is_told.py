"""Futures, reasons, a tenth more, the next decision and signs, where the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planning_builders import KnownTruth, all_plans, dear, grid_space, hill, named, small, space_of

from sim.organisation.generate.synthetic import generate
from sim.planning import decision, futures, reasons, tenth
from sim.planning.asking import loads
from sim.planning.candidate import Candidate, PlannedZone, candidate, from_scenario, to_scenario
from sim.planning.division import divide
from sim.planning.doubts import doubts
from sim.planning.fresh import Gain
from sim.planning.limits import judge
from sim.planning.moves import MOVES, step
from sim.planning.purposes import purposes, standing
from sim.planning.question import Limits
from sim.planning.refusal import refuse
from sim.planning.search import Search, search
from sim.planning.space import lay_space
from sim.planning.starts import leanest, most_families, starts
from sim.planning.template import template
from sim.planning.trials import Ask
from sim.planning.words import lines
from sim.scenarios.files import load
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import Zone

SPREAD = 0.05


def _question(name, limit=1000.0):
    asked = grid_space().question
    return replace(named(asked, name), limits=Limits((), (limit,) * asked.years))


def _search(truth, runs=2000, **more):
    base = load("with-teams")
    space = replace(grid_space(), question=truth.question)
    return Search(
        space, truth, divide(runs), 1, 0, lambda p: base if p.verbatim else to_scenario(p, base, "plan"), **more
    )


def test_a_feature_that_matters_is_told_and_one_that_does_not_is_not():
    question = _question("features")
    top = next(p for p in all_plans(grid_space()) if p.zones[0].opens == 29 and p.lever("core_team_size") == 5)

    def only_size(plan: Candidate) -> float:
        return 0.05 * plan.lever("core_team_size") if plan.zones else 0.0

    truth = KnownTruth(question, only_size, dear, spread=SPREAD)
    found = reasons.reasons(top, grid_space(), truth, question, 60)
    assert "members of a core team at 3" in found[0].words
    assert found[0].loss.low <= 0.1 <= found[0].loss.high
    told = reasons.sentences(found, 0.9)
    assert "it loses 1" in told[0]
    assert any("coaching" in line and "nothing sure is lost" in line for line in told)


def test_without_more_than_one_zone_no_zone_is_taken_away():
    top = all_plans(grid_space())[0]
    words = [w for w, _ in reasons.variants(top, grid_space())]
    assert not any(w.startswith("without the") for w in words)


def test_regret_names_the_future_in_which_a_plan_fails():
    plans = [("plan-1", all_plans(grid_space())[0]), ("plan-2", all_plans(grid_space())[-1])]
    served = np.array([[0.30, 0.30, 0.10], [0.25, 0.25, 0.25]])
    found = futures.Regrets(("plan-1", "plan-2"), ("support ends early", "leaders leave", "budget cut"), served)
    assert found.largest == pytest.approx([0.15, 0.05])
    nothing = futures.Worlds((), np.zeros((0, 0)))
    told = futures.sentences(found, nothing, 0.005)
    assert "plan 2 serves 15.0 points more" in told[2]
    assert told[-1].startswith("Plan 2 has the least regret")
    assert len(plans) == 2


def test_worlds_lie_in_the_ranges_of_assumed_parameters_alone():
    drawn = futures.worlds(20, 1, ("engage", "lapse"))
    assert "lapse" not in drawn.names
    assert "thin_support" in drawn.names
    scenario = load("with-teams")
    changed = [change(scenario) for change in drawn.changes().values()]
    assert len({s.parameters["thin_support"] for s in changed}) == 20
    assert changed[0].zones == scenario.zones


def test_a_part_of_the_ranges_in_which_the_plan_fails_is_found_and_chance_is_not_told():
    drawn = futures.worlds(64, 1, ())
    column = drawn.names.index("thin_support")
    bad = drawn.table[:, column] > np.median(drawn.table[:, column])
    names = tuple(drawn.changes())
    served = np.stack([np.where(bad, 0.1, 0.3), np.full(64, 0.2)])
    told = futures.sentences(futures.Regrets(("plan-1", "plan-2"), names, served), drawn, 0.005)
    assert any("falls behind most often where" in line for line in told)
    luck = np.random.default_rng(2).permutation(bad)
    served = np.stack([np.where(luck, 0.1, 0.3), np.full(64, 0.2)])
    told = futures.sentences(futures.Regrets(("plan-1", "plan-2"), names, served), drawn, 0.005)
    assert not any("falls behind most often where" in line for line in told)


@pytest.mark.parametrize("name", list(futures.SHOCKS))
def test_each_shock_changes_what_is_run(name):
    scenario = load("with-teams")
    assert futures.shocks()[name](scenario).events != scenario.events


def test_a_tenth_more_buys_what_it_truly_buys():
    truth = KnownTruth(_question("tenth", 800.0), hill, dear, spread=SPREAD)
    given = _search(truth, 6000)
    found = search(given)
    best = found.standings["plan-1"]
    more = tenth.tenth_more(given, found.archive, best, 1000)
    assert more is not None
    assert more.gain.sure
    plans = [p for p in all_plans(grid_space()) if dear(p) <= 880 / (1 + 2 * SPREAD)]
    assert more.gain.value == pytest.approx(max(map(hill, plans)) - hill(best.trial.plan), abs=0.02)


def test_a_tenth_more_says_where_it_found_nothing_better():
    same, some = tenth.Tenth(Gain(0.0, 0.0, 0.0)), tenth.Tenth(Gain(0.001, -0.001, 0.003))
    assert "found no plan that is better" in tenth.sentence(same)
    assert "nothing that is sure (-0.1 to 0.3 points)" in tenth.sentence(some)


def test_searches_that_disagree_say_that_more_runs_are_needed():
    question = _question("agreement")
    answer = search(_search(KnownTruth(question, hill, dear, spread=SPREAD))).answer
    worth = 100 * answer.purposes[0].worth

    def told(apart):
        found = lines(replace(answer, searches=(0.08, 0.08 - apart / 100)))
        return next(line for line in found if "from different beginnings" in line)

    assert "came to within" in told(0.9 * worth)
    assert "ended 2.4 points apart" in told(2.4)
    assert f"more than the smallest difference worth having ({worth:.1f} points)" in told(2.4)
    assert "there may be a better plan" in told(2.4)


def test_small_zones_and_first_zones_of_one_type_are_to_be_doubted():
    types = {"a": "primary", "b": "primary", "c": "primary", "d": "nursery"}
    two, three = Zone("one", sites=("a", "b")), Zone("two", sites=("a", "b", "c"))
    mixed = Zone("three", sites=("a", "b", "d"))
    small_one, alike = doubts({"plan 1": [three, two], "plan 2": [mixed]}, types)
    assert small_one.startswith("Plan 1 has a zone of 2 sites.")
    assert alike.startswith("The first zone of plan 1 has sites of one type alone (primary).")
    assert doubts({"plan 1": [mixed, three]}, types) == []
    assert doubts({"plan 1": [three]}, {}) == [], "of a plan that has begun the first zone is not chosen"


def test_what_good_plans_share_is_what_they_share():
    shared = [candidate([PlannedZone(5, ("A", "B", c))], {"coaching": 1.0}) for c in "CDEFG"]
    told = " ".join(decision.shared(shared))
    assert "open their first zone in month 5" in told
    assert "open their next zone in month 5" in decision.shared(shared, begun=True)[0]
    assert "A and B are in that zone" in told
    assert "coaching of practitioners at 1" in told
    apart = [candidate([PlannedZone(5, (c,))], {}) for c in "CDEFG"]
    assert "They differ in which sites go first" in " ".join(decision.shared(apart))


def test_a_refusal_names_changes_that_suffice():
    question = _question("refused", 500.0)
    truth = KnownTruth(question, hill, dear, spread=SPREAD)
    tried = [standing(t, question) for t in truth.ask([Ask(p, 60) for p in all_plans(grid_space())[::20]])]
    told = refuse(tried, question)
    raised = list(question.limits.released)
    for one in told.raised:
        raised[one.year - 1] = one.needed
    looser = Limits((), tuple(raised), question.limits.chance)
    share = [judge(s.trial.values, looser, question.year_ends).share for s in tried]
    assert min(share) <= 0.1
    assert told.share > 0.1
    assert told.more == pytest.approx(sum(r - 500.0 for r in raised))


@pytest.mark.parametrize("move", range(len(MOVES)))
def test_every_move_keeps_plans_canonical_and_within_the_wishes(move):
    more = '[sites]\nmust = ["Primary 01"]\nnever = ["Primary 02"]\nmost_a_term = 5\n'
    space = space_of(small(more=more))
    random = np.random.default_rng(move)
    for plan in starts(space, 8, 1):
        for _ in range(10):
            moved = space.fitted(MOVES[move](plan, space, random))
            assert space.unmet(moved) == []
            assert len(set(moved.sites)) == len(moved.sites)
            assert moved == candidate(moved.zones, dict(moved.levers))


def test_a_plan_becomes_a_scenario_and_is_read_back():
    space = space_of(small())
    random = np.random.default_rng(1)
    plan = starts(space, 4, 1)[-1]
    for _ in range(30):
        plan = step(plan, space, random)
        scenario = to_scenario(plan, load("with-teams"), "plan")
        assert from_scenario(scenario, space.place, space.levers) == plan
        laid = resolve(scenario, space.place)
        assert (laid.site_zone >= 0).sum() == len(plan.sites)


def test_small_zones_with_support_are_among_the_starts():
    """Without them tight limits left only plans without support, and a search found a third of what there is."""
    asked = loads(template("starts"), "starts")
    space = lay_space(asked, generate({}), load("with-teams"))
    begin = starts(space, 40, 1)
    small_ones = [
        p for p in begin if len(p.sites) <= 8 and p.lever("external_level") >= 0.5 and p.lever("coaching") == 1
    ]
    assert len(small_ones) >= 8
    sites = space.place.sites
    dense = [p for p in small_ones if set(p.sites) <= set(most_families(space, 8, space.sites))]
    assert dense
    per_head = {str(n): r / s for n, r, s in zip(sites.pseudonyms, sites.roll, sites.staff, strict=True)}
    assert min(per_head[s] for s in dense[0].sites) >= np.median(list(per_head.values()))
    assert all(space.unmet(p) == [] for p in begin)


def test_the_leanest_plan_holds_what_was_wished_and_no_more():
    space = space_of(small(more='[sites]\nfirst = ["Primary 01"]\nmust = ["Nursery 01"]\n'))
    assert set(leanest(space).sites) == {"Primary 01", "Nursery 01"}
    assert {p.measure for p in purposes(space.question)} >= {"need_served_at_fidelity_share", "sites_full_share"}
