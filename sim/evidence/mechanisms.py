"""What each mechanism around the teams does to the headlines, and how often a gate on outcomes is wrong: two tables.

`python -m sim.evidence.mechanisms docs/in-the-model.md` writes them again between their marks.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import posterior
from sim.engine.batch import simulate
from sim.engine.sums import COUNTS
from sim.organisation.generate import synthetic
from sim.results.compare import Difference, Verdict, difference, summarise
from sim.results.measures import measure_of
from sim.results.words import mean_words, percent, summary_words
from sim.scenarios.files import load
from sim.scenarios.scenario import Initiative, Scenario

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.organisation.organisation import Organisation

MONTHS, REPLICATES, SEED = 84, 200, 1
COLUMNS = (
    "sites_full_share",
    "practitioners_using_share",
    "need_served_at_fidelity_share",
    "family_gain",
    "cost_cash",
    "cost_released_time",
)
"""Measures that the table holds, in its order."""
BRIEF = {Verdict.NOT_APART: "=", Verdict.SAME: "0"}
EFFECTS = (0.0, 0.1, 0.2, 0.4, 0.6)
ASKED = (0.05, 0.1, 0.2)
SECOND_ZONE = 1


@dataclass(frozen=True)
class Mechanism:
    """One mechanism in use, beside with-teams or beside another one.

    Attributes:
        words: the fact, for an advisor.
        levers: levers set.
        against: levers set in what it is compared with; none: with-teams as it is.
        initiatives: other initiatives that run.
    """

    words: str
    levers: dict[str, float] = field(default_factory=dict)
    against: dict[str, float] = field(default_factory=dict)
    initiatives: tuple[Initiative, ...] = ()


GOOD, POOR = ({"relationships": 1.0, "relationship_start": start} for start in (0.9, 0.1))
FEW = {"support_places": 4.0}
MISSED = {"displacement": 2.0}
HELP = {"budget": 500.0}
MECHANISMS = (
    Mechanism("poor relationships, against good ones (`relationship_start` 0.1, 0.9)", POOR, GOOD),
    Mechanism("poor ones with a neutral partner, against without", {**POOR, "neutral_partner": 1.0}, POOR),
    Mechanism("terms of reference (`terms_of_reference` 1)", {"terms_of_reference": 1.0}),
    Mechanism("leaders not satisfied (`dissatisfaction` 1)", {"dissatisfaction": 1.0}),
    Mechanism("champions (`champions` 1)", {"champions": 1.0}),
    Mechanism("a fifth of the design is joint practice (`joint_share` 0.2)", {"joint_share": 0.2}),
    Mechanism("a new initiative for everybody (load 0.4, from month 24)",
              initiatives=(Initiative("a new initiative", 0.4, begins=24),)),
    Mechanism("work on alignment (`alignment_work` 1)", {"alignment_work": 1.0}),
    Mechanism("collective funding (`funding` 1)", {"funding": 1.0}),
    Mechanism("competitive funding (`funding` -1)", {"funding": -1.0}),
    Mechanism("4 places in support for 100 families in need (`support_places`)", FEW),
    Mechanism("4 more by community partners, against none", {**FEW, "community_places": 4.0}, FEW),
    Mechanism("wrong identification with those 4 places (`misidentification` 0.05)",
              {**FEW, "misidentification": 0.05}, FEW),
    Mechanism("data of education only (`data_agencies` 1)", {"data_agencies": 1.0}),
    Mechanism("data that burden (`data_burden` 0.3)", {"data_burden": 0.3}),
    Mechanism("data for judgement (`data_judgement` 1)", {"data_judgement": 1.0}),
    Mechanism("joint mapping of data (`data_mapping` 1)", {"data_mapping": 1.0}),
    Mechanism("one lead instead of a core team and local teams (`teams` lead)", {"teams": 1.0}),
    Mechanism("a committee instead of them (`teams` committee)", {"teams": 2.0}),
    Mechanism("teams in new posts (`new_posts` 1)", {"new_posts": 1.0}),
    Mechanism("an hour released is two missed (`displacement` 2)", MISSED),
    Mechanism("backfilled, against two missed", {**MISSED, "backfill": 1.0}, MISSED),
    Mechanism("linked data, against two missed unseen", {**MISSED, "data_linkage": 1.0}, MISSED),
    Mechanism("relaxed rules rest on a person (`relaxed_rules`)", {"relaxed_rules": 1.0}),
    Mechanism("relaxed rules are policy", {"relaxed_rules": 2.0}),
    Mechanism("the school year (`school_year` 1)", {"school_year": 1.0}),
    Mechanism("budgets short until April (`budget_squeeze` 0.5)", {"budget_squeeze": 0.5}),
    Mechanism("other help, GBP 500 a practitioner and year, all coaches (`budget`)", HELP),
    Mechanism("other help, all extra posts", {**HELP, "budget_posts": 1.0}),
    Mechanism("other help, all training", {**HELP, "budget_training": 1.0}),
)  # fmt: skip


def effects(replicates: int = REPLICATES, months: int = MONTHS) -> str:
    """A row a mechanism: what it changes against with-teams, paired run by run, as Markdown."""
    plan, sample = load("with-teams"), posterior.load().rows
    area = synthetic.generate(dict(plan.area))

    def run(levers: dict[str, float], initiatives: tuple[Initiative, ...] = ()) -> Ensemble:
        scenario = replace(plan, levers={**plan.levers, **levers}, initiatives=initiatives)
        return simulate(scenario, area, replicates=replicates, months=months, seed=SEED, sample=sample)

    usual = run({})
    lines = [_row(["in use", *(measure_of(name).words for name in COLUMNS)]), _row(["---"] * (len(COLUMNS) + 1))]
    lines.append(_row(["*with-teams as it is*", *(summary_words(summarise(usual, name)) for name in COLUMNS)]))
    for mechanism in MECHANISMS:
        other = run(mechanism.against) if mechanism.against else usual
        found = run(mechanism.levers, mechanism.initiatives)
        cells = [_cell(difference(found, other, name)) for name in COLUMNS]
        lines.append(_row([mechanism.words, *cells]))
    return "\n".join(lines) + "\n"


def gates(replicates: int = REPLICATES, months: int = MONTHS) -> str:
    """Share of runs in which the second zone opened, by the design's true effect and the benefit asked, as Markdown."""
    plan, sample = load("not-scale-worthy"), posterior.load().rows
    area = synthetic.generate(dict(plan.area))
    lines = [_row(["true effect of the design", *(f"gate asks {a} SD" for a in ASKED), "gate asks for no benefit"])]
    lines.append(_row(["---"] * (len(ASKED) + 2)))
    for effect in EFFECTS:
        asking = [with_gate(plan, effect, asked) for asked in (*ASKED, None)]
        shares = [opened(s, area, sample, replicates, months) for s in asking]
        lines.append(_row([f"{effect} SD", *(f"{percent(share)} %" for share in shares)]))
    return "\n".join(lines) + "\n"


