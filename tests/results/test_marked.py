"""Five years are marked within longer runs, in what is printed, drawn and sent, and in no shorter one."""

from __future__ import annotations

from outcome_builders import ensemble, organisation, scenario

from sim.results import marked
from sim.results.charts import chart
from sim.results.compare import summarise
from sim.results.study import ChosenOrganisation, Comparison
from sim.results.words import summary_words


def comparison(months):
    place = organisation()
    pair = [ensemble(place=place, replicates=4, months=months)]
    other = scenario("without-teams")
    pair.append(ensemble("without-teams", strength=0, place=place, replicates=4, months=months, asked=other))
    return Comparison(pair, ChosenOrganisation(place, {}), None)


def test_what_is_printed_gives_both():
    found = comparison(120)
    assert "After 5 years of 10 years" in repr(found)
    for name in marked.MEASURES:
        assert summary_words(summarise(found.ensembles[0], f"{name}@60")) in repr(found)
    told = found.as_dict()["after_5_years"]
    assert {row["id"] for row in told} == {f"{name}@60" for name in marked.MEASURES}
    assert all(row["month"] == 60 for row in told if "month" in row)
    assert any("difference" in row for row in told)


def test_a_run_of_five_years_has_no_mark():
    for months in (48, 60):
        found = comparison(months)
        assert "After 5 years of" not in repr(found) and found.as_dict()["after_5_years"] == []


def test_the_chart_has_a_line_at_month_60_in_longer_runs_alone():
    def words(months):
        return [t.get_text() for axes in chart(comparison(months).ensembles).axes for t in axes.texts]

    assert "5 years" in words(120) and "5 years" not in words(60)
