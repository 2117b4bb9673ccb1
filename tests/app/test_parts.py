"""What the pages are drawn from: places of sites, zones as slices, families compared, sweeps read, evidence kept."""

import json
import threading
import time

import numpy as np
import pytest

from sim.app import evidence_job, network, site_list, zone_words
from sim.app.answer import answer
from sim.app.jobs import Jobs
from sim.app.pages.sweeps import surface
from sim.app.question import read_question
from sim.errors import Interrupted, ScenarioError
from sim.organisation.generate.synthetic import generate
from sim.parameters import LEVERS
from sim.results.measures import BY_FIFTH
from sim.scenarios.differences import differences
from sim.scenarios.files import load


def never():
    return False


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 14, "organisation_seed": 5}))


def asked(first, other=None):
    return read_question({"arms": [first, other or {"preset": "without-teams"}], "months": 60})


@pytest.fixture(scope="module")
def gated(jobs):
    zones = [
        {"name": "one", "choose": 4, "opens": 1},
        {"name": "two", "choose": 4, "gate": {"certified": 0.0, "capacity": 0.1}, "latest": 40},
    ]
    question = asked({"preset": "with-teams", "zones": zones})
    pair = jobs.full(question, never)
    return question, pair, answer(jobs, question, pair, quick=False)


def test_positions_keep_distances_and_no_degree():
    latitude = np.array([56.0, 56.0, 57.0, np.nan])
    longitude = np.array([-3.0, -2.0, -3.0, -3.0])
    found = site_list.positions(latitude, longitude)
    assert np.isnan(found[3]).all()
    east, north = np.hypot(*(found[1] - found[0])), np.hypot(*(found[2] - found[0]))
    assert found[:3, 0].max() == pytest.approx(1000)
    assert found[2, 1] < found[0, 1], "north is up"
    assert north / east == pytest.approx(1.0 / np.cos(np.deg2rad(56.33)), rel=0.01)
    assert np.isnan(site_list.positions(np.full(3, np.nan), longitude[:3])).all()


def test_sites_go_by_pseudonym_unless_names_are_asked_for(jobs):
    plain, named = site_list.sites(jobs.organisation), site_list.sites(jobs.organisation, show_names=True)
    assert [row["id"] for row in plain] == jobs.organisation.sites.pseudonyms.tolist()
    assert all("name" not in row for row in plain)
    assert len(named) == len(plain)


def test_members_of_zones_are_those_of_the_plan(gated, jobs):
    _, _, body = gated
    members = body["zones"][0]["members"]
    assert len(members) == len(jobs.organisation.sites)
    assert [members.count(k) for k in (0, 1)] == [4, 4]
    assert set(body["zones"][1]["members"]) <= {-1, -2}


def test_a_gated_zone_is_seen_from_its_own_opening(gated):
    _, pair, body = gated
    row = body["zones"][0]["rows"][1]
    opened = row["opening"]["months"]
    assert 1 < opened[0] <= opened[1] <= opened[2] <= 40
    assert row["opening"]["share"] == 1.0
    early = row["seen"][0]
    assert early["months"] == 6
    ends = early["values"]["practitioners_using_share"]["ends"]
    using = pair[0].counts[:, :, 1]
    assert using.shape[1] == 61 and 0.0 <= ends[0] <= ends[1] <= ends[2] <= 1.0
    assert early["values"]["sites_full_share"]["ends"] == [0.0, 0.0, 0.0], (
        "no site is in full implementation half a year in"
    )


def test_cost_by_year_adds_up_to_the_cost_of_the_zones(gated):
    _, pair, body = gated
    zones = body["zones"][0]
    by_zone = sum(sum(r["cost"]["cash"]) + sum(r["cost"]["time"]) for r in zones["rows"])
    from sim.results import measures as h

    whole = float(np.mean(h.read(pair[0], "cost_total")[2])) if "cost_total" in h.BY_ID else None
    by_agency = sum(sum(r["cash"]) + sum(r["time"]) for r in zones["cost"]["rows"])
    assert by_agency > 0 and by_zone <= by_agency * 1.001
    assert whole is None or by_agency == pytest.approx(whole, rel=0.01)


def test_levels_and_representativeness_are_shown_beside_a_zone(gated):
    _, _, body = gated
    row = body["zones"][0]["rows"][0]
    assert [name for name, *_ in row["levels"]] == [
        "multi-agency group", "senior leader", "core team", "site manager", "local team", "practitioner"
    ]  # fmt: skip
    assert row["missing"] == [] and set(row["differences"]) >= {"size", "deprivation"}


