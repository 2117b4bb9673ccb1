"""How a scenario is described, and each warning with a scenario that earns it and one that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from scenario_builders import scenarios, tiny, without_manager

from sim.organisation.generate import synthetic
from sim.parameters import LEVERS
from sim.scenarios.describe import describe, lever_lines
from sim.scenarios.doubts import doubts, earliest_openings
from sim.scenarios.events import Condition, Event, LeadersLeave, SupportWithdrawn
from sim.scenarios.files import base_of, load, loads, names, override
from sim.scenarios.scenario import REST, Gate, Scenario, Zone
from sim.scenarios.surroundings import surroundings

TEAMS = override(load("with-teams"), [])
FIRST = Zone("first", count=2, opens=1)
GATED = Zone("second", count=2, gate=Gate())


def with_levers(*texts, zones=(FIRST,), **more):
    return replace(override(TEAMS, texts), zones=zones, **{"months": 60, **more})


CASES = [
    (
        "a zone after the end",
        with_levers(zones=(Zone("late", count=2, opens=61),)),
        "Zone 'late' cannot open before month 61, after the 60 months that are run: nobody reaches it.",
        with_levers(zones=(Zone("late", count=2, opens=48),)),
    ),
    (
        "a zone too late to certify",
        with_levers(zones=(Zone("late", count=2, opens=49),)),
        "Zone 'late' opens in month 49 at the earliest, less than 12 months before the end: none of its sites can be "
        "certified in time.",
        with_levers(zones=(Zone("late", count=2, opens=48),)),
    ),
    (
        "a gate without teams",
        with_levers("teams=none", "coaching=0", "external_level=0", "peer_network=0", zones=(FIRST, GATED)),
        "The gate of zone 'second' can never be met (there are no teams whose work it could read), and no latest month "
        "opens the zone.",
        with_levers(zones=(FIRST, GATED)),
    ),
    (
        "a gate on local teams that are not there",
        with_levers("teams=core", zones=(FIRST, replace(GATED, latest=40))),
        "The gate of zone 'second' can never be met (teams = core has no local teams whose capacity it could read); it "
        "opens in month 40 all the same.",
        with_levers("teams=core", zones=(FIRST, replace(GATED, gate=Gate(0.5, 0.0)))),
    ),
    (
        "a gate on a zone after the end",
        with_levers(zones=(replace(FIRST, opens=70), GATED)),
        "Zone 'second' cannot open before month 82, after the 60 months that are run: nobody reaches it.",
        with_levers(zones=(replace(FIRST, opens=36), GATED)),
    ),
    (
        "a gate on a zone that never opens",
        with_levers("teams=core", zones=(FIRST, GATED, replace(GATED, name="third", gate=Gate(0.5, 0.0)))),
        "The gate of zone 'third' can never be met (zone 'second' never opens), and no latest month opens the zone.",
        with_levers("teams=core", zones=(FIRST, GATED, replace(GATED, name="third", gate=Gate(0.5, 0.0, "first")))),
    ),
    (
        "latest before anybody can be certified",
        with_levers(zones=(FIRST, replace(GATED, latest=12))),
        "The gate of zone 'second' decides nothing: it opens in month 12 at the latest, before zone 'first' can have a "
        "certified site (month 13).",
        with_levers(zones=(FIRST, replace(GATED, latest=13))),
    ),
    (
        "more sites than the core team can bring on",
        with_levers("span=8", "external_level=0", zones=(replace(FIRST, count=9),)),
        "Zone 'first' brings on 9 sites at once; with teams = core+local there are places for about 8 at a time "
        "even at full capacity: all get less support, or wait.",
        with_levers("span=8", "external_level=0", zones=(replace(FIRST, count=8),)),
    ),
    (
        "more sites than the core team and its supporters can bring on",
        with_levers("span=8", "external_level=1", zones=(replace(FIRST, count=17),)),
        "Zone 'first' brings on 17 sites at once; with teams = core+local there are places for about 16 at a time "
        "even at full capacity: all get less support, or wait.",
        with_levers("span=8", "external_level=1", zones=(replace(FIRST, count=16),)),
    ),
    (
        "more sites than a single lead can bring on",
        with_levers("teams=lead", "span=8", "external_level=0"),
        "Zone 'first' brings on 2 sites at once; with teams = lead there are places for about 1.6 at a time "
        "even at full capacity: all get less support, or wait.",
        with_levers("teams=lead", "span=10"),
    ),
    (
        "training without anybody to coach",
        with_levers("teams=none", "coaching=0", "external_level=0", "peer_network=0"),
        "People are trained and nobody coaches them (there are no teams): few will use what they learned.",
        with_levers(),
    ),
    (
        "training with teams that do not coach",
        with_levers("coaching=0"),
        "People are trained and nobody coaches them (coaching is 0): few will use what they learned.",
        with_levers("coaching=0.1"),
    ),
    (
        "zones without training",
        with_levers("training=none"),
        "Zones open but training is none: nobody at their sites is trained.",
        with_levers("training=theory"),
    ),
    (
        "training without a zone",
        with_levers("teams=none", "coaching=0", "external_level=0", "peer_network=0", zones=()),
        "training is practice, but no zone opens in which anybody would be trained.",
        with_levers("teams=none", "training=none", "coaching=0", "external_level=0", "peer_network=0", zones=()),
    ),
    (
        "support ends before the first zone",
        with_levers("external_end=12", zones=(replace(FIRST, opens=13),)),
        "External support ends in month 12, before the first zone opens (month 13).",
        with_levers("external_end=14", zones=(replace(FIRST, opens=13),)),
    ),
    (
        "support that ends before it begins",
        with_levers("external_end=12", "external_start=12"),
        "External support ends in month 12, not after it begins (month 12): there is none.",
        with_levers("external_end=13", "external_start=12"),
    ),
    (
        "support after the end",
        with_levers("external_start=61"),
        "External support begins in month 61, after the 60 months that are run.",
        with_levers("external_start=60"),
    ),
    (
        "support without a team",
        with_levers("teams=none", "coaching=0", "peer_network=0", "training=none", zones=()),
        "external_level is 1, but there is no core team to support.",
        with_levers(),
    ),
    (
        "coaching without teams",
        with_levers("teams=none", "external_level=0", "peer_network=0", "training=none", zones=()),
        "coaching is 1, but there are no teams to coach.",
        with_levers(),
    ),
    (
        "a network without teams",
        with_levers("teams=none", "external_level=0", "coaching=0", "training=none", zones=()),
        "peer_network is 0.5, but there are no teams to form a network.",
        with_levers(),
    ),
    (
        "teams without a zone",
        with_levers("training=none", zones=()),
        "teams = core+local, but the plan has no zone for them to work in.",
        with_levers(),
    ),
    (
        "teams without time",
        with_levers("released_time=0"),
        "released_time is 0: core and local teams exist, but none of their members has time for the work.",
        with_levers("released_time=0.1"),
    ),
    (
        "a mandate without training",
        with_levers("training=none", "mandate=1"),
        "mandate is 1 but training is none: use is required of untrained people.",
        with_levers("mandate=1"),
    ),
    (
        "an event after the end",
        with_levers(events=(Event("it happens", 61, (LeadersLeave("senior"),)),)),
        "'it happens' falls in month 61, after the 60 months that are run.",
        with_levers(events=(Event("it happens", 60, (LeadersLeave("senior"),)),)),
    ),
    (
        "an event that waits for a zone that never opens",
        with_levers(
            "teams=core",
            zones=(FIRST, GATED),
            events=(Event("it happens", Condition("full_share", 0.5, "second"), ()),),
        ),
        "'it happens' waits for zone 'second', which does not open within the run.",
        with_levers(zones=(FIRST, GATED), events=(Event("it happens", Condition("full_share", 0.5, "second"), ()),)),
    ),
    (
        "withdrawing what is not there",
        with_levers("external_level=0", events=(Event("it ends", 6, (SupportWithdrawn(),)),)),
        "'it ends' withdraws external support, but there is none (external_level is 0).",
        with_levers(events=(Event("it ends", 6, (SupportWithdrawn(),)),)),
    ),
]


@pytest.mark.parametrize(("_name", "doubtful", "sentence", "sound"), CASES, ids=[c[0] for c in CASES])
def test_each_doubt(_name, doubtful, sentence, sound):
    assert sentence in doubts(doubtful)
    assert sentence not in doubts(sound)
    assert not [s for s in doubts(sound) if s[:25] == sentence[:25]]


def test_doubts_that_need_the_place():
    scenario = with_levers(zones=(replace(FIRST, count=3),))
    assert doubts(scenario, tiny()) == []
    assert doubts(scenario, without_manager(tiny(lacking_senior=("education",)), 0)) == [
        "Zone 'first' cannot open in Area 0: missing manager of Site 0 and senior leader of education."
    ]
    assert doubts(scenario, tiny(areas=5, group=False)) == [
        "Zone 'first' cannot open in Area 0, Area 1, Area 2 and 2 more areas: missing multi-agency group."
    ]
    assert doubts(replace(scenario, zones=(replace(FIRST, count=5),)), tiny()) == [
        "Zone 'first' asks for 5 sites; Area 0 has 4 left: it takes all of them."
    ]
    leaver = Event("she leaves", 3, (LeadersLeave("senior", "social_work"),))
    assert doubts(replace(scenario, events=(leaver,)), tiny()) == []
    assert doubts(replace(scenario, events=(leaver,)), tiny(lacking_senior=("social_work",))) == [
        "'she leaves': Tiny has no senior leader of social work, so nobody leaves."
    ]
    crowd = tiny(("primary",) * 9)
    small = with_levers("span=8", "external_level=0")
    assert doubts(replace(small, zones=(replace(FIRST, count=REST),)), crowd)[0].startswith(
        "Zone 'first' brings on 9 sites"
    )


def test_external_teams_that_cannot_support_all_core_teams_are_told():
    nation = tiny(areas=8)
    assert doubts(with_levers("external_teams=1"), nation)[0] == (
        "8 core teams share 1 external support team with places for 3: each gets 38% of the support planned. "
        'external_teams = "as core teams need" supports all of them, at £3,000 a month each.'
    )
    enough = (with_levers(), with_levers("external_teams=3"), with_levers("external_teams=1", "external_level=0"))
    assert [doubts(scenario, nation) for scenario in enough] == [[], [], []]
    assert doubts(with_levers("external_teams=1"), tiny(areas=3)) == []


def test_the_arm_that_others_are_read_against_raises_no_doubt():
    scenario = load("with-teams")
    assert doubts(scenario, synthetic.generate(scenario.area)) == []
    assert doubts(load("without-teams")) == []
    assert doubts(load("three-zones")) == []


def test_earliest_openings():
    assert earliest_openings(load("three-zones")) == [1, 13, 25]
    assert earliest_openings(with_levers("teams=core", zones=(FIRST, GATED))) == [1, None]
    assert earliest_openings(with_levers("teams=core", zones=(FIRST, replace(GATED, latest=9)))) == [1, 9]


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios())
def test_any_scenario_can_be_described(scenario):
    lines = describe(scenario, load("with-teams"))
    assert lines[0].startswith(scenario.name)
    for zone in scenario.zones:
        assert any(f"Zone '{zone.name}' takes" in line for line in lines)


@given(scenarios())
@settings(max_examples=100, deadline=None)
def test_each_mechanism_is_described_in_a_whole_sentence(scenario):
    told = surroundings(scenario)
    assert [s for s in told if not (s.endswith(".") and (s[0].isupper() or s[0] in "'0123456789"))] == []


@pytest.mark.parametrize("name", names())
def test_shipped_scenarios_are_described_on_their_areas(name):
    scenario = load(name)
    lines = describe(scenario, base_of(scenario), synthetic.generate(scenario.area))
    text = "\n".join(lines)
    assert lines[0] == f"{name}: {scenario.title}"
    assert (f"Different from {scenario.base}:" in lines) == bool(scenario.base)
    assert ("Choices:" in lines) == (not scenario.base)
    for zone in scenario.zones:
        assert f"Zone '{zone.name}' takes" in text
    for event in scenario.events:
        assert event.sentence() in text
    assert "instead of ." not in text and ".." not in text and "  Here" not in text


def test_a_description_word_by_word():
    scenario = loads(
        'title = "Two schools"\ndescription = "What if?"\nmonths = 36\nscope = ["primary", "nursery"]\n'
        '[levers]\nteams = "core+local"\ncoaching = 0.8\ntraining = "practice"\ndata_lag_months = 1\n'
        '[notes]\ncoaching = "Because (assumed)."\n'
        '[[zones]]\nname = "a"\ncount = 1\ntypes = ["primary"]\nopens = 1\nnote = "Near."\n'
        '[[zones]]\nname = "b"\ncount = "rest"\ngate = {certified = 0.5, capacity = 0}\nlatest = 24\nresources = 1.5\n'
        '[[events]]\nname = "a new head"\nmonth = 5\nleaves = "manager"\nagency = "education"\n'
        '[[events]]\nname = "less time"\nwhen = {measure = "certified_share", at_least = 0.25, zone = "a"}\n'
        "set = {released_time = 0.5, communication = 1.0}\nwithdraw_support = true\n",
        "mine",
    )
    assert describe(scenario) == [
        "mine: Two schools",
        "What if?",
        "",
        "It runs 36 months; the practice is for sites of type primary and nursery.",
        "",
        "Plan:",
        "  Zone 'a' takes 1 site of type primary in the file's order; it opens in month 1. Near.",
        "  Zone 'b' takes all the sites that are left; it opens once 50 % of the started sites of 'a' are certified "
        "and its local teams' mean assessed capacity is 0, at the latest in month 24. "
        "Its local teams have 1.5 times the usual time.",
        "",
        "Events:",
        "  In month 5: a new head (site managers of education leave and are replaced).",
        "  Once the certified share of zone 'a' reaches 0.25: less time (share of the permitted time that budgets "
        "still release becomes 0.5, working communication protocol between levels becomes 1 "
        "and external support ends).",
        "",
        "Choices:",
        "  kind of implementation teams: core+local.",
        "  coaching of practitioners (0 none - 1 full): 0.8. Because (assumed).",
        "  kind of training at installation: practice.",
        "  delay until a site sees its own data: 1 month.",
        "",
        "Warnings:",
        "  'less time' withdraws external support, but there is none (external_level is 0).",
    ]
    organisation = tiny(("primary", "nursery", "nursery", "fostering"))
    told = describe(scenario, Scenario("none"), organisation)
    assert "On Tiny: 3 sites, 6 practitioners and 0 families within scope." in told
    assert told[7].endswith("it opens in month 1. Here: 1 site (1 primary). Near.")
    assert "  coaching of practitioners (0 none - 1 full): 0.8 instead of 0. Because (assumed)." in told


def test_every_lever_is_explained_from_its_declaration():
    lines = lever_lines()
    told = [line.split(":")[0] for line in lines if " " not in line.split(":")[0]]
    assert sorted(told) == sorted(["", *LEVERS])
    assert lines[1] == (
        "teams: kind of implementation teams; one of none, lead, committee, core, core+local; default none; paid with "
        "hours of a full post (140) and an hour of staff time (52) [docs/odd.md 2]"
    )
