"""Scenario files: inheritance, `--set`, messages, and writing what was read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from scenario_builders import scenarios

from sim.errors import ScenarioError, UnknownName
from sim.parameters import LEVERS
from sim.scenarios.events import Condition, LeadersLeave, LeversChange, SupportWithdrawn
from sim.scenarios.files import BY_HAND, base_of, load, loads, names, override
from sim.scenarios.scenario import REST, Gate
from sim.scenarios.write import copy_for_editing, dump, from_dict, to_dict

FIRST = '[[zones]]\nname = "a"\nchoose = 3\nopens = 1\n'


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text, "mine")
    return str(caught.value)


def test_a_file_reads_every_key(tmp_path):
    scenario = loads(
        'title = "T"\ndescription = "D"\nmonths = 84\nscope = ["primary"]\n'
        '[area]\nsites = 12\n[levers]\nteams = "core"\ncollective = false\n[parameters]\nspan = 9\n'
        + FIRST
        + '[[zones]]\nname = "b"\ncount = "rest"\ntypes = ["primary"]\ngate = true\nlatest = 30\nresources = 1.5\n'
        '[[events]]\nname = "e"\nwhen = {measure = "capacity_local", at_least = 0.5, zone = "a"}\n'
        "set = {communication = 1}\n"
        '[[events]]\nname = "f"\nmonth = 7\nleaves = "senior"\nagency = "health"\nwithdraw_support = true\n'
        '[notes]\nteams = "why"\n',
        "mine",
    )
    assert (scenario.name, scenario.months, scenario.scope, scenario.area) == ("mine", 84, ("primary",), {"sites": 12})
    assert scenario.levers == {"teams": 3.0, "collective": 0.0}
    assert scenario.parameters == {"span": 9.0}
    assert (scenario.zones[0].choose, scenario.zones[1].count) == (3, REST)
    assert (scenario.zones[1].gate, scenario.zones[1].latest, scenario.zones[1].resources) == (Gate(), 30, 1.5)
    assert scenario.events[0].when == Condition("capacity_local", 0.5, "a")
    assert scenario.events[0].effects == (LeversChange({"communication": 1.0}),)
    assert (scenario.events[1].when, scenario.events[1].effects) == (
        7,
        (LeadersLeave("senior", "health"), SupportWithdrawn()),
    )


def test_a_base_is_taken_over_key_by_key_but_zones_and_events_as_wholes(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "parent.toml").write_text(
        'title = "P"\nmonths = 84\n[levers]\ncoaching = 0.4\nmandate = 0.2\n'
        '[notes]\ncoaching = "old"\nmandate = "stays"\nzones = "plan"\n' + FIRST.replace('"a"', '"p"'),
        encoding="utf-8",
    )
    child = tmp_path / "child.toml"
    child.write_text('base = "sub/parent.toml"\n[levers]\ncoaching = 0.8\n', encoding="utf-8")
    scenario = load(child)
    assert (scenario.title, scenario.months) == ("", 84)
    assert scenario.levers == {"coaching": 0.8, "mandate": 0.2}
    assert scenario.notes == {"mandate": "stays", "zones": "plan"}, (
        "a note on a value that was set again spoke of the old value"
    )
    assert [z.name for z in scenario.zones] == ["p"]
    assert base_of(scenario) == load(tmp_path / "sub" / "parent.toml")
    child.write_text('base = "sub/parent.toml"\n' + FIRST, encoding="utf-8")
    assert [z.name for z in load(tmp_path / "child").zones] == ["a"]
    child.write_text('base = "sub/parent.toml"\nzones = []\n', encoding="utf-8")
    assert load(child).zones == ()
    child.write_text('base = "sub/parent.toml"\nstandalone = true\n', encoding="utf-8")
    assert (load(child).levers, load(child).zones, load(child).months) == ({}, (), 60)


def test_a_base_that_leads_back_is_refused(tmp_path):
    (tmp_path / "one.toml").write_text('base = "two.toml"\n', encoding="utf-8")
    (tmp_path / "two.toml").write_text('base = "one.toml"\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "one.toml")
    assert str(caught.value) == (
        "two.toml: its base leads back to itself: one -> two -> one. Take 'base' out of one of them."
    )


def test_a_shipped_name_as_a_base():
    scenario = loads('base = "with-teams"\n[levers]\ncoaching = 0.5\n', "mine")
    assert scenario.base == "with-teams"
    assert scenario.zones == load("with-teams").zones
    assert scenario.levers == {**load("with-teams").levers, "coaching": 0.5}


def test_unknown_keys_name_the_known_ones_and_the_nearest():
    assert refused('tittle = "x"\n') == (
        "mine.toml: unknown key 'tittle'; known: title, description, base, standalone, months, scope, area, levers, "
        "parameters, zones, core_teams, events, initiatives, budget, notes. Did you mean 'title'?"
    )
    assert refused(FIRST + "open = 4\n") == (
        "mine.toml: zones[1]: unknown key 'open'; known: name, sites, count, choose, share, types, opens, gate, "
        "latest, resources, coaching, external_level, local_team_size, note. Did you mean 'opens'?"
    )
    assert refused("[levers]\ncoachign = 1\n") == (
        f"mine.toml: levers: unknown lever 'coachign'; known: {', '.join(LEVERS)}. Did you mean 'coaching'?"
    )


def test_all_problems_of_a_file_at_once():
    message = refused(
        "months = 0\n[levers]\ncoaching = 2\nteams = 3\nspan = 8\n" + FIRST.replace("opens = 1", "opens = -4")
        + '[[events]]\nname = "e"\nmonth = 3\nset = {teams = "none"}\n'
    )  # fmt: skip
    free = ", ".join(n for n, p in LEVERS.items() if not p.about.structural)
    assert message == (
        "mine.toml: 6 problems\n"
        "  - mine.toml: months must be a whole number in [1, 1200]; got 0.\n"
        "  - mine.toml: levers: coaching must be a number in [0, 1] (0 none - 1 full); got 2.\n"
        "  - mine.toml: levers: teams must be one of none, lead, committee, core, core+local; got 3.\n"
        "  - mine.toml: levers: 'span' belongs in [parameters]; move it there.\n"
        "  - mine.toml: zones[1].opens must be a whole number in [0, 1200]; got -4.\n"
        "  - mine.toml: events[1].set: teams shapes teams or the plan and cannot change in mid-run; an event may set "
        f"{free}."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[zones]]\nname = "a"\nopens = 1\n',
         "zones[1] needs exactly one of 'sites', 'count', 'choose', 'share'; got none of them."),
        (FIRST + "gate = true\n", "zones[1] needs exactly one of 'opens', 'gate'; got 'opens' and 'gate'."),
        (FIRST + "latest = 9\n", "zones[1].latest goes with a 'gate'; 'opens' fixes the month already."),
        (FIRST.replace("3", '"all"'), "zones[1].choose must be a whole number of sites or \"rest\"; got 'all'."),
        (FIRST.replace("3", "true"), "zones[1].choose must be a whole number in [1, 100000]; got True."),
        (FIRST.replace('"a"', '"outside"'),
         "zones[1].name must be a name of its own, not empty and not outside or all; got 'outside'."),
        (FIRST + FIRST, "zones[2].name must be a name that no other zone has; got 'a'."),
        (FIRST.replace("opens = 1", "gate = true"),
         "zones[1].gate: the first zone has no earlier zone to wait for; give it 'opens' with a month."),
        (FIRST + '[[zones]]\nname = "b"\nchoose = 1\ngate = {of = "A"}\n',
         "zones[2].gate.of: unknown earlier zone 'A'; known: a."),
        ('[[zones]]\nname = "a"\nsites = ["x", "y", "x"]\nopens = 1\n',
         "zones[1].sites: named twice: x. Name each once."),
        ('[[events]]\nname = "e"\nmonth = 1\n',
         "events[1] does nothing; give it 'set' (levers), 'leaves' (a level of leaders) or 'withdraw_support = true'."),
        ('[[events]]\nname = "e"\nmonth = 1\nleaves = "seniors"\n',
         "events[1].leaves: unknown value 'seniors'; known: senior, operational, manager. Did you mean 'senior'?"),
        ("months = nan\n", "months must be a whole number in [1, 1200]; got nan."),
        ("[parameters]\nspan = inf\n", "parameters: span must be a number in [3, 15] sites; got inf."),
        ("levers = 3\n", "levers must be a table; got 3."),
        ("[area]\nsites = 2\n", "area: sites must be a whole number in [5, 3000]; got 2."),
        ('scope = ["primry"]\n', None),
        ("months 3\n", None),
        ('base = "with-team"\n', None),
    ],
)  # fmt: skip
def test_messages_name_the_address(text, message):
    told = refused(text)
    assert told.startswith("mine.toml: ")
    if message is not None:
        assert told == f"mine.toml: {message}"


def test_a_scenario_that_is_not_there(tmp_path):
    with pytest.raises(UnknownName) as caught:
        load("with-team")
    assert str(caught.value) == (
        f"scenarios: unknown scenario 'with-team'; known: {', '.join(names())}. Did you mean 'with-teams'?"
    )
    with pytest.raises(ScenarioError, match=r"no such file 'gone.toml' in .*; give a path to a [.]toml file or one"):
        load(tmp_path / "gone.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes('title = "Caf\xe9"\n'.encode("cp1252"))
    with pytest.raises(ScenarioError, match=r"latin.toml: not UTF-8 text \(byte 12\); save the file as UTF-8."):
        load(latin)
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ScenarioError, match="larger than 1,000,000 bytes, the most that a scenario may have"):
        load(big)


def test_set_by_hand():
    scenario = load(
        "with-teams", ["coaching=0.5", "teams = lead", "collective=true", "span=10", "months=12", "coaching=0.25"]
    )
    assert (scenario.levers["coaching"], scenario.levers["teams"], scenario.levers["collective"]) == (0.25, 1.0, 1.0)
    assert (scenario.parameters, scenario.months) == ({"span": 10.0}, 12)
    assert scenario.notes["coaching"] == BY_HAND
    assert load("with-teams").levers["coaching"] == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("coaching", "--set coaching: write NAME=VALUE, for example --set coaching=0.5."),
        ("coaching=much", "--set coaching=much: coaching must be a number in [0, 1] (0 none - 1 full); got 'much'."),
        ("months=1.5", "--set months=1.5: months must be a whole number in [1, 1200]; got '1.5'."),
    ],
)
def test_set_by_hand_refused(text, message):
    with pytest.raises(ScenarioError) as caught:
        override(load("with-teams"), [text])
    assert str(caught.value) == message


def test_set_an_unknown_name():
    with pytest.raises(UnknownName) as caught:
        override(load("with-teams"), ["coachign=1"])
    assert caught.value.nearest == "coaching"


@settings(max_examples=60, deadline=None)
@given(scenario=scenarios())
def test_what_is_written_reads_back(scenario):
    assert loads(dump(scenario), scenario.name) == scenario
    assert from_dict(json.loads(json.dumps(to_dict(scenario)))) == scenario


def test_a_manifest_keeps_values_whose_default_has_moved():
    data = to_dict(load("with-teams"))
    assert "mandate" not in data["levers"]
    data["all_levers"]["mandate"] = 0.3
    assert from_dict(data).levers["mandate"] == 0.3


@pytest.mark.parametrize("name", names())
def test_a_copy_for_editing_says_every_lever_and_runs_the_same(name, tmp_path):
    source = load(name)
    text = copy_for_editing(source, "mine")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    copy = load(tmp_path / "mine.toml")
    assert (copy.name, copy.base) == ("mine", name)
    assert (copy.levers, copy.parameters, copy.zones, copy.events) == (
        source.levers,
        source.parameters,
        source.zones,
        source.events,
    )
    for lever, parameter in LEVERS.items():
        assert any(line.removeprefix("# ").startswith(f"{lever} = ") for line in text.splitlines()), lever
        assert parameter.about.words.split()[0] in text
    assert max(map(len, text.splitlines()[:60])) < 400