def test_families_are_compared_run_by_run(gated):
    _, _, body = gated
    assert [part["id"] for part in body["families"]] == list(BY_FIFTH)
    for part in body["families"]:
        assert len(part["rows"]) == 6, part["id"]
    whole = next(part for part in body["families"] if part["id"] == "need_served_at_fidelity_share")["rows"][-1]
    low, middle, high = whole["apart"]
    assert low <= middle <= high
    on_the_card = next(h for h in body["headlines"] if h["id"] == "need_served_at_fidelity_share")["difference"]
    assert whole["gap"].removeprefix("the two ") == on_the_card, "one meaning of a difference on every page"


def test_what_sets_the_two_apart_is_listed_only_where_something_does(jobs):
    same = asked({"preset": "with-teams"}, {"preset": "with-teams"})
    assert answer(jobs, same, jobs.quick(same), quick=True)["between"] == []
    other = asked({"preset": "with-teams", "set": {"coaching": 0.5}}, {"preset": "with-teams"})
    told = answer(jobs, other, jobs.quick(other), quick=True)["between"]
    assert len(told) == 1 and "coaching" in told[0]


@pytest.mark.parametrize("draw", range(25))
def test_what_changed_names_every_lever_that_was_and_no_other(draw):
    """Random combinations: as many sentences as levers changed, each with the new value."""
    chance = np.random.default_rng(draw)
    names = chance.choice(list(LEVERS), size=int(chance.integers(1, 7)), replace=False).tolist()
    changes = {}
    for name in names:
        about = LEVERS[name].about
        changes[name] = str(chance.choice(about.choices)) if about.choices else _number(about, chance)
    arm = asked({"preset": "with-teams", "set": changes}).arms[0]
    base, made = load("with-teams"), arm.scenario()
    moved = {n for n in LEVERS if getattr(base.lever_values(), n) != getattr(made.lever_values(), n)}
    found = differences(base, made)
    assert {d.key for d in found} == moved
    for d in found:
        assert d.new in d.sentence() and f"instead of {d.old}" in d.sentence()


def _number(about, chance):
    value = float(chance.uniform(about.low, about.high))
    return round(value) if about.whole else round(value, 3)


