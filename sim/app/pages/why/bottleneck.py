"""What holds a plan back: each link is eased on its own in the same runs; the one that brings most is the bottleneck.

The month since which it has been short is read from the run that the pages show month by month.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.app.cache import Cache
from sim.app.jobs import Jobs, Run
from sim.app.pages.why.links import LINKS, NO_TEAM, Link, kind_of_team
from sim.app.replicates import few_runs, head
from sim.engine.batch import simulate
from sim.engine.conditions import SHARES
from sim.engine.sums import AREA, Ensemble
from sim.engine.trace import Trace
from sim.results.measures import SHARE, measure_of, read
from sim.results.words import figure, months_words, percent, signed

Array = NDArray[Any]
OUTCOME = "need_served_at_fidelity_share"
AT_A_TIME = 0.4
"""Seconds after which a page is told how far it is."""
ENOUGH = 0.95
"""A share of what is needed from which on nothing is said to be short."""
TRIFLE, LEAST_GAIN = 0.05, 0.002
"""A gain that is less than this part of the outcome, or than this share, is no bottleneck."""
NEAR = 0.8
"""A second link that brings at least this part of what the first does is named with it."""
YEAR = 12


@dataclass
class Tried:
    """What easing each link brings, filled link by link.

    Attributes:
        gains: by link, median of the paired gains, the outcome's median with it, and the words of what was eased.
        done: every link was tried.
    """

    gains: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    done: bool = False


class Kept(Cache):
    """What was tried, by arm, length, seed and calibration."""

    def __init__(self) -> None:
        super().__init__(12)


def try_on(jobs: Jobs, run: Run, ensemble: Ensemble) -> Tried:
    """Ease as many links as a moment allows, at least one; ask again until it is done."""
    kept = jobs.hold(Kept)
    tried: Tried = kept.get(run) or Tried()
    kept.put(run, tried)
    begun = time.monotonic()
    for link in LINKS:
        if link.id in tried.gains:
            continue
        found = _gain(jobs, run, ensemble, link)
        tried.gains[link.id] = found if found is not None else (np.nan, np.nan, "")
        if found is not None and time.monotonic() - begun > AT_A_TIME:
            break
    tried.done = len(tried.gains) == len(LINKS)
    return tried


def _gain(jobs: Jobs, run: Run, ensemble: Ensemble, link: Link) -> tuple[float, float, str] | None:
    """What easing one link brings; None where there is nothing to ease."""
    eased = link.eased(run.arm.scenario(), _asked(ensemble))
    if eased is None:
        return None
    words, scenario = eased
    count = runs_for(jobs)
    with jobs.heavy:
        other = simulate(scenario, jobs.organisation, replicates=count, months=run.months, seed=run.seed,
                         sample=jobs.rows(run.calibration))  # fmt: skip
    after = read(other, OUTCOME)[2]
    gain = after - read(head(ensemble, count), OUTCOME)[2]
    known = gain[np.isfinite(gain)]
    return (float(np.median(known)), float(np.nanmedian(after)), words) if len(known) else None


def runs_for(jobs: Jobs) -> int:
    """How many runs each link is eased in."""
    return few_runs(len(jobs.organisation.sites))


def _asked(ensemble: Ensemble) -> float:
    """The most that core teams are asked for in the median run, times what they can give; 0 without any."""
    needed = ensemble.area[:, :, AREA.index("attention_core")]
    known = np.isfinite(needed).any(axis=0)
    return float(np.nanmedian(needed[:, known], axis=0).max()) if known.any() else 0.0


def course(found: Trace, link: Link) -> Array:
    """Its share of what is needed by month in the run that is shown, [T+1]; NaN where there is none."""
    if not link.share:
        return np.full(len(found.shares), np.nan)
    values = found.shares[:, SHARES.index(link.share)].copy()
    if link.share == "in_post":
        values[1:] = [
            np.prod(values[max(1, m - YEAR + 1) : m + 1]) ** (YEAR / min(YEAR, m)) for m in range(1, len(values))
        ]
    values[0] = np.nan
    return values


def best(tried: Tried, before: float) -> list[str]:
    """Links by what easing them brings, the most first; [] where none brings more than a trifle."""
    least = max(LEAST_GAIN, TRIFLE * before)
    held = [name for name, (gain, _, _) in tried.gains.items() if np.isfinite(gain) and gain >= least]
    return sorted(held, key=lambda name: -tried.gains[name][0])


def sentences(tried: Tried, ensemble: Ensemble, found: Trace) -> dict[str, Any]:
    """The bottleneck named, since when, and what easing it would bring; 'lit' is its id, '' where nothing is."""
    before = float(np.nanmedian(read(ensemble, OUTCOME)[2]))
    order, by_id = best(tried, before), {link.id: link for link in LINKS}
    if not order:
        name = max((n for n in tried.gains if np.isfinite(tried.gains[n][0])), key=lambda n: tried.gains[n][0])
        gain, _, words = tried.gains[name]
        most = f"The most that any single change brings is {_points(gain)} of need served at fidelity, with {words}."
        return {"lit": "", "title": "No single thing holds this plan back.", "since": "", "eased": most, "next": ""}
    link = by_id[order[0]]
    _, after, words = tried.gains[link.id]
    measure = measure_of(OUTCOME)
    eased = (
        f"With {words}, {figure(after, SHARE)} {measure.sentence} after {months_words(ensemble.months)}, instead of "
        f"{figure(before, SHARE)}."
    )
    following = ""
    if len(order) > 1:
        gain, _, other = tried.gains[order[1]]
        near = gain >= NEAR * tried.gains[link.id][0]
        lead = "Almost as important" if near else "Next"
        following = f"{lead}: {by_id[order[1]].named} ({_points(gain)} with {other})."
    missing = link.id == "core" and kind_of_team(ensemble.scenario) == NO_TEAM
    named = "that there is no team" if missing else link.named
    since = (
        "No team coaches, removes barriers or wins leaders' time."
        if missing
        else since_words(link, course(found, link))
    )
    return {"lit": link.id, "title": f"The bottleneck is {named}.", "since": since, "eased": eased, "next": following}


def since_words(link: Link, share: Array) -> str:
    """Since when a link has been short, how short it is at the end, and when it was shortest."""
    known = np.flatnonzero(np.isfinite(share))
    short = known[share[known] < ENOUGH]
    if not len(short):
        return ""
    worst = int(short[np.argmin(share[short])])
    least = f"at worst {percent(share[worst])} % of what would be enough (month {worst})"
    breaks = np.flatnonzero(np.diff(short) > 1)
    starts, ends = short[np.concatenate([[0], breaks + 1])], short[np.concatenate([breaks, [len(short) - 1]])]
    if ends[-1] == known[-1]:
        at_end = percent(share[known[-1]])
        if at_end == percent(share[worst]):
            return f"Since month {starts[-1]}, {link.lacking}: {at_end} % of what would be enough."
        return f"Since month {starts[-1]}, {link.lacking}: {least}, and {at_end} % at the end."
    longest = int(np.argmax(ends - starts))
    span = f"months {starts[longest]} to {ends[longest]}"
    return f"In {len(short)} of {len(known)} months (longest: {span}) {link.lacking}: {least}."


def _points(gain: float) -> str:
    return f"{signed(gain, SHARE)} points"
