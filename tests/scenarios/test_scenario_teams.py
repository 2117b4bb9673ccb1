"""Teams that grow, in a scenario's file: read strictly, told in words, written back."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.organisation.arrays.compile import in_scope
from sim.organisation.generate.synthetic import generate
from sim.scenarios.describe import describe
from sim.scenarios.differences import differences
from sim.scenarios.doubts import doubts
from sim.scenarios.events import LeversChange
from sim.scenarios.files import load, loads
from sim.scenarios.scenario import FurtherCoreTeam
from sim.scenarios.write import copy_for_editing, dump, from_dict, to_dict

WHOLE = """
base = "with-teams"

[[core_teams]]
founded = 40
size = 6
agencies = 3
zones = ["third zone"]
note = "Too much for one team."

[[core_teams]]
founded = 20

[[events]]
name = "coaching is cut"
month = 30
set = { coaching = 0.25, local_team_size = 2 }
zone = "first zone"
"""


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text, "mine")
    return str(caught.value)


def test_a_file_reads_every_key_and_is_written_back():
    scenario = loads(WHOLE, "mine")
    assert scenario.core_teams == (
        FurtherCoreTeam(40, 6, 3, ("third zone",), "Too much for one team."), FurtherCoreTeam(20)
    )  # fmt: skip
    assert scenario.events[0].effects == (LeversChange({"coaching": 0.25, "local_team_size": 2.0}, "first zone"),)
    assert loads(dump(scenario), "mine") == scenario
    assert from_dict(to_dict(scenario)) == scenario
    assert loads(copy_for_editing(scenario, "copy"), "copy").core_teams == scenario.core_teams


def test_a_zone_reads_its_own_levers_and_is_written_back():
    own = "coaching = 0.5\nexternal_level = 0\nlocal_team_size = 3\n"
    scenario = loads('[[zones]]\nname = "a"\nchoose = 3\nopens = 1\n' + own, "mine")
    assert scenario.zones[0].own_levers() == {"coaching": 0.5, "external_level": 0.0, "local_team_size": 3.0}
    assert loads(dump(scenario), "mine") == scenario
    assert from_dict(to_dict(scenario)) == scenario


def test_core_teams_are_taken_over_from_a_base_as_a_whole(tmp_path):
    (tmp_path / "parent.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "child.toml").write_text('base = "parent.toml"\ncore_teams = []\n', encoding="utf-8")
    (tmp_path / "heir.toml").write_text('base = "parent.toml"\n', encoding="utf-8")
    assert load(tmp_path / "child.toml").core_teams == ()
    assert len(load(tmp_path / "heir.toml").core_teams) == 2


PLANNED = ", ".join(zone.name for zone in load("with-teams").zones)
TEAM = 'base = "with-teams"\n[[core_teams]]\n'
EVENT = 'base = "with-teams"\n[[events]]\nname = "e"\nmonth = 3\n'
ZONE = '[[zones]]\nname = "a"\nchoose = 3\nopens = 1\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEAM + "size = 4\n", "core_teams[1] needs 'founded', the month in which it is founded; the lever core_teams "
         "says how many there are from the start."),
        (TEAM + "founded = 0\n", "core_teams[1].founded must be a whole number in [1, 1200]; got 0."),
        (TEAM + "founded = 2.5\n", "core_teams[1].founded must be a whole number in [1, 1200]; got 2.5."),
        (TEAM + "founded = true\n", "core_teams[1].founded must be a whole number in [1, 1200]; got True."),
        (TEAM + "founded = 9\nsize = 13\n", "core_teams[1].size must be a whole number in [1, 12]; got 13."),
        (TEAM + "founded = 9\nagencies = 0\n", "core_teams[1].agencies must be a whole number in [1, 5]; got 0."),
        (TEAM + "founded = 9\nzones = []\n", "core_teams[1].zones must be one or more names of zones; got []."),
        (TEAM + 'founded = 9\nzones = ["thrid zone"]\n', "core_teams[1].zones: unknown zone 'thrid zone'; known: "
         f"{PLANNED}. Did you mean 'third zone'?"),
        (TEAM + "month = 9\n", None),
        ('core_teams = 2\n', "core_teams must be a list of tables, each headed [[core_teams]]; got 2."),
        (ZONE + "coaching = 1.5\n", "zones[1].coaching must be a number in [0, 1]; got 1.5."),
        (ZONE + "external_level = nan\n", "zones[1].external_level must be a number in [0, 1]; got nan."),
        (ZONE + "local_team_size = 2.5\n", "zones[1].local_team_size must be a whole number in [1, 12]; got 2.5."),
        (ZONE + "core_team_size = 3\n", None),
        (EVENT + 'set = {released_time = 0.5}\nzone = "first zone"\n', "events[1].set: released_time cannot differ by "
         "zone; in one zone an event may set coaching, external_level, local_team_size. Remove 'zone', or write two "
         "events."),
        (EVENT + 'set = {coaching = 0.5}\nzone = "first"\n', "events[1].zone: unknown zone 'first'; known: "
         f"{PLANNED}. Did you mean 'first zone'?"),
        (EVENT + 'leaves = "senior"\nzone = "first zone"\n', "events[1].zone says where levers change; it goes with "
         "'set'."),
    ],
)  # fmt: skip
def test_messages_name_the_address(text, message):
    told = refused(text)
    assert told.startswith("mine.toml: ")
    if message is not None:
        assert told == f"mine.toml: {message}"


def test_it_is_told_in_words():
    lines = describe(loads(WHOLE, "mine"), load("with-teams"))
    text = "\n".join(lines)
    assert (
        "In month 40 a further core team with 6 members and people of 3 agencies is founded; it takes over "
        "zone 'third zone'. Too much for one team."
    ) in text
    assert "it takes over an equal share of the people, those of the last zones first." in text
    assert "coaching of practitioners in zone 'first zone' becomes 0.25" in text
    assert any(line.strip().startswith("core teams founded later:") for line in lines)
    own = loads(ZONE + "coaching = 0.5\nlocal_team_size = 3\n", "mine").zones[0].sentence()
    assert own.endswith("It has its own coaching of practitioners (0.5) and members of a local team (3).")


def test_differences_name_the_zone():
    plain, own = loads(ZONE, "mine"), loads(ZONE + "coaching = 0.5\n", "mine")
    (found,) = differences(plain, own)
    assert found.key == "zones.a.coaching"
    assert found.sentence() == "coaching of practitioners in zone 'a' (0 none - 1 full): 0.5 instead of as in the area"


def test_what_is_hardly_meant_is_said():
    late = loads("months = 60\n" + TEAM + "founded = 99\n", "mine")
    assert "A core team is founded in month 99, after the 60 months that are run." in doubts(late)
    alone = loads('[levers]\nteams = "core"\n[[core_teams]]\nfounded = 9\n', "mine")
    assert "A core team is founded in month 9, but the plan has no zone that it could take over." in doubts(alone)
    none = loads('base = "without-teams"\n[[core_teams]]\nfounded = 9\n', "mine")
    assert "teams = none: no core team is founded later either." in doubts(none)
    coached = '[levers]\nteams = "core+local"\ntraining = "practice"\n' + ZONE
    nobody = "People are trained and nobody coaches them (coaching is 0): few will use what they learned."
    assert nobody in doubts(loads(coached, "mine"))
    assert nobody not in doubts(loads(coached + "coaching = 0.8\n", "mine"))


def test_a_further_core_team_makes_a_plan_less_crowded():
    place = in_scope(generate({"sites": 60}), load("with-teams").scope)
    base = 'base = "with-teams"\n[levers]\ncore_teams = 1\n'
    base += '[[zones]]\nname = "everybody"\nchoose = 30\nopens = 20\n'
    crowded = [s for s in doubts(loads(base, "mine"), place) if "at once" in s]
    assert crowded
    more = "".join(f"[[core_teams]]\nfounded = {m}\nsize = 12\n" for m in (5, 10))
    assert not [s for s in doubts(loads(base + more, "mine"), place) if "at once" in s]
    late = base + more.replace("5", "25").replace("10", "30")
    assert [s for s in doubts(loads(late, "mine"), place) if "at once" in s]
