"""The calibration method against known posteriors, its files against bad input, and the samples that ship."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim import posterior
from sim.errors import ScenarioError, UnknownName
from sim.evidence.calibration.file import Plan, Prior, Target, read
from sim.evidence.calibration.fit import Matched, distance, fit, match
from sim.evidence.calibration.report import pulls, run, write
from sim.parameters import UNCERTAINTIES

FILES = [Path(__file__).parents[2] / "experiments" / f"calibration-{n}.toml" for n in posterior.NAMES]
PRIORS = (Prior("engage", 0.0, 0.2, 1.0, ""), Prior("drift", 0.0, 0.5, 1.0, ""))


def plan(*targets, rows=600, waves=2, patience=200, priors=PRIORS):
    return Plan("toy", priors, targets, 5, 6, waves, 60, rows, patience, 1.0)


def first_alone(values, _):
    return np.array([values["engage"]])


def bent(values, _):
    return np.array([np.exp(2.0 * values["engage"]) + 0.2 * np.sin(9.0 * values["drift"])])


def mean_within(low, high):
    """Mean of the first prior cut to a band."""
    grid = np.linspace(low, high, 2001)
    dense = np.array([PRIORS[0].density(v) for v in grid])
    return (grid * dense).sum() / dense.sum()


@pytest.mark.parametrize("waves", [0, 2])
def test_the_posterior_of_a_band_is_the_prior_within_the_band(waves):
    found = match(plan(Target("C1", "", "mean", 0.3, 1.0), waves=waves), first_alone).rows
    x = found[:, 0]
    assert (x >= 0.3).all()
    assert abs(x.mean() - mean_within(0.3, 1.0)) < 5 * 0.165 / np.sqrt(600)
    assert abs(found[:, 1].mean() - 0.5) < 5 * 0.21 / np.sqrt(600), "untouched"
    assert len(np.unique(x)) == 600
    assert abs(x.mean() - 0.65) > 5 * 0.165 / np.sqrt(600), "control: not the middle, as a flat prior would have it"


def test_waves_spare_draws_and_leave_the_posterior_as_it_was():
    target = Target("C1", "", "mean", 3.0, 3.4)
    plain, matched = (match(plan(target, rows=300, waves=w), bent) for w in (0, 3))
    assert matched.tried < 0.5 * plain.tried
    assert matched.left[-1] < 0.3
    error = np.hypot(plain.rows.std(axis=0), matched.rows.std(axis=0)) / np.sqrt(300)
    assert (np.abs(plain.rows.mean(axis=0) - matched.rows.mean(axis=0)) < 5 * error).all()


def test_an_emulator_is_exact_for_what_is_quadratic_and_honest_for_what_is_not():
    dice = np.random.default_rng(2)
    draws = dice.random((80, 2))
    quadratic = (1 + draws[:, 0] - 2 * draws[:, 0] * draws[:, 1])[:, None]
    asked = plan(Target("C1", "", "mean", 0.0, 1.0))
    exact = fit(asked, draws, quadratic)
    assert exact.error[0] < 1e-10
    assert np.allclose(exact.figures(draws), quadratic)
    assert fit(asked, draws, quadratic + 0.1 * dice.normal(size=(80, 1))).error[0] == pytest.approx(0.1, rel=0.3)


def test_a_target_is_never_traded_for_another():
    targets = Target("C1", "", "mean", 0.0, 1.0), Target("C2", "", "mean", 0.0, 1.0)
    assert distance(np.array([0.5, 0.5]), targets) == 0.0
    assert distance(np.array([0.5, 1.0]), targets) == pytest.approx(1.0)
    assert distance(np.array([0.5, np.nan]), targets) > 1e5


def test_priors_are_densities_with_their_quantiles():
    for p in (*PRIORS, Prior("x", 0.0, 0.0, 2.0, ""), Prior("x", 1.0, 2.0, 2.0, "")):
        grid = np.linspace(p.low, p.high, 20001)
        dense = np.array([p.density(v) for v in grid])
        step = grid[1] - grid[0]
        assert dense.sum() * step == pytest.approx(1.0, abs=2e-3)
        assert dense[grid <= p.quantile(0.3)].sum() * step == pytest.approx(0.3, abs=2e-3)
        assert p.density(p.low - 0.1) == p.density(p.high + 0.1) == 0.0


def test_targets_that_cannot_be_met_are_said():
    impossible = plan(Target("C1", "", "mean", 5.0, 5.1), rows=20, waves=1, patience=3)
    with pytest.raises(ScenarioError, match="0 of"):
        match(impossible, first_alone)
    hard = plan(Target("C1", "", "mean", 0.99, 1.0), rows=20, waves=0, patience=2)
    with pytest.raises(ScenarioError, match="Give more patience"):
        match(hard, first_alone)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_files_that_ship_free_at_most_six_within_their_ranges(path):
    asked = read(path)
    assert len(asked.priors) <= 6
    assert {t.situation for t in asked.targets} >= {"C2", "C3", "C4"}
    assert not any(t.situation.startswith("V") for t in asked.targets), "what is predicted is never aimed at"
    assert all(p.why for p in asked.priors)


def test_everything_wrong_with_a_file_is_reported_at_once(tmp_path):
    bad = FILES[0].read_text(encoding="utf-8").replace("rows = 200", "rows = 3")
    bad = bad.replace("[priors.engage]", "[priors.engge]").replace('situation = "C2"', 'situation = "C22"')
    path = tmp_path / "bad.toml"
    path.write_text(bad + "\nextra = 1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read(path)
    for word in ("rows must be", "Did you mean 'engage'", "unknown situation 'C22'"):
        assert word in str(caught.value)


def test_a_prior_beyond_the_plausible_range_is_refused(tmp_path):
    path = tmp_path / "wide.toml"
    text = FILES[0].read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?<=\[priors.engage\]\nlow = )[\d.]+", "0.001", text), encoding="utf-8")
    with pytest.raises(ScenarioError, match="within the plausible range"):
        read(path)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ScenarioError, match=r"there is no such file .none\.toml. in .*give a calibration file"):
        read(tmp_path / "none.toml")


@pytest.mark.slow
def test_the_same_file_gives_the_same_sample(tmp_path):
    text = FILES[0].read_text(encoding="utf-8")
    for key, value in (("draws", 30), ("replicates", 6), ("rows", 20), ("waves", 1), ("tolerance", 30.0)):
        text = re.sub(rf"(?m)^{key} = [\d.]+", f"{key} = {value}", text)
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    results = [run(read(path), threads=n) for n in (1, 2)]
    for k, result in enumerate(results):
        (tmp_path / str(k)).mkdir()
        write(result, tmp_path / str(k))
    one, other = ((tmp_path / str(k) / "as-cited.csv").read_bytes() for k in (0, 1))
    assert one == other
    assert len(posterior.read(one.decode(), "as-cited.csv")) == 20
    assert any("engage" in line for line in results[0].lines())


@pytest.mark.parametrize("name", posterior.NAMES)
def test_a_shipped_sample_is_large_within_range_and_says_how_it_was_made(name):
    shipped, asked = posterior.load(name), read(FILES[posterior.NAMES.index(name)])
    assert len(shipped.rows) >= 200
    assert len({tuple(r.values()) for r in shipped.rows}) >= 100
    assert shipped.parameters == tuple(p.name for p in asked.priors)
    for row in shipped.rows:
        assert all(UNCERTAINTIES[n].about.low <= v <= UNCERTAINTIES[n].about.high for n, v in row.items())
    for key in ("seed", "rows", "replicates", "waves", "draws"):
        assert shipped.about[key] == getattr(asked, key)


def pulled(second):
    """Which targets pull where the first parameter raises the first target, and the second target is `second` of it."""
    dice = np.random.default_rng(4)
    draws = dice.random((100, 2))
    figures = np.column_stack([0.1 * draws[:, 0], second(draws[:, 0])]) + 0.01 * dice.random((100, 2))
    asked = plan(Target("C1", "", "mean", 0.8, 0.9), Target("C4", "", "mean", 3.0, 10.0))
    return pulls(asked, Matched(draws, figures, draws[:, 0], 100, ((draws, figures),), (1.0,)))


def test_targets_that_pull_against_each_other_are_found():
    assert pulled(lambda x: 2.0 - x) == ["C1 asks for more engage, C4 for less"]


@pytest.mark.parametrize(
    "second", [lambda x: 1.0 + x, lambda x: 0.0 * x, lambda x: 8.0 - x], ids=["same", "none", "met"]
)
def test_targets_that_agree_or_ask_for_nothing_do_not_pull(second):
    assert pulled(second) == []


def test_a_damaged_or_unknown_sample_is_refused():
    with pytest.raises(UnknownName, match="as-cited"):
        posterior.load("as-hoped")
    with pytest.raises(ScenarioError, match="not uncertainties: engge"):
        posterior.read("engge\n0.1\n", "x.csv")
    with pytest.raises(ScenarioError, match=r"line 2: engage must be"):
        posterior.read("engage\n7\n", "x.csv")
    with pytest.raises(ScenarioError, match="no rows"):
        posterior.read("engage\n", "x.csv")
