"""Badges and footnotes: whether what a figure rests on is met, and never silence where it is not."""

import pytest

from sim.app.checks import CHECKED, MISSED, UNTESTED, checks, missed
from sim.app.evidence_job import EvidenceJob
from sim.app.evidence_words import PLAIN
from sim.evidence.situations.speaks_of import SPEAKS_OF
from sim.evidence.situations.table import SITUATIONS
from sim.results.measures import KNOWN


def measured(*, missing=()):
    made = EvidenceJob(kept=None)
    made.found = {s.id: {"within": s.id not in missing} for s in SITUATIONS}
    return made


def test_every_published_figure_says_which_measures_it_speaks_of():
    assert set(SPEAKS_OF) == {s.id for s in SITUATIONS}
    assert {name for names in SPEAKS_OF.values() for name in names} <= set(KNOWN)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_one_missed_figure_marks_what_rests_on_it_and_nothing_else(situation):
    job = measured(missing={situation.id})
    found = checks(job)
    for name, check in found.items():
        assert (check["badge"] == MISSED) is (name in SPEAKS_OF[situation.id]), name
    name = SPEAKS_OF[situation.id][0]
    assert PLAIN[situation.id].published in missed(job, [name]) and found[name]["row"] == situation.id


def test_nothing_is_called_checked_before_it_was_measured_or_where_nothing_was_published():
    assert {c["badge"] for c in checks(EvidenceJob(kept=None), ["cost_total"]).values()} == {UNTESTED}
    found = checks(measured(), ["cost_total"])
    assert found["cost_total"]["badge"] == UNTESTED and found["practitioners_using_share"]["badge"] == CHECKED
    assert missed(measured(), ["practitioners_using_share", "cost_total"]) == ""
