"""A visitor's own list: the checks of the command line, read apart, nothing kept, nothing that harms others."""

import base64
import io
import zipfile

import openpyxl
import pytest

from sim.app import actions, upload
from sim.app.jobs import Jobs
from sim.app.pages.start import own_list
from sim.organisation.files.apart import read_apart
from sim.organisation.files.cells import Upload
from sim.organisation.files.choices import Choices
from sim.organisation.files.survey import Today, survey
from sim.organisation.files.tables import load
from sim.organisation.files.vocabulary import key
from sim.organisation.generate.synthetic import generate

LIST = b"""Ref,School,Sector,Kind,Pupils,FTE
1,Alder school,Council,Primary,200,12
2,Birch academy,Council,Secondary,600,40
3,Cedar house,Council,A kind of our own,60,8
4,Team north,NHS,Health visiting,150,9
5,Team south,Council,Social work,120,10
6,Elm school,Council,Primary,180,11
"""
WORD = {"A kind of our own": "nursery"}
SETTLED = {key(word): code for word, code in WORD.items()}


class Visit:
    """An open page without a browser."""

    def __init__(self, jobs):
        self.jobs, self._all, self._held, self.moved = jobs, jobs, {}, []

    def shared(self):
        return self._all

    def hold(self, kind):
        return self._held.setdefault(kind, kind())

    def move_to(self, jobs):
        self.jobs = jobs
        self.moved.append(jobs)


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 6, "organisation_seed": 1}))


@pytest.fixture
def visit(jobs):
    made = Visit(jobs)
    yield made
    own_list.forget(made)


def ask(visit, do, **more):
    return actions.act(visit.jobs, {"do": do, "number": 1, **more}, visit)


def send(visit, content=LIST, name="list.csv"):
    return ask(visit, "list-part", name=name, at=0, of=1, data=base64.b64encode(content).decode())


def test_a_list_is_settled_by_choice_lists_and_then_used(visit):
    assert send(visit)["whole"]
    told = ask(visit, "list-read")
    assert not told["ready"] and told["view"]["unknown_words"] == [
        {"item": "type", "word": "A kind of our own", "rows": 1}
    ]
    assert "--" not in " ".join(told["view"]["problems"])
    assert "error" in ask(visit, "list-open")
    told = ask(visit, "list-read", words=WORD)
    assert told["ready"] and told["view"]["assumptions"]
    assert "error" not in ask(visit, "list-open")
    assert visit.jobs.own and len(visit.jobs.organisation.sites) == 6
    ask(visit, "list-close")
    assert visit.jobs is visit.shared() and not visit.shared().own


def test_it_is_the_organisation_that_the_command_line_reads(visit, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(LIST)
    send(visit)
    ask(visit, "list-read", words=WORD)
    ask(visit, "list-open")
    assert visit.jobs.organisation.digest == load(path, choices=Choices(words=SETTLED)).digest


def test_columns_are_changed_by_choice_and_today_is_filled_in_beside_the_list(visit):
    send(visit)
    told = ask(
        visit,
        "list-read",
        words=WORD,
        columns={"name": "", "site_id": "School"},
        today={"Alder school": {"stage": "initial", "using": "0.5"}},
    )
    assert told["view"]["taken"]["site_id"]["heading"] == "School" and "name" not in told["view"]["taken"]
    assert told["ready"]
    ask(visit, "list-open")
    o = visit.jobs.organisation
    assert sorted(o.sites.using[o.sites.using >= 0].tolist()) == [0.5]
    send(visit)
    told = ask(visit, "list-read", words=WORD, today={"1": {"using": "5"}})
    assert not told["ready"] and "share from 0 to 1" in " ".join(told["view"]["problems"])


def test_a_workbook_with_several_sheets_asks_which():
    book = openpyxl.Workbook()
    for sheet in ("North", "South"):
        page = book.create_sheet(sheet)
        for line in LIST.decode().splitlines():
            page.append(line.split(","))
    held = io.BytesIO()
    book.save(held)
    upload = Upload("list.xlsx", held.getvalue())
    asked = survey(upload, Choices(), Today())
    assert asked.organisation is None and {"North", "South"} <= set(asked.view["sheets"])
    chosen = survey(upload, Choices(sheets=("North",), words=SETTLED), Today())
    assert chosen.organisation is not None


@pytest.mark.parametrize("name", ["list.exe", "list", "list.csv/../../x.sh", ""])
def test_what_is_no_list_is_refused_by_its_name(visit, name):
    assert "error" in send(visit, name=name)


@pytest.mark.parametrize(
    "part",
    [{"at": 1, "of": 2}, {"at": 0, "of": 0}, {"at": 0, "of": 99}, {"at": 0, "of": 1, "data": "###"},
     {"at": -1, "of": 1}, {"at": 0, "of": 1, "data": 5}, {"at": True, "of": 1}, {"at": 0, "of": 1, "name": None}],
)  # fmt: skip
def test_parts_that_cannot_be_are_refused(visit, part):
    assert "error" in ask(visit, "list-part", **{"name": "a.csv", "data": "YQ==", **part})
    assert "error" in ask(visit, "list-read")


def test_more_than_a_list_may_have_is_refused_before_it_is_read(visit):
    data = base64.b64encode(b"x" * 300_000).decode()
    told = [ask(visit, "list-part", name="a.csv", at=at, of=upload.MOST_PARTS, data=data) for at in range(15)]
    assert any("more than 4 MiB" in t.get("error", "") for t in told) and "error" not in told[0]


def bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"<row>" * 60_000_000)
    return held.getvalue()


@pytest.mark.parametrize("content", [b"\x00" * 1000, b"PK\x03\x04" + b"x" * 500, b"a\n" * 200_000, b'"' * 100_000, b""])
def test_a_file_of_any_bytes_is_answered_in_words(visit, content):
    for name in ("a.csv", "a.xlsx"):
        if "error" in send(visit, content, name):
            continue
        told = ask(visit, "list-read")
        assert "error" in told or told["view"]["problems"], name


def test_a_bomb_ends_in_its_own_process_and_the_server_goes_on(visit):
    packed = bomb()
    assert len(packed) < upload.LARGEST
    send(visit, packed, "bomb.xlsx")
    told = ask(visit, "list-read")
    assert "error" in told or told["view"]["problems"]
    send(visit)
    assert ask(visit, "list-read", words=WORD)["ready"]


def test_what_takes_too_long_is_ended():
    from sim.errors import OrganisationError

    with pytest.raises(OrganisationError, match="could not be read within"):
        read_apart(Upload("list.csv", LIST), Choices(), Today(), seconds=0.01)


def test_only_so_many_lists_are_open_and_each_is_forgotten_when_its_page_is_left(jobs):
    visits = [Visit(jobs) for _ in range(own_list.MOST_OPEN + 1)]
    found = load_once()
    told = []
    for one in visits:
        held = one.hold(own_list.Held)
        held.upload, held.found = Upload("list.csv", LIST), found
        told.append(ask(one, "list-open"))
    assert "lists are open" in told[-1]["error"] and not any("error" in t for t in told[:-1])
    own_list.forget(visits[0])
    assert visits[0].hold(own_list.Held).upload is None
    assert "error" not in ask(visits[-1], "list-open")
    for one in visits:
        own_list.forget(one)
    assert jobs.hold(own_list.Readers).open == set()


def load_once():
    return survey(Upload("list.csv", LIST), Choices(words=SETTLED), Today()).organisation
