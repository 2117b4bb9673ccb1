"""Lists as people have them: read and said, or asked once with the answer to give; never silently wrong."""

from __future__ import annotations

import subprocess
import sys
import time

import openpyxl
import pytest
from published_lists import PLAIN, ROWS, SCHOOLS, large_list, published_workbook, upload

from sim.cli import main
from sim.errors import OrganisationError
from sim.organisation.codes import AGENCIES, SITE_TYPES
from sim.organisation.files.choices import Choices, choices_from
from sim.organisation.files.tables import build, load, read


def same_as_plain(*lines: str, name: str = "glen_sites.csv", choices: Choices | None = None) -> bool:
    return load(upload(*lines, name=name), choices=choices).digest == load(upload(PLAIN, *ROWS)).digest


def look(*lines: str) -> str:
    return "\n".join(read(upload(*lines)).look)


def told(*lines: str, choices: Choices | None = None) -> list[str]:
    return read(upload(*lines), choices=choices).problems


@pytest.mark.parametrize(
    "lines",
    [
        ("Schools in Glen,,,,,,,", "", PLAIN, *ROWS),
        ("School,,,,Numbers,,,", PLAIN, *ROWS),
        (PLAIN, "code,text,text,text,number,FTE,share,text", *ROWS),
        (PLAIN, *ROWS, "Total,,,,1480,92.8,,"),
        (PLAIN, *ROWS, "", "Notes:,,,,,,,", "1. Rolls are from the census,,,,,,,", "Source: council,,,,,,,"),
        (PLAIN, *ROWS[:2], PLAIN, *ROWS[2:]),
        (PLAIN, *ROWS, ",,,,,,,", ",,,,,,,"),
        tuple(f"{line},,," for line in (PLAIN, *ROWS)),
        ("sep=;", *(line.replace(",", ";") for line in (PLAIN, *ROWS))),
        tuple(line.replace(",", "|") for line in (PLAIN, *ROWS)),
        tuple(line.replace(",", ";").replace(".", ",") for line in (PLAIN, *ROWS)),
        (PLAIN, *(row.replace("1050", '"1,050"') for row in ROWS)),
        (PLAIN, *(row.replace("1050", "1 050") for row in ROWS)),
        (PLAIN, *(row.replace("0.4,", "40%,").replace("0.2,", "20 %,") for row in ROWS)),
        (PLAIN.replace("simd_q1_share", "SIMD quintile 1 (%)"), "P1,First,education,primary,210,14.2,40,North",
         "P2,Second,education,primary,180,12,20,North", "N1,Steps,private,nursery,40,6.6,30,North",
         "H1,High,education,secondary,1050,60,25,North"),
        ("URN,EstablishmentName,Sector,PhaseOfEducation (name),NumberOfPupils,FTE teachers,% most deprived,Ward name",
         *(row.replace("education", "Education department") for row in ROWS)),
        ("School,,,,Pupils,Teachers,,", "Code,Name,Sector,Type,Total,FTE,% most deprived,Ward", *ROWS),
        (PLAIN, *(row.replace("primary", "Primary School").replace("secondary", "High") for row in ROWS)),
    ],
)  # fmt: skip
def test_a_list_of_another_shape_is_the_same_list(lines):
    assert same_as_plain(*lines)


def test_what_is_left_out_is_named_by_its_row():
    reading = read(upload("Schools in Glen", "", PLAIN, *ROWS, "Total,,,,1480,,,", "", "Source: council"))
    said = "\n".join(reading.so_far())
    assert "headings found in row 3; row 1 above it ('Schools in Glen') is not read" in said
    assert "row 8 looks like totals ('Total'): not read" in said
    assert "row 10 looks like notes ('Source: council'): not read" in said


def test_a_site_whose_name_begins_like_a_total_is_a_site():
    rows = ("T1,Total Care,private,nursery,40,6,0.3,North", "Total Care,Nursery,private,nursery,40,6,0.3,North")
    assert len(load(upload(PLAIN, *ROWS, *rows), as_given=True).sites) == 6


