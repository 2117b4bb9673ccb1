"""Each mechanism around the teams moves what it should, and leaves alone what it cannot reach."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from engine_builders import FULL, KEEN, busy, place

from sim.engine.batch import simulate
from sim.engine.sums import AREA, COUNTS, FAMILY, MARKED
from sim.scenarios.scenario import Initiative, Zone

REPLICATES = 24
PLAN = (Zone("first", count=6, opens=0), Zone("second", count=6, opens=18))
MODERATE = {k: v for k, v in KEEN.items() if k not in ("offer", "identify_practice", "turnover", "raise_barrier")}


@cache
def outcome(*settings, months=48, initiatives=(), zones=PLAN):
    """Results of a modest area under some levers, given as pairs."""
    chosen = FULL | dict(settings)
    scenario = busy(months=months, levers=chosen, parameters=MODERATE, zones=zones, events=(), initiatives=initiatives)
    return simulate(scenario, place(sites=12, families=1200), replicates=REPLICATES, seed=11)


def count(result, name, month=-1):
    return result.counts[:, month, :, COUNTS.index(name)].sum(axis=1).astype(float)


def family(result, name, month=-1):
    return result.family[:, month, :, :, FAMILY.index(name)].sum(axis=(1, 2)).astype(float)


def area(result, name, month=-1):
    return result.area[:, month, AREA.index(name)]


def mean_over_months(result, name):
    return result.counts[..., COUNTS.index(name)].sum(axis=2).mean(axis=1)


def over_months(result, name):
    return result.family[..., FAMILY.index(name)].sum(axis=(2, 3)).mean(axis=1)


def cash(result):
    return result.cost[..., 0].sum(axis=(1, 2))


def time(result):
    return result.cost[..., 1].sum(axis=(1, 2))


def more(one, other, part=0.8):
    """Is `one` above `other` in the mean, by more than its standard error, and rarely below?"""
    difference = np.asarray(one) - np.asarray(other)
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean() > 2.0 * error and (difference >= 0).mean() >= part - 0.3


# 1 Relationships


def test_weak_relationships_keep_barriers_between_agencies_from_surfacing_and_a_neutral_partner_helps():
    weak = outcome(("relationships", 1.0), ("relationship_start", 0.1))
    helped = outcome(("relationships", 1.0), ("relationship_start", 0.1), ("neutral_partner", 1.0))
    assert more(area(outcome(), "barriers_raised"), area(weak, "barriers_raised"))
    assert more(area(helped, "barriers_raised"), area(weak, "barriers_raised"))
    nobody = (("teams", 0.0), ("external_level", 0.0))
    assert area(outcome(*nobody, ("relationships", 1.0)), "barriers_raised").max() == 0, (
        "without teams nobody raises any"
    )


def test_good_relationships_carry_advice_between_agencies():
    alone = (("teams", 0.0), ("external_level", 0.0), ("coaching", 0.0), ("turnover_factor", 0.0))
    weak, strong = (outcome(*alone, ("relationships", 1.0), ("relationship_start", r)) for r in (0.0, 1.0))
    schools = (Zone("schools", choose=5, opens=0, types=("primary", "secondary", "nursery")),)
    assert schools and (weak.counts[:, 0] == strong.counts[:, 0]).all()
    assert not (weak.counts == strong.counts).all()


def test_relationships_are_built_by_contact_and_lost_with_leaders():
    """Read in the agents' model, which can be asked."""
    from sim.engine.model import TransformationModel

    def after(**levers):
        scenario = busy(months=24, levers=FULL | {"relationship_start": 0.3, **levers}, parameters=MODERATE, events=())
        model = TransformationModel(question=scenario, organisation=place(sites=12), rng=3)
        while model.running:
            model.step()
        return model.areas[0].mean_relationship(range(5))

    assert after(turnover_factor=0.0) > 0.35
    assert after(turnover_factor=0.0) > after(turnover_factor=4.0)
    alone = after(turnover_factor=0.0, teams=0.0, engagement_group=0.0)
    assert alone == pytest.approx(0.3, abs=1e-12), "without contact nothing is built"


