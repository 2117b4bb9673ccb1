"""What is behind the pages: questions, quick and full answers, links, stories, log, briefing."""

import json
import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app import actions, brief, controls, evidence_job, link, log, network
from sim.app.answer import answer, as_text
from sim.app.curves import curve
from sim.app.jobs import FULL, Jobs
from sim.app.question import FIRST, Question, read_arm, read_question, read_text
from sim.app.replicates import head, joined
from sim.app.session import Session
from sim.engine.batch import simulate
from sim.errors import Interrupted, ResultError, ScenarioError
from sim.organisation.generate.synthetic import generate
from sim.parameters import LEVERS
from sim.results import compare as comparing
from sim.results.fan import over_months
from sim.scenarios.files import load, names


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    return Jobs(generate({"sites": 10, "organisation_seed": 3}), log=tmp_path_factory.mktemp("log") / "log.sqlite")


@pytest.fixture(scope="module")
def pair(jobs):
    return jobs.full(FIRST, lambda: False)


@pytest.fixture(scope="module")
def body(jobs, pair):
    return answer(jobs, FIRST, pair, quick=False)


def test_every_shipped_scenario_can_be_asked_and_written_back():
    for name in names():
        question = read_question({"arms": [{"preset": name}, {"preset": "without-teams"}]})
        assert question.arms[0].scenario() == load(name)
        assert read_question(question.as_dict()) == question


def test_a_lever_at_its_own_value_is_no_change():
    assert not read_arm({"preset": "with-teams", "set": {"coaching": 1.0}}).changed
    changed = read_arm({"preset": "with-teams", "set": {"coaching": 0.5}})
    assert changed.scenario().lever_values() == load("with-teams").lever_values()._replace(coaching=0.5)
    assert changed.scenario().name != "with-teams"


BAD = [
    None, 3, "x", [], {"arms": 3}, {"arms": [{"preset": "with-teams"}]},
    {"arms": [{"preset": "../../etc/passwd"}] * 2}, {"arms": [{"preset": "with-teams", "set": {"coaching": 2}}] * 2},
    {"arms": [{"preset": "with-teams", "set": {"coaching": "<script>"}}] * 2},
    {"arms": [{"preset": "with-teams", "set": {"__class__": 1}}] * 2},
    {"arms": [{"preset": "with-teams", "set": []}] * 2},
    {"arms": [{"preset": "with-teams", "path": "/etc"}] * 2}, {"arms": [{"preset": "with-teams", "zones": "x"}] * 2},
    {"arms": [{"preset": "with-teams", "zones": [{"name": "a", "choose": -5, "opens": 1}]}] * 2},
    {"arms": [{"preset": "with-teams", "zones": [{"name": "a", "choose": 2, "opens": 1}] * 40}] * 2},
    {"arms": [{"preset": "with-teams"}] * 2, "months": 10**9}, {"arms": [{"preset": "with-teams"}] * 2, "seed": -1},
    {"arms": [{"preset": "with-teams"}] * 2, "months": True}, {"arms": [{"preset": "with-teams"}] * 2, "seed": 1.5},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda b: json.dumps(b)[:60])
def test_what_cannot_be_asked_is_refused(bad):
    with pytest.raises(ScenarioError):
        read_question(bad)


