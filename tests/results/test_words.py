"""Figures as people read them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcome_builders import ensemble, organisation, scenario

from sim.results.compare import Summary, difference, paired, summarise
from sim.results.measures import BY_ID, MONTHS, PEOPLE, POUNDS, SHARE, measure_of
from sim.results.report import WIDTH, report
from sim.results.words import difference_words, figure, mean_words, pounds, signed, span, summary_words, two_figures


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.0996, "0.10"),
        (0.123, "0.12"),
        (9.96, "10"),
        (12.4, "12"),
        (99.6, "100"),
        (1234567, "1,200,000"),
        (-3.14, "-3.1"),
    ],
)
def test_two_figures(value, words):
    assert two_figures(value) == words


@given(st.floats(1e-6, 1e9))
def test_two_figures_stay_within_five_percent_and_have_no_exponent(value):
    words = two_figures(value)
    assert re.fullmatch(r"[\d,]+(\.\d+)?", words)
    assert float(words.replace(",", "")) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "£0"), (950, "£950"), (999, "£1.0k"), (12_345, "£12k"), (1_250_000, "£1.2m"), (3.2e9, "£3.2bn")],
)
def test_pounds(value, words):
    assert pounds(value) == words


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (0.312, 0.381, SHARE, "31 to 38 %"),
        (0.312, 0.313, SHARE, "31 %"),
        (27, 36, MONTHS, "27 to 36 months"),
        (27, math.inf, MONTHS, "27 months or more"),
        (math.inf, math.inf, MONTHS, "beyond the horizon"),
        (math.nan, math.nan, SHARE, "not defined"),
        (12_000, 14_000, POUNDS, "£12k to £14k"),
        (3, 8, PEOPLE, "3 to 8"),
    ],
)
def test_span(low, high, unit, words):
    assert span(low, high, unit) == words


def test_beyond_the_horizon_is_never_a_number():
    assert figure(math.inf, MONTHS) == "beyond the horizon"
    late = Summary(BY_ID["months_to_80"], "x", 60, math.inf, 27, math.inf, 0.6, 0.0, "predicted", "months_to_80")
    assert summary_words(late) == "27 months or more"
    assert signed(math.inf, MONTHS) == "later than can be seen"
    assert late.as_dict()["median"] is None


def test_range_comes_before_point():
    found = Summary(BY_ID["sites_full_share"], "x", 60, 0.35, 0.31, 0.38, 0.0, 0.0, "predicted", "sites_full_share")
    assert summary_words(found) == "31 to 38 % (35)"


def test_a_difference_smaller_than_its_noise_cannot_be_told_apart():
    place = organisation()
    a = ensemble("with-teams", place=place, replicates=40)
    b = ensemble("same again", place=place, replicates=40, seed=2, asked=scenario("same again"))
    b = type(b)(**{**b.__dict__, "seed": 1})
    assert difference_words(difference(a, b, "sites_full_share")) == "cannot be told apart"
    assert difference_words(difference(a, a, "sites_full_share")) == "the same in every run"
    weak = ensemble("weak", strength=0.3, place=place, replicates=40, asked=scenario("weak"))
    found = difference(a, weak, "sites_full_share")
    assert re.fullmatch(r"\+\d+ to \+\d+ points, higher in 40 of 40 runs", difference_words(found))
    assert re.fullmatch(r"\+\d+ to \+\d+ points \(\+\d+\)", mean_words(found))
    turned = difference_words(difference(weak, a, "sites_full_share"))
    assert re.fullmatch(r"-\d+ to -\d+ points, lower in 40 of 40 runs", turned)


@pytest.mark.parametrize(
    ("measure", "small", "large"),
    [
        ("sites_full_share", 0.004, 0.02),
        ("months_to_80", 0.9, 3.0),
        ("cost_total", 1.0, 50.0),
        ("family_gain", 0.04, 0.2),
    ],
)
def test_nothing_is_told_of_trifles(measure, small, large):
    base = np.linspace(90, 110, 60) if measure == "cost_total" else np.linspace(0.2, 0.4, 60)
    noise = 1 + np.linspace(-0.01, 0.01, 60)
    for gap, words in ((small, "hardly differ"), (large, "higher")):
        found = paired(measure_of(measure), (base + gap * noise, base))
        said = difference_words(found)
        assert found.apart, "the mean's interval alone would call either a sure difference"
        assert words in said.replace("later", "higher") and (said == "hardly differ") is (gap == small)


def test_a_difference_that_is_not_the_same_in_every_run_says_in_how_many():
    gap = np.concatenate([np.full(45, 0.03), np.full(10, -0.02), np.zeros(5)])
    base = np.full(60, 0.3)
    found = paired(measure_of("sites_full_share"), (base + gap, base))
    assert difference_words(found).endswith("points, higher in 45 of 60 runs")


def test_nothing_in_common_is_said_and_few_runs_are_too_few():
    nobody, some = ensemble(strength=0, replicates=3, asked=scenario("nobody")), ensemble(replicates=3)
    assert difference_words(difference(some, nobody, "certified_36_share")) == "nothing to compare"
    one, other = ensemble(replicates=1), ensemble(strength=0.2, replicates=1, asked=scenario("other"))
    assert difference_words(difference(one, other, "sites_full_share")) == "too few runs to tell"


def test_the_report_fits_and_has_one_line_of_figures_a_headline():
    place = organisation()
    a = ensemble("with-teams", place=place)
    b = ensemble("without-teams", strength=0, place=place, asked=scenario("without-teams"))
    lines = report([a, b], place).splitlines()
    assert max(map(len, lines)) <= WIDTH
    for words in ("sites in full implementation", "kept 5 years after support", "cost, cash and released time"):
        assert len([line for line in lines if line.startswith(words)]) == 1
    start = next(line for line in lines if "difference" in line)
    row = next(line for line in lines if line.startswith("sites in full"))
    assert row[start.index("difference")] in "+-c"
    three = report([a, b, ensemble("half", strength=0.5, place=place, asked=scenario("half"))], place)
    assert three.count("\n  half ") == len([line for line in three.splitlines() if line.startswith("  without-teams")])


def test_figures_too_wide_for_one_row_are_one_below_the_other():
    place = organisation()
    arms = [ensemble("x" * 40, place=place, asked=scenario("x" * 40)), ensemble("b", place=place, asked=scenario("b"))]
    text = report(arms, place)
    assert "\n  b " in text
    assert text.count("the same in every run") > 5


def test_no_scenario_is_called_a_failure():
    place = organisation()
    text = report([ensemble(place=place), ensemble("b", strength=0, place=place, asked=scenario("b"))], place)
    assert "fail" not in text.lower()


def test_a_summary_says_in_how_many_runs_there_is_no_value():
    found = summarise(ensemble(strength=0.02, replicates=40), "certified_36_share")
    assert 0 < found.undefined < 1
    assert found.as_dict()["undefined"] == found.undefined
