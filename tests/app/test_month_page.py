"""Month 12 without a browser: a table is read apart, updates the forecast in its own process, and is kept nowhere."""

import base64
import csv
import io
import json
import time
from tomllib import loads as loads_toml

import pytest
from test_own_list import Visit

from sim.app import actions, guesses
from sim.app.jobs import Jobs
from sim.app.pages.month import seen, updating
from sim.app.pages.plan import searching
from sim.app.update_view import finding
from sim.observed.one_file import SIZES, unpacked
from sim.observed.predictions import scored
from sim.organisation.generate.synthetic import generate
from sim.scenarios.files import load

ASK = {"arms": [{"preset": "with-teams"}, {"preset": "without-teams"}], "months": 36}
SMALL = (
    (6, "first zone", "trained", "30", "91"),
    (12, "first zone", "trained", "60", "91"),
    (12, "first zone", "using", "3", "91"),
    (12, "second zone", "using", "40 %", ""),
    (9, "first zone", "using", "25 of 60", ""),
)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    return Jobs(generate(dict(load("with-teams").area)), log=tmp_path_factory.mktemp("log") / "log.sqlite")


@pytest.fixture
def visit(jobs, monkeypatch):
    monkeypatch.setitem(updating.RUNS, "short", 300)
    made = Visit(jobs)
    yield made
    updating.forget(made)


def ask(visit, do, /, **more):
    reply = actions.act(visit.jobs, {"do": do, "number": 1, **more}, visit)
    json.dumps(reply, allow_nan=False)
    return reply


def bring(visit, rows, name="seen.csv", header=("month", "zone", "measure", "value", "observed"), **more):
    content = rows
    if not isinstance(rows, bytes):
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        content = text.getvalue().encode()
    sent = ask(visit, "seen-part", name=name, at=0, of=1, data=base64.b64encode(content).decode())
    return sent if "error" in sent else ask(visit, "seen-read", ask=ASK, **more)


def waited(visit):
    reply = ask(visit, "seen-look")
    until = time.monotonic() + 240
    while reply["state"] == updating.UPDATING and time.monotonic() < until:
        time.sleep(0.1)
        reply = ask(visit, "seen-look")
    return reply


def test_from_a_table_to_what_is_told_and_kept_with_small_numbers_guarded(visit, jobs):
    read = bring(visit, SMALL)
    assert read.get("ready"), read
    assert read["view"]["summary"] == "seen.csv: 5 values that can be used, months 6 to 12."
    assert ["using|first zone", "Practitioners using it, first zone"] in read["view"]["guess"]["series"]
    assert ask(visit, "seen-keep")["error"].startswith("forecast: wait")
    begun = ask(visit, "seen-update", ask=ASK, runs="short")
    assert begun["state"] == updating.UPDATING
    other = Visit(jobs)
    bring(other, SMALL)
    assert "another visitor's" in ask(other, "seen-update", ask=ASK)["error"]
    done = waited(visit)
    view, story = done["view"], done["story"]
    assert done["state"] == updating.DONE
    standing = {s["id"]: s for s in view["standings"]}
    few = standing["using|first zone"]
    assert few["seen"] is None
    assert few["seen_text"] == "fewer than 5"
    chart = next(c for c in view["charts"] if c["id"] == "using|first zone")
    assert [m["month"] for m in chart["marks"]] == [9], "three people are not drawn, twenty-five are"
    assert "month 12" in chart["hidden"]
    (mark,) = chart["marks"]
    assert mark["low"] < mark["value"] < mark["high"]
    assert len(chart["arms"][0]["bands"]) == 5
    assert all(len(q) == view["months"] + 1 for arm in chart["arms"] for q in arm["bands"])
    assert view["finding"] == finding([]) or view["finding"].startswith(f"Of {len(standing)} measures:")
    assert not any("--" in line for lines in view["told"].values() for line in lines), "no option of a command line"
    assert story["slides"][0]["title"] == "Month 12: are we on course?"
    guessed = next(s for s in story["slides"] if s["kind"] == "predict")
    assert len(story["guesses"][guessed["measure"]]) == 101
    assert guessed["measure"] != "using|first zone", "the room does not guess what is not told"
    kept(visit, jobs)


