"""Yearly limits in scenario files: read strictly, told in words, written back, set by hand."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenarios.budget import PAYERS, Budget, Means
from sim.scenarios.describe import describe
from sim.scenarios.differences import differences
from sim.scenarios.files import load, loads, override
from sim.scenarios.write import dump, from_dict, to_dict

TEXT = """
base = "with-teams"
[budget]
cash = [60000, 45000.5]
time = 9000
[budget.agency.education]
time = [4000, "no limit"]
[budget.agency.external]
cash = 0
"""
READ = Budget(
    Means(cash=(60000.0, 45000.5), time=(9000.0,)),
    {"education": Means(time=(4000.0, inf)), "external": Means(cash=(0.0,))},
)
AMOUNTS = st.lists(st.one_of(st.just(inf), st.floats(0, 1e12), st.integers(0, 10**6).map(float)), max_size=4)
MEANS = st.builds(Means, AMOUNTS.map(tuple), AMOUNTS.map(tuple))


def test_a_budget_is_read():
    assert loads(TEXT, "mine").budget == READ


def test_without_one_nothing_is_limited():
    scenario = load("with-teams")
    assert scenario.budget == Budget()
    assert not scenario.budget.limited
    assert "budget" not in to_dict(scenario)
    assert not any(line.startswith("Budget") for line in describe(scenario))


def test_the_last_value_goes_on():
    means = Means(cash=(10.0, 5.0))
    assert [means.in_year("cash", year) for year in (0, 1, 7)] == [10.0, 5.0, 5.0]
    assert means.in_year("time", 3) == inf


@given(area=MEANS, agencies=st.dictionaries(st.sampled_from(PAYERS), MEANS.filter(lambda m: m.cash or m.time)))
def test_what_is_written_is_read_back(area, agencies):
    scenario = replace(load("with-teams"), budget=Budget(area, agencies))
    assert loads(dump(scenario), "with-teams").budget == scenario.budget
    assert from_dict(to_dict(scenario)).budget == scenario.budget


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("cash = -1", "budget.cash must be a number in [0, 1e+12]; got -1"),
        ("cash = [1, -1]", "budget.cash[2] must be"),
        ("cash = []", "budget.cash must be one limit for each year"),
        ("cash = true", "budget.cash must be a number"),
        ('cash = "much"', "budget.cash must be a number of GBP"),
        ('time = [1, "1"]', "budget.time[2] must be a number of hours"),
        ("cash = nan", "nan"),
        ("money = 3", "'money'"),
        ("agency = 3", "budget.agency must be a table"),
        ("[budget.agency.schools]\ntime = 3", "'schools'"),
        ("[budget.agency.health]\nhours = 3", "'hours'"),
        ("[budget.agency.health]\ncash = 1e13", "budget.agency.health.cash must be"),
    ],
)
def test_what_is_wrong_is_told_with_its_address(lines, told):
    with pytest.raises(ScenarioError) as caught:
        loads(f"[budget]\n{lines}\n", "mine")
    assert told in str(caught.value)
    assert str(caught.value).startswith("mine.toml")


def test_set_by_hand():
    texts = ("budget.cash=60000, 45000.5", "budget.time=9000", "budget.agency.education.time=4000,no limit")
    scenario = override(load("with-teams"), (*texts, "budget.agency.external.cash=0"))
    assert scenario.budget == READ
    assert override(scenario, ("budget.cash=1",)).budget.area == Means((1.0,), (9000.0,))


@pytest.mark.parametrize(
    "text", ["budget.gold=1", "budget.agency.schools.cash=1", "budget.cash=much", "budget.cash=-1"]
)
def test_what_cannot_be_set_by_hand_is_refused(text):
    with pytest.raises(ScenarioError, match=r"--set budget"):
        override(load("with-teams"), (text,))


def test_it_is_told_in_words_and_as_a_difference():
    scenario = loads(TEXT, "mine")
    told = " ".join(describe(scenario, load("with-teams")))
    for words in (
        "60,000 in year 1",
        "45,000.5 from year 2 on",
        "9,000 hours of staff time a year",
        "Budget of education",
    ):
        assert words in told
    assert "no zone opens until the next year" in told
    assert [d.key for d in differences(load("with-teams"), scenario)] == ["limits"]
    assert differences(scenario, loads(TEXT, "other")) == []


def test_a_file_takes_its_base_s_budget_over_or_replaces_it(tmp_path):
    (tmp_path / "poor.toml").write_text("[budget]\ncash = 5\n")
    (tmp_path / "same.toml").write_text('base = "poor"\n[levers]\ncoaching = 0.5\n')
    (tmp_path / "other.toml").write_text('base = "poor"\n[budget]\ntime = 7\n')
    assert load(tmp_path / "same.toml").budget.area == Means(cash=(5.0,))
    assert load(tmp_path / "other.toml").budget.area == Means(time=(7.0,))
