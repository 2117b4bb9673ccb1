"""Phase 7: fidelity assessments, the stages that follow from them, certification and what is kept at a site's marks."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.sums import MARKS
from sim.engine.world import Array, People
from sim.parameters import PractitionerParameters, SiteParameters, TeamParameters
from sim.rules import site
from sim.rules.rule import share, with_error

MARK_MONTHS = np.array(MARKS)


@kernel
def observe(
    levers: Array,
    sites: Array,
    people: People,
    pp: PractitionerParameters,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
    i: int,
) -> tuple[int, int, int, float]:
    """A sample of one site's practitioners, with error: how many observed, of them using and at fidelity, and the
    sum of users' observed fidelity.
    """
    inclusion = site.sampled(ps, sites[i].last_person - sites[i].first_person)
    first = draws.word_key(key, draws.OBSERVED, month)
    second = draws.word_key(key, draws.ERROR, month)
    observed = using = at_fidelity = 0
    total = 0.0
    for j in range(sites[i].first_person, sites[i].last_person):
        luck = draws.bits(first, people.id[j])
        if draws.upper(luck) >= inclusion:
            continue
        observed += 1
        if people.using[j] == 1:
            using += 1
            other = draws.upper(draws.bits(second, people.id[j]))
            told = site.reported(ps, people.fidelity[j], levers[sites[i].area].data_judgement)
            seen = with_error(told, ps.assess_error, draws.lower(luck), other)
            total += seen
            at_fidelity += seen >= pp.fidelity_criterion
    return observed, using, at_fidelity, total


@kernel
def assess(
    levers: Array,
    sites: Array,
    people: People,
    marked: Array,
    pp: PractitionerParameters,
    pt: TeamParameters,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
    i: int,
) -> bool:
    """Assess one site: fidelity, capacity and use of data, all with error; keep them at the site's marks.
    False where the sample came out empty.
    """
    observed, using, at_fidelity, total = observe(levers, sites, people, pp, ps, key, month, i)
    if observed == 0:
        return False
    a = sites[i].area
    capacity_luck = draws.bits(draws.word_key(key, draws.SITE_CAPACITY_ERROR, month), sites[i].id)
    data_luck = draws.bits(draws.word_key(key, draws.SITE_DATA_ERROR, month), sites[i].id)
    sites[i].assessed_share = share(at_fidelity, observed)
    sites[i].assessed_fidelity = total / using if using > 0 else np.nan
    able = site.reported(ps, sites[i].able, levers[a].data_judgement)
    sites[i].assessed_capacity = with_error(
        able, pt.assessment_error, draws.upper(capacity_luck), draws.lower(capacity_luck)
    )
    lag = site.lag_met(ps, levers[a].data_lag_months, sites[i].agency, levers[a].data_agencies)
    quality = site.data_quality(ps, lag, levers[a].collective != 0.0)
    quality = site.quality_left(ps, quality, levers[a].data_burden, levers[a].data_judgement)
    use = site.data_use(quality, sites[i].able, levers[a].improvement_cycles)
    data_use = with_error(use, pt.assessment_error, draws.upper(data_luck), draws.lower(data_luck))
    for m in range(MARK_MONTHS.shape[0]):
        if month - sites[i].month_started == MARK_MONTHS[m]:
            marked[i, m, 0] = sites[i].assessed_fidelity
            marked[i, m, 1] = sites[i].assessed_capacity
            marked[i, m, 2] = data_use
            marked[i, m, 3] = share(using, observed)
    return True


@kernel
def restage(
    levers: Array,
    sites: Array,
    people: People,
    marked: Array,
    pp: PractitionerParameters,
    pt: TeamParameters,
    ps: SiteParameters,
    key: np.uint64,
    month: int,
) -> None:
    """Stages of started sites at the end of the month, after any assessment that was due."""
    for i in range(sites.shape[0]):
        started = sites[i].month_started
        if started < 0:
            continue
        elapsed = month - started
        due = elapsed > 0 and elapsed % int(ps.assess_months) == 0
        if due:
            due = assess(levers, sites, people, marked, pp, pt, ps, key, month, i)
        sites[i].idle = 0 if sites[i].users > 0 else sites[i].idle + 1
        if sites[i].idle >= site.IDLE_MONTHS:
            sites[i].stage = site.NOT_SUSTAINED
            sites[i].streak = 0
        elif sites[i].users > 0 and (sites[i].stage == site.INSTALLATION or sites[i].stage == site.NOT_SUSTAINED):
            sites[i].stage = site.INITIAL
            if sites[i].month_initial < 0:
                sites[i].month_initial = month
        if due and (sites[i].stage == site.INITIAL or sites[i].stage == site.FULL):
            certify(sites, ps, month, i)
        sites[i].certified = 1 if sites[i].streak >= site.ASSESSMENTS_TO_CERTIFY else 0
        if sites[i].certified == 1:
            sites[i].ever_certified = 1
            if sites[i].month_certified < 0:
                sites[i].month_certified = month
        if elapsed == 36:
            sites[i].certified_at_36 = sites[i].certified


@kernel
def certify(sites: Array, ps: SiteParameters, month: int, i: int) -> None:
    """Full implementation if enough practitioners are at fidelity as assessed; two such assessments in a row
    certify.
    """
    if sites[i].assessed_share >= ps.full_share:
        sites[i].stage = site.FULL
        sites[i].streak += 1
        if sites[i].month_full < 0:
            sites[i].month_full = month
    else:
        sites[i].stage = site.INITIAL
        sites[i].streak = 0