def test_nothing_need_be_said_of_a_list_under_our_own_headings():
    assert read(upload(PLAIN, *ROWS)).remarks() == []


def test_foreign_headings_are_named_with_what_they_were_taken_for_and_others_as_unread():
    reading = read(upload("URN,Name,agency,Phase,NumberOfPupils,Staff code", "1,A,education,Primary,20,x"))
    said = "\n".join(reading.so_far())
    assert "site_id from 'URN'" in said
    assert "roll from 'NumberOfPupils'" in said
    assert "not read 'Staff code'" in said


def test_a_missing_column_is_asked_with_the_headings_there_are_and_the_nearest():
    problems = "\n".join(told("Site-ident,agency,Establishment type,roll", "1,education,primary,20"))
    assert "no column 'type'" in problems
    assert "--column 'type=Establishment type'" in problems
    assert "which reads 'Site-ident', 'agency', 'Establishment type', 'roll'" in problems


def test_choices_settle_columns_words_type_agency_and_rows():
    lines = ("What,Kids,Where", "All through,1200,North", "Little ones,30,South")
    chosen = choices_from(
        columns=["site_id=ROW", "type=What", "pupils=Kids", "locality=Where"],
        words=["All through=secondary", "Little ones=nursery"],
        agency="private",
        heading_row=1,
    )
    place = load(upload(*lines), choices=chosen, as_given=True)
    assert place.sites.ids.tolist() == ["row2", "row3"]
    assert [SITE_TYPES[k] for k in place.sites.type] == ["secondary", "nursery"]
    assert [AGENCIES[k] for k in place.sites.agency] == ["education", "private"]
    assert place.sites.roll.tolist() == [1200, 30]
    typed = load(upload("id,roll", "1,20"), choices=Choices(type="primary"), as_given=True)
    assert [SITE_TYPES[k] for k in typed.sites.type] == ["primary"]


@pytest.mark.parametrize(
    ("columns", "words", "say"),
    [
        (["roll"], [], "write ITEM=HEADING"),
        (["rolls=Kids"], [], "write ITEM=HEADING"),
        ([], ["x"], "write WORD=CODE"),
        (["roll=Kinds"], [], "no column 'Kinds' to read roll from; nearest: 'Kids'"),
        ([], ["primary=primry"], "Did you mean 'primary'?"),
    ],
)
def test_a_choice_that_cannot_be_made_is_explained(columns, words, say):
    with pytest.raises(OrganisationError) as caught:
        load(upload("id,type,Kids", "1,PRIMARY,20"), choices=choices_from(columns=columns, words=words))
    assert say in str(caught.value)


def test_words_are_asked_once_with_their_counts():
    rows = [f"{k},Local Authority,{'Middle' if k % 3 else 'All through'},100,9" for k in range(900)]
    problems = told("site_id,agency,type,roll,staff", *rows)
    assert len(problems) == 2
    assert "column 'type' (600 rows): unknown type of site 'Middle'" in problems[0]
    assert "--word 'All through=TYPE'" in problems[1]


@pytest.mark.parametrize(
    ("word", "code"),
    [("Primary School", "primary"), ("Elementary", "primary"), ("HIGH", "secondary"), ("Kindergarten", "nursery")],
)
def test_types_in_peoples_words(word, code):
    place = load(upload("id,agency,type,roll", f"1,education,{word},50"), as_given=True)
    assert SITE_TYPES[place.sites.type[0]] == code


@pytest.mark.parametrize(
    ("word", "code"),
    [("NHS", "health"), ("charity", "third_sector"), ("Independent", "private"), ("Council", "education")],
)
def test_agencies_in_peoples_words(word, code):
    place = load(upload("id,agency,type,roll", f"1,{word},nursery,50"), as_given=True)
    assert AGENCIES[place.sites.agency[0]] == code


