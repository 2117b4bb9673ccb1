"""Files in and out: what a list of sites becomes, joining, the round trip in every format."""

from __future__ import annotations

import numpy as np
import openpyxl
import pytest
from organisation_builders import HEADER, SITES, differing, site_list

from sim.errors import OrganisationError
from sim.organisation.codes import AGENCIES, SITE_TYPES, STAGES
from sim.organisation.files.check import report
from sim.organisation.files.tables import area_name, load, write
from sim.organisation.generate.synthetic import generate


def row_of(place, site):
    return place.sites.ids.tolist().index(site)


def test_a_site_list_alone_is_enough(tmp_path):
    place = load(site_list(tmp_path))
    assert place.name == "Glen"
    assert place.areas == ("Glen",)
    assert len(place.sites) == 7
    assert place.sites.staff.tolist() == [14, 3, 60, 7, 2, 8, 9]
    assert place.sites.roll.tolist() == [210, 45, 700, 40, 24, 120, 90]
    first = place.practitioners.site[place.families.practitioner] == 0
    assert (place.families.fifth[first] == 0).sum() == round(0.4 * 210)
    assert place.sites.names[0] == "First School"
    assert "First" not in " ".join([*place.sites.pseudonyms.tolist(), *report(place)])


def test_missing_teams_are_generated_and_marked_unless_as_given(tmp_path):
    path = site_list(tmp_path, *SITES[:5])
    place, given = load(path), load(path, as_given=True)
    kinds = [SITE_TYPES[k] for k in place.sites.type[place.sites.generated].tolist()]
    assert sorted(set(kinds)) == ["health_visiting", "social_work"]
    assert len(given.sites) == 5
    assert not given.sites.generated.any()
    assert any("health-visiting" in line for line in place.assumptions)
    assert not any("health-visiting" in line for line in given.assumptions)
    assert place.sites.deprivation[place.sites.generated].max() <= 0.4


def test_a_list_with_such_teams_keeps_its_own(tmp_path):
    assert not load(site_list(tmp_path)).sites.generated.any()


def test_generated_parts_depend_on_content_and_organisation_seed_only(tmp_path):
    plain = load(site_list(tmp_path))
    columns = [[row.split(",")[i] for i in (3, 0, 2, 1, 4, 5, 6, 7, 8, 9)] for row in (HEADER, *SITES)]
    shuffled = tmp_path / "glen.csv"
    shuffled.write_text("\n".join(",".join(row) for row in columns), encoding="utf-8")
    assert load(shuffled).digest == plain.digest
    assert load(site_list(tmp_path), organisation_seed=1).digest != plain.digest
    assert load(site_list(tmp_path, *SITES[:6])).digest != plain.digest


def test_missing_zero_and_suspect_staff_come_from_the_types_median_ratio(tmp_path):
    header = HEADER + ",staff_suspect"
    rows = [f"A{k},,education,primary,100,{10 + k},0.2,N,,,no" for k in range(5)]
    rows += ["B1,,education,primary,200,,0.2,N,,,no", "B2,,education,primary,50,0,0.2,N,,,no"]
    rows += ["B3,,education,primary,100,400,0.2,N,,,yes", "B4,,education,primary,2,,0.2,N,,,no"]
    place = load(site_list(tmp_path, *rows, header=header), as_given=True)
    assert place.sites.staff[5:].tolist() == [24, 6, 12, 1]
    assert any("4 sites of type primary" in line and "0.12" in line for line in place.assumptions)


def test_missing_roll_and_deprivation_are_filled_and_said(tmp_path):
    rows = ("A,,education,primary,,10,0.4,N,,", "B,,education,primary,100,10,,N,,", "C,,private,nursery,,,,N,,")
    place = load(site_list(tmp_path, *rows), as_given=True)
    assert place.sites.roll.tolist() == [149, 100, 48]
    assert place.sites.deprivation.tolist() == [0.4, 0.4, 0.4]
    assert any("no roll" in line for line in place.assumptions)
    assert any("most deprived" in line for line in place.assumptions)


