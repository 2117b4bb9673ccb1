"""Tables of what was seen, as people have them: everything read is right, everything else is told."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pandas as pd
import pytest
from observed_builders import place, table

from sim.errors import OrganisationError, ScenarioError
from sim.observed.months import read_date, read_month, read_start
from sim.observed.observables import measure_named
from sim.observed.reader import read_observed
from sim.observed.reports import data_of
from sim.observed.template import rows_of, write_template
from sim.organisation.files.cells import Upload
from sim.organisation.files.columns import RefusedError


def reports(*rows, start="", **options):
    return read_observed(table(*rows, **options), place(), start).reports


def problems(*rows, start="", **options):
    with pytest.raises(OrganisationError) as told:
        read_observed(table(*rows, **options), place(), start)
    return "\n".join(told.value.problems)


@pytest.mark.parametrize(
    ("value", "observed", "share", "count"),
    [("12", "40", 0.3, 40), ("0.3", "40", 0.3, 40), ("30%", "40", 0.3, 40), ("30 %", "", 0.3, 0),
     ("12 of 40", "", 0.3, 40), ("12/40", "", 0.3, 40), ("12 out of 40", "", 0.3, 40), ("0", "40", 0.0, 40),
     ("1", "40", 1 / 40, 40), ("0.25", "", 0.25, 0)],
)  # fmt: skip
def test_a_share_in_many_hands(value, observed, share, count):
    (found,) = reports(("12", "first zone", "using", value, observed))
    assert found.value == pytest.approx(share)
    assert found.observed == count
    assert (found.month, found.zone, found.measure) == (12, "first zone", "using")


def test_one_alone_is_asked_about():
    assert "one person or all" in problems(("3", "first zone", "using", "1", ""))
    found = reports(("3", "first zone", "using", "1", ""), ("6", "first zone", "using", "0.5", ""))
    assert [r.value for r in found] == [1.0, 0.5]


def test_one_of_forty_is_a_count_where_others_are():
    found = reports(("3", "first zone", "using", "1", "40"), ("6", "first zone", "using", "8", "40"))
    assert [r.value for r in found] == [1 / 40, 8 / 40]


def test_a_number_alone_is_out_of_all_there_are():
    staff = sum(place().staff[i] for i in place().sites_of("first zone"))
    found = reports(("3", "first zone", "trained", "1", ""), ("6", "first zone", "trained", "45", ""))
    assert [(r.value, r.observed) for r in found] == [(1 / staff, staff), (45 / staff, staff)]


def test_a_wide_table_with_percentages_by_heading():
    header = ("Month", "Zone", "% using", "Trained", "Core team capacity score", "Weather")
    found = read_observed(table(("6", "1", "10", "20", "0.2", "wet"), ("9", "1", "15", "40", "0.25", "dry"),
                                header=header), place())  # fmt: skip
    got = {(r.measure, r.month): r.value for r in found.reports}
    staff = sum(place().staff[i] for i in place().sites_of("first zone"))
    assert got["using", 6] == pytest.approx(0.1)
    assert got["trained", 9] == pytest.approx(40 / staff)
    assert got["capacity_core", 9] == 0.25
    assert {r.zone for r in found.reports if r.measure == "capacity_core"} == {"all"}


@pytest.mark.parametrize(
    "cell",
    ["2027-02", "2027-02-28", "28/02/2027", "Feb 2027", "February 2027", "feb-27", "02/2027", "28 February 2027",
     "28.02.2027", "2027-02-28T00:00:00"],
)  # fmt: skip
def test_a_month_given_as_a_date(cell):
    assert read_month(cell, "2026-08-01") == 6


def test_months_that_are_none():
    assert read_date("Q1 2027") == (2027, 3)
    for cell in ("", "sometime", "13/13/2027", "-3", "2.5"):
        with pytest.raises(RefusedError):
            read_month(cell, "2026-08-01")
    with pytest.raises(RefusedError, match="before month 0"):
        read_month("2026-07", "2026-08-01")
    with pytest.raises(RefusedError, match="--start"):
        read_month("2026-09", "")
    with pytest.raises(ScenarioError, match="date"):
        read_start("soon")


def test_a_late_correction_counts_and_is_told():
    file = read_observed(table(("12", "first zone", "using", "10", "60"), ("12", "First Zone", "Using it", "12", "60")),
                         place())  # fmt: skip
    (found,) = file.reports
    assert found.value == 12 / 60
    assert any("row 3 corrects row 2" in line for line in file.remarks())


def test_what_was_reported_last_counts_where_every_row_says_when():
    header = ("month", "zone", "measure", "value", "observed", "reported")
    rows = [
        (12, "first zone", "using", value, 40, when)
        for value, when in ((10, "2026-09"), (12, "2026-12"), (11, "2026-10"))
    ]
    assert read_observed(table(*rows, header=header), place()).reports[0].value == pytest.approx(12 / 40)
    half = [rows[0], (*rows[1][:5], ""), rows[2]]
    assert read_observed(table(*half, header=header), place()).reports[0].value == pytest.approx(11 / 40)


@pytest.mark.parametrize("months", [("Month 3", "Month 6", "12"), ("Nov 2025", "28/02/2026", "Q3 2026")])
def test_a_table_with_a_column_for_each_month(months):
    found = read_observed(
        table(
            ("using", "first zone", "5%", "", "30 %"), ("trained", "first zone", 10, 20, "n/a"), ("Note: as counted",),
            header=("Indicator", "Zone", *months),
        ),
        place("2025-08-01"),
        "2025-08-01",
    )  # fmt: skip
    told = {(r.measure, r.month): round(r.value, 3) for r in found.reports}
    assert {m for _, m in told} <= {3, 6, 12, 13}
    assert told["using", 3] == 0.05
    assert told["trained", 6] == round(20 / 91, 3)
    assert len(told) == 4
    assert any("a column for each of 3 months" in line for line in found.remarks())
    assert any("no value given" in line for line in found.remarks())


@pytest.mark.parametrize(
    ("heading", "measure"),
    [("Number using", "using"), ("staff using it so far", "using"), ("staff time", "cost_time"),
     ("Percentage of practitioners at fidelity", "at_fidelity"), ("practitioners who are trained now", "trained"),
     ("Sites that have started", "sites_started"), ("banana", ""), ("staff", ""), ("number", ""), ("total time", "")],
)  # fmt: skip
def test_words_that_add_nothing_are_looked_through(heading, measure):
    assert measure_named(heading) == measure


def test_a_column_that_nobody_knows_is_reported():
    header = ("Reporting month", "Number using", "using", "tranied", "bananas", "empty", "")
    found = read_observed(table(("3", "30%", "31%", "12", "7", "", "x"), header=header), place(), "")
    assert [(r.measure, r.value) for r in found.reports] == [("using", 0.3)]
    (told,) = [line for line in found.remarks() if "not read" in line]
    assert "'using', a second column for 'using'" in told
    assert "'tranied', did you mean 'trained'?" in told
    assert "'bananas'" in told
    assert "one without a heading (column 7)" in told
    assert "empty" not in told
    whole = read_observed(table(("3", "all", "using", "30%", "")), place(), "")
    assert not [line for line in whole.remarks() if "not read" in line]


def test_a_zone_that_there_is_not_is_said_of_its_column():
    with pytest.raises(OrganisationError, match="column 'zone': no zone 'fifth zone'"):
        read_observed(table((12, "fifth zone", "using", "20 %", "")), place())


def test_what_is_not_told_and_what_nobody_knows_is_left_out_and_told():
    file = read_observed(
        table(("12", "first zone", "using", "10", "60"), ("12", "first zone", "coffee mornings", "3", ""),
              ("12", "first zone", "families served", "<5", ""), ("15", "first zone", "using", "", "60"),
              ("Note: staff in post", "", "", "", "")), place(),
    )  # fmt: skip
    assert len(file.reports) == 1
    told = " ".join(file.remarks())
    assert "coffee mornings" in told
    assert "row 3" in told
    assert "rows 4 and 5" in told
    assert "row 6 looks like notes" in told


def test_every_problem_at_once_each_with_its_row():
    told = problems(
        ("12", "frist zone", "using", "10", "60"), ("x", "first zone", "using", "10", "60"),
        ("12", "first zone", "usin", "10", "60"), ("12", "first zone", "using", "70", "60"),
        ("12", "first zone", "fidelity", "3.5", "60"), ("12", "first zone", "stage", "full", ""),
        ("12", "first zone", "families served", "-3", ""), ("12", "first zone", "sites_full", "9", ""),
        ("12", "first zone", "using", "ten", "60"),
    )  # fmt: skip
    for row in range(2, 11):
        assert f"row {row}" in told
    assert "did you mean 'using'" in told
    assert "zones are first zone, second zone, third zone" in told
    assert "70 is more than the 60 that were observed" in told


def test_sites_are_added_up_to_their_zone():
    here = place()
    sites = here.sites_of("first zone")
    rows = [("12", here.names[i][0], "using", "2", str(here.staff[i])) for i in sites]
    header = ("month", "site", "measure", "value", "observed")
    found = read_observed(table(*rows, header=header), here).reports
    (datum,) = data_of(found, here)
    assert (datum.zone, datum.sites, datum.between) == ("first zone", len(sites), 0.0)
    assert datum.count == pytest.approx(2 * len(sites))
    (part,) = data_of(found[:3], here)
    assert part.between > 0
    assert part.observed == sum(here.staff[i] for i in sites[:3])
    zone_row = read_observed(table(("12", "first zone", "using", "30", "60")), here).reports
    (both,) = data_of([*found, *zone_row], here)
    assert both.value == 0.5


def test_stages_of_sites_are_added_up():
    here = place()
    sites = here.sites_of("first zone")[:4]
    stages = ("Full implementation", "initial", "installing", "not sustained")
    rows = [("18", here.names[i][0], "stage", s) for i, s in zip(sites, stages, strict=True)]
    found = data_of(read_observed(table(*rows, header=("month", "site", "measure", "value")), here).reports, here)
    assert {d.measure: (d.value, d.observed, d.of) for d in found} == {
        "sites_started": (0.75, 4, 6), "sites_full": (0.25, 4, 6)}  # fmt: skip


def test_an_unknown_site_is_told_with_the_nearest():
    known = place().names[0][0]
    told = problems(("12", known + "x", "using", "2", "9"), header=("month", "site", "measure", "value", "observed"))
    assert f"did you mean '{known}'" in told


def test_a_workbook_with_titles_dates_and_other_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["How to use this"])
    sheet = book.create_sheet("Autumn")
    for row in (["Zone one: what we saw"], [], ["Date", "Zone", "Indicator", "Figure", "Out of"],
                [datetime.date(2027, 2, 1), "first zone", "Staff using", 12, 40],
                [datetime.date(2027, 5, 1), "first zone", "Staff using", 0.4, None],
                ["Prepared by the core team"]):  # fmt: skip
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    file = read_observed(Upload("ours.xlsx", content.getvalue()), place(), "2026-08-01")
    assert [(r.month, r.value) for r in file.reports] == [(6, 0.3), (9, 0.4)]
    assert any("Read me" in line for line in file.remarks())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("seen.pdf", b"x", "xlsx"), ("seen.csv", b"", "empty"), ("seen.csv", b"a,b\n1,2\n", "no row of headings"),
     ("seen.csv", b"month,measure,value\n3,using,\n", "no observation"), ("seen.xlsx", b"PK", "seen.xlsx"),
     ("seen.csv", b"month,measure,value\n3,using,\xff\n", "UTF-8")],
)  # fmt: skip
def test_files_that_are_none(name, content, words):
    with pytest.raises(OrganisationError, match=words):
        read_observed(Upload(name, content), place())


def test_semicolons_and_decimal_commas():
    file = Upload("seen.csv", b"month;zone;measure;value;observed\n12;first zone;fidelity;0,45;12\n")
    assert read_observed(file, place()).reports[0].value == 0.45


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_template_is_read_back_when_filled(tmp_path, suffix):
    path = write_template(tmp_path / f"seen{suffix}", place("2026-08-01"), 6)
    with pytest.raises(OrganisationError, match="no observation"):
        read_observed(path, place("2026-08-01"))
    frame = pd.read_csv(path) if suffix == ".csv" else pd.read_excel(path, engine="openpyxl")
    frame["value"] = [1 if m.startswith(("families", "cost", "sites", "left")) else 0.25 for m in frame["measure"]]
    again = tmp_path / "filled.csv"
    frame.to_csv(again, index=False)
    found = read_observed(again, place("2026-08-01"))
    assert len(found.reports) == len(frame) == len(rows_of(place(), 6))
    assert {r.month for r in found.reports} == {3, 6}
    with pytest.raises(OrganisationError, match="already"):
        write_template(path, place(), 6)