def test_schools_of_a_council_are_education_never_social_work():
    rows = [f"{k},Local Authority care,{kind},100" for k, kind in enumerate(("primary", "secondary", "special"))]
    place = load(upload("id,agency,type,roll", *rows, "r,council,residential,9"), as_given=True)
    assert [AGENCIES[a] for a in place.sites.agency] == ["education"] * 3 + ["social_work"]


MARKS = (
    "c",
    "*",
    "<5",
    "-",
    "..",
    "n/a",
    "N/A",
    "SP",
    "x",
    "[c]",
    "#N/A",
    "None",
    "nan",
    "NULL",
    "-1",
    "-99",
    "~",
    "under 5",
)


def test_marks_for_unknown_are_reported_once_and_taken_as_unknown_when_asked():
    rows = [f"P{k},education,primary,{mark},10" for k, mark in enumerate(MARKS)]
    lines = ("site_id,agency,type,roll,staff", *rows, "Q,education,primary,200,12", "Z,education,primary,0,12")
    (problem,) = told(*lines)
    assert f"{len(MARKS)} cells without a number, the first in row 2" in problem
    assert "--unknown" in problem
    place = load(upload(*lines), choices=Choices(unknown=True), as_given=True)
    assert (place.sites.roll[:-2] == 149).all()
    assert place.sites.roll[-1] > 0
    assert any("19 taken as not known" in line for line in read(upload(*lines), choices=Choices(unknown=True)).so_far())


@pytest.mark.parametrize(
    "cell", ["1_000", "１２", "0x10", "1e999", "--5", "1,05", "1,0500", "12,34,567", "approx 200", "5%"]
)
def test_what_is_no_number_is_refused(cell):
    (problem,) = told("site_id,agency,type,roll", f'1,education,primary,"{cell}"')
    assert "row 2, column 'roll'" in problem


def test_thousands_and_decimal_commas_are_not_mixed_up():
    lines = ("site_id;agency;type;roll;staff", "1;education;primary;1.050;7,5", "2;education;primary;200;12,0")
    (problem,) = told(*lines)
    assert "'1.050' may be thousands or a decimal fraction" in problem


def test_tenths_and_slips_are_no_percentages():
    head = "site_id,agency,type,roll,deprivation"
    assert "outside [0, 1]" in told(head, *(f"{k},education,primary,90,{k + 1}" for k in range(10)))[0]
    assert "outside [0, 1]" in told(head, *(f"{k},education,primary,90,{0.2 if k else 40}" for k in range(9)))[0]


@pytest.mark.parametrize(
    ("lines", "say"),
    [
        (("id,agency,type,roll,Status", "1,education,primary,20,Open", "2,education,primary,20,Closed"), "'Closed' 1"),
        (("id,agency,type,roll,CloseDate", "1,education,primary,20,2001-08-31"), "1 site with a closing date (row 2)"),
        (("id,agency,type,roll,area,council", "1,education,primary,20,12.5,Fife"), "holds numbers: square kilometres"),
        (("id,agency,type,roll,area", "1,education,primary,20,12.5"), "names of areas are numbers ('12.5')"),
        (("id,agency,type,roll,area", "1,education,primary,20,Fife", "2,education,primary,20,Fife Council",
          "3,education,primary,20,FIFE"), "3 spellings of what may be one of the areas"),
        (("id,agency,type,roll,lat,lon", "1,education,primary,20,0,0"), "1 site at 0, 0"),
        (("id,agency,type,roll,lat,lon", "1,education,primary,20,,-3"), "only a latitude or a longitude (row 2)"),
        (("id,agency,type,roll,lat,lon", *(f"{k},education,primary,20,56.{k},-3.{k}" for k in range(8)),
          "9,education,primary,20,-3.2,56.2"), "swapped, it seems (row 10)"),
        (("id,agency,type,roll,lat,lon", *(f"{k},education,primary,20,56.{k},-3.{k}" for k in range(8)),
          "9,education,primary,20,36.2,56.2"), "1 site far from the others in its area (row 10)"),
        (("id,agency,type,roll,staff", "1,education,primary,20,900"), "more staff than children at 1 site (row 2)"),
        (("id,agency,type,roll", "1,health,primary,20"), "type primary under health (row 2)"),
        (("id,agency,type,roll", "1,private,health_visiting,20"), "health_visiting under private"),
        (("id,agency,type,roll,ward", "1,education,primary,20,N/A"), "'N/A' 1 is taken as a name"),
        (("id,agency,type,roll", "1,education,primary,0"), "roll 0 for 1 site (row 2)"),
        (("id,type,roll", "1,primary,20"), "agency is taken from the type for 1 site"),
        (("id,agency,type,roll", "St Anne's Primary,education,primary,20"), "1 identifier looks like a name"),
        (("id,agency,type,roll,pupils", "1,education,primary,20,30"), "roll is read from 'roll', not from 'pupils'"),
        (("id,agency,type,roll,% FSM", "1,education,primary,20,30"), "--column 'simd_q1_share=% FSM'"),
    ],
)  # fmt: skip
def test_what_is_worth_a_look(lines, say):
    assert say in look(*lines)
    assert not read(upload(*lines)).problems


