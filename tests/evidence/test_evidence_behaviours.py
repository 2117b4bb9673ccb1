"""Behaviours that the field reports, each with a negative control in which its cause is taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from evidence_builders import RUNS, counted, governed, laboratory, run, surely

from sim.engine.sums import COUNTS
from sim.evidence.situations.laboratory import COMMITMENT, area_of_staff
from sim.evidence.situations.readings import delivered, leadership_gain
from sim.scenarios.events import Event, LeversChange
from sim.scenarios.files import load
from sim.scenarios.plan import resolve
from sim.scenarios.scenario import Zone

UNLIMITED = {"span": 1e6, "overload_learning": 0.0}
FOREVER = {"atrophy": 0.0, "member_turnover": 0.0}


def local_capacity(e, month):
    """Mean capacity of formed local teams."""
    formed = counted(e, "teams_local", month)
    return e.sums[:, month, :, 3].sum(axis=1) / np.maximum(formed, 1.0)


def test_starting_everywhere_at_once_starves_every_site():
    crowd, zones = run("everywhere-at-once", 96), run("with-teams", 96)
    assert surely(local_capacity(zones, 96) - local_capacity(crowd, 96))
    assert surely(counted(zones, "sites_certified", 96) - counted(crowd, "sites_certified", 96))


def test_it_does_not_where_the_core_team_can_support_any_number():
    crowd = run("everywhere-at-once", 96, parameters=UNLIMITED)
    zones = run("with-teams", 96, parameters=UNLIMITED)
    assert surely(counted(crowd, "sites_certified", 96) - counted(zones, "sites_certified", 96))


CUT = Event("time is cut", 48, (LeversChange({"released_time": 0.1, "coaching": 0.0}),))
BACK = Event("time comes back", 60, (LeversChange({"released_time": 1.0, "coaching": 1.0}),))


def test_an_area_recovers_from_a_year_without_time_and_not_while_it_lasts():
    whole, cut = run(months=120), run(months=120, events=(CUT,))
    back = run(months=120, events=(CUT, BACK))
    at = {n: counted(e, "practitioners_at_fidelity", 120) for n, e in (("whole", whole), ("cut", cut), ("back", back))}
    assert surely(counted(whole, "practitioners_at_fidelity", 60) - counted(back, "practitioners_at_fidelity", 60))
    assert at["back"].mean() > 0.5 * at["whole"].mean()
    assert at["cut"].mean() < 0.35 * at["whole"].mean(), "control: nothing comes back by itself"


def withered(e, since):
    """Share of runs in which the core team has lost half of the capacity of a month."""
    return np.mean(governed(e, "capacity_core", 120) < 0.5 * governed(e, "capacity_core", since))


def test_support_that_ends_early_leaves_a_core_team_to_wither():
    early = run(months=120, levers={"external_end": 6.0})
    never = counted(run(months=120), "sites_certified", 120)
    assert withered(early, 6) > 0.75, "in most places; a few have leaders who carry on alone"
    assert counted(early, "sites_certified", 120).mean() < 0.5 * never.mean()


def test_support_that_ends_once_capacity_is_built_leaves_it_in_place():
    late, never = run(months=180, levers={"external_end": 120.0}), run(months=180)
    assert governed(late, "capacity_core", 180).mean() > 0.95 * governed(late, "capacity_core", 120).mean()
    assert counted(late, "sites_certified", 180).mean() > 0.9 * counted(never, "sites_certified", 180).mean()


def test_without_atrophy_and_leavers_early_withdrawal_withers_nothing():
    early = run(months=120, levers={"external_end": 6.0}, parameters=FOREVER)
    assert withered(early, 6) == 0.0


def test_the_gain_from_teams_depends_on_leaders():
    assert leadership_gain(laboratory())[0].quantile(0.1) > 1.5


def test_it_does_not_hang_on_labels():
    """Control: the same runs, commitment dealt out anew."""
    lab, rows = laboratory(), laboratory().committed_rows()
    gain = delivered(lab.shipped("with-teams", 36, sample=rows), 36) - delivered(
        lab.shipped("without-teams", 36, sample=rows), 36
    )
    drawn = np.array([rows[k][COMMITMENT] for k in lab.shipped("with-teams", 36, sample=rows).rows])
    dice = np.random.default_rng(3)
    ratios = []
    for _ in range(200):
        order = np.argsort(dice.permutation(drawn))
        ratios.append(gain[order[-RUNS // 3 :]].mean() / gain[order[: RUNS // 3]].mean())
    assert 0.8 < np.median(ratios) < 1.25


EQUAL = tuple(Zone(name, choose=6, opens=month) for name, month in (("a", 1), ("b", 37), ("c", 73)))


def months_to_certify(e, zone):
    """Mean months from start to certification (to the horizon where it was not reached), a value for each run."""
    mine = e.site_zone == zone
    start, certified = e.site_month[:, mine, 0].astype(float), e.site_month[:, mine, 3].astype(float)
    took = np.where(certified >= 0, certified, e.months) - start
    return np.nanmean(np.where(start >= 0, took, np.nan), axis=1)


def test_later_zones_are_faster_than_the_first():
    e = run(months=144, zones=EQUAL)
    first, second, third = (months_to_certify(e, zone) for zone in range(3))
    assert surely(first - third)
    assert not surely(second - first), "a core team spread over two zones spends what the playbook saves the second"


def test_part_of_it_is_what_the_playbook_carries_over():
    carried = run(months=144, zones=EQUAL)
    control = run(months=144, zones=EQUAL, parameters={"playbook_carry": 0.0})
    assert surely(months_to_certify(control, 2) - months_to_certify(carried, 2))
    first = carried.site_zone == 0
    before = (carried.site_month[:, first] <= 36) & (control.site_month[:, first] <= 36)
    same = carried.site_month[:, first] == control.site_month[:, first]
    assert same[before].all(), "control: the first zone has nothing to inherit"


def kept_capacity(teams, turnover):
    """Capacity of the core after seven years, a value for each run."""
    e = run(months=84, levers={"teams": teams}, parameters={"member_turnover": turnover})
    return governed(e, "capacity_core", 84)


def test_a_team_absorbs_turnover_that_is_fatal_to_a_lead():
    lead, team = 1.0, 3.0
    lost = {t: 1.0 - kept_capacity(t, 0.12) / kept_capacity(t, 0.0) for t in (lead, team)}
    assert np.mean(lost[lead] > 0.8) > 0.15, "in some runs the lead leaves and nearly all goes"
    assert np.mean(lost[team] > 0.8) == 0.0
    assert surely(lost[lead] - lost[team])


def test_without_leavers_a_lead_keeps_what_a_team_keeps():
    assert kept_capacity(1.0, 0.0).mean() > 0.85 * kept_capacity(3.0, 0.0).mean()


def first_zone_with_some_users(share=0.1, fidelity=0.7):
    """The default area where a tenth of the first zone's staff use the practice already, most of it as intended."""
    o = area_of_staff()
    mine = resolve(load("with-teams"), o).site_zone == 0
    sites = replace(o.sites, using=np.where(mine, share, np.nan), fidelity=np.where(mine, fidelity, np.nan))
    return replace(o, sites=sites)


def course(**more):
    """Mean fidelity of the first zone's users by month."""
    e = run(months=60, organisation=first_zone_with_some_users(), **more)
    users = e.counts[:, :, 0, COUNTS.index("practitioners_using")].sum(axis=0)
    return e.sums[:, :, 0, 0].sum(axis=0) / users


def test_there_is_a_dip_while_newcomers_learn():
    fidelity = course()
    lowest = fidelity[:36].argmin()
    assert 3 <= lowest <= 30
    assert fidelity[lowest] < 0.92 * fidelity[0]
    assert fidelity[60] > 1.2 * fidelity[0]


def test_there_is_none_where_newcomers_need_not_learn():
    fidelity = course(parameters={"skill_practice": 1.0, "skill_untrained": 1.0})
    assert fidelity[:36].min() > 0.95 * fidelity[0], "what users know already settles a little before the zone starts"
