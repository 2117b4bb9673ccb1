"""Levers are offered with an error measured on runs that were not fitted, or refused; twice asked, the same formula."""

from dataclasses import replace

import numpy as np
import pytest
from handout_builders import LEVERS, small_case, small_fitted, small_runs

from sim import posterior
from sim.errors import ScenarioError, UnknownName
from sim.handouts import fitting
from sim.handouts.case import Case
from sim.handouts.dials import RANGES, dial, strongest
from sim.handouts.emulator import Emulator
from sim.handouts.fitting import Effort, Fitting, design
from sim.organisation.generate.synthetic import generate
from sim.parameters import LEVERS as ALL
from sim.scenarios.files import load, names


def test_every_lever_asked_for_is_offered_or_refused_with_its_error():
    found = small_fitted()
    assert {one.dial.name for one in (*found.levers, *found.refused)} == set(LEVERS)
    for one in found.levers:
        assert one.error.median < 1.0
        assert one.error.checks > 0
    assert all(one.error.median >= 1.0 for one in found.refused)


def test_a_formula_that_is_wrong_is_refused(monkeypatch):
    """Negative control: answers of other points, and no lever passes."""
    right = fitting.fit

    def wrong(alone, points, shifts, origin):
        turned = [replace(one, shifts=-3.0 * one.shifts - 0.5 * (one.knots != origin[k])[:, None])
                  for k, one in enumerate(alone)]  # fmt: skip
        return right(turned, points, -shifts, origin)

    monkeypatch.setattr(fitting, "fit", wrong)
    found = Fitting(small_case(), Effort(120, block=6)).done(small_runs(), ["turnover_factor"])
    assert found.levers == ()
    assert found.models == (None, None)
    assert [one.dial.name for one in found.refused] == ["turnover_factor"]


def test_the_same_question_gives_the_same_formula():
    again = Fitting(small_case(), Effort(300, block=6)).done(small_runs(), LEVERS)
    first = small_fitted()
    assert [m and m.as_dict() for m in again.models] == [m and m.as_dict() for m in first.models]


def test_conditions_move_every_plan_and_levers_the_first_alone():
    found = small_fitted()
    offered = [one.dial.name for one in found.levers]
    assert found.uses[0] == tuple(range(len(offered)))
    assert [offered[k] for k in found.uses[1]] == [n for n in offered if n == "turnover_factor"]
    for used, model in zip(found.uses, found.models, strict=True):
        assert (model is None) == (not used)
        assert not isinstance(model, Emulator) or len(model.origin) == len(used)


def test_levers_that_cannot_be_offered_are_named():
    with pytest.raises(UnknownName, match="coachin"):
        Fitting(small_case(), Effort(100)).done(small_runs(), ["coachin"])
    with pytest.raises(ScenarioError, match="once"):
        Fitting(small_case(), Effort(100)).done(small_runs(), ["coaching", "coaching"])
    with pytest.raises(ScenarioError, match="at most"):
        Fitting(small_case(), Effort(100)).done(small_runs(), list(RANGES)[:6])


@pytest.mark.parametrize("name", names())
def test_every_plans_own_value_can_be_set(name):
    plan = load(name)
    for lever in RANGES:
        one = dial(lever, plan)
        assert one.low <= one.at <= one.high
        assert one.at in one.stops()
        about = ALL[lever].about
        assert about.low <= one.low
        assert one.high <= about.high
        assert not about.whole or all(v == round(v) for v in one.stops())


def test_points_to_run_lie_within_the_ranges_and_differ():
    dials = [dial(n, load("with-teams")) for n in ("coaching", "core_team_size")]
    found = design(24, dials, 1)
    assert found.shape == (24, 2)
    assert np.all((found >= 0) & (found <= 1))
    assert len(np.unique(found[:, 0])) == 24


def test_the_strongest_levers_come_first_and_those_that_do_nothing_not_at_all(monkeypatch):
    monkeypatch.setattr("sim.handouts.dials.RANGES", {n: RANGES[n] for n in ("coaching", "external_level", "mandate")})
    case = replace(small_case(), plans=(load("without-teams"), load("without-teams")))
    assert [one.name for one in strongest(case, 4) if one.name in ("coaching", "external_level")] == []


@pytest.mark.slow
def test_the_printed_error_holds_where_nobody_has_looked():
    """The default question as it is handed on: errors at twelve fresh settings are those that are printed."""
    plans = (load("with-teams"), load("without-teams"))
    rows = posterior.load().rows
    case = Case(plans, ("With", "Without"), generate(dict(plans[0].area)), "The place", 120, 1, rows)
    runs = case.ensembles()
    work = Fitting(case, Effort())
    found = work.done(runs)
    assert len(found.levers) >= 3, "levers are offered at all"
    dials = [one.dial for one in found.levers]
    fresh = design(12, dials, 99)
    again = work._error(found.models[0], dials, list(fresh), found.bases)
    assert again.median < 1.0
    assert again.median < found.together.median + 0.5, "the printed error is no luckier than another"

    class Still:
        """Negative control: a formula in which nothing moves is a point or more off."""

        origin = found.models[0].origin

        def shift(self, x):
            return np.zeros_like(found.bases[0].vector())

    assert work._error(Still(), dials, list(fresh), found.bases).median > 1.0
