"""Bad files: one clear error each, all problems of a file at once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from organisation_builders import HEADER, SITES, site_list

from sim.errors import OrganisationError
from sim.organisation.files import excel_parts
from sim.organisation.files.columns import COLUMNS, columns_table, headings_table
from sim.organisation.files.tables import load, read


def problems(path, *more) -> list[str]:
    with pytest.raises(OrganisationError) as caught:
        load([path, *more])
    return list(caught.value.problems)


def only(path, *more) -> str:
    (problem,) = problems(path, *more)
    return problem


def with_row(tmp_path, row):
    return site_list(tmp_path, *SITES, row)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X,,educaton,primary,10,2,0.1,N,,", ("row 9", "unknown agency 'educaton'", "Did you mean 'education'?")),
        ("X,,education,primry,10,2,0.1,N,,", ("unknown type of site 'primry'", "Did you mean 'primary'?")),
        ("X,,education,primary,-3,2,0.1,N,,", ("column 'roll'", "-3 is outside [0, 100000]")),
        ("X,,education,primary,many,2,0.1,N,,", ("'many' is not a number",)),
        ("X,,education,primary,1e9,2,0.1,N,,", ("outside",)),
        ("X,,education,primary,nan,2,0.1,N,,", ("1 cell without a number, the first in row 9", "--unknown")),
        ("X,,education,primary,10,-2,0.1,N,,", ("column 'staff'", "outside")),
        ("X,,education,primary,10,2,1.4,N,,", ("column 'simd_q1_share'", "outside [0, 1]")),
        ("X,,education,primary,10,2,0.1,N,95,", ("column 'lat'", "outside [-90, 90]")),
        ("P1,,education,primary,10,2,0.1,N,,", ("site_id 'P1' is already in glen_sites.csv row 2",)),
        (",,education,primary,10,2,0.1,N,,", ("column 'site_id'", "empty")),
        ("X,,,nursery,10,2,0.1,N,,", ("column 'agency'", "empty", "--agency")),
        ("X,=A1+B1,education,primary,10,2,0.1,N,,", ("column 'name'", "a formula")),
        ("X,,education,primary,10,2,0.1,N,,,9,9", ("12 cells under 10 headings",)),
    ],
)
def test_a_bad_row_gets_one_clear_error(tmp_path, row, words):
    told = only(with_row(tmp_path, row))
    for word in words:
        assert word in told


def test_all_errors_of_a_file_come_at_once(tmp_path):
    rows = ("A,,educaton,primary,-1,2,7,N,,", "B,,education,primary,10,x,0.1,N,,", "B,,education,primary,10,2,0.1,N,,")
    told = problems(site_list(tmp_path, *rows))
    assert len(told) == 5
    assert sum("row 2" in line and "is already in" not in line for line in told) == 3


def test_errors_of_two_files_come_at_once(tmp_path):
    bad = site_list(tmp_path, "A,,educaton,primary,10,2,0.1,N,,", name="a_sites.csv")
    worse = site_list(tmp_path, "B,,education,primary,x,2,0.1,N,,", name="b_sites.csv")
    told = problems(bad, worse, tmp_path / "c_sites.csv")
    assert len(told) == 3
    assert any("c_sites.csv" in line and "no such file" in line for line in told)


def test_a_word_is_reported_once_with_its_count(tmp_path):
    told = only(site_list(tmp_path, *(f"A{k},,x,primary,1,2,0.1,N,," for k in range(300))))
    assert "rows 2-301, column 'agency' (300 rows): unknown agency 'x'" in told


def test_a_long_list_of_words_is_cut_and_counted(tmp_path):
    told = problems(site_list(tmp_path, *(f"A{k},,word{k},primary,1,2,0.1,N,," for k in range(300))))
    assert len(told) == 7
    assert "294 other words of that kind" in told[-1]


def test_rows_of_one_kind_are_cut_and_counted(tmp_path):
    told = problems(site_list(tmp_path, *("A,,education,primary,1,2,0.1,N,,",) * 300))
    assert len(told) == 21
    assert told[-1] == "and 279 more rows like these"


def test_a_site_in_two_areas(tmp_path):
    other = site_list(tmp_path, SITES[0], name="ford_sites.csv")
    told = only(site_list(tmp_path), other)
    assert "site 'P1' is in area 'Ford' and in area 'Glen'" in told


def test_the_same_file_twice(tmp_path):
    path = site_list(tmp_path)
    assert "given twice" in only(path, path)


def test_missing_columns(tmp_path):
    told = problems(site_list(tmp_path, "A,education", header="name,agency"))
    assert any("no column 'site_id'" in line for line in told)
    assert any("no column 'type'" in line for line in told)
    assert any("neither a column 'roll' nor 'staff'" in line for line in told)


def test_a_misspelt_column_is_remarked(tmp_path):
    reading = read(site_list(tmp_path, header=HEADER.replace("locality", "localty")))
    assert any("nothing is read for locality" in line and "'locality=localty'" in line for line in reading.look)


@pytest.mark.parametrize("text", ["", "\n\n", HEADER + "\n", HEADER + "\n,,,\n"])
def test_empty_files(tmp_path, text):
    path = tmp_path / "glen_sites.csv"
    path.write_text(text, encoding="utf-8")
    told = only(path)
    assert "heading row" in told


def test_undecodable_bytes(tmp_path):
    path = tmp_path / "glen_sites.csv"
    path.write_bytes((HEADER + "\n" + SITES[0]).encode() + b"\nX,\x81\x9d,education,primary,1,1,0,N,,\n")
    told = only(path)
    assert "line 3" in told
    assert "byte 0x81" in told
    path.write_bytes(b"\xff\xfe" + HEADER.encode("utf-16-le"))
    assert "text in UTF-16" in only(path)
    path.write_bytes(HEADER.encode("utf-16-le"))
    assert "null bytes" in only(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "huge_sites.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("was read"))
    assert "300 MB is more than the 64 MB" in only(path)


def test_a_huge_neighbour_is_refused_too(tmp_path):
    path = site_list(tmp_path)
    with (tmp_path / "glen_sites.staff.csv").open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    assert "300 MB is more than the 64 MB" in only(path)


def test_a_file_one_may_not_open(tmp_path, monkeypatch):
    path = site_list(tmp_path)

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert "cannot be read: Permission denied" in only(path)


def test_an_excel_that_unpacks_to_too_much(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.save(tmp_path / "glen.xlsx")
    monkeypatch.setattr(excel_parts, "LARGEST_UNPACKED", 100)
    assert "unpacks to" in only(tmp_path / "glen.xlsx")


def test_a_formula_in_excel(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *SITES):
        sheet.append(row.split(","))
    sheet["E3"] = "=SUM(E2:E2)"
    book.save(tmp_path / "glen.xlsx")
    told = only(tmp_path / "glen.xlsx")
    assert "row 3, column 'roll': a formula" in told


def test_things_that_are_no_organisation_file(tmp_path):
    (tmp_path / "a.xlsx").write_text("no workbook", encoding="utf-8")
    (tmp_path / "a.graphml").write_text("<graphml", encoding="utf-8")
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    assert "not a sound Excel workbook" in only(tmp_path / "a.xlsx")
    assert "not sound GraphML" in only(tmp_path / "a.graphml")
    assert "not a format of an organisation file" in only(tmp_path / "a.json")
    assert "no sites.csv" in only(tmp_path / "folder")
    assert "no such file" in only(tmp_path / "none.csv")


def test_entities_in_graphml_are_refused(tmp_path):
    path = tmp_path / "a.graphml"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><graphml>&lol;</graphml>', encoding="utf-8"
    )
    assert "document type or entities" in only(path)


def tables(tmp_path, **texts):
    folder = tmp_path / "glen"
    folder.mkdir()
    site_list(folder, name="sites.csv")
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


TEAMS = "team_id,kind,supported_by,sites\n"
LEADERS = "leader_id,level,agency,area,site_id,reports_to\n"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("teams", TEAMS + "L,local,nobody,P1\n", ("orphan team 'L'", "no core team 'nobody'")),
        ("teams", TEAMS + "L,local,,\n", ("orphan team 'L'", "no site belongs to it")),
        ("teams", TEAMS + "A,core,,\nB,core,,\nL,local,A,P1\nL,local,B,P1\n", ("team 'L' has two parents", "'A'")),
        ("teams", TEAMS + "L,local,,P1\nM,local,,P1\n", ("site 'P1' is in two local teams, 'L' and 'M'",)),
        ("teams", TEAMS + "A,core,A,\n", ("supports itself",)),
        ("teams", TEAMS + "L,local,,P9\n", ("no site 'P9'; known: 'P1', 'P2'",)),
        ("teams", TEAMS + "L,locl,,P1\n", ("unknown kind of team 'locl'", "Did you mean 'local'?")),
        ("leaders", LEADERS + "a,senior,education,,,\na,senior,health,,,\n", ("leader_id 'a' is already in",)),
        ("leaders", LEADERS + "a,senior,education,Glen,,\nb,senior,education,Glen,,\n", ("two senior leaders",)),
        ("leaders", LEADERS + "a,manager,education,,P1,\nb,manager,education,,P1,\n", ("two managers",)),
        ("leaders", LEADERS + "a,manager,education,,,\n", ("has no site_id",)),
        ("leaders", LEADERS + "a,senior,education,,,\nb,senior,health,,,a\n", ("name one above",)),
        ("leaders", LEADERS + "a,operational,education,,,boss\n", ("no leader 'boss'",)),
        ("leaders", LEADERS + "a,senior,education,Glenn,,\n", ("no area 'Glenn'; did you mean 'Glen'?",)),
        ("leaders", LEADERS + "P1/manager,manager,education,,P2,\n", ("also the id of a generated leader",)),
        ("staff", "staff_id,site_id\nx,P9\n", ("no site 'P9'",)),
        ("staff", "staff_id,site_id\nx,P1\nx,P2\n", ("staff_id 'x' is already in",)),
        ("ties", "source,target\nP1/0,P1/99\n", ("no staff_id 'P1/99'",)),
        ("start", "kind,id,stage\nsite,P9,full\n", ("no site 'P9'",)),
        ("start", "kind,id,stage\nsite,P1,fulll\n", ("unknown stage 'fulll'",)),
        ("start", "kind,id,capacity\nteam,T,0.3\n", ("no team 'T'",)),
        ("start", "kind,id,capacity\nteam,,\n", ("needs its capacity",)),
        ("start", "kind,id,commitment\nleader,X,0.3\n", ("no leader 'X'", "Glen/education/senior")),
        ("start", "kind,date\ndate,1/8/2026\n", ("not a date", "2026-08-01")),
        ("start", "kind,date\ndate,2026-08-01\ndate,2026-09-01\n", ("second start date",)),
        ("areas", "area,group\nGlen,yes\nGlen,no\n", ("area 'Glen' is already in",)),
        ("sights", "a,b\n1,2\n", ("sights.csv is not a table",)),
    ],
)
def test_bad_tables_get_one_clear_error(tmp_path, name, text, words):
    told = only(tables(tmp_path, **{name: text}))
    for word in words:
        assert word in told


def test_a_local_team_with_sites_of_two_core_teams_has_two_parents(tmp_path):
    rows = ("A,education,primary,10,L,one", "B,education,primary,10,L,two")
    told = only(site_list(tmp_path, *rows, header="site_id,agency,type,roll,local_team,core_team"))
    assert "local team 'L' has two parents" in told


def test_messages_name_ids_and_rows_but_no_names(tmp_path):
    told = " ".join(problems(site_list(tmp_path, *SITES, *(row.replace("0.", "7.") for row in SITES))))
    for row in SITES:
        assert row.split(",")[1] not in told


def test_every_required_column_says_what_it_is():
    assert all(column.words for table in COLUMNS.values() for column in table.values())


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_the_columns_page_is_made_from_the_columns(kind):
    page = (Path(__file__).resolve().parents[2] / "docs" / "organisation-files.md").read_text(encoding="utf-8")
    assert "\n".join(columns_table(kind)) in page


def test_the_words_page_is_made_from_the_vocabulary():
    page = (Path(__file__).resolve().parents[2] / "docs" / "organisation-files.md").read_text(encoding="utf-8")
    assert "\n".join(headings_table()) in page
