"""One page: two sides whatever plans are called, tagged; options side by side with the ladder."""

import re
from dataclasses import replace

import pytest
from handout_builders import HOSTILE, small_case, small_runs

from sim.errors import ZonesError
from sim.handouts import one_page, page, words
from sim.handouts.plan_folder import case_of
from sim.handouts.timeline import MOST, bars
from sim.scenarios.files import load
from sim.scenarios.scenario import Zone


def sides(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def options(count):
    case = small_case()
    plans = tuple(load(n) for n in ("with-teams", "half-the-team", "train-and-hope", "same-money", "without-teams"))
    chosen = replace(case, plans=plans[:count], names=tuple(p.title for p in plans[:count]), runs=4)
    return chosen, chosen.ensembles()


@pytest.mark.parametrize("title", ["", HOSTILE], ids=["plain", "hostile"])
def test_the_page_has_two_sides_and_is_tagged(title):
    told = page.of_plans(small_case(title), small_runs(title))
    pdf = one_page.as_pdf(told)
    assert pdf.startswith(b"%PDF")
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert sides(pdf) == 2
    assert len(told.figures) == 4
    assert len(told.doubts) == 3


def test_names_are_only_ever_text_on_the_page():
    told = one_page.as_html(page.of_plans(small_case(HOSTILE), small_runs(HOSTILE)))
    assert "<img" not in told
    assert "</script>" not in told


def test_many_zones_still_fit_one_side():
    case = small_case()
    zones = tuple(Zone(f"zone number {k} of a long plan", choose=1, opens=1 + k) for k in range(8))
    plans = (replace(case.plans[0], zones=zones), replace(case.plans[0], zones=zones[:7]))
    crowded = replace(case, plans=plans, names=("Long " * 20, "Short"), runs=2)
    runs = crowded.ensembles()
    assert len(bars(runs[0])) == MOST
    assert sides(one_page.as_pdf(page.of_plans(crowded, runs))) == 2


@pytest.mark.parametrize("count", [3, 5])
def test_options_stand_side_by_side_with_the_ladder(count):
    case, runs = options(count)
    told = page.of_plans(case, runs)
    assert [row[0] for row in told.options.rows] == list(case.names)
    assert len(told.tables[0].rows) == count - 1, "a rung from each option to the next"
    assert told.tables[0].title == "The ladder"
    assert told.title.startswith("Which of")
    text = one_page.as_html(told)
    assert all(name in text for name in case.names)
    assert sides(one_page.as_pdf(told)) in (2, 3)


def test_a_zone_opens_where_its_runs_opened_it():
    found = bars(small_runs()[0])
    assert [one.name for one in found] == [z.name for z in small_case().plans[0].zones]
    assert found[0].begins == pytest.approx(1 / 24)
    assert found[-1].begins is None, "month 60 is not within two years"


def test_the_finding_counts_people():
    assert words.in_hundred(0.304) == "about 30 in 100"
    assert words.in_hundred(0.004) == "fewer than 1 in 100"
    assert words.of_many(0.374, 883, "practitioners") == "about 330 of 883 practitioners"
    assert words.years_words(120) == "ten years"
    assert words.years_words(30) == "30 months"
    assert "of 12 runs" in page.findings(small_case(), small_runs())[2]


def test_a_folder_of_something_else_is_refused_in_words(tmp_path):
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ZonesError, match=r"plan\.json"):
        case_of(tmp_path)