def test_terms_of_reference_speed_installation_and_stretch_attention():
    clear, usual = outcome(("terms_of_reference", 1.0)), outcome()
    assert more(-first_start(clear), -first_start(usual), 0.9)
    assert more(-area(clear, "attention_core", 12), -area(usual, "attention_core", 12))
    nobody = (("teams", 0.0), ("external_level", 0.0))
    without = outcome(*nobody, ("terms_of_reference", 1.0))
    assert (without.counts == outcome(*nobody).counts).all(), "without a core team there is nobody to agree them with"


def first_start(result):
    months = result.site_month[..., 0].astype(float)
    return np.nanmean(np.where(months < 0, np.nan, months)[:, :], axis=1)


def test_dissatisfaction_makes_engagement_count_for_more_where_there_is_any():
    usual = outcome()
    assert more(area(outcome(("dissatisfaction", 1.0)), "commitment_senior", 12), area(usual, "commitment_senior", 12))
    silent = (("engagement_group", 0.0), ("engagement_senior", 0.0), ("engagement_manager", 0.0))
    assert (outcome(*silent, ("dissatisfaction", 1.0)).area == outcome(*silent).area).all() or np.array_equal(
        outcome(*silent, ("dissatisfaction", 1.0)).area, outcome(*silent).area, equal_nan=True
    )


def test_champions_draw_people_in_by_peers_alone():
    spread = (("teams", 0.0), ("training", 0.0), ("coaching", 0.0), ("external_level", 0.0), ("mandate", 0.0))
    usual, champions = outcome(*spread, months=60), outcome(*spread, ("champions", 2.0), months=60)
    assert more(mean_over_months(champions, "practitioners_using"), mean_over_months(usual, "practitioners_using"), 0.7)
    assert champions.counts[:, 1].tolist() == usual.counts[:, 1].tolist(), "nobody uses it yet in the first month"


# 2 Joint practice


def test_joint_practice_waits_for_partners():
    usual, joint = outcome(), outcome(("joint_share", 0.4))
    assert more(count(usual, "practitioners_at_fidelity"), count(joint, "practitioners_at_fidelity"))
    aware = "practitioners_trained"
    assert (count(usual, aware, 6) == count(joint, aware, 6)).all(), "training does not hang on partners"


def test_joint_practice_is_better_where_partners_are_in_the_same_zone():
    schools = (Zone("schools", choose=5, opens=0, types=("primary", "secondary", "nursery")),)
    mixed = (Zone("mixed", choose=5, opens=0),)

    def lost(zones):
        with_partners = outcome(zones=zones)
        joint = outcome(("joint_share", 0.5), zones=zones)
        users = np.maximum(count(joint, "practitioners_using"), 1.0)
        full = joint.sums[:, -1, :, 0].sum(axis=1) / users
        usual = with_partners.sums[:, -1, :, 0].sum(axis=1) / np.maximum(count(with_partners, "practitioners_using"), 1)
        return (usual - full).mean()

    assert lost(schools) > 0.02
    assert lost(mixed) <= lost(schools) + 0.05


# 3 Initiatives


def test_initiatives_keep_staff_from_starting_and_only_in_their_agency_and_months():
    usual = outcome()
    heavy = outcome(initiatives=(Initiative("a reform", 0.5, begins=6, ends=30),))
    name = "practitioners_using"
    assert more(mean_over_months(usual, name), mean_over_months(heavy, name))
    assert (heavy.counts[:, :6] == usual.counts[:, :6]).all(), "before it begins nothing moves"
    late = outcome(initiatives=(Initiative("a reform", 0.5, begins=47),))
    assert (late.counts[:, :47] == usual.counts[:, :47]).all()


