"""What contributes to the effect of teams: mechanisms removed singly, then one after another until none is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.batch import simulate
from sim.evidence.situations.laboratory import Laboratory, Values, area_of_staff
from sim.results.intervals import mean_difference
from sim.results.measures import in_words, read
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble
    from sim.results.intervals import Estimate

MONTHS = 60
LEAD, CORE = 1.0, 3.0
AT_FIDELITY, USING = f"practitioners_at_fidelity_share@{MONTHS}", f"practitioners_using_share@{MONTHS}"
DELIVERED, CAPACITY = f"delivered_share@{MONTHS}", f"capacity_core@{MONTHS}"


@dataclass(frozen=True)
class Ablation:
    """One mechanism taken away from with-teams.

    Attributes:
        name: what is missing.
        how: what was set.
        moves: the measure it should move, `id@month`.
        falls: should that outcome fall?
        levers: levers set.
        parameters: parameters set, beyond their plausible range where a mechanism is to vanish.
        ties: keep advice ties among practitioners.
    """

    name: str
    how: str
    moves: str
    falls: bool
    levers: dict[str, float]
    parameters: dict[str, float]
    ties: bool = True


ABLATIONS = (
    Ablation("no coaching", "coaching 0", AT_FIDELITY, True, {"coaching": 0.0}, {}),
    Ablation("no leadership engagement", "engagement 0 at all three levels", AT_FIDELITY, True,
             {"engagement_group": 0.0, "engagement_senior": 0.0, "engagement_manager": 0.0}, {}),
    Ablation("no data system", "data a year late", AT_FIDELITY, True, {"data_lag_months": 12.0}, {}),
    Ablation("no outside support", "external support 0: nobody builds the core team", CAPACITY, True,
             {"external_level": 0.0}, {}),
    Ablation("no cascade", "core team alone; no local teams to build, none to mentor the next", AT_FIDELITY, True,
             {"teams": CORE, "mentoring": 0.0}, {}),
    Ablation("one lead instead of a team", "teams = lead", AT_FIDELITY, True, {"teams": LEAD}, {}),
    Ablation("no peers", "no advice ties, no network of teams", USING, True, {"peer_network": 0.0}, {}, ties=False),
    Ablation("no decay", "capacity and removed barriers never fade", AT_FIDELITY, False, {},
             {"atrophy": 0.0, "barrier_return": 0.0, "system_return": 0.0}),
    Ablation("misaligned initiatives", "other initiatives at 0.8 of what staff can carry, none aligned", USING, True,
             {"alignment": 0.0, "initiative_load": 0.8}, {}),
)  # fmt: skip

Step = tuple[str, dict[str, float], dict[str, float]]
INERT: tuple[Step, ...] = (
    ("with teams", {}, {}),
    ("+ coaching off", {"coaching": 0.0}, {}),
    ("+ leaders' engagement off",
     {"engagement_group": 0.0, "engagement_senior": 0.0, "engagement_manager": 0.0}, {}),
    ("+ improvement cycles and testing with users off", {"improvement_cycles": 0.0, "usability_testing": 0.0}, {}),
    ("+ data as late as usual, no fidelity feedback", {"data_lag_months": 6.0, "fidelity_feedback": 0.0}, {}),
    ("+ communication, alignment and expectations as usual",
     {"communication": 0.2, "alignment": 0.5, "mandate": 0.3}, {}),
    ("+ peer network and mentoring off", {"peer_network": 0.0, "mentoring": 0.0}, {}),
    ("+ outside support off", {"external_level": 0.0}, {}),
    ("+ no capacity to begin with: an inert team", {}, {"capacity_start_core": 0.0, "capacity_start_local": 0.0}),
)  # fmt: skip
"""Switched off one after another; the last is `hope_without_sign_up` to the bit."""


def ablated(ablation: Ablation) -> Scenario:
    """with-teams without one mechanism."""
    teams = load("with-teams")
    return replace(
        teams,
        name=ablation.name,
        levers={**teams.levers, **ablation.levers},
        parameters={**teams.parameters, **ablation.parameters},
    )


def inert_steps() -> list[Scenario]:
    """with-teams, then with one mechanism after another switched off."""
    levers: dict[str, float] = {}
    parameters: dict[str, float] = {}
    found = []
    teams = load("with-teams")
    for name, more, values in INERT:
        levers.update(more)
        parameters.update(values)
        found.append(
            replace(teams, name=name, levers={**teams.levers, **levers}, parameters={**teams.parameters, **parameters})
        )
    return found


def hope_without_sign_up() -> Scenario:
    """train-and-hope where an offer of training alone draws no site, as it draws none where a team prepares sites."""
    hope = load("train-and-hope")
    return replace(hope, name="train-and-hope without sign-up", parameters={**hope.parameters, "sign_up": 0.0})


def outcome(e: Ensemble, name: str) -> Values:
    """A measure (`id@month`), a value for each run; 0 where a run has none, as for a team that is not there."""
    return np.nan_to_num(read(e, name)[2])


def without_ties(lab: Laboratory, scenario: Scenario) -> Ensemble:
    """A run on the same area where nobody advises anybody."""
    o = area_of_staff()
    people = o.practitioners
    alone = replace(
        people, tie_indptr=np.zeros(len(people) + 1, np.int64), tie_indices=np.zeros(0, people.tie_indices.dtype)
    )
    return simulate(
        scenario,
        replace(o, practitioners=alone),
        replicates=lab.replicates,
        months=MONTHS,
        seed=lab.seed,
        sample=lab.sample,
        threads=lab.threads,
    )


def effect(lab: Laboratory, ablation: Ablation, name: str) -> Estimate:
    """Paired difference of an outcome, without the mechanism minus with it."""
    scenario = ablated(ablation)
    without = lab.run(scenario, MONTHS) if ablation.ties else without_ties(lab, scenario)
    return mean_difference(outcome(without, name) - outcome(lab.shipped("with-teams", MONTHS), name))


def markdown(lab: Laboratory) -> list[str]:
    """Both tables for docs/evidence.md."""
    base = lab.shipped("with-teams", MONTHS)
    out = ["| taken away | how | outcome it should move | with teams | without it | difference (95 % interval) |",
           "|---|---|---|---|---|---|"]  # fmt: skip
    for a in ABLATIONS:
        found, full = effect(lab, a, a.moves), float(outcome(base, a.moves).mean())
        out.append(
            f"| {a.name} | {a.how} | {in_words(a.moves)} | {full:.3f} | {full + found.value:.3f} | "
            f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f}) |"
        )
    hope = lab.run(hope_without_sign_up(), MONTHS)
    out += ["", "| switched off one after another | at fidelity | using | delivered | gap to train-and-hope |",
            "|---|---|---|---|---|"]  # fmt: skip
    for step in inert_steps():
        e = lab.run(step, MONTHS)
        values = [float(outcome(e, k).mean()) for k in (AT_FIDELITY, USING, DELIVERED)]
        gap = values[2] - float(outcome(hope, DELIVERED).mean())
        out.append(f"| {step.name} | " + " | ".join(f"{v:.3f}" for v in values) + f" | {gap:+.4f} |")
    return out
