"""The two tables of the second edition: what an adviser expects, and what each rule carries."""

from __future__ import annotations

import re

import pytest

from sim import posterior
from sim.evidence import carried, expected, published
from sim.evidence.situations.laboratory import Laboratory
from sim.parameters import REGISTRY
from sim.scenarios.files import load


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return published.laboratory(posterior.DEFAULT, 6)


def test_every_expectation_from_p1_to_p18_stands_once_and_in_order():
    assert [one.id for one in expected.EXPECTED] == [f"P{k}" for k in range(1, 19)]


def test_every_row_says_something_with_figures(laboratory):
    rows = expected.markdown(laboratory)[2:]
    assert len(rows) == 18
    for row in rows:
        assert row.count("|") == 4, row
        assert re.search(r"\d", row.split("|")[3]), row
        assert "nan" not in row.lower(), row


def test_a_rule_that_is_taken_out_moves_something(laboratory):
    """No rule is listed that carries nothing, and taking nothing out moves nothing."""
    base = carried.figures(laboratory, {})
    assert carried.figures(laboratory, {}) == base
    for rule in carried.RULES:
        assert set(rule.parameters) <= set(REGISTRY), rule.words
        assert carried.figures(laboratory, rule.parameters) != base, rule.words


def test_scenarios_without_a_rule_have_names_of_their_own():
    """A laboratory knows its runs by the scenario's name."""
    plan = load("with-teams")
    names = [carried.without(plan, rule.parameters).name for rule in carried.RULES]
    assert len({plan.name, *names}) == len(carried.RULES) + 1