def test_alignment_moves_with_work_on_it_funding_and_new_initiatives():
    from sim.engine.model import TransformationModel

    def alignment(initiatives=(), **levers):
        chosen = FULL | {"alignment": 0.5, **levers}
        scenario = busy(months=24, levers=chosen, parameters=MODERATE, events=(), initiatives=initiatives)
        model = TransformationModel(question=scenario, organisation=place(sites=8), rng=3)
        while model.running:
            model.step()
        return model.areas[0].alignment

    assert alignment() == 0.5
    assert alignment(alignment_work=1.0) > 0.55
    assert alignment(funding=1.0) > 0.6 and alignment(funding=-1.0) < 0.4
    assert alignment((Initiative("new", 0.6, begins=3),)) < 0.5
    assert alignment((Initiative("there already", 0.6),)) == 0.5


# 4 Supports for families


def test_few_places_make_families_wait_and_give_up_and_community_partners_help():
    usual, scarce = outcome(), outcome(("support_places", 6.0))
    helped = outcome(("support_places", 6.0), ("community_places", 20.0))
    assert more(family(usual, "families_reached"), family(scarce, "families_reached"))
    assert more(family(helped, "families_reached"), family(scarce, "families_reached"))
    assert family(scarce, "families_gave_up_waiting").min() > 0
    assert family(usual, "families_gave_up_waiting").max() == 0
    assert (usual.counts == scarce.counts).all(), "practice does not hang on places"


def test_places_hold_what_they_can_and_hardly_more():
    scarce = outcome(("support_places", 6.0))
    start = family(scarce, "families_in_need", 0)
    known, waiting = family(scarce, "families_identified"), family(scarce, "families_waiting")
    assert (known - waiting >= 0).all()
    assert (start * 0.06 > 1).all()


def test_wrong_identification_is_counted_and_takes_places():
    wrong = outcome(("misidentification", 1.0))
    assert family(wrong, "families_identified_wrongly").min() > 0
    assert family(outcome(), "families_identified_wrongly").max() == 0
    old = wrong.family[..., :10]
    assert (old == outcome().family[..., :10]).all(), "without a limit on places nobody else feels it"
    scarce, crowded = outcome(("support_places", 6.0)), outcome(("support_places", 6.0), ("misidentification", 1.0))
    assert more(family(scarce, "families_reached"), family(crowded, "families_reached"))


# 5 Data


@pytest.mark.parametrize(("lever", "value"), [("data_agencies", 1.0), ("data_burden", 0.6), ("data_judgement", 1.0)])
def test_worse_data_teach_less(lever, value):
    usual, worse = outcome(), outcome((lever, value))
    assert more(area(usual, "playbook", 24), area(worse, "playbook", 24))


def test_judgement_makes_reports_look_better_than_practice():
    usual, judged = (outcome(("coaching", 0.2), ("data_judgement", value)) for value in (0.0, 1.0))
    fidelity = MARKED.index("fidelity")
    told, true = (np.nanmean(r.marked[..., 1, fidelity]) for r in (judged, usual))
    assert told > true + 0.02
    gap = judged.sums[:, -1, :, 0].sum() / count(judged, "practitioners_using").sum()
    honest = usual.sums[:, -1, :, 0].sum() / count(usual, "practitioners_using").sum()
    assert gap < honest + 0.01, "practice itself is no better"


def test_mapping_exposes_gaps_before_sites_begin():
    usual, mapped = outcome(), outcome(("data_mapping", 1.0))
    barrier = 2
    assert more(usual.sums[:, 8, :, barrier].sum(axis=1), mapped.sums[:, 8, :, barrier].sum(axis=1), 0.9)


# 6 Team forms


def test_new_posts_cost_cash_and_need_no_permission():
    usual, posts = outcome(), outcome(("new_posts", 1.0))
    assert more(cash(posts), cash(usual), 1.0)
    assert more(time(usual), time(posts), 1.0)
    assert more(area(posts, "capacity_core", 24), area(usual, "capacity_core", 24))


