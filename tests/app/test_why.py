"""Why: the bottleneck is the one of this plan, and another where the plan is another; stories are those of the run."""

from dataclasses import replace

import numpy as np
import pytest

from sim.app import actions
from sim.app.jobs import Jobs
from sim.app.pages.why import bottleneck, links
from sim.app.question import read_question
from sim.engine.conditions import SHARES
from sim.engine.phases.families import EVER_IN_NEED, REACHED
from sim.engine.trace import USING, WELL, family_months
from sim.organisation.generate.synthetic import generate
from sim.scenarios.events import Event, LeversChange, SupportWithdrawn
from sim.scenarios.files import load
from sim.scenarios.read import check_plan

ENGAGED = {"engagement_group": 0.0, "engagement_senior": 0.0, "engagement_manager": 0.0}
SITUATIONS = (
    ("core", {"preset": "everywhere-at-once", "set": {"core_team_size": 2}}),
    ("coaching", {"preset": "everywhere-at-once", "set": {"core_team_size": 12, "coaching": 0.0}}),
    ("time", {"preset": "with-teams", "set": ENGAGED}),
    ("core", {"preset": "without-teams"}),
)
"""Which link is lit in which plan: each is the negative control of the others."""


@pytest.fixture(scope="module")
def jobs():
    return Jobs(generate({"sites": 20, "organisation_seed": 5}))


def told(jobs, arm):
    question = {"arms": [arm, {"preset": "without-teams"}], "months": 84}
    while True:
        reply = actions.act(jobs, {"do": "why", "number": 1, "ask": question, "plan": 0})
        assert "error" not in reply, reply
        if reply["ready"]:
            return question, reply
        assert "parts tried" in reply["words"]


@pytest.fixture(scope="module")
def answers(jobs):
    return [(lit, *told(jobs, arm)) for lit, arm in SITUATIONS]


def test_the_bottleneck_is_that_of_the_plan(answers):
    assert [reply["lit"] for _, _, reply in answers] == [lit for lit, _, _ in answers]
    for lit, _, reply in answers:
        assert [n["id"] for n in reply["nodes"] if n["lit"]] == [lit] == reply["steps"][-1]["links"]
        assert reply["title"] == reply["steps"][-1]["title"] and reply["title"].startswith("The bottleneck is ")
    core, coaching, _, none = (reply for _, _, reply in answers)
    assert "Since month" in core["since"] and "core teams of " in core["eased"]
    assert "less than full coaching" in coaching["since"] and "With full coaching" in coaching["eased"]
    assert "no team" in none["title"] and "month" not in none["since"]


def test_what_is_said_is_what_the_run_had(jobs, answers):
    _, question, reply = answers[0]
    asked = read_question(question)
    pair = jobs.awaited(asked)
    found = jobs.followed(asked, pair, lambda: False)[0]
    given = found.shares[1:, SHARES.index("attention")]
    node = next(n for n in reply["nodes"] if n["id"] == "core")
    assert np.allclose([v for v in node["shares"][1:] if v is not None], given[np.isfinite(given)], atol=1e-3)
    short = np.flatnonzero(given < bottleneck.ENOUGH) + 1
    assert reply["since"].startswith(f"Since month {short[0]},"), "it has been short from the first month it was asked"
    assert f"(month {np.nanargmin(given) + 1})" in reply["since"]


def test_a_share_that_was_short_for_a_while_says_when():
    link = next(link for link in links.LINKS if link.id == "core")
    share = np.ones(21)
    assert bottleneck.since_words(link, share) == ""
    share[4:9], share[12] = 0.5, 0.4
    assert "In 6 of 21 months (longest: months 4 to 8)" in bottleneck.since_words(link, share)
    share[18:] = 0.9
    assert bottleneck.since_words(link, share).startswith("Since month 18,")


@pytest.mark.parametrize("name", ["with-teams", "support-withdrawn", "single-lead", "committee", "same-money",
                                  "half-the-team", "nation", "train-and-hope", "without-teams"])  # fmt: skip