def test_a_sound_list_has_nothing_worth_a_look():
    assert look(PLAIN, *ROWS) == ""


def test_a_council_with_an_area_in_square_kilometres_names_the_area():
    lines = ("id,agency,type,roll,area,council", "1,education,primary,20,12.5,Fife", "2,education,primary,20,33.1,Fife")
    assert load(upload(*lines)).areas == ("Fife",)


def test_rows_are_numbered_as_the_spreadsheet_counts():
    lines = (
        "site_id,name,agency,type,roll",
        '1,"A\n(upper)\n(lower)",education,primary,200',
        "",
        "2,B,education,primary,abc",
    )
    assert "row 4, column 'roll'" in told(*lines)[0]


def test_excels_short_form_of_a_long_number_is_reported_as_such():
    lines = ("site_id,agency,type,roll", "1.23E+11,education,primary,20", "1.23E+11,education,primary,30")
    (problem,) = told(*lines)
    assert "Excel shortens a long number" in problem
    assert "rows 2 and 3" in problem


def test_letters_written_in_two_ways_are_one_name():
    lines = (PLAIN, "1,A,education,primary,20,2,0.1,Baile E\u0301", "2,B,education,primary,20,2,0.1,Baile \u00c9")
    assert len(set(load(upload(*lines), as_given=True).sites.locality.tolist())) == 1


@pytest.mark.parametrize("text", ["a\x1bb", "a\u202eb", "a\x7fb", "a\u2066b", "a\x00b"])
@pytest.mark.parametrize("column", [0, 1, 7])
def test_unseen_characters_are_refused_and_shown(text, column):
    row = ROWS[0].split(",")
    row[column] = text
    with pytest.raises(OrganisationError) as caught:
        load(upload(PLAIN, ",".join(row)))
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_list_of_ties_is_no_list_of_sites():
    assert "a list of ties (source, target), not of sites" in told("source,target", "a,b")[0]


def test_an_early_try_shows_what_could_be_read():
    with pytest.raises(OrganisationError) as caught:
        load(upload("Schools", "", "URN,Phase,Roll", "1,Primary,20", "2,Middle,x"))
    message = str(caught.value)
    assert "Read so far:" in message
    assert "site_id from 'URN'" in message
    assert message.index("unknown type") < message.index("Read so far")


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([float(c) if c.replace(".", "", 1).isdigit() else c for c in row.split(",")])
    path = tmp_path / "glen_sites.xlsx"
    book.save(path)
    return path, book


def test_the_one_sheet_that_looks_like_a_list_is_read(tmp_path):
    path, _ = workbook(tmp_path, Cover=["Our schools"], Data=[PLAIN, *ROWS])
    assert load(path).digest == load(upload(PLAIN, *ROWS)).digest
    assert any("'Cover' not read" in line for line in read(path).so_far())