@pytest.mark.parametrize("sites", [8, 40, 300])
def test_every_site_of_the_picture_keeps_within_its_zone(sites):
    from sim.engine.setup import prepare

    place = Jobs(generate({"sites": sites, "organisation_seed": 2}))
    setup = prepare(load("with-teams"), place.organisation, 12)
    boxes, cells, dots = network._grid(setup)
    zone = np.asarray(setup.course.site_zone)
    for box in boxes:
        mine = cells[zone == box["zone"]]
        assert (mine[:, 0] - mine[:, 2] >= box["x"] - 1e-6).all()
        assert (mine[:, 0] + mine[:, 2] <= box["x"] + box["w"] + 1e-6).all()
        assert (mine[:, 1] + mine[:, 2] <= box["y"] + box["h"] + 1e-6).all()
    away = np.hypot(*(cells[:, None, :2] - cells[None, :, :2]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert (away >= cells[:, None, 2] + cells[None, :, 2] - 1e-6).all(), "no two sites overlap"
    assert (dots > 0).all()


def test_without_a_results_folder_it_says_what_to_do(jobs):
    with pytest.raises(ScenarioError, match="--results"):
        surface.look(jobs, surface.Picked())


def test_discovered_sentences_keep_what_qualifies_them(tmp_path):
    lines = ["Over all runs, this.", "", "In 7 of 10, that.", "  Held in resamples."]
    (tmp_path / "discovery.json").write_text(json.dumps({"told": lines}), encoding="utf-8")
    found = surface._discovered(tmp_path)
    assert [d["said"] for d in found] == [lines[0], lines[2]] and found[1]["more"] == ["Held in resamples."]
    (tmp_path / "discovery.json").write_text("not json", encoding="utf-8")
    assert surface._discovered(tmp_path) == []


def test_evidence_once_measured_is_kept_for_the_next_start(tmp_path, monkeypatch):
    from sim.evidence import published as evidence
    from sim.evidence.situations import table as situations

    made = evidence_job.EvidenceJob(kept=tmp_path / "evidence.json")
    assert made.state == ""

    class Found:
        def __init__(self, situation):
            self.situation = situation

        def as_dict(self):
            return {"id": self.situation.id}

    monkeypatch.setattr(evidence, "find", lambda situation, *_given: Found(situation))
    made.state = "measuring"
    made._measure(threading.Lock(), lambda: False)
    assert made.state == "done"
    again = evidence_job.EvidenceJob(kept=tmp_path / "evidence.json")
    assert again.state == "done" and set(again.found) == {s.id for s in situations.SITUATIONS}
    (tmp_path / "evidence.json").write_text('{"C1": {}}', encoding="utf-8")
    assert evidence_job.EvidenceJob(kept=tmp_path / "evidence.json").state == "", "half a ledger is none"


def test_a_visitor_does_not_wait_for_the_evidence(monkeypatch):
    """A situation gives the machine up as soon as somebody asks, and is run again once nobody does."""
    from sim.evidence import published as evidence
    from sim.evidence.situations import table as situations

    heavy, asked, begun, tries = threading.Lock(), threading.Event(), threading.Event(), []

    def simulate(situation, _calibration, lab):
        tries.append(situation.id)
        begun.set()
        while len(tries) == 1:
            if lab.cancelled():
                raise Interrupted
            time.sleep(0.001)
        return Found()

    class Found:
        def as_dict(self):
            return {}

    monkeypatch.setattr(evidence, "find", simulate)
    monkeypatch.setattr(situations, "SITUATIONS", situations.SITUATIONS[:2])
    made = evidence_job.EvidenceJob(kept=None)
    made.start(heavy, asked.is_set)
    assert begun.wait(20)
    asked.set()
    assert heavy.acquire(timeout=20), "the evidence kept the machine while a visitor waited"
    assert made.state == "measuring" and not made.found
    heavy.release()
    asked.clear()
    end = time.monotonic() + 20
    while made.state != "done" and time.monotonic() < end:
        time.sleep(0.01)
    first, second = (s.id for s in situations.SITUATIONS)
    assert tries == [first, first, second] and set(made.found) == {first, second}


DESIGN = """question = "Which plan?"
scenarios = ["with-teams", "three-zones"]
months = 12
replicates = 2
outcomes = ["practitioners_using_share", "months_to_80"]

[[factors]]
name = "{name}"
values = {values}
{only}
"""


@pytest.mark.parametrize(
    ("name", "values", "only", "across"),
    [
        ("scenario", '["with-teams", "without-teams"]', "", ["with-teams", "without-teams"]),
        ("coaching", "[0.2, 1.0]", "", ["0.2", "1"]),
        ("zones.gap", "[6, 12]", 'scenarios = ["with-teams"]', ["6", "12"]),
    ],
)
def test_a_sweep_is_read_for_each_of_its_plans(tmp_path, name, values, only, across):
    from sim.cli import main

    only_one = name == "scenario"
    text = DESIGN.format(name=name, values=values, only=only)
    text = text.replace('"with-teams", "three-zones"', '"with-teams"') if only_one else text
    (tmp_path / "design.toml").write_text(text, encoding="utf-8")
    words = ["sweep", str(tmp_path / "design.toml"), "--out", str(tmp_path / "done"), "--workers", "1"]
    assert main(words) == 0
    jobs = Jobs(generate({"sites": 8, "organisation_seed": 1}), results=tmp_path / "done")
    found = surface.look(jobs, surface.Picked())
    assert found["across"] == across and len(found["curve"]) == 2
    assert sum(row["runs"] for row in found["curve"]) == found["runs"] == 4
    assert found["finding"].startswith("Practitioners using it at the end")
    assert surface.look(jobs, surface.Picked(outcome="months_to_80"))["curve"][0]["ends"] == [None, None, None]
    if only:
        other = surface.look(jobs, surface.Picked(scenario="three-zones"))
        assert other["across"] == ["as it is"] and other["curve"][0]["runs"] == other["runs"] > 0
    with pytest.raises(ScenarioError, match="no outcome"):
        surface.look(jobs, surface.Picked(outcome="<script>"))


def test_a_zone_that_asks_for_more_than_there_is_is_told_how_much_there_is():
    """Two zones of 10 and 4 sites and a rest of 6, in 22 sites of which 2 are out of scope."""
    members = [0] * 10 + [1] * 4 + [2] * 6 + [-2] * 2
    room = zone_words.possible(["one", "two", "rest"], [False, False, True], members)
    assert [r["most"] for r in room] == [15, 9, 6]
    assert room[0]["words"].startswith("One can have at most 15 sites: the area has 20, and the other zones keep 5.")
    assert "Nothing was changed" in room[0]["words"]
    assert [r["most"] for r in zone_words.possible(["one"], [False], [])] == [0], "not known: nothing is refused"
