"""What each rule of the second edition contributes: removed one at a time, in three situations.

A rule is taken out by its neutral value, beyond the plausible range where it must be. All else stays as fitted, so the
table says how a figure depends on a rule, not what a model without that rule would say if it were fitted anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.situations.laboratory import Laboratory
from sim.results.measures import read
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

YEARS_5, YEARS_10 = 60, 120
STOPPED = {
    "coaching": 0.0, "external_level": 0.0, "engagement_group": 0.0, "engagement_senior": 0.0,
    "engagement_manager": 0.0, "released_time": 0.0, "improvement_cycles": 0.0, "mentoring": 0.0, "peer_network": 0.0,
    "fidelity_feedback": 0.0, "communication": 0.2,
}  # fmt: skip
"""Levers as they stand when everything stops."""


@dataclass(frozen=True)
class Rule:
    """One rule, and what takes it out.

    Attributes:
        words: what no longer happens.
        parameters: values at which the rule vanishes.
    """

    words: str
    parameters: dict[str, float]


RULES = (
    Rule("able people work around barriers and a faulty design", {"workaround": 0.0}),
    Rule("everybody adapts; the less able more", {"ceiling": 1.0, "adaptation": 0.0}),
    Rule("skill falls back without feedback", {"fall_back": 0.0}),
    Rule("skill settles towards what colleagues do", {"norm": 0.0}),
    Rule("training wears off before it is used", {"training_half_life": 1e6}),
    Rule("some attention is left under any load", {"spare": 0.0}),
    Rule("overload and a poor design make people stop", {"lapse_overload": 0.0, "lapse_design": 0.0}),
    Rule("peers who use it keep others using it", {"lapse_peers": 0.0}),
    Rule("a little released time is worth less than its share", {"thin_time": 0.0}),
    Rule("a new leader settles before releasing time", {"post_settling": 0.0}),
    Rule("a committed head supports practice alone", {"head_leads": 0.0}),
    Rule("attention goes by people, not by sites", {"place_base": 1.0}),
    Rule("new teams take over what others learned", {"handed_on": 0.0}),
    Rule("new teams recruit their members", {"recruit_months": 0.0}),
    Rule("sites see others succeed before they join", {"seen": 0.0}),
    Rule("sites give up", {"give_up_hazard": 0.0}),
    Rule("capacity, data and other sites hold a site", {"capacity_holds": 0.0, "peers_hold": 0.0}),
    Rule("waiting and giving up cost trust", {"trust_wears": 0.0, "trust_lost": 0.0}),
    Rule("late data slow improvement", {"cycle_waits": 0.0, "data_half_lag": 1e6}),
)


def stopped() -> Scenario:
    """with-teams in which everything stops after five years."""
    event = Event("everything stops", YEARS_5, (LeversChange(STOPPED),))
    return replace(load("with-teams"), name="with-teams, then nothing", events=(event,))


def without(scenario: Scenario, parameters: dict[str, float]) -> Scenario:
    """A scenario with a rule taken out, under a name of its own."""
    named = "".join(f", {name} {value:g}" for name, value in sorted(parameters.items()))
    return replace(scenario, name=scenario.name + named, parameters={**scenario.parameters, **parameters})


def share(e: Ensemble, measure: str) -> float:
    """Mean of runs of a share of practitioners, %."""
    return 100.0 * float(np.nanmean(read(e, measure)[2]))


def figures(lab: Laboratory, parameters: dict[str, float]) -> list[float]:
    """At fidelity with teams after five and ten years; using five years after everything stopped, and of training alone
    after ten: % of practitioners.
    """
    teams = lab.run(without(load("with-teams"), parameters), YEARS_10)
    after = lab.run(without(stopped(), parameters), YEARS_10)
    hope = lab.run(without(load("train-and-hope"), parameters), YEARS_10)
    fidelity, using = "practitioners_at_fidelity_share", "practitioners_using_share"
    return [
        share(teams, f"{fidelity}@{YEARS_5}"),
        share(teams, f"{fidelity}@{YEARS_10}"),
        share(after, f"{using}@{YEARS_10}"),
        share(hope, f"{using}@{YEARS_10}"),
    ]


def markdown(lab: Laboratory) -> list[str]:
    """The table for docs/evidence.md."""
    base = figures(lab, {})
    out = [
        "| taken out | with teams: at fidelity after 5 years | after 10 | using 5 years after everything stopped "
        "| training alone: using after 10 years |",
        "|---|---|---|---|---|",
        "| nothing | " + " | ".join(f"{value:.1f} %" for value in base) + " |",
    ]
    for rule in RULES:
        found = figures(lab, rule.parameters)
        moves = " | ".join(f"{value - before:+.1f}" for value, before in zip(found, base, strict=True))
        out.append(f"| {rule.words} | {moves} |")
    return out