def test_several_lists_in_a_workbook_are_asked_and_joined_when_both_are_named(tmp_path):
    path, _ = workbook(tmp_path, Primary=[PLAIN, *ROWS[:3]], Secondary=[PLAIN, ROWS[3]])
    (problem,) = read(path).problems
    assert "'Primary' (4 rows), 'Secondary' (2 rows)" in problem
    assert "--sheet 'Primary' or --sheet 'Secondary'" in problem
    assert load(path, choices=Choices(sheets=("primary", "Secondary"))).digest == load(upload(PLAIN, *ROWS)).digest
    assert "sheets are 'Primary', 'Secondary'" in read(path, choices=Choices(sheets=("Third",))).problems[0]


def test_hidden_rows_are_reported_and_formulas_matter_in_columns_that_are_read_alone(tmp_path):
    path, book = workbook(tmp_path, sites=[f"{PLAIN},more", *ROWS])
    book["sites"].row_dimensions[3].hidden = True
    book["sites"]["I2"] = "=E2*2"
    book.save(path)
    reading = read(path)
    assert not reading.problems
    assert any("1 hidden (filtered) row is counted like any other (row 3)" in line for line in reading.look)
    book["sites"]["E2"] = "=E3"
    book.save(path)
    assert read(path).problems == ["glen_sites.xlsx [sites] row 2, column 'roll': a formula; paste its value instead"]


def test_a_published_workbook_takes_two_rounds_each_with_what_to_do(tmp_path, capsys):
    path = published_workbook(tmp_path / "schools.xlsx")
    assert main(["check", str(path)]) == 1
    first = capsys.readouterr().err
    assert len(first.splitlines()) <= 40
    assert "--word 'All through=TYPE'" in first
    assert "--unknown" in first
    assert f"{SCHOOLS} rows (rows 6-792), headings in row 4" in first
    answer = ["--word", "All through=secondary", "--unknown"]
    assert main(["check", str(path), *answer, "--save", str(tmp_path / "our_sites.csv")]) == 0
    second = capsys.readouterr()
    assert f"{SCHOOLS} sites" in second.out or f"{SCHOOLS:,} sites" in second.out or "sites" in second.out
    kept = load(tmp_path / "our_sites.csv")
    assert int((~kept.sites.generated).sum()) == SCHOOLS
    assert kept.digest == load(path, choices=choices_from(words=answer[1:2], unknown=True)).digest


def test_a_changed_mapping_is_applied_to_the_same_bytes():
    file = upload("Kids,Sort,No", "20,Primary,1", "30,High,2")
    first = read(file)
    assert first.problems
    columns = {"site_id": "No", "type": "Sort", "roll": "Kids"}
    second = read(file, choices=Choices(columns=columns, heading_row=1))
    assert {c.item: c.heading for c in second.files[0].tables[0].columns} == columns
    assert len(build(second, as_given=True).sites) == 2


def test_a_list_of_24_000_sites_is_read_within_its_time(tmp_path):
    path = large_list(tmp_path / "schools.csv")
    steps: list[str] = []
    began = time.process_time()  # of this process alone: others may keep the machine busy
    place = load(path, as_given=True, step=lambda what, done, total: steps.append(what))
    taken = time.process_time() - began
    assert len(place.sites) == 24_000
    assert len(steps) >= 4
    assert taken < 8


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_checking_a_list_of_24_000_sites_stays_within_its_memory(tmp_path):
    path = large_list(tmp_path / "schools.csv")
    source = "import sys; from sim.cli import main; done = main(['check', sys.argv[1]]); "
    source += "print(done, *[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')])"
    done = subprocess.run([sys.executable, "-c", source, path], check=True, capture_output=True, text=True)
    code, kib = map(int, done.stdout.split()[-2:])
    assert code == 0
    assert kib < 0.6 * 1024**2


def test_an_example_list_is_written_once_and_is_sound(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("our_sites.csv", "our_sites.xlsx"):
        assert main(["new-list", name]) == 0
        assert "Then: zones check" in capsys.readouterr().err
        assert len(load(tmp_path / name, as_given=True).sites) == 9
        assert main(["new-list", name]) == 1
        assert "is already there" in capsys.readouterr().err
