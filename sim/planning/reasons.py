"""Why the best plan wins: each of its features is taken away, and the loss is shown with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.parameters import LEVERS
from sim.planning.candidate import ORDINALS, Candidate, candidate
from sim.planning.fresh import Gain, simultaneous
from sim.planning.purposes import standing
from sim.planning.question import Question
from sim.planning.space import Space
from sim.planning.trials import REASONS, Ask, Trials
from sim.scenarios.words import shown

MOST = 12


@dataclass(frozen=True)
class Reason:
    """What one feature is worth.

    Attributes:
        words: what was changed, in words.
        loss: fall of the first measure without it.
        broken: share of runs in which a limit is broken without it.
    """

    words: str
    loss: Gain
    broken: float


def variants(plan: Candidate, space: Space) -> list[tuple[str, Candidate]]:
    """The plan without one feature at a time, in words; each different from the plan and from the others."""
    found: list[tuple[str, Candidate]] = []
    for i in range(len(plan.zones) if len(plan.zones) > 1 else 0):
        found.append((f"without the {_zone(i)}", plan.with_zones(z for j, z in enumerate(plan.zones) if j != i)))
    if len(plan.zones) > 1:
        first = plan.zones[0].opens
        found.append(("with all zones opened at once", plan.with_zones(replace(z, opens=first) for z in plan.zones)))
        months = [z.opens for z in plan.zones][::-1]
        turned = [replace(z, opens=m) for z, m in zip(plan.zones, months, strict=True)]
        found.append(("with the zones in reverse order", plan.with_zones(turned)))
    usual = [replace(z, resources=1.0) for z in plan.zones]
    found.append(("with the usual time for local teams", plan.with_zones(usual)))
    found.append(("begun a year later", plan.with_zones(replace(z, opens=z.opens + 12) for z in plan.zones)))
    for name, value in plan.levers:
        for other in _beside(space.levers.get(name, ()), value):
            words = f"with {_lever(name)} at {shown(name, other)} instead of {shown(name, value)}"
            found.append((words, candidate(plan.zones, {**dict(plan.levers), name: other})))
    unique = {v.key: (words, v) for words, v in reversed(found) if v.key != plan.key and v.zones}
    return list(unique.values())[::-1][:MOST]


def _zone(position: int) -> str:
    return f"{ORDINALS[position]} zone"


def _beside(values: Sequence[float], value: float) -> list[float]:
    """The lowest value of a lever, or the highest where the plan has the lowest."""
    if len(values) < 2:
        return []
    return [values[0]] if value != values[0] else [values[-1]]


def reasons(plan: Candidate, space: Space, trials: Trials, question: Question, replicates: int) -> list[Reason]:
    """What each feature is worth, the dearest loss first; intervals hold for all of them at once."""
    changed = variants(plan, space)
    if not changed or replicates < 2:
        return []
    asked = [plan, *(v for _, v in changed)]
    whole, *others = [standing(t, question) for t in trials.ask([Ask(p, replicates, REASONS) for p in asked])]
    measure = question.counts[0].measure
    losses = simultaneous(np.column_stack([whole.column(measure) - s.column(measure) for s in others]))
    found = [Reason(w, g, s.judged.share) for (w, _), g, s in zip(changed, losses, others, strict=True)]
    return sorted(found, key=lambda r: -r.loss.value)


def sentences(found: Sequence[Reason], chance: float) -> list[str]:
    """For people; a change that gains is shown with the limit that it breaks."""
    lines = []
    for one in found:
        low, high = 100 * one.loss.low, 100 * one.loss.high
        if one.loss.sure:
            lines.append(f"{_capital(one.words)} it loses {100 * one.loss.value:.1f} points ({low:.1f} to {high:.1f}).")
        elif one.loss.high < 0.0 and one.broken > 1.0 - chance:
            lines.append(
                f"{_capital(one.words)} it gains {-100 * one.loss.value:.1f} points, but breaks a limit in "
                f"{100 * one.broken:.0f} of 100 runs."
            )
        elif one.loss.high < 0.0:
            lines.append(f"{_capital(one.words)} it gains {-100 * one.loss.value:.1f} points: a search missed that.")
        else:
            lines.append(f"{_capital(one.words)} nothing sure is lost ({low:.1f} to {high:.1f} points).")
    return lines


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _lever(name: str) -> str:
    return LEVERS[name].about.words.partition(" (")[0]