def test_every_link_eased_is_a_plan_that_can_run(name):
    scenario = load(name)
    for link in links.LINKS:
        eased = link.eased(scenario, 1.7)
        if eased is not None:
            check_plan(eased[1], name)
            assert eased[0] and eased[1] != scenario


def test_what_is_eased_stays_eased_whatever_events_say():
    events = (Event("money ends", 36, (LeversChange({"coaching": 0.2, "alignment": 0.4}), SupportWithdrawn())),)
    scenario = replace(load("with-teams"), events=events)
    support, coaching = (next(x for x in links.LINKS if x.id == name) for name in ("support", "coaching"))
    (left,) = support.eased(scenario, 1.0)[1].events
    assert [type(effect) for effect in left.effects] == [LeversChange]
    (left,) = coaching.eased(scenario, 1.0)[1].events
    assert left.levers == {"alignment": 0.4} and left.effect(SupportWithdrawn)
    assert links.with_levers(scenario, {"training": 3.0}).events == events, "other events stay"


def test_stories_are_those_of_the_run(jobs, answers):
    _, question, reply = answers[1]
    asked = read_question(question)
    found = jobs.followed(asked, jobs.awaited(asked), lambda: False)[0]
    who = int(np.argmax(np.isin(found.people, (USING, WELL)).any(axis=0)))
    begun = int(np.isin(found.people[:, who], (USING, WELL)).argmax())
    message = {"do": "why-story", "number": 1, "ask": question, "plan": 0}
    story = actions.act(jobs, message | {"kind": "practitioner", "index": who})
    assert any(line.startswith(f"Month {begun}: begins to use it") or line.startswith(f"Month {begun}: uses it well")
               for line in story["lines"])  # fmt: skip
    assert "nobody real" in story["small"]
    site = int(jobs.organisation.practitioners.site[who])
    story = actions.act(jobs, message | {"kind": "site", "index": site})
    assert f"of {jobs.organisation.sites.staff[site]} use it" in story["lines"][-1]
    assert len(reply["sites"]) == len(jobs.organisation.sites)
    real = set(jobs.organisation.sites.name) if hasattr(jobs.organisation.sites, "name") else set()
    assert not any(name and name in story["title"] for name in real)
    for wrong in (-1, 10**6, "0", None, 1.5):
        refused = actions.act(jobs, message | {"kind": "site", "index": wrong})
        assert "whole number" in refused["error"]


def test_a_familys_story_is_that_of_its_home_in_the_run(jobs, answers):
    """What the pages count as served by the end is what the stories of all families say, one by one."""
    _, question, _ = answers[0]
    asked = read_question(question)
    pair = jobs.awaited(asked)
    found = jobs.followed(asked, pair, lambda: False)[0]
    setup = jobs.prepared(asked.arms[0], pair[0].months)
    homes = np.arange(len(setup.place.family_id))
    lived = family_months(setup, homes, seed=pair[0].seed, replicate=int(found.ensemble.first),
                          sample=jobs.rows(asked.calibration))  # fmt: skip
    assert int(((lived.history[-1] & REACHED) != 0).sum()) == int(found.reached[-1].sum())
    served = int(np.flatnonzero(lived.history[-1] & REACHED)[0])
    message = {"do": "why-story", "number": 1, "ask": question, "plan": 0}
    told = actions.act(jobs, {**message, "kind": "family", "index": served})
    assert any("it is served for the first time" in line for line in told["lines"])
    assert "invented family" in told["small"]
    never = int(np.flatnonzero(~(lived.history & EVER_IN_NEED).any(axis=0))[0])
    assert "no need" in actions.act(jobs, {**message, "kind": "family", "index": never})["lines"][0]
    who = int(setup.place.family_person[served])
    families = actions.act(jobs, {**message, "kind": "practitioner", "index": who})["families"]
    assert served in [home for home, _ in families]
    assert actions.act(jobs, {**message, "kind": "family", "index": len(homes)})["error"]