def kept(visit, jobs):
    guess = {"series": "using|second zone", "month": 15, "low": 20, "middle": 30, "high": 55}
    wrong = [{**guess, "low": 80}, {**guess, "month": 16}, {**guess, "high": 900}, {**guess, "middle": None},
             {**guess, "series": "<script>"}, {}]  # fmt: skip
    for one in wrong:
        assert ask(visit, "seen-keep", guesses=[one])["error"].startswith("guess:")
    reply = ask(visit, "seen-keep", question="Do we open the second zone?", guesses=[guess])
    assert "kept in the learning log" in reply["said"]
    assert "still to be seen" in reply["scores"]["waiting"]
    assert ask(visit, "seen-keep")["said"].startswith("This forecast has already been kept")
    # A quarter later: the same place is seen again, and what was forecast is scored; the room's guess beside it.
    bring(visit, [*SMALL, (15, "second zone", "using", "31 %", ""), (15, "first zone", "trained", "70", "91")])
    ask(visit, "seen-update", ask=ASK, runs="short")
    assert waited(visit)["state"] == updating.DONE
    told = ask(visit, "seen-keep")["scores"]
    assert {s.forecast.source for s in scored(jobs.log)} == {"model", "model before", "room"}
    assert "The room was nearer" in told["summary"]
    first = told["shown"][0]
    assert [band[0] for band in first["bands"]] == ["model", "room"]
    assert "Forecast in month 12 for month 15" in first["told"]
    assert len(told["rows"]) == 2
    assert all(len(row) == len(told["heads"]) for row in told["rows"])
    assert told == guesses.view(jobs.log)


