"""More shapes of lists as people have them: each understood, or asked about once in words that lead on."""

from __future__ import annotations

import io

import openpyxl
import pytest
from published_lists import upload

from sim.errors import OrganisationError
from sim.organisation.files.cells import Upload
from sim.organisation.files.reader import Reading
from sim.organisation.files.tables import read

Row = list[object]


def book(*rows: Row, name: str = "schools.xlsx") -> Upload:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)  # type: ignore[union-attr]
    kept = io.BytesIO()
    made.save(kept)
    return Upload(name, kept.getvalue())


def sources(reading: Reading) -> dict[str, str]:
    (table,) = reading.files[0].tables
    return {column.item: column.heading for column in table.columns}


def test_a_sector_of_primary_and_secondary_is_the_type():
    found = read(upload("SEED code,School name,Sector,Pupil roll", "1,A,Primary,210", "2,B,Secondary,1050"))
    assert not found.problems and sources(found)["type"] == "Sector"


def test_a_sector_of_public_and_private_stays_the_agency():
    found = read(upload("SEED code,Phase,Sector,Pupil roll", "1,Primary,Education,210", "2,Primary,Private,50"))
    assert not found.problems and sources(found)["agency"] == "Sector" and sources(found)["type"] == "Phase"


def test_a_column_whose_words_are_types_is_offered_whatever_its_heading():
    (first, *_) = read(upload("SEED code,Bereich,Roll", "1,Primary,210", "2,Secondary,90")).problems
    assert "is it one of these? --column 'type=Bereich'" in first


def test_two_rows_of_headings_with_years_below():
    found = read(book(["School", None, "Roll", None], ["Code", "Type", 2023, 2024], [1, "Primary", 200, 210]))
    assert not found.problems
    assert sources(found) == {"site_id": "School Code", "type": "School Type", "roll": "Roll 2024"}
    assert any("roll is read from 'Roll 2024', not from 'Roll 2023'" in line for line in found.look)


def test_a_heading_over_two_columns_is_not_taken_for_the_first_alone():
    """Half of the rolls would be lost in silence."""
    found = read(
        upload(
            "School,,Pupils,,Staff", "Code,Type,Primary,Secondary,FTE teachers", "1,Primary,210,,12", "2,High,,900,60"
        )
    )
    assert "roll" not in sources(found) and sources(found)["staff"] == "FTE teachers"
    assert {"Pupils Primary", "Pupils Secondary"} <= set(found.files[0].tables[0].unread)


def test_data_below_one_heading_row_is_not_taken_for_a_second():
    found = read(upload("Seed code,,Type,Roll", "North,South,Primary,none", "A,B,Primary,20"))
    assert found.files[0].tables[0].table.heading_row == 1


@pytest.mark.parametrize(
    "heading", ["Provider ID", "Seed", "Site no", "Establishment ref", "Location ID", "School no."]
)
def test_identifiers_by_other_names(heading: str):
    assert sources(read(upload(f"{heading},Type,Roll", "1,Primary,20", "2,Primary,30")))["site_id"] == heading


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_what_excel_could_not_work_out_is_not_taken_for_empty(error: str):
    found = read(book(["Code", "Type", "Roll"], [1, "Primary", 200], [2, "Primary", error]))
    (problem,) = found.problems
    assert error in problem and "row 3" in problem


def test_what_excel_could_not_work_out_in_a_column_that_is_not_read_does_not_matter():
    assert not read(
        book(["Code", "Type", "Roll", "Share"], [1, "Primary", 200, "#REF!"], [2, "Primary", 90, 1])
    ).problems


def test_agencies_that_types_do_not_decide_are_asked_for_once():
    rows = ("1,Care home,12", "2,Fostering,5", "3,Nursery,40", "4,Nursery,41")
    (problem,) = read(upload("Code,Service type,Registered places", *rows)).problems
    assert "for 4 sites (rows 2-5: residential 1, fostering 1, nursery 2)" in problem and "--agency WORD" in problem


@pytest.mark.parametrize(
    ("heading", "row", "words"),
    [
        ("from,to,weight", "A,B,1", "a list of ties (from, to), not of sites"),
        ("staff_id,site_id,role", "S1,P1,teacher", "a list of staff, not of sites"),
        ("leader_id,level,area", "L1,senior,Fife", "a list of leaders, not of sites"),
        ("month,zone,measure,value", "6,first,using,.4", "`zones observe check` reads such a table"),
    ],
)
def test_a_table_that_is_no_list_of_sites_is_named(heading: str, row: str, words: str):
    problems = read(upload(heading, row)).problems
    assert any(words in problem for problem in problems)
    assert not any("no column 'site_id'" in problem for problem in problems)


@pytest.mark.parametrize("content", [b'[{"site_id": 1}]', b'{"sites": []}', b"\xef\xbb\xbf [\n [1, 2]]"])
def test_json_under_another_name_is_named(content: bytes):
    with pytest.raises(OrganisationError, match="JSON, by its content"):
        _opened(Upload("sites.csv", content))


def test_a_quote_that_is_never_closed_is_found():
    file = upload("site_id,type,roll", "1,primary,5", '"2","primary","6', "3,primary,7")
    with pytest.raises(OrganisationError, match="a quote that opens in line 3 or below it is never closed"):
        _opened(file)


def test_thousands_of_words_that_cannot_be_read_are_not_all_looked_at():
    rows = [f"{k},kind {k},5" for k in range(5_000)]
    problems = read(upload("site_id,type,roll", *rows)).problems
    assert len(problems) < 12
    assert any("3,000 more cells from row 2002 on not looked at" in problem for problem in problems)


def _opened(file: Upload) -> None:
    """As `zones check` opens it: problems of a file that cannot be opened are kept with the others."""
    found = read(file)
    if found.problems:
        raise OrganisationError(file.name, found.problems)
