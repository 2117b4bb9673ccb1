"""The model of observing, weights, the update from end to end: right, repeatable, kept whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from observed_builders import WATCHED, place, seen_of, setup, table
from scipy.stats import hypergeom

import sim
from sim.engine.batch import simulate
from sim.errors import Interrupted, ResultError, ScenarioError, WrongArgument
from sim.observed import folder as kept
from sim.observed.bank import Followed, How, ZoneColumns, errors_of, run_batch
from sim.observed.folder import Work
from sim.observed.gates import gates_of
from sim.observed.likelihood import WRONG, deviation, highest, log_likelihood, observe, step
from sim.observed.prior import ROWS, Widened
from sim.observed.question import UpdateSettings, ask
from sim.observed.reader import read_observed
from sim.observed.reports import Datum
from sim.observed.tables import tables
from sim.observed.update import Update
from sim.observed.weighed import weighed
from sim.observed.weighing import quantile, to_weigh, weigh
from sim.organisation.generate.synthetic import generate
from sim.parameters import UNCERTAINTIES
from sim.results.series import columns
from sim.scenarios.files import load

ROWS_SEEN = (
    ("6", "first zone", "using", "4", "60"), ("12", "first zone", "using", "12", "60"),
    ("12", "first zone", "trained", "40", "91"), ("12", "all", "capacity_core", "0.24", ""),
)  # fmt: skip


def question(*rows, runs=400, **settings):
    plan = load("with-teams")
    reports = read_observed(table(*(rows or ROWS_SEEN)), place()).reports
    return ask(plan, generate(dict(plan.area)), reports, UpdateSettings(runs=runs, months=36, **settings))


def answer(asked):
    return Update(asked, Work(asked).done(), setup().organisation)


# The model of observing


@pytest.mark.parametrize(
    "datum",
    [
        Datum("using", "all", 6, 0.0, 12, 40),
        Datum("using", "all", 6, 0.0, 40, 40),
        Datum("sites_full", "all", 6, 0.0, 6, 6),
    ],
)
def test_the_probabilities_of_all_that_may_be_observed_add_up_to_one(datum):
    error = np.array([0.05, 0.05, 0.05])
    truth = np.array([0.0, 0.3, 1.0])
    every = [replace(datum, value=k / datum.observed) for k in range(datum.observed + 1)]
    total = sum(np.exp(log_likelihood(d, truth, error)) for d in every)
    assert total == pytest.approx(1.0, abs=2e-3)


def test_without_error_of_judgement_it_is_near_sampling_without_replacement():
    datum = Datum("using", "all", 6, 10 / 40, 40, 100)
    got = np.exp(log_likelihood(datum, np.array([0.3]), np.array([0.0])))[0] / (1 - WRONG)
    assert got == pytest.approx(hypergeom(100, 30, 40).pmf(10), rel=0.08)


def test_what_is_observed_of_a_truth_follows_the_same_model():
    dice = np.random.default_rng(1)
    datum = Datum("using", "all", 6, 0.0, 30, 90)
    seen = np.array([observe(datum, 0.4, 0.05, tuple(dice.random(2))).value for _ in range(4000)])
    each = np.arange(31) / 30
    expected = np.array(
        [np.exp(log_likelihood(replace(datum, value=v), np.array([0.4]), np.array([0.05])))[0] for v in each]
    )
    counts = np.array([(np.abs(seen - v) < 1e-9).sum() for v in each])
    large = expected * 4000 > 5
    chi = (((counts - 4000 * expected) ** 2) / (4000 * expected))[large].sum()
    assert chi < 2 * large.sum()


def test_a_run_without_a_value_counts_as_a_slip_and_tails_stay_finite():
    datum = Datum("fidelity", "all", 6, 0.9, 30, 90)
    got = log_likelihood(datum, np.array([np.nan, 0.9, 0.0]), np.array([0.05] * 3))
    assert np.isfinite(got).all()
    assert got[1] > got[0]
    assert got[1] > got[2]
    assert deviation(datum, np.array([0.5]), np.array([0.05]))[0] > 0.05
    assert step(datum) < highest(datum)


# Weights


def test_weights_are_tempered_only_where_they_would_collapse():
    gentle, harsh = np.linspace(0, 1, 500), np.linspace(0, 300, 500)
    assert weigh(gentle).strength == 1.0
    cut = weigh(harsh, 50)
    assert cut.untempered < 50
    assert cut.effective == pytest.approx(50, rel=0.01)
    assert 0 < cut.strength < 1
    assert cut.values.sum() == pytest.approx(1)


def test_weighted_quantiles_of_equal_weights_are_those_of_the_sample():
    x = np.random.default_rng(0).normal(size=2001)
    got = quantile(x, np.full(2001, 1 / 2001), 0.1, 0.5, 0.9)
    assert got == pytest.approx(np.quantile(x, [0.1, 0.5, 0.9]), abs=0.01)
    assert np.isnan(quantile(np.array([np.nan]), np.array([1.0]), 0.5)[0])


def test_months_close_together_are_weighed_once_and_zones_before_the_area():
    data = tuple(Datum("using", z, m, 0.1, 10, 90) for z in ("first zone", "all") for m in range(1, 13))
    used = to_weigh(data)
    assert [(d.zone, d.month) for d in used] == [("first zone", 6), ("first zone", 12)]
    assert to_weigh(data[12:]) == (data[17], data[23])


# Runs


def test_runs_are_read_as_the_series_reads_them():
    sample = Widened((), 3)

    ensemble = simulate(
        setup().scenario, setup().organisation, replicates=4, months=36, seed=3, sample=sample, setup=setup()
    )
    whole, mine = columns(ensemble), ZoneColumns(ensemble)
    for name in (
        "practitioners_using",
        "fidelity_mean",
        "capacity_local_mean",
        "capacity_core",
        "families_reached",
        "cost_cash",
    ):
        np.testing.assert_allclose(mine[name], whole[name], equal_nan=True)


def test_places_differ_within_what_is_plausible_and_are_made_again_from_their_number():
    sample = Widened(({"engage": 0.02},), 5, fixed=("barrier_mean",))
    rows = [sample[i] for i in range(300)]
    assert sample[7] == Widened(({"engage": 0.02},), 5, fixed=("barrier_mean",))[7]
    assert len(sample) == ROWS
    assert sample[2:4] == [sample[2], sample[3]]
    assert all("barrier_mean" not in r and r["engage"] == 0.02 for r in rows)
    for name in sample.varied:
        about, values = UNCERTAINTIES[name].about, np.array([r[name] for r in rows])
        assert values.min() >= about.low
        assert values.max() <= about.high
        assert values.std() > 0.05 * (about.high - about.low)


# From end to end


def test_what_is_seen_moves_the_forecast_towards_it():
    low = answer(question(("18", "first zone", "using", "1", "91")))
    high = answer(question(("18", "first zone", "using", "60", "91")))
    middle = {n: next(b.after[1] for b in u.bands if (b.measure, b.zone, b.month) == ("using", "all", 36))
              for n, u in (("low", low), ("high", high))}  # fmt: skip
    assert middle["low"] < middle["high"]
    assert [s.verdict for s in low.standings] == ["slower"]
    assert [s.verdict for s in high.standings] == ["faster"]
    assert low.found.weights.effective < low.found.bank.runs


def test_what_the_model_cannot_give_is_told():
    told = "\n".join(
        answer(
            question(("6", "first zone", "fidelity", "0.99", "60"), ("6", "all", "capacity_core", "0.9", ""))
        ).lines()
    )
    assert "the model has hardly ever given this much by month 6" in told
    calm = "\n".join(answer(question()).lines())
    assert "hardly ever" not in calm
    assert "Yes. Allowing for differences between places" in calm


def test_small_numbers_and_single_sites_are_not_told():
    few = answer(question(("12", "first zone", "using", "3", "60")))
    assert "fewer than 5" in "\n".join(few.lines())
    assert few.as_dict()["course"][0]["seen"] is None
    here = place()
    site = here.names[here.sites_of("first zone")[0]][0]
    one = read_observed(
        table(("12", site, "using", "5", "9"), header=("month", "site", "measure", "value", "observed")), here
    )
    plan = load("with-teams")
    asked = ask(plan, generate(dict(plan.area)), one.reports, UpdateSettings(runs=200, months=36))
    found = answer(asked)
    assert found.standings == []
    assert "single site" in "\n".join(found.lines())
    assert site not in json.dumps(found.as_dict())


def test_threads_and_batches_do_not_matter():
    one, two = (answer(question(threads=t)) for t in (1, 2))
    assert tables(one) == tables(two)
    asked = question(runs=300)
    whole = run_batch(asked.setup, asked.followed, asked.sample, (1, 0, 300), How())
    part = run_batch(asked.setup, asked.followed, asked.sample, (1, 200, 100), How())
    np.testing.assert_array_equal(whole.values[200:], part.values)


def test_gates_are_those_of_the_plan():
    found = answer(question(runs=200)).gates
    assert [(g.zone, g.of, g.asked) for g in found] == [
        ("second zone", "first zone", False), ("third zone", "second zone", False),
        ("fourth zone", "third zone", False)]  # fmt: skip
    assert all(a <= b for g in found for a, b in zip(g.after, g.after[1:], strict=False))
    gated = load("three-zones")
    assert [g[:2] for g in gates_of(gated)] == [(1, 0), (2, 1)]


def test_a_stopped_update_goes_on_and_replays_to_the_byte(tmp_path):
    asked, out = question(runs=1100), tmp_path / "out"
    organisation = generate(dict(load("with-teams").area))
    origin = {"command": "zones update", "place": {}}
    kept.begin(out, asked, organisation, origin)
    calls = iter(range(10**6))
    with pytest.raises(Interrupted, match="are kept"):
        Work(asked, out, cancelled=lambda: next(calls) > 0 and len(list((out / "parts").iterdir())) > 0).done()
    parts = sorted(p.name for p in (out / "parts").iterdir())
    assert parts
    damaged = out / "parts" / parts[0]
    damaged.write_bytes(damaged.read_bytes()[:-3] + b"xxx")
    kept.begin(out, asked, organisation, origin)
    with kept.held(out), pytest.raises(ResultError, match="another process"), kept.held(out):
        pass
    found = Update(asked, Work(asked, out).done(), organisation)
    kept.finish(out, found)
    assert tables(found) == tables(Update(asked, Work(asked).done(), organisation))
    again = kept.replay(out)
    assert again.identical
    with pytest.raises(ResultError, match="is finished"):
        kept.begin(out, asked, organisation, origin)
    with pytest.raises(ResultError, match="another update"):
        kept.begin(out, question(runs=1100, seed=2), organisation, origin)
    text = "".join(p.read_text() for p in out.iterdir() if p.is_file())
    assert organisation.name not in text
    (out / "course.csv").write_text("changed")
    assert not kept.replay(out).identical


def test_from_python():
    import pandas as pd

    frame = pd.DataFrame({"month": [6, 12], "zone": "first zone", "measure": "using", "value": [0.05, 0.2]})
    found = sim.update("with-teams", frame, runs=200)
    assert "Where it stands" in repr(found)
    assert found.as_dict()["runs"] == 200
    with pytest.raises(WrongArgument, match="no option 'replicates'"):
        sim.update("with-teams", frame, replicates=3)  # type: ignore[call-arg]
    with pytest.raises(ScenarioError, match="reaches month 12"):
        sim.update("with-teams", frame, months=12)
    with pytest.raises(WrongArgument, match="observed must be"):
        sim.update("with-teams", 3)


def test_data_of_the_model_itself_are_explained():
    asked = question(runs=400)
    series = tuple((n, z) for n, z, _ in WATCHED)
    bank = run_batch(asked.setup, Followed(series), asked.sample, (1, 0, 400), How())
    errors = errors_of(bank, asked.setup, ["assess_error", "assessment_error"])
    empty = weighed(bank, errors, (Datum("using", "first zone", 3, 0.0, 60, 91),))
    data = seen_of(empty, 11, 18, np.random.default_rng(4))
    found = weighed(bank, errors, data)
    assert found.weights.values[11] > 3 / 400
