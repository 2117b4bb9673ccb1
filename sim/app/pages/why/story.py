"""One site's story, or one practitioner's, in words: from one run, so no real site is ever named."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.engine.setup import Setup
from sim.engine.trace import AWARE, NOT_AWARE, STOPPED, TRAINED, USING, WELL, Trace
from sim.organisation.codes import SITE_TYPES
from sim.results.words import percent
from sim.rules.site import EXPLORATION, FULL, INITIAL, INSTALLATION, NOT_ENGAGED, NOT_SUSTAINED

Array = NDArray[Any]

ENTERED = {
    NOT_ENGAGED: "it no longer takes part",
    EXPLORATION: "its zone is open, and it considers whether to take part",
    INSTALLATION: "it takes part; its team forms and training is prepared",
    INITIAL: "its first practitioners use the practice",
    FULL: "it is in full implementation",
    NOT_SUSTAINED: "nobody there has used the practice for six months",
}
BECAME = {AWARE: "hears of the practice", TRAINED: "is trained", USING: "begins to use it",
          WELL: "uses it well, at fidelity", STOPPED: "stops using it"}  # fmt: skip
NEWCOMER = "leaves the post, and somebody new comes who has not heard of it"
STATES = ("has not heard of it", "has heard of it", "is trained and does not use it", "uses it",
          "uses it well, at fidelity", "has stopped using it")  # fmt: skip
ONE_RUN = "One simulated run of invented people: nobody real, and no prediction for anybody."


def site_words(setup: Setup, site: int) -> str:
    """A site by its kind, size and zone."""
    sites = setup.organisation.sites
    kind = SITE_TYPES[int(sites.type[site])].replace("_", " ")
    zone, zones = int(setup.plan.site_zone[site]), setup.scenario.zones
    where = zones[zone].name if 0 <= zone < len(zones) else "in no zone"
    return f"{kind}, {counted(int(sites.staff[site]), 'member')} of staff, {where}"


def sites_to_choose(setup: Setup) -> list[list[Any]]:
    """Every site in words, with its first practitioner and how many it has: ['3 primary, ...', first, count]."""
    of_site = setup.organisation.practitioners.site
    first = np.searchsorted(of_site, np.arange(len(setup.organisation.sites)))
    counts = np.bincount(of_site, minlength=len(first))
    return [[f"{s + 1} {site_words(setup, s)}", int(first[s]), int(counts[s])] for s in range(len(first))]


def of_site(setup: Setup, found: Trace, site: int) -> dict[str, Any]:
    """The story of a site: its stages, who uses the practice there, and what help it had."""
    stages, mine = found.stages[:, site], setup.organisation.practitioners.site == site
    months = [m for m in range(1, len(stages)) if stages[m] != stages[m - 1]]
    lines = [f"Month {m}: {ENTERED[int(stages[m])]}." for m in months]
    people = found.people[:, mine]
    users, well = np.isin(people, (USING, WELL)).sum(axis=1), (people == WELL).sum(axis=1)
    if not months:
        lines.append(
            f"It stays as it was: {'it takes no part' if stages[0] == NOT_ENGAGED else ENTERED[int(stages[0])]}."
        )
    if users.max():
        peak = int(users.argmax())
        lines.append(f"Use peaks in month {peak}: {users[peak]} of {mine.sum()} use it.")
    if (stages >= INSTALLATION).any():
        lines.append(_help(setup, found, site))
    last = len(stages) - 1
    lines.append(
        f"At the end, in month {last}, {users[last]} of {mine.sum()} use it, {well[last]} of them at fidelity; "
        f"{counted(int(found.reached[last, site]), 'of its families has', 'of its families have')} been served."
    )
    return {"title": site_words(setup, site).capitalize(), "lines": lines, "small": ONE_RUN}


def _help(setup: Setup, found: Trace, site: int) -> str:
    part = found.stages[:, site] >= INSTALLATION
    dose = found.dose[part, site]
    manager = [k for k, s in enumerate(setup.organisation.leaders.site) if s == site]
    most, last = percent(float(dose.max())), percent(float(dose[-1]))
    words = f"Its staff get {most} % of full coaching at best, and {last} % in the last month in which it takes part."
    if not manager:
        return words
    held = found.commitment[:, manager[0]]
    return f"{words} Its manager's commitment goes from {percent(float(held[0]))} to {percent(float(held[-1]))} %."


def of_practitioner(setup: Setup, found: Trace, who: int) -> dict[str, Any]:
    """The story of a practitioner's post: who hears, is trained, starts, stops or leaves, month by month."""
    states, site = found.people[:, who], int(setup.organisation.practitioners.site[who])
    lines: list[str] = []
    moves = 0
    for month in range(1, len(states)):
        before, now = int(states[month - 1]), int(states[month])
        if before == now:
            continue
        if now < before and now in (NOT_AWARE, AWARE, TRAINED):
            lines.append(f"Month {month}: {NEWCOMER}.")
        elif {before, now} == {USING, WELL} and any(BECAME[WELL] in line for line in lines):
            moves += 1
        elif {before, now} == {USING, WELL} and now == USING:
            lines.append(f"Month {month}: delivers less than fidelity requires.")
        else:
            lines.append(f"Month {month}: {BECAME[now]}.")
    if moves:
        lines.append(f"In between, fidelity crosses the line {counted(moves, 'more time')}.")
    families = int((setup.organisation.families.practitioner == who).sum())
    lines.append(
        f"At the end, in month {len(states) - 1}, the person in this post {STATES[int(states[-1])]}. "
        f"{counted(families, 'family looks', 'families look')} to this post for help."
    )
    homes = np.flatnonzero(setup.place.family_person == who)
    return {
        "title": f"A practitioner at a {site_words(setup, site)}",
        "lines": lines,
        "small": ONE_RUN,
        "families": [[int(home), f"{k}"] for k, home in enumerate(homes, start=1)],
    }
