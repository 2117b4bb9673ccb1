"""What an experienced adviser expects, beside what the model says: the P table of docs/evidence.md.

Each expectation is also a test that fails without its mechanism (`tests/plausibility`). They guided the rules while
these were built, so they are *shaped by*, not predicted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.sums import COUNTS, SUMS
from sim.evidence.carried import STOPPED, share, stopped, without
from sim.evidence.situations.laboratory import Laboratory, area_of_staff, site_by_site
from sim.family_parameters import FamilyParameters
from sim.organisation.codes import SITE_TYPES
from sim.results import spending
from sim.results.measures import read
from sim.rules import family as family_rules
from sim.scenarios.budget import Budget, Means
from sim.scenarios.events import Event, LeadersLeave, LeversChange
from sim.scenarios.files import load
from sim.scenarios.scenario import Scenario, Zone

if TYPE_CHECKING:
    from sim.engine.sums import Ensemble

BOTH = ("with-teams", "without-teams")
USING, FIDELITY = "practitioners_using_share", "practitioners_at_fidelity_share"


@dataclass(frozen=True)
class Expectation:
    """One row of the table.

    Attributes:
        id: P1 to P18.
        words: what an adviser would expect.
        says: what the model says, in words with figures.
    """

    id: str
    words: str
    says: Callable[[Laboratory], str]


def teams(name: str, levers: dict[str, float] | None = None, *events: Event, base: str = "with-teams") -> Scenario:
    """A shipped scenario under a name of its own, with some levers set and some events."""
    scenario = load(base)
    return replace(
        scenario, name=name, levers={**scenario.levers, **(levers or {})}, events=(*scenario.events, *events)
    )


def percent(lab: Laboratory, scenario: Scenario, measure: str, month: int) -> float:
    """A share of practitioners in a month, %."""
    return share(lab.run(scenario, month), f"{measure}@{month}")


def total(e: Ensemble, name: str, month: int) -> float:
    """Mean of runs of a count of the whole area."""
    return float(e.counts[:, month, :, COUNTS.index(name)].sum(axis=1).mean())


def delivered(e: Ensemble, month: int) -> float:
    """Mean of runs of delivered practice of the whole area."""
    return float(e.sums[:, month, :, SUMS.index("fidelity")].sum(axis=1).mean())


def users_fidelity(e: Ensemble, month: int) -> float:
    """Mean fidelity of users."""
    return delivered(e, month) / total(e, "practitioners_using", month)


def _stops(lab: Laboratory) -> str:
    e = lab.run(stopped(), 180)
    use = [share(e, f"{USING}@{month}") for month in (60, 72, 120, 180)]
    return "using: {:.1f} % as it stops, {:.1f} a year on, {:.1f} after five years, {:.1f} after ten".format(*use)


def _one_off(lab: Laboratory) -> str:
    e = lab.run(site_by_site("train-and-hope"), 144)
    users = e.counts[:, :, :-1, COUNTS.index("practitioners_using")].astype(float)
    staff = e.counts[0, 0, :-1, COUNTS.index("practitioners")].astype(float)
    first = [int(np.flatnonzero(e.site_zone == zone)[0]) for zone in range(len(e.zones))]
    begun = e.site_month[:, first, 0]
    runs, sites = np.nonzero((begun >= 0) & (begun <= 84))
    fidelity = e.sums[:, :, :-1, SUMS.index("fidelity")]
    using, delivered_then = (
        [values[runs, begun[runs, sites] + m, sites].sum() for m in (0, 6, 12, 24, 60)] for values in (users, fidelity)
    )
    use = ", ".join(f"{100 * one / staff[sites].sum():.0f}" for one in using)
    well = ", ".join(f"{one / of:.3f}" for one, of in zip(delivered_then, using, strict=True))
    return f"by months since a site's training (0, 6, 12, 24, 60): using {use} %; users' fidelity {well}"


def _leaders(lab: Laboratory) -> str:
    levels = ("senior", "operational", "manager")
    gone = [Event(f"all {level}s leave", 48, (LeadersLeave(level),)) for level in levels]
    usual, after = (percent(lab, s, FIDELITY, 72) for s in (load("with-teams"), teams("leaders leave", {}, *gone)))
    return f"at fidelity two years on: {usual:.1f} % as usual, {after:.1f} % where all left"


def _poor_design(lab: Laboratory) -> str:
    found = {}
    for name, levers in {
        "perfect": {"usability_start": 1.0},
        "poor": {"usability_start": 0.5, "usability_testing": 0.0},
        "tested": {"usability_start": 0.5},
    }.items():
        e = lab.run(teams(f"{name} design", levers), 60)
        found[name] = (delivered(e, 24), delivered(e, 60))
    poor, tested = (found["poor"][0] / found["perfect"][0], found["tested"][1] / found["perfect"][1])
    late = found["poor"][1] / found["perfect"][1]
    return (
        f"delivered, of what a perfect design gives: {poor:.0%} after two years; after five {late:.0%} untested, "
        f"{tested:.0%} tested"
    )


def _overload(lab: Laboratory) -> str:
    crowded = percent(lab, teams("overload", {"initiative_load": 1.0, "alignment": 0.0}), USING, 60)
    return f"using after five years: {crowded:.2f} %, as usual {percent(lab, load('with-teams'), USING, 60):.1f} %"


def _money(lab: Laboratory) -> str:
    money = (0.0, 1000.0, 2000.0, 4000.0)
    use = [
        percent(lab, teams(f"other help {one:g}", {"budget": one}, base="without-teams"), USING, 60) for one in money
    ]
    told = ", ".join(f"{one:.1f}" for one in use)
    return f"using after five years with GBP 0, 1,000, 2,000, 4,000 a head and year: {told} %"


def _supported_sites(lab: Laboratory) -> str:
    e = lab.run(site_by_site("with-teams"), 240)
    users = e.counts[:, :, :-1, COUNTS.index("practitioners_using")].astype(float)
    told = []
    for month in (60, 120, 240):
        there = e.counts[:, month, :-1, COUNTS.index("sites_not_sustained")] == 0
        there &= users[:, month] > 0
        fidelity = e.sums[:, month, :-1, SUMS.index("fidelity")][there] / users[:, month][there]
        told.append(f"{fidelity.mean():.2f} and {np.mean(fidelity > 0.95):.0%} of sites")
    return "mean fidelity, and above 0.95, after 5, 10, 20 years: " + "; ".join(told)


def _families(lab: Laboratory) -> str:
    gain = [
        [float(np.nanmean(read(lab.run(load(name), 240, families=True), f"wellbeing_all@{month}")[2])) for name in BOTH]
        for month in (120, 240)
    ]
    ten, twenty = (with_teams - none for with_teams, none in gain)
    return f"mean of all families, with teams less without: {ten:+.3f} SD after ten years, {twenty:+.3f} after twenty"


def _coaching(lab: Laboratory) -> str:
    usual, coached, late = (
        percent(lab, one, FIDELITY, 84)
        for one in (
            load("with-teams"),
            teams("half the coaching", {"coaching": 0.5}),
            teams("data six months later", {"data_lag_months": 7.0}),
        )
    )
    none = percent(lab, teams("no coaching at all", {"coaching": 0.0}), FIDELITY, 84)
    return (
        f"at fidelity after seven years: {usual:.1f} %; half the coaching {coached:.1f}, none {none:.1f}; "
        f"data six months later {late:.1f}"
    )


def _not_all(lab: Laboratory) -> str:
    told = []
    for name in ("train-and-hope", "with-teams"):
        e = lab.run(load(name), 120)
        ever, started = (total(e, f"sites_{one}", 120) for one in ("ever_certified", "started"))
        told.append(f"{name} {ever / started:.1%}")
    return "ever certified within ten years, of started sites: " + ", ".join(told)


def _seen(lab: Laboratory) -> str:
    parts = []
    for words, fixed in {"as it is": {}, "where others are not seen": {"seen": 0.0, "peers_hold": 0.0}}.items():
        e = lab.run(without(load("with-teams"), fixed), 120)
        parts.append(f"{total(e, 'sites_started', 120) - total(e, 'sites_not_sustained', 120):.1f} {words}")
    return "sites that started and go on after ten years: " + ", ".join(parts)


def _zones_build(lab: Laboratory) -> str:
    off = {"playbook_carry": 0.0, "playbook_cycle": 0.0}
    alone = teams("three zones alone", {"mentoring": 0.0}, base="three-zones")
    third = [
        float(lab.run(s, 120).counts[:, 120, 2, COUNTS.index("practitioners_at_fidelity")].mean())
        for s in (load("three-zones"), without(alone, off))
    ]
    return "at fidelity in the third zone after ten years: {:.1f}; without mentoring and playbook {:.1f}".format(*third)


def _largest(lab: Laboratory) -> str:
    sites, usual = area_of_staff().sites, load("with-teams").zones
    order = np.argsort(-sites.staff, kind="stable")[:6]
    first = Zone("first", sites=tuple(str(sites.ids[i]) for i in order), opens=1)
    plans = [replace(load("with-teams"), name=f"{n} first", zones=z) for n, z in
             {"usual": usual[:2], "largest": (first, usual[1])}.items()]  # fmt: skip
    parts = []
    for words, fixed in {"by people": {}, "by sites": {"place_base": 1.0}}.items():
        one, other = (percent(lab, without(plan, fixed), FIDELITY, 84) for plan in plans)
        parts.append(f"{other / one:.2f} times the usual order where attention goes {words}")
    return "the six largest sites first, at fidelity after seven years: " + ", ".join(parts)


def _alike(lab: Laboratory) -> str:
    sites = area_of_staff().sites
    rows = {kind: np.flatnonzero(sites.type == SITE_TYPES.index(kind)) for kind in SITE_TYPES}
    later = rows["primary"][2::2]
    firsts = {
        "alike": [row for row in rows["primary"] if row not in later][:5],
        "of another kind": [rows["secondary"][-1], *rows["family_support"][:2]],
    }
    parts = []
    for words, first in firsts.items():
        zones = [
            Zone(name, sites=tuple(str(sites.ids[row]) for row in sorted(taken)), opens=opens)
            for name, taken, opens in (("first", first, 1), ("later", list(later), 36))
        ]
        e = lab.run(replace(load("with-teams"), name=f"first zone {words}", zones=tuple(zones)), 60)
        found = e.counts[:, 60, 1, COUNTS.index("practitioners_at_fidelity")].mean()
        parts.append(f"{found:.1f} after a first zone {words}")
    return "at fidelity in a zone of primaries two years after it opened: " + ", ".join(parts)


def _stalled(lab: Laboratory) -> str:
    chosen = {k: v for k, v in load("with-teams").levers.items() if k in STOPPED}
    weak = {k: v for k, v in STOPPED.items() if k in chosen}
    parts = []
    for words, opens in {"invited when support comes": 36, "invited three years before": 1}.items():
        plan = teams(f"sites {words}", weak, Event("support comes", 36, (LeversChange(chosen),)))
        e = lab.run(replace(plan, zones=(Zone("only", choose=12, opens=opens),)), 60)
        before = total(e, "sites_started", 36)
        parts.append(f"{(total(e, 'sites_started', 60) - before) / (12 - before):.0%} {words}")
    return "of twelve sites, those that start within two years of support: " + ", ".join(parts)


def _budget(lab: Laboratory) -> str:
    plan = load("with-teams")
    free = lab.run(plan, 120)
    half = spending.spent(free).mean(axis=0) / 2
    parts = [f"{share(free, f'{FIDELITY}@120'):.1f} % with all it takes"]
    for words, means in {
        "half the cash": Means(cash=tuple(half[:, 0].tolist())),
        "half the staff time": Means(time=tuple(half[:, 1].tolist())),
        "half of both": Means(cash=tuple(half[:, 0].tolist()), time=tuple(half[:, 1].tolist())),
    }.items():
        e = lab.run(replace(plan, name=words, budget=Budget(means)), 120)
        parts.append(f"{share(e, f'{FIDELITY}@120'):.1f} with {words}")
    return "at fidelity after ten years: " + ", ".join(parts)


def _never_again(lab: Laboratory) -> str:
    stop = Event("coaching ends", 72, (LeversChange({"coaching": 0.0, "fidelity_feedback": 0.0}),))
    usual, after = (
        users_fidelity(lab.run(one, 84), 84) for one in (load("with-teams"), teams("coaching ends", {}, stop))
    )
    return f"users' fidelity a year after coaching ends: {after:.2f}, as usual {usual:.2f}"


def _convex(lab: Laboratory) -> str:
    del lab
    p = FamilyParameters()
    low, high = (family_rules.works(p, fidelity) for fidelity in (0.45, 0.85))
    return f"effect at fidelity .45, of that at .85: {low / high:.2f}; in proportion it would be {0.45 / 0.85:.2f}"


EXPECTED = (
    Expectation("P1", "everything stops: use falls within a year and goes on falling", _stops),
    Expectation(
        "P2", "training once, nothing else: use peaks within a year, then falls; users' fidelity falls", _one_off
    ),
    Expectation("P3", "all leaders leave: at least a tenth of those at fidelity is lost two years on", _leaders),
    Expectation("P4", "a poor design halves what is delivered, until real users have tested it", _poor_design),
    Expectation("P5", "overload brings use near nothing, never exactly to it", _overload),
    Expectation("P6", "money without teams buys something, ever less", _money),
    Expectation("P7", "supported sites: fidelity .60-.85, hardly any above .95, at every horizon", _supported_sites),
    Expectation("P8", "families leave and gains fade in part: the population's mean hardly moves", _families),
    Expectation("P9", "losing coaching hurts more than data six months late", _coaching),
    Expectation("P10", "not all or nothing: some certify without teams, some never with them", _not_all),
    Expectation("P11", "sites that see others succeed join and stay more easily", _seen),
    Expectation("P12", "each zone builds the next", _zones_build),
    Expectation("P13", "no order of sites wins because attention counts sites", _largest),
    Expectation("P14", "a first zone that resembles the area pays later", _alike),
    Expectation("P15", "a stalled start costs trust", _stalled),
    Expectation("P16", "budgets bind, and half the money is a smaller programme, not none", _budget),
    Expectation("P17", "users who are never coached again lose skill within months", _never_again),
    Expectation("P18", "effect on a family rises faster than in proportion to fidelity", _convex),
)


def markdown(lab: Laboratory) -> list[str]:
    """The table for docs/evidence.md."""
    out = ["| | an experienced adviser would expect | the model says |", "|---|---|---|"]
    return [*out, *(f"| {one.id} | {one.words} | {one.says(lab)} |" for one in EXPECTED)]