def test_released_time_is_missed_unless_backfilled_or_seen():
    usual = outcome()
    missed = outcome(("displacement", 3.0))
    name = "families_waiting"
    assert more(over_months(missed, name), over_months(usual, name))
    filled = outcome(("displacement", 3.0), ("backfill", 1.0))
    assert (filled.family == usual.family).all() and more(cash(filled), cash(usual), 1.0)
    linked = outcome(("displacement", 3.0), ("data_linkage", 1.0))
    waits = [over_months(result, name).mean() for result in (usual, linked, missed)]
    assert waits == sorted(waits)


def test_relaxed_rules_lapse_with_the_person_unless_policy():
    quick = (("turnover_factor", 4.0),)
    barrier = "barrier_system"
    usual = outcome(*quick)
    person, policy = outcome(*quick, ("relaxed_rules", 1.0)), outcome(*quick, ("relaxed_rules", 2.0))
    assert more(area(person, barrier), area(usual, barrier), 0.5)
    assert more(area(usual, barrier), area(policy, barrier), 0.5)
    steady = (("turnover_factor", 0.0),)
    assert (outcome(*steady, ("relaxed_rules", 1.0)).counts == outcome(*steady).counts).all(), (
        "nobody leaves, none lapse"
    )


# 7 The year


def test_holidays_pause_schools_cycles():
    usual, year = outcome(), outcome(("school_year", 1.0))
    cycles = COUNTS.index("cycles")
    assert more(count(usual, "cycles"), count(year, "cycles"))
    july = year.counts[:, 12, :, cycles].sum() - year.counts[:, 11, :, cycles].sum()
    june = year.counts[:, 11, :, cycles].sum() - year.counts[:, 10, :, cycles].sum()
    assert july < june


def test_staff_leave_schools_in_august_and_no_more_in_a_year():
    """Trained staff are lost where turnover peaks: the first month is August."""
    from sim.parameters import Parameters
    from sim.rules import year

    p = Parameters().practitioner
    factors = [year.seasonal(p, 1.0, 1.0, month) for month in range(1, 13)]
    assert sum(factors) == pytest.approx(12.0)
    assert factors[7] == max(factors) == 6.0
    assert [year.seasonal(p, 1.3, 0.0, month) for month in range(1, 13)] == [1.3] * 12


def test_the_calendar_begins_where_the_scenario_says():
    from sim.rules import year

    assert [year.calendar(7, month) for month in (0, 1, 5, 6, 12)] == [7, 8, 12, 1, 7]
    squeezed = outcome(("budget_squeeze", 1.0))
    assert more(time(outcome()), time(squeezed), 1.0)


def test_a_start_date_of_the_area_sets_the_calendar():
    from sim.engine.setup import prepare
    from sim.parameters import LEVERS

    dated = replace(place(sites=8), start_date="2026-01-15")
    position = list(LEVERS).index("start_month")
    assert prepare(busy(), dated).levers[position] == 1.0
    assert prepare(busy(), place(sites=8)).levers[position] == 7.0


# Other help


def test_other_help_trains_eases_and_coaches_for_its_money():
    bare = (("teams", 0.0), ("coaching", 0.0), ("external_level", 0.0), ("peer_network", 0.0))
    nothing = outcome(*bare)
    money = (*bare, ("budget", 15000.0))
    training = outcome(*money, ("budget_training", 1.0))
    posts = outcome(*money, ("budget_posts", 1.0))
    coaching = outcome(*money)
    assert more(count(training, "practitioners_trained"), count(nothing, "practitioners_trained"), 0.9)
    assert more(mean_over_months(posts, "practitioners_using"), mean_over_months(nothing, "practitioners_using"), 0.6)
    assert more(mean_over_months(coaching, "practitioners_at_fidelity"),
                mean_over_months(nothing, "practitioners_at_fidelity"))  # fmt: skip
    people = 72
    for bought, least in ((posts, 0.9), (training, 0.05)):
        spent = cash(bought) - cash(nothing)
        assert (spent >= least * 15000.0 * people * 4 * 0.9).all()
    total = (cash(posts) + time(posts)) - (cash(nothing) + time(nothing))
    assert total.mean() == pytest.approx(15000.0 * people * 4, rel=0.02)
