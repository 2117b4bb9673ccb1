"""The chart: the same bytes for the same results, and a title that claims no more than is known."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest
from outcome_builders import ensemble, organisation, scenario

from sim.results.charts import CAN_BE_DRAWN, chart, finding, save_chart


@pytest.fixture(scope="module")
def pair():
    place = organisation()
    return ensemble(place=place), ensemble("without-teams", strength=0, place=place, asked=scenario("without-teams"))


def test_title_gives_both_ranges(pair):
    assert finding(pair, "sites_full_share").startswith("With teams, ")
    assert finding(pair).endswith("of families in need are served at fidelity after 4 years; without teams, 0 %")


def test_title_claims_no_difference_that_is_none(pair):
    twin = (pair[0], type(pair[0])(**{**pair[0].__dict__, "scenario": scenario("twin")}))
    assert finding(twin).startswith("With teams and twin come to the same")
    other = ensemble("other", seed=9, asked=scenario("other"))
    noisy = (pair[0], type(other)(**{**other.__dict__, "seed": 1}))
    assert "cannot be told apart" in finding(noisy, "sites_full_share")


def test_same_results_same_bytes(pair, tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        save_chart(pair, tmp_path / name)
    for file in ("chart.png", "chart.svg"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    svg = (tmp_path / "one" / "chart.svg").read_text()
    for words in (
        "in 10 of the simulated runs",
        "20 replicates",
        "fictional area",
        "Model version",
        "Months since the start",
    ):
        assert words in svg.replace("\n", " ")
    assert "dc:date" not in svg


@pytest.mark.parametrize("headline", sorted(CAN_BE_DRAWN))
@pytest.mark.parametrize("arms", [1, 2, 6])
def test_every_chart_draws(pair, headline, arms):
    several = [
        pair[0],
        pair[1],
        *(type(pair[0])(**{**pair[0].__dict__, "scenario": scenario(f"arm {i}")}) for i in range(4)),
    ]
    figure = chart(several[:arms], headline)
    axes = figure.axes[0]
    assert len(axes.lines) >= arms
    assert axes.get_xlim() == (0, 48)
    assert axes.get_ylim()[0] == 0


def test_nothing_global_is_touched(pair):
    code = "import sys, sim.results.charts, sim.results.study; sys.exit('matplotlib' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    chart(pair)
    assert dict(mpl.rcParams) == before