def test_council_care_services_find_their_agency(tmp_path):
    rows = (
        "A,,local_authority_care,day_care_of_children,50,5,0.2,N,,",
        "B,,local_authority_care,school_care_accommodation_service,20,5,0.2,N,,",
        "C,,local_authority_care,care_home_service,5,12,0.2,N,,",
        "D,,local_authority_care,fostering_service,,12,0.2,N,,",
    )
    place = load(site_list(tmp_path, *rows), as_given=True)
    assert [AGENCIES[a] for a in place.sites.agency] == ["education", "education", "social_work", "social_work"]
    assert [SITE_TYPES[t] for t in place.sites.type] == ["nursery", "school_accommodation", "residential", "fostering"]


def test_several_files_are_joined_as_areas(tmp_path):
    other = [row.replace(",", "x,", 1) for row in SITES]
    one, two = site_list(tmp_path), site_list(tmp_path, *other, name="ford_valley_sites.csv")
    place = load([one, two])
    assert place.areas == ("Glen", "Ford Valley")
    assert place.name == "2 local areas"
    assert np.bincount(place.sites.area).tolist() == [7, 7]
    assert len(set(place.sites.pseudonyms.tolist())) == 14


def test_councils_become_areas_and_health_boards_span_them(tmp_path):
    header = "site_id,agency,type,roll,local_authority,health_board,lat,lon"
    rows = [
        "A,education,primary,100,Ardle,Tarn,56.0,-3.0",
        "B,education,primary,100,Borle,Tarn,57.0,-3.0",
        "C,education,primary,100,Corle,Moss,58.0,-3.0",
        "D,education,special,10,Grant aided,,56.9,-3.0",
    ]
    place = load(site_list(tmp_path, *rows, header=header))
    assert place.areas == ("Ardle", "Borle", "Corle")
    assert place.sites.area[row_of(place, "D")] == 1
    health = place.senior[:, AGENCIES.index("health")].tolist()
    assert health[0] == health[1] != health[2]
    assert place.leaders.area[health].tolist() == [-1, -1, 2]
    assert any("grant aided" in line for line in place.assumptions)


