"""What a tenth more money would buy: a short search under limits a tenth higher, begun from all that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.planning.fresh import Gain, choose, gains, report_on
from sim.planning.purposes import Standing, standing
from sim.planning.race import Archive, Race
from sim.planning.search import Search

MORE = 1.1
FINALISTS = 3


@dataclass(frozen=True)
class Tenth:
    """What was found.

    Attributes:
        gain: of the best plan under the higher limits over the best under those asked for.
    """

    gain: Gain


def tenth_more(given: Search, archive: Archive, best: Standing, runs: int) -> Tenth | None:
    """Search on under higher limits.

    Args:
        given: what the search went by.
        archive: what it tried.
        best: the best plan's trial on the reporting set.
        runs: how many more.

    Returns:
        The gain on the reporting set; None where nothing was surely within the higher limits.
    """
    question = replace(given.question, limits=given.question.limits.scaled(MORE))
    space = replace(given.space, question=question)
    after = FINALISTS * given.division.choice + given.division.report
    pace = replace(given.division.pace, searches=2, runs=given.trials.runs + max(0, runs - after))
    race = Race(space, given.trials, given.purposes[:1], pace)
    race.archive.add(standing(s.trial, question) for s in archive.known.values())
    race.go_on(given.seed + 1)
    aim = given.purposes[0]
    known = race.archive.best(aim.measure, FINALISTS - 1, pace.confirm)
    plans = list(dict.fromkeys([best.trial.plan, *(s.trial.plan for s in known)]))
    chosen = choose(plans, given.trials, question, (aim,), given.division.choice)
    if not chosen.plans:
        return None
    reported = report_on([chosen.plans[0].trial.plan], given.trials, question, given.division.report)
    return Tenth(gains(reported, best, aim.measure)[0])


def sentence(found: Tenth | None) -> str:
    """For people."""
    if found is None:
        return "What a tenth more money would buy is not known."
    gain = found.gain
    if gain.low == gain.high == 0.0:
        return "A short search under limits a tenth higher found no plan that is better than plan 1."
    if not gain.sure:
        return (
            f"A tenth more of every limit would buy nothing that is sure ({100 * gain.low:.1f} to "
            f"{100 * gain.high:.1f} points)."
        )
    ends = f"{100 * gain.low:.1f} to {100 * gain.high:.1f}"
    return f"A tenth more of every limit would buy {100 * gain.value:.1f} points ({ends})."