@pytest.mark.parametrize("text", ["", "{", "[" * 5000, "NaN", '{"arms": NaN}', "x" * 30_000, None, b"x", "null"])
def test_texts_that_are_no_question_are_refused(text):
    with pytest.raises(ScenarioError):
        read_text(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_whatever_is_sent_is_refused_in_words_or_answered(message_sent):
    told = actions.act(Jobs(None), {"do": "settings", "ask": message_sent, "arm": 0})  # type: ignore[arg-type]
    assert "error" in told
    assert "error" in actions.act(Jobs(None), message_sent)  # type: ignore[arg-type]


def test_quick_runs_are_the_first_of_the_full_ones(jobs, pair):
    other = Jobs(jobs.organisation)
    quick = other.quick(FIRST)
    assert quick[0].replicates == 32
    assert quick[0].counts.tobytes() == pair[0].counts[:32].tobytes()
    whole = simulate(load("with-teams"), jobs.organisation, replicates=FULL, seed=1)
    assert whole.counts.tobytes() == pair[0].counts.tobytes()
    assert joined([head(whole, 5)]).replicates == 5


def test_a_crowd_gets_fewer_quick_runs(jobs):
    other = Jobs(jobs.organisation)
    assert [other._replicates(session) for session in (1, 2, 3, 4)] == [32, 32, 32, 8]


def test_a_question_that_is_no_longer_asked_is_not_finished(jobs):
    with pytest.raises(Interrupted):
        Jobs(jobs.organisation).full(FIRST, lambda: True)


def test_only_the_latest_question_is_answered_in_full(jobs):
    told, done = [], threading.Event()

    def tell(question, _pair, followed):
        told.append(question)
        if followed is not None:
            done.set()

    session = Session(Jobs(jobs.organisation), tell)
    asked = [
        Question((read_arm({"preset": "with-teams", "set": {"coaching": k / 10}}), FIRST.arms[1])) for k in range(5)
    ]
    for question in asked:
        session.ask(question)
    assert done.wait(120)
    session.close()
    assert set(told) == {asked[-1]}


def test_the_answer_holds_ranges_differences_and_words(body, pair):
    assert body["replicates"] == FULL and len(body["digest"]) == 16
    for h in body["headlines"]:
        expected = comparing.summarise(pair[0], h["id"])
        assert h["arms"][0]["middle"] == comparing.finite(expected.median)
        assert h["arms"][0]["kind"] in ("fitted", "predicted", "assumed")
    json.loads(as_text(body))
    assert body["arms"][0]["changed"] == []
    q = np.array(body["arms"][0]["series"]["practitioners_using_share"]["bands"], float)
    assert (np.diff(q, axis=0) >= 0).all()
    assert q[2] == pytest.approx(np.median(over_months(pair[0], "practitioners_using_share"), axis=0), abs=1e-4)


def test_the_cohort_course_agrees_with_the_headline(pair):
    found = over_months(pair[0], "certified_by_age_share")
    expected = comparing.m.read(pair[0], "months_to_80")[2]
    reached = [np.flatnonzero(row >= 0.8) for row in found]
    ours = [float(r[0]) if len(r) else np.inf for r in reached]
    assert ours == expected.tolist()


def test_what_changed_is_listed_for_every_lever(jobs):
    base = load("with-teams")
    for name, lever in LEVERS.items():
        now = getattr(base.lever_values(), name)
        other = lever.about.low if now != lever.about.low else lever.about.high
        arm = read_arm({"preset": "with-teams", "set": {name: lever.show(other)}})
        pair = Jobs(jobs.organisation).quick(Question((FIRST.arms[1], FIRST.arms[1])))
        from sim.scenarios.differences import differences

        assert [d.key for d in differences(base, arm.scenario())] == [name]
        assert pair


def test_controls_come_from_the_declarations():
    found = controls.controls()
    assert sorted(c["name"] for c in found) == sorted(LEVERS)
    for control in found:
        about = LEVERS[control["name"]].about
        assert (control["low"], control["high"], tuple(control["choices"])) == (about.low, about.high, about.choices)
    assert {p["name"] for p in controls.presets()} == set(names())


def test_families_say_plainly_that_they_are_invented(body):
    words = " ".join(body["family_words"])
    assert "no risk score" in words and "invented" in words
    assert [len(part["rows"]) for part in body["families"]] == [6] * 6


def test_the_picture_holds_no_name_and_no_family(jobs, pair):
    followed = jobs.followed(FIRST, pair, lambda: False)
    found = network.network(jobs, FIRST, pair, followed)
    text = as_text(found)
    for name in (*jobs.organisation.sites.names, *jobs.organisation.sites.pseudonyms, *jobs.organisation.sites.ids):
        assert f'"{name}"' not in text
    assert found["replicate"] == followed[0].ensemble.first
    assert len(found["sites"]) == len(pair[0].organisation.sites)


def test_a_link_carries_everything_and_is_short(jobs, pair):
    question = read_question({"arms": [{"preset": "with-teams", "set": {"coaching": 0.5, "mandate": 0.3}},
                                       {"preset": "without-teams"}], "seed": 7})  # fmt: skip
    text = link.write(question, pair, page="zones", measure="sites_full_share", place=jobs.organisation.digest)
    assert len(text) < 1900 and re.fullmatch(r"[A-Za-z0-9_-]+", text)
    shared = link.read(text)
    assert (shared.question, shared.page, shared.measure) == (question, "zones", "sites_full_share")
    assert link.compare(shared, pair, jobs.organisation.digest)["same"]


def test_any_changed_letter_of_a_link_is_refused(jobs, pair):
    text = link.write(FIRST, pair, page="explore", measure="practitioners_using_share", place=jobs.organisation.digest)
    for at in range(0, len(text) - 1, 7):
        letter = "A" if text[at] != "A" else "B"
        with pytest.raises(ScenarioError, match="changed or cut off"):
            link.read(text[:at] + letter + text[at + 1 :])
    for bad in ("", text[:-5], "AAAA", None, "x" * 5000):
        with pytest.raises(ScenarioError):
            link.read(bad)


def test_a_link_that_unpacks_to_very_much_is_refused():
    import base64
    import zlib

    packed = zlib.compress(b"[" + b"0," * 10_000_000 + b"0]", 9)[:1300]
    text = base64.urlsafe_b64encode(link._check(packed) + packed).decode().rstrip("=")
    with pytest.raises(ScenarioError):
        link.read(text)


def test_another_version_is_reported_with_old_and_new_figures(jobs, pair, monkeypatch):
    text = link.write(FIRST, pair, page="explore", measure="practitioners_using_share", place="elsewhere-12")
    monkeypatch.setattr(link, "version", lambda: "9.9.9")
    shared = link.read(text)
    other = (pair[1], pair[0])
    told = link.compare(shared, other, jobs.organisation.digest)
    assert told["version_then"] != told["version_now"] == "9.9.9"
    assert told["other_place"] and not told["same"] and told["moved"]


def test_the_log_keeps_entries_and_refuses_what_is_none(tmp_path):
    path = tmp_path / "log.sqlite"
    assert log.entries(path) == []
    assert log.add(path, {"question": "'); DROP TABLE entries; --"}, plans="a", link="") == 1
    assert log.entries(path)[0]["question"] == "'); DROP TABLE entries; --"
    for bad in ({}, {"question": "x" * 5000}, {"question": 3}):
        with pytest.raises(ResultError):
            log.add(path, bad, plans="a", link="")
    (tmp_path / "no.sqlite").write_text("not a database, but long enough to look at" * 20)
    with pytest.raises(ResultError):
        log.entries(tmp_path / "no.sqlite")


def test_the_briefing_is_whole_escaped_and_says_how_to_repeat_it(jobs, pair, body):
    log.add(jobs.log, {"question": "<script>alert(1)</script>"}, plans="a", link="")
    made = brief.make(jobs, FIRST, pair, body)
    page = brief.as_html(made)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!#)', page.replace('xlink:href="#', ""))
    assert "zones brief with-teams without-teams" in page and body["digest"] in page


def test_the_briefing_on_paper_can_be_read_aloud(jobs, pair, body, monkeypatch):
    """Tagged, with a language and words for each chart: the typesetter checks PDF/UA-1 and refuses what falls short."""
    import typst

    compiled = typst.compile
    monkeypatch.setattr(typst, "compile", lambda *a, **more: compiled(*a, **more, pdf_standards="ua-1"))
    paper = brief.as_pdf(brief.make(jobs, FIRST, pair, body))
    assert paper.startswith(b"%PDF") and b"/StructTreeRoot" in paper and b"/Lang" in paper
    assert paper.count(b"/Alt") == 1, "one page has one chart"
    assert brief.as_pdf(brief.make(jobs, FIRST, pair, body)) == paper


@pytest.mark.parametrize(
    "words", ["#panic() $x$ *b* \\ ]", "\x00\x07\u202e", "\ud800", "\U0001f642 \u4e2d", "x" * 1900]
)
def test_no_words_of_the_log_spoil_the_briefing_on_paper(jobs, pair, body, words):
    entry = {"written": "2026-01-01", "plans": words, **dict.fromkeys(log.FIELDS, words)}
    made = replace(brief.make(jobs, FIRST, pair, body), entries=(entry,), command=words)
    assert brief.as_pdf(made).startswith(b"%PDF")


def test_settings_taken_away_run_as_they_were_shown(jobs, tmp_path):
    ask = {"arms": [{"preset": "with-teams", "set": {"coaching": 0.5}}, {"preset": "without-teams"}]}
    told = actions.act(jobs, {"do": "settings", "ask": ask, "arm": 0, "number": 3})
    path = tmp_path / told["file"]
    path.write_text(told["text"], encoding="utf-8")
    assert told["number"] == 3
    assert load(path).lever_values() == read_question(ask).arms[0].scenario().lever_values()
    assert load(path).zones == load("with-teams").zones


REFUSED = [
    {"do": "__init__"},
    {"do": "story", "name": "../x"},
    {"do": "sweep"},
    {"do": "link"},
    {"do": "inspect", "ask": FIRST.as_dict(), "month": 10**6},
    {"do": "brief", "ask": {}, "kind": "exe"},
    {"do": "open", "link": "x"},
]


@pytest.mark.parametrize("message", REFUSED)
def test_actions_refuse_in_words(jobs, message):
    assert actions.act(jobs, message)["error"]


def test_inspect_shows_the_run_that_is_shown(jobs, pair):
    told = actions.act(jobs, {"do": "inspect", "ask": FIRST.as_dict(), "month": 3, "who": 1})
    assert told["month"] == 3 and told["story"] and len(told["rows"]) == 60
    opened = actions.act(jobs, {"do": "inspect", "ask": FIRST.as_dict(), "month": 24})
    assert opened["who"] == opened["worth"][0][0] and opened["why"] and "post" in opened["worth"][0][1]
    assert len(opened["story"]) > 1, "somebody to whom something has happened"
    assert "error" in actions.act(jobs, {"do": "inspect", "ask": FIRST.as_dict(), "month": 3, "who": 10**6})


def test_the_ledger_shows_every_published_figure_before_it_is_measured():
    from sim.evidence.situations.table import SITUATIONS

    told = evidence_job.ledger(evidence_job.EvidenceJob(kept=None))
    assert [r["id"] for r in told["rows"]] == [s.id for s in SITUATIONS]
    assert all(r["found"] is None for r in told["rows"])


def test_the_pages_are_reached_by_no_light_command():
    import subprocess
    import sys

    look = "print([m for m in sys.modules if 'solara' in m or m == 'sim.app'])"
    words = [sys.executable, "-c", f"import sim.cli, sys; sim.cli.build_parser(); {look}"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_medians_of_curves_are_those_of_the_runs():
    luck = np.random.default_rng(3)
    values = luck.normal(size=(9, 7))
    values[luck.random(values.shape) < 0.4] = np.nan
    values[:, 2] = np.nan
    for mean in (False, True):
        found = curve(values, mean=mean)
        for month in range(7):
            known = values[np.isfinite(values[:, month]), month]
            if len(known) * 2 < 9 or not len(known):
                assert found[month] is None
            else:
                assert found[month] == pytest.approx(known.mean() if mean else np.median(known), abs=6e-5)
    assert curve(values)[2] is None


def test_a_lever_of_another_kind_needs_no_new_laying(jobs):
    from sim.app.question import read_arm

    first = jobs.prepared(read_arm({"preset": "with-teams", "set": {"coaching": 0.5}}), 60)
    other = jobs.prepared(read_arm({"preset": "with-teams", "set": {"mandate": 0.5}}), 60)
    fresh = jobs.prepared(read_arm({"preset": "with-teams", "set": {"core_teams": 3}}), 60)
    assert first.place is other.place and first.teams is other.teams
    assert fresh.teams is not first.teams


@pytest.mark.parametrize("name", ["with-teams", "local-area-1", "same-money"])
def test_a_plan_under_other_levers_runs_as_if_laid_anew(jobs, name):
    from sim.engine.setup import prepare, with_levers

    base = load(name)
    for lever, about in LEVERS.items():
        arm = read_arm({"preset": name, "set": {lever: about.show(about.about.high)}})
        if about.about.structural:
            continue
        fresh, relaid = (
            prepare(arm.scenario(), jobs.organisation, 36),
            with_levers(prepare(base, jobs.organisation, 36), arm.scenario()),
        )
        assert fresh.levers.tobytes() == relaid.levers.tobytes()
        for part in ("teams", "course"):
            for a, b in zip(getattr(fresh, part), getattr(relaid, part), strict=True):
                assert np.array_equal(np.asarray(a), np.asarray(b), equal_nan=np.asarray(a).dtype.kind == "f"), lever
        assert fresh.partners.tobytes() == relaid.partners.tobytes()


def test_a_plan_is_not_kept_where_a_structural_lever_differs(jobs):
    from sim.engine.setup import prepare, with_levers

    other = read_arm({"preset": "with-teams", "set": {"core_teams": 3}}).scenario()
    with pytest.raises(ScenarioError, match="core_teams"):
        with_levers(prepare(load("with-teams"), jobs.organisation, 36), other)


def test_the_log_says_plans_by_their_titles():
    from sim.app import log

    assert log.plans_words("with-teams-changed against without-teams (as-cited)") == (
        f"{load('with-teams').title}, changed against {load('without-teams').title} (as cited in 2018)"
    )
    assert log.plans_words("our-own-plan against without-teams").startswith("our-own-plan against ")
    assert log.moment("2026-11-28T17:40:09+00:00") == "28 November 2026, 17:40 UTC"
    assert log.moment("yesterday") == "yesterday"