def full_folder(tmp_path):
    folder = tmp_path / "glen"
    folder.mkdir()
    site_list(folder, name="sites.csv")
    tables = {
        "staff": "staff_id,site_id,care,readiness\nt1,P2,,0.7\nt2,P2,,\nt3,P2,yes,0.2\nt4,P2,,\n",
        "ties": "source,target\nt1,t2\nt2,t1\nt1,N1/0\n",
        "leaders": "leader_id,level,agency,area,site_id,reports_to,commitment\n"
        "chief,senior,education,Glen,,,0.8\nnurse,senior,health,Glen,,,\nqio,operational,education,Glen,,chief,0.4\n"
        "head,manager,education,Glen,P1,qio,0.6\n",
        "teams": "team_id,kind,supported_by,sites,capacity\ncore,core,external,,0.35\nschools,local,core,P1; P2,0.2\n",
        "areas": "area,group\nGlen,no\n",
        "start": "kind,id,stage,fidelity,using,capacity,commitment,date\n"
        "site,P1,initial,0.5,0.4,,,\nteam,core,,,,0.4,,\nleader,nurse,,,,,0.3,\ndate,,,,,,,2026-08-01\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_staff_leaders_teams_and_today_are_kept(tmp_path):
    place = load(full_folder(tmp_path))
    second = row_of(place, "P2")
    assert place.sites.staff[second] == 4
    mine = place.practitioners.site == second
    assert place.practitioners.ids[mine].tolist() == ["t1", "t2", "t3", "t4"]
    assert place.practitioners.care[mine].tolist() == [False, False, True, False]
    assert place.practitioners.readiness[mine][0] == 0.7
    assert len(place.practitioners.tie_indices) == 4
    assert place.senior[0].tolist() == [0, -1, 1, -1, -1]
    assert place.leaders.ids[:3].tolist() == ["chief", "nurse", "qio"]
    assert place.leaders.commitment[:3].tolist() == [0.8, 0.3, 0.4]
    assert not place.group[0]
    assert place.sites.local_team[[0, 1]].tolist() == ["schools", "schools"]
    assert place.sites.core_team[[0, 1, 2]].tolist() == ["core", "core", ""]
    assert place.sites.capacity[0] == 0.2
    assert place.core_capacity == {"core": 0.4}
    assert STAGES[place.sites.stage[0]] == "initial"
    assert (place.sites.fidelity[0], place.sites.using[0]) == (0.5, 0.4)
    assert place.start_date == "2026-08-01"
    told = " ".join(report(place))
    assert "no senior leader of social_work" in told
    assert "no multi-agency group" in told


@pytest.mark.parametrize("end", [".csv", ".xlsx", ".graphml", ""])
@pytest.mark.parametrize("kind", ["default", "nation", "list", "full"])
def test_what_is_written_is_read_back_equal(tmp_path, end, kind):
    made = {
        "default": lambda: generate({"sites": 12}),
        "nation": lambda: generate({"sites": 25, "areas": 4}),
        "list": lambda: load(site_list(tmp_path, *SITES[:5])),
        "full": lambda: load(full_folder(tmp_path)),
    }[kind]()
    path = write(made, tmp_path / f"out{end}")
    assert differing(load(path), made) == []


def test_a_part_of_an_organisation_makes_the_round_trip(tmp_path):
    whole = generate({})
    part = whole.select(np.arange(40) % 3 == 0)
    back = load(write(part, tmp_path / "part.csv"))
    assert [name for name in differing(back, part) if name != "digest"] == []


def test_an_edited_round_trip_is_another_organisation(tmp_path):
    path = write(generate({"sites": 8}), tmp_path / "out.csv")
    text = path.read_text(encoding="utf-8").replace("primary", "special", 1)
    path.write_text(text, encoding="utf-8")
    assert load(path).digest != generate({"sites": 8}).digest


def test_nothing_is_overwritten(tmp_path):
    place = generate({"sites": 5})
    write(place, tmp_path / "out.csv")
    for name in ("out.csv", "out.ties.csv"):
        kept = (tmp_path / name).read_bytes()
        with pytest.raises(OrganisationError, match="is already there"):
            write(place, tmp_path / "out.csv")
        assert (tmp_path / name).read_bytes() == kept
    with pytest.raises(OrganisationError, match="cannot be written"):
        write(place, tmp_path / "out.json")
    with pytest.raises(OrganisationError, match="no folder"):
        write(place, tmp_path / "nowhere" / "out.csv")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_excel_with_one_sheet_of_any_name_is_a_list_of_sites(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *SITES):
        sheet.append([float(c) if c.replace(".", "").isdigit() else c for c in row.split(",")])
    book.save(tmp_path / "glen_sites.xlsx")
    assert load(tmp_path / "glen_sites.xlsx").digest == load(site_list(tmp_path)).digest


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(tmp_path, mark):
    path = tmp_path / "glen_sites.csv"
    path.write_text("\n".join((HEADER, *SITES)).replace(",", mark), encoding="utf-8-sig")
    assert load(path).digest == load(site_list(tmp_path)).digest


def test_windows_text_is_refused_with_line_and_remedy(tmp_path):
    path = tmp_path / "glen_sites.csv"
    path.write_bytes("\n".join((HEADER, *SITES)).replace("First", "Bràigh").encode("cp1252"))
    with pytest.raises(OrganisationError) as caught:
        load(path)
    assert caught.value.problems == (
        "glen_sites.csv line 2: byte 0xe0 is not UTF-8 (it looks like Windows text, cp1252); text must be UTF-8; "
        "save the file as CSV UTF-8",
    )


def test_the_same_names_in_utf8_are_read(tmp_path):
    path = tmp_path / "glen_sites.csv"
    path.write_text("\n".join((HEADER, *SITES)).replace("First", "Bràigh"), encoding="utf-8")
    assert load(path).sites.names[0] == "Bràigh School"


@pytest.mark.parametrize(
    ("name", "area"),
    [("dundee_city_sites.csv", "Dundee City"), ("Glen-sites.csv", "Glen"), ("Upper Ford.xlsx", "Upper Ford")],
)
def test_a_files_name_names_its_area(tmp_path, name, area):
    assert area_name(tmp_path / name) == area


def test_a_list_is_known_by_its_name_everywhere_alike():
    """What reads lists, what tells a list from a scenario, and what hides a place's name know the same endings."""
    from sim.commands import word_kinds
    from sim.organisation.files.endings import ENDS, LISTS, MAY_HOLD_A_LIST
    from sim.organisation.files.reading import NEXT_OF_KIN
    from sim.scenarios import files

    assert word_kinds.LISTS == files.LISTS == LISTS
    assert {*ENDS, *LISTS} <= {*MAY_HOLD_A_LIST}
    assert {*LISTS} <= {*ENDS, *NEXT_OF_KIN}, "a list that is not read has words on what to do"