def with_gate(plan: Scenario, effect: float, asked: float | None) -> Scenario:
    """The plan with a design of this true effect, its later zones asking for so much benefit."""
    zones = tuple(z if z.gate is None else replace(z, gate=replace(z.gate, outcome=asked)) for z in plan.zones)
    return replace(plan, levers={**plan.levers, "true_effect": effect}, zones=zones)


def opened(
    scenario: Scenario, area: Organisation, sample: Sequence[posterior.Row], replicates: int, months: int
) -> float:
    """Share of runs in which the second zone opened."""
    found = simulate(scenario, area, replicates=replicates, months=months, seed=SEED, sample=sample)
    zone = found.counts[:, -1, SECOND_ZONE]
    return float(np.mean(zone[:, COUNTS.index("sites_not_engaged")] < zone[:, COUNTS.index("sites")]))


def _cell(found: Difference) -> str:
    return BRIEF.get(found.verdict) or mean_words(found)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


PARTS = {"mechanisms": effects, "gates": gates}
"""What makes each generated part, by its mark."""

if __name__ == "__main__":
    for target in map(Path, sys.argv[1:]):
        page = target.read_text(encoding="utf-8")
        for mark, make in PARTS.items():
            before, start, rest = page.partition(f"<!-- {mark} -->\n")
            _, end, after = rest.partition(f"<!-- end {mark} -->")
            page = before + start + make() + end + after
        target.write_text(page, encoding="utf-8", newline="\n")