def test_what_is_wrong_is_said_in_words_of_the_page(visit):
    assert ask(visit, "seen-read", ask=ASK)["error"].startswith("table: choose a file")
    assert ask(visit, "seen-update", ask=ASK)["error"].startswith("table: choose a file")
    dated = bring(visit, [("2026-02", "first zone", "using", "30", "60")])
    said = dated["view"]["problems"]
    assert not dated["ready"]
    assert "Month 0 was" in said[0]
    assert bring(visit, [("2026-02", "first zone", "using", "30", "60")], start="2025-08")["ready"]
    assert "Month 0 was" in bring(visit, SMALL, start="when it began")["error"]
    early = bring(visit, [("2025-02", "first zone", "using", "30", "60")], start="2025-08")["view"]["problems"]
    none = bring(visit, [("a", "b")], header=("nothing", "known"))["view"]["problems"]
    for sentence in [*said, *early, *none]:
        assert "--" not in sentence
        assert "`" not in sentence
    assert "A table to fill" in none[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04" + bytes(range(256)) * 200),
        ("a.csv", b"\x00" * 4000),
        ("a.csv", b"month,measure,value\n" + b'"' + b"x" * 100_000),
        ("a.csv", (b"month,measure,value\n12,using,=HYPERLINK(\"http://x\")\n")),
        ("a.csv", "month,measure,value\n12,using,\u202e30 %\n".encode()),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_words(visit, name, content):
    reply = bring(visit, content, name)
    assert not reply.get("ready")
    assert reply.get("error") or reply["view"]["problems"]
    assert visit.hold(seen.Held).file is None


def test_parts_out_of_order_another_kind_and_too_much_are_refused(visit):
    data = base64.b64encode(b"x").decode()
    assert "out of order" in ask(visit, "seen-part", name="a.csv", at=1, of=2, data=data)["error"]
    assert "ends in" in ask(visit, "seen-part", name="a.docx", at=0, of=1, data=data)["error"]
    assert "damaged" in ask(visit, "seen-part", name="a.csv", at=0, of=1, data="%%%")["error"]
    large = base64.b64encode(b"x" * 300_000).decode()
    told = [ask(visit, "seen-part", name="a.csv", at=at, of=24, data=large) for at in range(15)]
    assert "more than 4 MiB" in next(t["error"] for t in told if "error" in t)


def test_a_table_to_fill_and_made_up_data_are_read_and_a_stopped_update_is_told(visit):
    blank = ask(visit, "seen-table", ask=ASK)
    assert base64.b64decode(blank["base64"]).startswith(b"PK")
    made = ask(visit, "seen-example", ask=ASK)
    read = ask(visit, "seen-read", ask=ASK, start=made["start"])
    assert read["ready"]
    assert any("coffee mornings held" in r for r in read["view"]["remarks"])
    ask(visit, "seen-update", ask=ASK, start=made["start"])
    assert ask(visit, "seen-stop")["state"] == updating.STOPPED
    updating.forget(visit)
    assert visit.hold(seen.Held).upload is None
    assert ask(visit, "seen-look")["state"] == ""


def test_an_update_is_kept_as_a_file_and_a_search_goes_on_from_it(visit, jobs, monkeypatch):
    monkeypatch.setitem(searching.RUNS, "short", 1_000)
    form = {"ask": ASK, "cash": [300_000], "released": [900_000], "zones": 2, "runs": "short"}
    assert ask(visit, "plan-look")["from"] == []
    assert ask(visit, "seen-save")["error"].startswith("update: wait")
    assert "no longer there" in ask(visit, "plan-begin", **form, update="month")["error"]
    bring(visit, SMALL)
    ask(visit, "seen-update", ask=ASK, runs="short")
    assert waited(visit)["state"] == updating.DONE
    sent = ask(visit, "seen-save")
    content = base64.b64decode(sent["base64"])
    assert sent["file"] == "update-month-12.zip"
    files = unpacked(content, "kept", SIZES)
    assert not any(b"seen.csv" in c for c in files.values())
    assert b"fewer than 5" in files["report.txt"]
    assert ask(visit, "plan-look")["from"] == [["month", "the page Month 12 (to month 12)"]]
    other = Visit(jobs)
    parts = {"name": "../year 1.ZIP", "at": 0, "of": 1}
    for wrong in (b"PK\x03\x04" + bytes(99), content[:-50], b"month,zone\n"):
        said = ask(other, "plan-part", **parts, data=base64.b64encode(wrong).decode())["error"]
        assert said.startswith("kept update: year 1.ZIP: is not a sound ZIP archive"), said
    assert "ends in .zip" in ask(other, "plan-part", **{**parts, "name": "a.csv"}, data="")["error"]
    reply = ask(other, "plan-part", **parts, data=sent["base64"])
    assert reply["from"] == [["file", "year 1.ZIP (to month 12)"]]
    try:
        assert ask(other, "plan-begin", **form, update="file")["state"] == "searching"
        until = time.monotonic() + 240
        while (told := ask(other, "plan-look"))["state"] == "searching" and time.monotonic() < until:
            time.sleep(0.1)
        assert told["state"] == "done", told
        found = told["found"]
        assert any("What was observed up to month 12 stands" in line for line in found["words"])
        assert found["plans"][-1]["name"] in ("The plan as it stands", "Plan 1")
        for plan in found["plans"]:
            assert plan["take"] is None
            assert plan["zones"][0]["text"].startswith("first zone, month 1")
        assert loads_toml(found["plans"][0]["file"]["text"])["zones"][0]["name"] == "first zone"
    finally:
        searching.forget(other)


def test_a_process_waits_for_a_table_that_was_read_and_ends_with_its_visit(jobs):
    one, two = Visit(jobs), Visit(jobs)
    bring(one, SMALL)
    bring(two, SMALL)
    waiting = one.hold(updating.Mine).waiting
    assert waiting is not None
    assert two.hold(updating.Mine).waiting is None, "one for the whole server"
    updating.forget(two)
    assert waiting.poll() is None
    updating.forget(one)
    assert waiting.poll() is not None
