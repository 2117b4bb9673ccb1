"""Links made by version 0.1, which held figures by their order and charts by other names: they still open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.app import link
from sim.app.jobs import Jobs
from sim.app.question import FIRST, read_question
from sim.organisation.generate.synthetic import generate
from sim.results.measures import CHARTED, HEADLINE_IDS, KNOWN

# Made with the code from before links held figures by name; never made again.
FORMER = json.loads(Path(__file__).with_name("former_links.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("former", FORMER, ids=[row["page"] for row in FORMER])
def test_a_former_link_still_says_what_it_said(former):
    shared = link.read(former["link"])
    assert shared.question == read_question(former["question"])
    assert (shared.page, shared.measure) == (former["page"], link.FORMER_CHARTS[former["course"]])
    assert shared.figures == former["figures"]


def test_every_former_name_is_still_known():
    assert set(link.FORMER_CHARTS.values()) <= set(CHARTED)
    assert set(link.FORMER_FIGURES) <= set(KNOWN)


def test_a_figure_that_comes_before_the_others_moves_none(monkeypatch):
    """What a link says goes by name, so that a measure put first does not make it lie."""
    jobs = Jobs(generate({"sites": 8, "organisation_seed": 1}))
    pair = jobs.quick(FIRST)
    text = link.write(FIRST, pair, page="zones", measure=CHARTED[1], place="x")
    first = link.figures(pair)
    monkeypatch.setattr(link, "HEADLINE_IDS", ("practitioners_at_fidelity_share", *reversed(HEADLINE_IDS)))
    shared = link.read(text)
    assert shared.figures == first
    assert link.compare(shared, pair, "x")["moved"] == []


def test_a_figure_that_this_version_does_not_know_is_left_out(monkeypatch):
    jobs = Jobs(generate({"sites": 8, "organisation_seed": 1}))
    pair = jobs.quick(FIRST)
    monkeypatch.setattr(link, "figures", lambda _pair: {"of_later": ["1 %", "2 %"], "sites_full_share": ["0 %", "0 %"]})
    monkeypatch.setattr(link, "PAGES", ("explore",))
    text = link.write(FIRST, pair, page="explore", measure="of_later_too", place="x")
    shared = link.read(text)
    assert shared.figures == {"sites_full_share": ["0 %", "0 %"]}
    assert shared.measure == CHARTED[0]
