"""What an experienced adviser expects of plans: which sites, in which order, and what a bad start costs."""

from dataclasses import replace

import numpy as np
import plausibility_builders as b

from sim.organisation.codes import SITE_TYPES
from sim.results import spending
from sim.scenarios.budget import Budget, Means
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load
from sim.scenarios.scenario import REST, Zone


def started(e, month) -> float:
    return float(b.count(e, "sites_started", month).mean())


def test_p11_sites_see_others_succeed_before_they_join():
    plan = replace(load("with-teams"), zones=(Zone("open", choose=REST, opens=1),))

    def later(without=None):
        e = b.run(plan, 96, without)
        return started(e, 36) / started(e, 72)

    assert later({"seen": 0.0}) > later() or started(b.run(plan, 60, {"seen": 0.0}), 60) < started(b.run(plan, 60), 60)


def test_p11_an_area_with_many_sites_in_use_is_easier_to_stay_in():
    def stopped(without=None):
        e = b.run(load("with-teams"), 120, without)
        return float((b.count(e, "sites_not_sustained", 120) / np.maximum(b.count(e, "sites_started", 120), 1)).mean())

    assert stopped() < stopped({"peers_hold": 0.0})


def test_p12_each_zone_builds_the_next():
    def served_in_third(without=None, **levers):
        e = b.run(b.with_levers("three-zones", **levers), 120, without)
        return e.counts[:, 120, 2, b.COUNTS.index("practitioners_at_fidelity")].mean()

    usual = served_in_third()
    assert served_in_third({"playbook_carry": 0.0, "playbook_cycle": 0.0}, mentoring=0.0) < 0.9 * usual
    alone = {"handed_on": 0.0, "mentor_places": 0.0, "playbook_carry": 0.0}
    assert served_in_third({**alone, "playbook_cycle": 0.0}, mentoring=0.0) > 0.9 * served_in_third(alone)


def test_p12_the_third_zone_is_faster_than_the_first():
    def certified(without=None):
        e = b.run(load("three-zones"), 144, without)
        known = [e.certified_at_36[:, e.site_zone == zone] for zone in (0, 2)]
        return [float((one == 1).sum() / (one >= 0).sum()) for one in known]

    first, third = certified()
    assert third > first


def largest_first(count: int) -> tuple[Zone, ...]:
    sites = b.area_of_staff().sites
    order = np.argsort(-sites.staff, kind="stable")[:count]
    return (Zone("first", sites=tuple(str(sites.ids[i]) for i in order), opens=1), load("with-teams").zones[1])


def test_p13_no_order_of_sites_wins_by_counting_sites_instead_of_people():
    def advantage(without=None):
        plan = replace(load("with-teams"), zones=load("with-teams").zones[:2])
        usual = b.run(plan, 84, without)
        large = b.run(replace(plan, zones=largest_first(6)), 84, without)
        return b.at_fidelity(large, 84) / b.at_fidelity(usual, 84)

    assert advantage() < advantage({"place_base": 1.0})


def of_type(kind: str) -> list[int]:
    """Rows of the sites of a type, in the file's order."""
    return np.flatnonzero(b.area_of_staff().sites.type == SITE_TYPES.index(kind)).tolist()


def zone_of(name: str, rows: list[int], opens: int) -> Zone:
    return Zone(name, sites=tuple(str(b.area_of_staff().sites.ids[row]) for row in sorted(rows)), opens=opens)


def later_after(first: list[int], without=None) -> float:
    """Who works at fidelity in a zone of primaries, two years after it opened, by which zone came first."""
    later = of_type("primary")[2::2]
    assert not set(first) & set(later)
    plan = replace(load("with-teams"), zones=(zone_of("first", first, 1), zone_of("later", later, 36)))
    return float(b.run(plan, 60, without).counts[:, 60, 1, b.COUNTS.index("practitioners_at_fidelity")].mean())


def test_p14_a_first_zone_that_resembles_the_area_pays_later():
    """Of two first zones of much the same size, one of the later zone's kind and one of another."""
    staff = b.area_of_staff().sites.staff
    alike = [row for row in of_type("primary") if row not in of_type("primary")[2::2]][:5]
    other = [of_type("secondary")[-1], *of_type("family_support")]
    assert staff[other].sum() > staff[alike].sum()
    pays = later_after(alike) / later_after(other)
    # negative control: where nothing is handed on, it matters less which sites came first
    nothing = {"playbook_carry": 0.0, "handed_on": 0.0}
    without = later_after(alike, nothing) / later_after(other, nothing)
    assert pays > 1.1
    assert pays > 1.05 * without


def test_p15_a_stalled_start_costs_trust():
    go = {k: v for k, v in load("with-teams").levers.items() if k in b.SUPPORT}
    weak = {k: v for k, v in b.SUPPORT.items() if k in go}

    def reached(opens, without=None):
        plan = b.with_levers("with-teams", **weak)
        plan = replace(plan, zones=(Zone("only", choose=12, opens=opens),))
        e = b.run(b.with_events(plan, Event("support comes", 36, (LeversChange(go),))), 60, without)
        left = 12 - b.count(e, "sites_started", 36)
        return float(((b.count(e, "sites_started", 60) - b.count(e, "sites_started", 36)) / left).mean())

    assert reached(1) < 0.95 * reached(36)
    assert reached(1, {"trust_wears": 0.0, "trust_lost": 0.0}) > 0.95 * reached(
        36, {"trust_wears": 0.0, "trust_lost": 0.0}
    )


def half_of_what_it_takes(plan, months):
    """Half of the cash and the staff time that the plan takes where nothing is limited, by year."""
    used = spending.spent(b.run(plan, months)).mean(axis=0) / 2
    return Budget(Means(cash=tuple(used[:, 0].tolist()), time=tuple(used[:, 1].tolist())))


def test_p16_budgets_bind():
    plan = load("three-zones")
    free, half = b.run(plan, 120), b.run(replace(plan, budget=half_of_what_it_takes(plan, 120)), 120)
    assert b.at_fidelity(half, 120) < 0.8 * b.at_fidelity(free, 120)
    assert (spending.spent(half) <= spending.limits(half)).all()
    assert spending.chance_of_shortfall(half)[:5].min() > 0.9
    # negative control: the same plan without the mechanism spends beyond that budget and falls short of nothing
    assert (spending.spent(free) > spending.limits(half)).any()
    assert spending.chance_of_shortfall(free).max() == 0.0


def test_p16_openings_wait():
    plan = load("three-zones")
    second = 1

    def engaged(e, month):
        return float((e.counts[:, month, second, 0] > e.counts[:, month, second, 1]).mean())

    free, half = b.run(plan, 120), b.run(replace(plan, budget=half_of_what_it_takes(plan, 120)), 120)
    first = next(month for month in range(121) if engaged(free, month) > 0.5)
    assert engaged(free, first) > 0.5 >= engaged(half, first)
    assert started(half, 120) < started(free, 120)
