"""A question is read whole or refused in words; what it allows is kept by every plan."""

from __future__ import annotations

import pytest
from planning_builders import SMALL, small, space_of

from sim.errors import ScenarioError
from sim.parameters import LEVERS
from sim.planning.asking import loads
from sim.planning.prices import PRICES
from sim.planning.template import template


def _refused(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "mine")
    return str(caught.value)


def test_the_template_is_a_question():
    found = loads(template("ours"), "ours")
    assert found.limits.cash[:5] == (60000, 60000, 60000, 50000, 50000)
    assert len(found.limits.released) == found.years == 10
    assert set(found.choices.levers) <= set(PRICES)
    assert "ours.toml" in template("ours")


def test_one_figure_holds_for_every_year_and_the_last_for_all_later_ones():
    found = small(months=60, cash=1000, released=[1, 2])
    assert found.limits.cash == (1000,) * 5
    assert found.limits.released == (1, 2, 2, 2, 2)


@pytest.mark.parametrize(
    ("lever", "why"),
    [
        ("mandate", "nothing is charged for 'mandate'"),
        ("relaxed_rules", "nothing is charged for 'relaxed_rules'"),
        ("true_effect", "'true_effect' is a condition, which nobody can choose or buy"),
        ("turnover_factor", "'turnover_factor' is a condition"),
        ("training", "'training' shapes the whole plan"),
    ],
)
def test_a_lever_that_no_plan_can_choose_is_refused_and_those_that_one_can_are_named(lever, why):
    text = SMALL.format(months=24, cash=1, released=1).replace("core_team_size = [3, 4, 5]", f"{lever} = [0.5]")
    told = _refused(text)
    assert why in told
    assert "coaching" in told


def test_every_lever_that_a_plan_may_choose_declares_its_price_and_its_most():
    """What the search tries is what the levers say: charged for, no condition, and never above the ceiling."""
    assert {"communication", "alignment", "peer_network", "mentoring", "coaching"} <= set(PRICES)
    for name, price in PRICES.items():
        lever = LEVERS[name]
        assert lever.prices, name
        assert not lever.is_condition, name
        assert max(price.values()) <= lever.ceiling, name
        assert [lever.read("here", lever.show(value)) for value in price.values()] == list(price.values()), name


def test_a_choice_that_costs_hours_may_be_searched():
    text = SMALL.format(months=24, cash=1, released=1).replace("core_team_size = [3, 4, 5]", "alignment = [0.5, 0.9]")
    assert loads(text, "mine").choices.levers["alignment"] == (0.5, 0.9)


def test_a_value_above_what_can_be_bought_is_refused():
    text = SMALL.format(months=24, cash=1, released=1).replace("[3, 4, 5]", "[3, 12]")
    assert "[3, 7]" in _refused(text)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[sites]\nmust = ["A"]\nnever = ["A"]\n', "listed under both must and never"),
        ('[sites]\nfirst = ["A"]\nnever = ["A"]\n', "listed under both first and never"),
        ('[sites]\nfirst = ["A", "B", "C", "D", "E", "F"]\n', "may have at most 5"),
        ('[sites]\nmust = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"]\n', "have room for 10"),
        ("[sites]\nmost_a_term = 1\n", "may open in a term"),
    ],
)
def test_contradictions_are_told_before_anything_runs(more, told):
    assert told in _refused(SMALL.format(months=24, cash=1, released=1) + more)


def test_everything_wrong_is_told_at_once():
    told = _refused('monhts = 3\n[limits]\ncash = "much"\nchance = 2\n[choices]\nsizes = [5, 2]\n')
    assert all(word in told for word in ("monhts", "limits.cash", "limits.chance", "choices.sizes"))


def test_no_limit_at_all_is_refused():
    assert "without a limit" in _refused("months = 24\n")


def test_sites_that_the_area_lacks_are_refused_with_the_nearest():
    question = small(more='[sites]\nmust = ["Primry 01"]\nnever = ["Nowhere"]\n')
    with pytest.raises(ScenarioError) as caught:
        space_of(question)
    assert "Primry 01" in str(caught.value)
    assert "Did you mean 'Primary 0" in str(caught.value)
    assert "Nowhere" in str(caught.value)


def test_a_core_team_that_nobody_can_staff_is_refused():
    question = small(more="[[people]]\ncount = 2\n")
    with pytest.raises(ScenarioError, match="the smallest core team that may be chosen has 3 members"):
        space_of(question)
